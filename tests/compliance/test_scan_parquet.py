"""Parquet written by another program: every encoding and compression gives the same findings."""

import base64
import hashlib
import io
import json
import struct
from pathlib import Path

import pytest

from compliance.scan import ScanRefused, scan_file
from compliance.scan.decompress import lz4, snappy, zstandard
from compliance.scan.limits import Limits
from compliance.scan.result import ColumnFinding, ScanResult
from tests.compliance.scanning import AT, refusal, scan

FOLDER = Path(__file__).parent / "parquet"
DECOMPRESSORS = {"snappy": snappy, "lz4_raw": lz4, "zstd": zstandard}
PACKED = json.loads((FOLDER / "packed.json").read_text())
WHOLE = ("snappy", "gzip", "zstandard", "lz4", "plain")
FLAT = {
    ("name", "person_name", 240),
    ("mobile", "mobile", 240),
    ("spare", "mobile", 160),
    ("id_card", "resident_id", 192),
    ("date_of_birth", "birth_date", 240),
    ("card", "bank_card", 240),
}
NESTED = {("mails", "email", 240), ("person.contact.phone", "mobile", 240)}


def read(name: str) -> bytes:
    return (FOLDER / f"{name}.parquet").read_bytes()


def told(result: ScanResult) -> set[tuple[str, str, int]]:
    return {(one.name, one.kind, one.cells) for one in result.columns}


def finding(result: ScanResult, name: str) -> ColumnFinding:
    return next(one for one in result.columns if one.name == name)


@pytest.mark.parametrize("name", WHOLE)
def test_all_ways_of_writing_give_the_same_findings(name: str) -> None:
    result = scan(read(name))

    assert told(result) == FLAT | NESTED
    assert (result.rows, result.parts[0].width, result.parts[0].format) == (240, 12, "parquet")


def test_encodings_by_differences_give_the_same_findings() -> None:
    assert told(scan(read("delta"))) == FLAT


@pytest.mark.parametrize("name", [*WHOLE, "delta"])
def test_positions_and_check_digits_are_those_of_the_rows(name: str) -> None:
    result = scan(read(name))

    # Every fifth identity number and every third spare number is absent.
    ids, spare = finding(result, "id_card"), finding(result, "spare")
    assert (ids.rows, ids.checked, ids.passed, ids.distinct) == ((2, 3, 4, 5, 7), 192, 192, 192)
    assert (spare.rows, spare.share_bp) == ((2, 3, 5, 6, 8), 6666)
    assert finding(result, "card").passed == 240


@pytest.mark.parametrize("name", WHOLE)
def test_values_of_lists_stand_in_the_row_of_their_list(name: str) -> None:
    mails = finding(scan(read(name)), "mails")

    # Row 1 has none, row 2 one, row 3 two, and so on.
    assert (mails.cells, mails.rows) == (240, (2, 3, 5, 6, 8))


def test_compression_that_cannot_be_undone_makes_the_file_unread() -> None:
    assert refusal(read("brotli"))[0] == "parquet-unread"


@pytest.mark.parametrize("vector", PACKED, ids=[one["name"] for one in PACKED])
def test_what_another_library_compressed_comes_out_whole(vector: dict[str, str]) -> None:
    packed, size = base64.b64decode(vector["packed"]), int(vector["size"])

    out = DECOMPRESSORS[vector["codec"]](packed, size)

    assert hashlib.sha256(out).hexdigest() == vector["sha256"]
    # Half of it is enough where half of it is asked for.
    part = DECOMPRESSORS[vector["codec"]](packed, size // 2)
    assert part[: size // 2] == out[: size // 2]


@pytest.mark.parametrize("vector", PACKED, ids=[one["name"] for one in PACKED])
def test_damaged_compression_is_a_fault_or_other_bytes_and_ends(vector: dict[str, str]) -> None:
    packed, size = base64.b64decode(vector["packed"]), int(vector["size"])
    for place in range(0, len(packed), 1 + len(packed) // 40):
        broken = packed[:place] + bytes([packed[place] ^ 0x55]) + packed[place + 1 :]
        for data in (broken, packed[:place]):
            try:
                out = DECOMPRESSORS[vector["codec"]](data, size)
            except (ValueError, LookupError):
                continue
            assert len(out) <= size + (1 << 17)


@pytest.mark.parametrize("name", [*WHOLE, "delta"])
def test_a_damaged_file_is_refused_or_read_and_never_a_fault(name: str) -> None:
    data = read(name)
    codes = set()
    for place in range(4, len(data), len(data) // 25):
        broken = data[:place] + bytes([data[place] ^ 0xA5, 0xFF]) + data[place + 2 :]
        try:
            scan_file(io.BytesIO(broken), name="sample", at=AT)
        except ScanRefused as refused:
            codes.add(refused.code)
    assert codes <= {
        *("broken-parquet", "parquet-unread", "page-too-large", "explodes", "too-large"),
        *("encrypted", "too-many-columns"),
    }


@pytest.mark.parametrize("left", [4, 8, 12, 100, 3000])
def test_a_file_that_is_cut_off_is_refused(left: int) -> None:
    assert refusal(read("plain")[:left]) == ("broken-parquet", "end of file")


def test_a_footer_longer_than_the_file_is_refused() -> None:
    data = read("plain")
    longer = data[:-8] + struct.pack("<I", 2**31) + b"PAR1"

    assert refusal(longer) == ("broken-parquet", "end of file")


def test_a_locked_file_is_refused() -> None:
    data = read("plain")[:-4] + b"PARE"

    assert refusal(data) == ("encrypted", "end of file")


def test_pages_beyond_the_limits_are_refused() -> None:
    assert refusal(read("plain"), Limits(page_bytes=100))[0] == "page-too-large"
    assert refusal(read("zstandard"), Limits(slow_bytes=5_000))[0] == "too-large"
    assert refusal(read("snappy"), Limits(unpacked_bytes=5_000))[0] == "too-large"
    assert refusal(read("snappy"), Limits(columns=11)) == ("too-many-columns", "row 1")
