"""Generated requests against a live gunicorn, as four roles with real ids: nothing is ever a 5xx.

Requests come from the schema that the server itself hands out; half of them break it. What a role
may not do, and what does not exist, has to be told by a problem document (RFC 9457).
"""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from core.actors import PERMISSIONS, Member
from core.services.people import make_token
from tests import make
from tests.examples import World
from tests.examples.owned import of_grant, right, settled, version
from tests.examples.trading import demand
from tests.races.serving import gunicorn

EXAMPLES_EACH = 3
SECONDS = 30


def real_ids(world: World) -> dict[str, str]:
    """Return a thing that exists for each name that stands in an address."""
    settled(world)
    return {
        "checklist_id": str(world.market.clearance.checklist_id),
        "clearance_id": str(world.market.clearance.pk),
        "declaration_id": str(world.market.clearance.declaration_id),
        "demand_id": str(demand(world).pk),
        "grant_id": str(of_grant(world).where["grant_id"]),
        "order_id": str(world.trade.order_id),
        "organisation_id": str(world.buyer.organisation_id),
        "product_id": str(world.market.version.product_id),
        "rights_record_id": str(right(world).where["rights_record_id"]),
        "trade_id": str(world.trade.pk),
        "version_id": str(version(world).where["version_id"]),
        "reference": str(world.trade.pk),
        "event_id": "1",
        "kind": "buyer",
    }


def token_of(member: Member, at: datetime) -> str:
    return make_token(label="fuzz", scopes=sorted(PERMISSIONS), days=1, actor=member, at=at).secret


def roles(world: World) -> dict[str, str]:
    """Return the token of each of the four; the visitor has none."""
    everything = ("admin", "reviewer", "senior_reviewer", "author", "officer")
    return {
        "visitor": "",
        "vendor": token_of(world.vendor, world.at),
        "buyer": token_of(world.buyer, world.at),
        "venue": token_of(make.staff(world.at, *everything), world.at),
    }


def test_nothing_is_ever_a_server_error(
    live_database: str, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(at)
    ids, tokens = real_ids(world), roles(world)
    table: dict[str, Counter[str]] = defaultdict(Counter)
    faults: list[tuple[str, str, int, str]] = []
    session = requests.Session()

    def ask(role: str, case: Any, real: bool) -> None:
        if real:
            known = {name: ids[name] for name in case.path_parameters or {} if name in ids}
            case.path_parameters = {**(case.path_parameters or {}), **known}
        headers = {"Idempotency-Key": uuid4().hex}
        if tokens[role]:
            headers["Authorization"] = f"Bearer {tokens[role]}"
        response = case.call(headers=headers, session=session, timeout=SECONDS)
        name = f"{case.method} {case.path}"
        table[name][f"{response.status_code // 100}xx"] += 1
        kind = response.headers.get("content-type", [""])[0].partition(";")[0]
        told = response.status_code < 400 or kind == "application/problem+json"
        # Request lines and headers that are too long never reach the application.
        told = told or response.status_code in (414, 431)
        if response.status_code >= 500 or not told:
            faults.append((role, name, response.status_code, response.text[:300]))

    with gunicorn(live_database) as server:
        schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{server.port}/api/schema")
        for operation in schema.get_all_operations():
            fuzz(operation.ok(), sorted(tokens), ask)

    with capsys.disabled():
        print(f"\n{len(table)} operations, {sum(map(Counter.total, table.values()))} requests")
        for name, counts in sorted(table.items()):
            print(f"  {name}: {dict(sorted(counts.items()))}")
    assert faults[:5] == []
    assert len(table) > 130


def fuzz(operation: Any, names: list[str], ask: Any) -> None:
    """Send a few generated requests of one operation as each role."""
    wanted = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    broken = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @seed(2026)
    @settings(
        max_examples=EXAMPLES_EACH * len(names),
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data(), st.booleans())
    def run(data: Any, real: bool) -> None:
        role = data.draw(st.sampled_from(names))
        ask(role, data.draw(st.one_of(wanted, broken)), real)

    run()
