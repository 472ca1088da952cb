"""What no client should send, over HTTP: each a problem document that says what is wrong."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

import exchange.urls  # noqa: F401 (declares every endpoint)
from core.api.routes import ENDPOINTS, Endpoint
from exchange.models import Order
from tests import make
from tests.compliance import cast as desk
from tests.contract.test_every_operation import headers_for
from tests.examples import World
from tests.exchange import cast
from tests.listings.cast import Api
from tests.races.serving import Server, gunicorn

pytestmark = pytest.mark.usefixtures("standing_market")


@dataclass
class Ground:
    """A live server, a market on its database, and who speaks."""

    server: Server
    world: World
    buyer: dict[str, str]

    def send(
        self, method: str, path: str, raw: bytes | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        client = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            client.request(method, path, raw, headers)
            response = client.getresponse()
            assert response.getheader("Content-Type", "").startswith("application/problem+json")
            return response.status, json.loads(response.read())
        finally:
            client.close()

    def order(self, raw: bytes, **headers: str) -> tuple[int, str]:
        """Send the body of an order as it is; return status and code."""
        sent = {**self.buyer, "Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
        status, problem = self.send("POST", "/api/v1/orders", raw, sent | headers)
        return status, problem["type"].rpartition("/")[2]


@pytest.fixture
def ground(live_database: str) -> Iterator[Ground]:
    at = datetime.now(UTC).replace(microsecond=0)
    world = World(at)
    buyer = headers_for(world.buyer, at, by_session=False)
    with gunicorn(live_database) as server:
        yield Ground(server, world, buyer)


def test_bad_bodies_of_an_order(ground: Ground) -> None:
    good = cast.form(ground.world.market)
    text = json.dumps(good)

    def changed(**changes: Any) -> bytes:
        return json.dumps(good | changes).encode()

    bad: dict[str, bytes] = {
        "no JSON": b"{",
        "a list": b"[]",
        "an unknown field": changed(discount=5),
        "a wrong type": changed(volume="many"),
        "a broken letter": text.encode().replace(b"research", b"rese\xffrch"),
        "a NUL": changed(label="a\x00b"),
        "a negative count": changed(volume=-1),
        "a negative amount": changed(price_limit_minor=-1),
        "an amount beyond 64 bits": changed(price_limit_minor=2**63),
        "not a number": text.replace('"volume": 1', '"volume": NaN').encode(),
        "a field twice": text.replace('"volume": 1', '"volume": 1, "volume": 2').encode(),
        "half an id": changed(plan="0192"),
        "a lone surrogate": text.replace("research", "\\ud800").encode(),
        "deep nesting": b'{"plan":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    }
    answers = {name: ground.order(raw) for name, raw in bad.items()}

    assert answers == dict.fromkeys(bad, (400, "malformed"))
    assert Order.objects.count() == 0


def test_bad_headers_of_an_order(ground: Ground) -> None:
    good = json.dumps(cast.form(ground.world.market)).encode()

    assert ground.order(good, **{"Idempotency-Key": ""}) == (400, "idempotency-key-missing")
    assert ground.order(good, **{"Idempotency-Key": "x" * 101}) == (400, "idempotency-key-missing")
    assert ground.order(good, **{"Content-Type": "text/xml"})[0] == 415
    assert ground.order(good, Authorization="Bearer dbt_nobody")[0] == 401
    assert ground.order(good, Authorization="Basic eA==")[0] == 401
    huge = good[:-1] + b', "label": "' + b"x" * 3_000_000 + b'"}'
    assert ground.order(huge)[0] == 413
    assert Order.objects.count() == 0


def test_another_buyers_plan_and_things_that_are_not_there(ground: Ground) -> None:
    draft = ground.world.draft.plans.first()
    hidden = json.dumps(cast.form(ground.world.market, plan=str(draft.pk))).encode()
    nowhere = json.dumps(cast.form(ground.world.market, plan=str(uuid4()))).encode()

    assert ground.order(hidden) == ground.order(nowhere)
    assert ground.order(hidden)[0] == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("orders?side=nobody", 400),
        ("orders?after=%00", 400),
        ("orders?after=garbage", 400),
        ("orders?size=0", 400),
        ("orders?unknown=1", 400),
        ("orders/not-an-id", 404),
        ("orders/%00", 404),
        ("orders/%0A", 404),
        ("orders/00000000-0000-7000-8000-000000000000", 404),
        ("nowhere", 404),
    ],
)
def test_bad_addresses(db: None, at: datetime, path: str, status: int) -> None:

    answer = Api(cast.domestic_buyer(at), at).get(path)

    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_list_with_an_item_that_cel_cannot_read_is_not_tried(db: None, at: datetime) -> None:
    author = Api(make.staff(at, "author"), at)
    body = {"document": desk.document("2027.9", desk.item("TST-01", "product.form == "))}
    drafted = author.post("checklists", body).json()

    refused = author.post(f"checklists/{drafted['id']}/try")

    assert refused.status_code == 409
    assert refused.headers["Content-Type"].startswith("application/problem+json")
    assert "TST-01" in refused.content.decode()
    assert author.get(f"checklists/{drafted['id']}").json()["state"] == "DRAFT"


@pytest.mark.parametrize(
    "served",
    [one for one in ENDPOINTS if one.method == "GET"],
    ids=lambda served: served.path,
)
def test_unknown_field_of_a_query_is_refused_by_name(
    db: None, at: datetime, served: Endpoint
) -> None:
    path = "/".join("1" if "<int" in p else str(uuid4()) if "<" in p else p for p in parts(served))

    answer = Api(cast.domestic_buyer(at), at).get(path, colour="red")

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed"), answer.content
    assert list(answer.json()["errors"]) == ["colour"]


def parts(served: Endpoint) -> list[str]:
    return served.path.split("/")


def test_list_knows_its_page_and_a_thing_knows_no_query(db: None, at: datetime) -> None:
    api = Api(cast.domestic_buyer(at), at)

    assert api.get("tokens", size="1").status_code == 200
    assert api.get("me").status_code == 200
    assert list(api.get("me", size="1").json()["errors"]) == ["size"]
