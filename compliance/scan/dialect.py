"""How a delimited text is laid out. Invariant: judged from its head alone, by one rule.

The delimiter is the one that gives most rows the same number of fields, the header included.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from compliance.scan import names, values

DELIMITERS = (",", "\t", ";", "|", "\x01", "^")
# Stands for "one column": a NUL is in no text that gets this far.
NONE = "\0"
HEAD_ROWS = 100
TITLE_ROWS = 5
NAME_LENGTH = 80
NUMERIC = re.compile(r"[-+]?[0-9][0-9,./:eE+-]*[%]?|").fullmatch


@dataclass(frozen=True, slots=True)
class Dialect:
    """The delimiter, and the column names where one of the first rows holds names.

    `skip` rows stand before the data: the names, and what is above them.
    """

    delimiter: str
    names: tuple[str, ...]
    width: int
    skip: int = 0

    @property
    def has_header(self) -> bool:
        """Whether one of the first rows holds names and not data."""
        return bool(self.names)


def sniff(head: str) -> Dialect:
    """Return the dialect of a text that begins with `head`, which is cut at a line end."""
    best: tuple[float, int, str, list[list[str]]] = (0.0, 1, NONE, rows_of(head, NONE))
    for delimiter in DELIMITERS:
        if delimiter not in head:
            continue
        rows = [row for row in rows_of(head, delimiter) if row]
        if not rows:
            continue
        width, count = Counter(map(len, rows)).most_common(1)[0]
        # Title lines may stand above the names, so the first row weighs much, not everything.
        share = count / len(rows) * (1.0 if len(rows[0]) == width else 0.7)
        if width > 1 and share >= 0.4 and (share, width) > best[:2]:
            best = (share, width, delimiter, rows)
    _, width, delimiter, rows = best
    skip, found = header(rows)
    return Dialect(delimiter, found, max([width, *(len(row) for row in rows[:1])]), skip)


def rows_of(head: str, delimiter: str) -> list[list[str]]:
    """Return the first rows of `head`; those before a fault, where there is one."""
    if delimiter == NONE:
        return [[line] for line in head.split("\n")[:HEAD_ROWS]]
    rows: list[list[str]] = []
    text = head.replace("\r\n", "\n").replace("\r", " ")
    try:  # noqa: SIM105
        rows.extend(
            islice(csv.reader(StringIO(text, newline="\n"), delimiter=delimiter), HEAD_ROWS)
        )
    except csv.Error:
        pass
    return rows


def header(rows: Sequence[Sequence[str]]) -> tuple[int, tuple[str, ...]]:
    """Return how many of `rows` stand before the data, and the names in the last of these.

    Above the names of a table made for reading there may be lines of title, mostly blank.
    """
    width = max(map(len, rows), default=0)
    for place, row in enumerate(rows[:TITLE_ROWS]):
        if found := header_row(row, rows[place + 1 :]):
            return place + 1, found
        if sum(map(bool, map(str.strip, row))) * 3 > width or any(map(tells, row)):
            break
    return 0, ()


def header_row(row: Sequence[str], below: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the names in `row`, or nothing where it holds values.

    A row is names if it says a word that names say, or if it is text over numbers; and never if
    anything in it looks like the data of a person.
    """
    first = [cell.strip() for cell in row]
    filled = [cell for cell in first if cell]
    if not filled or any(map(tells, first)) or len(set(filled)) < len(filled) * 0.8:
        return ()
    names_found = tuple(cell[:NAME_LENGTH] for cell in first)
    if len(first) > 1 and len(filled) < 2:
        return ()
    if any(names.kinds(cell) or names.known(cell) for cell in filled if len(cell) <= NAME_LENGTH):
        return names_found
    for number, cell in enumerate(first):
        cells = [one[number] for one in below if len(one) > number and one[number].strip()]
        if (
            cells
            and not NUMERIC(cell)
            and sum(map(bool, map(NUMERIC, map(str.strip, cells)))) * 2 > len(cells)
        ):
            return names_found
    return ()


def tells(cell: str) -> bool:
    """Tell whether `cell` holds a value that must never be kept."""
    text = values.narrow(cell)
    found = values.WHOLE(text)
    if found:
        return found.lastgroup not in ("decimal", "number", "classification_mark", "private_ip")
    return any(values.inside(text))
