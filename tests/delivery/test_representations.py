"""Ranges, conditions and names, computed without a server."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.representations import (
    Answer,
    Asked,
    Representation,
    answer_to,
    covers,
    disposition,
    headers_of,
)

SHA256 = "0123456789abcdef" * 4


def file_of(size: int) -> Representation:
    return Representation("f.bin", "application/octet-stream", size, SHA256)


@given(size=st.integers(1, 500), first=st.integers(0, 600), last=st.integers(0, 600))
def test_range_answers_what_slicing_gives(size: int, first: int, last: int) -> None:
    whole = bytes(number % 251 for number in range(size))

    answer = answer_to(Asked("GET", f"bytes={first}-{last}"), file_of(size))

    got = whole[answer.first_byte : answer.first_byte + answer.byte_count]
    if last < first:
        assert (answer.status, got) == (200, whole)
    elif first >= size:
        assert answer == Answer(416)
    else:
        assert (answer.status, got) == (206, whole[first : last + 1])


@given(size=st.integers(1, 500), count=st.integers(0, 600))
def test_suffix_range_answers_the_last_bytes(size: int, count: int) -> None:
    whole = bytes(number % 251 for number in range(size))

    answer = answer_to(Asked("GET", f"bytes=-{count}"), file_of(size))

    got = whole[answer.first_byte : answer.first_byte + answer.byte_count]
    assert (answer.status, got) == ((206, whole[-count:]) if count else (416, b""))


@given(field=st.text(), if_range=st.text(), if_match=st.text(), none_match=st.text())
def test_no_header_whatever_breaks_an_answer(
    field: str, if_range: str, if_match: str, none_match: str
) -> None:
    asked = Asked("GET", field, if_range, if_match, none_match)

    answer = answer_to(asked, file_of(10))

    assert answer.status in {200, 206, 304, 412, 416}
    assert 0 <= answer.first_byte <= answer.first_byte + answer.byte_count <= 10


@given(
    size=st.integers(1, 40),
    parts=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 41)), max_size=8),
)
def test_parts_cover_a_file_when_every_byte_is_in_one(
    size: int, parts: list[tuple[int, int]]
) -> None:
    sent = {byte for first, count in parts for byte in range(first, first + count)}

    assert covers(parts, size) == (set(range(size)) <= sent)


@given(name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80))
def test_any_name_gives_one_printable_header_line(name: str) -> None:
    field = disposition(name)

    assert field.isascii()
    assert field.isprintable()
    assert re.fullmatch(r"attachment; filename=\"[^\"\\]*\"(; filename\*=UTF-8''[^ ;\"]+)?", field)


def test_star_matches_any_file() -> None:
    assert answer_to(Asked("GET", if_match="*"), file_of(9)).status == 200
    assert answer_to(Asked("GET", if_none_match="*"), file_of(9)).status == 304


@pytest.mark.parametrize(
    ("media_type", "sent"),
    [
        ("text/csv; charset=utf-8", "text/csv; charset=utf-8"),
        ("application/zip", "application/zip"),
        ("", "application/octet-stream"),
        ("text/html\r\nSet-Cookie: a=b", "application/octet-stream"),
    ],
)
def test_media_type_is_sent_only_if_it_is_one(media_type: str, sent: str) -> None:
    file = Representation("f", media_type, 1, SHA256)

    headers = headers_of(Answer(200, 0, 1, sends=True), file)

    assert headers["Content-Type"] == sent
