"""Tables for the demonstration market. Invariant: kind, seed and size decide every byte.

`write_table` streams one to a file; `TABLES` says what each kind holds and in which columns a scan
has to find personal data.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import count
from typing import BinaryIO

from exchange.demo.tables.english import ENGLISH_TABLES
from exchange.demo.tables.invented import Invented
from exchange.demo.tables.people import PEOPLE_TABLES
from exchange.demo.tables.places import PLACE_TABLES
from exchange.demo.tables.shape import Field, TableKind
from exchange.demo.tables.trade import TRADE_TABLES

__all__ = ["TABLES", "Field", "TableKind", "rows", "write_table"]

TABLES: dict[str, TableKind] = {
    kind.code: kind for kind in (*PLACE_TABLES, *TRADE_TABLES, *PEOPLE_TABLES, *ENGLISH_TABLES)
}
WRITE_BYTES = 1 << 18


def rows(code: str, *, seed: int, check_digits: str = "valid") -> Iterator[tuple[object, ...]]:
    """Yield rows of the kind `code` without end; `check_digits` are valid or broken."""
    kind = TABLES[code]
    # Kinds differ for the same seed: the letters of the code are part of it.
    make = Invented(seed * 1_000_003 + int.from_bytes(code.encode()), check_digits)
    return (tuple(kind.row(make, number)) for number in count())


def write_table(
    code: str,
    out: BinaryIO,
    *,
    size_bytes: int,
    seed: int,
    check_digits: str = "valid",
    encoding: str = "utf-8",
    delimiter: str = ",",
) -> int:
    """Write a header and rows of the kind `code` until `size_bytes` are reached.

    Returns the number of rows, at least one. The last row is whole, so a file is longer than
    asked for by less than one row.
    """
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerow(field.name for field in TABLES[code].fields)
    written = number = 0
    for row in rows(code, seed=seed, check_digits=check_digits):
        writer.writerow(row)
        number += 1
        length = buffer.tell()
        # Chinese takes more bytes than characters, so it is counted when it is written.
        if length < WRITE_BYTES and written + length * 3 < size_bytes:
            continue
        written += out.write(buffer.getvalue().encode(encoding))
        buffer.seek(0)
        buffer.truncate()
        if written >= size_bytes:
            break
    return number
