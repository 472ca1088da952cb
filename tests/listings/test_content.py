"""The content document: one form, every fault told, unknown stays unknown."""

import json

import pytest

from listings.content import (
    ContentRefused,
    content_digest,
    content_schema,
    missing_for_submission,
    needs_confirmation,
    parse_content,
    parse_plans,
    plan_document,
    strictest_class,
    to_document,
    total_minor,
)
from tests.listings import cast

BENEFICIARY = "01890000-0000-7000-8000-000000000000"


def faults(raw: object) -> dict[str, str]:
    with pytest.raises(ContentRefused) as refusal:
        parse_content(raw)
    return {item.path: item.code for item in refusal.value.problems}


def plan_faults(*plans: object) -> dict[str, str]:
    return {item.path: item.code for item in parse_plans(list(plans))[1]}


def missing(**changes: object) -> dict[str, str]:
    content = parse_content(cast.content(BENEFICIARY, **changes))  # type: ignore[arg-type]
    plans, _problems = parse_plans([cast.STANDING])
    return {item.path: item.code for item in missing_for_submission(content, plans)}


def test_document_survives_being_written_and_read() -> None:
    content = parse_content(cast.content(BENEFICIARY))  # type: ignore[arg-type]
    document = to_document(content)

    assert parse_content(document) == content
    assert json.loads(json.dumps(document)) == document


def test_what_is_left_out_is_null_in_the_document() -> None:
    document = to_document(parse_content({}))

    assert document["title"] == {"zh": None, "en": None}
    assert document["personal"]["contains"] is None
    assert document["special"]["state_secret"] is None
    assert document["permitted_use"]["redistribution"] is None
    assert document["sources"] == []


def test_blank_text_and_null_are_the_same_document() -> None:
    assert parse_content({"topic": "  ", "grade": "", "title": None}) == parse_content({})


@pytest.mark.parametrize(
    ("raw", "path", "code"),
    [
        ([], "", "type"),
        ({"nope": 1}, "nope", "unknown-field"),
        ({"title": "text"}, "title", "type"),
        ({"title": {"zh": 5}}, "title.zh", "type"),
        ({"title": {"zh": "a\x00"}}, "title.zh", "characters"),
        ({"title": {"zh": "\udc00"}}, "title.zh", "characters"),
        ({"title": {"en": "x" * 201}}, "title.en", "length"),
        ({"volume": {"records": -1}}, "volume.records", "range"),
        ({"volume": {"records": 2**53}}, "volume.records", "range"),
        ({"volume": {"records": 1.5}}, "volume.records", "type"),
        ({"volume": {"records": True}}, "volume.records", "type"),
        ({"personal": {"contains": 1}}, "personal.contains", "type"),
        ({"delivery_modes": "api"}, "delivery_modes", "type"),
        ({"delivery_modes": ["api", "api"]}, "delivery_modes[1]", "duplicate"),
        ({"delivery_modes": ["post"]}, "delivery_modes[0]", "choice"),
        ({"dictionary": [{}] * 2_001}, "dictionary", "items"),
        ({"industry": "Z"}, "industry", "pattern"),
        ({"industry": "A66"}, "industry", "pattern"),
        ({"permitted_use": {"territories": ["cn"]}}, "permitted_use.territories[0]", "pattern"),
        ({"permitted_use": {"term_days": 0}}, "permitted_use.term_days", "range"),
        ({"coverage": {"time_from": "2026-02-30"}}, "coverage.time_from", "pattern"),
        (
            {"coverage": {"time_from": "2026-02-02", "time_to": "2026-02-01"}},
            "coverage.time_to",
            "order",
        ),
        ({"allocation": [{"beneficiary": "me"}]}, "allocation[0].beneficiary", "pattern"),
        ({"allocation": [{"share_bp": 10_001}]}, "allocation[0].share_bp", "range"),
        ({"rights": [BENEFICIARY, BENEFICIARY]}, "rights[1]", "duplicate"),
        ({"sources": [None]}, "sources[0]", "type"),
    ],
)
def test_fault_is_told_at_its_path(raw: object, path: str, code: str) -> None:
    assert faults(raw) == {path: code}


def test_all_faults_are_told_at_once() -> None:
    assert faults({"a": 1, "b": 2, "topic": 3}) == {
        "a": "unknown-field",
        "b": "unknown-field",
        "topic": "type",
    }


def test_personal_data_make_the_strictest_class() -> None:
    two = [{"data_class": "public"}, {"data_class": "enterprise"}]

    assert strictest_class(parse_content({})) is None
    assert strictest_class(parse_content({"sources": two})) == "enterprise"
    assert strictest_class(parse_content({"sources": two, "personal": {"contains": True}})) == (
        "personal"
    )


@pytest.mark.parametrize(
    ("raw", "needed"),
    [
        ({"grade": "important"}, True),
        ({"grade": "core"}, True),
        ({"grade": "general"}, False),
        ({"sources": [{"data_class": "personal"}]}, True),
        ({}, False),
    ],
)
def test_personal_and_important_data_need_confirmation(raw: object, needed: bool) -> None:
    assert needs_confirmation(parse_content(raw)) is needed


def test_whole_content_lacks_nothing() -> None:
    assert missing() == {}


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"title": {}}, "title", "needed"),
        ({"summary": {}}, "summary", "needed"),
        ({"form": None}, "form", "needed"),
        ({"sources": []}, "sources", "needed"),
        ({"sources": [{"origin": "open"}]}, "sources[0].name", "needed"),
        ({"dictionary": []}, "dictionary", "needed"),
        ({"delivery_modes": []}, "delivery_modes", "needed"),
        ({"allocation": []}, "allocation", "needed"),
        ({"grade": "important"}, "plans[0].offer_mode", "confirm"),
        ({"personal": {"contains": True}}, "plans[0].offer_mode", "confirm"),
    ],
)
def test_what_is_missing_is_told_at_its_path(changes: dict, path: str, code: str) -> None:
    assert missing(**changes) == {path: code}


def test_report_needs_no_dictionary() -> None:
    assert missing(form="report", dictionary=[]) == {}


def line(**terms: object) -> dict[str, object]:
    return {"beneficiary": BENEFICIARY, "role": "holding", **terms}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line(share_bp=10_000, remainder=True)], {}),
        ([line(remainder=True)], {}),
        ([line(share_bp=7_000), line(share_bp=3_000, remainder=True)], {}),
        ([line(share_bp=7_000), line(remainder=True)], {}),
        ([line(fixed_minor=500), line(remainder=True)], {}),
        ([line(share_bp=10_000)], {"allocation": "remainder"}),
        ([line(share_bp=7_000), line(share_bp=2_999, remainder=True)], {"allocation": "whole"}),
        ([line(share_bp=10_000), line(share_bp=1, remainder=True)], {"allocation": "whole"}),
        ([line(share_bp=5_000, fixed_minor=1), line(remainder=True)], {"allocation[0]": "one-of"}),
        ([line(), line(remainder=True)], {"allocation[0]": "one-of"}),
        (
            [{"share_bp": 10_000, "remainder": True}],
            {"allocation[0].beneficiary": "needed", "allocation[0].role": "needed"},
        ),
    ],
)
def test_allocation_plan_divides_the_whole(lines: list, expected: dict[str, str]) -> None:
    assert missing(allocation=lines) == expected


@pytest.mark.parametrize(
    ("plan", "path", "code"),
    [
        ({**cast.STANDING, "price_minor": 0}, "price_minor", "price"),
        ({**cast.STANDING, "price_minor": None}, "price_minor", "price"),
        ({**cast.STANDING, "price_minor": 2**53}, "price_minor", "range"),
        ({**cast.STANDING, "price_minor": -1}, "price_minor", "range"),
        ({**cast.STANDING, "kind": "subscription"}, "period_days", "needed"),
        ({**cast.STANDING, "period_days": 5}, "period_days", "misplaced"),
        ({**cast.STANDING, "per_count": 5}, "per_count", "misplaced"),
        ({**cast.STANDING, "code": "p 1"}, "code", "pattern"),
        ({**cast.STANDING, "currency": "XYZ"}, "currency", "choice"),
        ({**cast.STANDING, "exclusive": True, "seats": 2}, "seats", "seats"),
        (
            {"code": "P", "kind": "free", "offer_mode": "standing", "price_minor": 1},
            "price_minor",
            "no-price",
        ),
        ({"code": "P", "kind": "negotiated", "offer_mode": "confirm"}, "offer_mode", "mode"),
        (
            {
                **cast.STANDING,
                "kind": "per_call",
                "tiers": [
                    {"from_count": 10, "price_minor": 5},
                    {"from_count": 10, "price_minor": 4},
                ],
            },
            "tiers[1].from_count",
            "tiers",
        ),
    ],
)
def test_fault_of_a_plan_is_told_at_its_path(plan: object, path: str, code: str) -> None:
    found = plan_faults(plan)

    assert found[f"plans[0].{path}"] == code


def test_two_plans_of_one_code_are_refused() -> None:
    assert plan_faults(cast.STANDING, cast.STANDING) == {"plans[1].code": "duplicate"}


def test_free_plan_costs_nothing_and_a_negotiated_one_is_unpriced() -> None:
    (free, open_price), problems = parse_plans(
        [
            {"code": "F", "kind": "free", "offer_mode": "standing"},
            {"code": "N", "kind": "negotiated", "offer_mode": "negotiated"},
        ]
    )

    assert problems == []
    assert (free.price_minor, total_minor(free, count=9)) == (0, 0)
    assert (open_price.price_minor, total_minor(open_price, count=9)) == (None, None)


@pytest.mark.parametrize(
    ("count", "total"),
    [(1, 1), (49, 5), (50, 5), (100, 10), (1_000, 100), (1_001, 100), (1_020, 101)],
)
def test_tiers_are_graduated_and_rounded_once(count: int, total: int) -> None:
    # 10 fen for 100 calls, from the 1,001st call on 5 fen for 100 calls.
    (plan,), _problems = parse_plans(
        [
            {
                "code": "C",
                "kind": "per_call",
                "offer_mode": "standing",
                "price_minor": 10,
                "per_count": 100,
                "tiers": [{"from_count": 1_001, "price_minor": 5}],
            }
        ]
    )

    assert total_minor(plan, count=count) == total


def test_subscription_is_charged_by_the_period() -> None:
    (plan,), _problems = parse_plans([{**cast.STANDING, "kind": "subscription", "period_days": 30}])

    assert total_minor(plan, periods=3) == 360_000


def test_hash_covers_content_plans_and_files_in_any_order() -> None:
    document = to_document(parse_content({"topic": "a"}))
    plans = [
        plan_document(plan)
        for plan in parse_plans([cast.STANDING, {**cast.CONFIRM, "code": "P2"}])[0]
    ]
    base = content_digest(document, plans, ["aa", "bb"])

    assert content_digest(document, plans[::-1], ["bb", "aa"]) == base
    assert content_digest({**document, "topic": "b"}, plans, ["aa", "bb"]) != base
    assert content_digest(document, plans[:1], ["aa", "bb"]) != base
    assert content_digest(document, plans, ["aa"]) != base


def test_schema_names_every_field() -> None:
    schema = content_schema()

    assert set(schema["properties"]) == set(to_document(parse_content({})))
    assert schema["additionalProperties"] is False
