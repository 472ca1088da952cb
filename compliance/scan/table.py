"""One scan of one file. Invariant: one pass over each table, in memory bounded by the limits."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from io import StringIO
from itertools import chain, islice
from typing import BinaryIO

from compliance.scan import containers, parquet
from compliance.scan import sample as samples
from compliance.scan.dialect import NAME_LENGTH, NONE, Dialect, header, sniff, tells
from compliance.scan.gather import Gathering
from compliance.scan.json_text import Records, Source
from compliance.scan.limits import Limits
from compliance.scan.refusals import ScanRefused
from compliance.scan.result import PartResult, ScanResult
from compliance.scan.sample import Sample
from compliance.scan.sweep import Sweep
from compliance.scan.text import HEAD_BYTES, Text
from compliance.scan.verdict import Table, findings
from compliance.scan.workbook import Workbook

# So many rows of a sheet are looked at to see which of them holds the names.
SHEET_HEAD = 100
NOTES = "(notes)"


def scan_file(
    stream: BinaryIO,
    *,
    name: str,
    limits: Limits = Limits(),  # noqa: B008
    at: datetime | None = None,
) -> ScanResult:
    """Scan the tables of one file from where `stream` stands to its end.

    `at` is the moment at which persons are told to be under age; without it none are.

    Raises:
        ScanRefused: it is no file of tables, or goes beyond `limits`.

    """
    parts: list[PartResult] = []
    packing, size = "", 0
    for packing, part in containers.opened(stream, limits):  # noqa: B007
        label = safe_label(part.label, len(parts) + 1)
        try:
            for found, bytes_read in scanned(part, label, limits, at):
                parts.append(found)
                size += bytes_read
        except ScanRefused as refused:
            if not part.label:
                raise
            where = f"file {len(parts) + 1}, {refused.where}"
            raise ScanRefused(refused.code, where, **refused.values) from None
    if not parts:
        raise ScanRefused("empty", "byte 1")
    return ScanResult(name=name, packing=packing, size_bytes=size, parts=tuple(parts))


def scanned(
    part: containers.Part, label: str, limits: Limits, at: datetime | None
) -> Iterator[tuple[PartResult, int]]:
    """Yield what stands in each table of `part`, and how many bytes were read for it."""
    if part.format == containers.WORKBOOK:
        yield from scan_workbook(part.stream, limits, at)
    elif part.format == containers.PARQUET:
        gathering, size = parquet.scan_columns(part.stream, limits)
        yield of_gathering(gathering, label, containers.PARQUET, at), size
    elif part.format == containers.JSON:
        yield scan_json(part.stream, label, limits, at)
    else:
        yield scan_text(part.stream, label, limits, at)


def scan_text(
    stream: BinaryIO, label: str, limits: Limits, at: datetime | None
) -> tuple[PartResult, int]:
    """Scan delimited text."""
    text = Text(stream, limits)
    blocks = text.blocks()
    first = next(blocks, b"")
    dialect = sniff(head_of(first))
    if dialect.width > limits.columns:
        raise ScanRefused("too-many-columns", "row 1", columns=dialect.width, most=limits.columns)
    sweep = Sweep(dialect, limits)
    sample = Sample()
    skip = dialect.skip
    sample.add(rows_of(first, dialect, samples.HEAD_ROWS + skip)[skip:], 1 + skip)
    sweep.take(first)
    for number, block in enumerate(blocks, 1):
        if not number % samples.BLOCK_STEP and sample.rows < samples.MOST_ROWS:
            # A block may begin inside a record; its first rows still look like the column.
            sample.add(rows_of(block, dialect, samples.BLOCK_ROWS), sweep.row)
        sweep.take(block)
    sweep.finish()
    rows = sweep.row - 1 - skip
    table = Table(dialect.names, dialect.names, sweep.cells.columns, sample, rows, at)
    found = PartResult(
        label=label,
        format=containers.TEXT,
        encoding=text.encoding,
        undecodable=text.undecodable,
        delimiter="" if dialect.delimiter == NONE else dialect.delimiter,
        has_header=dialect.has_header,
        rows=rows,
        width=dialect.width,
        columns=findings(table),
    )
    return found, text.size_bytes


def scan_json(
    stream: BinaryIO, label: str, limits: Limits, at: datetime | None
) -> tuple[PartResult, int]:
    """Scan JSON or JSON Lines."""
    text = Text(stream, limits)
    gathering = Gathering(limits)
    Records(Source(text.pieces(), limits), gathering).read()
    found = of_gathering(gathering, label, containers.JSON, at)
    found = replace(found, encoding=text.encoding, undecodable=text.undecodable)
    return found, text.size_bytes


def scan_workbook(
    stream: BinaryIO, limits: Limits, at: datetime | None
) -> Iterator[tuple[PartResult, int]]:
    """Yield what stands in each sheet of a workbook that is not empty."""
    book = Workbook(stream, limits)
    unread = book.unread()
    sheets = [(tab, book.rows(member)) for member, tab in book.names.items()]
    for number, (tab, rows) in enumerate([*sheets, (NOTES, book.notes())], 1):
        before = book.archive.budget.came_out
        gathering = gather_sheet(rows, limits)
        if gathering.rows:
            found = of_gathering(gathering, safe_label(tab, number), containers.WORKBOOK, at)
            yield replace(found, unread=unread), book.archive.budget.came_out - before
            unread = 0


def gather_sheet(rows: Iterator[tuple[int, dict[int, str]]], limits: Limits) -> Gathering:
    """Take all rows of a sheet; blank ones are none."""
    gathering = Gathering(limits)
    head = list(islice(rows, SHEET_HEAD))
    width = 1 + max((max(cells) for _, cells in head), default=-1)
    wide = [[cells.get(column, "") for column in range(width)] for _, cells in head]
    place, names = header(wide)
    for column in range(width):
        name = names[column] if column < len(names) else ""
        gathering.add_column(name, name)
    # What stands above the data is counted too, for a value may stand there, and is no record.
    for row, cells in head[:place]:
        for column, cell in cells.items():
            gathering.cells.take(column, [cell], [row])
    for row, cells in chain(head[place:], rows):
        while len(gathering.names) <= max(cells):
            gathering.add_column("", "")
        gathering.next_row(row)
        for column, cell in cells.items():
            gathering.put(column, cell, row)
    gathering.settle()
    return gathering


def of_gathering(
    gathering: Gathering,
    label: str,
    format: str,  # noqa: A002
    at: datetime | None,
) -> PartResult:
    """Return what a table that was gathered holds."""
    names, shown = tuple(gathering.names), tuple(gathering.shown)
    columns, sample, rows = gathering.cells.columns, gathering.sample, gathering.rows
    table = Table(names, shown, columns, sample, rows, at, gathering.filled)
    return PartResult(
        label=label,
        format=format,
        encoding="utf-8",
        undecodable=0,
        delimiter="",
        has_header=any(names),
        rows=rows,
        width=len(names),
        columns=findings(table),
    )


def safe_label(label: str, number: int) -> str:
    """Return the name of a table in a file, or its number where the name may be a value."""
    if not label:
        return ""
    return f"{number}" if tells(label) else label[-NAME_LENGTH:]


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
