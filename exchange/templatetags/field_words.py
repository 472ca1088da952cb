"""What the fields of a version's content and plans are called. Invariant: one name everywhere.

The name beside a box, in a refusal and on the page of a version is the same. What the checklist
asks about has its name from the facts, so that finding and question say the same words.
"""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from compliance.facts.names import NAMES

Text = Promise | str
# The number of a plan or source is part of its path: sources[0].name.
PLACE = re.compile(r"(\w+)\[(\d+)\](?:\.(\w+))?")


@dataclass(frozen=True, slots=True)
class FieldWords:
    """The name of a field, the kind of words of its codes, and what helps to fill it in."""

    label: Text
    kind: str = ""
    help: Text = ""


# Kinds of the words of fields whose names are those of facts.
CODED = {
    "personal.categories": "personal_category",
    "personal.sensitive_kinds": "sensitive_kind",
    "personal.consent_basis": "consent_basis",
}
# What one of a repeated part is called.
ENTRIES: dict[str, Text] = {
    "dictionary": _("Field"),
    "sources": _("Source"),
    "allocation": _("Line"),
    "rights": _("Right"),
    "plans": _("Plan"),
}

FIELDS: dict[str, FieldWords] = {
    "title": FieldWords(_("Title")),
    "title.zh": FieldWords(_("Title in Chinese")),
    "title.en": FieldWords(_("Title in English"), "", _("One of the two is needed.")),
    "summary": FieldWords(_("Summary")),
    "summary.zh": FieldWords(_("Summary in Chinese")),
    "summary.en": FieldWords(
        _("Summary in English"),
        "",
        _("Two or three sentences: what is in it, and what it is good for."),
    ),
    "description": FieldWords(_("Description")),
    "description.zh": FieldWords(_("Description in Chinese")),
    "description.en": FieldWords(
        _("Description in English"),
        "",
        _("The checklist reads it: how the data came about, and what is not in it."),
    ),
    "industry": FieldWords(_("Industry"), "", _("Section or division of GB/T 4754.")),
    "topic": FieldWords(_("Topic")),
    "grade": FieldWords(_("Grade"), "grade"),
    "grade_level": FieldWords(_("Sub-level of general data"), "", _("From 1 to 4.")),
    "grade_determined_by": FieldWords(_("Grade settled by"), "determined_by"),
    "form": FieldWords(_("Form"), "form"),
    "dictionary": FieldWords(_("Dictionary")),
    "dictionary[].name": FieldWords(_("Name")),
    "dictionary[].type": FieldWords(_("Type")),
    "dictionary[].meaning": FieldWords(_("Meaning")),
    "dictionary[].sensitivity": FieldWords(_("Sensitivity"), "sensitivity"),
    "coverage": FieldWords(_("Coverage")),
    "coverage.time_from": FieldWords(_("Data from")),
    "coverage.time_to": FieldWords(_("Data to")),
    "coverage.regions": FieldWords(_("Regions"), "", _("One a line.")),
    "update_frequency": FieldWords(_("Updated"), "frequency"),
    "volume": FieldWords(_("Volume")),
    "volume.records": FieldWords(_("Number of records")),
    "volume.bytes": FieldWords(_("Size in bytes")),
    "sources": FieldWords(_("Sources")),
    "sources[].name": FieldWords(_("Name")),
    "sources[].data_class": FieldWords(_("Data class"), "data_class"),
    "sources[].origin": FieldWords(_("How you came by it"), "origin"),
    "sources[].legal_basis": FieldWords(_("Legal basis"), "legal_basis"),
    "sources[].holder": FieldWords(_("Holder of the data")),
    "sources[].resale_forbidden": FieldWords(_("The contract limits resale")),
    "sources[].disputed": FieldWords(_("Its title is disputed")),
    "sources[].raw": FieldWords(_("Raw public data")),
    "sources[].opened": FieldWords(_("Opened to the public by its organ")),
    "sources[].upstream": FieldWords(
        _("Made from this product here"),
        help=_("Its code, such as DP-000123. You then offer no more than it permits."),
    ),
    "personal": FieldWords(_("Personal data")),
    "special": FieldWords(_("Special questions")),
    "permitted_use": FieldWords(_("Permitted use")),
    "permitted_use.purposes": FieldWords(_("Purposes"), "purpose"),
    "permitted_use.territories": FieldWords(
        _("Territories"),
        "territory",
        _("Codes with spaces between: CN the mainland, CN-SH Shanghai, HK, SG; * is anywhere."),
    ),
    "permitted_use.redistribution": FieldWords(_("Passing on permitted")),
    "permitted_use.derivation": FieldWords(_("Derived products permitted")),
    "permitted_use.term_days": FieldWords(_("Longest term in days")),
    "permitted_use.buyer_types": FieldWords(
        _("Kinds of buyer"), "buyer_type", _("None ticked: any kind may buy.")
    ),
    "delivery_modes": FieldWords(_("Delivery"), "delivery_mode"),
    "allocation": FieldWords(_("Who gets what")),
    "allocation[].beneficiary": FieldWords(_("Who gets it")),
    "allocation[].other": FieldWords(_("Or another, by its registry number")),
    "allocation[].role": FieldWords(_("For what"), "allocation_role"),
    "allocation[].share_bp": FieldWords(_("Share in %")),
    "allocation[].fixed_minor": FieldWords(_("Fixed amount")),
    "allocation[].cap_minor": FieldWords(_("At most")),
    "allocation[].priority": FieldWords(_("Priority")),
    "allocation[].remainder": FieldWords(_("Takes the rest")),
    "rights": FieldWords(_("Rights it rests on")),
    "plans": FieldWords(_("Price plans")),
    "plans[].code": FieldWords(_("Code"), "", _("Capital letters, digits and hyphens: P1.")),
    "plans[].title": FieldWords(_("Name")),
    "plans[].kind": FieldWords(_("Priced"), "plan_kind"),
    "plans[].offer_mode": FieldWords(_("How it is concluded"), "offer_mode"),
    "plans[].price_minor": FieldWords(
        _("Price"), "", _("As 1200.00: of the whole, of a period, or of so many units.")
    ),
    "plans[].currency": FieldWords(_("Currency")),
    "plans[].unit": FieldWords(_("Unit"), "unit"),
    "plans[].per_count": FieldWords(
        _("Price is for so many units"), "", _("A price finer than a fen: state it for 100 units.")
    ),
    "plans[].minimum_count": FieldWords(_("Smallest order, in units")),
    "plans[].period_days": FieldWords(_("Period in days"), "", _("Of a subscription.")),
    "plans[].tiers": FieldWords(
        _("Tiers"),
        "",
        _("One a line, from which unit on and at what price: 1001 0.80."),
    ),
    "plans[].seats": FieldWords(_("Seats"), "", _("Nothing: any number of buyers.")),
    "plans[].exclusive": FieldWords(_("To one buyer alone")),
    # What the forms beside the draft ask for.
    "supplier_id": FieldWords(_("Supplier")),
    "holder_id": FieldWords(_("Holder")),
    "certificate_code": FieldWords(_("Certificate code")),
    "valid_from": FieldWords(_("Valid from")),
    "valid_until": FieldWords(_("Valid until")),
    "file": FieldWords(_("File")),
    "note": FieldWords(_("Note")),
    "statements": FieldWords(_("Statements")),
}


def words_of_field(path: str) -> FieldWords:
    """Return the words of a field; what only the facts name has its name from them."""
    general = re.sub(r"\[\d+\]", "[]", path)
    if general in FIELDS:
        return FIELDS[general]
    english, chinese = NAMES.get(general.replace("contains", "declared"), (path, path))
    here = chinese if (get_language() or "").startswith("zh") else english
    return FieldWords(capfirst(here), CODED.get(general, ""))


def label_of(path: str) -> str:
    """Return what a refusal or a page calls the field at `path`: "Source 1 · Name"."""
    found = PLACE.fullmatch(path)
    if found is None:
        return str(words_of_field(path).label)
    entry, number, name = found.groups()
    label = f"{ENTRIES.get(entry, entry)} {int(number) + 1}"
    return f"{label} · {words_of_field(f'{entry}[].{name}').label}" if name else label
