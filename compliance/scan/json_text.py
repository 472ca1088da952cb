"""JSON and JSON Lines → records. Invariant: no more of a file is held than one value of it.

A record is an element of an array or a line of its own; a column is the path to its values, such
as "user.phone". Keys that are values themselves ({"13800001234": …}) become the cells of a column
and part of no name. A value too large to be held is opened and read member by member.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from compliance.scan.dialect import NAME_LENGTH, header_row, tells
from compliance.scan.gather import Gathering
from compliance.scan.limits import Limits
from compliance.scan.refusals import ScanRefused

BLANK = re.compile(r"[ \t\r\n]*").match
AFTER = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*").match
# A number or word at the end of what was read may go on.
OPEN_END = re.compile(r"[-+.0-9A-Za-z]").match
# With so many keys an object is a map from values to values, and its keys are data.
MOST_KEYS = 64
ANY_KEY, KEYS = "*", "(key)"
# A list of so many scalars is a row of cells; a longer one is a series or a vector.
MOST_CELLS = 200
# Keys like these count things up: they name nothing.
COUNTING_KEY = re.compile(
    "[0-9]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,}"
).fullmatch
# Words that say little of a value without the one before them.
VAGUE = frozenset(
    [
        "value",
        "text",
        "name",
        "first",
        "last",
        "full",
        "no",
        "num",
        "number",
        "id",
        "line",
        "code",
        "data",
        "content",
    ]
)


class Pairs(list):
    """The members of an object in their order, those of one name too."""


class Bare(str):
    """A number or word, as it was written."""


class Source:
    """The text of a file from where it has been read to."""

    def __init__(self, pieces: Iterator[str], limits: Limits) -> None:
        self.pieces = pieces
        self.limits = limits
        self.text = ""
        self.place = 0
        self.passed = 0
        self.ended = False
        decoder = json.JSONDecoder(
            object_pairs_hook=Pairs, parse_int=Bare, parse_float=Bare, parse_constant=Bare,
            strict=False,
        )  # fmt: skip
        # Decoding from a place on, without a look at what follows, is no part of its type.
        self.decode: Callable[[str, int], tuple[Any, int]] = decoder.scan_once  # type: ignore[attr-defined]

    def more(self) -> bool:
        """Read on, at least as much as is held; return False at the end of the file."""
        wanted = len(self.text) - self.place
        parts = [self.text[self.place :]]
        self.passed += self.place
        self.place = 0
        got = 0
        while got <= wanted:
            piece = next(self.pieces, None)
            if piece is None:
                self.ended = True
                break
            parts.append(piece)
            got += len(piece)
        self.text = "".join(parts)
        return got > 0

    def peek(self) -> str:
        """Return the next character that is not blank, "" at the end."""
        while True:
            self.place = BLANK(self.text, self.place).end()  # type: ignore[union-attr]
            if self.place < len(self.text):
                return self.text[self.place]
            if self.ended or not self.more():
                return ""

    def skip(self, expected: str) -> None:
        """Pass over `expected`.

        Raises:
            ScanRefused: something else stands there.

        """
        if self.peek() != expected:
            raise self.broken()
        self.place += 1

    def value(self) -> tuple[bool, Any]:
        """Return whether the next value is small enough to be held, and the value if it is.

        Raises:
            ScanRefused: it is malformed or too deep.

        """
        self.peek()
        while True:
            try:
                value, end = self.decode(self.text, self.place)
            except StopIteration as fault:
                # What begins there is no value, unless the text ends there.
                if fault.value < len(self.text) - 16:
                    raise self.broken() from None
            except json.JSONDecodeError as fault:
                if fault.pos < len(self.text) - 16 and not fault.msg.startswith("Unterminated"):
                    raise self.broken() from None
            except RecursionError:
                raise self.too_deep() from None
            else:
                if end < len(self.text) or not isinstance(value, Bare) or self.ended:
                    self.place = end
                    return True, value
            if len(self.text) - self.place > self.limits.row_bytes:
                return False, None
            if self.ended or not self.more():
                raise self.broken()

    def broken(self) -> ScanRefused:
        """Return the refusal of what stands here."""
        return ScanRefused("broken-json", f"character {self.passed + self.place + 1}")

    def too_deep(self) -> ScanRefused:
        """Return the refusal of values within values within values."""
        where = f"character {self.passed + self.place + 1}"
        return ScanRefused("too-deep", where, most=self.limits.depth)


class Records:
    """Puts the values of a JSON text into columns."""

    def __init__(self, source: Source, gathering: Gathering) -> None:
        self.source = source
        self.into = gathering
        self.limits = gathering.limits
        self.columns: dict[tuple[str, ...], int] = {}
        self.heads: dict[tuple[str, ...], tuple[str, ...]] = {}
        # Keys that were judged to be names; there cannot be many more of them than columns.
        self.plain: set[str] = set()

    def read(self) -> None:
        """Read all of the text.

        Raises:
            ScanRefused: it is no JSON, or goes beyond the limits.

        """
        source = self.source
        whole, value = source.value()
        if whole and source.peek():
            # Another value follows: one record each line.
            while True:
                self.record(value, ())
                if not source.peek():
                    break
                whole, value = source.value()
                if not whole:
                    row, most = self.into.rows + 1, self.limits.row_bytes
                    raise ScanRefused("row-too-long", f"row {row}", most=most)
        elif whole:
            self.walk(value, ())
        else:
            self.open((), 1)
            if source.peek():
                raise source.broken()
        self.into.settle()

    def open(self, path: tuple[str, ...], depth: int) -> None:
        """Read a container that is too large to be held, member by member."""
        source = self.source
        if depth > self.limits.depth:
            raise source.too_deep()
        opening = source.peek()
        if opening not in ("[", "{"):
            row, most = self.into.rows + 1, self.limits.row_bytes
            raise ScanRefused("row-too-long", f"row {row}", most=most)
        source.skip(opening)
        closing = "]" if opening == "[" else "}"
        keys = row = 0
        while source.peek() != closing:
            inner = path
            if opening == "{":
                whole, key = source.value()
                if not whole or isinstance(key, Bare) or not isinstance(key, str):
                    raise source.broken()
                source.skip(":")
                keys += 1
                if keys > MOST_KEYS or self.is_value(key):
                    row = self.into.next_row()
                    self.put((*path, KEYS), key, row)
                    inner = (*path, ANY_KEY)
                else:
                    inner = (*path, key)
            # An array in an object is one of records, however small it is.
            whole, value = (False, None) if keys and source.peek() == "[" else source.value()
            if not whole:
                self.open(inner, depth + 1)
            elif opening == "[":
                self.record(value, inner)
            elif isinstance(value, (list, Pairs)):
                self.walk(value, inner)
            else:
                row = row or self.into.next_row()
                self.put(inner, value, row)
            if source.peek() == ",":
                source.skip(",")
            elif source.peek() != closing:
                raise source.broken()
        source.skip(closing)

    def walk(self, value: Any, path: tuple[str, ...]) -> None:
        """Take a value that holds records: elements of its arrays, or members of its maps."""
        if len(path) > self.limits.depth:
            raise self.source.too_deep()
        if isinstance(value, Pairs):
            mapped = is_map(value)
            row = 0
            for key, inner in value:
                known = not mapped and not self.is_value(key)
                place = (*path, key if known else ANY_KEY)
                if not known:
                    row = self.into.next_row()
                    self.put((*path, KEYS), key, row)
                if isinstance(inner, Pairs) and not known:
                    self.flat(inner, place, row, 0)
                elif isinstance(inner, list):
                    self.walk(inner, place)
                else:
                    row = row or self.into.next_row()
                    self.put(place, inner, row)
        elif isinstance(value, list):
            for inner in value:
                self.record(inner, path)
        else:
            self.put(path, value, self.into.next_row())

    def record(self, value: Any, path: tuple[str, ...]) -> None:
        """Take `value` as one record."""
        cells = type(value) is list and 1 < len(value) <= MOST_CELLS
        if cells and not any(isinstance(cell, list) for cell in value):
            self.cells(value, path)
        else:
            self.flat(value, path, self.into.next_row(), 0)

    def cells(self, value: list[Any], path: tuple[str, ...]) -> None:
        """Take a list of scalars as the cells of a row; the first may be names of columns."""
        names = self.heads.get(path)
        if names is None:
            texts = [cell if isinstance(cell, str) else "" for cell in value]
            bare = any(isinstance(cell, Bare) for cell in value)
            found = () if bare else header_row(texts, ())
            names = self.heads[path] = found or tuple(map(str, range(1, len(value) + 1)))
            if found:
                return
        row = self.into.next_row()
        if len(value) != len(names):
            self.flat(value, path, row, 0)
            return
        for name, cell in zip(names, value, strict=True):
            self.put((*path, name), cell, row)

    def flat(self, value: Any, path: tuple[str, ...], row: int, depth: int) -> None:
        """Put all that stands in `value` into columns of the record `row`."""
        if depth > self.limits.depth:
            raise self.source.too_deep()
        if isinstance(value, Pairs):
            mapped = is_map(value)
            for key, inner in value:
                if mapped or self.is_value(key):
                    self.put((*path, KEYS), key, row)
                    self.flat(inner, (*path, ANY_KEY), row, depth + 1)
                else:
                    self.flat(inner, (*path, key), row, depth + 1)
        elif isinstance(value, list):
            for inner in value:
                self.flat(inner, path, row, depth + 1)
        else:
            self.put(path, value, row)

    def is_value(self, key: str) -> bool:
        """Tell whether `key` is a value that must be counted and never kept."""
        if key in self.plain:
            return False
        if len(key) > NAME_LENGTH or tells(key) or COUNTING_KEY(key):
            return True
        if len(self.plain) < self.limits.columns * self.limits.depth:
            self.plain.add(key)
        return False

    def put(self, path: tuple[str, ...], value: Any, row: int) -> None:
        """Put a scalar into the column of its path."""
        number = self.columns.get(path)
        if number is None:
            shown = ".".join(path)[:NAME_LENGTH]
            number = self.columns[path] = self.into.add_column(shown, telling(path))
        if isinstance(value, str) and value:
            self.into.put(number, value, row)


def is_map(pairs: Pairs) -> bool:
    """Tell whether an object maps values to records alike, and does not describe one thing."""
    if len(pairs) > MOST_KEYS:
        return True
    if len(pairs) < 3 or not isinstance(pairs[0][1], Pairs):
        return False
    if not all(isinstance(inner, Pairs) for _, inner in pairs[:3]):
        return False
    first, second = ({key for key, _ in inner} for _, inner in pairs[:2])
    return len(first & second) * 2 > max(len(first), len(second))


def telling(path: tuple[str, ...]) -> str:
    """Return the words of `path` that say what its values are."""
    words = [word for word in path if word not in (ANY_KEY, KEYS)]
    if not words:
        return ""
    last = words[-1]
    return " ".join(words[-2:]) if last.lower() in VAGUE else last
