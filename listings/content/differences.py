"""What a version says otherwise than the one before it. Invariant: nothing that differs is left out.

Entries of lists are known by their names and not by their places: a field that only moved differs
in nothing. What a buyer may do is told as widened or narrowed, for that is what a reviewer asks.
"""  # noqa: E501

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["added", "removed", "changed", "widened", "narrowed"]
# Whether a territory lies in another.
Inside = Callable[[str, str], bool]

# By what an entry of a list is known.
NAMED_BY: dict[str, tuple[str, ...]] = {
    "dictionary": ("name",),
    "sources": ("name",),
    "allocation": ("beneficiary", "role"),
    "plans": ("code",),
    "files": ("name",),
}
USE = "permitted_use"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a version says: its content document, plan documents, and files by name."""

    content: Mapping[str, Any]
    plans: Sequence[Mapping[str, Any]]
    files: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is said otherwise; None is not said.

    `field` is what it is of, as `dictionary[].type`; `entry` the name of the entry that it is in.
    """

    field: str
    entry: str
    kind: Kind
    before: Any
    after: Any

    @property
    def path(self) -> str:
        """The field with the name of its entry: `dictionary[level].type`."""
        return self.field.replace("[]", f"[{self.entry}]", 1)


def differences(before: Snapshot, after: Snapshot, inside: Inside) -> tuple[Difference, ...]:
    """Return what `after` says otherwise than `before`, in the order of a version's sections."""
    first, last = dict(before.content), dict(after.content)
    first |= {"plans": before.plans, "files": before.files}
    last |= {"plans": after.plans, "files": after.files}
    order = list(dict.fromkeys([*after.content, *before.content, "plans", "files"]))
    found: list[Difference] = []
    for name in order:
        found += _of_part(name, first.get(name), last.get(name), inside)
    return tuple(found)


def _of_part(name: str, before: Any, after: Any, inside: Inside) -> Iterator[Difference]:
    if name in NAMED_BY:
        yield from _of_entries(name, before or (), after or ())
    elif name == USE:
        yield from _of_use(before or {}, after or {}, inside)
    elif isinstance(before, Mapping) or isinstance(after, Mapping):
        first, last = before or {}, after or {}
        for key in dict.fromkeys([*last, *first]):
            yield from _of_value(f"{name}.{key}", "", first.get(key), last.get(key))
    else:
        yield from _of_value(name, "", before, after)


def _of_value(field: str, entry: str, before: Any, after: Any) -> Iterator[Difference]:
    before, after = _said(before), _said(after)
    if before == after:
        return
    if field != "plans[].tiers" and (isinstance(before, list) or isinstance(after, list)):
        gone = [one for one in before or [] if one not in (after or [])]
        come = [one for one in after or [] if one not in (before or [])]
        if gone:
            yield Difference(field, entry, "removed", gone, None)
        if come:
            yield Difference(field, entry, "added", None, come)
        return
    kind: Kind = "added" if before is None else "removed" if after is None else "changed"
    yield Difference(field, entry, kind, before, after)


def _said(value: Any) -> Any:
    """Return a value with all that says nothing as None."""
    return None if value in ("", [], (), {}) else list(value) if isinstance(value, tuple) else value


def _of_entries(
    name: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> Iterator[Difference]:
    first, last = _by_name(name, before), _by_name(name, after)
    for key in dict.fromkeys([*last, *first]):
        was, now = first.get(key), last.get(key)
        if was is None or now is None:
            kind: Kind = "added" if was is None else "removed"
            yield Difference(f"{name}[]", key, kind, was, now)
            continue
        for field in dict.fromkeys([*now, *was]):
            yield from _of_value(f"{name}[].{field}", key, was.get(field), now.get(field))


def _by_name(name: str, entries: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return entries by their names; one of the same name again is told apart by its number."""
    found: dict[str, Mapping[str, Any]] = {}
    for entry in entries:
        said = " ".join(str(entry.get(part) or "") for part in NAMED_BY[name]).strip()
        key, number = said, 1
        while key in found:
            number += 1
            key = f"{said} #{number}"
        found[key] = entry
    return found


def _of_use(
    before: Mapping[str, Any], after: Mapping[str, Any], inside: Inside
) -> Iterator[Difference]:
    for key in dict.fromkeys([*after, *before]):
        field, was, now = f"{USE}.{key}", before.get(key), after.get(key)
        if key == "territories":
            yield from _of_set(field, was, now, inside)
        elif key == "buyer_types":
            yield from _of_buyers(field, was or [], now or [])
        elif isinstance(was, list | tuple) or isinstance(now, list | tuple):
            yield from _of_set(field, was, now, lambda one, other: one == other)
        elif was != now:
            yield Difference(field, "", _turned(was, now), was, now)


def _of_set(field: str, was: Any, now: Any, inside: Inside) -> Iterator[Difference]:
    first, last = list(was or ()), list(now or ())
    lost = [one for one in first if not any(inside(one, other) for other in last)]
    won = [one for one in last if not any(inside(one, other) for other in first)]
    if lost:
        yield Difference(field, "", "narrowed", lost, None)
    if won:
        yield Difference(field, "", "widened", None, won)
    if not lost and not won and sorted(first) != sorted(last):
        yield Difference(field, "", "changed", first, last)


def _of_buyers(field: str, was: Sequence[str], now: Sequence[str]) -> Iterator[Difference]:
    """Tell of the kinds of buyer: none named is any, so naming the first one narrows."""
    if sorted(was) == sorted(now):
        return
    if not was or not now:
        kind: Kind = "narrowed" if now else "widened"
        yield Difference(field, "", kind, list(was) or None, list(now) or None)
    else:
        yield from _of_set(field, was, now, lambda one, other: one == other)


def _turned(was: Any, now: Any) -> Kind:
    """Say of a yes or no, or of a number, whether more is permitted now."""
    if was is None or now is None:
        # What is not said is not permitted; of a term that is not said nothing is known.
        if True in (was, now):
            return "widened" if now else "narrowed"
        return "added" if was is None else "removed"
    return "widened" if now > was else "narrowed"
