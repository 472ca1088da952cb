"""What comes together in one buyer's hands is judged, not only the single product."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from compliance.gate import Held, held_together
from core.actors import Member
from exchange.models import Trade
from exchange.services import orders, trades
from tests import make
from tests.exchange import cast, exporting

pytestmark = pytest.mark.usefixtures("db")
FOUR_MILLION = 4_000_000


@pytest.fixture
def buyer(at: datetime) -> Member:
    made = cast.domestic_buyer(at)
    cast.money(made.organisation_id, at)
    return made


def markets(at: datetime, count: int) -> list[cast.Market]:
    """Products of four million persons each, of one vendor."""
    vendor = make.vendor(at)
    return [
        exporting.market(at, count=FOUR_MILLION, vendor=vendor, registered=False)
        for _ in range(count)
    ]


def placed(market: cast.Market, buyer: Member) -> dict[str, Any]:
    return cast.place(market, buyer, buyer_id=buyer.organisation_id)


def bought(market: cast.Market, buyer: Member) -> Trade:
    order = placed(market, buyer)
    assert order["state"] == "AWAITING", order["findings"]
    answer = orders.confirm_order(order_id=order["id"], actor=market.vendor, at=market.at)
    connection.check_constraints()
    return Trade.objects.get(pk=answer["trade_id"])


def refused_by(answer: dict[str, Any]) -> list[str]:
    assert answer["state"] == "REFUSED"
    return [one["code"] for one in answer["findings"] if one["severity"] != "caution"]


def test_ten_million_persons_come_together_over_several_products(
    at: datetime, buyer: Member
) -> None:
    first, second, third = markets(at, 3)
    bought(first, buyer)
    bought(second, buyer)

    assert refused_by(placed(third, buyer)) == ["AGG-02"]
    other = cast.domestic_buyer(at)
    assert placed(third, other)["state"] == "AWAITING"


def test_same_product_bought_again_adds_no_persons(at: datetime, buyer: Member) -> None:
    first, second = markets(at, 2)
    bought(first, buyer)
    bought(first, buyer)
    bought(second, buyer)

    assert placed(second, buyer)["state"] == "AWAITING"


def test_refunded_product_is_not_held(at: datetime, buyer: Member) -> None:
    first, second, third = markets(at, 3)
    trade = bought(first, buyer)
    bought(second, buyer)
    trades.refund_trade(
        trade_id=trade.pk, reason="withdrawn", actor=make.staff(at, "officer"), at=at
    )

    assert placed(third, buyer)["state"] == "AWAITING"


def test_bundle_is_judged_as_a_whole(at: datetime, buyer: Member) -> None:
    intents = [cast.intent(market, buyer_id=buyer.organisation_id) for market in markets(at, 3)]

    answers = orders.place_orders(intents=intents, key=None, actor=buyer, at=at)

    assert [one["state"] for one in answers] == ["AWAITING", "AWAITING", "REFUSED"]
    assert refused_by(answers[2]) == ["AGG-02"]


def test_order_that_waits_is_judged_again_with_what_was_bought_meanwhile(
    at: datetime, buyer: Member
) -> None:
    first, second, third = markets(at, 3)
    waiting = placed(third, buyer)
    bought(first, buyer)
    bought(second, buyer)

    answer = orders.confirm_order(order_id=waiting["id"], actor=third.vendor, at=at)

    assert refused_by(answer) == ["AGG-02"]
    assert not Trade.objects.filter(order=waiting["id"]).exists()


def test_data_with_nothing_that_adds_up_are_not_read(at: datetime) -> None:
    market = cast.market(at)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT exchange_held(%s, %s, %s)",
            [
                market.buyer.organisation_id,
                market.version.pk,
                connection.ops.adapt_json_value(market.clearance.facts, None),
            ],
        )
        assert cursor.fetchone() == (None,)


HELD = Held("a", 10, sensitive=True, subject="water", regions=("CN-SH",))


def test_products_on_one_subject_count_once_each_with_their_regions() -> None:
    other = Held("b", 5, sensitive=False, subject="water", regions=("CN-SH", "CN-BJ"))
    apart = Held("c", 1, sensitive=True, subject="air", regions=("CN-GD",))

    found = held_together([HELD, HELD, other, apart], "water")

    assert (found.persons, found.sensitive_products) == (16, 2)
    assert (found.subject_products, found.subject_regions) == (2, 2)


def test_what_nobody_counted_is_unknown_and_not_nothing() -> None:
    uncounted = Held("b", None, sensitive=None, subject="air", regions=())

    found = held_together([HELD, uncounted], "water")

    assert (found.persons, found.sensitive_products) == (None, None)
    assert found.subject_products == 1
