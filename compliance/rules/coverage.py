"""What became of the rows of the field's reference list. Invariant: no row is dropped silently.

The rows are codes only; what became of each is read from the items of a checklist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from compliance.rules.item import ChecklistDocument, Item

# What can become of a row, in words.
FATES: dict[str, str] = {
    "item": "a rule over facts",
    "zone-list": "a rule of its zone's export list",
    "reviewer": "an attestation of the reviewer",
    "venue": "a yearly attestation of the venue",
    "covered": "part of other items",
    "not-in-force": "kept for the record, not in force",
    "unaccounted": "nothing",
}


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one row: its fate, its own item, and the others that cover it."""

    row: str
    fate: str
    own: Item | None
    others: tuple[Item, ...]


def fates(rows: tuple[str, ...], checklist: ChecklistDocument, *, on: date) -> tuple[Fate, ...]:
    """Return what became of each of `rows` in `checklist`, as it stands on that day."""
    by_code = {item.code: item for item in checklist.items}
    return tuple(_fate(row, by_code.get(row), checklist, on) for row in rows)


def _fate(row: str, own: Item | None, checklist: ChecklistDocument, on: date) -> Fate:
    covering = (item for item in checklist.items if row in item.covers)
    others = tuple(item for item in covering if item.code != row)
    if own is None:
        running = any(item.in_force_on(on) for item in others)
        return Fate(row, "covered" if running else "unaccounted", None, others)
    if own.valid_to is not None and own.valid_to < on:
        return Fate(row, "not-in-force", own, others)
    if own.kind == "attestation":
        return Fate(row, own.asked_of, own, others)
    return Fate(row, "zone-list" if own.list == "export" else "item", own, others)


def read_rows(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the codes of the rows that the JSON object `document` holds, in its order."""
    return tuple(document["rows"])
