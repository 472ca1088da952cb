"""Records of any shape → tallies of columns. Invariant: memory is bounded by a batch.

What has no lines of delimited text (JSON, workbooks, Parquet) is put here cell by cell; a column
comes about when its first cell does.
"""

from bisect import bisect_right

from compliance.scan.cells import Cells, too_wide
from compliance.scan.limits import Limits
from compliance.scan.sample import HEAD_ROWS, MOST_ROWS, Sample

BATCH_ROWS = 1000
BATCH_BYTES = 1 << 20
# Of each batch after the first, this many rows stand for how its columns look.
LATER_ROWS = 32


class Gathering:
    """The tallies and the sample of a table while its cells come in.

    `rows` are the records begun; `shown` are names of columns as they are told, `names` what of
    them says what the values are.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.cells = Cells(limits)
        self.sample = Sample()
        self.shown: list[str] = []
        self.names: list[str] = []
        self.rows = 0
        # Records of the batch, how many of them are looked at, and the last that is.
        self.in_batch = 0
        self.looked = HEAD_ROWS
        self.looked_to = 0
        self.held_bytes = 0
        # How many cells of each column are filled.
        self.filled: dict[int, int] = {}
        self.batch: dict[int, tuple[list[str], list[int]]] = {}

    def add_column(self, shown: str, name: str) -> int:
        """Add a column and return its number, from 0.

        Raises:
            ScanRefused: there are too many columns.

        """
        number = len(self.names)
        if number >= self.limits.columns:
            raise too_wide(max(self.rows, 1), number + 1, self.limits.columns)
        self.shown.append(shown)
        self.names.append(name)
        return number

    def next_row(self, number: int = 0) -> int:
        """Begin a record and return its number, which is the next one unless it is given."""
        if self.in_batch >= BATCH_ROWS or self.held_bytes > BATCH_BYTES:
            self.settle()
        self.rows += 1
        self.in_batch += 1
        row = number or self.rows
        if self.in_batch <= self.looked:
            self.looked_to = row
        return row

    def put(self, column: int, cell: str, row: int) -> None:
        """Put `cell` into `column` of the record `row`."""
        held = self.batch.get(column)
        if held is None:
            held = self.batch[column] = ([], [])
        held[0].append(cell)
        held[1].append(row)
        self.held_bytes += len(cell) + 16
        if self.held_bytes > 4 * BATCH_BYTES:
            self.settle()

    def settle(self) -> None:
        """Count what is held."""
        for column, (cells, rows) in sorted(self.batch.items()):
            # A column that comes late is looked at where it begins.
            before = self.filled.get(column, 0)
            end = bisect_right(rows, self.looked_to) if self.looked else 0
            end = max(end, min(len(cells), HEAD_ROWS - before))
            if end > 0:
                self.sample.look(column, cells[:end], rows[:end])
            self.filled[column] = before + len(cells)
            self.cells.take(column, cells, rows)
        self.sample.rows += min(self.looked, self.in_batch)
        if self.in_batch:
            self.looked = LATER_ROWS if self.sample.rows < MOST_ROWS else 0
        self.batch = {}
        self.held_bytes = self.in_batch = 0
