"""Every refusal has an address at which it is explained: item, article, facts, way out, and who."""

import html
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from compliance.models import Decision
from compliance.rules.laws import numbers_of, text_url
from exchange.models import Order
from listings.models import Version
from tests import make
from tests.compliance import cast as desk
from tests.exchange import cast
from tests.listings.cast import Api
from tests.portal.test_views import browser, counted, text_of

ROOT = Path(__file__).resolve().parents[2]
ITEMS = json.loads((ROOT / "compliance/checklists/2026.3.json").read_text())["items"]
HELD = json.loads((ROOT / "compliance/checklists/articles.json").read_text())


def decision_of(reference: Any) -> Decision:
    return Decision.objects.filter(reference=reference).latest("at", "id")


def blocked(market: cast.Market) -> Version:
    special = {**desk.content()["special"], "state_secret": True, "human_genetic": True}
    made: Version = desk.screened(market.vendor, market.at, special=special)
    assert made.state == "BLOCKED"
    return made


def refused(market: cast.Market, **changes: Any) -> Order:
    answer = cast.place(market, **changes)
    assert answer["state"] == "REFUSED"
    return Order.objects.get(pk=answer["id"])


def shown(member: Any, address: str, language: str = "en") -> str:
    answer = browser(member, language).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def whole(findings: list[dict[str, Any]]) -> None:
    """Each finding says what, why, what would change it and who can; its articles can be read."""
    assert findings
    for one in findings:
        for part in ("title", "what", "why", "change", "who"):
            assert one[part].strip(), (one["code"], part)
        assert one["facts"] or one["status"] == "lifted", one["code"]
        for fact in one["facts"]:
            assert fact["name"]
            assert fact["value"] is not None or one["status"] == "unknown"
        assert one["sources"]


def test_blocked_version_is_explained_at_its_own_address(db: None, at: datetime) -> None:
    market = cast.market(at)
    version = blocked(market)
    decision = decision_of(version.pk)
    address = f"/decisions/{decision.pk}"

    assert address in shown(market.vendor, f"/versions/{version.pk}")
    for language, same in (("en", "it comes out the same"), ("zh-hans", "结果一致")):
        page = shown(market.vendor, address, language)
        assert same in text_of(page)
        for one in decision.findings:
            assert f'id="finding-{one["code"]}"' in page
    answer = Api(market.vendor, at).get(f"decisions/{decision.pk}").json()
    assert (answer["verdict"], answer["differs"]) == ("blocked_prohibited", [])
    assert {one["code"] for one in answer["findings"]} == {one["code"] for one in decision.findings}
    whole(answer["findings"])


def test_address_says_the_same_after_the_version_was_mended(db: None, at: datetime) -> None:
    market = cast.market(at)
    version = blocked(market)
    address = f"decisions/{decision_of(version.pk).pk}"
    before = Api(market.vendor, at).get(address).json()

    browser(market.vendor).post(f"/versions/{version.pk}/revise")

    assert Version.objects.get(pk=version.pk).state == "DRAFT"
    assert Api(market.vendor, at).get(address).json() == before


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [({"purpose": "marketing"}, 0), ({"territory": "DE"}, 0), ({"price_limit_minor": 1}, 1)],
)
def test_refused_order_is_explained_at_its_own_address(
    db: None, at: datetime, changes: dict[str, Any], reasons: int
) -> None:
    market = cast.market(at)
    order = refused(market, **changes)
    decision = decision_of(order.pk)
    address = f"/decisions/{decision.pk}"

    assert address in shown(market.buyer, f"/orders/{order.pk}")
    page = shown(market.buyer, address)
    assert len(re.findall(r'<article class="finding', page)) == len(decision.findings) + reasons
    assert page.count("Who can: ") >= 1
    answer = Api(market.buyer, at).get(f"decisions/{decision.pk}").json()
    assert answer["kind"] == "order"
    assert [one["code"] for one in answer["reasons"]] == [order.refusal_code] * reasons
    if not reasons:
        whole([one for one in answer["findings"] if one["blocks"]])
        assert [one for one in answer["findings"] if one["blocks"]]
    for one in answer["reasons"]:
        assert browser(market.buyer).get(f"/problems/{one['code']}").status_code == 200


def test_refused_submission_of_a_draft_names_each_field_and_who_fills_it_in(
    db: None, at: datetime
) -> None:
    market = cast.market(at)
    draft = desk.draft(market.vendor, at, sources=[], dictionary=[])
    address = f"/versions/{draft.pk}"

    answer = Api(market.vendor, at).post(f"versions/{draft.pk}/submit")
    page = browser(market.vendor).post(f"{address}/submit", follow=True).content.decode()

    problem = answer.json()
    assert answer.status_code == 409
    assert {"sources", "dictionary"} <= set(problem["errors"])
    assert problem["way_out"]
    assert browser(market.vendor).get(problem["type"]).status_code == 200
    missing = page[page.index('id="missing"') :].partition("</section>")[0]
    assert len(re.findall(rf'href="{address}/draft#', missing)) >= 2
    assert Version.objects.get(pk=draft.pk).state == "DRAFT"


def test_decision_of_others_is_not_there(db: None, at: datetime) -> None:
    market = cast.market(at)
    version, order = blocked(market), refused(market, purpose="marketing")
    for reference, strangers in (
        (version.pk, (market.buyer, make.vendor(at))),
        (order.pk, (make.buyer(at), make.vendor(at))),
    ):
        decision = decision_of(reference).pk
        for member in strangers:
            assert browser(member).get(f"/decisions/{decision}").status_code == 404
            assert Api(member, at).get(f"decisions/{decision}").status_code == 404
        assert browser(market.desk.maker).get(f"/decisions/{decision}").status_code == 200


def test_every_cited_article_that_is_held_is_linked_to_its_text(db: None) -> None:
    cited = [(one["code"], source) for one in ITEMS for source in one["sources"]]
    client, pages = browser(None), {}

    linked = 0
    for code, source in cited:
        url = text_url(source["instrument"], source["version"], source["article"])
        held = HELD.get(source["instrument"], {}).get(source["version"], {})
        assert bool(url) == any(one in held for one in numbers_of(source["article"])), code
        if not url:
            continue
        address, _hash, anchor = url.partition("#")
        if address not in pages:
            pages[address] = client.get(address)
            assert pages[address].status_code == 200, address
        page = pages[address].content.decode()
        assert f'id="{anchor}"' in page, url
        quote = re.sub(r"\s", "", source.get("quote", ""))
        assert quote in re.sub(r"\s", "", text_of(page)), (code, unquote(url))
        linked += 1

    assert linked >= 130
    for wrong in ("/laws/个人信息保护法/1999-01-01", "/laws/nothing/2021-08-20"):
        assert client.get(wrong).status_code == 404


def test_held_articles_are_those_of_the_cases(cases: Path) -> None:
    texts: dict[tuple[str, str], list[str]] = {}
    for name, text in (("prc-data-laws", "text"), ("prc-prohibition-clauses", "full_article")):
        for line in (cases / "law" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            texts.setdefault((row["law"], row["version"]), []).append(row[text])

    for instrument, versions in HELD.items():
        for version, articles in versions.items():
            for number, text in articles.items():
                parts = dict.fromkeys(one for one in texts[instrument, version] if one in text)
                assert parts, (instrument, number)
                assert "\n".join(parts).replace("\n", "") in text.replace("\n", ""), number


def test_article_on_a_card_leads_to_its_text(db: None, at: datetime) -> None:
    market = cast.market(at)
    decision = decision_of(blocked(market).pk)
    page = shown(market.vendor, f"/decisions/{decision.pk}")

    links = [html.unescape(one) for one in re.findall(r'<p class="law"><a href="([^"]+)"', page)]
    assert links
    for link in links:
        assert browser(None).get(link.partition("#")[0]).status_code == 200
    sources = Api(market.vendor, at).get(f"decisions/{decision.pk}").json()["findings"]
    assert links[0] in {source["text_url"] for one in sources for source in one["sources"]}


def test_page_takes_as_many_queries_for_one_finding_as_for_many(db: None, at: datetime) -> None:
    market = cast.market(at)
    client = browser(market.vendor)
    special = {**desk.content()["special"], "state_secret": True}
    one = decision_of(desk.screened(market.vendor, at, special=special).pk)
    many = decision_of(blocked(market).pk)

    assert len(many.findings) > len(one.findings)
    few = counted(client, f"/decisions/{one.pk}")
    assert few == counted(client, f"/decisions/{many.pk}") <= 12
