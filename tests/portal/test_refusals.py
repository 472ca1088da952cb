"""A refused order: each finding with its law and its way out, and nothing typed is lost."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from compliance import services as compliance
from compliance.grounds import GROUNDS
from compliance.rules.findings import DEFAULT_REFUSALS, UNKNOWN_FACT
from exchange.models import Order, Trade
from exchange.portal.look import reason_card
from exchange.selectors.refusals import Reason
from exchange.templatetags.reasons import CARDS
from settlement.models import Hold
from tests import make
from tests.exchange import cast
from tests.portal.test_views import browser, form, text_of

pytestmark = pytest.mark.usefixtures("standing_market")

CHINESE = "zh-hans"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            (
                "The order is not cleared",
                "2 things stand in the way",
                "The purpose is not permitted",
                "Personal Information Protection Law",
                "art. 23",
                "Choose a permitted purpose, or ask the vendor to permit this one",
                "Who can: the buyer",
            ),
        ),
        (
            CHINESE,
            (
                "订单未通过检查",
                "有 2 项未通过",
                "用途不在允许范围内",
                "《个人信息保护法》",
                "第 23 条",
                "选择允许的用途，或请数据商增加该用途",
                "由谁办理：买方",
            ),
        ),
    ],
)
def test_refused_order_shows_each_finding_with_law_and_way_out(
    db: None, at: datetime, language: str, said: tuple[str, ...]
) -> None:
    market = cast.market(at)
    client = browser(market.buyer, language)
    typed = form(market, purpose="marketing", redistribution="on", label="our project")

    page = client.post(f"/order/{market.plan.pk}", typed, follow=True).content.decode()

    assert [text for text in said if text not in page] == []
    assert 'value="our project"' in page
    assert '<option value="marketing" selected>' in page
    assert page.count('<article class="finding') == 2
    assert (Order.objects.get().state, Trade.objects.count(), Hold.objects.count()) == (
        "REFUSED",
        0,
        0,
    )


def test_check_beside_the_form_tells_the_findings_too(db: None, at: datetime) -> None:
    market = cast.market(at)

    response = browser(market.buyer).post(
        f"/order/{market.plan.pk}/check", form(market, territory="JP")
    )

    page = response.content.decode()
    assert 'id="order-findings"' in page
    assert "The territory is not permitted" in page
    titles = re.findall(r"<h3><code>([^<]*)</code> ([^<]*)</h3>", page)
    assert titles[0] == ("USE-02", "The territory is not permitted")
    assert len(titles) == 3
    assert not Order.objects.exists()


def test_lack_of_money_is_told_in_figures_with_the_way_out(db: None, at: datetime) -> None:
    market = cast.market(at, funds_minor=50_000)
    client = browser(market.buyer)

    page = client.post(f"/order/{market.plan.pk}", form(market), follow=True).content.decode()

    assert "Not enough money in custody" in page
    assert "¥\u202f1,200.00" in page
    assert "¥\u202f500.00" in page
    assert "E-Commerce Law art. 46" in text_of(page)
    assert "Transfer what is lacking to your custody sub-account, or ask for less." in page
    assert Order.objects.get().refusal_code == "insufficient-funds"
    assert not Hold.objects.exists()


def test_order_page_of_a_refused_order_tells_the_same(db: None, at: datetime) -> None:
    market = cast.market(at)
    order = cast.place(market, purpose="marketing")["id"]

    page = browser(market.buyer).get(f"/orders/{order}").content.decode()

    assert "The purpose is not permitted" in page
    assert "art. 23" in page
    assert f"/order/{market.plan.pk}?refused={order}" in page


def test_refused_order_of_another_is_not_taken_up_again(db: None, at: datetime) -> None:
    market = cast.market(at)
    order = cast.place(market, purpose="marketing")["id"]
    address = f"/order/{market.plan.pk}?refused={order}"

    assert browser(market.buyer).get(address).status_code == 200
    assert browser(cast.domestic_buyer(at)).get(address).status_code == 404


def test_refused_order_on_what_left_the_market_leads_to_the_order(db: None, at: datetime) -> None:
    market = cast.market(at)
    order = cast.place(market, purpose="marketing")["id"]
    compliance.suspend_clearance(
        clearance_id=market.clearance.pk,
        ground="venue",
        reason="looked into",
        actor=make.staff(at, "senior_reviewer"),
        at=at,
    )

    response = browser(market.buyer).get(f"/order/{market.plan.pk}?refused={order}")

    assert response["Location"] == f"/orders/{order}"


@pytest.mark.parametrize("code", sorted(CARDS))
def test_every_reason_has_words_rule_and_way_out_in_both_languages(code: str) -> None:
    for language in ("en", CHINESE):
        with translation.override(language):
            card = reason_card(Reason(code, (("available_minor", 5), ("state", None))), "CNY")
        assert card.title != code
        assert [card.articles[0].instrument, card.text, card.exit_path, card.who].count("") == 0
        assert [fact.value for fact in card.facts] == ["¥\u202f0.05", None]
        chinese = [any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in _texts(card)]
        assert chinese == [language == CHINESE] * len(chinese)


def _texts(card: object) -> list[str]:
    return [card.title, card.text, card.who, card.articles[0].instrument, card.exit_path]  # type: ignore[attr-defined]


def refusal_codes() -> set[str]:
    """Every code that the gate, its SQL, the checklist and the table of grounds can give."""
    root = Path(settings.BASE_DIR)
    judged = (root / "exchange" / "judging.py").read_text()
    swept = (root / "exchange" / "services" / "orders.py").read_text()
    said = re.findall(r'reason\(\s*"([a-z-]+)"', judged)
    said += re.findall(r'"([a-z]+-missed)"', swept)
    for app in ("compliance", "listings", "exchange"):
        for file in (root / app / "sql").glob("*.sql"):
            said += re.findall(r"'([a-z]+(?:-[a-z]+)+)'", file.read_text())
    listed = json.loads((root / "compliance" / "checklists" / "2026.3.json").read_text())["items"]
    said += [item["refusal"] for item in listed if item.get("refusal")]
    return {*said, *GROUNDS, *DEFAULT_REFUSALS.values(), UNKNOWN_FACT}


def test_every_refusal_code_has_a_page_in_both_languages(db: None) -> None:
    codes = sorted(refusal_codes())
    assert {"seats-taken", "over-price-limit", "confirmation-missed", "delisted"} <= set(codes)

    for language in ("en", CHINESE):
        client = browser(None, language)
        for code in codes:
            response = client.get(f"/problems/{code}")
            page = response.content.decode()
            assert (code, response.status_code) == (code, 200)
            assert 'class="way-out"' in page, code
            title = re.search(r"<h1>([^<]+)</h1>", page)
            assert title is not None
            assert title[1] != code
            chinese = any("\u4e00" <= sign <= "\u9fff" for sign in title[1])
            assert chinese == (language == CHINESE), code


def test_page_of_a_code_says_what_it_means_its_rule_and_who_can(db: None) -> None:
    page = text_of(browser(None).get("/problems/seats-taken").content.decode())

    assert "All seats of this plan are taken" in page
    assert "The plan is offered to a limited number of buyers, and all seats are taken." in page
    assert "Civil Code art. 488" in page
    assert "Choose another plan, or wait until a seat is given back." in page
    assert "Who can: you, the buyer" in page
    assert "this code is the refusal of one of them" in page
    assert '"type": "/problems/order-refused"' in page
    assert '"refusal": "seats-taken"' in page
    assert browser(None).get("/problems/no-such-code").status_code == 404


def test_order_refused_where_it_was_written_is_told_as_well(db: None, at: datetime) -> None:
    market = cast.market(at, plans=[{**cast.STANDING, "seats": 1}])
    assert cast.place(market)["state"] == "MATCHED"
    refused = cast.place(market)
    assert refused["code"] == "seats-taken"

    page = browser(market.buyer).get(f"/orders/{refused['id']}").content.decode()

    assert "All seats of this plan are taken" in page
    assert "Choose another plan, or wait until a seat is given back." in page
