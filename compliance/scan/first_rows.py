"""The first rows of a table, for a reader to look at. Invariant: bounded in bytes, rows and cells.

Values leave the scan here and nowhere else, so it is for files in which it found nobody.
"""

import csv
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice
from typing import BinaryIO

from compliance.scan import containers
from compliance.scan.dialect import NONE, sniff
from compliance.scan.limits import Limits
from compliance.scan.refusals import ScanRefused
from compliance.scan.table import head_of
from compliance.scan.text import Text

MOST_BYTES = 1 << 18
LIMITS = Limits(unpacked_bytes=4 * MOST_BYTES)
MOST_ROWS = 20
MOST_COLUMNS = 50
MOST_LETTERS = 200
CUT = "…"


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The names of the first columns, "" where the table has none, and their first rows.

    `width` is how many columns there are in all.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    width: int


def first_rows(stream: BinaryIO) -> FirstRows:
    """Return the first rows of a table, whole rows only, with their cells cut.

    Raises:
        ScanRefused: it is no table of delimited text.

    """
    head = stream.read(MOST_BYTES + 1)
    whole = len(head) <= MOST_BYTES
    packing, part = next(iter(containers.opened(BytesIO(head[:MOST_BYTES]), LIMITS)))
    if packing or part.format != containers.TEXT or part.label:
        # JSON, workbooks, Parquet and what is packed have no head that reads as rows.
        raise ScanRefused("other-format", "byte 1", format=packing or part.format)
    text = b"".join(Text(part.stream, LIMITS).blocks())
    dialect = sniff(head_of(text))
    skipped = 1 if dialect.has_header else 0
    rows = _records(text.decode("utf-8", "replace"), dialect.delimiter, MOST_ROWS + skipped + 1)
    # Where the file goes on, the last record may be cut; one more than is shown is read for that.
    shown = (rows if whole else rows[:-1])[skipped : MOST_ROWS + skipped]
    count = min(dialect.width, MOST_COLUMNS)
    names = (*dialect.names, *([""] * count))[:count]
    return FirstRows(names, tuple(_cells(row, count) for row in shown), dialect.width)


def _records(text: str, delimiter: str, count: int) -> list[list[str]]:
    if delimiter == NONE:
        return [[line] for line in text.splitlines()[:count]]
    rows: list[list[str]] = []
    try:  # noqa: SIM105
        rows.extend(islice(csv.reader(StringIO(text, newline=""), delimiter=delimiter), count))
    except csv.Error:
        # What comes before the fault is shown; the scan refuses the file by its row.
        pass
    return [row for row in rows if row]


def _cells(row: list[str], count: int) -> tuple[str, ...]:
    cells = (*row, *([""] * count))[:count]
    return tuple(
        cell if len(cell) <= MOST_LETTERS else cell[: MOST_LETTERS - 1] + CUT for cell in cells
    )
