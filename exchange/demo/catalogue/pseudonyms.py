"""Pseudonyms of real organisations. Invariant: no provider's or exchange's name gets past here.

A name always has the same pseudonym in one venue, and nobody without the venue's secret can tell
which pseudonym a known name has.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.crypto import salted_hmac

MOST = 99_999_999
NAME_ZH, NAME_EN = "模拟数据商 {number:08d}", "Simulated vendor {number:08d}"
PLACE = "模拟平台 {number:08d}"
# The fields of a row that lead back to the real listing, whatever stands in them.
LINKS = ("url", "cur_url", "logo", "image", "contact", "phone", "email")
SHORTEST = 4


class Pseudonyms:
    """The names to hide, read from all rows before the first one is changed."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        hidden: dict[str, str] = {}
        for row in rows:
            for name in _texts(row.get("exchange")):
                hidden.setdefault(name, PLACE.format(number=number_of(name)))
            for name in _providers(row):
                hidden[name] = NAME_ZH.format(number=number_of(name))
        self.names = hidden
        longest_first = sorted(hidden, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    def hide(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row with the same fields, in which every known name is a pseudonym."""
        return {name: self._hidden(name, value) for name, value in row.items()}

    def _hidden(self, name: str, value: Any) -> Any:
        if name in LINKS:
            return None
        if isinstance(value, str):
            return self._pattern.sub(lambda found: self.names[found[0]], value)
        if isinstance(value, Mapping):
            return {inner: self._hidden(inner, one) for inner, one in value.items()}
        if isinstance(value, list):
            return [self._hidden("", one) for one in value]
        return value


def vendor_number(row: Mapping[str, Any]) -> int:
    """Return the number of the vendor of a row: of its provider, else of its exchange."""
    named = [*_providers(row), *_texts(row.get("exchange"))]
    return number_of(named[0] if named else "")


def number_of(name: str) -> int:
    """Return the number that stands for a name, 1 to 99,999,999."""
    digest = salted_hmac("databourse.pseudonym", name, algorithm="sha256").hexdigest()
    return int(digest[:16], 16) % MOST + 1


def _providers(row: Mapping[str, Any]) -> list[str]:
    raw = row.get("raw")
    company = raw.get("company_name") if isinstance(raw, Mapping) else None
    return _texts(row.get("provider"), company)


def _texts(*values: Any) -> list[str]:
    return [one.strip() for one in values if isinstance(one, str) and len(one.strip()) >= SHORTEST]
