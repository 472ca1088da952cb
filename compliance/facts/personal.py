"""Facts about personal information. Invariant: a bare no of the vendor never makes one false.

What shows in classes, dictionary and scan is put together with what the vendor states; the
groups of categories and their numbers are those of 法释〔2017〕10号 art. 5.
"""

from compliance.facts import vocabulary as v
from compliance.facts.listing import (
    PersonalFacts,
    ScanFacts,
    SourceFacts,
    TextFacts,
)
from compliance.facts.reading import Answer, Document, answer, number, one_of, part, some_of

_SENSITIVE_BY_CATEGORY = {
    "whereabouts": "whereabouts",
    "health": "health",
    "biometric": "biometric",
}
_SENSITIVE_BY_SCAN = {
    "bank_card": "financial_account",
    "biometric": "biometric",
    "genetic": "genetic",
    "health": "health",
    "religion": "religious_belief",
    "gps_track": "whereabouts",
    "minor": "minor_under_14",
}


def personal_facts(
    content: Document,
    *,
    sources: SourceFacts,
    text: TextFacts,
    scan: ScanFacts,
) -> PersonalFacts:
    """Return what is known about personal information in the version."""
    stated = part(content, "personal")
    present = _present(stated, sources, text, scan)
    categories = some_of(stated, "categories", v.PERSONAL_CATEGORIES) or None
    if categories is None and present is False:
        categories = ()
    kinds = _sensitive_kinds(stated, categories, scan)
    counted = _records(content, stated, scan)
    basis = one_of(stated, "consent_basis", v.CONSENT_BASES)
    return PersonalFacts(
        declared=answer(stated, "contains"),
        present=present,
        subjects_count=0 if present is False else number(stated, "subjects_count"),
        categories=categories,
        sensitive_kinds=kinds,
        sensitive=_sensitive(kinds, text),
        minors=_minors(stated, present, kinds),
        consent_basis=basis,
        basis_valid=_basis_valid(basis, answer(stated, "anonymised")),
        anonymised=answer(stated, "anonymised"),
        identifies_alone=_identifies_alone(stated, present, text, scan),
        grave_count=_group_count(counted, present, categories, v.GRAVE_CATEGORIES),
        serious_count=_group_count(counted, present, categories, v.SERIOUS_CATEGORIES),
        other_count=0 if present is False else counted,
    )


def _present(stated: Document, sources: SourceFacts, text: TextFacts, scan: ScanFacts) -> Answer:
    shows = (
        answer(stated, "contains") is True
        or bool(some_of(stated, "categories", v.PERSONAL_CATEGORIES))
        or bool(some_of(stated, "sensitive_kinds", v.SENSITIVE_KINDS))
        or bool(text.personal_fields)
        or bool(set(scan.kinds or ()) & set(v.PERSONAL_SCAN_KINDS))
        or sources.any_personal is True
    )
    if shows:
        return True
    return False if sources.any_personal is False and scan.kinds is not None else None


def _sensitive_kinds(
    stated: Document, categories: tuple[str, ...] | None, scan: ScanFacts
) -> tuple[str, ...] | None:
    """Return the kinds; None if there may be some that nobody has named."""
    found = set(some_of(stated, "sensitive_kinds", v.SENSITIVE_KINDS))
    found |= {_SENSITIVE_BY_CATEGORY.get(one, "") for one in categories or ()}
    found |= {_SENSITIVE_BY_SCAN.get(one, "") for one in scan.kinds or ()}
    if answer(stated, "minors") is True:
        found.add("minor_under_14")
    kinds = tuple(kind for kind in v.SENSITIVE_KINDS if kind in found)
    return kinds if kinds or categories is not None else None


def _sensitive(kinds: tuple[str, ...] | None, text: TextFacts) -> Answer:
    if kinds or text.sensitive_fields:
        return True
    return None if kinds is None else False


def _minors(stated: Document, present: Answer, kinds: tuple[str, ...] | None) -> Answer:
    if "minor_under_14" in (kinds or ()):
        return True
    return False if present is False else answer(stated, "minors")


def _basis_valid(basis: str | None, anonymised: Answer) -> Answer:
    """Say whether a provision is lawful on its face; what the evidence shows is for the lifts.

    Who claims that the data are anonymised beyond restoring needs no basis (法释〔2017〕10号 art. 3).
    """  # noqa: E501
    if anonymised is True:
        return True
    return None if basis is None else basis != "none"


def _identifies_alone(
    stated: Document, present: Answer, text: TextFacts, scan: ScanFacts
) -> Answer:
    shown = set(scan.kinds or ()) & set(v.IDENTIFYING_KINDS)
    if shown or (text.personal_fields and text.identifying_names):
        return True
    return False if present is False else answer(stated, "identifies_alone")


def _records(content: Document, stated: Document, scan: ScanFacts) -> int | None:
    """Return the largest number of personal records that anything counts."""
    counts = [number(stated, "subjects_count"), number(part(content, "volume"), "records")]
    if scan.kinds:
        counts.append(scan.rows)
    return max((count for count in counts if count is not None), default=None)


def _group_count(
    counted: int | None,
    present: Answer,
    categories: tuple[str, ...] | None,
    group: tuple[str, ...],
) -> int | None:
    if present is False:
        return 0
    if categories is None:
        return None
    return counted if set(categories) & set(group) else 0
