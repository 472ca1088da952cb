"""Canonical JSON: the fast writer and the full one give the same bytes, or the same refusal."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from core.canonical import canonical, plain

# Every kind of character that JSON or RFC 8785 treats in a way of its own.
ODD = '\x00\x08\t\n\x0b\x0c\r\x1f "\\/\x7f\x80\u2028\u2029\ud7ff\ue000\uffff\U00010000\U0010ffff'
TEXTS = st.text(st.one_of(st.sampled_from(ODD), st.characters(codec="utf-8")), max_size=8)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    TEXTS,
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.uuids(),
    st.datetimes(timezones=st.just(UTC)),
    st.dates(),
)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(TEXTS, inner, max_size=4),
    ),
    max_leaves=20,
)


@given(DOCUMENTS)
@example({"\U00010000": 1, "\uffff": 2})
@example({"b": [1, {"a": ODD}], "a": (True, None)})
@example({"id": UUID(int=7), "at": datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)})
@example([1e16, 0.1, -0.0, 5e-324])
def test_canonical_bytes_are_those_of_the_standard(document: Any) -> None:
    written = canonical(document)
    assert written == rfc8785.dumps(plain(document))


@given(st.dictionaries(TEXTS, st.one_of(TEXTS, st.integers(-9, 9)), max_size=6))
def test_canonical_bytes_do_not_depend_on_the_order_of_keys(document: dict[str, Any]) -> None:
    turned = dict(reversed(document.items()))
    assert canonical(turned) == canonical(document)
    assert json.loads(canonical(document)) == document


@pytest.mark.parametrize(
    "document", ["\ud800", {"a": "\udfff"}, {"\ud800": 1}, [2**53], {"a": -(2**53)}, [b"a"]]
)
def test_what_the_standard_refuses_is_refused(document: Any) -> None:
    with pytest.raises(ValueError, match=r"non-UTF-8|exceeds|unsupported|surrogates"):
        canonical(document)


def test_keys_that_are_no_text_are_written_as_text_in_the_order_of_their_text() -> None:
    assert canonical({2: 1, 10: 2}) == b'{"10":2,"2":1}'
