"""What a file is, by its bytes, and what lies packed in it. Invariant: nothing unpacks unbounded.

A name proves nothing. What cannot be read is refused with a word on what to do; so is an archive
in an archive, and one that becomes far more than it is.
"""

import bz2
import codecs
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from compliance.scan.limits import Limits
from compliance.scan.refusals import ScanRefused

HEAD_BYTES = 1 << 16
BUFFER_BYTES = 1 << 17
# The table of contents of a ZIP is read at once: one so long is no archive of a few tables.
DIRECTORY_BYTES = 1 << 22
# What a decompressor may keep: more than any preset of xz needs.
XZ_BYTES = 1 << 27

TEXT, JSON, WORKBOOK, PARQUET = "text", "json", "xlsx", "parquet"
PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz"}
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
UNREAD_PACKED = {
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!\x1a\x07": "RAR",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"\x04\x22\x4d\x18": "LZ4",
    b"\x1f\x9d": "compress",
    b"MSCF": "CAB",
}
OTHER_FORMATS = {
    b"%PDF-": "PDF",
    b"ARROW1": "Arrow",
    b"Obj\x01": "Avro",
    b"ORC": "ORC",
    b"SQLite format 3\x00": "SQLite",
    b"\x89HDF": "HDF5",
    b"\xd0\xcf\x11\xe0": "an old or encrypted Office document",
    b"{\\rtf": "RTF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\x7fELF": "a program",
    b"MZ": "a program",
}
# Other files that are ZIP archives inside, by a member or the beginning of one.
ZIPPED_FORMATS = {
    "xl/workbook.bin": "Excel in binary form (.xlsb)",
    "word/": "a Word document",
    "ppt/": "a presentation",
    "mimetype": "an OpenDocument file",
    "META-INF/MANIFEST.MF": "a program",
}
JSON_START = re.compile(
    r'\s*(?:\{\s*["}]|\[\s*[\[{"\]]|\[\s*(?:-?[0-9]|true|false|null)[^\n]*[,\]\n]\s*[-0-9"tfn\]])'
).match
MARKUP_START = re.compile(r"\s*<(?:[?!]|[A-Za-z][^,;\t\n]{0,200}>)").match
UNIX_ARCHIVE = slice(257, 262)
# What programs leave in an archive beside the tables.
DROSS = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|\._|Thumbs\.db$|desktop\.ini$)").search
FAULTS = (
    OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, zipfile.LargeZipFile,
    NotImplementedError, RuntimeError, ValueError, OverflowError, KeyError, IndexError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One table's bytes: `label` is its name in the archive, "" where the file is the table."""

    label: str
    format: str
    stream: BinaryIO


class Rejoined(io.RawIOBase):
    """A stream whose first bytes have been looked at and stand before it again."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self.head = head
        self.rest = rest

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, room: memoryview) -> int:  # type: ignore[override]
        """Fill `room` from the head, then from the rest."""
        got = self.head[: len(room)] or self.rest.read(len(room))
        self.head = self.head[len(got) :]
        room[: len(got)] = got
        return len(got)


class Budget:
    """What all that comes out of one archive may be, by what went in."""

    def __init__(self, limits: Limits, went_in: Callable[[], int]) -> None:
        self.limits = limits
        self.went_in = went_in
        self.came_out = 0

    def spend(self, count: int) -> None:
        """Count bytes that came out.

        Raises:
            ScanRefused: they are too many.

        """
        limits = self.limits
        self.came_out += count
        if self.came_out > limits.unpacked_bytes:
            most = limits.unpacked_bytes
            raise ScanRefused("too-large", f"unpacked byte {most + 1}", most=most)
        if self.came_out > max(limits.calm_bytes, self.went_in() * limits.ratio):
            raise ScanRefused("explodes", f"unpacked byte {self.came_out}", ratio=limits.ratio)


class Unpacked(io.RawIOBase):
    """What comes out of a decompressor, within a budget."""

    def __init__(self, stream: Any, format: str, budget: Budget) -> None:  # noqa: A002
        self.stream = stream
        self.format = format
        self.budget = budget

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, room: memoryview) -> int:  # type: ignore[override]
        """Fill `room`.

        Raises:
            ScanRefused: the archive is damaged, or becomes too much.

        """
        try:
            got = self.stream.read(len(room))
        except ScanRefused:
            raise
        except FAULTS:
            where = f"unpacked byte {self.budget.came_out + 1}"
            raise ScanRefused("broken-archive", where, format=self.format) from None
        room[: len(got)] = got
        self.budget.spend(len(got))
        return len(got)


class Xz(io.RawIOBase):
    """What an xz file holds; its decompressor may use `XZ_BYTES` and no more."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_BYTES)

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, room: memoryview) -> int:  # type: ignore[override]
        """Fill `room`."""
        while True:
            fed = b""
            if self.decoder.eof:
                left = self.decoder.unused_data.lstrip(b"\0") or self.stream.read(BUFFER_BYTES)
                if not left.strip(b"\0"):
                    return 0
                self.decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_BYTES)
                fed = left
            elif self.decoder.needs_input:
                fed = self.stream.read(BUFFER_BYTES)
                if not fed:
                    raise EOFError
            got = self.decoder.decompress(fed, len(room))
            if got:
                room[: len(got)] = got
                return len(got)


class Archive:
    """A ZIP file whose table of contents is short enough to be read."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        try:
            self.file = zipfile.ZipFile(Careful(stream))  # type: ignore[arg-type]
        except ScanRefused:
            raise
        except FAULTS:
            raise ScanRefused("broken-archive", "end of file", format="ZIP") from None
        size = stream.seek(0, io.SEEK_END)
        self.budget = Budget(limits, lambda: size)
        self.members = [one for one in self.file.infolist() if not one.is_dir()]

    def open(self, member: zipfile.ZipInfo, where: str) -> BinaryIO:
        """Open one member for reading.

        Raises:
            ScanRefused: it is locked, damaged or packed in an unknown way.

        """
        if member.flag_bits & 1:
            raise ScanRefused("encrypted", where)
        try:
            opened = self.file.open(member)
        except FAULTS:
            raise ScanRefused("broken-archive", where, format="ZIP") from None
        return io.BufferedReader(Unpacked(opened, "ZIP", self.budget), BUFFER_BYTES)

    def named(self, name: str) -> zipfile.ZipInfo | None:
        """Return the member of that name, if there is one."""
        return next((one for one in self.members if one.filename == name), None)


class Careful:
    """The stream under a ZIP file, which reads the whole table of contents at once."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, size: int = -1) -> bytes:
        """Read `size` bytes, or all that are left.

        Raises:
            ScanRefused: they are more than anything in an archive of tables needs.

        """
        got = self.stream.read(DIRECTORY_BYTES + 1 if size < 0 else min(size, DIRECTORY_BYTES + 1))
        if len(got) > DIRECTORY_BYTES:
            raise ScanRefused("too-many-parts", "end of file", most=DIRECTORY_BYTES // 128)
        return got


def opened(stream: BinaryIO, limits: Limits) -> Iterator[tuple[str, Part]]:
    """Yield how the file is packed ("" = not at all), and each table in it.

    Raises:
        ScanRefused: it, or something in it, is no table that can be read.

    """
    head, stream = headed(stream)
    packing = next((name for magic, name in PACKED.items() if head.startswith(magic)), "")
    if packing:
        unpacked = unpack(stream, packing, limits)
        head, unpacked = headed(unpacked)
        yield packing, Part("", format_within(head, f"byte 1 of the {packing} file"), unpacked)
    elif head.startswith(ZIP):
        yield from zipped(stream, limits)
    else:
        yield "", Part("", format_of(head, "byte 1"), stream)


def headed(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """Return the first bytes of `stream`, and a stream that begins with them again."""
    head = b""
    while len(head) < HEAD_BYTES:
        more = stream.read(HEAD_BYTES - len(head))
        if not more:
            break
        head += more
    if stream.seekable():
        stream.seek(-len(head), io.SEEK_CUR)
        return head, stream
    return head, io.BufferedReader(Rejoined(head, stream), BUFFER_BYTES)


def unpack(stream: BinaryIO, packing: str, limits: Limits) -> BinaryIO:
    """Return what the packed `stream` holds."""
    counted = Counted(stream)
    if packing == "gzip":
        inner: Any = gzip.GzipFile(fileobj=counted)  # type: ignore[call-overload]
    elif packing == "bzip2":
        inner = bz2.BZ2File(counted)  # type: ignore[call-overload]
    else:
        inner = Xz(counted)  # type: ignore[arg-type]
    budget = Budget(limits, lambda: counted.went_in)
    return io.BufferedReader(Unpacked(inner, packing, budget), BUFFER_BYTES)


class Counted:
    """A stream that counts what was read of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.went_in = 0

    def read(self, size: int = -1) -> bytes:
        """Read at most `size` bytes."""
        got = self.stream.read(size)
        self.went_in += len(got)
        return got

    def seekable(self) -> bool:
        """Tell that it goes forward only."""
        return False


def zipped(stream: BinaryIO, limits: Limits) -> Iterator[tuple[str, Part]]:
    """Yield the workbook that a ZIP file is, or the tables in it."""
    if not stream.seekable():
        raise ScanRefused("nested-archive", "byte 1", format="ZIP")
    archive = Archive(stream, limits)
    if archive.named("xl/workbook.xml"):
        yield "", Part("", WORKBOOK, stream)
        return
    for member in archive.members:
        for start, name in ZIPPED_FORMATS.items():
            if member.filename.startswith(start):
                raise ScanRefused("other-format", "byte 1", format=name)
    members = [one for one in archive.members if not DROSS(one.filename) and one.file_size]
    if not members:
        raise ScanRefused("empty", "byte 1")
    if len(members) > limits.parts:
        raise ScanRefused("too-many-parts", "end of file", most=limits.parts)
    for number, member in enumerate(members, 1):
        where = f"file {number}"
        head, inner = headed(archive.open(member, where))
        yield "zip", Part(member.filename, format_within(head, where), inner)


def format_within(head: bytes, where: str) -> str:
    """Return the format of what lies in an archive.

    Raises:
        ScanRefused: it is another archive, or no table.

    """
    for magic, name in {**PACKED, **dict.fromkeys(ZIP, "ZIP or Excel"), **UNREAD_PACKED}.items():
        if head.startswith(magic):
            raise ScanRefused("nested-archive", where, format=name)
    if head.startswith(b"PAR1"):
        # It is read from its end, which a packed stream has not until all of it was unpacked.
        raise ScanRefused("nested-archive", where, format="Parquet")
    return format_of(head, where)


def format_of(head: bytes, where: str) -> str:
    """Return the format of a file that begins with `head`: `TEXT`, `JSON` or `PARQUET`.

    Raises:
        ScanRefused: it is empty, packed in an unread way, or of another format.

    """
    if not head.strip(b" \t\r\n\xef\xbb\xbf"):
        raise ScanRefused("empty", where)
    for code, formats in (("compression", UNREAD_PACKED), ("other-format", OTHER_FORMATS)):
        for magic, name in formats.items():
            # A header may begin with the letters of a magic number, but no table has NULs.
            if head.startswith(magic) and (not magic.isalnum() or b"\0" in head[:4096]):
                raise ScanRefused(code, where, format=name)
    if head[UNIX_ARCHIVE] == b"ustar":
        raise ScanRefused("nested-archive", where, format="tar")
    if head.startswith(b"PAR1"):
        return PARQUET
    start = beginning(head)
    if JSON_START(start):
        return JSON
    if MARKUP_START(start):
        raise ScanRefused("other-format", where, format="HTML or XML")
    return TEXT


def beginning(head: bytes) -> str:
    """Return the first characters of a text, as far as they are ASCII in any encoding."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if head.startswith(mark):
            return head[len(mark) : 4096].decode(encoding, "replace")
    if head[1:2] == b"\0":
        return head[:4096].decode("utf-16-le", "replace")
    if head[:1] == b"\0":
        return head[:4096].decode("utf-16-be", "replace")
    return head[:4096].decode("latin-1")
