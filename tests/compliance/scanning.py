"""What the tests of the scan share: a scan of bytes, and streams that are never whole in memory."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from compliance.scan import ScanRefused, ScanResult, scan_file
from compliance.scan.limits import Limits
from compliance.scan.refusals import MESSAGES

AT = datetime(2026, 6, 1, tzinfo=UTC)


def scan(data: bytes | str, limits: Limits | None = None) -> ScanResult:
    """Scan bytes, or a text in UTF-8."""
    whole = data.encode() if isinstance(data, str) else data
    return scan_file(io.BytesIO(whole), name="sample", limits=limits or Limits(), at=AT)


def found(data: bytes | str) -> set[tuple[str, str]]:
    """Return name of column and kind of what is likely or certain."""
    return {(one.name, one.kind) for one in scan(data).columns if one.confidence != "possible"}


def kinds(data: bytes | str) -> tuple[str, ...]:
    """Return the kinds that are likely or certain."""
    return scan(data).kinds()


def refusal(data: bytes | io.RawIOBase, limits: Limits | None = None) -> tuple[str, str]:
    """Return code and place of the refusal of `data`, which says what to do about it."""
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    with pytest.raises(ScanRefused) as caught:
        scan_file(stream, name="sample", limits=limits or Limits(), at=AT)  # type: ignore[arg-type]
    refused = caught.value
    assert (refused.what, refused.remedy) == MESSAGES[refused.code]
    # Every blank of the two templates has its value.
    assert refused.what % refused.values
    assert refused.remedy % refused.values
    return refused.code, refused.where


class Stream(io.RawIOBase):
    """A stream of the pieces that an iterator gives, made as they are read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.held = b""
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, room: memoryview) -> int:  # type: ignore[override]
        while not self.held:
            piece = next(self.pieces, None)
            if piece is None:
                return 0
            self.held = piece
        got = self.held[: len(room)]
        self.held = self.held[len(room) :]
        room[: len(got)] = got
        self.given += len(got)
        return len(got)


def stream(pieces: Iterator[bytes]) -> io.BufferedReader:
    """Return a readable stream of `pieces`."""
    return io.BufferedReader(Stream(pieces), 1 << 16)
