"""Round trips, counted on the wire: they do not grow with what is placed."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from core.actors import PERMISSIONS
from core.services.people import make_token
from exchange.services import orders
from exchange.services.conclusion import Key
from tests.exchange import cast
from tests.wire import wire

pytestmark = pytest.mark.usefixtures("live_database")


def placed(market: cast.Market, count: int) -> list[str]:
    intents = [cast.intent(market)] * count
    key = Key(market.buyer.membership_id, f"key-{count}", "0" * 64)  # type: ignore[arg-type]
    with wire() as counted:
        orders.place_orders(intents=intents[:1], key=None, actor=market.buyer, at=market.at)
        counted.clear()
        answers = orders.place_orders(
            intents=intents, key=key if count == 1 else None, actor=market.buyer, at=market.at
        )
        asked = list(counted.asked)
    assert [answer["state"] for answer in answers] == ["MATCHED"] * count
    return asked


def test_placing_an_order_takes_two_round_trips(live_database: str, at: datetime) -> None:
    asked = placed(cast.market(at), 1)

    assert len(asked) == 2, asked


def test_placing_two_hundred_orders_takes_as_many_as_one(live_database: str, at: datetime) -> None:
    asked = placed(cast.market(at), 200)

    assert len(asked) == 2, asked


def requested(market: cast.Market, method: str, path: str, body: Any = None) -> list[str]:
    secret = make_token(
        label="wire", scopes=sorted(PERMISSIONS), days=1, actor=market.buyer, at=market.at
    ).secret
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "key-of-the-wire"}
    with wire() as counted:
        Client().get("/api/v1/me", headers=headers)
        counted.clear()
        response = Client().generic(
            method,
            path,
            *(() if body is None else (cast.as_json(body), "application/json")),
            headers=headers,
        )
        asked = list(counted.asked)
    assert response.status_code in {200, 201}, response.content
    return asked


def test_order_over_http_takes_one_round_trip_to_authenticate(
    live_database: str, at: datetime
) -> None:
    market = cast.market(at)
    cast.place(market)  # reads the list of items, once for the process

    asked = requested(market, "POST", "/api/v1/orders", cast.form(market))

    assert len(asked) == 3, asked


@pytest.mark.parametrize(
    ("address", "most"),
    [("orders", 2), ("trades", 2), ("catalogue", 4), ("demands", 2)],
)
def test_lists_take_the_same_for_one_row_and_for_many(
    live_database: str, at: datetime, address: str, most: int
) -> None:
    market = cast.market(at)
    cast.place(market)
    few = requested(market, "GET", f"/api/v1/{address}")
    for _ in range(9):
        cast.place(market)

    many = requested(market, "GET", f"/api/v1/{address}")

    assert len(few) == len(many) <= most, (few, many)
