"""Withdrawing a record: whole, for one purpose, for one kind of buyer, by whom, and once only."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from compliance import services
from compliance.errors import AlreadyWithdrawn
from compliance.models import Clearance, ConsentWithdrawal, PersonalRecord
from core.actors import SYSTEM, Member
from core.errors import Forbidden, IllegalTransition, Malformed, NotFound
from tests import make
from tests.compliance import cast, records
from tests.listings.cast import refused

pytestmark = pytest.mark.django_db


def withdraw(
    record: PersonalRecord,
    actor: Member,
    at: datetime,
    *,
    purposes: tuple[str, ...] = (),
    kinds: tuple[str, ...] = (),
) -> PersonalRecord:
    withdrawn: PersonalRecord = services.withdraw_record(
        record_id=record.pk,
        purposes=purposes,
        recipient_kinds=kinds,
        reason="members asked for it",
        actor=actor,
        at=at,
    )
    return withdrawn


def market(at: datetime) -> tuple[Member, Clearance, PersonalRecord]:
    cast.in_force(at)
    vendor = make.vendor(at)
    return vendor, *records.cleared(vendor, cast.desk(at), at)


def facts_of(clearance: Clearance, at: datetime) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT facts->'withdrawn_purposes', facts->'withdrawn_recipients' "
            "FROM compliance_live_clearance(%s, %s)",
            [clearance.version_id, at],
        )
        return cursor.fetchone()


def test_records_alone_carry_a_version_with_persons_to_its_clearance(at: datetime) -> None:
    _vendor, clearance, _bound = market(at)

    assert clearance.facts["consent_basis"] == "separate_consent"
    assert clearance.facts["subjects_count"] == 60
    assert {"pipia_report", "separate_consent"} <= set(clearance.evidence)
    assert not clearance.version.evidence.filter(key__in=clearance.evidence).filter(
        key__in=["pipia_report", "separate_consent"]
    )
    assert cast.standing(clearance.version_id, at) == (True, None)


def test_clearance_lasts_no_longer_than_the_consent_it_rests_on(at: datetime) -> None:
    cast.in_force(at)
    vendor, until = make.vendor(at), at + timedelta(days=40)
    version = records.draft(vendor, at)
    records.record_consent(vendor, at, versions=(version.pk,), until=until)
    records.assessment(vendor, at, versions=(version.pk,))
    for key in records.GIVEN:
        cast.given(version, vendor, at, key)
    version = cast.submit(version, vendor, at)
    cast.signed(version, vendor, at, until=until)

    clearance = cast.approve(version.reviews.get(), cast.desk(at), at)

    assert clearance.valid_until == until
    assert cast.standing(version.pk, until) == (False, "declaration-expired")


def test_whole_withdrawal_ends_the_clearance_in_the_same_moment(at: datetime) -> None:
    vendor, clearance, bound = market(at)

    withdrawn = withdraw(bound, vendor, at)

    clearance.refresh_from_db()
    assert (withdrawn.state, withdrawn.ended_at) == ("WITHDRAWN", at)
    assert (clearance.state, clearance.ground) == ("ENDED", "consent-withdrawn")
    assert cast.standing(clearance.version_id, at) == (False, "consent-withdrawn")
    assert cast.events(bound.pk) == ["record", "bind", "withdraw"]


def test_gate_tests_the_cause_by_itself_even_if_nothing_was_swept(at: datetime) -> None:
    _vendor, clearance, bound = market(at)

    PersonalRecord.objects.filter(pk=bound.pk).update(state="WITHDRAWN", ended_at=at)

    clearance.refresh_from_db()
    assert clearance.state == "LIVE"
    assert cast.standing(clearance.version_id, at) == (False, "consent-withdrawn")


def test_one_purpose_is_taken_out_of_the_clearance_and_the_rest_stands(at: datetime) -> None:
    vendor, clearance, bound = market(at)

    withdrawn = withdraw(bound, vendor, at, purposes=("credit_risk",))

    assert withdrawn.state == "IN_FORCE"
    assert cast.standing(clearance.version_id, at) == (True, None)
    assert facts_of(clearance, at) == ('["credit_risk"]', "[]")


def test_kind_of_buyer_is_taken_out_as_well_and_nothing_comes_back(at: datetime) -> None:
    vendor, clearance, bound = market(at)
    withdraw(bound, vendor, at, kinds=("enterprise",))
    withdraw(bound, vendor, at, purposes=("research",))

    assert facts_of(clearance, at) == ('["research"]', '["enterprise"]')
    with pytest.raises(DatabaseError), transaction.atomic():
        Clearance.objects.filter(pk=clearance.pk).update(withdrawn={})


def test_last_purpose_withdraws_the_whole(at: datetime) -> None:
    vendor, clearance, bound = market(at)
    withdraw(bound, vendor, at, purposes=("research",))

    withdrawn = withdraw(bound, vendor, at, purposes=("credit_risk",))

    clearance.refresh_from_db()
    assert (withdrawn.state, clearance.state) == ("WITHDRAWN", "ENDED")
    assert ConsentWithdrawal.objects.count() == 2


def test_renewal_in_force_carries_on_when_the_old_record_goes(at: datetime) -> None:
    vendor, clearance, bound = market(at)
    records.record_consent(vendor, at, former=bound.pk, versions=(clearance.version_id,))

    withdraw(bound, vendor, at)

    assert cast.standing(clearance.version_id, at) == (True, None)


def test_consent_of_one_class_does_not_carry_another(at: datetime) -> None:
    vendor, clearance, bound = market(at)
    records.record_consent(vendor, at, versions=(clearance.version_id,))

    withdraw(bound, vendor, at)

    assert cast.standing(clearance.version_id, at) == (False, "consent-withdrawn")


def test_same_withdrawal_twice_is_refused_and_changes_nothing(at: datetime) -> None:
    vendor, clearance, bound = market(at)
    withdraw(bound, vendor, at, purposes=("research",))

    with refused(AlreadyWithdrawn):
        withdraw(bound, vendor, at, purposes=("research",))
    withdraw(bound, vendor, at)
    with refused(IllegalTransition):
        withdraw(bound, vendor, at)

    assert cast.events(bound.pk) == ["record", "bind", "narrow", "withdraw"]
    assert ConsentWithdrawal.objects.count() == 1
    assert cast.standing(clearance.version_id, at) == (False, "consent-withdrawn")


def test_nobody_withdraws_anothers_record_and_the_trustee_may(at: datetime) -> None:
    vendor = make.vendor(at)
    trustee = make.member(
        make.organisation(at=at, capacities=("trustee",)), "owner", "signatory", at=at
    )
    made = records.record_consent(vendor, at, trustee=trustee.organisation_id)

    for stranger, error in ((make.vendor(at), NotFound), (make.staff(at, "reviewer"), Forbidden)):
        with refused(error):
            withdraw(made, stranger, at)
        made.refresh_from_db()
        assert made.state == "IN_FORCE"

    assert withdraw(made, trustee, at).state == "WITHDRAWN"


@pytest.mark.parametrize("named", [{"purposes": ("marketing",)}, {"kinds": ("government",)}])
def test_what_the_record_does_not_name_cannot_be_withdrawn(
    at: datetime, named: dict[str, Any]
) -> None:
    vendor = make.vendor(at)
    made = records.record_consent(vendor, at)

    with refused(Malformed):
        withdraw(made, vendor, at, **named)
    assert not ConsentWithdrawal.objects.exists()


def test_assessment_that_is_withdrawn_takes_its_clearance_with_it(at: datetime) -> None:
    vendor, clearance, _bound = market(at)

    withdraw(PersonalRecord.objects.get(kind="assessment"), vendor, at)

    clearance.refresh_from_db()
    assert (clearance.state, clearance.ground) == ("ENDED", "evidence-withdrawn")


def test_other_evidence_withdrawn_leaves_what_records_give(at: datetime) -> None:
    vendor, clearance, _bound = market(at)
    extra = cast.given(clearance.version, vendor, at, "risk_assessment")

    services.withdraw_evidence(evidence_id=extra.pk, reason="", actor=vendor, at=at)

    clearance.refresh_from_db()
    assert clearance.state == "LIVE"


def test_record_whose_time_has_come_expires_once_and_can_still_be_withdrawn(at: datetime) -> None:
    vendor = make.vendor(at)
    until = at + timedelta(days=9)
    made = records.record_consent(vendor, at, until=until)

    assert services.expire_records(limit=10, actor=SYSTEM, at=until - timedelta(seconds=1)) == 0
    assert services.expire_records(limit=10, actor=SYSTEM, at=until) == 1
    assert services.expire_records(limit=10, actor=SYSTEM, at=until) == 0
    assert withdraw(made, vendor, until).state == "WITHDRAWN"
