"""The first rows of a sample: whole rows, few of them, cells cut, whatever the file's size."""

import gzip
import io

import pytest

from compliance.scan import ScanRefused, first_rows
from compliance.scan.first_rows import MOST_BYTES, MOST_COLUMNS, MOST_LETTERS, MOST_ROWS


def test_names_and_rows_come_in_their_order() -> None:
    found = first_rows(io.BytesIO(b"station,level\nS1,3.2\nS2,4\n"))

    assert (found.names, found.rows, found.width) == (
        ("station", "level"),
        (("S1", "3.2"), ("S2", "4")),
        2,
    )


def test_table_without_names_has_columns_without_names() -> None:
    found = first_rows(io.BytesIO(b"1,2\n3,4\n"))

    assert (found.names, found.rows) == (("", ""), (("1", "2"), ("3", "4")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16-le"])
def test_chinese_is_read_in_the_encodings_of_the_scan(encoding: str) -> None:
    body = "站名,水位\n汉口水文站,3.2\n九江水文站,4.1\n".encode(encoding)

    found = first_rows(io.BytesIO(body))

    assert (found.names, found.rows[0]) == (("站名", "水位"), ("汉口水文站", "3.2"))


def test_only_the_first_rows_and_columns_are_shown() -> None:
    names = ",".join(f"level_{n}" for n in range(MOST_COLUMNS + 3))
    row = ",".join(str(n) for n in range(MOST_COLUMNS + 3))

    found = first_rows(io.BytesIO("\n".join([names, *[row] * (MOST_ROWS + 5)]).encode()))

    assert (len(found.rows), len(found.names), found.width) == (
        MOST_ROWS,
        MOST_COLUMNS,
        MOST_COLUMNS + 3,
    )
    assert {len(cells) for cells in found.rows} == {MOST_COLUMNS}


def test_long_cell_is_cut() -> None:
    found = first_rows(io.BytesIO(b"station,level\n" + b"x" * 500 + b",1\n"))

    assert found.rows == (("x" * (MOST_LETTERS - 1) + "…", "1"),)


def test_row_that_the_bound_on_bytes_cuts_is_left_out() -> None:
    row = b"S1," + b"9" * 100_000 + b"\n"
    stream = io.BytesIO(b"station,level\n" + row * 10)

    found = first_rows(stream)

    assert len(found.rows) == 2
    assert stream.tell() == MOST_BYTES + 1


def test_line_end_inside_quotation_marks_ends_no_row() -> None:
    found = first_rows(io.BytesIO(b'station,level\n"S\n1",3\nS2,4\n'))

    assert found.rows == (("S\n1", "3"), ("S2", "4"))


def test_file_that_is_no_table_is_refused() -> None:
    with pytest.raises(ScanRefused, match="is PDF"):
        first_rows(io.BytesIO(b"%PDF-1.7 a sample"))


def test_formats_without_rows_of_text_are_refused_and_not_shown_as_noise() -> None:
    packed = gzip.compress(b"a,b\n1,2\n")
    for body in (b'[{"a": 1}, {"a": 2}]', packed):
        with pytest.raises(ScanRefused):
            first_rows(io.BytesIO(body))
