"""Bytes of a file → blocks of whole lines in UTF-8. Invariant: memory is bounded by the limits.

What is not delimited text (archives, other formats, binaries) is refused by what the bytes are;
a name proves nothing.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from compliance.scan.refusals import ScanRefused

CHUNK_BYTES = 1 << 17
HEAD_BYTES = 1 << 16

COMPRESSED = {
    b"PK\x03\x04": "ZIP or Excel",
    b"PK\x05\x06": "ZIP",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!\x1a\x07": "RAR",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"\x04\x22\x4d\x18": "LZ4",
}
OTHER_FORMATS = {
    b"%PDF-": "PDF",
    b"PAR1": "Parquet",
    b"ARROW1": "Arrow",
    b"Obj\x01": "Avro",
    b"ORC": "ORC",
    b"SQLite format 3\x00": "SQLite",
    b"\x89HDF": "HDF5",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rtf": "RTF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\x7fELF": "a program",
    b"MZ": "a program",
}
JSON_START = re.compile(rb'\s*(?:\{\s*["}]|\[\s*[\[{"\]]|\[\s*-?[0-9.]+\s*[,\]]\s*[-0-9"])').match
MARKUP_START = re.compile(rb"\s*<(?:[?!]|[A-Za-z][^,;\t\n]{0,200}>)").match
CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27, 1, 28, 29, 30, 31}) + b"\x7f"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one scan may take in. Bytes are those of the file, before anything is decoded."""

    file_bytes: int = 1 << 36
    row_bytes: int = 1 << 20
    columns: int = 1000


class Text:
    """A file read once, from front to back, as blocks of whole lines.

    `encoding`, `size_bytes` and `undecodable` are those of what has been read so far.
    """

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self.stream = stream
        self.limits = limits
        self.size_bytes = 0
        self.encoding = "ascii"
        self.undecodable = 0

    def blocks(self) -> Iterator[bytes]:
        """Yield UTF-8 without a byte order mark; each block ends with a line feed, the last too.

        Raises:
            ScanRefused: it is not text, is too large, or one line is too long.

        """
        held = carry = b""
        for chunk in self.lines():
            cut = chunk.rfind(b"\n") + 1
            if cut:
                if held:
                    yield self.utf8(held)
                held = carry + chunk[:cut]
                carry = chunk[cut:]
            else:
                carry += chunk
            if len(carry) > self.limits.row_bytes:
                at = self.size_bytes - len(carry) + 1
                raise ScanRefused("row-too-long", f"byte {at}", most=self.limits.row_bytes)
        # The last line goes with those before it, with a line feed or without.
        yield self.utf8(held + carry + b"\n" if carry else held)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes of the file, the first chunk long enough to see what they are."""
        chunk = self.filled()
        refuse_other_formats(chunk)
        while chunk:
            self.size_bytes += len(chunk)
            if self.size_bytes > self.limits.file_bytes:
                most = self.limits.file_bytes
                raise ScanRefused("too-large", f"byte {most + 1}", most=most)
            yield chunk
            chunk = self.filled()

    def filled(self) -> bytes:
        """Read one chunk and the rest of its last line.

        So blocks do not depend on how the stream happens to give bytes, and need no copying.
        """
        chunk = self.stream.read(CHUNK_BYTES)
        while chunk and len(chunk) < CHUNK_BYTES:
            more = self.stream.read(CHUNK_BYTES - len(chunk))
            if not more:
                return chunk
            chunk += more
        if chunk and not chunk.endswith(b"\n"):
            chunk += self.stream.readline(self.limits.row_bytes)
        return chunk

    def lines(self) -> Iterator[bytes]:
        """Yield the chunks with UTF-16 made UTF-8, marks cut off, and old line ends made new."""
        chunks = self.chunks()
        first = next(chunks, b"")
        wide = wide_encoding(first[:HEAD_BYTES])
        if wide:
            self.encoding = wide
            chunks = self.narrowed(first, chunks, wide)
            first = next(chunks, b"")
        else:
            first = first.removeprefix(codecs.BOM_UTF8)
            refuse_binary(first[:HEAD_BYTES])
        # Lone carriage returns ended lines once; they do where there is no line feed at all.
        alone = b"\r" in first and b"\n" not in first
        yield first.replace(b"\r", b"\n") if alone else first
        for chunk in chunks:
            yield chunk.replace(b"\r", b"\n") if alone else chunk

    def narrowed(self, first: bytes, rest: Iterator[bytes], encoding: str) -> Iterator[bytes]:
        """Yield the UTF-16 text of `first` and `rest` as UTF-8."""
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        text = decoder.decode(first).removeprefix("\ufeff")
        while True:
            self.undecodable += text.count("\ufffd")
            yield text.encode("utf-8", "replace")
            chunk = next(rest, b"")
            if not chunk:
                break
            text = decoder.decode(chunk)
        tail = decoder.decode(b"", final=True)
        self.undecodable += tail.count("\ufffd")
        yield tail.encode("utf-8", "replace")

    def utf8(self, block: bytes) -> bytes:
        """Return `block` as UTF-8. A line feed is part of no character, so a block stands alone.

        Raises:
            ScanRefused: it holds a NUL.

        """
        if b"\0" in block:
            raise ScanRefused("binary", f"byte {self.size_bytes - len(block) + block.index(0) + 1}")
        if block.isascii():
            return block
        if self.encoding == "ascii":
            self.encoding = narrow_encoding(block)
        try:
            text = block.decode("utf-8" if self.encoding.startswith("utf") else self.encoding)
        except UnicodeDecodeError:
            text = block.decode(self.encoding, "replace")
            self.undecodable += text.count("\ufffd")
            return text.encode()
        return block if self.encoding.startswith("utf") else text.encode()


def refuse_other_formats(head: bytes) -> None:
    """Refuse what is plainly not delimited text.

    Raises:
        ScanRefused: empty, compressed, or of another format.

    """
    if not head.strip(b" \t\r\n\xef\xbb\xbf"):
        raise ScanRefused("empty", "byte 1")
    for code, formats in (("compressed", COMPRESSED), ("other-format", OTHER_FORMATS)):
        for magic, name in formats.items():
            # A header may begin with the letters of a magic number, but no table has NULs.
            if head.startswith(magic) and (not magic.isalnum() or b"\0" in head[:4096]):
                raise ScanRefused(code, "byte 1", format=name)
    start = head.removeprefix(codecs.BOM_UTF8)
    if JSON_START(start):
        raise ScanRefused("other-format", "byte 1", format="JSON")
    if MARKUP_START(start):
        raise ScanRefused("other-format", "byte 1", format="HTML or XML")


def refuse_binary(head: bytes) -> None:
    """Refuse bytes that are no text in any encoding that is read.

    Raises:
        ScanRefused: there is a NUL, or more than one byte in fifty is a control.

    """
    if b"\0" in head:
        raise ScanRefused("binary", f"byte {head.index(0) + 1}")
    if (len(head) - len(head.translate(None, CONTROLS))) * 50 > len(head):
        raise ScanRefused("binary", "byte 1")


def wide_encoding(head: bytes) -> str:
    """Return the UTF-16 encoding of `head`, or "" if it has none."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise ScanRefused("other-format", "byte 1", format="UTF-32")
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    # Without a mark: delimiters, digits and line ends put a NUL in every second place.
    even, odd = head[0::2], head[1::2]
    if odd.count(0) * 10 > len(odd) and not even.count(0):
        return "utf-16-le"
    if even.count(0) * 10 > len(even) and not odd.count(0):
        return "utf-16-be"
    return ""


def narrow_encoding(block: bytes) -> str:
    """Return the encoding of the first block that is not ASCII."""
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    text = block.decode("gb18030", "replace")
    han = sum("\u4e00" <= letter <= "\u9fff" for letter in text[:HEAD_BYTES])
    foreign = sum(letter > "\x7f" for letter in text[:HEAD_BYTES])
    if han * 2 > foreign and text.count("\ufffd") * 50 <= foreign:
        return "gb18030"
    # Mostly valid UTF-8 with some broken bytes, or a single-byte Western encoding.
    text = block.decode("utf-8", "replace")
    letters = sum(letter > "\x7f" for letter in text)
    return "utf-8" if text.count("\ufffd") * 2 < letters else "latin-1"
