"""The next version: begun from the latest, one at a time; given up or taken back by its vendor."""

import pytest
from django.db import IntegrityError, transaction

from core.actors import SYSTEM
from core.errors import IllegalTransition, NotFound
from listings import services
from listings.errors import VersionInTheMaking
from listings.models import Version
from tests import make
from tests.conftest import AT
from tests.listings import cast


def test_next_version_begins_from_the_latest(db: None) -> None:
    vendor = make.vendor(AT)
    first = cast.listed(vendor, AT)

    second = services.draft_version(product_id=first.product_id, actor=vendor, at=AT)

    assert (second.number, second.state) == (2, "DRAFT")
    assert second.content == first.content
    assert [plan.code for plan in second.plans.all()] == ["P1"]
    assert second.content_hash == first.content_hash
    assert Version.objects.get(pk=first.pk).state == "LISTED"


@pytest.mark.parametrize("begin", [cast.draft, cast.submitted, cast.in_review])
def test_two_versions_are_not_made_at_once(db: None, begin: object) -> None:
    vendor = make.vendor(AT)
    first = begin(vendor, AT)  # type: ignore[operator]

    with cast.refused(VersionInTheMaking):
        services.draft_version(product_id=first.product_id, actor=vendor, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.create(
            product_id=first.product_id, number=2, content={}, content_hash="", created_at=AT
        )

    assert Version.objects.filter(product=first.product_id).count() == 1


def test_outsider_cannot_draft(db: None) -> None:
    first = cast.listed(make.vendor(AT), AT)

    with cast.refused(NotFound):
        services.draft_version(product_id=first.product_id, actor=make.vendor(AT), at=AT)

    assert Version.objects.filter(product=first.product_id).count() == 1


def test_abandoned_draft_makes_room_for_another(db: None) -> None:
    vendor = make.vendor(AT)
    first = cast.draft(vendor, AT)

    services.abandon_version(version_id=first.pk, actor=vendor, at=AT)
    second = services.draft_version(product_id=first.product_id, actor=vendor, at=AT)

    assert Version.objects.get(pk=first.pk).state == "ABANDONED"
    assert second.number == 2
    assert cast.verbs(first.pk) == ["draft", "save", "abandon"]


def test_listed_version_cannot_be_abandoned(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.listed(vendor, AT)

    with cast.refused(IllegalTransition):
        services.abandon_version(version_id=version.pk, actor=vendor, at=AT)

    assert Version.objects.get(pk=version.pk).state == "LISTED"


def test_blocked_version_is_revised_and_can_be_saved_again(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.submitted(vendor, AT)
    services.mark_screened(version_ids=[version.pk], verdict="block", actor=SYSTEM, at=AT)

    services.revise_version(version_id=version.pk, actor=vendor, at=AT)
    saved = services.save_draft(
        version_id=version.pk,
        content=cast.content(vendor.organisation_id, topic="mended"),
        plans=[cast.STANDING],
        actor=vendor,
        at=AT,
    )

    assert (saved.state, saved.topic) == ("DRAFT", "mended")
    assert cast.verbs(version.pk) == ["draft", "save", "submit", "block", "revise", "save"]
