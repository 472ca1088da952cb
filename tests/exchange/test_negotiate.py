"""Quote, counter, accept."""

from datetime import datetime
from typing import Any

from core.errors import Forbidden, IllegalTransition, NotFound, SigningLimit
from exchange.errors import NotYourTurn, QuoteOutdated
from exchange.models import Order, Quote, Trade
from exchange.services import negotiations
from tests import make
from tests.exchange import cast


def negotiation(at: datetime) -> tuple[cast.Market, Order]:
    market = cast.market(at, plans=[cast.NEGOTIATED])
    return market, Order.objects.get(pk=cast.place(market)["id"])


def quote(order: Order, amount_minor: int, actor: Any, at: datetime) -> Quote:
    return negotiations.quote_price(
        order_id=order.pk, amount_minor=amount_minor, note="", actor=actor, at=at
    )


def accept(order: Order, number: int, actor: Any, at: datetime) -> dict[str, Any]:
    return negotiations.accept_quote(order_id=order.pk, number=number, actor=actor, at=at)


def test_buyer_accepts_the_vendors_quote(db: None, at: datetime) -> None:
    market, order = negotiation(at)
    quote(order, 75_000, market.vendor, at)

    answer = accept(order, 1, market.buyer, at)

    trade = Trade.objects.get()
    assert answer["state"] == "MATCHED"
    assert trade.amount_minor == 75_000
    assert trade.contract.vendor_assent["by"] == "quote-1"
    assert trade.contract.buyer_assent["by"] == "acceptance-of-quote-1"


def test_vendor_accepts_the_buyers_counter(db: None, at: datetime) -> None:
    market, order = negotiation(at)
    quote(order, 75_000, market.vendor, at)
    quote(order, 60_000, market.buyer, at)

    answer = accept(order, 2, market.vendor, at)

    assert (answer["state"], answer["amount_minor"]) == ("MATCHED", 60_000)
    assert Order.objects.get().amount_minor == 60_000


def test_outdated_quote_is_not_accepted(db: None, at: datetime) -> None:
    market, order = negotiation(at)
    quote(order, 75_000, market.vendor, at)
    quote(order, 60_000, market.buyer, at)

    with cast.refused(QuoteOutdated, order):
        accept(order, 1, market.buyer, at)


def test_own_quote_is_not_accepted(db: None, at: datetime) -> None:
    market, order = negotiation(at)
    quote(order, 75_000, market.vendor, at)

    with cast.refused(NotYourTurn, order):
        accept(order, 1, market.vendor, at)


def test_nobody_quotes_twice_in_a_row(db: None, at: datetime) -> None:
    market, order = negotiation(at)
    quote(order, 75_000, market.vendor, at)

    with cast.refused(NotYourTurn, order):
        quote(order, 74_000, market.vendor, at)
    assert Quote.objects.count() == 1


def test_stranger_finds_nothing(db: None, at: datetime) -> None:
    market, order = negotiation(at)
    quote(order, 75_000, market.vendor, at)

    with cast.refused(NotFound, order):
        accept(order, 1, make.buyer(at), at)
    with cast.refused(NotFound, order):
        quote(order, 1, make.vendor(at), at)


def test_viewer_of_the_buyer_may_not_accept(db: None, at: datetime) -> None:
    market, order = negotiation(at)
    quote(order, 75_000, market.vendor, at)
    viewer = make.member(_organisation(market), "viewer", at=at)

    with cast.refused(Forbidden, order):
        accept(order, 1, viewer, at)


def test_quote_over_the_signing_limit_is_not_accepted(db: None, at: datetime) -> None:
    market, order = negotiation(at)
    quote(order, 75_000, market.vendor, at)
    limited = make.member(_organisation(market), "trader", at=at, signing_limit_minor=74_999)

    with cast.refused(SigningLimit, order):
        accept(order, 1, limited, at)


def test_ended_negotiation_takes_no_quote(db: None, at: datetime) -> None:
    market, order = negotiation(at)
    quote(order, 75_000, market.vendor, at)
    accept(order, 1, market.buyer, at)

    with cast.refused(IllegalTransition, order):
        quote(order, 1, market.buyer, at)


def test_confirmation_order_takes_no_quote(db: None, at: datetime) -> None:
    market = cast.market(at, plans=[{**cast.STANDING, "offer_mode": "confirm"}])
    order = Order.objects.get(pk=cast.place(market)["id"])

    with cast.refused(NotYourTurn, order):
        quote(order, 1, market.vendor, at)


def _organisation(market: cast.Market) -> Any:
    from core.models import Organisation

    return Organisation.objects.get(pk=market.buyer.organisation_id)
