"""A withdrawn consent, at the market: orders, deliveries and delivered data, for its uses alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from compliance import services as compliance
from compliance.models import Clearance, PersonalRecord
from core.actors import SYSTEM, Member
from core.ids import uuid7
from core.models import Event, Work
from core.services.work import drain
from delivery.models import Deletion, Grant
from delivery.services.grants import mark_handed_over
from exchange.models import Order, Trade
from exchange.reactions import REACTIONS
from exchange.services import orders
from settlement.selectors import check_books
from tests import make
from tests.compliance import cast as desks
from tests.compliance import records
from tests.exchange import cast

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Uses:
    """A product with persons in it, and what stands on it for each of two purposes."""

    market: cast.Market
    record: PersonalRecord
    waiting: dict[str, Order]
    fetched: dict[str, Trade]


def consented(at: datetime) -> tuple[cast.Market, PersonalRecord]:
    desk = desks.desk(at)
    desks.in_force(at)
    cast.fee_schedule(at)
    vendor, buyer = make.vendor(at), cast.domestic_buyer(at)
    clearance, record = records.cleared(vendor, desk, at)
    cast.money(buyer.organisation_id, at)
    return cast.Market(at, desk, vendor, buyer, clearance), record


def order(market: cast.Market, purpose: str, buyer: Member | None = None) -> dict[str, Any]:
    actor = buyer or market.buyer
    return cast.place(market, actor, purpose=purpose, buyer_id=actor.organisation_id)


def concluded(market: cast.Market, purpose: str) -> Trade:
    placed = order(market, purpose)
    assert placed["state"] == "AWAITING", placed
    answer = orders.confirm_order(order_id=placed["id"], actor=market.vendor, at=market.at)
    connection.check_constraints()
    assert answer["state"] == "MATCHED", answer
    return Trade.objects.get(order=placed["id"])


def react() -> None:
    while drain(reactions=REACTIONS, limit=50, clock=timezone.now):
        connection.check_constraints()
    assert list(Work.objects.filter(state="DUE").values_list("reaction", "reason")) == []


def uses(at: datetime) -> Uses:
    market, record = consented(at)
    fetched = {}
    for purpose in records.PURPOSES:
        fetched[purpose] = concluded(market, purpose)
    react()
    for trade in fetched.values():
        mark_handed_over(
            Grant.objects.get(reference=trade.pk), actor=SYSTEM, at=at, receipt_id=uuid7()
        )
    waiting = {one: Order.objects.get(pk=order(market, one)["id"]) for one in records.PURPOSES}
    return Uses(market, record, waiting, fetched)


def withdraw(stands: Uses, at: datetime, **named: Any) -> None:
    compliance.withdraw_record(
        record_id=stands.record.pk,
        reason="members asked for it",
        actor=stands.market.vendor,
        at=at,
        **({"purposes": (), "recipient_kinds": ()} | named),
    )


def standing(stands: Uses) -> dict[str, tuple[str, str, str, int]]:
    """Purpose → the states of order, trade and grant, and how many deletions were asked for."""
    found = {}
    for purpose in records.PURPOSES:
        trade = Trade.objects.get(pk=stands.fetched[purpose].pk)
        grant = Grant.objects.get(reference=trade.pk)
        asked = Deletion.objects.filter(grant=grant, ground="consent-withdrawn", kind="delete")
        waiting = Order.objects.get(pk=stands.waiting[purpose].pk)
        found[purpose] = (waiting.state, trade.state, grant.state, asked.count())
    return found


STOPPED = ("REFUSED", "REFUNDED", "WITHDRAWN", 1)
GOING_ON = ("AWAITING", "DELIVERING", "OPEN", 0)


def test_withdrawn_whole_stops_every_use(at: datetime) -> None:
    stands = uses(at)

    withdraw(stands, at)
    refused = order(stands.market, "research")
    react()

    assert (refused["state"], refused["code"]) == ("REFUSED", "consent-withdrawn")
    assert standing(stands) == dict.fromkeys(records.PURPOSES, STOPPED)
    assert check_books() == ()


def test_withdrawn_purpose_stops_that_purpose_alone(at: datetime) -> None:
    stands = uses(at)

    withdraw(stands, at, purposes=("credit_risk",))
    refused, placed = order(stands.market, "credit_risk"), order(stands.market, "research")
    react()

    assert (refused["state"], refused["code"]) == ("REFUSED", "consent-withdrawn")
    assert refused["findings"][0]["facts"] == {"purpose": "credit_risk"}
    assert placed["state"] == "AWAITING"
    assert standing(stands) == {"credit_risk": STOPPED, "research": GOING_ON}
    assert Clearance.objects.get().state == "LIVE"
    assert check_books() == ()


def test_withdrawn_kind_of_buyer_stops_that_kind_alone(at: datetime) -> None:
    stands = uses(at)
    bank = make.organisation(
        at=at,
        capacities=("buyer",),
        country="CN",
        foreign_controlled=False,
        kind="financial_institution",
    )
    cast.money(bank.pk, at)
    buyer = make.member(bank, "owner", "trader", at=at)

    withdraw(stands, at, recipient_kinds=("enterprise",))
    refused, placed = order(stands.market, "research"), order(stands.market, "research", buyer)
    react()

    assert refused["code"] == "consent-withdrawn"
    assert refused["findings"][0]["facts"] == {"buyer_kind": "enterprise"}
    assert placed["state"] == "AWAITING"
    assert standing(stands) == dict.fromkeys(records.PURPOSES, STOPPED)


def test_withdrawal_after_the_clearance_ended_still_asks_for_deletion(at: datetime) -> None:
    stands = uses(at)
    compliance.withdraw_declaration(
        declaration_id=stands.market.clearance.declaration_id,
        reason="",
        actor=stands.market.vendor,
        at=at,
    )
    react()
    assert standing(stands) == dict.fromkeys(records.PURPOSES, ("REFUSED", "DELIVERING", "OPEN", 0))

    withdraw(stands, at)
    react()

    assert standing(stands) == dict.fromkeys(records.PURPOSES, STOPPED)


def test_what_follows_happens_once_however_often_it_is_told(at: datetime) -> None:
    stands = uses(at)
    withdraw(stands, at, purposes=("credit_risk",))
    react()
    before = standing(stands), Event.objects.count()

    event = Event.objects.get(subject="personal-record", verb="narrow")
    REACTIONS["consent_withdrawn"]([event], at)

    assert (standing(stands), Event.objects.count()) == before


def test_raw_sql_makes_no_trade_for_a_withdrawn_purpose(at: datetime) -> None:
    market, record = consented(at)
    trade = concluded(market, "credit_risk")
    _copy(trade, match="contract-missing")

    withdraw(Uses(market, record, {}, {}), at, purposes=("credit_risk",))

    _copy(trade, match="consent-withdrawn")
    assert Trade.objects.get().pk == trade.pk


def _copy(trade: Trade, *, match: str) -> None:
    """Insert the trade and its order once more, as they are, and be refused."""
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        _inserted(str(trade.order_id), str(trade.pk))


def _inserted(order_id: str, trade_id: str) -> None:
    other_order, other_trade = str(uuid4()), str(uuid4())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_order SELECT (o).* FROM (SELECT jsonb_populate_record("
            "e, jsonb_build_object('id', %s)) AS o FROM exchange_order e WHERE id = %s) AS t",
            [other_order, order_id],
        )
        cursor.execute(
            "INSERT INTO exchange_trade SELECT (t).* FROM (SELECT jsonb_populate_record("
            "e, jsonb_build_object('id', %s, 'order_id', %s)) AS t "
            "FROM exchange_trade e WHERE id = %s) AS x",
            [other_trade, other_order, trade_id],
        )
    connection.check_constraints()
