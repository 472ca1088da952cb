"""What a scan tells. Invariant: kinds, counts and positions; never a value that was found.

The same file gives the same document, byte for byte.
"""

from dataclasses import asdict, dataclass
from typing import Any

from compliance.scan.kinds import KINDS

# Counted up when a rule changes what the same file gives: decisions name the rules they rest on.
RULES = 2

CERTAIN, LIKELY, POSSIBLE = "certain", "likely", "possible"
# From the strongest to the weakest.
CONFIDENCES = (CERTAIN, LIKELY, POSSIBLE)


@dataclass(frozen=True, slots=True)
class ColumnFinding:
    """One kind in one column.

    `column` counts from 1, as `rows`, the first record numbers, do: the header is row 1. `cells`
    hold the kind, `inside` of them within a longer text; `checked` and `passed` are cells by their
    check digits; `share_bp` is the share of rows in basis points, where each value of a row with
    several counts; `distinct` different values were seen. `estimated` means that cells and
    distinct were counted in a sample of rows.
    """

    column: int
    name: str
    kind: str
    confidence: str
    by_name: bool
    cells: int
    inside: int
    checked: int
    passed: int
    share_bp: int
    distinct: int
    distinct_exact: bool
    estimated: bool
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PartResult:
    """What stands in one table. `rows` are records without the header, `width` is its columns.

    `label` is the name of the sheet or member, "" where the file is the table; `unread` are
    pictures and other files beside it that no scan can look into.
    """

    label: str
    format: str
    encoding: str
    undecodable: int
    delimiter: str
    has_header: bool
    rows: int
    width: int
    columns: tuple[ColumnFinding, ...]
    unread: int = 0


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What stands in one file; `packing` is how it was packed, `size_bytes` what was unpacked."""

    name: str
    packing: str
    size_bytes: int
    parts: tuple[PartResult, ...]

    @property
    def rows(self) -> int:
        """How many records its tables have."""
        return sum(part.rows for part in self.parts)

    @property
    def columns(self) -> tuple[ColumnFinding, ...]:
        """What was found in the columns of all its tables."""
        return tuple(found for part in self.parts for found in part.columns)

    def kinds(self, least: str = LIKELY) -> tuple[str, ...]:
        """Return the kinds found with at least the confidence `least`, in alphabetical order."""
        enough = CONFIDENCES[: CONFIDENCES.index(least) + 1]
        return tuple(sorted({found.kind for found in self.columns if found.confidence in enough}))

    def personal_kinds(self, least: str = LIKELY) -> tuple[str, ...]:
        """Return the kinds about natural persons found with at least the confidence `least`."""
        return tuple(kind for kind in self.kinds(least) if KINDS[kind].personal)

    def counts(self, least: str = LIKELY) -> dict[str, int]:
        """Return how many cells hold each kind of `kinds(least)`."""
        enough = CONFIDENCES[: CONFIDENCES.index(least) + 1]
        return {
            kind: sum(
                found.cells
                for found in self.columns
                if found.kind == kind and found.confidence in enough
            )
            for kind in self.kinds(least)
        }

    def to_document(self) -> dict[str, Any]:
        """Return the result as plain JSON values."""
        document = asdict(self)
        for part in document["parts"]:
            part["columns"] = [
                {**column, "rows": list(column["rows"])} for column in part["columns"]
            ]
        return {
            "rules": RULES,
            **document,
            "parts": list(document["parts"]),
            "rows": self.rows,
            "kinds": list(self.kinds()),
            "personal_kinds": list(self.personal_kinds()),
            "counts": self.counts(),
        }
