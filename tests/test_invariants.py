"""The database holds what Python would have refused: raw SQL tries it, and nothing changes."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, InternalError, connection, transaction

from compliance import services as compliance
from compliance.models import Review
from core import merkle, selectors, signing
from core.actors import SYSTEM
from core.events import record
from core.ids import uuid7
from core.models import AuditHead, Capacity, Event, Membership
from core.services import audit
from settlement import services as settlement
from settlement.models import PayoutBatch, SettlementRequest
from tests import make
from tests.compliance import cast as desk
from tests.settlement import cast as money


def run(sql: str, *parameters: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_proposer_of_a_review_cannot_be_made_its_checker(db: None, at: datetime) -> None:
    staff = desk.desk(at)
    desk.in_force(at)
    review = desk.queued(make.vendor(at), at)
    compliance.propose_review(
        review_id=review.pk, proposal="approve", note="", actor=staff.maker, at=at
    )
    decided = "UPDATE compliance_review SET state = 'DECIDED', decided_at = %s, checker_id = "

    with pytest.raises(IntegrityError, match="review_four_eyes"):
        run(decided + "maker_id", at)
    assert Review.objects.get().state == "PROPOSED"

    run(decided + "%s", at, staff.checker.user_id)
    assert Review.objects.get().state == "DECIDED"


def test_preparer_of_payouts_cannot_be_made_their_checker(db: None, at: datetime) -> None:
    made, officer = money.parties(at), make.staff(at, "officer")
    money.requested(made, 1)
    settlement.settle_due(limit=10, actor=SYSTEM, at=at)
    settlement.prepare_payouts(currency="CNY", actor=officer, at=at)
    confirmed = "UPDATE settlement_payoutbatch SET state = 'CONFIRMED', checker_id = "

    with pytest.raises(IntegrityError, match="payout_batch_four_eyes"):
        run(confirmed + "maker_id")
    with pytest.raises(IntegrityError, match="payout_batch_checked"):
        run(confirmed + "NULL")
    assert PayoutBatch.objects.get().state == "PREPARED"

    run(confirmed + "%s", make.staff(at, "officer").user_id)
    assert PayoutBatch.objects.get().state == "CONFIRMED"


@pytest.mark.parametrize("short", [1, -1])
def test_parts_that_are_not_the_whole_cannot_be_requested(
    db: None, at: datetime, short: int
) -> None:
    money.requested(money.parties(at), 1)
    copy = (
        "INSERT INTO settlement_settlementrequest SELECT (r).* FROM (SELECT jsonb_populate_record("
        "e, jsonb_build_object('id', gen_random_uuid(), 'reference', 'copy', 'amount_minor', "
        "e.amount_minor + %s)) AS r FROM settlement_settlementrequest e) AS t"
    )

    with pytest.raises(IntegrityError, match="settlement_parts_sum"):
        run(copy, short)

    assert SettlementRequest.objects.count() == 1


@pytest.mark.parametrize("kind", ["vendor", "supplier", "buyer"])
def test_venue_cannot_be_given_a_capacity_to_trade(db: None, at: datetime, kind: str) -> None:
    venue = make.venue(at)

    with pytest.raises(IntegrityError, match="the venue can hold no"), transaction.atomic():
        Capacity.objects.create(organisation=venue, kind=kind, applied_at=at)

    assert not Capacity.objects.exists()


def test_staff_of_the_venue_cannot_be_made_members_of_another(db: None, at: datetime) -> None:
    staff, buyer = make.staff(at, "officer"), make.buyer(at)
    before = Membership.objects.count()

    with pytest.raises(IntegrityError, match="act for no other"), transaction.atomic():
        Membership.objects.create(
            user_id=staff.user_id,
            organisation_id=buyer.organisation_id,
            roles=["trader"],
            created_at=at,
        )

    assert Membership.objects.count() == before


def happened(at: datetime) -> Event:
    subject = uuid7()
    with transaction.atomic():
        record("thing", subject, "happen", actor=SYSTEM, at=at)
    return Event.objects.get(subject_id=subject)


def test_every_event_is_provable_and_no_head_takes_one_back(
    live_database: str, at: datetime
) -> None:
    first = happened(at)
    audit.sequence_events(limit=100, at=at)
    early = selectors.audit_head()
    happened(at)
    audit.sequence_events(limit=100, at=at + timedelta(seconds=1))

    proof = selectors.event_proof(first.pk)
    leaf, root = bytes.fromhex(proof["leaf"]), bytes.fromhex(proof["root"])
    path = [bytes.fromhex(step) for step in proof["path"]]
    grown = selectors.consistency(early["size"], proof["size"])["path"]

    assert leaf == merkle.leaf_hash(audit.event_bytes(first))
    merkle.verify_inclusion(leaf, proof["index"], proof["size"], path, root)
    merkle.verify_consistency(
        early["size"],
        proof["size"],
        [bytes.fromhex(step) for step in grown],
        bytes.fromhex(early["root"]),
        root,
    )
    signed = audit.head_bytes(proof["size"], root, at + timedelta(seconds=1))
    public = signing.public_bytes(settings.SIGNING_KEY)
    assert signing.verifies(public, bytes.fromhex(proof["signature"]), signed)
    assert (early["size"], proof["size"], Event.objects.count()) == (1, 2, 2)
    assert audit.sequence_events(limit=100, at=at) == 0


@pytest.mark.parametrize("table", ["event", "auditleaf", "auditnode", "audithead"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_audit_tree_is_append_only(live_database: str, at: datetime, table: str, sql: str) -> None:
    happened(at)
    happened(at)
    audit.sequence_events(limit=100, at=at)
    column = "size" if table == "audithead" else "index" if table != "event" else "id"
    name = f"core_{table}"
    before = count(name), AuditHead.objects.get().root.tobytes()

    with pytest.raises(InternalError):
        run(sql.format(name, column, column))

    assert (count(name), AuditHead.objects.get().root.tobytes()) == before
    assert before[0] == (1 if table in ("auditnode", "audithead") else 2)


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])
