"""One scan of one delimited text. Invariant: one pass, in memory bounded by the limits."""

import csv
from datetime import datetime
from io import StringIO
from itertools import islice
from typing import BinaryIO

from compliance.scan import sample as samples
from compliance.scan.dialect import NONE, Dialect, sniff
from compliance.scan.refusals import ScanRefused
from compliance.scan.result import ScanResult
from compliance.scan.sample import Sample
from compliance.scan.sweep import Sweep
from compliance.scan.text import HEAD_BYTES, Limits, Text
from compliance.scan.verdict import Table, findings


def scan_table(
    stream: BinaryIO,
    *,
    name: str,
    limits: Limits = Limits(),  # noqa: B008
    at: datetime | None = None,
) -> ScanResult:
    """Scan a table of delimited text from where `stream` stands to its end.

    `at` is the moment at which persons are told to be under age; without it none are.

    Raises:
        ScanRefused: it is no such table, or goes beyond `limits`.

    """
    text = Text(stream, limits)
    blocks = text.blocks()
    first = next(blocks, b"")
    dialect = sniff(head_of(first))
    if dialect.width > limits.columns:
        raise ScanRefused("too-many-columns", "row 1", columns=dialect.width, most=limits.columns)
    sweep = Sweep(dialect, limits)
    sample = Sample()
    skipped = 1 if dialect.has_header else 0
    sample.add(rows_of(first, dialect, samples.HEAD_ROWS + skipped)[skipped:], 1 + skipped)
    sweep.take(first)
    for number, block in enumerate(blocks, 1):
        if not number % samples.BLOCK_STEP and sample.rows < samples.MOST_ROWS:
            # A block may begin inside a record; its first rows still look like the column.
            sample.add(rows_of(block, dialect, samples.BLOCK_ROWS), sweep.row)
        sweep.take(block)
    sweep.finish()
    rows = sweep.row - 1 - skipped
    return ScanResult(
        name=name,
        size_bytes=text.size_bytes,
        encoding=text.encoding,
        undecodable=text.undecodable,
        delimiter="" if dialect.delimiter == NONE else dialect.delimiter,
        has_header=dialect.has_header,
        rows=rows,
        width=dialect.width,
        columns=findings(Table(dialect, sweep.columns, sample, rows, at)),
    )


def head_of(block: bytes) -> str:
    """Return the whole lines in the head of `block`, at least one."""
    end = block.rfind(b"\n", 0, HEAD_BYTES) + 1 or block.find(b"\n") + 1
    return block[:end].decode("utf-8", "replace")


def rows_of(block: bytes, dialect: Dialect, count: int) -> list[list[str]]:
    """Return the first `count` records of `block`, fewer where its quotation marks are broken."""
    end = 0
    for _ in range(count):
        end = block.find(b"\n", end) + 1
        if not end:
            end = len(block)
            break
    text = block[:end].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", " ")
    if dialect.delimiter == NONE:
        return [[line] for line in text.split("\n")[:-1]]
    rows: list[list[str]] = []
    try:  # noqa: SIM105
        rows.extend(
            islice(csv.reader(StringIO(text, newline="\n"), delimiter=dialect.delimiter), count)
        )
    except csv.Error:
        # The sweep refuses the file by its row.
        pass
    return rows
