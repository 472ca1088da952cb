"""The first checklist: every example holds, no item is idle, and each says what it rests on."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import compliance
from compliance.facts import fact_at
from compliance.rules import (
    Item,
    PreparedItem,
    compile_checklist,
    prepare,
    read_document,
    rests_on_yes_or_no,
    try_example,
    validate_document,
)
from compliance.rules.examples import example_facts
from compliance.rules.run import run_items

PATH = Path(compliance.__file__).parent / "checklists" / "2026.3.json"
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

ZONES = ("TJ", "BJ", "SH", "HI", "ZJ", "GX", "JS", "CQ", "FJ", "GD")


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


def never(one: PreparedItem) -> PreparedItem:
    return replace(one, when=lambda _: False)


def lifted_for_nothing(one: PreparedItem) -> PreparedItem:
    return replace(one, lift=lambda _: True)


def unknown_as_clear(one: PreparedItem) -> PreparedItem:
    return replace(one, when=lambda context: one.when(context) is True)


def outside_its_zone(one: PreparedItem) -> PreparedItem:
    return prepare(replace(one.item, zone="", list="negative"))


def asking_everybody(one: PreparedItem) -> PreparedItem:
    return replace(one, when=lambda _: True)


@pytest.mark.parametrize(
    ("weaken", "concerns"),
    [
        (never, lambda item: True),
        (lifted_for_nothing, lambda item: True),
        (unknown_as_clear, lambda item: item.kind == "rule" and not item.always_known_en),
        (outside_its_zone, lambda item: bool(item.zone)),
        (asking_everybody, lambda item: bool(item.when)),
    ],
)
def test_no_item_survives_being_weakened(
    weaken: Callable[[PreparedItem], PreparedItem], concerns: Callable[[Item], bool]
) -> None:
    """A mutation of an item survives if all of its examples still come out as they say."""
    weakened = [item for item in ITEMS if concerns(item)]

    survivors = [
        item.code
        for item in weakened
        if all(
            try_example(weaken(prepare(item)), one, on=item.valid_from).holds
            for one in item.examples
        )
    ]

    assert weakened
    assert survivors == []


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


@pytest.mark.parametrize("item", [one for one in ITEMS if one.asked_of != "venue"], ids=by_code)
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
    assert bool(shown) != bool(item.always_known_en)


def never_unknown(path: str) -> bool:
    fact = fact_at(path)
    assert fact is not None
    return fact.always_known


def undecided(item: Item, facts: dict[str, Any]) -> bool:
    known = example_facts(prepare(item).stage, facts)
    findings = run_items([prepare(item)], known, (), on=item.valid_from)
    return bool(findings) and findings[0].status == "unknown"


def test_item_codes_are_unique_and_titles_are_in_both_languages() -> None:
    assert [code for code, count in Counter(map(by_code, ITEMS)).items() if count > 1] == []
    chinese = re.compile("[\u4e00-\u9fff]")
    for item in ITEMS:
        for name in ("title", "exit_path", "question", "note", "always_known"):
            english, said = getattr(item, f"{name}_en"), getattr(item, f"{name}_zh")
            assert bool(english) == bool(chinese.search(said)), f"{item.code} {name}"
            assert not chinese.search(english), f"{item.code} {name}"
        assert item.title_en, item.code
        assert item.exit_path_en, item.code


def test_prohibited_items_cannot_be_lifted_and_restricted_ones_can() -> None:
    for item in ITEMS:
        assert bool(item.lift) == (item.severity == "restricted"), item.code


def test_rows_that_bind_the_venue_itself_are_asked_of_nobody_else() -> None:
    checklist = compile_checklist(DOCUMENT)
    platform = sorted(item.code for item in ITEMS if item.scope == "platform")

    assert platform == [*(f"CON-0{n}" for n in range(1, 9)), "HIST-02", "SS-02"]
    assert sorted(item.code for item in checklist.venue) == platform
    for stage in (checklist.listing, checklist.order, checklist.review):
        assert {one.item.code for one in stage.items}.isdisjoint(platform)


def test_only_a_person_can_answer_what_is_asked_of_the_reviewer() -> None:
    checklist = compile_checklist(DOCUMENT)
    asked = [one.item.code for one in checklist.review.items]
    run_on_facts = {one.item.code for one in (*checklist.listing.items, *checklist.order.items)}

    assert asked == ["PUB-07", "SRC-10", "CON-11", "CON-12"]
    assert run_on_facts.isdisjoint(asked)


def test_a_list_of_a_zone_applies_inside_that_zone_alone() -> None:
    zones = {item.code: item.zone for item in ITEMS if item.list == "export"}

    assert set(zones.values()) == {f"CN-{zone}" for zone in ZONES}
    for item in (one for one in ITEMS if one.zone):
        for zone in ("", *set(zones.values()) - {item.zone}):
            hits = [one for one in item.examples if one.expect == "hit"]
            known = example_facts("order", {**hits[0].facts, "export.zone": zone})
            assert run_items([prepare(item)], known, (), on=item.valid_from) == (), item.code


def test_rules_that_no_law_in_force_carries_say_so() -> None:
    kept = sorted(item.code for item in ITEMS if item.basis == "venue_rule")

    assert kept == [
        *("CON-02", "CON-03", "CON-04", "CON-06", "CON-07", "CON-08", "CON-09", "HIST-01"),
        *("PI-03", "PTY-01", "PTY-10", "SRC-10", "SRC-11"),
    ]
    lapsed = [item for item in ITEMS if item.basis == "venue_rule" and item.code != "HIST-01"]
    assert all("2026-02-28" in item.note_en for item in lapsed)
    assert all("2026 年 2 月 28 日" in item.note_zh for item in lapsed)


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


# The texts at hand are those of 2016; this version has other numbers, and is cited with no quote.
RENUMBERED = ("网络安全法", "2025-10-28")
# Of a law with fewer articles at hand there are single clauses: none can be said to be missing.
WHOLE = 5

Articles = dict[tuple[str, str | None], dict[str, str]]


def articles_at_hand(cases: Path) -> Articles:
    found: Articles = {}
    for name, text in (("prc-data-laws", "text"), ("prc-prohibition-clauses", "full_article")):
        for line in (cases / "law" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            law = found.setdefault((row["law"], row["version"]), {})
            law[row["article"]] = law.get(row["article"], "") + row[text]
    return found


def cited(article: str) -> list[str]:
    """The articles that a citation such as "20(3), 21(4)" names, as the texts head them."""
    numbers = re.findall(r"\d+", re.sub(r"\([^)]*\)", "", article))
    return [f"第{in_chinese(int(number))}条" for number in numbers]


def test_every_citation_of_a_law_at_hand_stands_in_its_text(cases: Path) -> None:
    at_hand = articles_at_hand(cases)
    names = {law for law, _ in at_hand}
    quoted, wrong = 0, []
    for item, source in ((one, source) for one in ITEMS for source in one.sources):
        law = at_hand.get((source.instrument, source.version))
        where = f"{item.code}: {source.instrument} {source.version} {source.article}"
        if law is None:
            renumbered = (source.instrument, source.version) == RENUMBERED and not source.quote
            if source.instrument in names and not renumbered:
                wrong.append(f"{where}: another version")
            continue
        texts = [law[one] for one in cited(source.article) if one in law]
        if len(law) < WHOLE and not texts:
            continue
        if len(texts) != len(cited(source.article)):
            wrong.append(f"{where}: there is no such article")
        elif not source.quote or not any(source.quote in text for text in texts):
            wrong.append(f"{where}: {source.quote!r} does not stand there")
        quoted += 1

    assert wrong == []
    assert quoted >= 130


def test_the_cybersecurity_law_is_cited_by_its_numbers_of_2026() -> None:
    articles = {
        (item.code, source.version, source.article)
        for item in ITEMS
        for source in item.sources
        if source.instrument == "网络安全法"
    }

    # They were 44, 42 and 37 in the text of 2016.
    assert articles == {
        ("PI-01", "2025-10-28", "46"),
        ("PI-02", "2025-10-28", "44"),
        ("IMP-03", "2025-10-28", "39"),
    }


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
