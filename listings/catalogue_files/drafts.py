"""What a row of another catalogue becomes. Invariant: what the source does not state stays null."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from listings.content import ContentRefused, parse_content, parse_plans
from listings.content.shapes import Problem, gettext_noop
from listings.prices import UNSTATED, Price

HAN = re.compile("[\u3400-\u9fff]")


class RowRefused(ValueError):
    """The row cannot become a draft; `field` is the field of the source that is in the way."""

    def __init__(self, field: str, reason: str, values: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(f"{field}: {reason % dict(values)}")
        self.field = field
        self.reason = reason
        self.values = values


@dataclass(frozen=True, slots=True)
class Draft:
    """A row that can become a draft: its identity in the source, content and plans as documents."""

    source_ref: str
    content: dict[str, Any]
    plans: tuple[dict[str, Any], ...]


def needed_text(row: Mapping[str, Any], field: str, most: int) -> str:
    """Return the text of a field that a draft cannot do without.

    Raises:
        RowRefused: it is missing, no text, or too long.

    """
    value = row.get(field)
    if value is not None and not isinstance(value, str):
        raise RowRefused(field, gettext_noop("has to be text"))
    text = (value or "").strip()
    if not text:
        raise RowRefused(field, gettext_noop("is missing"))
    if len(text) > most:
        reason = gettext_noop("has more than %(most)s characters")
        raise RowRefused(field, reason, (("most", str(most)),))
    return text


def stated_text(row: Mapping[str, Any], field: str, path: str = "") -> str:
    """Return the text of a field, "" where the source leaves it out or marks it unfinished.

    Raises:
        RowRefused: it is neither text nor a number.

    """
    value = row.get(field)
    if value is None:
        return ""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise RowRefused(f"{path}{field}", gettext_noop("has to be text"))
    text = value.strip()
    return "" if text.lower() in UNSTATED else text


def stated_price(row: Mapping[str, Any], field: str) -> str | None:
    """Return the price text of a field; a bare number is a text too.

    Raises:
        RowRefused: it is something else.

    """
    value = row.get(field)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    raise RowRefused(field, gettext_noop("has to be text"))


def in_its_language(text: str) -> dict[str, str | None]:
    """Return `text` as the Chinese or the English one, by its characters."""
    if not text:
        return {"zh": None, "en": None}
    chinese = bool(HAN.search(text))
    return {"zh": text if chinese else None, "en": None if chinese else text}


def priced_plan(code: str, price: Price, title: str = "") -> dict[str, Any]:
    """Return the plan of a price. Who offers it has not said how: the vendor confirms buyers."""
    terms: dict[str, Any] = {
        "code": code,
        "title": title or None,
        "kind": price.kind,
        "offer_mode": "negotiated" if price.kind == "negotiated" else "confirm",
        "price_minor": price.price_minor,
        "currency": price.currency,
    }
    if price.kind == "per_call":
        terms |= {"unit": price.unit, "per_count": price.per_count}
    if price.kind == "subscription":
        terms["period_days"] = price.period_days
    return terms


def checked(draft: Draft, fields: Mapping[str, str]) -> Draft:
    """Return `draft` if content and plans are well formed.

    `fields` says which field of the source the parts of the content come from.

    Raises:
        RowRefused: at the field of the source that the first fault comes from.

    """
    _plans, problems = parse_plans(draft.plans)
    try:
        parse_content(draft.content)
    except ContentRefused as refusal:
        raise _refused(refusal.problems[0], fields) from None
    if problems:
        raise _refused(problems[0], fields)
    return draft


def _refused(problem: Problem, fields: Mapping[str, str]) -> RowRefused:
    part = re.split(r"[.\[]", problem.path, maxsplit=1)[0]
    return RowRefused(fields.get(part, part), problem.what, problem.values)
