"""What a vendor fills in beside its drafts: rights, files, evidence, the declaration.

Invariant: a form checks shapes; a service decides.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from compliance.statements import Statement, Template
from exchange.portal.forms import KeyedForm, day_field
from exchange.services.handing_in import Upload
from exchange.templatetags.content_words import RIGHT_KINDS
from exchange.templatetags.countries import chinese

NO_SUCH_NUMBER = gettext_noop("No active organisation of the venue has this number.")


class DayForm(KeyedForm):
    """A form with days; `valid_until` is meant with the whole of that day."""

    valid_until = day_field(gettext_lazy("Valid until"))

    def ends_at(self) -> datetime:
        """Return the end of the last day, in the venue's zone."""
        last: date = self.cleaned_data["valid_until"]
        return start_of(last + timedelta(days=1))


def start_of(day: date) -> datetime:
    """Return when a day begins in the venue's zone."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def upload_of(file: Any) -> Upload | None:
    """Return an uploaded file as services take it; None where none was chosen."""
    if not file:
        return None
    return Upload(file, file.name or "", file.content_type or "application/octet-stream")


def given_file(file: Any) -> Upload:
    """Return the file of a form that needs one, as services take it."""
    return Upload(file, file.name or "", file.content_type or "application/octet-stream")


class RightForm(DayForm):
    """One right in data, with what proves it."""

    kind = forms.ChoiceField(label=gettext_lazy("Right"), choices=list(RIGHT_KINDS.items()))
    supplier = forms.ChoiceField(label=gettext_lazy("In whose data"))
    holder = forms.ChoiceField(label=gettext_lazy("Holder"))
    holder_number = forms.CharField(
        label=gettext_lazy("Or another holder, by its registry number"),
        max_length=64,
        required=False,
    )
    certificate_code = forms.CharField(
        label=gettext_lazy("Code of a national certificate"),
        max_length=15,
        required=False,
        help_text=gettext_lazy("SJ and 13 characters. With it no proof is needed."),
    )
    proof = forms.FileField(
        label=gettext_lazy("Proof"),
        required=False,
        help_text=gettext_lazy("A contract, an authorisation, a record of your own operations."),
    )
    valid_from = day_field(gettext_lazy("Valid from"))
    field_order = (
        *("kind", "supplier", "holder", "holder_number", "certificate_code", "proof"),
        *("valid_from", "valid_until"),
    )

    def __init__(
        self,
        *given: Any,
        organisations: list[tuple[str, str]],
        numbers: Mapping[str, str],
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        self.numbers = numbers
        for name in ("supplier", "holder"):
            self.fields[name].choices = organisations  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Let a holder that is named by its registry number be the holder."""
        cleaned: dict[str, Any] = super().clean() or {}
        number = cleaned.get("holder_number", "").strip()
        if number and number not in self.numbers:
            self.add_error("holder_number", _(NO_SUCH_NUMBER))
        elif number:
            cleaned["holder"] = self.numbers[number]
        return cleaned


class MandateForm(DayForm):
    """For whom a vendor proposes to list, with its mandate."""

    supplier = forms.CharField(
        label=gettext_lazy("Supplier, by its registry number or code"),
        max_length=80,
        help_text=gettext_lazy("It has to be admitted as supplier, and accepts before you list."),
    )
    mandate = forms.FileField(
        label=gettext_lazy("Its mandate"),
        help_text=gettext_lazy("The signed contract that lets you list its data; it can read it."),
    )
    field_order = ("supplier", "mandate", "valid_until")


class SupplierForm(KeyedForm):
    """Whose data a new product is made of."""

    supplier = forms.ChoiceField(
        label=gettext_lazy("Whose data it is"),
        help_text=gettext_lazy("Your own, or a supplier's that has given you a mandate."),
    )

    def __init__(self, *given: Any, suppliers: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["supplier"].choices = suppliers  # type: ignore[attr-defined]


class ReleaseForm(KeyedForm):
    """A file of a version, and what it is."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[
            ("sample", gettext_lazy("Sample: anyone may see it before buying; it is scanned")),
            ("data", gettext_lazy("Data: what buyers get")),
        ],
    )
    file = forms.FileField(label=gettext_lazy("File"))
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)

    def __init__(self, *given: Any, data_only: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        if data_only:
            self.fields["kind"].widget = forms.HiddenInput()
            self.fields["kind"].initial = "data"


class EvidenceForm(DayForm):
    """A piece of evidence: what it is, the file, or a note, and until when it is good."""

    evidence = forms.ChoiceField(label=gettext_lazy("Evidence"))
    file = forms.FileField(label=gettext_lazy("File"), required=False)
    report = forms.ChoiceField(
        label=gettext_lazy("Or a service provider's report"),
        required=False,
        help_text=gettext_lazy("It lifts only while its provider stands by it."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("A file or a note is needed; a file says more."),
    )
    field_order = ("evidence", "file", "report", "note", "valid_until")

    def __init__(
        self, *given: Any, kinds: list[Any], reports: Sequence[tuple[str, str]] = (), **more: Any
    ) -> None:
        super().__init__(*given, **more)
        if reports:
            none = ("", _("No report"))
            self.fields["report"].choices = [none, *reports]  # type: ignore[attr-defined]
        else:
            del self.fields["report"]
        self.fields["evidence"].choices = kinds  # type: ignore[attr-defined]
        self.fields["valid_until"].required = False
        self.fields["valid_until"].help_text = _("Nothing: it does not run out.")

    def field_at(self, path: str) -> str:
        """Return the field of a path: `key` is that of the click here."""
        return "evidence" if path == "key" else super().field_at(path)


class DeclarationForm(DayForm):
    """Every statement of the declaration, each to be assented to, for the content that is shown."""

    # Hidden, but named: the list of what is wrong names them where a program leaves them out.
    content_hash = forms.CharField(
        label=gettext_lazy("Content hash"), widget=forms.HiddenInput, max_length=64
    )
    template = forms.CharField(
        label=gettext_lazy("Declaration"), widget=forms.HiddenInput, max_length=20
    )

    def __init__(self, *given: Any, asked: Template, **more: Any) -> None:
        super().__init__(*given, **more)
        self.asked = asked
        refused = {"required": _("Tick it if it is true. One that is not true cannot be signed.")}
        for one in self.statements():
            self.fields[one.code] = forms.BooleanField(
                label=one.zh if chinese() else one.en, error_messages=refused
            )

    def statements(self) -> list[Statement]:
        """Return the statements that are asked of this content."""
        return [one for head in self.asked.heads for one in head.statements]

    def heads(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """Return each head with the boxes of its statements."""
        return tuple(
            (
                head.title_zh if chinese() else head.title_en,
                tuple(self[one.code] for one in head.statements),
            )
            for head in self.asked.heads
        )

    def assented(self) -> list[str]:
        """Return the codes of the statements that were ticked."""
        return [one.code for one in self.statements() if self.cleaned_data.get(one.code)]
