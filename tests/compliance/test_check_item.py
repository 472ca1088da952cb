"""An item while it is written: its faults in place, its examples, a listing; and what differs."""

import json
from typing import Any

from compliance.facts import to_document
from compliance.rules import (
    ORDINARY_LISTING,
    Case,
    ItemCheck,
    check_in_child,
    compare,
    read_document,
)
from tests.compliance import cast

DAY = "2026-11-28"


def check(item: dict[str, Any], *, evidence: tuple[str, ...] = (), **table: Any) -> ItemCheck:
    return check_in_child(item, table, Case(to_document(ORDINARY_LISTING), evidence, DAY))


def test_fault_of_an_expression_says_its_character_also_behind_a_zone_guard() -> None:
    plain = check(cast.no_reports() | {"when": "product.form == 'report' && product.gradee"})
    zoned = check(cast.no_reports() | {"when": "product.gradee == 'x'", "zone": "CN-SH"})

    assert [(one.field, one.code) for one in plain.problems] == [("when:28", "fact")]
    assert [(one.field, one.code) for one in zoned.problems] == [("when:0", "fact")]


def test_examples_and_the_listing_are_run() -> None:
    item = cast.item("TST-01", "product.form == 'dataset' && product.records > 100")
    found = check(item)

    assert [(one.name, one.wanted, one.got, one.holds) for one in found.examples] == [
        ("hit", "hit", "clear", False),
        ("clear", "clear", "hit", False),
        ("not stated", "unknown", "unknown", True),
    ]
    assert found.tried is not None
    assert (found.tried.status, found.tried.facts) == (
        "hit",
        (("product.form", "dataset"), ("product.records", 200_000)),
    )


def test_listing_says_what_lifts_an_item() -> None:
    item = cast.item("TST-01", "product.form == 'dataset'", "restricted") | {
        "lift": "evidence.site_visit"
    }
    wording = {"en": "a visit", "zh": "现场核查", "by": "venue"}

    bare = check(item, site_visit=wording).tried
    given = check(item, evidence=("site_visit",), site_visit=wording).tried

    assert bare is not None
    assert given is not None
    assert (bare.status, bare.lacking) == ("hit", ("site_visit",))
    assert (given.status, given.lifted_by) == ("lifted", ("site_visit",))
    assert "evidence" in [one.code for one in check(item).problems]


def test_item_of_an_order_says_that_a_listing_cannot_tell() -> None:
    item = cast.item("TST-01", "order.purpose == 'research'")

    found = check(item).tried

    assert found is not None
    assert found.status == "order"


def test_item_that_cannot_be_read_is_one_fault() -> None:
    found = check({"code": "TST-01", "valid_from": None})

    assert [(one.field, one.code) for one in found.problems] == [("category", "shape")]


def test_child_that_takes_too_long_is_a_fault_of_the_item() -> None:
    found = check_in_child(cast.no_reports(), {}, seconds=0.01)

    assert [one.code for one in found.problems] == ["too-slow"]


def test_differences_are_told_item_by_item_and_word_by_word() -> None:
    before = cast.document(
        "2026.1", cast.no_reports(), cast.item("TST-02", "product.form == 'api'")
    )
    changed = cast.no_reports() | {"when": "product.form == 'api' || product.form == 'report'"}
    after = cast.document("2026.2", changed, cast.item("TST-03", "product.form == 'model'"))
    after["evidence"] = {**after["evidence"], "site_visit": {"en": "a", "zh": "b", "by": "venue"}}

    found = compare(read_document(before), read_document(after))

    assert [(one.code, one.change) for one in found.items] == [
        ("TST-01", "changed"),
        ("TST-03", "added"),
        ("TST-02", "removed"),
    ]
    (field,) = found.items[0].fields
    assert field.field == "when"
    kept = "".join(one.text for one in field.pieces if one.change != "added")
    now = "".join(one.text for one in field.pieces if one.change != "removed")
    assert (kept, now) == (field.before, field.after)
    assert [one.text for one in field.pieces if one.change == "added"] == [
        "product.form == 'api' || "
    ]
    assert [(one.key, one.change) for one in found.evidence] == [("site_visit", "added")]
    assert found.same_count == len(before["items"]) - 2


def test_equal_lists_have_no_differences() -> None:
    whole = read_document(json.loads(json.dumps(cast.document())))

    found = compare(whole, whole)

    assert (found.items, found.evidence, found.same_count) == ((), (), len(whole.items))
