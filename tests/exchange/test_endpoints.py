"""The API of the roof: each side, a stranger, an outsider; bad input; the same request twice."""

from datetime import datetime
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from exchange.models import Order, Trade
from tests import make
from tests.compliance import cast as desk
from tests.exchange import cast
from tests.listings.cast import Api

pytestmark = pytest.mark.usefixtures("standing_market")


@pytest.fixture
def market(db: None, at: datetime) -> cast.Market:
    return cast.market(at)


def test_order_is_placed(market: cast.Market) -> None:
    response = Api(market.buyer, market.at).post("orders", cast.form(market))

    assert response.status_code == 201, response.content
    answer = response.json()
    assert (answer["state"], answer["total_minor"]) == ("MATCHED", 120_000)
    assert Trade.objects.get().pk.hex == answer["trade_id"].replace("-", "")


def test_refused_order_is_a_problem_with_every_finding(market: cast.Market) -> None:
    response = Api(market.buyer, market.at).post(
        "orders", cast.form(market, purpose="marketing", price_limit_minor=1)
    )

    problem = response.json()
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert problem["type"] == "/problems/order-refused"
    refusals = [finding["refusal"] for finding in problem["order"]["findings"]]
    assert refusals == ["use-not-permitted", "over-price-limit"]
    assert Order.objects.get().state == "REFUSED"


def test_same_request_twice_has_one_effect(market: cast.Market) -> None:
    api = Api(market.buyer, market.at)

    first = api.post("orders", cast.form(market), key="the-same-key")
    second = api.post("orders", cast.form(market), key="the-same-key")

    assert first.json() == second.json()
    assert (first.status_code, second.status_code) == (201, 201)
    assert Order.objects.count() == 1


def test_same_refusal_twice_is_the_same_problem(market: cast.Market) -> None:
    api = Api(market.buyer, market.at)
    form = cast.form(market, price_limit_minor=1)

    first = api.post("orders", form, key="the-same-key")
    second = api.post("orders", form, key="the-same-key")

    assert (first.status_code, second.status_code) == (422, 422)
    assert first.json() == second.json()
    assert Order.objects.count() == 1


def test_key_for_another_request_is_refused(market: cast.Market) -> None:
    api = Api(market.buyer, market.at)
    api.post("orders", cast.form(market), key="the-same-key")

    other = api.post("orders", cast.form(market, volume=2), key="the-same-key")

    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")
    assert Order.objects.count() == 1


def test_batch_judges_each_by_itself(market: cast.Market) -> None:
    forms = [cast.form(market), cast.form(market, purpose="marketing"), cast.form(market)]

    response = Api(market.buyer, market.at).post("orders/batch", {"orders": forms})

    states = [answer["state"] for answer in response.json()["results"]]
    assert response.status_code == 201
    assert states == ["MATCHED", "REFUSED", "MATCHED"]
    assert Trade.objects.count() == 2


def test_check_writes_nothing(market: cast.Market) -> None:
    api = Api(market.buyer, market.at)
    before = cast.everything()

    clear = api.post("orders/check", cast.form(market)).json()
    refused = api.post("orders/check", cast.form(market, purpose="marketing")).json()

    assert (clear["verdict"], clear["total_minor"]) == ("match", 120_000)
    assert (refused["verdict"], refused["code"]) == ("refuse", "use-not-permitted")
    assert cast.everything()[:3] == before[:3]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"volume": -1}, "volume"),
        ({"volume": 10**13}, "volume"),
        ({"territory": "CN 31"}, "territory"),
        ({"volume": "1"}, "volume"),
        ({"volume": 1.5}, "volume"),
        ({"volume": True}, "volume"),
        ({"term_days": 0}, "term_days"),
        ({"purpose": "world domination"}, "purpose"),
        ({"plan": "not-an-id"}, "plan"),
        ({"price_limit_minor": -5}, "price_limit_minor"),
        ({"label": "x" * 61}, "label"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_bad_field_is_named(market: cast.Market, change: dict[str, Any], field: str) -> None:
    response = Api(market.buyer, market.at).post("orders", cast.form(market, **change))

    assert response.status_code == 400, response.content
    assert list(response.json()["errors"]) == [field]
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"plan": "\xff"}',
        b'{"volume": 1e999}',
        b'{"volume": 9223372036854775808}',
        b'{"territory": "CN\\u0000"}',
        b'{"a":' * 200 + b"1" + b"}" * 200,
        b'{"label": "' + b"x" * 3_000_000 + b'"}',
    ],
)
def test_unreadable_body_is_refused(market: cast.Market, body: bytes) -> None:
    response = Api(market.buyer, market.at).post("orders", body)

    assert response.status_code in {400, 413}, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    assert not Order.objects.exists()


def test_unknown_plan_is_not_found(market: cast.Market) -> None:
    form = cast.form(market, plan="00000000-0000-7000-8000-000000000000")

    response = Api(market.buyer, market.at).post("orders", form)

    assert (response.status_code, response.json()["code"]) == (404, "plan-not-offered")


def test_plan_of_a_draft_is_not_found(market: cast.Market) -> None:
    draft = desk.draft(market.vendor, market.at)
    form = cast.form(market, plan=str(draft.plans.get().pk))

    response = Api(market.buyer, market.at).post("orders", form)

    assert response.status_code == 404


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("stranger", 401, "not-signed-in"),
        ("vendor", 403, "forbidden"),
        ("venue", 403, "venue-staff-cannot-trade"),
    ],
)
def test_others_may_not_order(market: cast.Market, who: str, status: int, code: str) -> None:
    actor = {
        "stranger": None,
        "vendor": market.vendor,
        "venue": make.staff(market.at, "officer"),
    }[who]

    response = Api(actor, market.at).post("orders", cast.form(market))

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert not Order.objects.exists()


@pytest.mark.parametrize("address", ["orders", "trades", "demands"])
def test_lists_show_ones_own_only(market: cast.Market, address: str) -> None:
    Api(market.buyer, market.at).post("orders", cast.form(market))

    own = Api(market.buyer, market.at).get(address).json()["results"]
    other = Api(make.buyer(market.at), market.at).get(address).json()["results"]

    assert len(own) == (0 if address == "demands" else 1)
    assert other == []


def test_outsider_finds_neither_order_nor_trade(market: cast.Market) -> None:
    answer = Api(market.buyer, market.at).post("orders", cast.form(market)).json()
    outsider = Api(make.buyer(market.at), market.at)
    addresses = [
        f"orders/{answer['id']}",
        f"orders/{answer['id']}/events",
        f"trades/{answer['trade_id']}",
        f"trades/{answer['trade_id']}/events",
        f"trades/{answer['trade_id']}/contract",
    ]

    for member in (market.buyer, market.vendor):
        assert [Api(member, market.at).get(one).status_code for one in addresses] == [200] * 5
    assert [outsider.get(one).status_code for one in addresses] == [404] * 5


def test_anybody_can_verify_a_contract_by_its_hash(market: cast.Market) -> None:
    answer = Api(market.buyer, market.at).post("orders", cast.form(market)).json()
    stranger = Api(None, market.at)

    known = stranger.get(f"contracts/{answer['contract_sha256']}")
    unknown = stranger.get(f"contracts/{'0' * 64}")

    assert sorted(known.json()) == ["concluded_at", "sha256"]
    assert unknown.status_code == 404


def test_pages_tell_what_the_reader_may_do(market: cast.Market, at: datetime) -> None:
    confirm = cast.market(at, plans=[{**cast.STANDING, "offer_mode": "confirm"}])
    order = cast.place(confirm)["id"]

    buyer = Api(confirm.buyer, at).get(f"orders/{order}").json()
    vendor = Api(confirm.vendor, at).get(f"orders/{order}").json()

    assert (buyer["verbs"], vendor["verbs"]) == (["cancel"], ["confirm", "decline"])


def test_each_verb_answers_over_http(market: cast.Market, at: datetime) -> None:
    dealt = cast.market(at, plans=[cast.NEGOTIATED])
    buyer, vendor = Api(dealt.buyer, at), Api(dealt.vendor, at)
    order = buyer.post("orders", cast.form(dealt)).json()["id"]

    quote = vendor.post(f"orders/{order}/quotes", {"amount_minor": 5_000})
    accepted = buyer.post(f"orders/{order}/accept", {"number": 1})
    late = vendor.post(f"orders/{order}/decline", {"reason": "too late"})

    assert (quote.status_code, accepted.status_code) == (201, 201), accepted.content
    assert accepted.json()["amount_minor"] == 5_000
    assert (late.status_code, late.json()["code"]) == (409, "illegal-transition")


def test_refusal_tells_each_finding_with_law_and_way_out_in_the_readers_language(
    market: cast.Market,
) -> None:
    form = cast.form(market, purpose="marketing", price_limit_minor=1)

    api, told = Api(market.buyer, market.at), {}
    for language in ("en", "zh-hans"):
        api.headers["Accept-Language"] = language
        told[language] = api.post("orders", form).json()

    use, price = told["en"]["order"]["findings"]
    assert (use["code"], use["refusal"], use["title"]) == (
        "USE-01",
        "use-not-permitted",
        "The purpose is not permitted",
    )
    assert [source["article"] for source in use["sources"]] == ["23", "32", "15"]
    assert use["way_out"] == "Choose a permitted purpose, or ask the vendor to permit this one"
    assert (price["code"], price["refusal"]) == ("over-price-limit", "over-price-limit")
    assert price["title"] == "The price is over your limit"
    assert price["why"] == "The price is over the limit that you set for this order."
    assert price["way_out"] == "Raise your limit, ask for less, or choose another plan."
    assert price["who"] == "you, the buyer"
    assert [source["article"] for source in price["sources"]] == ["488"]
    assert [(fact["path"], fact["value"]) for fact in price["facts"]] == [
        ("amount_minor", "¥\u202f1,200.00"),
        ("limit_minor", "¥\u202f0.01"),
    ]
    assert told["zh-hans"]["order"]["findings"][0]["title"] == "用途不在允许范围内"
    assert told["zh-hans"]["order"]["findings"][1]["title"] == "价格超出你的限价"


def test_order_and_check_tell_the_same_findings_as_the_refusal(market: cast.Market) -> None:
    api = Api(market.buyer, market.at)
    form = cast.form(market, purpose="marketing", price_limit_minor=1)
    problem = api.post("orders", form).json()

    order = api.get(f"orders/{problem['order']['id']}").json()
    check = api.post("orders/check", form).json()
    batch = api.post("orders/batch", {"orders": [form, cast.form(market)]}).json()["results"]

    findings = problem["order"]["findings"]
    assert [one["refusal"] for one in findings] == ["use-not-permitted", "over-price-limit"]
    assert order["findings"] == check["findings"] == batch[0]["findings"] == findings
    assert (batch[1]["state"], batch[1]["findings"]) == ("MATCHED", [])


def test_openapi_says_what_a_refused_order_shows() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)

    for path in ("orders", "orders/{order_id}/confirm", "orders/{order_id}/accept"):
        refused = schema["paths"][f"/api/v1/{path}"]["post"]["responses"]["422"]
        assert list(refused["content"]) == ["application/problem+json"]
    shown = schema["components"]["schemas"]["FindingOut"]["properties"]
    assert {"title", "sources", "why", "change", "who", "way_out"} <= shown.keys()
