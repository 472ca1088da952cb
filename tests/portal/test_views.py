"""The pages: each side reads its own, in both languages, at a fixed number of queries."""

import html
import re
import time
from datetime import datetime
from typing import Any
from urllib.parse import urlparse

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.actors import Member
from core.models import User
from exchange.models import Order, Trade
from exchange.services import trades
from listings import services as listings
from settlement.models import Hold
from tests import make
from tests.compliance import cast as desk
from tests.exchange import cast
from tests.listings import cast as offers

CONFIRM = [{**cast.STANDING, "offer_mode": "confirm"}]


def browser(member: Member | None, language: str = "en", *, signed_in: float = 0) -> Client:
    """A browser of somebody who signed in with a password, `signed_in` seconds ago."""
    client = Client(headers={"Accept-Language": language})
    if member is not None:
        user = User.objects.get(pk=member.user_id)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time() - signed_in}
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    return client


def text_of(page: str) -> str:
    """What a page says, without its tags."""
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def form(market: cast.Market, **changes: Any) -> dict[str, Any]:
    terms = {"purpose": "research", "territory": "CN-SH", "term_days": 30, "volume": 1}
    return {**terms, "key": "a-click", **changes}


def test_visitor_finds_what_is_on_offer_in_both_languages(db: None, at: datetime) -> None:
    market = cast.market(at)
    product = f"/catalogue/{market.version.product_id}"

    for language, title in (("en", "Yangtze water levels"), ("zh-hans", "长江水位日报")):
        client = browser(None, language)
        for address in ("/", "/catalogue", "/catalogue?q=水位", product):
            response = client.get(address)
            assert response.status_code == 200
            assert title in response.content.decode(), (language, address)
    assert "Nothing on offer" in browser(None).get("/catalogue?q=zebra").content.decode()


def test_stranger_is_led_to_sign_in(db: None) -> None:
    addresses = ("/orders", "/trades", "/statement", "/products", "/reviews", "/demands")
    for address in (*addresses, "/demands/new", "/statement.csv", "/organisation"):
        response = browser(None).get(address)
        assert (response.status_code, urlparse(response["Location"]).path) == (
            302,
            "/accounts/login/",
        )


def test_signing_twice_orders_once(db: None, at: datetime) -> None:
    market = cast.market(at)
    client, address = browser(market.buyer), f"/order/{market.plan.pk}"
    assert "Sign and order" in client.get(address).content.decode()

    first = client.post(address, form(market))
    second = client.post(address, form(market))

    trade = Trade.objects.get()
    assert first["Location"] == second["Location"] == f"/trades/{trade.pk}"
    page = client.get(first["Location"]).content.decode()
    assert "Yangtze water levels" in page
    assert Hold.objects.count() == 1


def test_gate_is_checked_while_the_form_is_filled(db: None, at: datetime) -> None:
    market = cast.market(at)
    client = browser(market.buyer)

    response = client.post(f"/order/{market.plan.pk}/check", form(market, purpose="marketing"))

    assert "outside the permitted use" in response.content.decode()
    assert not Order.objects.exists()


def test_refused_order_shows_why_and_keeps_nothing(db: None, at: datetime) -> None:
    market = cast.market(at)
    client = browser(market.buyer)

    response = client.post(f"/order/{market.plan.pk}", form(market, purpose="marketing"))

    order = Order.objects.get()
    assert response["Location"] == f"/order/{market.plan.pk}?refused={order.pk}"
    assert "outside the permitted use" in client.get(response["Location"]).content.decode()
    assert not Trade.objects.exists()
    assert not Hold.objects.exists()


def test_bad_form_says_what_to_correct_and_keeps_what_was_typed(db: None, at: datetime) -> None:
    market = cast.market(at)

    response = browser(market.buyer).post(
        f"/order/{market.plan.pk}", form(market, term_days="-4", label="our project")
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert "One thing to correct" in page
    assert "our project" in page
    assert not Order.objects.exists()


def test_vendor_confirms_with_a_button(db: None, at: datetime) -> None:
    market = cast.market(at, plans=CONFIRM)
    order = cast.place(market)["id"]
    vendor, buyer = browser(market.vendor), browser(market.buyer)
    assert "Confirm buyer" in vendor.get(f"/orders/{order}").content.decode()
    assert "Confirm buyer" not in buyer.get(f"/orders/{order}").content.decode()

    vendor.post(f"/orders/{order}/confirm", {"key": "click"})

    assert Order.objects.get().state == "MATCHED"


def test_negotiation_goes_to_and_fro(db: None, at: datetime) -> None:
    market = cast.market(at, plans=[cast.NEGOTIATED])
    order = cast.place(market)["id"]
    vendor, buyer = browser(market.vendor), browser(market.buyer)

    vendor.post(f"/orders/{order}/quote", {"price": "900.00", "note": "with support"})
    thread = buyer.get(f"/orders/{order}/negotiation").content.decode()
    buyer.post(f"/orders/{order}/accept", {"number": "1"})

    assert "900.00" in thread
    assert "On the table" in thread
    assert "Research" in thread
    after = buyer.get(f"/orders/{order}/negotiation").content.decode()
    assert "On the table" not in after
    assert "Your turn" not in after
    assert Trade.objects.get().amount_minor == 90_000


def test_buyer_accepts_and_the_vendor_has_no_such_button(db: None, at: datetime) -> None:
    market = cast.market(at)
    trade = cast.delivered(market)
    buyer, vendor = browser(market.buyer), browser(market.vendor)
    assert "Accept" in buyer.get(f"/trades/{trade.pk}").content.decode()

    refused = vendor.post(f"/trades/{trade.pk}/accept", follow=True)
    assert Trade.objects.get().state == "DELIVERING"
    assert "You may not do this" in refused.content.decode()

    buyer.post(f"/trades/{trade.pk}/accept")
    assert Trade.objects.get().state == "ACCEPTED"


def test_outsider_finds_no_page_of_others(db: None, at: datetime) -> None:
    market = cast.market(at)
    trade = cast.delivered(market)
    addresses = [
        f"/orders/{trade.order_id}",
        f"/trades/{trade.pk}",
        f"/trades/{trade.pk}/contract",
        f"/trades/{trade.pk}/contract.json",
        f"/trades/{trade.pk}/contract-proof.json",
    ]
    owner, outsider = browser(market.buyer), browser(make.buyer(at))

    assert [owner.get(one).status_code for one in addresses] == [200] * 5
    assert [outsider.get(one).status_code for one in addresses] == [404] * 5
    version = f"/versions/{market.version.pk}"
    assert browser(market.vendor).get(version).status_code == 200
    assert browser(make.vendor(at)).get(version).status_code == 404


def test_reviewers_decide_on_the_page(db: None, at: datetime) -> None:
    market = cast.market(at)
    review = desk.queued(market.vendor, at)
    maker, checker = browser(market.desk.maker), browser(market.desk.senior)
    assert "Yangtze water levels" in maker.get("/reviews").content.decode()

    for client, verb in ((maker, "approve"), (maker, "confirm"), (checker, "confirm")):
        assert client.get(f"/reviews/{review.pk}").status_code == 200
        client.post(f"/reviews/{review.pk}/{verb}", {"note": "as it should be"})
        review.refresh_from_db()
        assert review.state == {"confirm": "DECIDED"}.get(
            verb if client is checker else "", "PROPOSED"
        )

    assert browser(market.vendor).get("/reviews").status_code == 403


def test_reviewers_answer_on_the_page_what_only_a_person_can(db: None, at: datetime) -> None:
    market = cast.market(at)
    review = desk.queued(market.vendor, at, **desk.opened())
    maker, checker = browser(market.desk.maker), browser(market.desk.senior)
    address = f"/reviews/{review.pk}"

    asked = maker.get(address).content.decode()
    maker.post(f"{address}/approve", {"yes_PUB-07": "yes", "why_PUB-07": "the register"})
    review.refresh_from_db()
    unanswered = review.state
    answers = {f"yes_{code}": "yes" for code in ("PUB-07", "SRC-10")}
    answers |= {f"why_{code}": f"looked up {code}" for code in ("PUB-07", "SRC-10")}
    maker.post(f"{address}/approve", answers)
    shown = text_of(checker.get(address).content.decode())
    checker.post(f"{address}/confirm")
    review.refresh_from_db()

    assert [asked.count(f'name="yes_{code}"') for code in ("PUB-07", "SRC-10")] == [2, 2]
    assert unanswered == "QUEUED"
    assert "yes · looked up SRC-10" in shown
    assert review.state == "DECIDED"
    assert sorted(review.answers) == ["PUB-07", "SRC-10"]


def test_statement_adds_up(db: None, at: datetime) -> None:
    market = cast.market(at)
    cast.matched(market)

    page = browser(market.buyer).get("/statement").content.decode()

    figures = re.findall(r"<dd><data class=\"money\" value=\"([^\"]*)\">", page)
    assert figures == ["0.00", "1000000.00", "1200.00", "998800.00"]
    assert "Besides this, ¥\u202f1,200.00 is held for trades at this moment." in text_of(page)
    assert "Held for a trade" in page


@pytest.mark.parametrize(
    ("address", "most"),
    [("/catalogue", 8), ("/orders?side=buyer", 6), ("/trades", 6), ("/statement", 9)],
)
def test_lists_take_as_many_queries_for_one_row_as_for_many(
    db: None, at: datetime, address: str, most: int, django_assert_num_queries: Any
) -> None:
    market = cast.market(at)
    cast.place(market)
    client = browser(market.buyer)
    few = counted(client, address)
    for _ in range(6):
        cast.place(market)

    many = counted(client, address)

    assert few == many <= most


def counted(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_withdrawn_access_is_no_download(live_database: str, at: datetime) -> None:
    market = cast.market(at)
    file = offers.file_of(market.vendor, at, b"level\n4.2\n")
    release = listings.publish_release(
        version_id=market.version.pk,
        kind="data",
        file_id=file.pk,
        note="",
        actor=market.vendor,
        at=at,
    )
    trade = cast.delivered(market)
    client, address = browser(market.buyer), f"/trades/{trade.pk}/download/{release.pk}"
    assert client.get(address).status_code == 405
    fetched = client.post(address, follow=True)
    assert b"".join(fetched.streaming_content) == b"level\n4.2\n"  # type: ignore[arg-type]

    trades.refund_trade(
        trade_id=trade.pk, reason="asked for", actor=make.staff(at, "officer"), at=at
    )

    assert client.post(address, follow=True).status_code == 403


def test_corrected_order_after_a_refusal_is_a_new_one(db: None, at: datetime) -> None:
    market = cast.market(at)
    client, address = browser(market.buyer), f"/order/{market.plan.pk}"
    client.post(address, form(market, purpose="marketing"))

    client.post(address, form(market))

    assert sorted(Order.objects.values_list("state", flat=True)) == ["MATCHED", "REFUSED"]


def test_long_list_goes_on_and_forgets_nobody(db: None, at: datetime) -> None:
    market = cast.market(at, plans=CONFIRM)
    first = cast.place(market)["id"]
    for _ in range(51):
        cast.place(market)
    client = browser(market.vendor)

    page = client.get("/orders?side=vendor").content.decode()
    more = re.search(r"/orders\?side=vendor&amp;after=[0-9a-f-]+", page)

    assert more is not None
    assert f"/orders/{first}" in client.get(more[0].replace("&amp;", "&")).content.decode()
    assert page.index(f"/orders/{first}") > 0


def _stations(page: str) -> list[str]:
    path = page[page.index('<ol class="path"') :].partition("</ol>")[0]
    names = re.findall(r'<li class="station is-(\w+)".*?station-name">(.*?)<span', path, re.DOTALL)
    return [f"{name} {state}" for state, name in names]


def test_path_of_an_order_ends_with_how_it_ended(db: None, at: datetime) -> None:
    market = cast.market(at, plans=[cast.STANDING, {**CONFIRM[0], "code": "P2"}])
    confirmed = market.version.plans.get(code="P2")
    refused = cast.place(market, purpose="marketing")["id"]
    declined = cast.place(market, plan=str(confirmed.pk))["id"]
    buyer, vendor = browser(market.buyer), browser(market.vendor)
    assert _stations(buyer.get(f"/orders/{declined}").content.decode())[:3] == [
        "Ordered done",
        "Confirmed current",
        "Contracted ahead",
    ]

    vendor.post(f"/orders/{declined}/decline", {"reason": "not now"})

    pages = [buyer.get(f"/orders/{one}").content.decode() for one in (refused, declined)]
    assert [_stations(page) for page in pages] == [
        ["Ordered done", "Refused stopped"],
        ["Ordered done", "Declined by the vendor stopped"],
    ]


def test_path_of_a_refunded_trade_ends_with_the_refund(db: None, at: datetime) -> None:
    market = cast.market(at)
    trade = cast.delivered(market)
    client = browser(market.buyer)
    before = _stations(client.get(f"/trades/{trade.pk}").content.decode())
    assert before[:4] == ["Ordered done", "Contracted done", "Delivered done", "Accepted current"]

    trades.refund_trade(
        trade_id=trade.pk, reason="asked for", actor=make.staff(at, "officer"), at=at
    )

    after = _stations(client.get(f"/trades/{trade.pk}").content.decode())
    assert after == [*before[:3], "Refunded stopped"]


def test_pages_of_the_account_have_the_menu_of_every_page(db: None, at: datetime) -> None:
    market = cast.market(at)
    client = browser(market.buyer)
    menu = re.search(r'<nav class="shell-nav".*?</nav>', _text(client, "/"), re.DOTALL)
    assert menu is not None
    assert "/statement" in menu[0]

    for address in ("/accounts/email/", "/accounts/password/change/", "/accounts/sessions/"):
        assert menu[0] in _text(client, address), address
    assert "/statement" not in _text(browser(None), "/accounts/login/")


def _text(client: Client, address: str) -> str:
    return client.get(address, follow=True).content.decode()


def test_refusal_names_role_and_capacity_in_the_readers_language(db: None, at: datetime) -> None:
    market = cast.market(at)
    held = make.organisation(at=at, capacities=("buyer",))
    viewer = make.member(held, "viewer", at=at)

    for language, lacks, roles in (
        (
            "en",
            "Your organisation lacks the capacity “Buyer”.",
            "these roles: Owner, Trader.",
        ),
        ("zh-hans", "你所在组织没有“买方”资格。", "需要下列角色之一：所有者、交易员。"),
    ):
        address = f"/order/{market.plan.pk}"
        assert lacks in _text(browser(market.vendor, language), address)
        assert roles in _text(browser(viewer, language), address)
