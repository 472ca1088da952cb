"""Excel workbooks (.xlsx, ECMA-376) → rows. Invariant: XML is read in pieces and no entity in it.

Every sheet is read, hidden ones too. Shared texts are kept as bytes within a limit; a date is
written as a date, a number as its digits, so that it looks as it does in delimited text.
"""

import re
from array import array
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO
from xml.parsers import expat

from compliance.scan.containers import Archive
from compliance.scan.limits import Limits
from compliance.scan.refusals import ScanRefused

PIECE_BYTES = 1 << 16
NOTES = re.compile(r"xl/(?:comments[0-9]*|threadedComments/[^/]+)\.xml").fullmatch
# What is in a workbook and cannot be read: photographs of papers may be among it.
UNREAD = re.compile(r"xl/(?:media|embeddings)/.+").fullmatch
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml").fullmatch
# Number formats that Excel has built in for dates (ECMA-376 part 1, 18.8.30).
DATE_FORMATS = frozenset({*range(14, 18), 22, *range(27, 32), 34, 35, 36, *range(50, 59)})
DATE_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.').sub
FIRST_DAY, FIRST_DAY_1904 = date(1899, 12, 30), date(1904, 1, 1)
LETTERS = re.compile("[A-Z]{1,3}").match
MOST_STYLES = 65_536
MOST_DATE = 2_958_465


class Texts:
    """The shared texts of a workbook, which its cells name by number."""

    def __init__(self, limits: Limits) -> None:
        self.most = limits.strings_bytes
        self.bytes = bytearray()
        self.ends = array("Q", [0])

    def add(self, text: str) -> None:
        """Keep `text`.

        Raises:
            ScanRefused: all of them are too much.

        """
        self.bytes += text.encode("utf-8", "replace")
        self.ends.append(len(self.bytes))
        if len(self.bytes) + len(self.ends) * 8 > self.most:
            where = f"shared text {len(self.ends) - 1}"
            raise ScanRefused("too-much-text", where, most=self.most)

    def text(self, number: str) -> str:
        """Return the text that a cell names."""
        place = int(number)
        if not 0 <= place < len(self.ends) - 1:
            raise ValueError
        return self.bytes[self.ends[place] : self.ends[place + 1]].decode("utf-8")


class Workbook:
    """A workbook that is open: its sheets, texts and formats of dates."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self.limits = limits
        self.archive = Archive(stream, limits)
        self.texts = Texts(limits)
        self.dates: frozenset[int] = frozenset()
        self.first_day = FIRST_DAY
        self.names = self.sheet_names()
        self.read_texts()
        self.read_styles()

    def parse(
        self,
        member: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None],
        text: Callable[[str], None],
    ) -> Iterator[None]:
        """Parse a member, in as many steps as are taken. Names come without their namespace.

        Raises:
            ScanRefused: it is no XML that Excel writes.

        """
        found = self.archive.named(member)
        if found is None:
            return
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True

        def refuse(*_: Any) -> None:
            raise ScanRefused("document-type", member)

        parser.StartDoctypeDeclHandler = refuse
        parser.EntityDeclHandler = refuse
        parser.StartElementHandler = lambda name, attributes: start(
            name.rpartition("}")[2], attributes
        )
        parser.EndElementHandler = lambda name: end(name.rpartition("}")[2])
        parser.CharacterDataHandler = text
        stream = self.archive.open(found, member)
        try:
            fed = 0
            while piece := stream.read(PIECE_BYTES):
                parser.Parse(piece, False)
                fed += len(piece)
                # A tag or value that does not end is held by the parser until it does.
                if fed - parser.CurrentByteIndex > 2 * self.limits.row_bytes:
                    raise ValueError
                yield
            parser.Parse(b"", True)
        except ScanRefused:
            raise
        except (expat.ExpatError, ValueError, LookupError, OverflowError):
            where = f"{member}, line {parser.CurrentLineNumber}"
            raise ScanRefused("broken-workbook", where) from None
        yield

    def sheet_names(self) -> dict[str, str]:
        """Return the members that are sheets, each with the name on its tab."""
        targets: dict[str, str] = {}
        tabs: list[tuple[str, str]] = []

        def relation(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        def sheet(name: str, attributes: dict[str, str]) -> None:
            if name == "sheet":
                key = next((value for at, value in attributes.items() if at.endswith("}id")), "")
                tabs.append((key, attributes.get("name", "")))
            elif name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                self.first_day = FIRST_DAY_1904

        for member, start in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
            for _ in self.parse(member, start, ignore, ignore):
                if len(targets) + len(tabs) > 100 * self.limits.parts:
                    raise ScanRefused("too-many-parts", member, most=self.limits.parts)
        named = {
            "xl/" + targets.get(key, "").removeprefix("/xl/").removeprefix("/"): name
            for key, name in tabs
        }
        # A sheet that no tab names is one that somebody took out of sight.
        members = [one.filename for one in self.archive.members if SHEET(one.filename)]
        ordered = sorted(members, key=lambda one: [*named].index(one) if one in named else 999)
        if len(ordered) > self.limits.parts:
            raise ScanRefused("too-many-parts", "xl/workbook.xml", most=self.limits.parts)
        return {member: named.get(member, "") for member in ordered}

    def read_texts(self) -> None:
        """Keep the shared texts; what stands between tags of one text belongs together."""
        held: list[str] = []
        within: list[str] = []

        def start(name: str, _: dict[str, str]) -> None:
            within.append(name)
            if name == "si":
                held.clear()

        def end(name: str) -> None:
            within.pop()
            if name == "si":
                self.texts.add("".join(held))

        def text(letters: str) -> None:
            # How Chinese and Japanese words are read stands in rPh, and is no part of the text.
            if within[-1] == "t" and "rPh" not in within:
                held.append(letters)

        for _ in self.parse("xl/sharedStrings.xml", start, end, text):
            if sum(map(len, held)) > self.limits.row_bytes:
                raise ScanRefused("too-much-text", "shared text", most=self.limits.row_bytes)

    def read_styles(self) -> None:
        """Learn which formats of cells are those of dates."""
        codes: dict[int, str] = {}
        formats: list[int] = []
        among: list[str] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            among.append(name)
            if name == "numFmt":
                codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            elif name == "xf" and "cellXfs" in among:
                formats.append(int(attributes.get("numFmtId", "0")))

        def end(_: str) -> None:
            among.pop()

        for _ in self.parse("xl/styles.xml", start, end, ignore):
            if len(formats) + len(codes) > MOST_STYLES:
                raise ScanRefused("broken-workbook", "xl/styles.xml")
        self.dates = frozenset(
            place
            for place, number in enumerate(formats)
            if number in DATE_FORMATS
            or set(DATE_CODE("", codes.get(number, "")).lower()) & set("yd年日")
        )

    def rows(self, member: str) -> Iterator[tuple[int, dict[int, str]]]:
        """Yield the number of each row that is not empty, from 1, and its cells by column.

        Raises:
            ScanRefused: the sheet is damaged or too wide.

        """
        reader = SheetReader(self)
        for _ in self.parse(member, reader.start, reader.end, reader.text):
            yield from reader.ready
            reader.ready.clear()

    def notes(self) -> Iterator[tuple[int, dict[int, str]]]:
        """Yield the notes on cells, as rows of one column."""
        held: list[str] = []
        ready: list[str] = []

        def end(name: str) -> None:
            if name in ("comment", "threadedComment") and held:
                ready.append("".join(held))
                held.clear()

        number = 0
        for member in [one.filename for one in self.archive.members if NOTES(one.filename)]:
            for _ in self.parse(member, ignore, end, held.append):
                if sum(map(len, held)) > self.limits.row_bytes:
                    raise ScanRefused("row-too-long", member, most=self.limits.row_bytes)
                for text in ready:
                    number += 1
                    yield number, {0: text}
                ready.clear()

    def unread(self) -> int:
        """Return how many pictures and other files are in the workbook."""
        return sum(bool(UNREAD(one.filename)) for one in self.archive.members)

    def written(self, value: str, kind: str, style: int) -> str:
        """Return how the value of a cell is written in delimited text."""
        if kind == "s":
            return self.texts.text(value)
        if kind in ("", "n") and value:
            if style in self.dates:
                return self.dated(value)
            return unrounded(value)
        return value

    def dated(self, value: str) -> str:
        """Return the date that a serial number means."""
        days = float(value)
        if not 0 <= days <= MOST_DATE:
            return value
        return (self.first_day + timedelta(days=int(days))).isoformat()


class SheetReader:
    """The cells of a sheet while its XML goes by; `ready` are the rows that have ended."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.ready: list[tuple[int, dict[int, str]]] = []
        self.cells: dict[int, str] = {}
        self.row = self.column = self.style = 0
        self.kind = ""
        self.held: list[str] = []
        self.held_bytes = 0
        self.within = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        if name == "row":
            # Rows are numbered upwards; one that is not cannot be where it says.
            self.row = max(self.row + 1, int(attributes.get("r", "0")))
            self.column = -1
            self.cells = {}
        elif name == "c":
            place = LETTERS(attributes.get("r", ""))
            self.column = column_of(place.group()) if place else self.column + 1
            if self.column >= self.book.limits.columns:
                most, width = self.book.limits.columns, self.column + 1
                raise ScanRefused("too-many-columns", f"row {self.row}", columns=width, most=most)
            self.kind = attributes.get("t", "")
            self.style = int(attributes.get("s", "-1"))
            self.held = []
            self.held_bytes = 0
        self.within = name in ("v", "t")

    def text(self, letters: str) -> None:
        """Take the text of an element."""
        if self.within:
            self.held.append(letters)
            self.held_bytes += len(letters)
            if self.held_bytes > self.book.limits.row_bytes:
                most = self.book.limits.row_bytes
                raise ScanRefused("row-too-long", f"row {self.row}", most=most)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        self.within = False
        if name == "c" and self.held:
            self.cells[self.column] = self.book.written("".join(self.held), self.kind, self.style)
        elif name == "row" and self.cells:
            self.ready.append((self.row, self.cells))
            self.cells = {}


def ignore(*_: Any) -> None:
    """Take no notice."""


def column_of(letters: str) -> int:
    """Return the number of the column "A", "AB", from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def unrounded(value: str) -> str:
    """Return the digits of a number: 1.3800001234E10 → 13800001234."""
    if "E" not in value and "e" not in value:
        return value
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if number.is_finite() and 0 <= number.adjusted() < 40 and number == number.to_integral_value():
        return f"{number:.0f}"
    return value
