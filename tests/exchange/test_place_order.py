"""Placing an order: matched at once on a standing offer, or left open, or refused with reasons."""

import json
from datetime import datetime
from hashlib import sha256

import pytest

from core.models import Event, Work
from exchange.models import Contract, Order, Trade
from settlement.models import Hold
from tests.exchange import cast

pytestmark = pytest.mark.usefixtures("standing_market")


def test_standing_offer_is_matched_at_once(db: None, at: datetime) -> None:
    market = cast.market(at, fees=cast.BOTH_PAY)

    answer = cast.place(market)

    trade = Trade.objects.get()
    assert answer["state"] == "MATCHED"
    assert answer["code"] == ""
    assert (answer["amount_minor"], answer["buyer_fee_minor"]) == (120_000, 1_200)
    assert answer["total_minor"] == 121_200
    assert answer["trade_id"] == str(trade.pk)
    assert Order.objects.get().state == "MATCHED"
    assert (trade.state, trade.clearance_id) == ("FUNDED", market.clearance.pk)
    assert (trade.amount_minor, trade.buyer_fee_minor) == (120_000, 1_200)


def test_price_and_buyers_fee_are_held(db: None, at: datetime) -> None:
    market = cast.market(at, fees=cast.BOTH_PAY)

    trade = cast.matched(market)

    hold = Hold.objects.get()
    assert (hold.reference, hold.amount_minor) == (str(trade.pk), 121_200)
    held = cast.balances(market.buyer.organisation_id)
    assert (held["custody"], held["held"]) == (cast.PLENTY - 121_200, 121_200)


def test_contract_is_frozen_and_hashed(db: None, at: datetime) -> None:
    market = cast.market(at)

    trade = cast.matched(market)

    contract = Contract.objects.get(trade=trade)
    document = json.loads(contract.text)
    assert sha256(contract.text.encode()).hexdigest() == contract.sha256
    assert sorted(document["items"]) == [
        "amount",
        "description",
        "mode",
        "quality",
        "secrecy",
        "security",
        "term",
        "time",
        "use",
    ]
    assert document["items"]["use"]["purpose"] == "research"
    assert contract.buyer_assent["organisation"] == str(market.buyer.organisation_id)
    assert contract.vendor_assent["by"] == "standing-offer:P1"


def test_events_and_work_are_left(db: None, at: datetime) -> None:
    market = cast.market(at)

    trade = cast.matched(market)

    order = Event.objects.get(subject="order")
    told = Event.objects.get(subject="trade")
    assert (order.verb, order.before, order.after) == ("match", "PLACED", "MATCHED")
    assert (told.verb, told.subject_id) == ("conclude", trade.pk)
    assert list(Work.objects.filter(event=told).values_list("reaction", flat=True)) == ["deliver"]


def test_confirm_offer_waits_for_the_vendor(db: None, at: datetime) -> None:
    market = cast.market(at, plans=[{**cast.STANDING, "offer_mode": "confirm"}])

    answer = cast.place(market, answer_within_seconds=60)

    order = Order.objects.get()
    assert (answer["state"], order.state) == ("AWAITING", "AWAITING")
    assert (order.answer_by - at).total_seconds() == 60
    assert not Trade.objects.exists()
    assert not Hold.objects.exists()


def test_negotiated_offer_opens_a_negotiation(db: None, at: datetime) -> None:
    market = cast.market(at, plans=[cast.NEGOTIATED])

    answer = cast.place(market)

    assert (answer["state"], answer["amount_minor"]) == ("NEGOTIATING", None)
    assert not Hold.objects.exists()


def refusal(market: cast.Market, **changes: object) -> dict[str, object]:
    answer = cast.place(market, **changes)
    assert answer["state"] == "REFUSED", answer
    order = Order.objects.get(pk=answer["id"])
    assert (order.state, order.refusal_code) == ("REFUSED", answer["code"])
    assert order.findings == answer["findings"]
    assert not Trade.objects.exists()
    assert not Hold.objects.exists()
    return answer


def test_purpose_outside_the_permitted_use_is_refused(db: None, at: datetime) -> None:
    assert refusal(cast.market(at), purpose="marketing")["code"] == "use-not-permitted"


def test_territory_outside_the_permitted_use_is_refused(db: None, at: datetime) -> None:
    assert refusal(cast.market(at), territory="DE")["code"] == "territory-not-permitted"


def test_too_little_money_is_refused(db: None, at: datetime) -> None:
    market = cast.market(at, funds_minor=119_999)

    answer = refusal(market)

    assert answer["code"] == "insufficient-funds"
    assert answer["findings"][0]["facts"] == {
        "needed_minor": 120_000,
        "available_minor": 119_999,
    }


def test_money_for_the_price_but_not_for_the_fee_is_refused(db: None, at: datetime) -> None:
    market = cast.market(at, funds_minor=121_199, fees=cast.BOTH_PAY)

    assert refusal(market)["code"] == "insufficient-funds"


def test_price_over_the_limit_is_refused(db: None, at: datetime) -> None:
    assert refusal(cast.market(at), price_limit_minor=119_999)["code"] == "over-price-limit"


def fixed(at: datetime, minor: int) -> cast.Market:
    """A market whose allocation pays a fixed amount before anything is shared."""
    market = cast.market(at)
    beneficiary = str(market.vendor.organisation_id)
    allocation = [
        {"beneficiary": beneficiary, "role": "brokerage", "fixed_minor": minor},
        {"beneficiary": beneficiary, "role": "operation", "remainder": True},
    ]
    return cast.market(at, allocation=allocation)


def test_price_that_cannot_pay_its_allocation_is_refused(db: None, at: datetime) -> None:
    # 120,000 less the vendor's fee of 3 % leaves 116,400.
    assert refusal(fixed(at, 116_401))["code"] == "allocation-not-payable"


def test_price_that_just_pays_its_allocation_is_matched(db: None, at: datetime) -> None:
    assert cast.place(fixed(at, 116_400))["state"] == "MATCHED"


def test_every_reason_is_told(db: None, at: datetime) -> None:
    market = cast.market(at, funds_minor=1)

    answer = refusal(market, purpose="marketing", territory="DE", price_limit_minor=1)

    refusals = [finding["refusal"] for finding in answer["findings"]]
    assert {
        "use-not-permitted",
        "territory-not-permitted",
        "over-price-limit",
        "insufficient-funds",
    } <= set(refusals)
