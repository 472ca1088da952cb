"""The shape of a demonstration table. Invariant: the same seed gives the same bytes, everywhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from exchange.demo.tables.invented import Invented

# One row: from what invents its values, and its number from 0, to its cells.
Row = Callable[[Invented, int], Sequence[object]]


@dataclass(frozen=True, slots=True)
class Field:
    """One column, as a data dictionary describes it; `kinds` are what a scan has to find.

    `type` is text, code, integer, decimal, date or datetime; `sensitivity` is none, personal or
    sensitive.
    """

    name: str
    type: str
    meaning: str
    sensitivity: str = "none"
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableKind:
    """One kind of table: what it is about, its columns, and how a row of it is made.

    `industry` is a section letter of GB/T 4754; `language` of names and values is zh or en.
    """

    code: str
    title_zh: str
    title_en: str
    language: str
    industry: str
    topic: str
    fields: tuple[Field, ...]
    row: Row

    @property
    def dictionary(self) -> list[dict[str, str]]:
        """The data dictionary of a version that offers this table."""
        return [
            {
                "name": field.name,
                "type": field.type,
                "meaning": field.meaning,
                "sensitivity": field.sensitivity,
            }
            for field in self.fields
        ]

    @property
    def personal_kinds(self) -> tuple[str, ...]:
        """The kinds of personal data that stand in it, in alphabetical order."""
        personal = [field for field in self.fields if field.sensitivity != "none"]
        return tuple(sorted({kind for field in personal for kind in field.kinds}))


def fields(*rows: tuple[str, ...]) -> tuple[Field, ...]:
    """Return the fields that `rows` of name, type, meaning, sensitivity and kinds describe.

    The last two may be left out; kinds are separated by blanks.
    """
    padded = ((*row, "none", "")[:5] if len(row) == 3 else (*row, "")[:5] for row in rows)
    return tuple(
        Field(name, type_, meaning, sensitivity, tuple(kinds.split()))
        for name, type_, meaning, sensitivity, kinds in padded
    )
