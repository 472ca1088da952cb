"""Every machine of the process, every state: what its table says is all that can happen.

Walked from the registry, so that a machine that is not in `ROWS` fails. Moved by `Machine.move`,
and by raw SQL against the guard that the same table makes in PostgreSQL.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from compliance.models import ChecklistVersion, Review, Trial
from core.actors import SYSTEM
from core.errors import IllegalTransition
from core.machine import MACHINES, Machine
from core.models import Capacity, Event, Letter
from delivery.models import Deletion, OutsideDelivery
from exchange.models import Demand
from listings import services as listings
from listings.models import CatalogueImport
from settlement import services as settlement
from settlement.models import BankEntry, Hold, PayoutBatch, PayoutInstruction, SettlementRequest
from tests import make
from tests.compliance import cast as desks
from tests.compliance import records
from tests.compliance.signing import Pen, proposed
from tests.compliance.test_breaches import opened
from tests.delivery import cast as deliveries
from tests.exchange import cast as markets
from tests.listings import cast as offers
from tests.settlement import cast as money

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_market")]

# A row, and the columns that the constraints of a state ask for beside the state.
Made = tuple[Any, Callable[[str], dict[str, Any]]]


def plain(row: Any) -> Made:
    return row, lambda state: {}


def organisation(at: datetime) -> Made:
    return plain(make.organisation(at=at))


def capacity(at: datetime) -> Made:
    return plain(Capacity.objects.get(organisation_id=make.buyer(at).organisation_id))


def version(at: datetime) -> Made:
    return offers.draft(make.vendor(at), at), lambda state: {"listed_at": at}


def rights_record(at: datetime) -> Made:
    vendor = make.vendor(at)
    return plain(
        listings.record_right(
            supplier_id=vendor.organisation_id,
            kind="hold",
            holder_id=vendor.organisation_id,
            certificate_code="",
            proof_id=offers.file_of(vendor, at).pk,
            valid_from=at,
            valid_until=at + timedelta(days=9),
            actor=vendor,
            at=at,
        )
    )


def sponsorship(at: datetime) -> Made:
    vendor = make.vendor(at)
    supplier = make.organisation(at=at, capacities=("supplier",))
    return plain(
        listings.propose_sponsorship(
            supplier_id=supplier.pk,
            mandate_id=offers.file_of(vendor, at).pk,
            valid_until=at + timedelta(days=9),
            actor=vendor,
            at=at,
        )
    )


def catalogue_import(at: datetime) -> Made:
    vendor = make.vendor(at)
    return plain(
        CatalogueImport.objects.create(
            vendor_id=vendor.organisation_id, file_sha256="0" * 64, started_at=at
        )
    )


def list_in_force(at: datetime) -> ChecklistVersion:
    return ChecklistVersion.objects.filter(state="IN_FORCE").first() or desks.in_force(at)


def checklist(at: datetime) -> Made:
    return list_in_force(at), lambda state: {"effective_at": at}


def trial(at: datetime) -> Made:
    checklist = list_in_force(at)
    made = Trial.objects.create(checklist=checklist, items_hash=checklist.items_hash, at=at)
    return plain(made)


def declaration(at: datetime) -> Made:
    vendor = make.vendor(at)
    return plain(desks.signed(desks.draft(vendor, at), vendor, at))


def evidence(at: datetime) -> Made:
    list_in_force(at)
    vendor = make.vendor(at)
    return plain(desks.given(desks.draft(vendor, at), vendor, at, "identification_record"))


def personal_record(at: datetime) -> Made:
    return plain(records.record_consent(make.vendor(at), at))


def review(at: datetime) -> Made:
    desk = desks.desk(at)
    list_in_force(at)
    row: Review = desks.queued(make.vendor(at), at)
    decided = {
        "maker_id": desk.maker.user_id,
        "checker_id": desk.checker.user_id,
        "proposal": "refuse",
        "decided_at": at,
    }
    return row, lambda state: decided


def absence(at: datetime) -> Made:
    desk = desks.desk(at)
    return plain(desks.away(desk.maker, desk.checker, at))


def letter(at: datetime) -> Made:
    made = Letter.objects.create(
        user=make.user(), key="one", subject="s", text="t", written_at=at, retry_at=at
    )
    return made, lambda state: {"sent_at": at if state == "SENT" else None}


def clearance(at: datetime) -> Made:
    row = markets.market(at).clearance
    # A prepared clearance follows another; which one it follows is frozen.
    unguarded(row, {"former_id": row.pk})
    return plain(row)


def order(at: datetime) -> Made:
    row = markets.matched(markets.market(at)).order
    return row, lambda state: {"refusal_code": "not-cleared"}


def trade(at: datetime) -> Made:
    return plain(markets.matched(markets.market(at)))


def demand(at: datetime) -> Made:
    return plain(
        Demand.objects.create(
            buyer_id=make.buyer(at).organisation_id,
            title="Levels",
            words="river levels",
            purpose="research",
            territory="CN",
            currency="CNY",
            published_at=at,
            open_until=at + timedelta(days=9),
        )
    )


def grant(at: datetime) -> Made:
    return plain(deliveries.sold(at).grant)


def outside_delivery(at: datetime) -> Made:
    row = OutsideDelivery.objects.create(
        grant=deliveries.sold(at).grant, means="disk", delivered_at=at, reported_at=at
    )
    return row, lambda state: {"answered_at": None if state == "REPORTED" else at}


def deletion(at: datetime) -> Made:
    sold = deliveries.sold(at)
    row = Deletion.objects.create(
        grant=sold.grant,
        kind="delete",
        ground="consent-withdrawn",
        asked_at=at,
        due_at=at + timedelta(days=15),
    )
    proof = {"statement": "wiped", "proved_by_id": sold.buyer.user_id, "proved_at": at}
    signed = {"document": "{}", "signature": b"s" * 64, "answered_at": at}
    unsigned = {"document": None, "signature": None}

    def columns(state: str) -> dict[str, Any]:
        return proof | (signed if state == "ACCEPTED" else unsigned)

    return row, columns


def hold(at: datetime) -> Made:
    row = Hold.objects.get(reference=money.hold(money.parties(at), 500))
    spent = {"CAPTURED": (500, 0), "VOIDED": (0, 500), "EXPIRED": (0, 500)}

    def columns(state: str) -> dict[str, Any]:
        captured, voided = spent.get(state, (0, 0))
        return {"captured_minor": captured, "voided_minor": voided}

    return row, columns


def settlement_request(at: datetime) -> Made:
    (reference,) = money.requested(money.parties(at), 1)
    return plain(SettlementRequest.objects.get(reference=reference))


def payout_batch(at: datetime) -> Made:
    money.requested(money.parties(at), 1)
    settlement.settle_due(limit=1, actor=SYSTEM, at=at)
    row: PayoutBatch = settlement.prepare_payouts(
        currency="CNY", actor=make.staff(at, "officer"), at=at
    )
    checker = make.staff(at, "officer").user_id
    return row, lambda state: {"checker_id": checker}


def payout(at: datetime) -> Made:
    batch, _columns = payout_batch(at)
    return plain(PayoutInstruction.objects.get(batch=batch))


def bank_entry(at: datetime) -> Made:
    owner = money.parties(at).buyer_id
    row = BankEntry.objects.latest("sequence")
    return row, lambda state: {"organisation_id": owner if state == "BOOKED" else None}


def bank_explanation(at: datetime) -> Made:
    made = money.parties(at)
    money.bank_pays("never-told", made.vendor_id, 300, at)
    row = settlement.explain_payment(
        entry_id=BankEntry.objects.get(kind="payment").pk,
        kind="loss",
        payout_id=None,
        deposit_id=None,
        reason="as the bank wrote",
        actor=make.staff(at, "officer"),
        at=at,
    )
    checker = make.staff(at, "officer").user_id
    return row, lambda state: {"checker_id": checker}


def breach(at: datetime) -> Made:
    vendor, desk = make.vendor(at), desks.desk(at)
    row = opened(desks.signed(desks.draft(vendor, at), vendor, at).pk, desk, at)
    heard = {"answered_at": at, "checker_id": desk.checker.user_id, "decided_at": at}
    return row, lambda state: heard


def organisation_key(at: datetime) -> Made:
    two = {
        "maker_id": make.staff(at, "admin").user_id,
        "checker_id": make.staff(at, "admin").user_id,
        "registered_at": at,
    }
    return proposed(make.vendor(at), Pen.ed25519(), at), lambda state: two


ROWS: dict[str, Callable[[datetime], Made]] = {
    "organisation": organisation,
    "capacity": capacity,
    "version": version,
    "rights-record": rights_record,
    "sponsorship": sponsorship,
    "import": catalogue_import,
    "checklist": checklist,
    "trial": trial,
    "declaration": declaration,
    "evidence": evidence,
    "personal-record": personal_record,
    "breach": breach,
    "organisation-key": organisation_key,
    "review": review,
    "absence": absence,
    "letter": letter,
    "clearance": clearance,
    "order": order,
    "trade": trade,
    "demand": demand,
    "grant": grant,
    "outside-delivery": outside_delivery,
    "deletion": deletion,
    "hold": hold,
    "settlement": settlement_request,
    "payout-batch": payout_batch,
    "payout": payout,
    "bank-entry": bank_entry,
    "bank-explanation": bank_explanation,
}
WALK = [
    pytest.param(machine, state, id=f"{subject}-{state}")
    for subject, machine in MACHINES.items()
    for state in machine.table
]


def write(row: Any, columns: dict[str, Any]) -> None:
    """Update by raw SQL, as somebody does who knows of no machine."""
    sets = ", ".join(f"{name} = %s" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {row._meta.db_table} SET {sets} WHERE id = %s", [*columns.values(), row.pk]
        )


def unguarded(row: Any, columns: dict[str, Any]) -> None:
    """Update with the guards off: how a test puts a row where it is to begin."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        write(row, columns)
        cursor.execute("SET LOCAL session_replication_role = origin")
    row.refresh_from_db()


def begun(machine: Machine, state: str, at: datetime) -> Made:
    row, columns = ROWS[machine.subject](at)
    unguarded(row, {"state": state} | columns(state))
    return row, columns


def stands(row: Any) -> tuple[str, int]:
    """The state in the database, and how many events there are of the row."""
    state = type(row).objects.values_list("state", flat=True).get(pk=row.pk)
    return state, Event.objects.filter(subject_id=row.pk).count()


def moved(machine: Machine, made: Made, verb: str, at: datetime) -> str | None:
    """Where a verb leads the row, which is put back; None if it is refused and nothing changed."""
    row, columns = made
    before, events = stands(row)
    after = machine.table[before].get(verb, before)
    point = transaction.savepoint()
    try:
        machine.move(row, verb, actor=SYSTEM, at=at, **columns(after))
    except IllegalTransition:
        assert stands(row) == (before, events)
        return None
    else:
        found, written = stands(row)
        assert written == events + 1
        return found
    finally:
        transaction.savepoint_rollback(point)
        row.refresh_from_db()


def written(made: Made, after: str) -> bool:
    """Whether raw SQL can write a state into the row, which is put back."""
    row, columns = made
    point = transaction.savepoint()
    try:
        write(row, {"state": after} | columns(after))
    except DatabaseError as error:
        # What some constraint refuses, because the columns do not meet it, proves nothing.
        if "Invalid transition" not in str(error):
            raise
        return False
    else:
        return True
    finally:
        transaction.savepoint_rollback(point)


def inserted(made: Made, state: str) -> bool:
    """Whether the guard lets a copy of the row begin in a state; other faults do not matter."""
    row, _columns = made
    table = row._meta.db_table
    # What the database makes by itself is not given to it.
    given = ", ".join(one.column for one in row._meta.concrete_fields if not one.generated)
    point = transaction.savepoint()
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({given}) SELECT {given} FROM (SELECT (jsonb_populate_record("
                "t, jsonb_build_object('id', %s::uuid, 'state', %s::text))).* "
                f"FROM {table} t WHERE id = %s) AS copied",
                [uuid4(), state, row.pk],
            )
    except DatabaseError as error:
        return "cannot begin as" not in str(error)
    else:
        return True
    finally:
        transaction.savepoint_rollback(point)


def test_every_machine_of_the_process_is_walked() -> None:
    assert ROWS.keys() == MACHINES.keys()


@pytest.mark.parametrize(("machine", "state"), WALK)
def test_state_is_left_by_the_verbs_of_its_table_alone(
    machine: Machine, state: str, at: datetime
) -> None:
    made = begun(machine, state, at)
    verbs = sorted({verb for row in machine.table.values() for verb in row})

    found = {verb: moved(machine, made, verb, at) for verb in [*verbs, "nod"]}

    assert found == {verb: machine.table[state].get(verb) for verb in [*verbs, "nod"]}


@pytest.mark.parametrize(("machine", "state"), WALK)
def test_raw_sql_is_held_to_the_same_table(machine: Machine, state: str, at: datetime) -> None:
    made = begun(machine, state, at)
    # Staying in a state is no move, so PostgreSQL lets it pass.
    others = [after for after in machine.table if after != state]

    found = {after: written(made, after) for after in others}

    assert found == {after: after in machine.table[state].values() for after in others}
    assert inserted(made, state) is (state in machine.born)
