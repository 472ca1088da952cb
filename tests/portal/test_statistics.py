"""Statistics: by item, industry, vendor and month, as page, CSV, JSON and API; nobody singled out."""  # noqa: E501

import csv
import io
import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.errors import Forbidden, Malformed
from exchange.models import Order
from exchange.selectors.statistics import FEWEST, Counted, Statistics, _told, statistics
from tests import make
from tests.compliance import cast as desk
from tests.exchange import cast
from tests.listings.cast import Api, refused
from tests.portal.test_views import browser, counted, text_of

pytestmark = pytest.mark.django_db


def refuse(market: cast.Market, buyers: int, *, each: int = 1) -> None:
    """Orders that the gate refuses, by so many buyers."""
    for _ in range(buyers):
        buyer = make.buyer(market.at)
        for _again in range(each):
            body = cast.form(market, purpose="marketing")
            Api(buyer, market.at).post("orders", body)


def speaks(order: Order) -> str:
    """The item that refused an order."""
    return next(str(one["code"]) for one in order.findings if one["status"] == "hit")


def table(market: cast.Market, by: str, first: str = "", last: str = "") -> Statistics:
    later = market.at + timedelta(seconds=1)
    return statistics(market.desk.maker, later, by, first, last)


def row(found: Statistics, key: str) -> tuple[int, int, int | None, int | None]:
    (line,) = [one for one in found.rows if one.key == key]
    return line.screened, line.blocked, line.orders, line.refused


def blocked(market: cast.Market) -> Any:
    special = {**desk.content()["special"], "state_secret": True}
    return desk.screened(market.vendor, market.at, special=special)


def test_each_table_counts_versions_and_orders(at: datetime) -> None:
    market = cast.market(at)
    stopped = blocked(market)
    items = {code for code, status in desk.said(stopped).items() if status == "hit"}
    refuse(market, FEWEST)
    vendor, month = str(market.vendor.organisation_id), f"{at.astimezone().date():%Y-%m}"
    section = market.version.content["industry"][0]

    for by, key in (("vendor", vendor), ("industry", section)):
        assert row(table(market, by), key) == (2, 1, 3, 3)
    (only,) = table(market, "month").rows
    assert (only.screened, only.blocked, only.orders, only.refused) == (2, 1, 3, 3)
    assert re.fullmatch(r"\d{4}-\d{2}", only.key)
    assert month[:4] == only.key[:4]
    by_item = table(market, "item")
    for item in items:
        assert row(by_item, item)[:2] == (1, 1)
    assert row(by_item, speaks(Order.objects.latest("placed_at"))) == (0, 0, None, 3)


def test_orders_of_few_buyers_are_not_told(at: datetime) -> None:
    market = cast.market(at)
    refuse(market, FEWEST - 1, each=4)

    for by in ("vendor", "industry", "month"):
        (line,) = [one for one in table(market, by).rows if one.screened]
        assert (line.orders, line.refused) == (None, None), by
    item = speaks(Order.objects.latest("placed_at"))
    assert row(table(market, "item"), item)[3] is None
    refuse(market, 1)
    assert row(table(market, "item"), item)[3] == 9


def test_count_that_leaves_few_buyers_for_the_rest_is_not_told(at: datetime) -> None:
    market = cast.market(at)
    refuse(market, FEWEST)
    cast.place(market)

    (line,) = [one for one in table(market, "vendor").rows if one.screened]

    assert (line.orders, line.refused) == (4, None)


@pytest.mark.parametrize(
    ("cells", "together", "told"),
    [
        ({"a": Counted(9, 5), "b": Counted(7, 4)}, 0, {"a": 9, "b": 7}),
        ({"a": Counted(9, 5), "b": Counted(7, 4), "c": Counted(2, 1)}, 1,
         {"a": 9, "b": None, "c": None}),
        ({"a": Counted(9, 5), "b": Counted(2, 2), "c": Counted(2, 1)}, 3,
         {"a": 9, "b": None, "c": None}),
        ({"a": Counted(0, 0), "b": Counted(2, 1)}, 1, {"a": 0, "b": None}),
    ],
)  # fmt: skip
def test_hidden_counts_cannot_be_reckoned_from_the_rest(
    cells: dict[str, Counted], together: int, told: dict[str, int | None]
) -> None:
    assert _told(cells, lambda _hidden: together) == told


def test_nothing_personal_is_in_any_form_of_it(at: datetime) -> None:
    market = cast.market(at)
    blocked(market)
    refuse(market, FEWEST)
    cast.place(market, label="a secret project")
    reviewer = browser(market.desk.maker)

    for by in ("item", "industry", "vendor", "month"):
        for address in ("/statistics", "/statistics.csv", "/statistics.json"):
            text = reviewer.get(f"{address}?by={by}").content.decode()
            text = text[text.find("<main") :]
            for personal in ("secret project", "@example.com", str(market.buyer.organisation_id)):
                assert personal not in text, (by, address)
    assert Order.objects.filter(label="a secret project").exists()


def test_page_csv_json_and_api_say_the_same(at: datetime) -> None:
    market = cast.market(at)
    refuse(market, FEWEST)
    reviewer = browser(market.desk.maker)

    answer = Api(market.desk.maker, at).get("statistics?by=vendor").json()
    (line,) = [one for one in answer["rows"] if one["screened"]]
    sent = json.loads(reviewer.get("/statistics.json?by=vendor").content)
    sheet = list(
        csv.DictReader(io.StringIO(reviewer.get("/statistics.csv?by=vendor").content.decode()))
    )
    page = reviewer.get("/statistics?by=vendor").content.decode()

    assert sent == answer
    assert {name: str(value) for name, value in line.items()} in sheet
    assert re.findall(r'<td class="num"[^>]*>(\d+)</td>', page) == ["1", "0", "3", "3"]
    assert "screened 1, blocked 0" in text_of(page[page.index("<desc") :].partition("</desc>")[0])
    assert page.count('role="img"') == 2


def test_other_months_are_other_numbers(at: datetime) -> None:
    market = cast.market(at)

    assert table(market, "vendor", "2024-01", "2024-12").rows == ()
    page = browser(market.desk.maker).get("/statistics?since=2024-01&until=2024-12")
    assert "Nothing was screened or ordered in these months" in text_of(page.content.decode())


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-13", ""), ("26-01", ""), ("2026-05-01", ""), ("", "9999-01"), ("2026-05", "2026-04"),
     ("2010-01", "2026-01"), ("２０２６-01", ""), ("2026\x0001", "")],
)  # fmt: skip
def test_wrong_months_are_told_beside_their_field(at: datetime, first: str, last: str) -> None:
    market = cast.market(at)

    with refused(Malformed):
        table(market, "item", first, last)
    page = browser(market.desk.maker).get("/statistics", {"since": first, "until": last})
    assert page.status_code == 200
    assert "One thing to correct" in page.content.decode()
    asked = {"by": "item", "since": first, "until": last}
    for address in ("/statistics.csv", "/statistics.json"):
        assert browser(market.desk.maker).get(address, asked).status_code == 400


def test_statistics_are_the_venues_alone(at: datetime) -> None:
    market = cast.market(at)

    for member in (market.vendor, market.buyer):
        with refused(Forbidden):
            statistics(member, at, "item", "", "")
        assert Api(member, at).get("statistics").status_code == 403
        for address in ("/statistics", "/statistics.csv", "/statistics.json"):
            assert browser(member).get(address).status_code == 403


@pytest.mark.parametrize("by", ["item", "industry", "vendor", "month"])
def test_page_takes_as_many_queries_for_one_order_as_for_many(at: datetime, by: str) -> None:
    market = cast.market(at)
    refuse(market, FEWEST)
    client = browser(market.desk.maker)
    few = counted(client, f"/statistics?by={by}")
    refuse(market, 4)
    blocked(market)

    assert few == counted(client, f"/statistics?by={by}") <= 12
