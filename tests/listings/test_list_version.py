"""The venue's moves: screened, listed, refused, returned, suspended, resumed; and delisting."""

import pytest
from django.db import DatabaseError, connection, transaction

from core.actors import SYSTEM
from core.errors import Forbidden, IllegalTransition, NotFound
from listings import services
from listings.errors import OrganisationNotAdmitted
from listings.models import CatalogueEntry, PlanSeat, Version
from tests import make
from tests.conftest import AT
from tests.listings import cast


def state(version: Version) -> str:
    return Version.objects.values_list("state", flat=True).get(pk=version.pk)


def test_screened_versions_go_to_review_or_back(db: None) -> None:
    vendor = make.vendor(AT)
    clear, blocked = cast.submitted(vendor, AT), cast.submitted(vendor, AT)
    untouched = cast.draft(vendor, AT)

    to_review = services.mark_screened(
        version_ids=[clear.pk, untouched.pk], verdict="screen", actor=SYSTEM, at=AT
    )
    back = services.mark_screened(
        version_ids=[blocked.pk], verdict="block", actor=SYSTEM, at=AT, reason="NS-03"
    )

    assert (to_review, back) == ([clear.pk], [blocked.pk])
    assert [state(v) for v in (clear, blocked, untouched)] == ["IN_REVIEW", "BLOCKED", "DRAFT"]


def test_reviewed_version_is_listed_with_its_seats(db: None) -> None:
    vendor, reviewer = make.vendor(AT), make.staff(AT, "reviewer")
    plans = [{**cast.STANDING, "exclusive": True}, {**cast.STANDING, "code": "P2"}]
    version = cast.in_review(vendor, AT, plans=plans)

    services.list_version(version_id=version.pk, actor=reviewer, at=AT)

    kept = Version.objects.get(pk=version.pk)
    assert (kept.state, kept.listed_at) == ("LISTED", AT)
    assert list(PlanSeat.objects.values_list("plan__code", "taken", "seats")) == [("P1", 0, 1)]
    assert cast.verbs(version.pk)[-1] == "approve"


def test_newer_version_takes_the_place_of_the_older(db: None) -> None:
    vendor = make.vendor(AT)
    entry = cast.shown(vendor, AT)
    first = entry.version
    second = services.draft_version(product_id=first.product_id, actor=vendor, at=AT)
    services.submit_version(version_id=second.pk, actor=vendor, at=AT)
    services.mark_screened(version_ids=[second.pk], verdict="screen", actor=SYSTEM, at=AT)

    services.list_version(version_id=second.pk, actor=SYSTEM, at=AT)

    assert (state(first), state(second)) == ("DELISTED", "LISTED")
    assert not CatalogueEntry.objects.filter(version=first).exists()


def test_version_of_a_suspended_vendor_is_not_listed(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.in_review(vendor, AT)
    cast.suspend(vendor)

    with cast.refused(OrganisationNotAdmitted):
        services.list_version(version_id=version.pk, actor=SYSTEM, at=AT)

    assert state(version) == "IN_REVIEW"


def test_vendor_cannot_list_its_own_version(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.in_review(vendor, AT)

    with cast.refused(Forbidden):
        services.list_version(version_id=version.pk, actor=vendor, at=AT)

    assert state(version) == "IN_REVIEW"


def test_reviewed_version_is_refused_or_returned(db: None) -> None:
    vendor, reviewer = make.vendor(AT), make.staff(AT, "reviewer")
    refused, returned = cast.in_review(vendor, AT), cast.in_review(vendor, AT)

    services.refuse_version(version_id=refused.pk, reason="no", actor=reviewer, at=AT)
    services.return_version(version_id=returned.pk, reason="say more", actor=reviewer, at=AT)

    assert (state(refused), state(returned)) == ("REFUSED", "DRAFT")


def test_suspended_version_leaves_the_catalogue_and_resumes(db: None) -> None:
    vendor, reviewer = make.vendor(AT), make.staff(AT, "reviewer")
    version = cast.shown(vendor, AT).version

    services.suspend_version(version_id=version.pk, reason="complaint", actor=reviewer, at=AT)
    assert state(version) == "SUSPENDED"
    assert not CatalogueEntry.objects.exists()

    services.resume_version(version_id=version.pk, reason="settled", actor=reviewer, at=AT)
    assert state(version) == "LISTED"


def test_version_is_not_resumed_while_its_vendor_is_suspended(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.listed(vendor, AT)
    services.suspend_version(version_id=version.pk, reason="", actor=SYSTEM, at=AT)
    cast.suspend(vendor)

    with cast.refused(OrganisationNotAdmitted):
        services.resume_version(version_id=version.pk, reason="", actor=SYSTEM, at=AT)

    assert state(version) == "SUSPENDED"


@pytest.mark.parametrize("suspended", [False, True])
def test_vendor_delists_what_is_on_the_market(db: None, suspended: bool) -> None:
    vendor = make.vendor(AT)
    version = cast.shown(vendor, AT).version
    if suspended:
        services.suspend_version(version_id=version.pk, reason="", actor=SYSTEM, at=AT)

    services.delist_version(version_id=version.pk, reason="sold out", actor=vendor, at=AT)

    assert state(version) == "DELISTED"
    assert not CatalogueEntry.objects.exists()


def test_draft_cannot_be_delisted_nor_anothers_version(db: None) -> None:
    vendor = make.vendor(AT)
    mine, theirs = cast.draft(vendor, AT), cast.shown(make.vendor(AT), AT).version

    with cast.refused(IllegalTransition):
        services.delist_version(version_id=mine.pk, reason="", actor=vendor, at=AT)
    with cast.refused(NotFound):
        services.delist_version(version_id=theirs.pk, reason="", actor=vendor, at=AT)

    assert (state(mine), state(theirs)) == ("DRAFT", "LISTED")
    assert CatalogueEntry.objects.filter(version=theirs).exists()


def test_raw_sql_cannot_list_a_second_version_of_a_product(db: None) -> None:
    vendor = make.vendor(AT)
    first = cast.listed(vendor, AT)
    second = services.draft_version(product_id=first.product_id, actor=vendor, at=AT)
    services.submit_version(version_id=second.pk, actor=vendor, at=AT)
    services.mark_screened(version_ids=[second.pk], verdict="screen", actor=SYSTEM, at=AT)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE listings_version SET state = 'LISTED', listed_at = now() WHERE id = %s",
            [second.pk],
        )

    assert (state(first), state(second)) == ("LISTED", "IN_REVIEW")
