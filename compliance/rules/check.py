"""What can be said of one item while it is being written. Invariant: nothing is stored or decided.

It belongs in a child process (`trial`), since what is being written may hang.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from compliance.facts import FactsRefused, listing_from_document
from compliance.rules.checklist import ChecklistUnusable, PreparedItem, prepare
from compliance.rules.evaluation import NotCel
from compliance.rules.examples import try_example
from compliance.rules.item import Item, ItemUnreadable, read_item
from compliance.rules.problems import Problem, problem
from compliance.rules.run import run_items
from compliance.rules.validate import completed, validate_item


@dataclass(frozen=True, slots=True)
class Case:
    """A listing to try an item on: its facts as a document, its evidence, and the day."""

    facts: Mapping[str, Any]
    evidence: tuple[str, ...]
    day: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What one example came to; `wanted` is what it was to come to.

    `got` is "" where it could not be run, and `fault` says why.
    """

    name: str
    wanted: str
    got: str
    fault: str = ""

    @property
    def holds(self) -> bool:
        """Whether it came to what it was to come to."""
        return self.wanted == self.got


@dataclass(frozen=True, slots=True)
class Tried:
    """What the item says of one listing.

    `status` is hit, clear, unknown or lifted; or why a listing cannot tell: order (its facts are
    those of an order), venue (the venue is asked) or not-in-force on that day.
    """

    status: str
    facts: tuple[tuple[str, Any], ...] = ()
    missing: tuple[str, ...] = ()
    lifted_by: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemCheck:
    """Everything that is wrong with an item, what its examples came to, and the listing tried."""

    problems: tuple[Problem, ...]
    examples: tuple[Answered, ...]
    tried: Tried | None


def check_item(
    document: Mapping[str, Any], evidence: Mapping[str, Any], case: Case | None = None
) -> ItemCheck:
    """Return what can be said of the item that `document` states.

    What its facts and evidence say of themselves is filled in first, as saving it does.
    """
    try:
        item = completed(read_item(document))
    except ItemUnreadable as unreadable:
        field = unreadable.path.removeprefix("item.")
        return ItemCheck((problem("", field, "shape", what=unreadable.what),), (), None)
    problems = validate_item(item)
    problems += [
        problem(item.code, "lift", "evidence", name=key)
        for key in item.evidence
        if key not in evidence
    ]
    try:
        prepared = prepare(item)
    except (ChecklistUnusable, NotCel) as raised:
        if not problems:
            problems.append(problem(item.code, "when", "syntax", found=str(raised)[:200]))
        return ItemCheck(tuple(problems), (), None)
    examples = tuple(_answered(prepared, item, number) for number in range(len(item.examples)))
    return ItemCheck(tuple(problems), examples, None if case is None else _tried(prepared, case))


def _answered(prepared: PreparedItem, item: Item, number: int) -> Answered:
    example = item.examples[number]
    try:
        outcome = try_example(prepared, example, on=item.valid_from)
    except FactsRefused as refused:
        return Answered(example.name, example.expect, "", str(refused))
    return Answered(example.name, outcome.wanted, outcome.got)


def _tried(prepared: PreparedItem, case: Case) -> Tried:
    if prepared.stage in ("order", "venue"):
        return Tried(prepared.stage)
    facts = listing_from_document(case.facts)
    day = date.fromisoformat(case.day)
    if not prepared.item.in_force_on(day):
        return Tried("not-in-force")
    known: dict[str, Any] = {}
    looked_at = tuple(dict.fromkeys((*prepared.facts, *prepared.lift_facts)))
    for path in looked_at:
        topic, _, name = path.partition(".")
        value = getattr(getattr(facts, topic), name)
        if value is not None:
            known[path] = value
    said = tuple(known.items())
    missing = tuple(path for path in looked_at if path not in known)
    findings = run_items([prepared], known, case.evidence, on=day)
    if not findings:
        return Tried("clear", said, missing)
    found = findings[0]
    return Tried(found.status, said, missing, found.lifted_by, found.lacking)
