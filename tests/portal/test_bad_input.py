"""What no form should hold, in every field of every page: told, never a fault, and nothing done."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern

from core.models import Event, IdempotencyKey, Invitation, Membership, Organisation
from exchange.models import Demand, DemandQuote, Order, Quote, Trade
from exchange.portal.urls import urlpatterns
from tests.examples import World
from tests.examples.pages import ASKED, POSTED, Posted, things
from tests.exchange import cast
from tests.portal import test_checklist_pages as lists
from tests.portal.bad import BAD, rows_of
from tests.portal.test_bad_writing import TRIED
from tests.portal.test_views import browser, text_of

pytestmark = pytest.mark.usefixtures("standing_market")

SECONDS = 40
URL_ENCODED = "application/x-www-form-urlencoded"


def routes() -> list[str]:
    """Every route of the portal, as its table says it."""
    found = []
    for one in urlpatterns:
        if isinstance(one, URLPattern):
            found.append(str(one.pattern))
        else:
            found += [f"{one.pattern}{below.pattern}" for below in one.url_patterns]
    return found


def address(route: str, where: dict[str, Any]) -> str:
    for name, value in where.items():
        for kind in ("uuid", "str", "slug"):
            route = route.replace(f"<{kind}:{name}>", str(value))
    return f"/{route}"


def takes_posts(route: str) -> bool:
    nowhere = "00000000-0000-7000-8000-000000000000"
    names = {part.partition(":")[2].rstrip(">") for part in route.split("/") if part[:1] == "<"}
    where = dict.fromkeys(names, nowhere)
    # Anonymous: a page that takes posts leads to sign-in; the gallery is not there at all.
    return Client().post(address(route, where)).status_code not in {404, 405}


def counted() -> tuple[int, ...]:
    kinds = (Event, IdempotencyKey, Invitation, Membership, Organisation)
    return rows_of(*kinds, Demand, DemandQuote, Order, Quote, Trade)


def spoilt(fields: dict[str, Any]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every field in turn with each bad value, left out, and said twice."""
    whole = {"key": "a-click", **fields}

    def pairs(changed: dict[str, Any]) -> list[tuple[str, str]]:
        texts = {n: v if isinstance(v, list) else [v] for n, v in changed.items()}
        return [(name, text) for name, values in texts.items() for text in values]

    for place, (name, good) in enumerate(whole.items()):
        # Each field meets a third of the values, in turn, so that each value meets every form.
        for what, bad in list(BAD.items())[place % 3 :: 3]:
            yield f"{name}: {what}", pairs({**whole, name: bad})
        yield f"{name}: missing", pairs({n: v for n, v in whole.items() if n != name})
        yield f"{name}: twice", pairs(whole) + pairs({name: good}) + [(name, "-5")]


def refused(response: Any) -> bool:
    """Whether the answer is a refusal: a form again, an error, or a redirect that says why not.

    Only what is shown once is answered with a page: an invitation's link, and a token.
    """
    if b"/invitations/dbi_" in response.content or b">dbt_" in response.content:
        return False
    waiting = getattr(response.wsgi_request, "_messages", ())
    told = [one.level_tag for one in getattr(waiting, "_queued_messages", ())]
    return response.status_code != 302 or "error" in told


def test_every_page_that_takes_a_form_has_an_example(db: None) -> None:
    assert {
        route for route in routes() if takes_posts(route)
    } == POSTED.keys() | TRIED | lists.TRIED


def test_bad_fields_of_every_form_are_refused_and_change_nothing(db: None, at: datetime) -> None:
    world, started, sent = World(at), time.process_time(), 0
    world.market, world.draft, world.trade  # noqa: B018 (made once, before what is undone)
    faults: list[str] = []
    for route, example in POSTED.items():
        with transaction.atomic():
            posted = example(world)
            client = browser(posted.owner if posted.owner.user_id else None)
            client.raise_request_exception = False
            faults += accepted_once(client, route, posted)
            for what, pairs in spoilt(posted.fields):
                faults += tried(client, address(route, posted.where), what, pairs)
                sent += 1
            transaction.set_rollback(True)
    assert faults == []
    assert sent > 300
    assert time.process_time() - started < SECONDS


def accepted_once(client: Client, route: str, posted: Posted) -> list[str]:
    """The form as it should be is accepted: else its refusals below would prove nothing."""
    with transaction.atomic():
        response = client.post(address(route, posted.where), {"key": "a-click", **posted.fields})
        waiting = getattr(response.wsgi_request, "_messages", ())
        told = [one.message for one in waiting if one.level_tag != "success"]
        transaction.set_rollback(True)
    good = response.status_code < 400 and not told
    return [] if good else [f"{route} as it should be: {response.status_code} {told}"]


def tried(client: Client, where: str, what: str, pairs: list[tuple[str, str]]) -> list[str]:
    client.cookies.pop("messages", None)
    with transaction.atomic():
        before = counted()
        body = urlencode(pairs, errors="surrogatepass")
        response = client.post(where, body, content_type=URL_ENCODED)
        changed = response.status_code < 500 and before != counted()
        transaction.set_rollback(True)
    if response.status_code >= 500:
        return [f"{where}, {what}: {response.status_code}"]
    return [f"{where}, {what}: refused, yet done"] if changed and refused(response) else []


def test_bad_queries_of_every_page_are_refused(db: None, at: datetime) -> None:
    world, started = World(at), time.process_time()
    there = things(world)
    clients = [browser(world.buyer), browser(world.vendor), browser(None)]
    every = tuple(dict.fromkeys(name for names in ASKED.values() for name in names))
    faults, asked = [], 0
    before = counted()
    for route in routes():
        where = address(route, there)
        if "<" in where:
            continue
        questions = [(name,) for name in ASKED.get(route, ())] or [every]
        for names in questions:
            for what, bad in BAD.items():
                query = urlencode(dict.fromkeys(names, bad[:4000]), errors="surrogatepass")
                for client in clients:
                    client.raise_request_exception = False
                    status = client.get(f"{where}?{query}").status_code
                    asked += 1
                    if status >= 500:
                        faults.append(f"{route}, {', '.join(names)}: {what}: {status}")
    assert faults == []
    assert counted() == before
    assert asked > 500
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("path", ["/verify?code=%00", "/verify?code=%ED%A0%80", "/verify?code=ab"])
def test_hash_that_is_none_is_a_document_the_venue_does_not_know(db: None, path: str) -> None:
    response = browser(None).get(path)

    assert response.status_code == 200
    assert "The venue knows no such document" in text_of(response.content.decode())


@pytest.mark.parametrize("path", ["/contracts/%00", "/contracts/ab", f"/contracts/{'G' * 64}"])
def test_contract_by_what_is_no_hash_is_not_found(db: None, path: str) -> None:
    response = browser(None).get(f"/api/v1{path}")

    assert response.status_code == 404
    assert response.json()["code"] == "not-found"


@pytest.mark.parametrize("given", [",", "，", "1,5", "1,50", ",5", "1,,000", "-1", "1.234", "1e99"])
def test_text_that_is_no_amount_is_an_error_and_lifts_no_limit(
    db: None, at: datetime, given: str
) -> None:
    market = cast.market(at)
    client = browser(market.buyer)
    invitation = {"email": "a@example.com", "roles": ["trader"], "signing_limit": given}
    needed = {"title": "Levels", "words": "levels", "purpose": "research", "territory": "CN-SH"}

    invited = client.post("/organisation/invite", {**invitation, "key": "one-click"})
    published = client.post("/demands/new", {**needed, "price_limit": given, "key": "one-click"})

    for response in (invited, published):
        assert "must be an amount with at most 2 decimals" in text_of(response.content.decode())
    assert (Invitation.objects.count(), Demand.objects.count()) == (0, 0)


def test_country_is_two_letters(db: None, at: datetime) -> None:
    applied = POSTED["organisation/apply"](World(at))
    before = Organisation.objects.count()

    for country in ("ßß", "ＣＮ", "C", "C1", "CHN"):
        response = browser(applied.owner).post(
            "/organisation/apply", {**applied.fields, "country": country}
        )
        assert response.status_code == 200
        assert "Country" in response.content.decode()
    assert Organisation.objects.count() == before


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2100-01-01", "1999-12-31"])
def test_statement_of_days_that_no_book_has_is_refused(db: None, at: datetime, day: str) -> None:
    client = browser(cast.market(at).buyer)

    page = client.get(f"/statement?since={day}&until={day}")
    table = client.get(f"/statement.csv?since={day}&until={day}")

    assert page.status_code == 200
    told = "must not be after 2099-12-31" if day > "2050" else "must not be before 2000-01-01"
    assert told in text_of(page.content.decode())
    assert table.status_code == 400
