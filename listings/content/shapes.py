"""Shapes of a JSON document. Invariant: what a shape accepts has one form, and every fault is told.

A shape parses a raw JSON value, says what it is in JSON Schema, and writes it back. A document is
a frozen dataclass whose fields carry shapes, so form, API, schema and facts have one source.
"""

# What parse, schema and blank do stands once, in the protocol.
# ruff: noqa: D102

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

# RFC 8785 writes numbers as IEEE doubles: beyond this a whole number is not exact.
MAX_NUMBER = 2**53 - 1
# C0 controls other than tab, line feed and carriage return, DEL, and lone surrogates.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

UUID_TEXT = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def gettext_noop(text: str) -> str:
    """Mark `text` for translation; the edge that shows it translates it."""
    return text


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: where it is (`sources[0].name`), what is wrong and what to do.

    `what` and `remedy` are English templates over `values`; the edge translates all three.
    """

    path: str
    code: str
    what: str
    remedy: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        values = dict(self.values)
        return f"{self.path}: {self.what % values} {self.remedy % values}"


MESSAGES: dict[str, tuple[str, str]] = {
    "unknown-field": (
        gettext_noop("There is no such field."),
        gettext_noop("Remove it, or use one of: %(allowed)s."),
    ),
    "type": (
        gettext_noop("This has to be %(expected)s."),
        gettext_noop("Send that type, or null if it is not known."),
    ),
    "length": (
        gettext_noop("This text has more than %(most)s characters."),
        gettext_noop("Shorten it."),
    ),
    "characters": (
        gettext_noop("This text has a control character or half a character in it."),
        gettext_noop("Remove it and send the text as UTF-8."),
    ),
    "choice": (
        gettext_noop("This value is not in the list."),
        gettext_noop("Use one of: %(allowed)s."),
    ),
    "pattern": (
        gettext_noop("This is not %(expected)s."),
        gettext_noop("Correct it."),
    ),
    "range": (
        gettext_noop("This number is outside %(least)s to %(most)s."),
        gettext_noop("Correct it."),
    ),
    "items": (
        gettext_noop("This list has more than %(most)s entries."),
        gettext_noop("Shorten it."),
    ),
    "duplicate": (
        gettext_noop("This is in the list twice."),
        gettext_noop("Remove one of the two."),
    ),
    "whole": (
        gettext_noop("The shares add up to %(sum)s of 10000 basis points."),
        gettext_noop("Make them 10000, or let the remainder line take what is left."),
    ),
    "remainder": (
        gettext_noop("%(count)s lines are marked to take the remainder."),
        gettext_noop("Mark exactly one."),
    ),
    "one-of": (
        gettext_noop("A line has either a share or a fixed amount."),
        gettext_noop("Fill in one of the two; only the remainder line may leave both empty."),
    ),
    "confirm": (
        gettext_noop("Personal and important data cannot be offered to whoever comes."),
        gettext_noop("Choose the offer mode confirm or negotiated."),
    ),
    "price": (
        gettext_noop("A plan of this kind has a price above zero."),
        gettext_noop("State it, or choose the kind free or negotiated."),
    ),
    "no-price": (
        gettext_noop("A plan of this kind states no price."),
        gettext_noop("Leave it empty."),
    ),
    "mode": (
        gettext_noop("A negotiated price can only be offered for negotiation."),
        gettext_noop("Choose the offer mode negotiated."),
    ),
    "misplaced": (
        gettext_noop("A plan of this kind does not have this."),
        gettext_noop("Leave it empty."),
    ),
    "tiers": (
        gettext_noop("Each tier starts at a higher number than the one before it."),
        gettext_noop("Put the tiers in order, the first above the smallest order."),
    ),
    "seats": (
        gettext_noop("An exclusive plan has one seat."),
        gettext_noop("Leave the seats empty or make them 1."),
    ),
    "needed": (
        gettext_noop("This is needed before the version can be submitted."),
        gettext_noop("Fill it in."),
    ),
    "upstream-unknown": (
        gettext_noop("No product of this code has ever been listed here."),
        gettext_noop("Correct the code, or leave it empty where the data come from elsewhere."),
    ),
    "upstream-itself": (
        gettext_noop("A product is not its own source."),
        gettext_noop("Name the source that these data came from, or leave it empty."),
    ),
    "upstream-derivation": (
        gettext_noop("Product %(product)s may not be made into other products."),
        gettext_noop("Take this source out, or use one whose terms permit it."),
    ),
    "upstream-grade": (
        gettext_noop("It is graded lower than its source, product %(product)s: %(limit)s."),
        gettext_noop("Grade it again, not lower than its source."),
    ),
    "upstream-wider": (
        gettext_noop("It is wider than its source, product %(product)s, permits: %(limit)s."),
        gettext_noop("Narrow it to what its source permits."),
    ),
    "order": (
        gettext_noop("The end lies before the beginning."),
        gettext_noop("Correct one of the two dates."),
    ),
}


def problem(path: str, code: str, **values: Any) -> Problem:
    """Return the problem `code` at `path`."""
    what, remedy = MESSAGES[code]
    return Problem(path, code, what, remedy, tuple((k, str(v)) for k, v in values.items()))


class Shape(Protocol):
    """What a field accepts."""

    def parse(self, raw: Any, path: str, problems: list[Problem]) -> Any:
        """Return the value of `raw`; append what is wrong with it to `problems`."""

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""

    def blank(self) -> Any:
        """Return the value of a field that is absent or null."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text of at most `most` characters; blank text is unknown. `pattern` holds for all of it."""

    most: int
    pattern: str = ""
    expected: str = ""

    def parse(self, raw: Any, path: str, problems: list[Problem]) -> str | None:
        if not isinstance(raw, str):
            problems.append(problem(path, "type", expected=gettext_noop("text")))
            return None
        text = raw.strip()
        if UNPRINTABLE.search(text):
            problems.append(problem(path, "characters"))
        elif len(text) > self.most:
            problems.append(problem(path, "length", most=self.most))
        elif text and self.pattern and not re.fullmatch(self.pattern, text):
            problems.append(problem(path, "pattern", expected=self.expected))
        else:
            return text or None
        return None

    def schema(self) -> dict[str, Any]:
        pattern = {"pattern": f"^({self.pattern})$"} if self.pattern else {}
        return {"type": ["string", "null"], "maxLength": self.most, **pattern}

    def blank(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed list of codes."""

    codes: tuple[str, ...]
    default: str | None = None

    def parse(self, raw: Any, path: str, problems: list[Problem]) -> str | None:
        if isinstance(raw, str) and raw in self.codes:
            return raw
        if not isinstance(raw, str) or raw.strip():
            problems.append(problem(path, "choice", allowed=", ".join(self.codes)))
        return self.default

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "enum": [*self.codes, None]}

    def blank(self) -> str | None:
        return self.default


@dataclass(frozen=True, slots=True)
class YesNo:
    """True or false. With `default` None, absent and null mean unknown."""

    default: bool | None = None

    def parse(self, raw: Any, path: str, problems: list[Problem]) -> bool | None:
        if isinstance(raw, bool):
            return raw
        problems.append(problem(path, "type", expected=gettext_noop("true or false")))
        return self.default

    def schema(self) -> dict[str, Any]:
        return {"type": ["boolean", "null"]}

    def blank(self) -> bool | None:
        return self.default


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number from `least` to `most`, both included."""

    most: int = MAX_NUMBER
    least: int = 0
    default: int | None = None

    def parse(self, raw: Any, path: str, problems: list[Problem]) -> int | None:
        if isinstance(raw, bool) or not isinstance(raw, int):
            problems.append(problem(path, "type", expected=gettext_noop("a whole number")))
        elif not self.least <= raw <= self.most:
            problems.append(problem(path, "range", least=self.least, most=self.most))
        else:
            return raw
        return self.default

    def schema(self) -> dict[str, Any]:
        return {"type": ["integer", "null"], "minimum": self.least, "maximum": self.most}

    def blank(self) -> int | None:
        return self.default


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, YYYY-MM-DD."""

    def parse(self, raw: Any, path: str, problems: list[Problem]) -> date | None:
        if isinstance(raw, str) and not raw.strip():
            return None
        if isinstance(raw, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", raw.strip()):
            try:
                return date.fromisoformat(raw.strip())
            except ValueError:
                pass
        problems.append(problem(path, "pattern", expected=gettext_noop("a day such as 2026-01-31")))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "date"}

    def blank(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Identifier:
    """The UUID of a row."""

    def parse(self, raw: Any, path: str, problems: list[Problem]) -> UUID | None:
        if isinstance(raw, UUID):
            return raw
        # Only the canonical form: UUID() itself also takes braces, "urn:uuid:" and no hyphens.
        if isinstance(raw, str) and UUID_TEXT.fullmatch(raw):
            return UUID(raw)
        problems.append(problem(path, "pattern", expected=gettext_noop("an identifier (UUID)")))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "uuid"}

    def blank(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Items:
    """A list of at most `most` entries. Entries that are plain values may not repeat."""

    of: Shape
    most: int

    def parse(self, raw: Any, path: str, problems: list[Problem]) -> tuple[Any, ...]:
        if not isinstance(raw, Sequence) or isinstance(raw, str | bytes):
            problems.append(problem(path, "type", expected=gettext_noop("a list")))
            return ()
        if len(raw) > self.most:
            problems.append(problem(path, "items", most=self.most))
            return ()
        values: list[Any] = []
        for number, entry in enumerate(raw):
            value = self.of.parse(entry, f"{path}[{number}]", problems)
            if value is None:
                continue
            if not is_dataclass(value) and value in values:
                problems.append(problem(f"{path}[{number}]", "duplicate"))
                continue
            values.append(value)
        return tuple(values)

    def schema(self) -> dict[str, Any]:
        return {"type": ["array", "null"], "items": self.of.schema(), "maxItems": self.most}

    def blank(self) -> tuple[Any, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Part:
    """An object whose fields are those of the dataclass `of`; any other field is refused."""

    of: type

    def parse(self, raw: Any, path: str, problems: list[Problem]) -> Any:
        if not isinstance(raw, Mapping):
            problems.append(problem(path, "type", expected=gettext_noop("an object")))
            return self.blank()
        shapes = shapes_of(self.of)
        for name in raw:
            if name not in shapes:
                where = join(path, str(name)[:100].encode("ascii", "backslashreplace").decode())
                problems.append(problem(where, "unknown-field", allowed=", ".join(shapes)))
        return self.of(
            **{
                name: shape.blank()
                if raw.get(name) is None
                else shape.parse(raw[name], join(path, name), problems)
                for name, shape in shapes.items()
            }
        )

    def schema(self) -> dict[str, Any]:
        return {
            "type": ["object", "null"],
            "additionalProperties": False,
            "properties": {name: shape.schema() for name, shape in shapes_of(self.of).items()},
        }

    def blank(self) -> Any:
        return self.of(**{name: shape.blank() for name, shape in shapes_of(self.of).items()})


def join(path: str, name: str) -> str:
    """Return the path of field `name` inside `path`."""
    return f"{path}.{name}" if path else name


def of(shape: Shape) -> Any:
    """Declare a dataclass field of `shape`; its default is the shape's blank value."""
    return field(default_factory=shape.blank, metadata={"shape": shape})


def shapes_of(document: type) -> dict[str, Shape]:
    """Return the shape of every field of a document dataclass, in order."""
    return {item.name: item.metadata["shape"] for item in fields(document)}


def to_json(value: Any) -> Any:
    """Return `value` as plain JSON: objects, lists, text, numbers, booleans and null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: to_json(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, date | UUID):
        return str(value)
    return value
