"""What a version says, in words, section by section. Invariant: every field of the content is told.

Who signs a declaration reads this: nothing that the hash covers is left out.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import Money
from exchange.portal.draft_forms import SECTIONS, entry_of, singles, value_at
from exchange.portal.pieces import Row, Section
from exchange.templatetags import words
from exchange.templatetags.field_words import label_of, words_of_field
from exchange.templatetags.portal import amount_text, industry, number, share, words_of
from listings.content import shapes_of
from listings.content.shapes import Choice, Count, Items, Shape, YesNo

TITLES: dict[str, Promise | str] = {
    "describe": gettext_lazy("Describe"),
    "dictionary": gettext_lazy("Dictionary"),
    "sources": gettext_lazy("Sources and rights"),
    "personal": gettext_lazy("Personal data and special questions"),
    "use": gettext_lazy("Use"),
    "plans": gettext_lazy("Price plans"),
    "files": gettext_lazy("Files"),
    "split": gettext_lazy("Who gets what"),
}
# Of entries whose place in the row says what they are, the names of the fields are left out.
PLAIN = ("dictionary",)
TOLD = 300


def sections_of(
    content: Mapping[str, Any], names: Mapping[str, str], currency: str, edit_url: str = ""
) -> tuple[Section, ...]:
    """Return what a content document says; `names` are those of organisations and rights by id."""
    found = []
    for name, terms in SECTIONS.items():
        if name == "plans":
            continue
        rows = [
            Row(str(words_of_field(path).label), text_of(path, shape, value, names, currency))
            for path, shape in singles(terms)
            for value in (value_at(content, path),)
        ]
        if terms.repeated:
            rows += _entries(terms.repeated, content.get(terms.repeated) or (), names, currency)
        url = f"{edit_url}#{name}" if edit_url else ""
        found.append(Section(str(TITLES[name]), tuple(rows), url))
    return tuple(found)


def _entries(
    name: str, entries: Sequence[Mapping[str, Any]], names: Mapping[str, str], currency: str
) -> list[Row]:
    shapes = shapes_of(entry_of(name))
    rows = []
    for place, entry in enumerate(entries[:TOLD]):
        told = []
        for field, shape in shapes.items():
            text = text_of(f"{name}[].{field}", shape, entry.get(field), names, currency)
            if text is not None:
                label = words_of_field(f"{name}[].{field}").label
                told.append(text if name in PLAIN else f"{label}{_(': ')}{text}")
        rows.append(
            Row(label_of(f"{name}[{place}]"), (" · " if name in PLAIN else _("; ")).join(told))
        )
    if len(entries) > TOLD:
        rows.append(Row(_("And more"), number(len(entries) - TOLD)))
    return rows or [Row(str(words_of_field(name).label), None)]


def text_of(
    path: str, shape: Shape, value: Any, names: Mapping[str, str], currency: str
) -> str | None:
    """Return a stored value as a page tells it; None is not stated."""
    field = path.rpartition(".")[2]
    if value in (None, "", []):
        return None
    if isinstance(shape, YesNo):
        return _("yes") if value else _("no")
    if field == "beneficiary":
        return names.get(str(value), str(value))
    if path == "rights":
        return _(", ").join(names.get(str(one), str(one)) for one in value)
    if path == "industry":
        return f"{value} · {industry(value)}"
    if path == "dictionary[].type":
        return words.word("field_type", value)
    if field.endswith("_minor"):
        return amount_text(Money(value, currency))
    if field == "share_bp":
        return share(value)
    return _in_words(path, shape, value)


def _in_words(path: str, shape: Shape, value: Any) -> str:
    kind = words_of_field(path).kind
    if isinstance(shape, Items):
        return words_of(value, kind) if kind else _(", ").join(value)
    if isinstance(shape, Choice):
        return words.word(kind, value) if kind else str(value)
    return number(value) if isinstance(shape, Count) else str(value)
