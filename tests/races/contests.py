"""The races themselves: each is run on the venue as it is, and without the lock it is about."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from compliance import services as compliance
from core.actors import PERMISSIONS, Member
from core.services.people import make_token
from exchange.models import Trade
from tests.exchange import cast
from tests.races.serving import Server, together

CLIENTS = 20
Answer = tuple[int, Any]


def token(member: Member, at: datetime) -> str:
    scopes = sorted(PERMISSIONS)
    return str(make_token(label="race", scopes=scopes, days=1, actor=member, at=at).secret)


def last_seat(at: datetime) -> cast.Market:
    return cast.market(at, plans=[{**cast.STANDING, "seats": 1}])


def seven_orders_of_money(at: datetime) -> cast.Market:
    """A buyer whose money is one minor unit short of eight orders."""
    return cast.market(at, funds_minor=7 * 120_000 + 119_999)


def order_at_once(server: Server, market: cast.Market, key: str = "") -> list[Answer]:
    """Twenty clients of one buyer send the same order, under one key or each under its own."""
    buyer = token(market.buyer, market.at)
    place = [lambda: server.send("POST", "orders", buyer, cast.form(market), key)]
    return together(place * CLIENTS)


def order_at_once_under_one_key(server: Server, market: cast.Market) -> list[Answer]:
    return order_at_once(server, market, uuid4().hex)


@dataclass
class Negotiation:
    """An order, and what each of three got who moved at once."""

    order_id: str
    buyer_accepts: Answer
    buyer_counters: Answer
    vendor_accepts: Answer


def accept_different_quotes(server: Server, market: cast.Market) -> Negotiation:
    """The buyer accepts 900 and names 800 at once; the vendor accepts 800 as soon as it is there.

    Whether the acceptance of 900 or the counter-offer comes first is the race.
    """
    buyer, vendor = token(market.buyer, market.at), token(market.vendor, market.at)
    _, placed = server.send("POST", "orders", buyer, cast.form(market))
    address = f"orders/{placed['id']}"
    status, _ = server.send("POST", f"{address}/quotes", vendor, {"amount_minor": 900})
    assert status == 201

    def accept() -> Answer:
        return server.send("POST", f"{address}/accept", buyer, {"number": 1})

    def counter() -> Answer:
        return server.send("POST", f"{address}/quotes", buyer, {"amount_minor": 800})

    def accept_counter() -> Answer:
        answers: list[Answer] = []

        def there() -> bool:
            answers.append(server.send("POST", f"{address}/accept", vendor, {"number": 2}))
            return answers[-1][0] != 404

        _until(there)
        return answers[-1]

    return Negotiation(placed["id"], *together([accept, counter, accept_counter]))


@dataclass
class Suspension:
    """What the buyers got, before and after, and what was traded when the clearance fell."""

    answers: list[Answer]
    traded_before: int
    next_answer: Answer


def suspend_meanwhile(server: Server, market: cast.Market) -> Suspension:
    """The venue ends the clearance in the middle of twenty orders; one more order comes after."""
    traded: list[int] = []

    def suspend() -> None:
        with transaction.atomic():
            compliance.suspend_clearance(
                clearance_id=market.clearance.pk,
                ground="illegality",
                reason="an order of the court",
                actor=market.desk.senior,
                at=market.at,
            )
            # The clearance is locked by now: what is not to be seen yet must not come any more.
            traded.append(Trade.objects.count())

    buyer = token(market.buyer, market.at)
    place = [lambda: server.send("POST", "orders", buyer, cast.form(market))]
    half = CLIENTS // 2
    answers = together([*place * half, suspend, *place * half])
    after = server.send("POST", "orders", buyer, cast.form(market))
    return Suspension([one for one in answers if one], traded[0], after)


def suspend_under_a_trade(market: cast.Market) -> list[str]:
    """One trades and has not committed yet when another suspends the clearance: who ends first."""
    order: list[str] = []
    judged = threading.Event()

    def trade() -> None:
        with transaction.atomic():
            cast.place(market)
            order.append("judged")
            judged.set()
            _until(lambda: "suspended" in order or _someone_waits_for_this_session())
            order.append("traded")

    def suspend() -> None:
        assert judged.wait(60), "nothing was placed"
        compliance.suspend_clearance(
            clearance_id=market.clearance.pk,
            ground="venue",
            reason="a look at it",
            actor=market.desk.senior,
            at=market.at,
        )
        order.append("suspended")

    together([trade, suspend])
    return order


def _someone_waits_for_this_session() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted "
            "AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.01)
