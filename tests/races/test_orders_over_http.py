"""Twenty clients at once, over HTTP, on two worker processes: what must hold holds."""

from collections import Counter
from datetime import datetime

import pytest

from exchange.models import Order, Quote, Trade
from settlement.models import Hold
from settlement.selectors import check_books
from tests import make
from tests.exchange import cast
from tests.races import contests
from tests.races.serving import gunicorn

pytestmark = pytest.mark.usefixtures("live_database")


def test_last_seat_of_an_exclusive_plan_is_sold_once(live_database: str, at: datetime) -> None:
    market = contests.last_seat(at)

    with gunicorn(live_database) as server:
        answers = contests.order_at_once(server, market)

    assert Counter(status for status, _ in answers) == {201: 1, 422: 19}
    codes = {body["order"]["code"] for status, body in answers if status == 422}
    assert codes == {"seats-taken"}
    assert Trade.objects.count() == 1
    assert Hold.objects.count() == 1


def test_one_balance_is_never_spent_twice(live_database: str, at: datetime) -> None:
    market = contests.seven_orders_of_money(at)

    with gunicorn(live_database) as server:
        answers = contests.order_at_once(server, market)

    assert Counter(status for status, _ in answers) == {201: 7, 422: 13}
    assert Trade.objects.count() == 7
    found = cast.balances(market.buyer.organisation_id)
    assert (found["custody"], found["held"]) == (119_999, 7 * 120_000)
    assert check_books() == ()


def test_same_key_at_once_has_one_effect(live_database: str, at: datetime) -> None:
    market = cast.market(at)

    with gunicorn(live_database) as server:
        answers = contests.order_at_once_under_one_key(server, market)

    assert {status for status, _ in answers} == {201}
    assert len({body["id"] for _, body in answers}) == 1
    assert Order.objects.count() == 1
    assert Trade.objects.count() == 1


def test_both_sides_accepting_different_quotes_make_one_contract(
    live_database: str, at: datetime
) -> None:
    market = cast.market(at, plans=[cast.NEGOTIATED])

    with gunicorn(live_database) as server:
        for _ in range(5):
            done = contests.accept_different_quotes(server, market)
            statuses = (done.buyer_accepts[0], done.buyer_counters[0], done.vendor_accepts[0])
            trade = Trade.objects.get(order=done.order_id)
            newest = Quote.objects.filter(order=done.order_id).latest("number")
            assert statuses in {(201, 409, 409), (409, 201, 201)}
            assert trade.amount_minor == newest.amount_minor == trade.order.amount_minor


def test_clearance_suspended_between_gate_and_match_leaves_no_trade(
    live_database: str, at: datetime
) -> None:
    market = cast.market(at)

    with gunicorn(live_database) as server:
        done = contests.suspend_meanwhile(server, market)

    assert done.next_answer[0] == 422
    assert done.next_answer[1]["order"]["code"] == "clearance-missing"
    assert Trade.objects.count() == done.traded_before
    assert {status for status, _ in done.answers} <= {201, 409, 422}
    assert sum(status == 201 for status, _ in done.answers) == done.traded_before
    assert check_books() == ()


def test_suspension_waits_for_a_trade_that_holds_the_clearance(
    live_database: str, at: datetime
) -> None:
    """The lock itself: a trade judged but not committed keeps the clearance as it was judged."""
    market = cast.market(at)

    order = contests.suspend_under_a_trade(market)

    assert order == ["judged", "traded", "suspended"]
    assert Trade.objects.count() == 1


def test_venue_is_not_a_buyer_over_http(live_database: str, at: datetime) -> None:
    market = cast.market(at)
    key = contests.token(make.staff(at, "officer"), at)

    with gunicorn(live_database) as server:
        status, problem = server.send("POST", "orders", key, cast.form(market))

    assert (status, problem["code"]) == (403, "venue-staff-cannot-trade")
    assert not Order.objects.exists()
