"""A checklist made ready to run. Invariant: one compiled checklist per document hash and process.

A compiled checklist is immutable and its programs are thread-safe, so all threads share it.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from compliance.rules.evaluation import Answerer, NotCel, compiled
from compliance.rules.item import ChecklistDocument, Item, ItemUnreadable, read_document
from compliance.rules.language import Expression, flattened, parse, stage_of, variable
from core.canonical import digest

# A process works with the list in force and the one scheduled after it; trials add a few.
MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class PreparedItem:
    """An item with its two programs, and the paths of the facts that its condition looks at.

    `stage` is when it is run: listing, order, review (what its reviewer is asked of a listing), or
    venue (what the venue is asked of itself once a year).
    """

    item: Item
    stage: str
    when: Answerer
    lift: Answerer | None
    facts: tuple[str, ...]
    lift_facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A fact that items look at: its path, where it stands, and the CEL variable it becomes."""

    path: str
    topic: str
    name: str
    variable: str


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """The items that are run at one moment, and every fact they look at."""

    items: tuple[PreparedItem, ...]
    facts: tuple[LookedAt, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ItemsOfDay:
    """The items of a stage that are in force on one day.

    `any_hits` asks all their conditions at once: it is false only if each of them is false, for
    in CEL a disjunction is false only then; where one cannot be decided it is unknown.
    """

    items: tuple[PreparedItem, ...]
    any_hits: Answerer


@dataclass(frozen=True, slots=True)
class Checklist:
    """All items of one checklist version, compiled; `hash` is that of its document."""

    code: str
    hash: str
    document: ChecklistDocument
    listing: Stage
    order: Stage
    review: Stage
    venue: tuple[Item, ...]

    def item(self, code: str) -> Item:
        """Return the item `code`.

        Raises:
            KeyError: there is no such item.

        """
        for item in self.document.items:
            if item.code == code:
                return item
        raise KeyError(code)


class ChecklistUnusable(ValueError):
    """A document cannot be compiled: an item of it is not of the language."""


_kept: OrderedDict[str, Checklist] = OrderedDict()
_lock = threading.Lock()


def compile_checklist(
    document: Mapping[str, Any], *, document_hash: str | None = None
) -> Checklist:
    """Return the checklist of the JSON object `document`, compiled once per process.

    `document_hash` is its canonical hash if the caller has it stored; else it is computed.

    Raises:
        ChecklistUnusable: the document cannot be read, or an expression is not of the language.

    """
    key = document_hash or digest(document)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    checklist = _compiled(document, key)
    with _lock:
        _kept[key] = checklist
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return checklist


def _compiled(document: Mapping[str, Any], key: str) -> Checklist:
    try:
        read = read_document(document)
    except ItemUnreadable as unreadable:
        raise ChecklistUnusable(str(unreadable)) from unreadable
    prepared = tuple(prepare(item) for item in read.items)
    return Checklist(
        code=read.code,
        hash=key,
        document=read,
        listing=stage([one for one in prepared if one.stage == "listing"]),
        order=stage([one for one in prepared if one.stage == "order"]),
        review=stage([one for one in prepared if one.stage == "review"]),
        venue=tuple(one.item for one in prepared if one.stage == "venue"),
    )


def stage(prepared: Sequence[PreparedItem]) -> Stage:
    """Return `prepared`, all of one moment, with the facts that they look at."""
    paths = dict.fromkeys(path for one in prepared for path in (*one.facts, *one.lift_facts))
    return Stage(tuple(prepared), tuple(_looked_at(path) for path in paths))


def _looked_at(path: str) -> LookedAt:
    topic, _, name = path.partition(".")
    return LookedAt(path, topic, name, variable(path))


@lru_cache(maxsize=64)
def items_of_day(of: Stage, day: date) -> ItemsOfDay:
    """Return the items of a stage that are in force on `day`, compiled as one condition too."""
    items = tuple(one for one in of.items if one.item.in_force_on(day))
    conditions = [f"({flattened(guarded(one.item))})" for one in items]
    try:
        any_hits = compiled(" || ".join(conditions) or "false")
    except NotCel:
        # Too much for the engine at once: each item is asked for itself.
        any_hits = _unknown
    return ItemsOfDay(items, any_hits)


def _unknown(context: object) -> None:
    return None


def guarded(item: Item) -> str:
    """Return the condition of `item` with its zone guard before it."""
    if not item.zone or not item.when:
        return item.when
    return f"export.zone == '{item.zone}' && ({item.when})"


def prepare(item: Item) -> PreparedItem:
    """Return `item` compiled.

    Raises:
        ChecklistUnusable: an expression is not of the language.

    """
    when = Expression()
    if item.when or item.kind == "rule":
        when = _of_language(item, "when", parse(guarded(item)))
    known_at = run_at(item, when)
    if not known_at:
        raise ChecklistUnusable(f"{item.code}.when: its facts are not known at one moment")
    lift = Expression()
    if item.lift:
        lift = _of_language(item, "lift", parse(item.lift, evidence=item.evidence))
        if lift.facts and stage_of(lift.topics) != facts_of_stage(known_at):
            raise ChecklistUnusable(f"{item.code}.lift: its facts are not known at that moment")
    return PreparedItem(
        item=item,
        stage=known_at,
        when=compiled(flattened(guarded(item))) if item.when else _always,
        lift=compiled(flattened(item.lift)) if item.lift else None,
        facts=tuple(when.facts),
        lift_facts=tuple(lift.facts),
    )


def run_at(item: Item, when: Expression) -> str:
    """Return the stage at which an item with that condition is run; "" if there is none."""
    if item.kind == "rule":
        return stage_of(when.topics)
    if item.asked_of == "venue":
        return "" if when.facts else "venue"
    return "review" if not when.facts or stage_of(when.topics) == "listing" else ""


def facts_of_stage(known_at: str) -> str:
    """Return whose facts are known at a stage: a listing's, an order's, or nobody's."""
    return {"review": "listing", "venue": ""}.get(known_at, known_at)


def _always(context: object) -> bool:
    return True


def _of_language(item: Item, name: str, expression: Expression) -> Expression:
    if expression.faults:
        fault = expression.faults[0]
        raise ChecklistUnusable(f"{item.code}.{name}, character {fault.position}: {fault.code}")
    return expression
