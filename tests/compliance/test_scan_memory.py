"""Memory does not grow with the file: ten megabytes and a hundred take the same."""

import gzip
import io
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import chain, repeat

import pytest

from compliance.scan import Limits, scan_file
from exchange.demo.tables import write_table
from tests.compliance.scanning import AT, stream

MEBI = 1 << 20


def piece(size: int, code: str = "energy_meters") -> bytes:
    """Return rows of a table, without their header."""
    out = io.BytesIO()
    write_table(code, out, size_bytes=size, seed=5)
    data = out.getvalue()
    return data[data.index(b"\n") + 1 :]


def text(megabytes: int) -> Iterator[bytes]:
    rows = piece(MEBI)
    head = b"meter_no,read_at,kwh,volts,power_factor,quality\n"
    return chain([head], repeat(rows, megabytes))


def persons(megabytes: int) -> Iterator[bytes]:
    rows = piece(MEBI, "customers")
    return chain([b"\xe5\x8f\xb7,xm,xb,sjhm,email,dz,dj,je,rq,bz\n"], repeat(rows, megabytes))


def json_lines(megabytes: int) -> Iterator[bytes]:
    lines = b"".join(b'{"meter": %d, "kwh": 1.5, "note": "quarter"}\n' % at for at in range(20_000))
    return repeat(lines, megabytes * MEBI // len(lines))


def json_array(megabytes: int) -> Iterator[bytes]:
    return chain(
        [b"["], (lines.replace(b"}\n", b"},") for lines in json_lines(megabytes)), [b"{}]"]
    )


def peak(pieces: Iterator[bytes], limits: Limits | None = None) -> int:
    """Return the most bytes that one scan had at a time."""
    source = stream(pieces)
    tracemalloc.start()
    scan_file(source, name="x", at=AT, limits=limits or Limits())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_ten_and_a_hundred_megabytes_of_text_take_the_same_memory() -> None:
    peak(text(1))

    ten, hundred = peak(text(10)), peak(text(100))

    assert abs(hundred - ten) < 2 * MEBI
    assert hundred < 16 * MEBI


@pytest.mark.parametrize(
    ("pieces", "small", "large"), [(persons, 1, 2), (json_lines, 1, 2), (json_array, 1, 2)]
)
def test_other_tables_take_the_same_memory_however_long_they_are(
    pieces: Callable[[int], Iterator[bytes]], small: int, large: int
) -> None:
    limits = Limits(row_bytes=MEBI // 8)
    few, many = peak(pieces(small), limits), peak(pieces(large), limits)

    assert abs(many - few) < 2 * MEBI
    assert many < 24 * MEBI


def test_a_packed_text_takes_no_more_memory_than_one_that_is_not() -> None:
    rows = b"".join(text(12))
    packed = gzip.compress(rows, 1)

    tracemalloc.start()
    scan_file(io.BytesIO(packed), name="x", at=AT)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 16 * MEBI
