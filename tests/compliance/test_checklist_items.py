"""The first checklist: every example holds, no item is idle, and each says what it rests on."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import compliance
from compliance.rules import (
    Item,
    compile_checklist,
    prepare,
    read_document,
    rests_on_yes_or_no,
    try_example,
    validate_document,
)
from compliance.rules.examples import example_facts
from compliance.rules.language import stage_of
from compliance.rules.run import run_items

PATH = Path(compliance.__file__).parent / "checklists" / "2026.1.json"
DOCUMENT: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
ITEMS = read_document(DOCUMENT).items

# The subjects that law and venue rules forbid or limit in a trade or its price.
CATEGORIES = {
    "core_data",
    "credit",
    "criminal_threshold",
    "entrusted_data",
    "finance",
    "fused_data",
    "geographic",
    "historic_list",
    "human_genetic",
    "important_data",
    "minor_pi",
    "national_security",
    "personal_information",
    "price_discrimination",
    "public_data",
    "public_place_image",
    "public_security_video",
    "resale_limit",
    "scraped_data",
    "sensitive_pi",
    "source",
    "standard_catalogue",
    "state_secret",
    "statistics",
    "trade_secret",
    "unfair_competition",
    "work_secret",
}


def outcomes(item: Item) -> list[bool]:
    prepared = prepare(item)
    return [try_example(prepared, one, on=item.valid_from).holds for one in item.examples]


def by_code(item: Item) -> str:
    return item.code


def test_the_first_checklist_has_no_problem() -> None:
    assert [str(problem) for problem in validate_document(DOCUMENT)] == []


def test_the_first_checklist_covers_every_category() -> None:
    assert CATEGORIES - {item.category for item in ITEMS} == set()
    assert len(ITEMS) >= 40


def test_at_most_a_third_of_the_items_rest_on_a_yes_or_no_of_the_vendor() -> None:
    asking = sum(rests_on_yes_or_no(item) for item in ITEMS)

    assert asking * 3 <= len(ITEMS)


@pytest.mark.parametrize("item", ITEMS, ids=by_code)
def test_item_says_what_it_rests_on(item: Item) -> None:
    assert item.rests_on
    assert all(answer.partition(".")[2] for answer in item.asks)


@pytest.mark.parametrize("item", ITEMS, ids=by_code)
def test_every_example_of_the_item_holds(item: Item) -> None:
    assert outcomes(item) == [True] * len(item.examples)


@pytest.mark.parametrize("item", ITEMS, ids=by_code)
def test_weakening_the_condition_breaks_an_example(item: Item) -> None:
    path = prepare(item).facts[0]
    never = replace(prepare(item), when=lambda _: False)
    assert path

    held = [try_example(never, one, on=item.valid_from).holds for one in item.examples]

    assert False in held


@pytest.mark.parametrize("item", ITEMS, ids=by_code)
def test_lifting_for_nothing_breaks_an_example(item: Item) -> None:
    always = replace(prepare(item), lift=lambda _: True)

    held = [try_example(always, one, on=item.valid_from).holds for one in item.examples]

    assert False in held


@pytest.mark.parametrize("item", ITEMS, ids=by_code)
def test_each_part_of_a_condition_is_needed_by_an_example(item: Item) -> None:
    """Dropping one of the parts joined by && or || on the top level has to show."""
    for sign in (" && ", " || "):
        parts = top_level(item.when, sign)
        if len(parts) < 2:
            continue
        for left_out in range(len(parts)):
            rest = sign.join(part for number, part in enumerate(parts) if number != left_out)
            assert False in outcomes(replace(item, when=rest)), parts[left_out]


@pytest.mark.parametrize("item", [one for one in ITEMS if one.evidence], ids=by_code)
def test_each_paper_that_a_lift_asks_for_together_is_needed_by_an_example(item: Item) -> None:
    for part in top_level(item.lift, " && "):
        if part == item.lift:
            continue
        rest = " && ".join(one for one in top_level(item.lift, " && ") if one != part)
        named = tuple(re.findall(r"evidence\.(\w+)", rest))
        examples = tuple(
            replace(one, evidence=tuple(key for key in one.evidence if key in named))
            for one in item.examples
        )
        weakened = replace(item, lift=rest, evidence=named, examples=examples)
        assert False in outcomes(weakened), part


@pytest.mark.parametrize(
    "item",
    [one for one in ITEMS if one.severity != "caution" and not one.valid_to],
    ids=by_code,
)
def test_an_unknown_fact_that_decides_has_an_example(item: Item) -> None:
    """Wherever making one fact of a clear example unknown is a finding, an example shows one."""
    prepared = prepare(item)
    clear = [one for one in item.examples if one.expect == "clear"]
    matters = [
        path
        for one in clear
        for path in prepared.facts
        if undecided(item, {**one.facts, path: None}) and not never_unknown(path)
    ]
    shown = [one for one in item.examples if one.expect == "unknown"]

    assert bool(shown) == bool(matters)


def never_unknown(path: str) -> bool:
    return path.startswith("text.") or path in ("sources.count", "order.purpose")


def undecided(item: Item, facts: dict[str, Any]) -> bool:
    known = example_facts(prepare(item).stage, facts)
    findings = run_items([prepare(item)], known, (), on=item.valid_from)
    return bool(findings) and findings[0].status == "unknown"


def test_item_codes_are_unique_and_titles_are_in_both_languages() -> None:
    assert [code for code, count in Counter(map(by_code, ITEMS)).items() if count > 1] == []
    chinese = re.compile("[\u4e00-\u9fff]")
    for item in ITEMS:
        assert chinese.search(item.title_zh), item.code
        assert chinese.search(item.exit_path_zh), item.code
        assert not chinese.search(item.title_en + item.exit_path_en), item.code


def test_prohibited_items_cannot_be_lifted_and_restricted_ones_can() -> None:
    for item in ITEMS:
        assert bool(item.lift) == (item.severity == "restricted"), item.code


def test_rows_that_bind_the_venue_itself_are_not_asked_of_listings() -> None:
    assert [item.code for item in ITEMS if item.scope == "platform"] == []
    assert {stage_of(prepare(item).facts[0].split(".")[:1]) for item in ITEMS} == {
        "listing",
        "order",
    }


def test_the_criminal_thresholds_count_unlawful_provision_only() -> None:
    thresholds = [item for item in ITEMS if item.category == "criminal_threshold"]
    for item in thresholds:
        lawful = {
            "personal.basis_valid": True,
            "personal.grave_count": 10**9,
            "personal.serious_count": 10**9,
            "personal.other_count": 10**9,
            "sources.any_entrusted": True,
        }
        known = example_facts("listing", lawful)
        assert run_items([prepare(item)], known, (), on=date(2026, 11, 1)) == ()
    assert [item.code for item in thresholds] == ["PI-11", "PI-12", "PI-13", "PI-15", "PI-16"]


@pytest.mark.parametrize(
    ("grade", "expected"),
    [
        ("core", {"NS-03": "hit"}),
        ("important", {"IMP-01": "hit", "IMP-02": "hit"}),
        (None, {"NS-03": "unknown", "IMP-01": "unknown", "IMP-02": "unknown"}),
        ("general", {}),
    ],
)
def test_the_grade_decides_core_important_and_pending_data(
    grade: str | None, expected: dict[str, str]
) -> None:
    checklist = compile_checklist(DOCUMENT)
    known = example_facts("listing", {"product.grade": grade, "price.any_standing": False})

    findings = run_items(checklist.listing.items, known, (), on=date(2026, 11, 1))

    blocking = {one.code: one.status for one in findings if one.blocks}
    assert blocking == expected


def test_a_rule_of_a_lapsed_list_is_kept_but_not_run() -> None:
    (historic,) = [item for item in ITEMS if item.category == "historic_list"]

    assert not historic.in_force_on(date(2022, 1, 1))
    assert historic.in_force_on(date(2021, 12, 31))


def test_every_quoted_phrase_stands_in_the_article_it_is_said_to_stand_in(cases: Path) -> None:
    articles: dict[tuple[str, str], dict[str, str]] = {}
    for name, text in (("prc-data-laws", "text"), ("prc-prohibition-clauses", "full_article")):
        for line in (cases / "law" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            law = articles.setdefault((row["law"], row["version"]), {})
            law[row["article"]] = law.get(row["article"], "") + row[text]
    for law in set(articles):
        if len(articles[law]) < 5:
            # Only single clauses of these laws are there: no article can be said to be missing.
            articles[law] = {key: one for key, one in articles[law].items() if key}
    looked_up = 0
    for item in ITEMS:
        for source in item.sources:
            law = articles.get((source.instrument, source.version), {})
            number = re.match(r"\d+", source.article)
            text = law.get(f"第{in_chinese(int(number[0]))}条", "") if number else ""
            if len(law) >= 5:
                assert text, f"{item.code}: {source.instrument} {source.article}"
            if text:
                looked_up += 1
                assert source.quote in text, f"{item.code}: {source.article} {source.quote}"
    assert looked_up >= 100


def in_chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    tens, ones = divmod(number, 10)
    return (digits[tens] if tens > 1 else "") + "十" + (digits[ones] if ones else "")


def top_level(expression: str, sign: str) -> list[str]:
    """Split `expression` at `sign` where no bracket is open."""
    parts, depth, start, at = [], 0, 0, 0
    other = " || " if sign == " && " else " && "
    while at < len(expression):
        depth += (expression[at] in "([") - (expression[at] in ")]")
        if not depth and expression.startswith(other, at):
            return [expression]
        if not depth and expression.startswith(sign, at):
            parts.append(expression[start:at])
            start = at + len(sign)
        at += 1
    return [*parts, expression[start:]]
