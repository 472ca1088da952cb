"""Every operation of the API, over HTTP on a live gunicorn, reaches 2xx; the table is printed."""

import http.client
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client

import exchange.urls  # noqa: F401 (declares every endpoint)
from core.actors import PERMISSIONS, Member
from core.api.routes import ENDPOINTS, Endpoint
from core.models import User
from core.services.people import make_token
from tests.examples import EXAMPLES, Ask, World
from tests.listings.cast import stepped_up
from tests.races.serving import Server, gunicorn

# What a token may not do, and what those do who belong to no organisation yet.
BY_SESSION = {"make_token", "apply_for_organisation", "accept_invitation"}


def address_of(served: Endpoint, where: dict[str, Any]) -> str:
    parts = served.path.split("/")
    for name, value in where.items():
        parts = [str(value) if part.endswith(f":{name}>") else part for part in parts]
    assert "<" not in "/".join(parts), served.path
    return "/".join(parts)


def headers_for(member: Member, at: datetime, *, by_session: bool) -> dict[str, str]:
    """Return what says who asks: a token, or the cookies of a session."""
    if member.user_id is None:
        return {}
    if not by_session:
        made = make_token(label="t", scopes=sorted(PERMISSIONS), days=1, actor=member, at=at)
        proof = stepped_up(member, at)
        return {"Authorization": f"Bearer {made.secret}", "Step-Up": proof}
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(User.objects.get(pk=member.user_id))
    session = browser.cookies["sessionid"].value
    csrf = "a" * 32
    return {"Cookie": f"sessionid={session}; csrftoken={csrf}", "X-CSRFToken": csrf}


def send(server: Server, served: Endpoint, ask: Ask, at: datetime) -> tuple[int, Any]:
    headers = headers_for(ask.owner, at, by_session=served.handler.__name__ in BY_SESSION)
    headers["Idempotency-Key"] = uuid4().hex
    raw: bytes | None = None
    if isinstance(ask.body, bytes):
        raw = (
            b'--edge\r\nContent-Disposition: form-data; name="file"; filename="levels.csv"\r\n'
            b"Content-Type: text/csv\r\n\r\n" + ask.body + b"\r\n--edge--\r\n"
        )
        headers["Content-Type"] = "multipart/form-data; boundary=edge"
    elif served.method != "GET" and ask.body is not None:
        raw = json.dumps(ask.body).encode()
        headers["Content-Type"] = "application/json"
    path = f"/api/v1/{address_of(served, ask.where)}"
    path += f"?{urlencode(ask.query)}" if ask.query else ""
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        client.request(served.method, path, raw, headers)
        response = client.getresponse()
        text = response.read()
        return response.status, text[:600]
    finally:
        client.close()


def test_every_operation_has_an_example() -> None:
    assert {one.handler.__name__ for one in ENDPOINTS} == EXAMPLES.keys()


@pytest.mark.filterwarnings("ignore")
def test_every_operation_reaches_2xx(
    live_database: str, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    table: dict[str, tuple[int, Any]] = {}
    read = World(at)
    with gunicorn(live_database) as server:
        for served in ENDPOINTS:
            # What is only read can be read again; every change gets things of its own.
            world = read if served.method == "GET" else World(at)
            ask = EXAMPLES[served.handler.__name__](world)
            table[f"{served.method} {served.path}"] = send(server, served, ask, at)

    with capsys.disabled():
        print(f"\n{len(table)} operations over HTTP")
        for operation, (status, _text) in table.items():
            print(f"  {status}  {operation}")
    assert {name: got for name, got in table.items() if not 200 <= got[0] < 300} == {}
