"""What authors of checklists fill in. Invariant: a form checks shapes; the rules judge the rest."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.rules import LISTS, SCOPES, SEVERITIES
from exchange.portal.forms import FIRST_DAY, LAST_DAY, KeyedForm
from exchange.templatetags import checklist_words as words
from exchange.templatetags.trading_words import SEVERITIES as SEVERITY_WORDS

MOST_CODE = 20
MOST_FILE = 2 * 1024 * 1024
# So many empty rows stand behind those that are filled in.
SPARE_SOURCES, SPARE_EXAMPLES = 1, 2
MOST_ROWS = 60
EXPECTED = ("hit", "clear", "unknown", "lifted")


def _label(name: str) -> Any:
    return words.FIELDS[name]


class CopyForm(KeyedForm):
    """The code of a new draft that begins with the items of another list."""

    code = forms.CharField(
        label=gettext_lazy("Code of the new list"),
        max_length=MOST_CODE,
        help_text=gettext_lazy("As people cite it, such as 2027.1. It cannot be changed later."),
    )


class ImportForm(KeyedForm):
    """The signed document of another venue."""

    file = forms.FileField(label=gettext_lazy("Signed document"))
    code = forms.CharField(
        label=gettext_lazy("Code here"),
        max_length=MOST_CODE,
        required=False,
        help_text=gettext_lazy("Nothing: its own code."),
    )
    signed_by = forms.CharField(
        label=gettext_lazy("Key of the other venue"),
        max_length=32,
        required=False,
        help_text=gettext_lazy(
            "The id that it makes known, 32 digits. With it no other signature is accepted."
        ),
    )

    def text(self) -> str:
        """Return the document as text; what is not UTF-8 keeps a sign that no JSON has."""
        return str(self.cleaned_data["file"].read(MOST_FILE + 1).decode("utf-8", "replace"))

    def field_at(self, path: str) -> str:
        """Return the field that shows what a refusal calls `path`: the document shows the rest."""
        return {"code": "code", "key": "signed_by"}.get(path, "file")


class ScheduleForm(KeyedForm):
    """When a list takes force, in the venue's zone."""

    effective_at = forms.DateTimeField(
        label=gettext_lazy("Takes force"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text=gettext_lazy(
            "Until then all live clearances are run again; vendors are told what changes for them."
        ),
    )

    def clean_effective_at(self) -> datetime:
        """Keep the moment where every zone has it."""
        moment: datetime = self.cleaned_data["effective_at"]
        if not FIRST_DAY <= moment.date() <= LAST_DAY - timedelta(days=1):
            raise forms.ValidationError(_("must lie within two years"))
        return moment


class EvidenceKindForm(KeyedForm):
    """A kind of evidence that lifts may name, in both languages."""

    evidence_key = forms.RegexField(
        r"^[a-z][a-z0-9_]{0,59}$",
        label=_label("key"),
        help_text=gettext_lazy("Small letters, digits and _, such as separate_consent."),
    )
    en = forms.CharField(label=_label("en"), max_length=300)
    zh = forms.CharField(label=_label("zh"), max_length=300)
    by = forms.ChoiceField(label=_label("by"), choices=list(words.GIVERS.items()))


def _line(name: str, most: int = 200, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=_label(name), max_length=most, required=more.pop("required", False), **more
    )


def _lines(name: str, rows: int, most: int, **more: Any) -> forms.CharField:
    attributes = {"rows": rows, **more.pop("attributes", {})}
    return forms.CharField(
        label=_label(name),
        max_length=most,
        required=False,
        widget=forms.Textarea(attrs=attributes),
        **more,
    )


def _choice(name: str, codes: tuple[str, ...], named: Any, **more: Any) -> forms.ChoiceField:
    choices = [(code, named[code]) for code in codes]
    return forms.ChoiceField(label=_label(name), choices=choices, **more)


CEL = {"spellcheck": "false", "autocapitalize": "off", "class": "cel", "data-check-now": ""}


class ItemForm(KeyedForm):
    """One item. Sources and examples are rows, with empty ones behind them to fill in."""

    seen_hash = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    code = _line("code", 40, required=True)
    title_en = _line("title_en")
    title_zh = _line("title_zh")
    severity = _choice("severity", SEVERITIES, SEVERITY_WORDS)
    scope = _choice("scope", SCOPES, words.SCOPES)
    list = _choice("list", LISTS, words.LISTS)
    category = _line("category", 60)
    when = _lines(
        "when",
        4,
        2000,
        attributes=CEL,
        help_text=gettext_lazy("CEL over the facts: true is a hit. A fact that is unknown blocks."),
    )
    lift = _lines(
        "lift",
        2,
        2000,
        attributes=CEL,
        help_text=gettext_lazy("CEL over evidence: evidence.separate_consent && …"),
    )
    exit_path_en = _lines("exit_path_en", 2, 1000)
    exit_path_zh = _lines("exit_path_zh", 2, 1000)
    kind = _choice("kind", tuple(words.KINDS), words.KINDS)
    asked_of = forms.ChoiceField(
        label=_label("asked_of"),
        choices=[("", "–"), *words.ASKED_OF.items()],
        required=False,
    )
    question_en = _lines("question_en", 2, 1000)
    question_zh = _lines("question_zh", 2, 1000)
    valid_from = forms.DateField(
        label=_label("valid_from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    valid_to = forms.DateField(
        label=_label("valid_to"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    territory = _line("territory", 200)
    zone = _line("zone", 10)
    refusal = _line("refusal", 60)
    covers = _line("covers", 300)
    basis = _choice("basis", ("law", "venue_rule"), words.BASES)
    note_en = _lines("note_en", 2, 1000)
    note_zh = _lines("note_zh", 2, 1000)
    always_known_en = _lines("always_known_en", 2, 1000)
    always_known_zh = _lines("always_known_zh", 2, 1000)

    RULE = ("code", "title_en", "title_zh", "severity", "scope", "list", "category")
    EXPRESSIONS = ("when", "lift")
    WAY_OUT = ("exit_path_en", "exit_path_zh")
    ASKING = ("kind", "asked_of", "question_en", "question_zh")
    REACH = ("valid_from", "valid_to", "territory", "zone", "refusal", "covers")
    BASIS = ("basis", "note_en", "note_zh", "always_known_en", "always_known_zh")

    def __init__(self, *given: Any, item: Mapping[str, Any] | None = None, **more: Any) -> None:
        item = item or {}
        super().__init__(*given, **more)
        self.initial = {**_initial(item), **self.initial}
        posted = self.data if self.is_bound else None
        self.sources_count = _count(posted, "source", len(item.get("sources", ())), SPARE_SOURCES)
        self.examples_count = _count(
            posted, "example", len(item.get("examples", ())), SPARE_EXAMPLES
        )
        for number in range(self.sources_count):
            self._source(number)
        for number in range(self.examples_count):
            self._example(number)

    def _source(self, number: int) -> None:
        self.fields |= {
            f"source{number}_instrument": _line("instrument"),
            f"source{number}_version": _line("version", 60),
            f"source{number}_article": _line("article", 60),
            f"source{number}_quote": _lines("quote", 2, 1000),
            f"source{number}_force": _choice(
                "force", ("in_force", "venue_rule"), words.FORCES, required=False
            ),
        }

    def _example(self, number: int) -> None:
        self.fields |= {
            f"example{number}_name": _line("name"),
            f"example{number}_expect": _choice(
                "expect", EXPECTED, words.EXPECTATIONS, required=False
            ),
            f"example{number}_facts": _lines(
                "facts", 2, 4000, attributes={"class": "cel", "data-check-now": ""}
            ),
            f"example{number}_evidence": _line("evidence", 500),
            f"example{number}_answer": _choice(
                "answer", ("", "yes", "no"), words.ANSWERS, required=False
            ),
        }

    def field_at(self, path: str) -> str:
        """Return the field that shows what a refusal calls `path`."""
        entry, _dot, rest = path.partition(".")
        number, _dot, name = rest.partition(".")
        if entry in ("sources", "examples") and number.isdecimal():
            found = (
                f"{entry[:-1]}{int(number)}_{name or ('name', 'instrument')[entry == 'sources']}"
            )
            return found if found in self.fields else ""
        return entry if entry in self.fields else ""

    def group(self, names: tuple[str, ...]) -> Iterator[forms.BoundField]:
        """Yield fields by name, for the template."""
        for name in names:
            yield self[name]

    def rule(self) -> Iterator[forms.BoundField]:
        """Yield what the item is."""
        return self.group(self.RULE)

    def expressions(self) -> Iterator[forms.BoundField]:
        """Yield condition and lift."""
        return self.group(self.EXPRESSIONS)

    def way_out(self) -> Iterator[forms.BoundField]:
        """Yield the way out in both languages."""
        return self.group(self.WAY_OUT)

    def asking(self) -> Iterator[forms.BoundField]:
        """Yield who is asked, and what."""
        return self.group(self.ASKING)

    def reach(self) -> Iterator[forms.BoundField]:
        """Yield when and where the item binds."""
        return self.group(self.REACH)

    def resting(self) -> Iterator[forms.BoundField]:
        """Yield what stands behind the item beside its sources."""
        return self.group(self.BASIS)

    def sources(self) -> Iterator[tuple[forms.BoundField, ...]]:
        """Yield the fields of each source."""
        for number in range(self.sources_count):
            names = ("instrument", "version", "article", "quote", "force")
            yield tuple(self[f"source{number}_{name}"] for name in names)

    def examples(self) -> Iterator[tuple[forms.BoundField, ...]]:
        """Yield the fields of each example."""
        for number in range(self.examples_count):
            names = ("name", "expect", "facts", "evidence", "answer")
            yield tuple(self[f"example{number}_{name}"] for name in names)

    def clean(self) -> dict[str, Any]:
        """Read the facts of the examples."""
        cleaned: dict[str, Any] = super().clean() or {}
        for number in range(self.examples_count):
            name = f"example{number}_facts"
            try:
                cleaned[name] = facts_of_lines(cleaned.get(name, ""))
            except forms.ValidationError as wrong:
                self.add_error(name, wrong)
        return cleaned

    def document(self) -> dict[str, Any]:
        """Return the item as the checklist stores it; rows left empty are none."""
        given = self.cleaned_data
        own = ("seen_hash", "key", "valid_from", "valid_to", "covers")
        item: dict[str, Any] = {
            name: given[name].replace("\r\n", "\n") for name in self.base_fields if name not in own
        }
        item["covers"] = given["covers"].split()
        item["valid_from"] = given["valid_from"].isoformat()
        item["valid_to"] = given["valid_to"].isoformat() if given["valid_to"] else None
        item["territory"] = item["territory"] or "CN"
        item["sources"] = [
            row for number in range(self.sources_count) if (row := self._source_of(number))
        ]
        item["examples"] = [
            row for number in range(self.examples_count) if (row := self._example_of(number))
        ]
        return item

    def _source_of(self, number: int) -> dict[str, Any] | None:
        given = self.cleaned_data
        row = {
            name: given[f"source{number}_{name}"]
            for name in ("instrument", "version", "article", "quote")
        }
        if not any(row.values()):
            return None
        return {**row, "force": given[f"source{number}_force"] or "in_force"}

    def _example_of(self, number: int) -> dict[str, Any] | None:
        given = self.cleaned_data
        name, facts = given[f"example{number}_name"], given[f"example{number}_facts"]
        evidence = given[f"example{number}_evidence"].replace(",", " ").split()
        answer = given[f"example{number}_answer"]
        if not (name or facts or evidence or answer):
            return None
        expect = given[f"example{number}_expect"] or "hit"
        return {
            "name": name,
            "expect": expect,
            "facts": facts,
            "evidence": evidence,
            "answer": answer,
        }


class ListingForm(forms.Form):
    """Which listing an item is tried on."""

    listing = forms.CharField(
        label=gettext_lazy("Try it on a listing"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A product's code, its address, or words of its title."),
    )


def facts_of_lines(text: str) -> dict[str, Any]:
    """Return the facts that a text states, `product.form = "report"` on each line.

    Raises:
        ValidationError: with the line that cannot be read.
    """
    facts: dict[str, Any] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        path, sign, value = line.partition("=")
        try:
            if not sign:
                raise ValueError
            facts[path.strip()] = json.loads(value)
        except (ValueError, RecursionError):
            said = _('line %(n)s: write it like product.form = "report", or = null for unknown')
            raise forms.ValidationError(said % {"n": number}) from None
    return facts


def lines_of_facts(facts: Mapping[str, Any]) -> str:
    """Return facts as text, one a line."""
    return "\n".join(
        f"{path} = {json.dumps(value, ensure_ascii=False)}" for path, value in facts.items()
    )


def _initial(item: Mapping[str, Any]) -> dict[str, Any]:
    values = {
        name: value for name, value in item.items() if name not in ("sources", "examples", "covers")
    }
    values["covers"] = " ".join(item.get("covers", ()))
    for number, source in enumerate(item.get("sources", ())):
        values |= {f"source{number}_{name}": value for name, value in source.items()}
    for number, example in enumerate(item.get("examples", ())):
        values |= {f"example{number}_{name}": value for name, value in example.items()}
        values[f"example{number}_facts"] = lines_of_facts(example.get("facts", {}))
        values[f"example{number}_evidence"] = " ".join(example.get("evidence", ()))
    return values


def _count(posted: Any, entry: str, held: int, spare: int) -> int:
    """Return how many rows a form has: as many as were posted, else those held and some spare."""
    if posted is None:
        return min(held + spare, MOST_ROWS)
    name = "instrument" if entry == "source" else "name"
    number = 0
    while number < MOST_ROWS and f"{entry}{number}_{name}" in posted:
        number += 1
    return number
