"""What an offer rests on: a right that is withdrawn stops orders before any sweep has run."""

from datetime import datetime

import pytest
from django.db import transaction

from exchange.models import Order, Trade
from exchange.services import conclusion, orders
from listings import services as listings
from tests.exchange import cast

pytestmark = pytest.mark.usefixtures("standing_market")


def withdraw(market: cast.Market, at: datetime) -> None:
    listings.withdraw_right(
        rights_record_id=market.version.content["rights"][0], actor=market.vendor, at=at
    )


def test_order_is_refused_from_the_moment_a_right_is_withdrawn(db: None, at: datetime) -> None:
    market = cast.market(at)
    assert cast.place(market)["state"] == "MATCHED"
    withdraw(market, at)

    answer = cast.place(market)

    assert (answer["state"], answer["code"]) == ("REFUSED", "right-withdrawn")
    assert Trade.objects.count() == 1


def test_order_that_waited_is_not_confirmed_on_a_withdrawn_right(db: None, at: datetime) -> None:
    market = cast.market(at, plans=[{**cast.STANDING, "offer_mode": "confirm"}])
    placed = cast.place(market)
    withdraw(market, at)

    answer = orders.confirm_order(order_id=placed["id"], actor=market.vendor, at=at)

    assert (answer["state"], answer["code"]) == ("REFUSED", "right-withdrawn")
    assert Order.objects.get().state == "REFUSED"
    assert not Trade.objects.exists()


def test_database_refuses_a_trade_on_a_right_withdrawn_after_the_gate(
    db: None, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = cast.market(at)
    read = conclusion.gate_contexts

    def overtaken(*wanted: object, **more: object) -> object:
        found = read(*wanted, **more)  # type: ignore[arg-type]
        withdraw(market, at)
        monkeypatch.setattr(conclusion, "gate_contexts", read)
        return found

    monkeypatch.setattr(conclusion, "gate_contexts", overtaken)

    with pytest.raises(conclusion.OvertakenByChange), transaction.atomic():
        cast.place(market)

    assert not Trade.objects.exists()
