"""Releases: into a draft samples and data, onto the market data only; never changed."""

import pytest
from django.db import DatabaseError, connection, transaction

from core.errors import NotFound
from listings import services
from listings.errors import ReleaseNotNow
from listings.models import Release, Version
from tests import make
from tests.conftest import AT
from tests.listings import cast


def publish(version: Version, vendor: object, kind: str, file_id: object) -> Release:
    release: Release = services.publish_release(
        version_id=version.pk, kind=kind, file_id=file_id, note="", actor=vendor, at=AT
    )
    return release


def test_file_of_a_draft_is_part_of_its_hash(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.draft(vendor, AT)

    sample = publish(version, vendor, "sample", cast.file_of(vendor, AT).pk)

    with_sample = Version.objects.get(pk=version.pk).content_hash
    assert with_sample != version.content_hash
    saved = services.save_draft(
        version_id=version.pk, content=version.content, plans=[cast.STANDING], actor=vendor, at=AT
    )
    assert saved.content_hash == with_sample
    assert cast.verbs(sample.pk) == ["publish"]


def test_same_file_twice_is_one_release(db: None) -> None:
    vendor = make.vendor(AT)
    version, file = cast.draft(vendor, AT), cast.file_of(vendor, AT)

    first = publish(version, vendor, "data", file.pk)
    again = publish(version, vendor, "data", file.pk)

    assert first.pk == again.pk
    assert cast.verbs(first.pk) == ["publish"]


def test_listed_version_takes_further_data_and_keeps_its_hash(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.listed(vendor, AT)

    publish(version, vendor, "data", cast.file_of(vendor, AT).pk)

    assert version.releases.count() == 1
    assert Version.objects.get(pk=version.pk).content_hash == version.content_hash


@pytest.mark.parametrize(
    ("begin", "kind"),
    [
        (cast.submitted, "data"),
        (cast.submitted, "sample"),
        (cast.in_review, "data"),
        (cast.listed, "sample"),
    ],
)
def test_version_under_review_takes_no_file(db: None, begin: object, kind: str) -> None:
    vendor = make.vendor(AT)
    version = begin(vendor, AT)  # type: ignore[operator]
    file = cast.file_of(vendor, AT)

    with cast.refused(ReleaseNotNow):
        publish(version, vendor, kind, file.pk)
    with pytest.raises(DatabaseError, match="no such release"), transaction.atomic():
        Release.objects.create(version=version, kind=kind, file=file, published_at=AT)

    assert not version.releases.exists()


def test_file_or_version_of_another_vendor_is_not_there(db: None) -> None:
    vendor, other = make.vendor(AT), make.vendor(AT)
    version = cast.draft(vendor, AT)

    with cast.refused(NotFound):
        publish(version, vendor, "data", cast.file_of(other, AT).pk)
    with cast.refused(NotFound):
        publish(version, other, "data", cast.file_of(other, AT).pk)

    assert not version.releases.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE listings_release SET note = 'x' WHERE id = %s",
        "DELETE FROM listings_release WHERE id = %s",
    ],
)
def test_raw_sql_cannot_change_a_release_of_what_was_submitted(db: None, sql: str) -> None:
    vendor = make.vendor(AT)
    version = cast.draft(vendor, AT)
    release = publish(version, vendor, "data", cast.file_of(vendor, AT).pk)
    services.submit_version(version_id=version.pk, actor=vendor, at=AT)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [release.pk])

    assert version.releases.get().note == ""
