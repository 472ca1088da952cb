"""Confirming: the gate judges again, and only the vendor may."""

from datetime import datetime, timedelta

import pytest

from compliance import services as compliance
from core.errors import IllegalTransition, NotFound
from exchange.errors import AnswerOverdue, NotYourTurn
from exchange.models import Order, Trade
from exchange.services import orders
from settlement.models import Hold
from tests import make
from tests.exchange import cast

CONFIRM = [{**cast.STANDING, "offer_mode": "confirm"}]


def awaiting(market: cast.Market, **changes: object) -> Order:
    answer = cast.place(market, **changes)
    assert answer["state"] == "AWAITING"
    return Order.objects.get(pk=answer["id"])


def test_confirmed_order_is_matched(db: None, at: datetime) -> None:
    market = cast.market(at, plans=CONFIRM)
    order = awaiting(market)

    answer = orders.confirm_order(order_id=order.pk, actor=market.vendor, at=at)

    trade = Trade.objects.get()
    assert answer["trade_id"] == str(trade.pk)
    assert Order.objects.get().state == "MATCHED"
    assert trade.contract.vendor_assent["member"] == market.vendor.user_id
    assert trade.contract.buyer_assent["member"] == market.buyer.user_id
    assert Hold.objects.get().amount_minor == 120_000


def test_second_confirmation_is_refused(db: None, at: datetime) -> None:
    market = cast.market(at, plans=CONFIRM)
    order = awaiting(market)
    orders.confirm_order(order_id=order.pk, actor=market.vendor, at=at)

    with cast.refused(IllegalTransition, order):
        orders.confirm_order(order_id=order.pk, actor=market.vendor, at=at)


def test_another_vendor_finds_nothing(db: None, at: datetime) -> None:
    market = cast.market(at, plans=CONFIRM)
    order = awaiting(market)

    with cast.refused(NotFound, order):
        orders.confirm_order(order_id=order.pk, actor=make.vendor(at), at=at)


def test_late_confirmation_is_refused(db: None, at: datetime) -> None:
    market = cast.market(at, plans=CONFIRM)
    order = awaiting(market, answer_within_seconds=5)

    with cast.refused(AnswerOverdue, order):
        orders.confirm_order(order_id=order.pk, actor=market.vendor, at=at + timedelta(seconds=6))


def test_negotiation_is_not_confirmed(db: None, at: datetime) -> None:
    market = cast.market(at, plans=[cast.NEGOTIATED])
    answer = cast.place(market)

    with cast.refused(NotYourTurn):
        orders.confirm_order(order_id=answer["id"], actor=market.vendor, at=at)


def test_declaration_withdrawn_meanwhile_refuses_the_order(db: None, at: datetime) -> None:
    market = cast.market(at, plans=CONFIRM)
    order = awaiting(market)
    compliance.withdraw_declaration(
        declaration_id=market.clearance.declaration_id,
        reason="a source fell away",
        actor=market.vendor,
        at=at,
    )

    answer = orders.confirm_order(order_id=order.pk, actor=market.vendor, at=at)

    assert answer["state"] == "REFUSED"
    assert Order.objects.get().refusal_code == answer["code"] != ""
    assert not Trade.objects.exists()
    assert not Hold.objects.exists()


def test_money_spent_meanwhile_refuses_the_order(db: None, at: datetime) -> None:
    market = cast.market(at, plans=CONFIRM, funds_minor=120_000)
    first, second = awaiting(market), awaiting(market)
    orders.confirm_order(order_id=first.pk, actor=market.vendor, at=at)

    answer = orders.confirm_order(order_id=second.pk, actor=market.vendor, at=at)

    assert (answer["state"], answer["code"]) == ("REFUSED", "insufficient-funds")
    assert Trade.objects.count() == 1
    assert cast.balances(market.buyer.organisation_id)["custody"] == 0


@pytest.mark.parametrize("offset", [0, 5])
def test_order_can_be_confirmed_until_its_deadline(db: None, at: datetime, offset: int) -> None:
    market = cast.market(at, plans=CONFIRM)
    order = awaiting(market, answer_within_seconds=5)

    answer = orders.confirm_order(
        order_id=order.pk, actor=market.vendor, at=at + timedelta(seconds=offset)
    )

    assert answer["state"] == "MATCHED"
