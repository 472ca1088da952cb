"""What a holder of personal data fills in: consents and bases, assessments, anonymisation claims.

Invariant: a form checks shapes; a service decides. No field asks for a single person's data.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.portal.forms import MOST_COUNT, KeyedForm
from exchange.portal.vendor_forms import DayForm
from exchange.templatetags.content_words import (
    BUYER_TYPES,
    PERSONAL_CATEGORIES,
    PURPOSES,
    SENSITIVE_KINDS,
    Words,
)
from exchange.templatetags.trading_words import (
    ANONYMISATIONS,
    CONSENT_CHANNELS,
    PROCESSING_BASES,
    RISKS,
)

Choices = Iterable[tuple[str, str]]


def _several(label: Any, words: Words, **more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(words.items()), widget=forms.CheckboxSelectMultiple, **more
    )


def _yes_no(label: Any, **more: Any) -> forms.ChoiceField:
    answers = [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]
    return forms.ChoiceField(label=label, choices=answers, widget=forms.RadioSelect, **more)


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


def _long(label: Any, most: int, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, widget=widget, max_length=most, **more)


class RecordForm(KeyedForm):
    """What every record has: its file, and the versions that are to rest on it."""

    file = forms.FileField(label=gettext_lazy("Proof or report"), required=False)
    versions = forms.MultipleChoiceField(
        label=gettext_lazy("Versions that rest on it"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("For good: other data are another version."),
    )

    def __init__(self, *given: Any, versions: Choices, **more: Any) -> None:
        super().__init__(*given, **more)
        self._choose("versions", versions)

    def _choose(self, name: str, choices: Choices) -> None:
        """Offer the choices, or leave the field out where there are none."""
        offered = list(choices)
        self.fields[name].choices = offered  # type: ignore[attr-defined]
        if not offered:
            self.fields[name].widget = forms.MultipleHiddenInput()

    def field_at(self, path: str) -> str:
        """Return the field of a path: what is within `test` stands in the form itself."""
        named = {"test.method": "test_method", "version_ids": "versions"}
        return named.get(path) or super().field_at(path.removeprefix("test."))


class BasisForm(RecordForm, DayForm):
    """A consent of a class of persons, or another basis, per purpose and kind of recipient."""

    basis = forms.ChoiceField(label=gettext_lazy("Basis"), choices=list(PROCESSING_BASES.items()))
    persons = _long(
        gettext_lazy("Who the persons are"),
        500,
        help_text=gettext_lazy("A class, such as members since 2025. Name nobody."),
    )
    persons_count = forms.IntegerField(
        label=gettext_lazy("How many persons"), min_value=1, max_value=MOST_COUNT
    )
    categories = _several(gettext_lazy("What it is about"), PERSONAL_CATEGORIES)
    sensitive_kinds = _several(
        gettext_lazy("Sensitive kinds"),
        {code: word for code, word in SENSITIVE_KINDS.items() if code != "minor_under_14"},
        required=False,
        help_text=gettext_lazy("They need a separate consent (PIPL art. 29)."),
    )
    purposes = _several(
        gettext_lazy("For which purposes"),
        PURPOSES,
        help_text=gettext_lazy("Those that the persons said yes to. All of them is no consent."),
    )
    recipient_kinds = _several(
        gettext_lazy("Provided to which kinds of recipient"),
        BUYER_TYPES,
        help_text=gettext_lazy("Those that the persons were told of. All of them is no consent."),
    )
    separate = _yes_no(
        gettext_lazy("Asked for separately"),
        help_text=gettext_lazy(
            "By itself and apart from all other terms, as providing data to others asks for (PIPL "
            "art. 23)."
        ),
    )
    minors = _yes_no(gettext_lazy("Persons under 14 are among them"))
    guardian = forms.BooleanField(
        label=gettext_lazy("Their parents or guardians consented (PIPL art. 31)"), required=False
    )
    refused_without = _yes_no(
        gettext_lazy("Whoever says no is refused the service"),
        help_text=gettext_lazy("Then it is a forced consent, which is none (PIPL art. 16)."),
    )
    obtained_by = forms.ChoiceField(
        label=gettext_lazy("How it was obtained"), choices=list(CONSENT_CHANNELS.items())
    )
    obtained_from = _day(gettext_lazy("Obtained from"))
    obtained_until = _day(gettext_lazy("Obtained until"))
    in_duty = _yes_no(
        gettext_lazy("Obtained in performing a duty or providing a service"),
        help_text=gettext_lazy("Without a basis the criminal thresholds are then half as high."),
    )
    notice = forms.CharField(
        label=gettext_lazy("Collection notice"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Where it stands, and its version. A consent needs one."),
    )
    wording = _long(
        gettext_lazy("Words that were said yes to"),
        4000,
        required=False,
        help_text=gettext_lazy("As they stood. They are kept with their hash, and not published."),
    )
    law = forms.CharField(
        label=gettext_lazy("Provision of law"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Where it is no consent: the instrument and article."),
    )
    trustee = forms.ChoiceField(
        label=gettext_lazy("Trustee"),
        required=False,
        help_text=gettext_lazy(
            "Who stands for these persons. It reads the record, and may withdraw it for them."
        ),
    )
    former = forms.ChoiceField(
        label=gettext_lazy("Renews"),
        required=False,
        help_text=gettext_lazy("The record of the same persons that this one takes the place of."),
    )
    field_order = (
        *("basis", "persons", "persons_count", "categories", "sensitive_kinds", "purposes"),
        *("recipient_kinds", "separate", "refused_without", "minors", "guardian", "obtained_by"),
        *("obtained_from", "obtained_until", "in_duty", "notice", "wording", "law", "file"),
        *("valid_until", "trustee", "former", "versions"),
    )

    def __init__(self, *given: Any, trustees: Choices, formers: Choices, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["file"].label = _("Proof")
        for name, choices in (("trustee", trustees), ("former", formers)):
            self.fields[name].choices = [("", _("None")), *choices]  # type: ignore[attr-defined]

    def terms(self) -> dict[str, Any]:
        """Return what the service takes as the terms."""
        said = self.cleaned_data
        named = (
            *("basis", "persons", "persons_count", "categories", "sensitive_kinds", "purposes"),
            *("recipient_kinds", "guardian", "obtained_by", "obtained_from", "obtained_until"),
            *("notice", "wording", "law"),
        )
        answers = {
            name: said[name] == "yes"
            for name in ("separate", "minors", "refused_without", "in_duty")
        }
        return {**{name: said[name] for name in named}, **answers, "counts": {}}


class AssessmentForm(RecordForm):
    """An impact assessment, made before data are provided (PIPL art. 55 and 56)."""

    assessed_on = _day(gettext_lazy("Day of the assessment"))
    scope = _long(gettext_lazy("What was assessed"), 1000)
    purposes = _several(gettext_lazy("For which purposes"), PURPOSES)
    risk = forms.ChoiceField(label=gettext_lazy("Risk that is left"), choices=list(RISKS.items()))
    measures = _long(gettext_lazy("Measures"), 2000)
    field_order = ("assessed_on", "scope", "purposes", "risk", "measures", "file", "versions")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["file"].label = _("Report")
        self.fields["file"].help_text = _("It is kept for three years at least.")
        self.fields["file"].required = True

    def terms(self) -> dict[str, Any]:
        """Return what the service takes as the terms."""
        named = ("assessed_on", "scope", "purposes", "risk", "measures")
        return {name: self.cleaned_data[name] for name in named}


_TEST = ("tested_on", "tested_by", "test_method", "attempts_count", "reidentified_count")


class AnonymisationForm(RecordForm):
    """A claim that nobody can be identified any more, with the test that bears it out."""

    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=list(ANONYMISATIONS.items()))
    description = _long(gettext_lazy("How it was done"), 2000)
    tested_on = _day(
        gettext_lazy("Day of the test"),
        required=False,
        help_text=gettext_lazy("A claim without a test of re-identification does not count."),
    )
    tested_by = forms.CharField(
        label=gettext_lazy("Who tested"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("The body, not a person by name."),
    )
    test_method = _long(gettext_lazy("How it was tested"), 1000, required=False)
    attempts_count = forms.IntegerField(
        label=gettext_lazy("Attempts"), min_value=1, max_value=MOST_COUNT, required=False
    )
    reidentified_count = forms.IntegerField(
        label=gettext_lazy("Persons re-identified"),
        min_value=0,
        max_value=MOST_COUNT,
        required=False,
        help_text=gettext_lazy("One is enough: then the claim does not count."),
    )
    field_order = ("method", "description", *_TEST, "file", "versions")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["file"].label = _("Report of the test")

    def clean(self) -> dict[str, Any]:
        """Ask for the whole of a test where a part of it is told."""
        cleaned: dict[str, Any] = super().clean() or {}
        told = [name for name in _TEST if cleaned.get(name) not in (None, "")]
        for name in _TEST:
            if told and name not in told and name not in self.errors:
                self.add_error(name, _("is needed: a test is told whole"))
        return cleaned

    def terms(self) -> dict[str, Any]:
        """Return what the service takes as the terms; no test where none is told."""
        said = self.cleaned_data
        test = {name.removeprefix("test_"): said[name] for name in _TEST}
        return {
            "method": said["method"],
            "description": said["description"],
            "test": test if said["tested_on"] else None,
        }


class BindForm(KeyedForm):
    """The version that is to rest on a record."""

    version = forms.ChoiceField(label=gettext_lazy("Version"))

    def __init__(self, *given: Any, versions: Choices, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["version"].choices = list(versions)  # type: ignore[attr-defined]


class WithdrawForm(KeyedForm):
    """The purposes and kinds of recipient that persons withdraw, and why."""

    purposes = _several(gettext_lazy("Purposes"), PURPOSES, required=False)
    recipient_kinds = _several(gettext_lazy("Kinds of recipient"), BUYER_TYPES, required=False)
    reason = _long(gettext_lazy("Reason"), 500, required=False)

    def __init__(
        self, *given: Any, purposes: Iterable[str], recipient_kinds: Iterable[str], **more: Any
    ) -> None:
        super().__init__(*given, **more)
        left = {"purposes": (PURPOSES, purposes), "recipient_kinds": (BUYER_TYPES, recipient_kinds)}
        for name, (words, codes) in left.items():
            offered = [(code, words[code]) for code in codes]
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check that something is named: the whole record has a button of its own."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("purposes") and not cleaned.get("recipient_kinds"):
            self.add_error("purposes", _("tick what is withdrawn"))
        return cleaned
