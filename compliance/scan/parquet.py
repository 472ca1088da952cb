"""Parquet → tallies of columns. Invariant: one page in memory, and no page believed.

It is read column by column, from the end of the file. Where all values of a column stand in a
dictionary and none of them may hold anything, its pages need not be unpacked. Compression that
cannot be undone here makes the file unread, which is not the same as clean.
"""

import io
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any, BinaryIO

from compliance.scan import decompress
from compliance.scan import parquet_pages as pages
from compliance.scan.cells import too_wide
from compliance.scan.containers import Budget
from compliance.scan.dialect import NAME_LENGTH, tells
from compliance.scan.gather import LATER_ROWS, Gathering
from compliance.scan.limits import Limits
from compliance.scan.refusals import ScanRefused
from compliance.scan.sample import HEAD_ROWS, MOST_ROWS
from compliance.scan.thrift import Reader

MAGIC, LOCKED = b"PAR1", b"PARE"
FOOTER_BYTES = 1 << 24
HEADER_BYTES = 1 << 14
MOST_HEADER_BYTES = 1 << 20
# Enough of a page to see how its column looks.
GLANCE_BYTES = 1 << 16
DATA, DICTIONARY, DATA_2 = 0, 2, 3
GZIP, LZ4, ZSTANDARD = 2, 7, 6
CODECS = {
    0: "no compression", 1: "Snappy", 2: "gzip", 3: "LZO", 4: "Brotli", 5: "LZ4 of Hadoop",
    6: "Zstandard", 7: "LZ4",
}  # fmt: skip
DECOMPRESSORS = {1: decompress.snappy, 6: decompress.zstandard, 7: decompress.lz4}
# Words that nesting puts between a column and its values.
WRAPPERS = frozenset(("list", "element", "item", "array", "bag", "array_element", "key_value"))
TEXT, NUMBER, FRACTION, DECIMAL, DAY, MOMENT, OPAQUE = range(7)
# Numbers with fewer digits are of no kind that is told by its digits.
LEAST_NUMBER = 10**10
TICKS = {1: 1000, 2: 1_000_000, 3: 1_000_000_000}
FAULTS = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    struct.error,
    OverflowError,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A column: its path, physical type, what its values mean, and how it nests."""

    path: tuple[str, ...]
    type: int
    length: int
    meaning: int
    scale: int
    definition: int
    repetition: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page as its header tells: where its bytes are, and how they are packed."""

    type: int
    encoding: int
    count: int
    start: int
    packed: int
    size: int
    levels: tuple[int, int] | None
    compressed: bool


class File:
    """A Parquet file that is open. `rows` is what its footer says of how many there are."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self.stream = stream
        self.limits = limits
        self.end = stream.seek(0, io.SEEK_END)
        self.slow_left = limits.slow_bytes
        self.budget = Budget(limits, lambda: self.end)
        tail = self.at(max(0, self.end - 8), 8)
        if tail[4:] == LOCKED:
            raise ScanRefused("encrypted", "end of file")
        size = int.from_bytes(tail[:4], "little")
        if tail[4:] != MAGIC or not 0 < size <= min(FOOTER_BYTES, self.end - 12):
            raise ScanRefused("broken-parquet", "end of file")
        try:
            footer = Reader(self.at(self.end - 8 - size, size)).struct()
            self.leaves = leaves(footer[2], limits)
            self.groups: list[dict[int, Any]] = footer[4]
            self.rows = int(footer[3])
        except ScanRefused:
            raise
        except FAULTS:
            raise ScanRefused("broken-parquet", "footer") from None

    def at(self, place: int, size: int) -> bytes:
        """Return `size` bytes that stand at `place`, fewer at the end of the file."""
        self.stream.seek(place)
        return self.stream.read(size)

    def unpack(self, page: Page, codec: int, most: int) -> bytes:
        """Return the bytes of a page, at least `most` of them where it has so many.

        Raises:
            ScanRefused: it is too large, or its compression is not read here.

        """
        limits = self.limits
        if max(page.size, page.packed) > limits.page_bytes or page.count > pages.MOST_VALUES:
            raise ScanRefused("page-too-large", f"byte {page.start + 1}", most=limits.page_bytes)
        data = self.at(page.start, page.packed)
        head = b""
        if page.levels:
            # Levels stand before the values and are never compressed.
            wide = sum(page.levels)
            head, data = data[:wide], data[wide:]
        wanted = max(0, min(most, page.size) - len(head))
        self.budget.spend(wanted + page.count)
        if not codec or not page.compressed:
            return head + data[:wanted]
        if codec == GZIP:
            return head + zlib.decompressobj(47).decompress(data, max(wanted, 1))
        if codec not in DECOMPRESSORS:
            name = CODECS.get(codec, "an unknown compression")
            raise ScanRefused("parquet-unread", f"byte {page.start + 1}", format=name)
        self.slow_left -= wanted
        if self.slow_left < 0:
            raise ScanRefused("too-large", f"byte {page.start + 1}", most=limits.slow_bytes)
        return head + DECOMPRESSORS[codec](data, wanted)[:wanted] if wanted else head


def scan_columns(stream: BinaryIO, limits: Limits) -> tuple[Gathering, int]:
    """Count what stands in the columns of a Parquet file; return that, and its size in bytes.

    Raises:
        ScanRefused: it is damaged, locked, too large, or packed in a way that is not read.

    """
    file = File(stream, limits)
    gathering = Gathering(limits)
    for leaf in file.leaves:
        gathering.add_column(*named(leaf))
    sampled = 0
    for group in file.groups:
        where = f"row {gathering.rows + 1}"
        glance = 0
        if sampled < MOST_ROWS:
            glance = LATER_ROWS if sampled else HEAD_ROWS
        try:
            rows = int(group[3])
            chunks = group[1]
            if len(chunks) != len(file.leaves) or rows < 0:
                raise ValueError
            for number, (leaf, chunk) in enumerate(zip(file.leaves, chunks, strict=True)):
                Chunk(file, leaf, chunk, gathering, number).read(glance)
        except ScanRefused:
            raise
        except FAULTS:
            raise ScanRefused("broken-parquet", where) from None
        gathering.rows += rows
        sampled += min(rows, glance)
    gathering.sample.rows = sampled
    return gathering, file.end


def named(leaf: Leaf) -> tuple[str, str]:
    """Return how a column is called, and the word of it that says what it holds."""
    words = [word for word in leaf.path if word not in WRAPPERS] or list(leaf.path)
    shown = ".".join(words)[:NAME_LENGTH]
    return ("", "") if tells(shown) else (shown, words[-1])


class Chunk:
    """The values of one column in one group of rows."""

    def __init__(
        self, file: File, leaf: Leaf, chunk: dict[int, Any], gathering: Gathering, number: int
    ) -> None:
        told = chunk[3]
        self.file = file
        self.leaf = leaf
        self.into = gathering
        self.number = number
        self.codec = int(told[4])
        self.count = int(told[5])
        self.end = int(told[7])
        self.start = min(int(told[9]), int(told.get(11) or told[9]))
        self.end += self.start
        if chunk.get(1) or not 0 < self.start <= self.end <= file.end:
            raise ValueError
        if told[1] != leaf.type:
            raise ValueError
        self.dictionary: Sequence[Any] = ()
        self.telling = False
        self.row = gathering.rows + 1

    def pages(self) -> Iterator[Page]:
        """Yield the pages of the chunk."""
        place, seen = self.start, 0
        while seen < self.count and place < self.end:
            page, place = self.page(place)
            if page.type in (DATA, DATA_2):
                seen += page.count
            yield page

    def page(self, place: int) -> tuple[Page, int]:
        """Return the page whose header stands at `place`, and where the next one is."""
        size = HEADER_BYTES
        while True:
            data = self.file.at(place, min(size, self.end - place))
            reader = Reader(data)
            try:
                header = reader.struct()
                break
            except FAULTS:
                if len(data) < size or size >= MOST_HEADER_BYTES:
                    raise
                size *= 8
        kind = header[1]
        told = header.get({DATA: 5, DICTIONARY: 7, DATA_2: 8}.get(kind, -1)) or {}
        start, packed = place + reader.place, int(header[3])
        if packed < 0 or start + packed > self.end or int(header[2]) < 0:
            raise ValueError
        newer = kind == DATA_2
        levels = (int(told[6]), int(told[5])) if newer else None
        if levels and (min(levels) < 0 or sum(levels) > packed):
            raise ValueError
        encoding, count = int(told.get(4 if newer else 2, 0)), int(told.get(1, 0))
        if count < 0:
            raise ValueError
        page = Page(
            kind, encoding, count, start, packed, int(header[2]), levels,
            compressed=not newer or told.get(7, True) is not False,
        )  # fmt: skip
        return page, start + packed

    def read(self, glance: int) -> None:
        """Count all values, and look at the first `glance` of them."""
        row = self.into.rows + 1
        for page in self.pages():
            if page.type == DICTIONARY:
                if glance or counted(self.leaf):
                    self.read_dictionary(page)
                continue
            if page.type not in (DATA, DATA_2):
                continue
            coded = page.encoding in pages.DICTIONARIES
            needed = self.telling if coded else counted(self.leaf)
            # Only the levels of a nested column tell how many rows a page has.
            if not (needed or glance or self.leaf.repetition):
                row += page.count
                continue
            looked = page.count if needed or self.leaf.repetition else min(glance, page.count)
            cells, rows = self.cells(page, row, looked)
            row = self.row if self.leaf.repetition else row + page.count
            if glance:
                self.into.sample.look(self.number, cells[:glance], rows[:glance])
                glance = 0
            if needed:
                self.into.cells.take(self.number, cells, rows)

    def read_dictionary(self, page: Page) -> None:
        """Keep the dictionary of the chunk, and learn whether it may hold anything."""
        data = self.file.unpack(page, self.codec, self.file.limits.page_bytes)
        leaf = self.leaf
        values = pages.plain(data, leaf.type, leaf.length, page.count)
        if len(values) != page.count:
            raise ValueError
        self.dictionary = values
        if counted(leaf):
            joined = "\n".join(written(values, leaf)).encode("utf-8", "replace")
            self.telling = bool(self.into.cells.candidates.search(joined))

    def cells(self, page: Page, row: int, looked: int) -> tuple[list[str], Sequence[int]]:
        """Return the first `looked` cells of a data page but for those not there, and their rows.

        `row` is that of the first; after a nested page `self.row` is that of the next.
        """
        leaf = self.leaf
        whole = looked == page.count
        most = self.file.limits.page_bytes if whole else GLANCE_BYTES
        data = self.file.unpack(page, self.codec, most)
        repetitions, definitions, place = self.levels(page, data, looked)
        rows: Sequence[int] = range(row, row + looked)
        if repetitions is not None:
            rows = list(accumulate((not level for level in repetitions), initial=row - 1))[1:]
            self.row = rows[-1] + 1 if rows else row
        count = looked
        if definitions is not None:
            kept = [at for at, level in enumerate(definitions) if level == leaf.definition]
            count = len(kept)
            if count < len(rows):
                rows = [rows[at] for at in kept]
        if page.encoding in pages.DICTIONARIES:
            width = data[place] if place < len(data) else 0
            if width > 32:
                raise ValueError
            places = pages.hybrid(data, place + 1, width, count)
            cells = written([self.dictionary[at] for at in places], leaf)
        else:
            try:
                values = pages.values_of(
                    data[place:], page.encoding, leaf.type, leaf.length, count,
                    4 * self.file.limits.page_bytes,
                )  # fmt: skip
            except pages.Cut as cut:
                values = cut.values
            cells = written(values, leaf)
        if whole and len(cells) != count:
            raise ValueError
        return cells, rows[: len(cells)]

    def levels(
        self, page: Page, data: bytes, looked: int
    ) -> tuple[list[int] | None, list[int] | None, int]:
        """Return how values repeat and which are there, None for plainly all; and their end."""
        found: list[list[int] | None] = []
        place = 0
        most = (self.leaf.repetition, self.leaf.definition)
        for at, top in enumerate(most):
            size = page.levels[at] if page.levels else 0
            start = place
            if top and not page.levels:
                size = int.from_bytes(data[place : place + 4], "little")
                start = place + 4
                size += 4
            place += size
            if not top:
                found.append(None)
                continue
            levels = pages.hybrid(data[:place], start, top.bit_length(), looked)
            if place <= len(data) and len(levels) != looked:
                raise ValueError
            found.append(levels)
        return found[0], found[1], place


def counted(leaf: Leaf) -> bool:
    """Tell whether values of this column can hold anything that is told by its form."""
    return leaf.meaning in (TEXT, DECIMAL) or (
        leaf.meaning in (NUMBER, FRACTION) and leaf.type in (pages.INT64, pages.DOUBLE)
    )


def written(values: Sequence[Any], leaf: Leaf) -> list[str]:
    """Return how values would be written in delimited text."""
    meaning = leaf.meaning
    if meaning == TEXT:
        return [value.decode("utf-8", "replace") for value in values]
    if meaning == NUMBER:
        return list(map(str, values))
    if meaning == FRACTION:
        return [
            f"{value:.0f}" if LEAST_NUMBER <= abs(value) < 1e22 and value % 1 == 0 else f"{value!r}"
            for value in values
        ]
    if meaning == DECIMAL:
        if values and isinstance(values[0], bytes):
            values = [int.from_bytes(value, "big", signed=True) for value in values]
        unit = 10**leaf.scale
        return [f"{value // unit}" if value % unit == 0 else f"{value / unit}" for value in values]
    if meaning == DAY:
        return [dated(value * 86_400) for value in values]
    if meaning == MOMENT:
        return [dated(value // leaf.scale) for value in values]
    return ["" for _ in values]


def dated(seconds: int) -> str:
    """Return the day that lies so many seconds after 1970, "" outside the calendar."""
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return ""
    return date(moment.year, moment.month, moment.day).isoformat()


def leaves(schema: list[dict[int, Any]], limits: Limits) -> list[Leaf]:
    """Return the columns of a schema, which is a tree written from its root downwards."""
    found: list[Leaf] = []
    # What is still to come of each element that is open: children, path, and levels.
    opened: list[list[Any]] = [[int(schema[0].get(5, 0)), (), 0, 0]]
    for element in schema[1:]:
        while opened and not opened[-1][0]:
            opened.pop()
        if not opened or len(opened) > limits.depth:
            raise ValueError
        opened[-1][0] -= 1
        _, path, definition, repetition = opened[-1]
        path = (*path, element[4].decode("utf-8", "replace"))
        form = int(element.get(3, 0))
        definition += form != 0
        repetition += form == 2
        if element.get(5):
            opened.append([int(element[5]), path, definition, repetition])
            continue
        meaning, scale = meaning_of(element)
        found.append(
            Leaf(
                path, int(element[1]), int(element.get(2, 0)), meaning, scale, definition,
                repetition,
            )
        )  # fmt: skip
    if len(found) > limits.columns:
        raise too_wide(1, len(found), limits.columns)
    return found


def meaning_of(element: dict[int, Any]) -> tuple[int, int]:
    """Return what the values of a column mean, and the scale of a decimal or of a moment."""
    kind = int(element[1])
    logical = element.get(10) or {}
    older = element.get(6)
    if 5 in logical or older == 5:
        scale = int((logical.get(5) or {}).get(1, element.get(7) or 0) or 0)
        if not 0 <= scale <= 100:
            raise ValueError
        return DECIMAL, scale
    if 6 in logical or older == 6:
        return DAY, 1
    if 8 in logical and kind == pages.INT64:
        unit = next(iter((logical[8] or {}).get(2) or {1: 0}))
        return MOMENT, TICKS.get(unit, 1000)
    if older in (9, 10) and kind == pages.INT64:
        return MOMENT, 1000 if older == 9 else 1_000_000
    if kind == pages.BYTES or (kind == pages.FIXED and 14 not in logical and 15 not in logical):
        return TEXT, 0
    if kind in (pages.INT32, pages.INT64):
        return NUMBER, 0
    if kind in (pages.FLOAT, pages.DOUBLE):
        return FRACTION, 0
    return OPAQUE, 0
