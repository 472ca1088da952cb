"""The sections of a draft as forms. Invariant: their fields are those of the content's own shapes.

A field is called by its path in the content document, so that what a refusal says of
`sources[0].name` stands beside that box, and a field that is added to a shape has a box at once.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import Money, MoneyError, parse_minor, ungrouped
from exchange.portal.forms import KeyedForm, bad_amount
from exchange.templatetags.countries import chinese
from exchange.templatetags.field_words import ENTRIES, PLACE, words_of_field
from exchange.templatetags.portal import plain_amount
from exchange.templatetags.words import WORDS
from listings.content import PlanTerms, VersionContent, part_digest, shapes_of
from listings.content.shapes import Choice, Count, Day, Items, Part, Shape, Text, YesNo
from listings.content.vocabulary import INDUSTRIES

LONG_TEXT = 500
NOT_STATED = ("", gettext_lazy("not stated"))
YES_NO = [NOT_STATED, ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]
ANSWERS = {"yes": True, "no": False}
TIER = re.compile(r"\s*([0-9]{1,15})[\s:：,，]+([0-9][0-9.]*)\s*")
Choices = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class SectionTerms:
    """One form of the editor: which parts of the content it holds, and which of them repeats.

    `step` is the station of the editor it belongs to. Of a repeated part so many are `shown` at
    once, with so many `blank` ones after the last; a form has at most 1,000 boxes.
    """

    step: str
    parts: tuple[str, ...]
    repeated: str = ""
    shown: int = 0
    blank: int = 0


SECTIONS: dict[str, SectionTerms] = {
    "describe": SectionTerms(
        "describe",
        (
            *("title", "summary", "description", "industry", "topic", "form", "grade"),
            *("grade_level", "grade_determined_by", "coverage", "update_frequency", "volume"),
        ),
    ),
    "dictionary": SectionTerms("describe", ("dictionary",), "dictionary", 80, 5),
    "sources": SectionTerms("sources", ("rights", "sources"), "sources", 20, 1),
    "personal": SectionTerms("personal", ("personal", "special")),
    "use": SectionTerms("use", ("permitted_use", "delivery_modes")),
    "plans": SectionTerms("use", (), "plans", 10, 1),
    "split": SectionTerms("split", ("allocation",), "allocation", 30, 2),
}
MOST_ROWS = 160


@dataclass(frozen=True, slots=True)
class DraftContents:
    """What the forms show and choose from: the stored content and plans, rights, organisations.

    `numbers` are the organisations that were named by their registry number: number → id.
    """

    content: Mapping[str, Any]
    plans: Sequence[Mapping[str, Any]]
    rights: Choices = ()
    organisations: Choices = ()
    numbers: Mapping[str, str] | None = None

    @property
    def currency(self) -> str:
        """The currency of amounts that name none: that of the first plan."""
        return str(self.plans[0]["currency"]) if self.plans else "CNY"

    def rows(self, name: str) -> Sequence[Mapping[str, Any]]:
        """Return the stored entries of a repeated part."""
        return self.plans if name == "plans" else (self.content.get(name) or ())


@dataclass(frozen=True, slots=True)
class RowShown:
    """One entry of a repeated part: its boxes, and the tick that takes it out (None if new)."""

    title: str
    fields: tuple[Any, ...]
    remove: Any
    new: bool


class SectionForm(KeyedForm):
    """One section of a draft. `parts()` and `plans()` are what it says, as JSON values."""

    # Saving twice is saving once, and who goes back and corrects it means the correction.
    key = None  # type: ignore[assignment]
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self,
        data: Any = None,
        *,
        name: str,
        draft: DraftContents,
        first: int = 0,
        proposed: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(data, auto_id=f"{name}-%s")
        self.name, self.draft, self.terms = name, draft, SECTIONS[name]
        self.first, self.kept, self.proposed = first, list[int](), bool(proposed)
        self.fields["seen"].initial = self.digest()
        for path, shape in singles(self.terms):
            self._add(path, shape, value_at(draft.content, path))
        if self.terms.repeated:
            self._add_rows(data, proposed)

    # What is shown

    def digest(self) -> str:
        """Return the hash of what this section shows, as it is stored."""
        plans = self.draft.plans if self.terms.repeated == "plans" else None
        return part_digest(self.draft.content, self.terms.parts, plans)

    def _add(self, path: str, shape: Shape, value: Any, currency: str = "CNY") -> None:
        self.fields[path] = field_of(path, shape, self.draft)
        self.fields[path].initial = shown_as(path, shape, value, currency)

    def _add_rows(self, data: Any, proposed: Sequence[Mapping[str, Any]]) -> None:
        name = self.terms.repeated
        stored = self.draft.rows(name)
        page = list(stored[self.first : self.first + self.terms.shown])
        last = self.first + self.terms.shown >= len(stored)
        self.stored_count = len(page)
        added = [*proposed, *({} for _ in range(self.terms.blank))] if last else []
        rows = [*page, *added]
        count = len(rows) if data is None else _count(data.get("count"))
        self.fields["first"] = _hidden(self.first)
        self.fields["count"] = _hidden(count)
        self.numbers = range(self.first, self.first + count)
        for place, number in enumerate(self.numbers):
            row = rows[place] if place < len(rows) else {}
            currency = str(row.get("currency") or self.draft.currency)
            for field, shape in shapes_of(entry_of(name)).items():
                value = row[field] if row.get(field) is not None else shape.blank()
                self._add(f"{name}[{number}].{field}", shape, value, currency)
            if name == "allocation":
                self.fields[f"{name}[{number}].other"] = forms.CharField(
                    label=_("Or another, by its registry number"), required=False, max_length=64
                )
            self.fields[f"{name}[{number}].remove"] = forms.BooleanField(
                label=_("Take it out"), required=False
            )
        self.filled = len(page) + len(proposed) if data is None else count

    def shown_rows(self) -> tuple[RowShown, ...]:
        """Return the entries of the repeated part with their boxes."""
        name = self.terms.repeated
        found = []
        for place, number in enumerate(self.numbers):
            before = f"{name}[{number}]."
            boxes = [self[path] for path in self.fields if path.startswith(before)]
            remove = boxes.pop()
            found.append(
                RowShown(
                    f"{ENTRIES[name]} {number + 1}",
                    tuple(boxes),
                    remove if place < self.filled else None,
                    place >= self.stored_count,
                )
            )
        return tuple(found)

    def heads(self) -> tuple[Any, ...]:
        """Return the boxes of the first entry, for the heads of a table of entries."""
        return self.shown_rows()[0].fields if self.numbers else ()

    def shown_singles(self) -> tuple[Any, ...]:
        """Return the boxes of what does not repeat."""
        return tuple(self[path] for path, _shape in singles(self.terms))

    def hidden(self) -> tuple[Any, ...]:
        """Return the boxes that nobody sees."""
        return tuple(box for box in self if box.is_hidden)

    # What is said

    def clean(self) -> dict[str, Any]:
        """Read amounts and tiers in the currency of their row, and named organisations."""
        cleaned: dict[str, Any] = super().clean() or {}
        for path in [path for path in cleaned if PLACE.fullmatch(path)]:
            row, _dot, field = path.partition(".")
            currency = cleaned.get(f"{row}.currency") or self.draft.currency
            if field.endswith("_minor"):
                self._read(path, _minor, currency)
            elif field == "tiers":
                self._read(path, _tiers, currency)
            elif field == "other" and cleaned[path]:
                self._name_beneficiary(row, path)
        return cleaned

    def _read(self, path: str, read: Callable[[str, str], Any], currency: str) -> None:
        text = self.cleaned_data[path]
        try:
            self.cleaned_data[path] = read(text, currency) if text else None
        except ValueError as fault:
            self.add_error(path, str(fault))

    def _name_beneficiary(self, row: str, path: str) -> None:
        number = self.cleaned_data[path].strip()
        found = (self.draft.numbers or {}).get(number)
        if found is None:
            self.add_error(path, _("No active organisation of the venue has this number."))
        else:
            self.cleaned_data[f"{row}.beneficiary"] = found

    def parts(self) -> dict[str, Any]:
        """Return the parts of the content that this section states."""
        said: dict[str, Any] = {}
        for path, shape in singles(self.terms):
            name, _dot, field = path.partition(".")
            value = said_by(shape, self.cleaned_data[path])
            if isinstance(self.fields[path], forms.MultipleChoiceField):
                value = _as_before(value, value_at(self.draft.content, path) or ())
            if field:
                said.setdefault(name, {})[field] = value
            else:
                said[name] = value
        if self.terms.repeated and self.terms.repeated != "plans":
            said[self.terms.repeated] = self._rows()
        return said

    def plans(self) -> list[dict[str, Any]] | None:
        """Return the plans that this section states; None if it does not state any."""
        if self.terms.repeated != "plans":
            return None
        rows = self._rows()
        taken = {row["code"] for row in rows}
        free = (f"P{number}" for number in range(1, 1_000) if f"P{number}" not in taken)
        for row in rows:
            row["code"] = row["code"] or next(free)
        return rows

    def _rows(self) -> list[dict[str, Any]]:
        """Return the whole repeated part: the page as it was filled in, the rest as stored."""
        name, stored = self.terms.repeated, self.draft.rows(self.terms.repeated)
        shapes = shapes_of(entry_of(name))
        said = []
        self.kept = []
        for number in self.numbers:
            before = f"{name}[{number}]"
            if self.cleaned_data.get(f"{before}.remove"):
                continue
            row = {
                field: said_by(shape, self.cleaned_data[f"{before}.{field}"])
                for field, shape in shapes.items()
            }
            if any(row[field] not in (None, [], shape.blank()) for field, shape in shapes.items()):
                self.kept.append(number)
                said.append(row)
        after = stored[self.first + self.stored_count :]
        return [*map(dict, stored[: self.first]), *said, *map(dict, after)]

    def field_at(self, path: str) -> str:
        """Return the box of what a refusal calls `path`: rows left out are counted back in."""
        found = re.match(r"(\w+)\[(\d+)\](.*)", path)
        if found and found[1] == self.terms.repeated:
            place = int(found[2]) - self.first
            if not 0 <= place < len(self.kept):
                return ""
            path = f"{found[1]}[{self.kept[place]}]{found[3]}"
        starts = [path, *(path[: cut.start()] for cut in re.finditer(r"[.\[]", path))]
        for start in starts:
            for name in self.fields:
                inside = name.startswith((f"{start}.", f"{start}[")) and start == path
                if name == start or inside:
                    return name
        return ""


def singles(terms: SectionTerms) -> Iterator[tuple[str, Shape]]:
    """Yield each field of a section that does not repeat, with its shape."""
    whole = shapes_of(VersionContent)
    for name in terms.parts:
        shape = whole[name]
        if name == terms.repeated:
            continue
        if isinstance(shape, Part):
            for field, inner in shapes_of(shape.of).items():
                yield f"{name}.{field}", inner
        else:
            yield name, shape


def entry_of(name: str) -> type:
    """Return the document of one entry of a repeated part."""
    if name == "plans":
        return PlanTerms
    shape = shapes_of(VersionContent)[name]
    assert isinstance(shape, Items)
    assert isinstance(shape.of, Part)
    return shape.of.of


def value_at(content: Mapping[str, Any], path: str) -> Any:
    """Return the stored value of a field that does not repeat."""
    value: Any = content
    for name in path.split("."):
        value = (value or {}).get(name)
    return value


def field_of(path: str, shape: Shape, draft: DraftContents) -> forms.Field:
    """Return the box for a field: what its shape takes, in words where it has codes."""
    words = words_of_field(path)
    field = path.rpartition(".")[2]
    inner = shape.of if isinstance(shape, Items) else None
    common: dict[str, Any] = {
        "label": words.label,
        "help_text": "" if PLACE.fullmatch(path) and path.startswith("dictionary") else words.help,
        "required": False,
    }
    if path == "industry":
        return forms.ChoiceField(choices=industries(), **common)
    if path == "rights":
        return _ticks(draft.rights, common)
    if field == "beneficiary":
        return forms.ChoiceField(choices=[NOT_STATED, *draft.organisations], **common)
    if field in {"tiers", "regions"}:
        rows = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(widget=rows, max_length=12_000, **common)
    if field.endswith("_minor"):
        return forms.CharField(widget=_figure("amount"), max_length=24, **common)
    if field == "share_bp":
        return forms.DecimalField(min_value=0, max_value=100, decimal_places=2, **common)
    if isinstance(inner, Choice):
        return _ticks([(code, WORDS[words.kind][code]) for code in inner.codes], common)
    if isinstance(shape, Items):
        return forms.CharField(max_length=3_000, **common)
    if isinstance(shape, Choice):
        named = WORDS.get(words.kind, {})
        choices = [(code, named.get(code, code)) for code in shape.codes]
        optional = [] if shape.default else [NOT_STATED]
        return forms.ChoiceField(choices=[*optional, *choices], **common)
    return _plain_field(path, shape, common)


def _plain_field(path: str, shape: Shape, common: dict[str, Any]) -> forms.Field:
    if isinstance(shape, YesNo):
        if shape.default is not None:
            return forms.BooleanField(**common)
        if not PLACE.fullmatch(path):
            common["widget"] = forms.RadioSelect
        return forms.ChoiceField(choices=YES_NO, **common)
    if isinstance(shape, Count):
        return forms.IntegerField(min_value=shape.least, max_value=shape.most, **common)
    if isinstance(shape, Day):
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=day, **common)
    assert isinstance(shape, Text), path
    if shape.most <= LONG_TEXT:
        return forms.CharField(max_length=shape.most, **common)
    lines = 3 if shape.most < 10_000 else 8
    box = forms.Textarea(attrs={"rows": lines})
    return forms.CharField(max_length=shape.most, widget=box, **common)


def shown_as(path: str, shape: Shape, value: Any, currency: str) -> Any:
    """Return a stored value as its box shows it."""
    field = path.rpartition(".")[2]
    if isinstance(shape, YesNo) and shape.default is None:
        return {True: "yes", False: "no"}.get(value, "")
    if value is None:
        return None
    if field == "tiers":
        return "\n".join(
            f"{tier['from_count']} {plain_amount(Money(tier['price_minor'], currency))}"
            for tier in value
        )
    if field == "regions":
        return "\n".join(value)
    if field.endswith("_minor"):
        return plain_amount(Money(value, currency))
    if field == "share_bp":
        return f"{value // 100}.{value % 100:02d}"
    if path == "permitted_use.territories":
        return " ".join(value)
    return value


def said_by(shape: Shape, cleaned: Any) -> Any:
    """Return what was filled in as the JSON value that the shape reads."""
    if isinstance(shape, YesNo) and shape.default is None:
        return ANSWERS.get(cleaned)
    if isinstance(shape, Items):
        if isinstance(cleaned, str):
            # Regions are names, which have blanks in them; territories are codes.
            lines = isinstance(shape.of, Text) and not shape.of.pattern
            said = re.split("[\n;；]" if lines else r"[\s,，;；]+", cleaned)
            return [text for text in said if text.strip()]
        return cleaned or []
    if isinstance(shape, Day):
        return cleaned.isoformat() if cleaned else None
    if isinstance(shape, Count) and cleaned is not None and not isinstance(cleaned, int):
        return int(cleaned * 100)
    return cleaned if cleaned not in ("", None) else shape.blank()


def _as_before(ticked: Sequence[str], stored: Sequence[str]) -> list[str]:
    """Return what is ticked in its stored order, the new last: no tick moved, no hash changed."""
    return [*(one for one in stored if one in ticked), *(x for x in ticked if x not in stored)]


def industries() -> list[Any]:
    """Return the sections of GB/T 4754 with their divisions, as choices."""
    choices: list[Any] = [NOT_STATED]
    for letter, (first, last, zh, en) in INDUSTRIES.items():
        name = zh if chinese() else en
        divisions = [(f"{letter}{n:02d}", f"{letter}{n:02d}") for n in range(first, last + 1)]
        choices.append((name, [(letter, f"{letter} · {name}"), *divisions]))
    return choices


def _ticks(choices: Choices, common: dict[str, Any]) -> forms.Field:
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)


def _figure(look: str) -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": look})


def _hidden(value: int) -> forms.Field:
    return forms.IntegerField(widget=forms.HiddenInput, initial=value, required=False)


def _count(text: str | None) -> int:
    """Return how many rows were posted: no more than a form can have."""
    return min(int(text), MOST_ROWS) if text and text.isascii() and text.isdigit() else 0


def _minor(text: str, currency: str) -> int:
    """Return an amount as typed in minor units.

    Raises:
        ValueError: it is none, in the reader's language.

    """
    try:
        minor = parse_minor(ungrouped(text), currency)
    except MoneyError:
        minor = -1
    if minor < 0:
        raise ValueError(bad_amount(currency))
    return minor


def _tiers(text: str, currency: str) -> list[dict[str, int]]:
    tiers = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found = TIER.fullmatch(line)
        if found is None:
            raise ValueError(
                _("Line %(n)s is not a number of units and a price, as 1001 0.80.") % {"n": number}
            )
        tiers.append({"from_count": int(found[1]), "price_minor": _minor(found[2], currency)})
    return tiers


def section_of(path: str) -> str:
    """Return the section in whose form a path of the content is filled in."""
    top = re.split(r"[.\[]", path)[0]
    for name, terms in SECTIONS.items():
        if top in terms.parts or top == terms.repeated:
            return name
    return "describe"


def anchor_of(path: str) -> str:
    """Return the fragment that leads to the section of a path."""
    return f"#{section_of(path)}"
