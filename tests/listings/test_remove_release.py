"""Removing a file: of one's own draft, never of what was submitted."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from core.errors import NotFound
from listings import services
from listings.errors import ReleaseStays
from listings.models import Release, Version
from tests import make
from tests.conftest import AT
from tests.listings import cast


def publish(version: Version, vendor: Any, kind: str = "data") -> Release:
    made: Release = services.publish_release(
        version_id=version.pk,
        kind=kind,
        file_id=cast.file_of(vendor, AT).pk,
        note="",
        actor=vendor,
        at=AT,
    )
    return made


@pytest.mark.parametrize("kind", ["data", "sample"])
def test_vendor_removes_a_file_and_the_hash_is_that_of_before(db: None, kind: str) -> None:
    vendor = make.vendor(AT)
    version = cast.draft(vendor, AT)
    release = publish(version, vendor, kind)

    services.remove_release(release_id=release.pk, actor=vendor, at=AT)

    assert not Release.objects.exists()
    assert Version.objects.get(pk=version.pk).content_hash == version.content_hash
    assert cast.verbs(release.pk) == ["publish", "remove"]


def test_file_is_removed_once(db: None) -> None:
    vendor = make.vendor(AT)
    release = publish(cast.draft(vendor, AT), vendor)
    services.remove_release(release_id=release.pk, actor=vendor, at=AT)

    with cast.refused(NotFound):
        services.remove_release(release_id=release.pk, actor=vendor, at=AT)

    assert cast.verbs(release.pk) == ["publish", "remove"]


def test_file_of_what_was_submitted_stays(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.draft(vendor, AT)
    release = publish(version, vendor)
    services.submit_version(version_id=version.pk, actor=vendor, at=AT)

    with cast.refused(ReleaseStays):
        services.remove_release(release_id=release.pk, actor=vendor, at=AT)

    assert Release.objects.get() == release


def test_file_of_a_listed_version_stays(db: None) -> None:
    vendor = make.vendor(AT)
    release = publish(cast.listed(vendor, AT), vendor)

    with cast.refused(ReleaseStays):
        services.remove_release(release_id=release.pk, actor=vendor, at=AT)
    with pytest.raises(DatabaseError, match="leaves a draft only"), transaction.atomic():
        Release.objects.all().delete()

    assert Release.objects.get() == release


def test_file_of_another_vendor_is_not_there(db: None) -> None:
    vendor, other = make.vendor(AT), make.vendor(AT)
    release = publish(cast.draft(vendor, AT), vendor)

    with cast.refused(NotFound):
        services.remove_release(release_id=release.pk, actor=other, at=AT)

    assert Release.objects.get() == release
