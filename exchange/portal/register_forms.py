"""The forms of the register, one a kind of entry. Invariant: only fields that it can have."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.facts import ZONE_LIST_PARTS
from compliance.models import RegisterKind
from compliance.models.exports import ANSWERS, OF_A_PRODUCT
from compliance.services import Entry
from compliance.services.exports import ROUTES
from exchange.portal.forms import MOST_COUNT, KeyedForm, day_field

SAID = {
    "yes": gettext_lazy("yes"),
    "no": gettext_lazy("no"),
    "in": gettext_lazy("in a zone"),
    "none": gettext_lazy("in no zone"),
    "counted": gettext_lazy("counted"),
    "not_covered": gettext_lazy("the list does not cover its field"),
    "outside": gettext_lazy("covered, not on the list"),
    "on_list": gettext_lazy("on the list"),
}
PATHS = {
    "free_with_duties": gettext_lazy("no approval; notice, consent and assessment remain"),
    "standard_contract_or_certification": gettext_lazy("standard contract or certification"),
    "security_assessment": gettext_lazy("security assessment"),
}
PARTS = {
    "strategic_commodities": gettext_lazy("strategic commodities"),
    "natural_resources": gettext_lazy("natural resources"),
    "industry": gettext_lazy("manufacturing"),
    "finance": gettext_lazy("finance"),
    "statistics": gettext_lazy("statistics"),
    "information_dissemination": gettext_lazy("dissemination of information"),
    "housing_construction": gettext_lazy("housing and construction"),
    "transport": gettext_lazy("transport"),
    "public_health": gettext_lazy("public health"),
    "public_security": gettext_lazy("public security"),
    "internet_commerce": gettext_lazy("internet and commerce"),
    "science_technology": gettext_lazy("science and technology"),
    "personal_information": gettext_lazy("personal information"),
}


def says(entry: Any) -> str:
    """Return what an entry says, in the reader's words."""
    if entry.kind == RegisterKind.EXPORTS_ELSEWHERE:
        return _("%(n)s persons, and %(s)s of sensitive information") % {
            "n": f"{entry.persons:,}",
            "s": f"{entry.sensitive_persons:,}",
        }
    parts = [str(SAID[entry.answer]), entry.zone]
    parts += [str(PATHS.get(entry.route, entry.route))]
    parts += [str(PARTS.get(part, part)) for part in entry.parts]
    return " · ".join(part for part in parts if part)


class RegisterForm(KeyedForm):
    """One entry of a register: what it says, for which days, and what it rests on."""

    kind = forms.CharField(widget=forms.HiddenInput, max_length=24)
    answer = forms.ChoiceField(label=gettext_lazy("What the register says"))
    product = forms.ChoiceField(label=gettext_lazy("Product"))
    zone = forms.RegexField(
        r"^CN-[A-Z]{2}$",
        label=gettext_lazy("Zone"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("Its code, such as CN-SH, where it is in one."),
    )
    route = forms.ChoiceField(
        label=gettext_lazy("Path that the list names"),
        choices=[("", gettext_lazy("not on the list"))] + [(one, PATHS[one]) for one in ROUTES],
        required=False,
    )
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("Parts of the list"),
        choices=[(one, PARTS[one]) for one in ZONE_LIST_PARTS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    persons = forms.IntegerField(
        label=gettext_lazy("Persons"), min_value=0, max_value=MOST_COUNT, initial=0
    )
    sensitive_persons = forms.IntegerField(
        label=gettext_lazy("Persons of sensitive information"),
        min_value=0,
        max_value=MOST_COUNT,
        initial=0,
        help_text=gettext_lazy("Of this year, by other ways than this venue."),
    )
    valid_from = day_field(gettext_lazy("Holds from"))
    valid_until = day_field(
        gettext_lazy("Holds no more from"),
        required=False,
        help_text=gettext_lazy("Nothing: until another entry takes its place."),
    )
    basis = forms.CharField(
        label=gettext_lazy("What it rests on"),
        max_length=500,
        help_text=gettext_lazy("The register, the notice or the statement, with its date."),
    )

    def __init__(
        self, *given: Any, kind: str, products: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.kind_ = kind
        self.fields["answer"].choices = [(one, SAID[one]) for one in ANSWERS[kind]]  # type: ignore[attr-defined]
        self.fields["product"].choices = products  # type: ignore[attr-defined]
        for name in _without(kind):
            del self.fields[name]

    def entry(self) -> Entry:
        """Return what was entered."""
        given = self.cleaned_data
        product = given.get("product")
        first: date = given["valid_from"]
        return Entry(
            kind=self.kind_,
            answer=given["answer"],
            basis=given["basis"],
            valid_from=first,
            valid_until=given.get("valid_until"),
            product_id=UUID(product) if product else None,
            zone=given.get("zone", ""),
            route=given.get("route", ""),
            parts=tuple(given.get("parts", ())),
            persons=given.get("persons"),
            sensitive_persons=given.get("sensitive_persons"),
        )


def _without(kind: str) -> list[str]:
    """Return the fields that an entry of this kind cannot have."""
    absent = [] if kind in OF_A_PRODUCT else ["product"]
    if kind != RegisterKind.ZONE:
        absent.append("zone")
    if kind != RegisterKind.ZONE_LIST:
        absent += ["route", "parts"]
    if kind != RegisterKind.EXPORTS_ELSEWHERE:
        absent += ["persons", "sensitive_persons"]
    return absent
