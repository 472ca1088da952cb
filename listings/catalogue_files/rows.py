"""Rows of catalogue files. Invariant: whatever a file holds, each row is a value or a reason.

Two shapes are read: JSON Lines, one object a line, and one JSON object with a list `dataset`
(DCAT-US `data.json`). Nothing here knows what the objects mean.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO, NoReturn

from listings.content.shapes import gettext_noop

MAX_LINE_BYTES = 1024 * 1024
MAX_DOCUMENT_BYTES = 64 * 1024 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")


class FileRefused(ValueError):
    """The file as a whole cannot be read; `line` is where it breaks, 0 if nowhere in particular."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: its line, where it ends in the file, and its value or what is wrong with it.

    `number` counts the rows, several of which may stand on one line; `dataset` tells an entry of a
    `data.json` from a line of JSON Lines.
    """

    number: int
    line: int
    end_bytes: int
    dataset: bool
    value: dict[str, Any] | None = None
    reason: str = ""


def raw_rows(stream: BinaryIO) -> Iterator[RawRow]:
    """Yield the rows of a seekable file, in order.

    Raises:
        FileRefused: it has no rows, or is one JSON document that is broken or no catalogue.

    """
    rows = _document_rows(stream) if _is_document(stream) else _line_rows(stream)
    empty = True
    for row in rows:
        empty = False
        yield row
    if empty:
        raise FileRefused(gettext_noop("the file holds no rows"))


def _is_document(stream: BinaryIO) -> bool:
    """Tell one document, of one line or many, from many rows of one line; rewind."""
    stream.seek(0)
    first = b""
    while not first and (line := stream.readline(MAX_LINE_BYTES)):
        first = line.removeprefix(b"\xef\xbb\xbf").strip()
    following = stream.readline(MAX_LINE_BYTES).strip()
    stream.seek(0)
    try:
        value = _decoded(first)
    except ValueError:
        # The first row of a file of rows may be broken; the second then still opens an object.
        # A line too long to be read whole is a document only if it names its list of datasets.
        if b'"dataset"' in first or len(first) >= MAX_LINE_BYTES - 4:
            return b'"dataset"' in first
        return first[:1] == b"{" and following[:1] != b"{"
    return isinstance(value, dict) and "dataset" in value


def _line_rows(stream: BinaryIO) -> Iterator[RawRow]:
    number, end = 0, 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number, end = number + 1, end + len(line)
        whole = len(line) <= MAX_LINE_BYTES or line.endswith(b"\n")
        while not line.endswith(b"\n") and (rest := stream.readline(MAX_LINE_BYTES)):
            whole, end, line = False, end + len(rest), rest
        if not whole:
            yield RawRow(
                number, number, end, False, reason=gettext_noop("the line is longer than 1 MiB")
            )
        elif line.strip(b" \t\r\n\xef\xbb\xbf"):
            yield _line_row(number, end, line)


def _line_row(number: int, end: int, line: bytes) -> RawRow:
    try:
        value = _decoded(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
    except UnicodeDecodeError:
        return RawRow(number, number, end, False, reason=gettext_noop("the line is not UTF-8"))
    except ValueError:
        return RawRow(number, number, end, False, reason=gettext_noop("the line is not JSON"))
    if not isinstance(value, dict):
        return RawRow(
            number, number, end, False, reason=gettext_noop("the line is not a JSON object")
        )
    return RawRow(number, number, end, False, value)


def _document_rows(stream: BinaryIO) -> Iterator[RawRow]:
    body = stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(body) > MAX_DOCUMENT_BYTES:
        raise FileRefused(gettext_noop("the document is larger than 64 MiB"))
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise FileRefused(gettext_noop("the file is not UTF-8"), line) from None
    rows = _datasets(text)
    for number, (line, value) in enumerate(rows, 1):
        end = len(body) * number // len(rows)
        if isinstance(value, dict):
            yield RawRow(number, line, end, True, value)
        else:
            yield RawRow(
                number, line, end, True, reason=gettext_noop("the entry is not a JSON object")
            )


def _datasets(text: str) -> list[tuple[int, Any]]:
    """Return (line, value) of each entry of the list `dataset` of the top-level object."""
    cursor = _Cursor(text)
    rows: list[tuple[int, Any]] | None = None
    try:
        cursor.expect("{")
        while not cursor.accept("}"):
            name = cursor.value()
            cursor.expect(":")
            if name == "dataset" and rows is None:
                if not cursor.accept("["):
                    raise FileRefused(
                        gettext_noop("what stands under dataset is not a list: put it in [ ]"),
                        cursor.line(),
                    )
                rows = list(cursor.entries())
            else:
                cursor.value()
            if not cursor.accept(","):
                cursor.expect("}")
                break
    except RecursionError:
        raise FileRefused(gettext_noop("the document is nested too deeply")) from None
    except FileRefused:
        raise
    except ValueError:
        raise FileRefused(gettext_noop("the file is not JSON"), cursor.line()) from None
    if rows is None:
        raise FileRefused(gettext_noop("the document has no list named dataset"))
    return rows


class _Cursor:
    """A place in a JSON text that moves over one value at a time, so that lines are known."""

    def __init__(self, text: str) -> None:
        self.text, self.place = text, 0
        self.counted, self.lines = 0, 1

    def line(self) -> int:
        """Return the number of the line that the cursor is in."""
        self.lines += self.text.count("\n", self.counted, self.place)
        self.counted = self.place
        return self.lines

    def accept(self, sign: str) -> bool:
        """Move past `sign` if it is next."""
        match = _SPACE.match(self.text, self.place)
        self.place = match.end() if match else self.place
        found = self.text.startswith(sign, self.place)
        self.place += len(sign) if found else 0
        return found

    def expect(self, sign: str) -> None:
        """Move past `sign`, which must be next."""
        if not self.accept(sign):
            raise ValueError(sign)

    def value(self) -> Any:
        """Return the value that is next and move past it."""
        self.accept("")
        value, self.place = _DECODER.raw_decode(self.text, self.place)
        return value

    def entries(self) -> Iterator[tuple[int, Any]]:
        """Yield (line, value) of each entry of the list that was entered."""
        while not self.accept("]"):
            self.accept("")
            line = self.line()
            yield line, self.value()
            if not self.accept(","):
                self.expect("]")
                break


def _decoded(line: bytes) -> Any:
    """Return the JSON value of `line`; ValueError if it is none."""
    try:
        return _DECODER.decode(line.decode("utf-8").strip())
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


_DECODER = json.JSONDecoder(
    parse_constant=_no_constant, parse_float=Decimal, object_pairs_hook=_unique
)
