"""Twenty clients at once, over HTTP, on two worker processes: what must hold holds."""

import threading
import time
from collections import Counter
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import connection, transaction

from compliance import services as compliance
from core.actors import PERMISSIONS, Member
from core.services.people import make_token
from exchange.models import Order, Quote, Trade
from settlement.models import Hold
from settlement.selectors import check_books
from tests import make
from tests.exchange import cast
from tests.races.serving import gunicorn, together

CLIENTS = 20
pytestmark = pytest.mark.usefixtures("live_database")


def token(member: Member, at: datetime) -> str:
    scopes = sorted(PERMISSIONS)
    return str(make_token(label="race", scopes=scopes, days=1, actor=member, at=at).secret)


def test_last_seat_of_an_exclusive_plan_is_sold_once(live_database: str, at: datetime) -> None:
    market = cast.market(at, plans=[{**cast.STANDING, "seats": 1}])
    key = token(market.buyer, at)

    with gunicorn(live_database) as server:
        answers = together(
            [lambda: server.send("POST", "orders", key, cast.form(market))] * CLIENTS
        )

    assert Counter(status for status, _ in answers) == {201: 1, 422: 19}
    codes = {body["order"]["code"] for status, body in answers if status == 422}
    assert codes == {"seats-taken"}
    assert Trade.objects.count() == 1
    assert Hold.objects.count() == 1


def test_one_balance_is_never_spent_twice(live_database: str, at: datetime) -> None:
    market = cast.market(at, funds_minor=7 * 120_000 + 119_999)
    key = token(market.buyer, at)

    with gunicorn(live_database) as server:
        answers = together(
            [lambda: server.send("POST", "orders", key, cast.form(market))] * CLIENTS
        )

    assert Counter(status for status, _ in answers) == {201: 7, 422: 13}
    assert Trade.objects.count() == 7
    found = cast.balances(market.buyer.organisation_id)
    assert (found["custody"], found["held"]) == (119_999, 7 * 120_000)
    assert check_books() == ()


def test_same_key_at_once_has_one_effect(live_database: str, at: datetime) -> None:
    market = cast.market(at)
    key, once = token(market.buyer, at), uuid4().hex

    with gunicorn(live_database) as server:
        answers = together(
            [lambda: server.send("POST", "orders", key, cast.form(market), once)] * CLIENTS
        )

    assert {status for status, _ in answers} == {201}
    assert len({body["id"] for _, body in answers}) == 1
    assert Order.objects.count() == 1
    assert Trade.objects.count() == 1


def test_both_sides_accepting_different_quotes_make_one_contract(
    live_database: str, at: datetime
) -> None:
    market = cast.market(at, plans=[cast.NEGOTIATED])
    buyer, vendor = token(market.buyer, at), token(market.vendor, at)

    with gunicorn(live_database) as server:
        for round_ in range(5):
            _, placed = server.send("POST", "orders", buyer, cast.form(market))
            address = f"orders/{placed['id']}"
            status, _ = server.send("POST", f"{address}/quotes", vendor, {"amount_minor": 900})
            assert status == 201
            answers = together(
                [
                    lambda a=address: server.send("POST", f"{a}/accept", buyer, {"number": 1}),
                    lambda a=address: server.send(
                        "POST", f"{a}/quotes", buyer, {"amount_minor": 800}
                    ),
                    lambda a=address: server.send("POST", f"{a}/accept", vendor, {"number": 2}),
                ]
            )
            statuses = [status for status, _ in answers]
            assert set(statuses) <= {201, 404, 409}, answers
            order = Order.objects.get(pk=placed["id"])
            trades = Trade.objects.filter(order=order)
            if order.state == "MATCHED":
                (trade,) = trades
                newest = Quote.objects.filter(order=order).latest("number")
                assert trade.amount_minor == newest.amount_minor
            else:
                assert not trades.exists(), round_


def test_clearance_suspended_between_gate_and_match_leaves_no_trade(
    live_database: str, at: datetime
) -> None:
    market = cast.market(at)
    key = token(market.buyer, at)
    senior = market.desk.senior
    ended_at: list[datetime] = []

    def suspend() -> tuple[int, str]:
        compliance.suspend_clearance(
            clearance_id=market.clearance.pk,
            ground="illegality",
            reason="an order of the court",
            actor=senior,
            at=at,
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            ended_at.append(cursor.fetchone()[0])
        return 0, "suspended"

    with gunicorn(live_database) as server:
        place = [lambda: server.send("POST", "orders", key, cast.form(market))] * CLIENTS
        answers = together([*place[:10], suspend, *place[10:]])
        after = server.send("POST", "orders", key, cast.form(market))

    assert after[0] == 422
    assert after[1]["order"]["code"] == "clearance-missing"
    matched = sum(status == 201 for status, _ in answers)
    assert Trade.objects.count() == matched
    assert {status for status, _ in answers} <= {0, 201, 409, 422}
    assert not Trade.objects.filter(matched_at__gt=ended_at[0]).exists()
    assert check_books() == ()


def test_suspension_waits_for_a_trade_that_holds_the_clearance(
    live_database: str, at: datetime
) -> None:
    """The lock itself: a trade judged but not committed keeps the clearance as it was judged."""
    market = cast.market(at)
    order: list[str] = []
    gate = threading.Event()

    def trade() -> None:
        with transaction.atomic():
            cast.place(market)
            order.append("judged")
            gate.wait(30)
            connection.cursor().execute("SELECT pg_sleep(0.5)")
            order.append("traded")

    def suspend() -> None:
        deadline = time.monotonic() + 60
        while not order:
            assert time.monotonic() < deadline, "nothing was placed"
            time.sleep(0.01)
        gate.set()
        compliance.suspend_clearance(
            clearance_id=market.clearance.pk,
            ground="venue",
            reason="a look at it",
            actor=market.desk.senior,
            at=at,
        )
        order.append("suspended")

    together([trade, suspend])

    assert order == ["judged", "traded", "suspended"]
    assert Trade.objects.count() == 1


def test_venue_is_not_a_buyer_over_http(live_database: str, at: datetime) -> None:
    market = cast.market(at)
    key = token(make.staff(at, "officer"), at)

    with gunicorn(live_database) as server:
        status, problem = server.send("POST", "orders", key, cast.form(market))

    assert (status, problem["code"]) == (403, "venue-staff-cannot-trade")
    assert not Order.objects.exists()
