"""Demands: a published need, a named shortlist with reasons, vendors' answers, the buyer's pick."""

from datetime import datetime

import pytest

from core.errors import Conflict, Forbidden, NotFound
from exchange.errors import PlanNotOffered
from exchange.models import Demand, DemandQuote, Shortlist, Trade
from exchange.selectors.pages import demand_page
from exchange.services import demands
from tests import make
from tests.exchange import cast

pytestmark = pytest.mark.usefixtures("standing_market")


def published(market: cast.Market, **changes: object) -> Demand:
    terms: dict[str, object] = {
        "title": "River levels",
        "words": "水位 levels",
        "industry": "N76",
        "form": "dataset",
        "purpose": "research",
        "territory": "CN-31",
        "price_limit_minor": 200_000,
        "currency": "CNY",
    }
    demand: Demand = demands.publish_demand(
        **(terms | changes),  # type: ignore[arg-type]
        actor=market.buyer,
        at=market.at,
    )
    return demand


def test_shortlist_names_offers_with_reasons(db: None, at: datetime) -> None:
    market = cast.market(at)

    demand = published(market)

    shortlist = Shortlist.objects.get(demand=demand)
    (offer,) = shortlist.offers
    assert offer["plan"] == str(market.plan.pk)
    assert offer["points"] == 58
    assert offer["reasons"] == [
        "words:水位,levels",
        "industry",
        "form",
        "within-price-limit",
        "standing-offer",
    ]
    assert shortlist.left_out == []
    assert not Trade.objects.exists()


def test_what_is_left_out_says_why(db: None, at: datetime) -> None:
    market = cast.market(at)

    demand = published(market, price_limit_minor=1)

    shortlist = Shortlist.objects.get(demand=demand)
    assert shortlist.offers == []
    assert [out["reason"] for out in shortlist.left_out] == ["over-price-limit"]


def test_answer_is_picked_at_its_price(db: None, at: datetime) -> None:
    market = cast.market(at)
    demand = published(market)
    quote = answer(market, demand, 90_000, price_reason="actual_need_custom")

    answered = demands.pick_quote(
        quote_id=quote.pk, term_days=30, volume=1, actor=market.buyer, at=at
    )

    trade = Trade.objects.get()
    assert (answered["state"], trade.amount_minor) == ("MATCHED", 90_000)
    assert trade.order.demand_id == demand.pk
    assert trade.contract.vendor_assent["by"] == "answer-to-demand"


def test_another_price_without_a_reason_is_refused_by_the_gate(db: None, at: datetime) -> None:
    market = cast.market(at)
    quote = answer(market, published(market), 90_000)

    answered = demands.pick_quote(
        quote_id=quote.pk, term_days=30, volume=1, actor=market.buyer, at=at
    )

    assert answered["state"] == "REFUSED"
    assert [finding["code"] for finding in answered["findings"]] == ["CON-10"]
    assert not Trade.objects.exists()


def test_vendor_answers_once_with_its_own_plan_only(db: None, at: datetime) -> None:
    market = cast.market(at)
    demand = published(market)
    answer(market, demand, 90_000)

    with cast.refused(Conflict):
        answer(market, demand, 80_000)
    market.vendor = make.vendor(at)
    with cast.refused(PlanNotOffered):
        answer(market, demand, 80_000)
    assert DemandQuote.objects.count() == 1


def test_only_the_buyer_picks_and_closes(db: None, at: datetime) -> None:
    market = cast.market(at)
    demand = published(market)
    quote = answer(market, demand, 90_000)

    with cast.refused(NotFound, demand):
        demands.pick_quote(quote_id=quote.pk, term_days=30, volume=1, actor=make.buyer(at), at=at)
    with cast.refused(Forbidden, demand):
        demands.close_demand(demand_id=demand.pk, actor=market.vendor, at=at)


def test_shortlist_is_the_buyers_alone(db: None, at: datetime) -> None:
    market = cast.market(at)
    demand = published(market)
    answer(market, demand, 90_000)

    own = demand_page(demand.pk, market.buyer, at)
    other = demand_page(demand.pk, make.vendor(at), at)

    assert own.shortlist is not None
    assert len(own.quotes) == 1
    assert (other.shortlist, other.quotes) == (None, ())


def answer(market: cast.Market, demand: Demand, amount_minor: int, **terms: str) -> DemandQuote:
    quote: DemandQuote = demands.answer_demand(
        demand_id=demand.pk,
        plan_id=market.plan.pk,
        amount_minor=amount_minor,
        price_reason=terms.get("price_reason", ""),
        note="",
        actor=market.vendor,
        at=market.at,
    )
    return quote
