"""Withdrawing evidence: a clearance that it carries ends; one that it does not carries on."""

from datetime import datetime, timedelta
from typing import Any

from compliance import services
from compliance.models import Evidence
from core.actors import SYSTEM, Member
from core.errors import IllegalTransition, NotFound
from tests import make
from tests.compliance import cast
from tests.listings.cast import refused

KEY, OTHER = "identification_record", "risk_assessment"
LIFTED = cast.item(
    "TST-02",
    "product.form == 'report'",
    "restricted",
    lift=f"evidence.{KEY}",
    evidence=[KEY],
)


def carried(at: datetime, vendor: Member, **terms: Any) -> tuple[Evidence, Any]:
    """A clearance that rests on one piece of evidence."""
    cast.in_force(at, LIFTED)
    version = cast.draft(vendor, at, form="report")
    evidence = cast.given(version, vendor, at, KEY, **terms)
    cast.given(version, vendor, at, OTHER)
    cast.submit(version, vendor, at)
    cast.signed(version, vendor, at)
    return evidence, cast.approve(version.reviews.get(), cast.desk(at), at)


def withdraw(evidence: Evidence, actor: Member, at: datetime) -> Evidence:
    withdrawn: Evidence = services.withdraw_evidence(
        evidence_id=evidence.pk, reason="it was a copy", actor=actor, at=at
    )
    return withdrawn


def test_the_clearance_it_carries_ends_in_the_same_moment(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    evidence, clearance = carried(at, vendor)
    assert clearance.evidence == [KEY]

    withdrawn = withdraw(evidence, vendor, at)

    clearance.refresh_from_db()
    assert withdrawn.state == "WITHDRAWN"
    assert (clearance.state, clearance.ground) == ("ENDED", "evidence-withdrawn")
    assert cast.standing(clearance.version_id, at) == (False, "clearance-missing")


def test_evidence_that_carries_nothing_is_just_withdrawn(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    _evidence, clearance = carried(at, vendor)

    withdraw(Evidence.objects.get(key=OTHER), vendor, at)

    clearance.refresh_from_db()
    assert clearance.state == "LIVE"


def test_another_piece_of_the_same_kind_carries_on(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    evidence, clearance = carried(at, vendor)
    cast.given(clearance.version, vendor, at, KEY)

    withdraw(evidence, vendor, at)

    clearance.refresh_from_db()
    assert clearance.state == "LIVE"


def test_a_piece_that_ends_before_the_clearance_does_not_carry_it(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    evidence, clearance = carried(at, vendor)
    cast.given(clearance.version, vendor, at, KEY, valid_until=at + timedelta(days=5))

    withdraw(evidence, vendor, at)

    clearance.refresh_from_db()
    assert clearance.state == "ENDED"


def test_a_clearance_lasts_no_longer_than_the_evidence_it_rests_on(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    until = at + timedelta(days=5)

    evidence, clearance = carried(at, vendor, valid_until=until)

    assert clearance.valid_until == until
    assert cast.standing(clearance.version_id, until) == (False, "clearance-expired")
    assert services.expire_evidence(limit=10, actor=SYSTEM, at=until) == 1
    evidence.refresh_from_db()
    clearance.refresh_from_db()
    assert evidence.state == "EXPIRED"
    assert (clearance.state, clearance.ground) == ("ENDED", "evidence-expired")
    assert services.expire_evidence(limit=10, actor=SYSTEM, at=until) == 0


def test_nobody_withdraws_anothers_evidence_and_nobody_twice(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    evidence, clearance = carried(at, vendor)

    with refused(NotFound):
        withdraw(evidence, make.vendor(at), at)
    clearance.refresh_from_db()
    assert clearance.state == "LIVE"

    withdraw(evidence, vendor, at)
    with refused(IllegalTransition):
        withdraw(evidence, vendor, at)
    assert cast.events(evidence.pk) == ["give", "withdraw"]
