"""Cells → tallies of columns. Invariant: every cell is looked at, and counted once."""

from collections.abc import Sequence

from compliance.scan import values
from compliance.scan.dialect import NONE
from compliance.scan.limits import Limits
from compliance.scan.refusals import ScanRefused
from compliance.scan.tally import Column


class Cells:
    """The tallies of one table while its cells go by."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.columns: dict[int, Column] = {}
        self.candidates = values.candidates(NONE)

    def take(self, number: int, cells: Sequence[str], rows: Sequence[int]) -> None:
        """Count those of `cells`, which stand in `rows` of column `number`, that hold something."""
        if self.candidates.search("\n".join(cells).encode("utf-8", "replace")):
            self.count(number, cells, rows)

    def count(self, number: int, cells: Sequence[str], rows: Sequence[int]) -> None:
        """Count `cells` of column `number`, some of which are candidates."""
        filled = [place for place, cell in enumerate(cells) if cell]
        texts = [cells[place].replace("\n", " ") for place in filled]
        filled_rows = [rows[place] for place in filled]
        column = self.column(number, filled_rows)
        others = column.take(texts, filled_rows)
        # Of those that are no one value only the candidates have something inside.
        joined = "\n".join([texts[place] for place in others]).encode("utf-8", "replace")
        places: list[int] = []
        line = counted = 0
        for start, _ in values.spans(self.candidates, joined):
            line += joined.count(b"\n", counted, start)
            counted = start
            places.append(others[line])
        column.take_inside(texts, filled_rows, places)

    def column(self, number: int, rows: Sequence[int]) -> Column:
        """Return the column `number`, which is filled in `rows`.

        Raises:
            ScanRefused: there are too many columns.

        """
        column = self.columns.get(number)
        if column is None:
            if number >= self.limits.columns:
                raise too_wide(rows[0], number + 1, self.limits.columns)
            column = self.columns[number] = Column()
        return column


def too_wide(row: int, width: int, most: int) -> ScanRefused:
    """Return the refusal of a row of `width` columns."""
    return ScanRefused("too-many-columns", f"row {row}", columns=width, most=most)
