"""Blocks of lines → tallies of columns. Invariant: every byte is looked at, and counted once.

A block with few candidates is swept: one RE2 pass finds the fields that may hold something. A
block full of candidates, or with a record over several lines, is parsed and taken column by
column. Both count the same.
"""

import csv
from collections.abc import Sequence
from io import StringIO
from itertools import chain, zip_longest

from compliance.scan import values
from compliance.scan.cells import Cells, too_wide
from compliance.scan.dialect import NONE, Dialect
from compliance.scan.limits import Limits
from compliance.scan.refusals import ScanRefused

# Denser than one candidate in this many bytes, parsing all of a block costs less than sweeping.
DENSE_BYTES = 300
PROBE = 48
# Swept fields are judged together, after this much text: judging a few at a time costs more.
SWEPT_BYTES = 1 << 22
# Stands after the last line to see whether a quotation mark is still open there.
END = "\x01end\x02"


class Swept:
    """Fields of one column that wait to be judged, and the numbers of their records."""

    __slots__ = ("fields", "rows")

    def __init__(self) -> None:
        self.fields: list[bytes] = []
        self.rows: list[int] = []


class Sweep:
    """The tallies of a table while its blocks go by. `row` is the number of the next record."""

    def __init__(self, dialect: Dialect, limits: Limits) -> None:
        self.dialect = dialect
        self.limits = limits
        self.cells = Cells(limits)
        self.row = 1
        self.open_record = ""
        self.swept: dict[int, Swept] = {}
        self.swept_bytes = 0
        self.mark = dialect.delimiter.encode()
        self.candidates = values.candidates(dialect.delimiter)
        mark = values.escaped(dialect.delimiter)
        # A quotation mark that opens a field and is not closed on its line.
        self.open_quote = values.compiled(f'(?m)(?:^|[{mark}])"(?:[^"\\n]|"")*\\n')

    def take(self, block: bytes) -> None:
        """Count what stands in `block`, whole lines that follow those of the last block.

        Raises:
            ScanRefused: a row is too wide, or a quotation mark is not closed.

        """
        quoted = self.dialect.delimiter != NONE and b'"' in block
        if (
            self.open_record
            or (quoted and self.open_quote.search(block))
            or not (self.sweep_quoted(block) if quoted else self.sweep(block))
        ):
            self.settle()
            self.parse(block)

    def finish(self) -> None:
        """Say that the file has ended.

        Raises:
            ScanRefused: it has ended inside quotation marks.

        """
        self.settle()
        if self.open_record:
            raise ScanRefused("broken-quotes", f"row {self.row}")

    def sweep(self, block: bytes) -> bool:
        """Keep the candidate fields of `block`; return False, with nothing kept, if dense."""
        mark, count, last = self.mark, block.count, block.rfind
        spans = values.probed(self.candidates, block, PROBE, DENSE_BYTES)
        if spans is None:
            return False
        found: dict[int, Swept] = {}
        row, counted = self.row, 0
        for start, end in spans:
            column = count(mark, last(b"\n", 0, start) + 1, start + 1)
            row += count(b"\n", counted, start)
            counted = start
            try:
                kept = found[column]
            except KeyError:
                kept = found[column] = Swept()
            # A field comes with the delimiter before it.
            kept.fields.append(block[start + 1 : end] if column else block[start:end])
            kept.rows.append(row)
        self.row = row + count(b"\n", counted)
        for column, kept in found.items():
            waiting = self.swept.setdefault(column, kept)
            if waiting is not kept:
                waiting.fields += kept.fields
                waiting.rows += kept.rows
        self.swept_bytes += len(block)
        if self.swept_bytes >= SWEPT_BYTES:
            self.settle()
        return True

    def settle(self) -> None:
        """Judge the fields that were swept."""
        for number, kept in self.swept.items():
            cells = b"\n".join(kept.fields).decode("utf-8", "replace").split("\n")
            column = self.cells.column(number, kept.rows)
            column.take_inside(cells, kept.rows, column.take(cells, kept.rows))
        self.swept = {}
        self.swept_bytes = 0

    def sweep_quoted(self, block: bytes) -> bool:
        """Do as `sweep` for lines that may have quotation marks in them, and count at once."""
        lines: list[bytes] = []
        rows: list[int] = []
        row, counted, done = self.row, 0, 0
        for number, (start, end) in enumerate(values.spans(self.candidates, block), 1):
            if not number % PROBE and end < number * DENSE_BYTES:
                return False
            if start < done:
                continue
            row += block.count(b"\n", counted, start)
            counted = start
            done = block.find(b"\n", start)
            lines.append(block[block.rfind(b"\n", 0, start) + 1 : done + 1])
            rows.append(row)
        if lines:
            try:
                records = self.read(b"".join(lines).decode("utf-8", "replace"))
            except csv.Error:
                # Parsed as part of the whole block it is refused by its row.
                return False
            self.take_records(records[:-1], rows)
        self.row = row + block.count(b"\n", counted)
        return True

    def parse(self, block: bytes) -> None:
        """Count all of `block`, record by record, with what was left open before it."""
        text = self.open_record + block.decode("utf-8", "replace")
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", " ")
        try:
            records = self.read(text)
        except csv.Error:
            raise ScanRefused("broken-quotes", f"after row {self.row - 1}") from None
        last = records.pop()
        self.open_record = "" if last == [END] else open_part(text, last)
        after = self.row + len(records)
        if len(self.open_record) > self.limits.row_bytes:
            raise ScanRefused("broken-quotes", f"row {after}")
        self.take_records(records, range(self.row, after))
        self.row = after

    def read(self, text: str) -> list[list[str]]:
        """Return the records of `text` and, last, `[END]` or a record that is still open.

        Raises:
            csv.Error: a field is too long to be one.

        """
        if self.dialect.delimiter == NONE:
            return [[line] for line in text.split("\n")[:-1]] + [[END]]
        lines = chain(StringIO(text, newline="\n"), (END,))
        return list(csv.reader(lines, delimiter=self.dialect.delimiter))

    def take_records(self, records: Sequence[list[str]], rows: Sequence[int]) -> None:
        """Count the candidate cells of `records`, whose numbers are `rows`."""
        for row, width in zip(rows, map(len, records), strict=True):
            if width > self.limits.columns:
                raise too_wide(row, width, self.limits.columns)
        for number, cells in enumerate(zip_longest(*records, fillvalue="")):
            self.cells.take(number, cells, rows)


def open_part(text: str, record: list[str]) -> str:
    """Return the lines of `text` that `record`, its last and still open, is made of."""
    # Each of its lines has put one line feed into a field.
    start = len(text)
    for _ in range(sum(cell.count("\n") for cell in record) + 1):
        start = text.rfind("\n", 0, start)
        if start < 0:
            break
    return text[start + 1 :]
