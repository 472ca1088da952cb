"""Demands on pages: publish, read the ranked offers and why, quote, pick; each sees its own."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Event
from exchange.models import Demand, DemandQuote, Order, Shortlist, Trade
from exchange.services import demands
from tests import make
from tests.exchange import cast
from tests.exchange.test_demands import published
from tests.portal.test_views import browser, text_of

pytestmark = pytest.mark.usefixtures("standing_market")

FORM = {
    "title": "River levels, daily",
    "words": "水位 levels",
    "industry": "",
    "form": "dataset",
    "purpose": "research",
    "territory": "CN-SH",
    "price_limit": "2,000.00",
    "key": "a-click",
}


def quoted(market: cast.Market, demand: Demand) -> DemandQuote:
    quote: DemandQuote = demands.answer_demand(
        demand_id=demand.pk,
        plan_id=market.plan.pk,
        amount_minor=120_000,
        price_reason="",
        note="from two gauges",
        actor=market.vendor,
        at=market.at,
    )
    return quote


def test_published_demand_names_offers_with_the_reasons_for_their_rank(
    db: None, at: datetime
) -> None:
    market = cast.market(at)
    client = browser(market.buyer)
    assert "You have published no demand" in client.get("/demands").content.decode()

    first, second = client.post("/demands/new", FORM), client.post("/demands/new", FORM)

    demand = Demand.objects.get()
    assert first["Location"] == second["Location"] == f"/demands/{demand.pk}"
    assert (demand.price_limit_minor, demand.currency) == (200_000, "CNY")
    page = text_of(client.get(first["Location"]).content.decode())
    assert "Yangtze water levels" in page
    assert (
        "Why here: it speaks of 水位, levels; the form you want; within your price limit; "
        "it can be ordered at once"
    ) in page
    assert "River levels, daily" in client.get("/demands").content.decode()


def test_demand_page_speaks_chinese(db: None, at: datetime) -> None:
    market = cast.market(at)
    demand = published(market)

    page = text_of(browser(market.buyer, "zh-hans").get(f"/demands/{demand.pk}").content.decode())

    assert "符合需求的要约" in page
    assert "长江水位日报" in page
    assert (
        "内容提到 水位, levels" in page or "内容提到 水位，levels" in page or "水位、levels" in page
    )


def test_offers_left_out_say_why(db: None, at: datetime) -> None:
    market = cast.market(at)
    demand = published(market, price_limit_minor=1)

    page = text_of(browser(market.buyer).get(f"/demands/{demand.pk}").content.decode())

    assert "1 offer left out, and why" in page
    assert "The price is over your limit" in page
    assert "No cleared offer answers it yet." in page


def test_bad_demand_keeps_what_was_typed(db: None, at: datetime) -> None:
    market = cast.market(at)

    response = browser(market.buyer).post("/demands/new", {**FORM, "price_limit": "lots"})

    page = response.content.decode()
    assert response.status_code == 200
    assert "must be an amount with at most 2 decimals, not below zero" in page
    assert 'value="River levels, daily"' in page
    assert (Demand.objects.count(), Shortlist.objects.count()) == (0, 0)


def test_vendor_finds_the_demand_and_answers_once(db: None, at: datetime) -> None:
    market = cast.market(at)
    demand = published(market)
    vendor, address = browser(market.vendor), f"/demands/{demand.pk}"
    assert "River levels" in vendor.get("/demands").content.decode()
    page = vendor.get(address).content.decode()
    assert "Answer with a quote" in page
    assert "Offers that answer it" not in page
    form = {"plan": str(market.plan.pk), "price": "900.50", "note": "two gauges", "key": "once"}

    vendor.post(f"{address}/quotes", {**form, "price": "nine hundred"})
    assert not DemandQuote.objects.exists()
    refused = vendor.post(f"{address}/quotes", {**form, "price": "nine hundred"}).content.decode()
    assert "two gauges" in refused
    assert f'<option value="{market.plan.pk}" selected>' in refused
    vendor.post(f"{address}/quotes", form)
    vendor.post(f"{address}/quotes", form)

    assert DemandQuote.objects.get().amount_minor == 90_050
    after = text_of(vendor.get(address).content.decode())
    assert "¥\u202f900.50" in after
    assert "You have no other plan on offer to answer with." in after
    assert "answered by you" in vendor.get("/demands").content.decode()


def test_vendor_sees_no_quote_and_no_history_of_others(db: None, at: datetime) -> None:
    market = cast.market(at)
    demand = published(market)
    quoted(market, demand)

    page = browser(make.vendor(at)).get(f"/demands/{demand.pk}").content.decode()

    assert "from two gauges" not in page
    assert "Answered with an offer" not in page


def test_buyer_picks_a_quote_and_the_contract_is_concluded(db: None, at: datetime) -> None:
    market = cast.market(at)
    demand = published(market, territory="CN-SH")
    quote = quoted(market, demand)
    buyer = browser(market.buyer)
    pick = f"/demands/{demand.pk}/pick/{quote.pk}"
    assert pick in buyer.get(f"/demands/{demand.pk}").content.decode()

    form = {"term_days": "30", "volume": "1", "key": "a-click"}
    first, second = buyer.post(pick, form), buyer.post(pick, form)

    trade = Trade.objects.get()
    assert first["Location"] == second["Location"] == f"/trades/{trade.pk}"
    assert trade.amount_minor == 120_000
    assert f"/orders/{trade.order_id}" in buyer.get(f"/demands/{demand.pk}").content.decode()


def test_pick_that_the_gate_refuses_leads_to_the_reasons(db: None, at: datetime) -> None:
    market = cast.market(at, funds_minor=100)
    demand = published(market, territory="CN-SH")
    quote = quoted(market, demand)
    buyer = browser(market.buyer)
    pick = f"/demands/{demand.pk}/pick/{quote.pk}"

    late = buyer.post(pick, {"term_days": "-1", "volume": "1"})
    assert (late.status_code, Order.objects.count()) == (200, 0)
    assert 'value="-1"' in late.content.decode()
    page = buyer.post(pick, {"term_days": "30", "volume": "1"}, follow=True).content.decode()

    assert "Not enough money in custody" in page
    assert not Trade.objects.exists()


def test_other_organisations_pick_and_close_nothing(db: None, at: datetime) -> None:
    market = cast.market(at)
    demand = published(market)
    quote = quoted(market, demand)
    other = browser(cast.domestic_buyer(at))
    before = Event.objects.count()

    picked = other.post(f"/demands/{demand.pk}/pick/{quote.pk}", {"term_days": "30", "volume": "1"})
    closed = other.post(f"/demands/{demand.pk}/close", follow=True)

    assert picked.status_code == 404
    assert "There is nothing here, or it is not yours" in closed.content.decode()
    assert (Demand.objects.get().state, Order.objects.count(), Event.objects.count()) == (
        "OPEN",
        0,
        before,
    )


def test_amounts_are_in_the_currency_of_the_demand_whatever_is_posted(
    db: None, at: datetime
) -> None:
    market = cast.market(at)
    browser(market.buyer).post("/demands/new", {**FORM, "currency": "JPY"})
    demand = Demand.objects.get()

    browser(market.vendor).post(
        f"/demands/{demand.pk}/quotes",
        {"plan": str(market.plan.pk), "price": "1,200", "currency": "JPY", "key": "a-click"},
    )

    assert (demand.price_limit_minor, demand.currency) == (200_000, "CNY")
    assert DemandQuote.objects.get().amount_minor == 120_000


def test_closed_demand_is_its_buyers_alone(db: None, at: datetime) -> None:
    market = cast.market(at)
    demand = published(market)
    address = f"/demands/{demand.pk}"
    assert browser(market.vendor).get(address).status_code == 200

    browser(market.buyer).post(f"{address}/close", {"key": "a-click"})

    assert Demand.objects.get().state == "CLOSED"
    assert browser(market.buyer).get(address).status_code == 200
    assert browser(market.vendor).get(address).status_code == 404


@pytest.mark.parametrize("side", ["buyer", "vendor"])
def test_lists_and_pages_take_as_many_queries_for_one_as_for_many(
    db: None, at: datetime, side: str
) -> None:
    market = cast.market(at)
    demand = published(market)
    client = browser(market.buyer if side == "buyer" else market.vendor)
    addresses = (f"/demands?side={side}", f"/demands/{demand.pk}")
    few = [_counted(client, one) for one in addresses]
    quoted(market, demand)
    for number in range(5):
        published(market, title=f"Another {number}")

    many = [_counted(client, one) for one in addresses]

    assert few == many
    assert max(many) <= 15


def _counted(client: Any, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_long_list_goes_on(db: None, at: datetime) -> None:
    market = cast.market(at)
    first = published(market)
    for _ in range(50):
        published(market)
    client = browser(market.buyer)

    page = client.get("/demands").content.decode()
    more = re.search(r"/demands\?side=buyer&amp;after=[0-9a-f-]+", page)

    assert more is not None
    assert f"/demands/{first.pk}" not in page
    assert f"/demands/{first.pk}" in client.get(more[0].replace("&amp;", "&")).content.decode()
