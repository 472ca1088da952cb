"""Rows of other catalogues: each a draft or a reason; nothing unstated is filled in."""

import io
import json
from typing import Any

import pytest

from listings.catalogue_files import FileRefused, read_rows
from tests.listings.rows import LISTING, lines, listing, read


def draft_of(row: dict[str, Any]) -> Any:
    (only,) = read(row)
    assert only.draft is not None, only
    return only.draft


def test_what_a_listing_states_is_taken_over() -> None:
    draft = draft_of(listing(raw={"limit": "数据仅限中华人民共和国境内使用，不可转售"}))

    content = draft.content
    assert draft.source_ref == "beijing-1"
    assert content["title"] == {"zh": "融资信息", "en": None}
    assert (content["industry"], content["topic"], content["form"]) == ("J", "金融业", "api")
    assert content["delivery_modes"] == ["api"]
    assert content["sources"] == [
        {"name": "紫金诚征信有限公司", "holder": "紫金诚征信有限公司", "data_class": None}
    ]
    assert content["permitted_use"] == {"territories": ["CN"], "redistribution": False}
    assert "使用限制：数据仅限中华人民共和国境内使用，不可转售" in content["description"]["zh"]


def test_what_a_listing_does_not_state_stays_unknown() -> None:
    content = draft_of(listing(provider=None)).content

    assert content["update_frequency"] is None
    assert (content["grade"], content["grade_level"], content["grade_determined_by"]) == (None,) * 3
    assert content["sources"] == []
    assert content["permitted_use"] == {"territories": [], "redistribution": None}
    assert "personal" not in content


@pytest.mark.parametrize(
    ("text", "grade", "level"),
    [
        ("核心数据", "core", None),
        ("重要数据", "important", None),
        ("待完善", "pending", None),
        ("一般数据-一级数据", "general", 1),
        ("一般数据-四级数据", "general", 4),
        (None, None, None),
    ],
)
def test_grade_is_read_from_the_field_that_states_it(text: Any, grade: Any, level: Any) -> None:
    content = draft_of(listing(raw={"classification": text, "data_size": "待完善"})).content

    assert (content["grade"], content["grade_level"]) == (grade, level)


def test_sentence_that_mentions_a_grade_states_none() -> None:
    assert draft_of(listing(description="为农业提供重要数据支持")).content["grade"] is None


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("面议", [("negotiated", "negotiated", None)]),
        ("免费", [("free", "confirm", 0)]),
        (None, []),
        ("", []),
        ("待完善", []),
        ("0.09元/次", [("per_call", "confirm", 9)]),
        ("1000.00元", [("one_off", "confirm", 100_000)]),
        ("413.89元/天", [("subscription", "confirm", 41_389)]),
        (12, [("one_off", "confirm", 1_200)]),
    ],
)
def test_price_becomes_the_plan_it_states(price: Any, expected: list) -> None:
    plans = draft_of(listing(price_raw=price, price_mode="free")).plans

    assert [(p["kind"], p["offer_mode"], p["price_minor"]) for p in plans] == expected


def test_package_becomes_a_plan_of_its_own() -> None:
    table = "按套餐计费\n\n产品规格| 次数| 售价\n---|---|---\n¥39.00/10次 | 10| ¥39.00 | ¥3.90元/次"

    plans = draft_of(listing(price_raw="3.90元/次", raw={"price_type": table})).plans

    assert [(p["code"], p["price_minor"], p["per_count"]) for p in plans] == [
        ("P1", 390, 1),
        ("P2", 3_900, 10),
    ]
    assert plans[1]["minimum_count"] == 10


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (b"not json", "", "the line is not JSON"),
        (b'{"id": "x"', "", "the line is not JSON"),
        (b"[1]", "", "the line is not a JSON object"),
        (b'{"id": NaN}', "", "the line is not JSON"),
        (b'{"id": "a", "id": "b"}', "", "the line is not JSON"),
        (b"\xff\xfe{}", "", "the line is not UTF-8"),
        (b'{"id": "\x00"}', "", "the line is not JSON"),
        (b"[" * 100_000, "", "the line is not JSON"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "", "the line is not JSON"),
        (b'{"a": "' + b"x" * 1024 * 1024 + b'"}', "", "the line is longer than 1 MiB"),
        (listing(id=None), "id", "is missing"),
        (listing(id=7), "id", "has to be text"),
        (listing(id="x" * 201), "id", "has more than %(most)s characters"),
        (listing(title=" "), "title", "is missing"),
        (listing(title="x" * 201), "title", "has more than %(most)s characters"),
        (listing(title="a\x00b"), "title", None),
        (listing(title="\ud800"), "title", None),
        (listing(description="x" * 60_000), "description", None),
        (listing(description=["x"]), "description", "has to be text"),
        (listing(price_raw="100-200元"), "price_raw", None),
        (listing(price_raw="0.001元"), "price_raw", "finer than the minor unit of the currency"),
        (listing(price_raw={"a": 1}), "price_raw", "has to be text"),
        ({**LISTING, "raw": [1]}, "raw", "has to be an object"),
    ],
)
def test_row_that_cannot_be_a_draft_says_field_and_reason(
    row: Any, field: str, reason: Any
) -> None:
    body = row if isinstance(row, bytes) else json.dumps(row).encode()
    good = json.dumps(listing()).encode()

    bad, following = read_rows(io.BytesIO(b"%b\n%b\n" % (body, good)))

    assert (bad.line, bad.draft, bad.field) == (1, None, field)
    assert bad.reason == (reason or bad.reason) != ""
    assert following.draft is not None


def test_blank_lines_are_no_rows_and_lines_are_counted_with_them() -> None:
    rows = list(read_rows(io.BytesIO(b"\xef\xbb\xbf\n" + lines(listing()) + b"\n \nx")))

    assert [(row.number, row.line, row.draft is None) for row in rows] == [
        (2, 2, False),
        (5, 5, True),
    ]


def dcat(*datasets: Any) -> io.BytesIO:
    return io.BytesIO(json.dumps({"@type": "dcat:Catalog", "dataset": datasets}, indent=1).encode())


def test_entry_of_a_data_json_becomes_a_draft_without_plan() -> None:
    (row,) = read_rows(
        dcat(
            {
                "identifier": "OPM-1",
                "title": "Roundtables",
                "description": "Training",
                "accessLevel": "public",
                "bureauCode": ["027:00"],
                "publisher": {"name": "Office"},
                "temporal": "2010-01-01/2011-12-31",
                "spatial": "United States",
                "accrualPeriodicity": "R/P1M",
                "theme": ["education"],
            }
        )
    )

    assert row.draft is not None
    content = row.draft.content
    assert (row.draft.source_ref, row.draft.plans, row.line) == ("OPM-1", (), 4)
    assert content["title"] == {"zh": None, "en": "Roundtables"}
    assert content["coverage"] == {
        "time_from": "2010-01-01",
        "time_to": "2011-12-31",
        "regions": ["United States"],
    }
    assert (content["update_frequency"], content["topic"]) == ("monthly", "education")
    assert content["sources"] == [
        {"name": "Office", "holder": "Office", "data_class": "public", "opened": True}
    ]


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({}, "identifier"),
        ({"identifier": "a"}, "title"),
        ({"identifier": "a", "title": 707}, "title"),
        ({"identifier": "a", "title": "t", "publisher": "me"}, "publisher"),
        ({"identifier": "a", "title": "t", "temporal": "2011-13-01/2012-01-01"}, "temporal"),
        ([1], ""),
    ],
)
def test_malformed_entry_of_a_data_json_says_its_field(entry: Any, field: str) -> None:
    (row,) = read_rows(dcat(entry))

    assert (row.draft, row.field) == (None, field)
    assert row.reason


def test_document_on_one_long_line_is_one_document() -> None:
    entries = [
        {"identifier": f"a-{n}", "title": "t", "description": "x" * 900} for n in range(2_000)
    ]
    body = json.dumps({"dataset": entries}).encode()

    rows = list(read_rows(io.BytesIO(body)))

    assert len(body) > 1024 * 1024
    assert [(row.number, row.line) for row in rows] == [(n, 1) for n in range(1, 2_001)]
    assert all(row.draft for row in rows)


@pytest.mark.parametrize("value", [None, 5, "x", {"type": "Polygon"}, "1,2,3,4", "x" * 300_000])
def test_shape_of_spatial_does_not_matter(value: Any) -> None:
    entry = {"identifier": "a", "title": "t", "spatial": value, "theme": value, "keyword": value}
    (row,) = read_rows(dcat(entry))

    assert row.draft is not None or row.reason


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b"", 0),
        (b"\n\n", 0),
        (b'{\n "dataset": [\n  {"identifier": "a",}\n ]\n}', 3),
        (b'{\n "catalogue": []\n}', 0),
        (b'{"dataset": {}}', 1),
        (b'{\n "dataset": [\n  {"identifier": "\xff"}\n ]\n}', 3),
        (b"{\n" + b'"a":' + b"[" * 100_000, 0),
        (b'{"dataset": []}', 0),
        (b'{"a": 1,\n"b": 2}', 0),
    ],
)
def test_file_that_is_no_catalogue_is_refused_as_a_whole(body: bytes, line: int) -> None:
    with pytest.raises(FileRefused) as refusal:
        list(read_rows(io.BytesIO(body)))

    assert refusal.value.line == line
    assert refusal.value.reason
