"""The columns of a sample as its head shows them. Invariant: names and types, never a value.

A page asks for them, so little is read: where the head does not show the names, there are none.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from compliance.scan import containers, names, parquet
from compliance.scan.dialect import NONE, header, rows_of, sniff
from compliance.scan.gather import Gathering
from compliance.scan.json_text import Records, Source
from compliance.scan.kinds import KINDS
from compliance.scan.limits import Limits
from compliance.scan.refusals import ScanRefused
from compliance.scan.table import head_of
from compliance.scan.text import Text
from compliance.scan.workbook import Workbook

INTEGER = re.compile(r"[-+]?[0-9]{1,18}").fullmatch
DECIMAL = re.compile(r"[-+]?[0-9]{1,18}([.,][0-9]+)?([eE][-+]?[0-9]{1,3})?").fullmatch
DATE = re.compile(r"[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?").fullmatch
# In the order in which they are tried; what is nothing of these is text.
TYPES = (("integer", INTEGER), ("decimal", DECIMAL), ("date", DATE))
PARQUET_TYPES = {
    parquet.NUMBER: "integer", parquet.FRACTION: "decimal", parquet.DECIMAL: "decimal",
    parquet.DAY: "date", parquet.MOMENT: "date",
}  # fmt: skip
LIMITS = Limits(unpacked_bytes=1 << 23, strings_bytes=1 << 22)
HEAD_ROWS = 100


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the type its first values have, and what its name says of persons.

    `sensitivity` is sensitive or personal; "" says nothing, and not that it is harmless.
    """

    name: str
    type: str
    sensitivity: str


def columns_of(stream: BinaryIO) -> tuple[Column, ...]:
    """Return the columns that the head of a table names; none where it is no table with names.

    Of several tables in one file it is the first that counts.
    """
    readers: dict[str, Callable[[BinaryIO], tuple[Column, ...]]] = {
        containers.TEXT: of_text,
        containers.JSON: of_json,
        containers.WORKBOOK: of_workbook,
        containers.PARQUET: of_parquet,
    }
    with suppress(ScanRefused):
        for _, part in containers.opened(stream, LIMITS):
            return readers[part.format](part.stream)
    return ()


def of_text(stream: BinaryIO) -> tuple[Column, ...]:
    """Return the columns of delimited text."""
    head = head_of(next(Text(stream, LIMITS).blocks(), b""))
    dialect = sniff(head)
    if dialect.delimiter == NONE and len(dialect.names) != 1:
        return ()
    return _columns(dialect.names, rows_of(head, dialect.delimiter)[dialect.skip :])


def of_workbook(stream: BinaryIO) -> tuple[Column, ...]:
    """Return the columns of the first sheet that has any."""
    book = Workbook(stream, LIMITS)
    for member in book.names:
        head = list(islice(book.rows(member), HEAD_ROWS))
        width = 1 + max((max(cells) for _, cells in head), default=-1)
        rows = [[cells.get(place, "") for place in range(width)] for _, cells in head]
        skip, found = header(rows)
        if found:
            return _columns(found, rows[skip:])
    return ()


class Enough(Exception):
    """The head of a table has been seen."""


class Head(Gathering):
    """The first records of a table, which are kept until their types are known."""

    def __init__(self) -> None:
        super().__init__(LIMITS)
        self.values: dict[int, list[str]] = {}

    def next_row(self, number: int = 0) -> int:
        """Begin a record.

        Raises:
            Enough: so many have been seen.

        """
        self.rows += 1
        if self.rows > HEAD_ROWS:
            raise Enough
        return number or self.rows

    def put(self, column: int, cell: str, row: int) -> None:  # noqa: ARG002
        """Keep `cell`."""
        self.values.setdefault(column, []).append(cell)

    def settle(self) -> None:
        """Count nothing."""


def of_json(stream: BinaryIO) -> tuple[Column, ...]:
    """Return the columns of the first records of JSON."""
    head = Head()
    with suppress(Enough):
        Records(Source(Text(stream, LIMITS).pieces(), LIMITS), head).read()
    return tuple(
        Column(shown, _type(head.values.get(place, [])), _sensitivity(name))
        for place, (shown, name) in enumerate(zip(head.shown, head.names, strict=True))
        if shown
    )


def of_parquet(stream: BinaryIO) -> tuple[Column, ...]:
    """Return the columns that a Parquet file says it has."""
    found = [(parquet.named(leaf), leaf) for leaf in parquet.File(stream, LIMITS).leaves]
    return tuple(
        Column(shown, PARQUET_TYPES.get(leaf.meaning, "text"), _sensitivity(name))
        for (shown, name), leaf in found
        if shown
    )


def _columns(found: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[Column, ...]:
    some = list(rows)
    return tuple(
        Column(name, _type([row[place] for row in some if len(row) > place]), _sensitivity(name))
        for place, name in enumerate(found)
        if name
    )


def _type(values: list[str]) -> str:
    filled = [value.strip() for value in values if value.strip()]
    for name, matches in TYPES:
        if filled and all(map(matches, filled)):
            return name
    return "text"


def _sensitivity(name: str) -> str:
    found = [KINDS[kind] for kind in names.kinds(name)]
    if any(kind.sensitive for kind in found):
        return "sensitive"
    return "personal" if any(kind.personal for kind in found) else ""
