"""What one list says otherwise than another. Invariant: equal lists have no differences.

Item by item and field by field; what people read, and expressions above all, word by word.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from compliance.rules.item import ChecklistDocument, EvidenceKind, Item, item_document

Change = Literal["added", "removed", "changed"]

# A Chinese character is a word of its own; so are a sign and a run of spaces.
_WORD = re.compile(r"[A-Za-z0-9_]+|\s+|[^\sA-Za-z0-9_]")
_LISTS = ("sources", "examples")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words. `change` is added or removed, or "" where both say the same."""

    text: str
    change: Literal["added", "removed", ""] = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that says something else; None was or is not said. `pieces` is both in one."""

    field: str
    before: str | None
    after: str | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item that was added, removed or changed; `fields` are those that say something else."""

    code: str
    change: Change
    title_en: str
    title_zh: str
    severity: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class KindChange:
    """One kind of evidence that was added, removed or worded otherwise."""

    key: str
    change: Change
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that differs. `same_count` items are in both and say the same."""

    items: tuple[ItemChange, ...]
    evidence: tuple[KindChange, ...]
    same_count: int


def compare(before: ChecklistDocument, after: ChecklistDocument) -> Differences:
    """Return what `after` says otherwise than `before`, in the order of `after`."""
    old = {item.code: item for item in before.items}
    new = {item.code: item for item in after.items}
    items: list[ItemChange] = []
    for code, item in new.items():
        if code not in old:
            items.append(_whole(item, "added", _fields({}, _said(item))))
        elif fields := _fields(_said(old[code]), _said(item)):
            items.append(_whole(item, "changed", fields))
    items += [
        _whole(item, "removed", _fields(_said(item), {}))
        for code, item in old.items()
        if code not in new
    ]
    kept = sum(1 for code in new if code in old)
    changed = sum(1 for one in items if one.change == "changed")
    return Differences(tuple(items), _kinds(before, after), kept - changed)


def pieces_of(before: str, after: str) -> tuple[Piece, ...]:
    """Return both texts in one, word by word."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("".join(new[c:d])))
            continue
        if a < b:
            pieces.append(Piece("".join(old[a:b]), "removed"))
        if c < d:
            pieces.append(Piece("".join(new[c:d]), "added"))
    return tuple(pieces)


def _whole(item: Item, change: Change, fields: tuple[FieldChange, ...]) -> ItemChange:
    return ItemChange(item.code, change, item.title_en, item.title_zh, item.severity, fields)


def _said(item: Item) -> dict[str, str]:
    """Return field → text; each source and each example is a field of its own."""
    said: dict[str, str] = {}
    for name, value in item_document(item).items():
        if name not in _LISTS:
            said[name] = _text(value)
            continue
        for row in value:
            said[_free(said, f"{name}.{_name(row)}")] = _text(row)
    return said


def _name(row: Mapping[str, Any]) -> str:
    return str(row.get("name") or f"{row['instrument']} {row['article']}")


def _free(taken: Mapping[str, str], name: str) -> str:
    """Return `name`, with a number where another row has it already."""
    number, free = 2, name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _fields(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(
            name,
            before.get(name) or None,
            after.get(name) or None,
            pieces_of(before.get(name, ""), after.get(name, "")),
        )
        for name in _names(before, after)
        if before.get(name, "") != after.get(name, "")
    )


def _names(before: Iterable[str], after: Iterable[str]) -> list[str]:
    return list(dict.fromkeys((*after, *before)))


def _kinds(before: ChecklistDocument, after: ChecklistDocument) -> tuple[KindChange, ...]:
    old = {kind.key: _wording(kind) for kind in before.evidence}
    new = {kind.key: _wording(kind) for kind in after.evidence}
    changes: list[KindChange] = []
    for key in _names(old, new):
        if key not in old:
            changes.append(KindChange(key, "added", _fields({}, new[key])))
        elif key not in new:
            changes.append(KindChange(key, "removed", _fields(old[key], {})))
        elif fields := _fields(old[key], new[key]):
            changes.append(KindChange(key, "changed", fields))
    return tuple(changes)


def _wording(kind: EvidenceKind) -> dict[str, str]:
    return {"en": kind.en, "zh": kind.zh, "by": kind.by}
