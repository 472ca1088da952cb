"""Orders that end without a trade: declined, cancelled, expired, refused from outside."""

from datetime import datetime, timedelta

import pytest

from core.errors import Forbidden, IllegalTransition, NotFound
from core.models import Event
from exchange.models import Order
from exchange.services import orders
from tests import make
from tests.exchange import cast

pytestmark = pytest.mark.usefixtures("standing_market")

CONFIRM = [{**cast.STANDING, "offer_mode": "confirm"}]


def open_order(at: datetime) -> tuple[cast.Market, Order]:
    market = cast.market(at, plans=CONFIRM)
    return market, Order.objects.get(pk=cast.place(market, answer_within_seconds=60)["id"])


def test_vendor_declines_with_a_reason(db: None, at: datetime) -> None:
    market, order = open_order(at)

    orders.decline_order(order_id=order.pk, reason="not our field", actor=market.vendor, at=at)

    event = Event.objects.filter(subject="order").latest("id")
    assert Order.objects.get().state == "DECLINED"
    assert (event.verb, event.reason) == ("decline", "not our field")


def test_buyer_cancels(db: None, at: datetime) -> None:
    market, order = open_order(at)

    orders.cancel_order(order_id=order.pk, reason="", actor=market.buyer, at=at)

    assert Order.objects.get().state == "CANCELLED"


def test_buyer_cannot_decline_nor_vendor_cancel(db: None, at: datetime) -> None:
    market, order = open_order(at)

    with cast.refused(Forbidden, order):
        orders.decline_order(order_id=order.pk, reason="", actor=market.buyer, at=at)
    with cast.refused(Forbidden, order):
        orders.cancel_order(order_id=order.pk, reason="", actor=market.vendor, at=at)


def test_another_buyer_finds_nothing_to_cancel(db: None, at: datetime) -> None:
    _market, order = open_order(at)

    with cast.refused(NotFound, order):
        orders.cancel_order(order_id=order.pk, reason="", actor=make.buyer(at), at=at)


def test_matched_order_cannot_be_cancelled(db: None, at: datetime) -> None:
    market = cast.market(at)
    trade = cast.matched(market)

    with cast.refused(IllegalTransition, trade.order):
        orders.cancel_order(order_id=trade.order_id, reason="", actor=market.buyer, at=at)


def test_unanswered_order_expires_only_after_its_time(db: None, at: datetime) -> None:
    _market, order = open_order(at)

    early = orders.expire_orders(at=at + timedelta(seconds=60))
    late = orders.expire_orders(at=at + timedelta(seconds=61))

    assert (early, late) == ([], [order.pk])
    assert Order.objects.get().state == "EXPIRED"


def test_fallen_clearance_refuses_open_orders(db: None, at: datetime) -> None:
    market, order = open_order(at)

    ended = orders.refuse_open_orders(
        version_ids=[market.version.pk], code="declaration-withdrawn", at=at
    )

    order.refresh_from_db()
    assert ended == [order.pk]
    assert (order.state, order.refusal_code) == ("REFUSED", "declaration-withdrawn")
