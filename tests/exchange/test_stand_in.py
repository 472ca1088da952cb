"""The stand-in and the pseudonyms of a catalogue day, on the real listings."""

import io
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from compliance.facts import ScanFacts, facts_from_content
from compliance.facts.derive import Register
from compliance.rules import ORDINARY_LISTING, Finding, compile_checklist, run
from exchange.demo.catalogue import Pseudonyms, Stated, stand_in, vendor_number
from exchange.demo.catalogue.answers import ANSWERS, EVIDENCE, LEFT_OPEN, WHEN
from exchange.demo.market import FIRST_LIST
from listings.catalogue_files import read_rows
from listings.catalogue_files.drafts import Draft
from listings.content import parse_content, parse_plans
from listings.content.submission import missing_for_submission

SCANNED = ScanFacts(state="done", rows=30, kinds=(), checksum_kinds=(), most_share_bp=0, columns=())
REGISTER = Register(ORDINARY_LISTING.rights, ORDINARY_LISTING.parties)


@cache
def real_rows(folder: Path) -> tuple[dict[str, Any], ...]:
    text = (folder / "catalog" / "exchange-listings-dev.jsonl").read_text(encoding="utf-8")
    return tuple(json.loads(line) for line in text.splitlines())


@cache
def drafts(folder: Path) -> tuple[Draft, ...]:
    rows = real_rows(folder)
    names = Pseudonyms(rows)
    text = "\n".join(json.dumps(names.hide(row), ensure_ascii=False) for row in rows)
    read = list(read_rows(io.BytesIO(text.encode())))
    return tuple(row.draft for row in read if row.draft)


def answered(draft: Draft) -> Stated:
    return stand_in(draft.source_ref, draft.content, draft.plans, holder="somebody")


@cache
def screened(folder: Path, at: datetime) -> tuple[tuple[Draft, tuple[Finding, ...]], ...]:
    checklist = compile_checklist(json.loads(FIRST_LIST.read_text(encoding="utf-8")))
    found = []
    for draft in drafts(folder):
        stated = answered(draft)
        facts = facts_from_content(
            stated.content, plans=stated.plans, scan=SCANNED, register=REGISTER
        )
        found.append((draft, run(checklist, facts, stated.evidence, at=at)))
    return tuple(found)


def of_grade(folder: Path, at: datetime, grade: str) -> list[dict[str, str]]:
    """Return, for each listing of a grade, code → refusal of what blocks it."""
    return [
        {one.code: one.refusal for one in findings if one.blocks}
        for draft, findings in screened(folder, at)
        if draft.content["grade"] == grade
    ]


def test_no_name_of_a_provider_or_exchange_is_left(cases: Path) -> None:
    rows = real_rows(cases)
    names = Pseudonyms(rows)
    hidden = [names.hide(row) for row in rows]

    text = json.dumps(hidden, ensure_ascii=False)
    assert len(names.names) == 218
    assert [name for name in names.names if name in text] == []
    assert "http" not in json.dumps([row["raw"].get("url") for row in hidden])
    assert len({vendor_number(row) for row in rows}) == 215
    assert [row["id"] for row in hidden] == [row["id"] for row in rows]


def test_pseudonyms_depend_on_the_secret_of_the_venue() -> None:
    row = {"provider": "虚构江河数据有限公司", "exchange": "某平台"}
    here = vendor_number(row)

    with override_settings(SECRET_KEY="another"):
        assert vendor_number(row) != here
    assert vendor_number(row) == here


def test_every_real_listing_can_be_handed_in_once_answered(cases: Path) -> None:
    left = Counter()  # type: Counter[str]
    for draft in drafts(cases):
        stated = answered(draft)
        plans, problems = parse_plans(stated.plans)
        missing = missing_for_submission(parse_content(stated.content), plans)
        assert problems == []
        assert [one.path for one in missing] == ["allocation"], draft.source_ref
        assert answered(draft) == stated
        left[stated.left_open] += 1

    assert sum(left.values()) == 1_506
    assert 120 < 1_506 - left[""] < 180
    assert set(left) - {""} == set(LEFT_OPEN)


def test_what_a_listing_states_is_not_answered_for_it(cases: Path) -> None:
    for draft in drafts(cases):
        _unchanged(draft.content, answered(draft).content, draft.source_ref)


def _unchanged(stated: Any, after: Any, where: str) -> None:
    if isinstance(stated, dict):
        for name, value in stated.items():
            _unchanged(value, after[name], f"{where}.{name}")
    elif isinstance(stated, list) and stated and isinstance(stated[0], dict):
        for number, value in enumerate(stated):
            _unchanged(value, after[number], f"{where}[{number}]")
    elif stated not in (None, [], ""):
        assert after == stated, where


def test_every_core_listing_is_prohibited(cases: Path, at: datetime) -> None:
    core = of_grade(cases, at, "core")
    assert len(core) == 12
    assert all(found["NS-03"] == "prohibited-item" for found in core)


def test_every_important_listing_needs_evidence(cases: Path, at: datetime) -> None:
    important = of_grade(cases, at, "important")
    assert len(important) == 20
    assert all(found["IMP-01"] == "restricted-item" for found in important)


def test_an_unfinished_grade_is_unknown(cases: Path, at: datetime) -> None:
    pending = of_grade(cases, at, "pending")
    assert len(pending) == 16
    assert all(found["NS-03"] == "unknown-fact" for found in pending)


def test_more_than_half_of_the_listings_come_through(cases: Path, at: datetime) -> None:
    clear = [findings for _draft, findings in screened(cases, at) if not _blocked(findings)]
    assert 753 < len(clear) < 1_200


def _blocked(findings: Sequence[Finding]) -> bool:
    return any(one.blocks for one in findings)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{answer.path}-{answer.asked_of}")
def test_weights_add_up(answer: Any) -> None:
    assert sum(weight for _value, weight in answer.choices) == 100


def test_evidence_asks_for_conditions_that_exist() -> None:
    assert {brings.when for brings in EVIDENCE} == set(WHEN)
