"""The columns of a sample as its head shows them. Invariant: names and types, never a value."""

import re
from dataclasses import dataclass
from typing import BinaryIO

from compliance.scan import names
from compliance.scan.dialect import NONE, rows_of, sniff
from compliance.scan.kinds import KINDS
from compliance.scan.refusals import ScanRefused
from compliance.scan.table import head_of
from compliance.scan.text import Limits, Text

INTEGER = re.compile(r"[-+]?[0-9]{1,18}").fullmatch
DECIMAL = re.compile(r"[-+]?[0-9]{1,18}([.,][0-9]+)?([eE][-+]?[0-9]{1,3})?").fullmatch
DATE = re.compile(r"[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?").fullmatch
# In the order in which they are tried; what is nothing of these is text.
TYPES = (("integer", INTEGER), ("decimal", DECIMAL), ("date", DATE))


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the type its first values have, and what its name says of persons.

    `sensitivity` is sensitive or personal; "" says nothing, and not that it is harmless.
    """

    name: str
    type: str
    sensitivity: str


def columns_of(stream: BinaryIO) -> tuple[Column, ...]:
    """Return the columns that the head of a table names; none where it is no table with names."""
    try:
        head = head_of(next(Text(stream, Limits()).blocks(), b""))
    except ScanRefused:
        return ()
    dialect = sniff(head)
    if dialect.delimiter == NONE and len(dialect.names) != 1:
        return ()
    rows = rows_of(head, dialect.delimiter)[1:]
    return tuple(
        Column(name, _type([row[place] for row in rows if len(row) > place]), _sensitivity(name))
        for place, name in enumerate(dialect.names)
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
