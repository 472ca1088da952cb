"""What a version says otherwise, in the words of its page. Invariant: no query, no decision."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from exchange.portal.contents import text_of
from exchange.portal.draft_forms import entry_of
from exchange.portal.look import short
from exchange.portal.pages.review import Difference
from exchange.templatetags.countries import chinese
from exchange.templatetags.field_words import ENTRIES, label_of, words_of_field
from exchange.templatetags.portal import words_of
from listings.content import Difference as Found
from listings.content import VersionContent, shapes_of
from listings.content.shapes import Part, Shape

HASH_SHOWN = 12


def differences(found: tuple[Found, ...], names: Mapping[str, str]) -> tuple[Difference, ...]:
    """Return differences as a table shows them; `names` are those of organisations by id."""
    return tuple(_line(one, names) for one in found)


def _line(one: Found, names: Mapping[str, str]) -> Difference:
    return Difference(
        _label(one, names), _text(one, one.before, names), _text(one, one.after, names), one.kind
    )


def _label(one: Found, names: Mapping[str, str]) -> str:
    part, _brackets, field = one.field.partition("[]")
    if not _brackets:
        return label_of(one.field)
    entry = one.entry
    if part == "allocation":
        beneficiary, _space, role = entry.partition(" ")
        entry = _(", ").join(
            (names.get(beneficiary, short(beneficiary)), words_of((role,), "allocation_role"))
        )
    kind = _("File") if part == "files" else str(ENTRIES.get(part, part))
    label = f"{kind}{'' if chinese() else ' '}“{entry}”"
    if field in ("", ".sha256"):
        return label
    return f"{label} · {words_of_field(one.field).label}"


def _text(one: Found, value: Any, names: Mapping[str, str]) -> str | None:
    if value is None:
        return None
    part, brackets, field = one.field.partition("[]")
    if part == "files":
        digest = value["sha256"] if isinstance(value, Mapping) else str(value)
        return f"SHA-256 {digest[:HASH_SHOWN]}…"
    if brackets and not field:
        return _entry(part, value, names)
    if one.field == "plans[].tiers":
        return _("; ").join(f"{tier['from_count']}: {tier['price_minor']}" for tier in value)
    if one.field == "rights":
        return _(", ").join(map(short, value))
    return text_of(one.field, _shape(one.field), value, names, "CNY")


def _entry(part: str, entry: Mapping[str, Any], names: Mapping[str, str]) -> str:
    told = []
    for name, shape in shapes_of(entry_of(part)).items():
        value = entry.get(name)
        if value in (None, "", [], False) or name in ("name", "code", "beneficiary"):
            continue
        field = f"{part}[].{name}"
        currency = str(entry.get("currency") or "CNY")
        text = str(value) if name == "tiers" else text_of(field, shape, value, names, currency)
        told.append(text if part == "dictionary" else f"{words_of_field(field).label}: {text}")
    return (" · " if part == "dictionary" else _("; ")).join(filter(None, told)) or _("as before")


def _shape(field: str) -> Shape:
    part, brackets, inner = field.partition("[].")
    if brackets:
        return shapes_of(entry_of(part))[inner]
    name, _dot, inner = field.partition(".")
    shape = shapes_of(VersionContent)[name]
    return shapes_of(shape.of)[inner] if inner and isinstance(shape, Part) else shape
