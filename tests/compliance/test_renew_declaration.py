"""Signing again: the clearance goes on without a gap where nothing changed, and only there."""

from datetime import datetime, timedelta

from compliance import selectors, services
from compliance.models import Clearance, Decision, Declaration, Review
from compliance.states import DECLARATION
from core.actors import SYSTEM
from listings.models import CatalogueEntry
from tests import make
from tests.compliance import cast

SOON = timedelta(days=20)
LONGER = timedelta(days=300)


def test_clearance_goes_on_under_the_new_signature(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor, desk = make.vendor(at), cast.desk(at)
    review = cast.queued(vendor, at)
    first = Declaration.objects.get()
    before = cast.approve(review, desk, at)
    assert before.valid_until == first.valid_until

    renewed = cast.signed(review.version, vendor, at + SOON, until=at + LONGER)

    after = Clearance.objects.get(version=review.version_id, state="LIVE")
    before.refresh_from_db()
    assert renewed.former_id == first.pk
    assert (before.state, before.ground, before.ended_at) == ("ENDED", "replaced", at + SOON)
    assert (after.declaration_id, after.valid_from) == (renewed.pk, at + SOON)
    assert after.valid_until == at + LONGER
    assert Decision.objects.get(pk=after.decision_id).previous_id == before.decision_id
    assert Review.objects.count() == 1
    assert CatalogueEntry.objects.get(version=review.version_id).live_until == at + LONGER
    for moment in (at + SOON, first.valid_until, at + LONGER - timedelta(seconds=1)):
        assert cast.standing(review.version_id, moment) == (True, None)
    # What follows a signature adds nothing: no review, no decision.
    services.rescreen_versions(version_ids=[review.version_id], actor=SYSTEM, at=at + SOON)
    assert Review.objects.count() == 1


def test_end_of_the_old_signature_touches_nothing_any_more(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    before = cast.cleared(vendor, cast.desk(at), at)
    cast.signed(before.version, vendor, at + SOON, until=at + LONGER)

    later = at + timedelta(days=201)
    assert services.expire_declarations(limit=10, actor=SYSTEM, at=later) == 1

    assert cast.standing(before.version_id, later) == (True, None)


def test_renewal_lasts_no_longer_than_the_year_of_the_reviewers(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    before = cast.cleared(vendor, cast.desk(at), at)
    moment = at + timedelta(days=190)

    cast.signed(before.version, vendor, moment, until=at + timedelta(days=500))

    after = Clearance.objects.get(version=before.version_id, state="LIVE")
    assert after.valid_until == at + timedelta(days=366)


def test_what_the_list_says_anew_is_for_reviewers_and_the_clearance_stays(
    db: None, at: datetime
) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    before = cast.cleared(vendor, cast.desk(at), at)
    # Another declaration of the vendor proved untrue since: the list speaks of what it did not.
    other = cast.signed(cast.draft(vendor, at, topic="floods"), vendor, at)
    DECLARATION.move(other, "breach", actor=SYSTEM, at=at, ended_at=at)

    cast.signed(before.version, vendor, at + SOON, until=at + LONGER)

    before.refresh_from_db()
    assert before.state == "LIVE"
    assert Clearance.objects.count() == 1


def test_shorter_signature_and_another_content_carry_nothing_over(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    before = cast.cleared(vendor, cast.desk(at), at)

    cast.signed(before.version, vendor, at + SOON, until=at + timedelta(days=30))

    assert Clearance.objects.get().pk == before.pk


def test_what_is_prepared_for_a_scheduled_list_follows_the_new_clearance(
    db: None, at: datetime
) -> None:
    cast.in_force(at)
    vendor, desk = make.vendor(at), cast.desk(at)
    before = cast.cleared(vendor, desk, at)
    starts = at + timedelta(days=40)
    scheduled = cast.scheduled(desk, at, effective_at=starts)
    services.prepare_clearances(limit=10, actor=SYSTEM, at=at)
    assert Clearance.objects.get(state="PREPARED").declaration_id == before.declaration_id

    renewed = cast.signed(before.version, vendor, at + SOON, until=at + LONGER)

    live = Clearance.objects.get(state="LIVE")
    prepared = Clearance.objects.get(state="PREPARED")
    assert (prepared.former_id, prepared.declaration_id) == (live.pk, renewed.pk)
    assert (prepared.valid_from, prepared.valid_until) == (starts, at + LONGER)
    assert prepared.decision.previous_id == live.decision_id
    assert services.prepare_clearances(limit=10, actor=SYSTEM, at=at + SOON) == 0
    services.enforce_checklist(actor=SYSTEM, at=starts)
    assert cast.standing(before.version_id, starts) == (True, None)
    assert Clearance.objects.get(state="LIVE").checklist_id == scheduled.pk


def test_withdrawal_takes_back_every_signature_on_the_same_content(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    before = cast.cleared(vendor, cast.desk(at), at)
    cast.signed(before.version, vendor, at + SOON, until=at + LONGER)

    services.withdraw_declaration(
        declaration_id=before.declaration_id, reason="wrong", actor=vendor, at=at + SOON
    )

    assert {row.state for row in Declaration.objects.all()} == {"WITHDRAWN"}
    assert cast.standing(before.version_id, at + SOON) == (False, "declaration-withdrawn")


def test_what_ends_soon_is_told_until_it_is_renewed(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version, other = cast.draft(vendor, at), cast.draft(vendor, at, topic="floods")
    first = cast.signed(version, vendor, at, until=at + timedelta(days=7))
    cast.signed(other, vendor, at, until=at + timedelta(days=31))

    def ending(days: int) -> list[object]:
        return [one.pk for one in selectors.ending_declarations(vendor, at, days)]

    assert (ending(6), ending(7), ending(30)) == ([], [first.pk], [first.pk])
    assert list(selectors.ending_declarations(make.vendor(at), at, 30)) == []
    cast.signed(version, vendor, at, until=at + timedelta(days=90))
    assert ending(30) == []
