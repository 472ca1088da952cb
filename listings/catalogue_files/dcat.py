"""Entries of a DCAT-US catalogue (`data.json`). Invariant: an entry without price stays unpriced.

Source: Project Open Data Metadata Schema 1.1; DCAT-US states no prices, terms or grades.
"""

import re
from collections.abc import Mapping
from typing import Any

from listings.catalogue_files.drafts import (
    Draft,
    RowRefused,
    checked,
    in_its_language,
    needed_text,
    stated_text,
)
from listings.content.shapes import gettext_noop

MAX_SUMMARY = 4_000
# ISO 8601 repeating durations, as the schema prescribes them.
FREQUENCIES = {
    "R/PT1S": "real_time",
    "R/PT1H": "hourly",
    "R/P1D": "daily",
    "R/P1W": "weekly",
    "R/P1M": "monthly",
    "R/P3M": "quarterly",
    "R/P1Y": "yearly",
    "irregular": "irregular",
}
OPENED = {"public": True, "restricted public": False, "non-public": False}
FIELDS = {
    "title": "title",
    "summary": "description",
    "description": "description",
    "topic": "theme",
    "coverage": "temporal",
    "sources": "publisher",
}
DAYS = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[^/]*)?/([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*)?")


def dcat_draft(row: Mapping[str, Any]) -> Draft:
    """Return the draft of one dataset.

    Raises:
        RowRefused: identifier or title is missing or no text, or a value is malformed.

    """
    source_ref = needed_text(row, "identifier", 200)
    title = needed_text(row, "title", 200)
    description = stated_text(row, "description")
    summary = description if len(description) <= MAX_SUMMARY else ""
    content = {
        "title": in_its_language(title),
        "summary": in_its_language(summary),
        "description": in_its_language(_description(row, description)),
        "topic": _topic(row),
        "coverage": _coverage(row),
        "update_frequency": FREQUENCIES.get(stated_text(row, "accrualPeriodicity")),
        "sources": _sources(row),
    }
    return checked(Draft(source_ref, content, ()), FIELDS)


def _sources(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    publisher = row.get("publisher") or {}
    if not isinstance(publisher, Mapping):
        raise RowRefused("publisher", gettext_noop("has to be an object"))
    name = stated_text(publisher, "name", "publisher.") or None
    opened = OPENED.get(stated_text(row, "accessLevel"))
    if name is None and opened is None:
        return []
    # A bureau code is that of a United States government body: its data are public data.
    data_class = "public" if row.get("bureauCode") else None
    return [{"name": name, "holder": name, "data_class": data_class, "opened": opened}]


def _topic(row: Mapping[str, Any]) -> str | None:
    """Return the first theme, else the first keyword, that is short enough to be a topic."""
    for field in ("theme", "keyword"):
        values = row.get(field)
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, str) and 0 < len(value.strip()) <= 100:
                return value.strip()
    return None


def _coverage(row: Mapping[str, Any]) -> dict[str, Any]:
    days = DAYS.fullmatch(stated_text(row, "temporal"))
    spatial = row.get("spatial")
    # `spatial` may be a name, a box, or a polygon of any length: only a name is a region.
    named = isinstance(spatial, str) and re.fullmatch(r"[^\W\d][^{\[\d]{0,59}", spatial.strip())
    return {
        "time_from": days[1] if days else None,
        "time_to": days[2] if days else None,
        "regions": [spatial.strip()] if named and isinstance(spatial, str) else [],
    }


def _description(row: Mapping[str, Any], description: str) -> str:
    kept = {
        "License": stated_text(row, "license"),
        "Access": stated_text(row, "accessLevel"),
        "Rights": stated_text(row, "rights"),
        "Landing page": stated_text(row, "landingPage"),
    }
    lines = "\n".join(f"{label}: {text}" for label, text in kept.items() if text)
    return "\n\n".join(part for part in (description, lines) if part)
