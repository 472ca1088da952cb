"""Canonical JSON and its hash. Invariant: equal documents have equal bytes, on every machine."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import re2
import rfc8785

# Whole numbers up to this have one form in JSON; larger ones are refused by RFC 8785.
MOST_WHOLE = 2**53 - 1


def plain(value: Any) -> Any:
    """Return `value` with UUIDs, dates and tuples in the form JSON has for them."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str | bytes):
        return value
    if isinstance(value, Sequence | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [plain(item) for item in items]
    return value


def jsonable(value: Any) -> Any:
    """Return what `json.dumps` cannot write by itself, as `plain` has it: its `default`."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping | Sequence | set | frozenset):
        return plain(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def canonical(value: Any) -> bytes:
    """Return the canonical JSON bytes of `value` (RFC 8785).

    The standard library writes the same bytes many times faster where nothing in the document
    has a form of its own in RFC 8785; a property test compares the two.
    """
    if _ordinary(value):
        try:
            return _ORDINARY.encode(value).encode()
        except UnicodeEncodeError:
            # A lone surrogate: let the full writer say so.
            pass
    return rfc8785.dumps(plain(value))


_ORDINARY = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=jsonable
)
_SCALARS = (str, bool, type(None), UUID, datetime, date)
# A number with a fraction or an exponent, or one that may be beyond MOST_WHOLE. Text inside a
# string can look like one, which costs the full writer's time and nothing else.
_SPECIAL_NUMBER = re2.compile(r'(?:":|[\[,])-?(?:\d+[.eE]|\d{16})')


def _ordinary(value: Any) -> bool:
    """Say whether `value` has ASCII keys, no fractions, and no number beyond MOST_WHOLE."""
    kind = type(value)
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                return False
            if type(item) is not str and not _ordinary(item):
                return False
        return True
    if kind is list or kind is tuple:
        return all(type(item) is str or _ordinary(item) for item in value)
    if kind is int:
        return bool(-MOST_WHOLE <= value <= MOST_WHOLE)
    return kind in _SCALARS


def canonical_document(document: Mapping[str, Any]) -> str:
    """Return the canonical JSON text (RFC 8785) of a document all of whose keys are strings.

    It is written first and looked at afterwards: only numbers that are not small and whole, and
    characters beyond the first plane (which RFC 8785 sorts by their halves), need the full writer.
    """
    try:
        text = _ORDINARY.encode(document)
        if not _SPECIAL_NUMBER.search(text) and len(text.encode("utf-16-le")) == 2 * len(text):
            return text
    except UnicodeEncodeError:
        # A lone surrogate: let the full writer say so.
        pass
    return rfc8785.dumps(plain(document)).decode()


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of `value`, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()
