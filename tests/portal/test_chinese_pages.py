"""A Chinese page says everything in Chinese: no English word, no code, no half-width mark."""

import re
from collections.abc import Iterable
from datetime import datetime

import pytest
from django.test import Client

from compliance.models import Declaration
from core.actors import Member
from core.models import Organisation
from exchange.portal.gallery import PAGES
from tests import make
from tests.compliance import cast as desk
from tests.exchange import cast
from tests.portal.test_pages import show
from tests.portal.test_views import browser
from tests.portal.visible import english_in, half_width_in, texts_of

CHINESE = "zh-hans"
CONFIRM = {**cast.STANDING, "code": "P2", "offer_mode": "confirm"}
PLANS = [cast.STANDING, CONFIRM, {**cast.NEGOTIATED, "code": "P3"}]
CONTENT = {
    "topic": "水文",
    "title": {"zh": "长江水位日报", "en": ""},
    "summary": {"zh": "每日水位与流量。", "en": ""},
    "description": {"zh": "长江干流各水文站每日八时水位与流量。", "en": ""},
    "dictionary": [
        {"name": "站号", "type": "code", "meaning": "水文站", "sensitivity": "none"},
        {"name": "水位", "type": "decimal", "meaning": "水位，米", "sensitivity": "none"},
    ],
}
# Not pages, or the same page once more.
PASSED_OVER = ("/static/", "/api/", "/accounts/logout", "/gallery", "/language")
MOST_OF_A_KIND = 3


def test_visible_text_is_what_a_reader_sees() -> None:
    page = (
        '<html lang="zh-Hans"><head><title>x</title></head><body><p title="提示">合同: <b>已签</b>'
        '<code>forbidden</code> <button lang="en">Read</button> buyer<br> CNY 3 kB</p></body>'
    )

    assert texts_of(page) == ["提示", "合同:", "已签", "buyer", "CNY 3 kB"]
    assert english_in(page) == ["buyer"]
    assert half_width_in(page) == ["合同:"]


@pytest.mark.parametrize("name", ["", *(name for name in PAGES if name != "500")])
def test_example_page_in_chinese_has_no_english_word(name: str) -> None:
    page = show(name, CHINESE)

    assert english_in(page) == []
    assert half_width_in(page) == []


def test_page_of_the_market_in_chinese_has_no_english_word(db: None, at: datetime) -> None:
    market = cast.market(at, plans=PLANS, **CONTENT)
    _named_in_chinese()
    clients = _busy(market)

    found = {
        (who, address, text)
        for who, client in clients.items()
        for address, page in _pages(client, ["/", "/verify?code=00", "/problems/forbidden"])
        for text in english_in(page) + half_width_in(page)
    }

    # What was signed stands as it was signed, before everybody had a Chinese name.
    signed = {one.document["organisation"]["name_en"] for one in Declaration.objects.all()}
    assert {one for one in found if one[2] not in signed} == set()


def _named_in_chinese() -> None:
    for number, one in enumerate(Organisation.objects.order_by("pk")):
        one.name_zh, one.name_en, one.country = f"第{number}公司", "", "CN"
        one.save(update_fields=["name_zh", "name_en", "country"])


def _busy(market: cast.Market) -> dict[str, Client]:
    """Orders of every kind and outcome, and a browser of each who reads them."""
    plans = {plan.code: str(plan.pk) for plan in market.version.plans.all()}
    trade = cast.delivered(market)
    for changes in (
        {"purpose": "marketing"},
        {"plan": plans["P2"]},
        {"plan": plans["P3"]},
    ):
        cast.place(market, **changes)
    readers: dict[str, Member | None] = {
        "stranger": None,
        "buyer": market.buyer,
        "vendor": market.vendor,
        "reviewer": market.desk.maker,
        "officer": make.staff(market.at, "officer"),
    }
    desk.queued(market.vendor, market.at, **CONTENT)
    clients = {who: browser(member, CHINESE) for who, member in readers.items()}
    clients["buyer"].post(f"/trades/{trade.pk}/dispute", {"reason": "部分行为空"})
    return clients


def _pages(client: Client, starts: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pages that links lead to from `starts`, a few of each kind."""
    todo, seen, kinds = list(starts), dict[str, str](), dict[str, int]()
    while todo:
        address = todo.pop(0)
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", address.partition("?")[0])
        if address in seen or kinds.get(kind, 0) == MOST_OF_A_KIND:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        response = client.get(address, follow=True)
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        seen[address] = page = response.content.decode()
        links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)', page)]
        todo += [link for link in links if not link.startswith(PASSED_OVER)]
    return list(seen.items())
