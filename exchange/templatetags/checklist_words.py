"""The words of checklists. Invariant: a code has one word, and a field of an item one name."""

import re

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.templatetags.content_words import Words

LISTS: Words = {
    "negative": _("Negative list"),
    "caution": _("Caution list"),
    "export": _("Export list of a zone"),
}
SCOPES: Words = {
    "listing": pgettext_lazy("scope", "Listing"),
    "order": pgettext_lazy("scope", "Order"),
    "export": pgettext_lazy("scope", "Leaving the mainland"),
    "price": pgettext_lazy("scope", "Price"),
    "party": pgettext_lazy("scope", "Parties"),
    "use": pgettext_lazy("scope", "Use"),
    "registration": pgettext_lazy("scope", "Registration"),
    "conduct": pgettext_lazy("scope", "Conduct"),
    "platform": pgettext_lazy("scope", "The venue itself"),
}
KINDS: Words = {
    "rule": _("Rule, decided by facts"),
    "attestation": _("Question, answered by a person"),
}
ASKED_OF: Words = {
    "reviewer": _("A reviewer, of each version"),
    "venue": _("The venue, once a year"),
}
BASES: Words = {"law": _("Law in force"), "venue_rule": _("Rule of the venue")}
FORCES: Words = {"in_force": _("In force"), "venue_rule": _("Lapsed or a draft")}
EXPECTATIONS: Words = {
    "hit": _("hits"),
    "clear": _("clears"),
    "unknown": _("cannot be decided"),
    "lifted": _("lifted by evidence"),
    "order": _("decided at the order"),
    "venue": _("asked of the venue"),
    "not-in-force": _("not in force today"),
}
ANSWERS: Words = {"": _("nothing said"), "yes": _("yes"), "no": _("no")}
GIVERS: Words = {"vendor": _("Vendor"), "buyer": _("Buyer"), "venue": _("Venue")}
CHANGES: Words = {"added": _("Added"), "removed": _("Removed"), "changed": _("Changed")}
FAULTS: Words = {
    "superseded": _("Another list took force meanwhile; a new trial was begun."),
    "revised": _("The list was taken back into draft."),
    "scheduled": _("The list was scheduled after an earlier trial."),
    "too-slow": _("A batch took too long. Simplify the items changed last and try again."),
    "crashed": _("The list ended the process that ran it. Simplify the items changed last."),
}

# What the fields of an item are called; a source and an example have their number before it.
FIELDS: Words = {
    "": _("The whole list"),
    "document": _("Document"),
    "items": _("Items"),
    "facts_version": _("Version of the facts"),
    "code": pgettext_lazy("item", "Code"),
    "list": _("List"),
    "category": _("Category"),
    "severity": _("Severity"),
    "scope": _("Scope"),
    "kind": pgettext_lazy("item", "Kind"),
    "asked_of": _("Who is asked"),
    "title_en": _("Title in English"),
    "title_zh": _("Title in Chinese"),
    "question_en": _("Question in English"),
    "question_zh": _("Question in Chinese"),
    "exit_path_en": _("Way out in English"),
    "exit_path_zh": _("Way out in Chinese"),
    "when": _("Condition"),
    "lift": _("What lifts it"),
    "evidence": _("Evidence"),
    "asks": _("Answers it rests on"),
    "rests_on": _("Whom its facts come from"),
    "refusal": _("Code of the refusal"),
    "zone": _("Zone"),
    "territory": _("Territory"),
    "valid_from": _("First day"),
    "valid_to": _("Last day"),
    "basis": _("Basis"),
    "note_en": _("Why it is a rule of the venue, in English"),
    "note_zh": _("Why it is a rule of the venue, in Chinese"),
    "always_known_en": _("Why no fact of it can be unknown, in English"),
    "always_known_zh": _("Why no fact of it can be unknown, in Chinese"),
    "covers": _("Rows of the reference list"),
    "sources": _("Sources"),
    "examples": _("Examples"),
    "instrument": _("Instrument"),
    "version": pgettext_lazy("instrument", "Version"),
    "article": _("Article"),
    "quote": _("Quoted words"),
    "force": _("Force"),
    "name": pgettext_lazy("example", "Case"),
    "expect": _("It has to come to"),
    "facts": _("Facts, one a line"),
    "answer": pgettext_lazy("example", "Answer"),
    "en": _("Wording in English"),
    "zh": _("Wording in Chinese"),
    "by": _("Who can give it"),
    "key": pgettext_lazy("evidence", "Key"),
}
_NUMBERED = re.compile(r"(sources|examples)\.(\d+)(?:\.(\w+))?")
_ENTRIES: Words = {"sources": _("Source"), "examples": _("Example")}


def item_field(path: str) -> str:
    """Return what a field of an item is called: `examples.0.facts` is Example 1 · Facts."""
    path = path.partition(":")[0]
    found = _NUMBERED.fullmatch(path)
    if found is not None:
        entry, number, name = found.groups()
        label = f"{_ENTRIES[entry]} {int(number) + 1}"
        return f"{label} · {FIELDS.get(name, name)}" if name else label
    entry, _dot, name = path.partition(".")
    if entry in FIELDS and name:
        return f"{FIELDS[entry]} · {name}"
    return str(FIELDS.get(path, path))
