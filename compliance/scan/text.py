"""Bytes of a text → blocks of whole lines in UTF-8. Invariant: memory is bounded by the limits.

The encoding is judged from the bytes alone: UTF-8, UTF-16, GB18030, else a single-byte one.
"""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from compliance.scan.limits import Limits
from compliance.scan.refusals import ScanRefused

CHUNK_BYTES = 1 << 17
HEAD_BYTES = 1 << 16

COMMON = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uff5e★☆·—…“”‘’℃￥]").match
PLAIN = bytes(9 <= byte <= 13 or 32 <= byte < 127 for byte in range(256))
CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27, 1, 28, 29, 30, 31}) + b"\x7f"


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
        wide = self.encoding.startswith("utf")
        try:
            text = block.decode("utf-8" if wide else self.encoding)
        except UnicodeDecodeError:
            return b"".join(map(self.line, block.splitlines(keepends=True)))
        return block if wide else text.encode()

    def line(self, line: bytes) -> bytes:
        """Return one line as UTF-8 where the encoding of the file does not hold in all of them.

        Files are put together of others: each line is then what it can be read as.
        """
        for encoding in ("utf-8", "gb18030"):
            try:
                text = line.decode(encoding)
            except UnicodeDecodeError:
                continue
            # Two bytes of another encoding are often some rare character of GB18030.
            if encoding == "utf-8" or self.encoding == encoding or mostly_han(text):
                return text.encode()
        text = line.decode("utf-8" if self.encoding.startswith("utf") else self.encoding, "replace")
        self.undecodable += text.count("\ufffd")
        return text.encode()

    def pieces(self) -> Iterator[str]:
        """Yield the text without regard to lines, for what is not made of lines.

        Raises:
            ScanRefused: it is no text, or too large.

        """
        chunk = self.stream.read(CHUNK_BYTES)
        wide = wide_encoding(chunk[:HEAD_BYTES])
        if not wide:
            refuse_binary(chunk[:HEAD_BYTES])
        self.encoding = wide or ("ascii" if chunk.isascii() else narrow_encoding(chunk))
        # A later chunk may be the first that is not ASCII; GB18030 is told by the first alone.
        codec = "utf-8" if self.encoding == "ascii" else self.encoding
        decoder = codecs.getincrementaldecoder(codec)(errors="replace")
        first = True
        while chunk:
            self.size_bytes += len(chunk)
            if self.size_bytes > self.limits.unpacked_bytes:
                most = self.limits.unpacked_bytes
                raise ScanRefused("too-large", f"byte {most + 1}", most=most)
            if self.encoding == "ascii" and not chunk.isascii():
                self.encoding = narrow_encoding(chunk)
                codec = "utf-8" if self.encoding == "ascii" else self.encoding
                decoder = codecs.getincrementaldecoder(codec)(errors="replace")
            text = decoder.decode(chunk)
            self.undecodable += text.count("\ufffd")
            yield text.removeprefix("\ufeff") if first else text
            first = False
            chunk = self.stream.read(CHUNK_BYTES)
        yield decoder.decode(b"", final=True)


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
    # Without a mark: delimiters, digits and line ends put a NUL in every second place.
    even, odd = head[0::2].count(0) * 20 > len(head), head[1::2].count(0) * 20 > len(head)
    little = head.startswith(codecs.BOM_UTF16_LE) or (odd and not even)
    big = head.startswith(codecs.BOM_UTF16_BE) or (even and not odd)
    if not (little or big):
        return ""
    # Other text with a mark before it or NULs strewn in would be read as Chinese that says nothing:
    # pairs of two plain letters are most of it, and a fifth of what is Chinese indeed.
    plain = head.translate(PLAIN)
    pairs = sum(one & other for one, other in zip(plain[0::2], plain[1::2], strict=False))
    if pairs * 5 > len(head) // 2 * 3:
        return ""
    return "utf-16-le" if little else "utf-16-be"


def narrow_encoding(block: bytes) -> str:
    """Return the encoding of the first block that is not ASCII."""
    try:
        # Not the last word: the block may be cut within a character.
        codecs.getincrementaldecoder("utf-8")().decode(block)
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    text = block.decode("gb18030", "replace")
    han = sum("\u4e00" <= letter <= "\u9fff" for letter in text[:HEAD_BYTES])
    foreign = sum(letter > "\x7f" for letter in text[:HEAD_BYTES])
    if han * 2 > foreign and text.count("\ufffd") * 50 <= foreign:
        return "gb18030"
    if by_lines := encoding_of_lines(block[:HEAD_BYTES]):
        return by_lines
    # Mostly valid UTF-8 with some broken bytes, or a single-byte Western encoding.
    text = block.decode("utf-8", "replace")
    letters = sum(letter > "\x7f" for letter in text)
    return "utf-8" if text.count("\ufffd") * 2 < letters else "latin-1"


def encoding_of_lines(block: bytes) -> str:
    """Return the encoding of most lines of a file put together of others, "" if there is none."""
    lines = [line for line in block.splitlines()[:-1] if not line.isascii()]
    found = {"utf-8": 0, "gb18030": 0}
    for line in lines:
        for encoding in found:
            try:
                text = line.decode(encoding)
            except UnicodeDecodeError:
                continue
            if encoding == "utf-8" or mostly_han(text):
                found[encoding] += 1
                break
    if sum(found.values()) * 5 <= len(lines) * 4:
        return ""
    return max(found, key=lambda encoding: found[encoding])


def mostly_han(text: str) -> bool:
    """Tell whether most of what is not ASCII in `text` stands in common Chinese texts."""
    foreign = [letter for letter in text if letter > "\x7f"]
    return len(list(filter(COMMON, foreign))) * 5 > len(foreign) * 4
