"""Facts about personal information. Invariant: a bare no of the vendor never makes one false.

What shows in classes, dictionary and scan is put together with what the vendor states. Where a
consent, basis or anonymisation record is bound to the version, it speaks in the place of the
vendor's own answer. The groups of categories and their numbers: 法释〔2017〕10号 art. 5.
"""

from compliance.facts import vocabulary as v
from compliance.facts.fields import MOST_COUNT
from compliance.facts.listing import (
    PersonalFacts,
    ScanFacts,
    SourceFacts,
    TextFacts,
)
from compliance.facts.reading import (
    Answer,
    Document,
    answer,
    either,
    number,
    one_of,
    part,
    some_of,
)
from compliance.facts.records import (
    NO_RECORDS,
    Coverage,
    Records,
    coverage,
    persons_count,
    portions_of,
    withdrawn,
)

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
    records: Records = NO_RECORDS,
) -> PersonalFacts:
    """Return what is known about personal information in the version."""
    stated = part(content, "personal")
    present = _present(stated, sources, text, scan, records)
    categories = _categories(stated, present, records)
    kinds = _sensitive_kinds(stated, categories, scan, records)
    counted = _records(content, stated, scan, records)
    carried = carried_by(content, records)
    basis = one_of(stated, "consent_basis", v.CONSENT_BASES)
    if carried is not None:
        basis = carried.basis or "none"
    anonymised = _anonymised(stated, records)
    grave, serious, weighed = _counts(counted, present, categories, records)
    gone = withdrawn(records)
    return PersonalFacts(
        declared=answer(stated, "contains"),
        present=present,
        subjects_count=_subjects_count(stated, present, records),
        categories=categories,
        sensitive_kinds=kinds,
        sensitive=_sensitive(kinds, text),
        minors=_minors(stated, present, kinds, records),
        consent_basis=basis,
        basis_valid=_basis_valid(basis, anonymised, answer(stated, "anonymised")),
        anonymised=anonymised,
        identifies_alone=_identifies_alone(stated, present, text, scan),
        in_duty=_in_duty(present, sources, records),
        grave_count=grave,
        serious_count=serious,
        other_count=0 if present is False else counted,
        weighed_count=weighed,
        withdrawn_purposes=gone.purposes,
        withdrawn_recipients=gone.recipients,
    )


def carried_by(content: Document, records: Records) -> Coverage | None:
    """Return how far the basis records carry what the version permits; None without any."""
    use = part(content, "permitted_use")
    purposes = some_of(use, "purposes", v.PURPOSES)
    return coverage(records, purposes, some_of(use, "buyer_types", v.ORGANISATION_KINDS))


def _present(
    stated: Document, sources: SourceFacts, text: TextFacts, scan: ScanFacts, records: Records
) -> Answer:
    shows = (
        bool(records.bases)
        or answer(stated, "contains") is True
        or bool(some_of(stated, "categories", v.PERSONAL_CATEGORIES))
        or bool(some_of(stated, "sensitive_kinds", v.SENSITIVE_KINDS))
        or bool(text.personal_fields)
        or bool(set(scan.kinds or ()) & set(v.PERSONAL_SCAN_KINDS))
        or sources.any_personal is True
    )
    if shows:
        return True
    return False if sources.any_personal is False and scan.kinds is not None else None


def _categories(stated: Document, present: Answer, records: Records) -> tuple[str, ...] | None:
    """Return what records and vendor name together: neither takes away what the other says."""
    named = set(some_of(stated, "categories", v.PERSONAL_CATEGORIES))
    named |= {category for one in records.bases for category in one.categories}
    if named:
        return tuple(one for one in v.PERSONAL_CATEGORIES if one in named)
    return () if present is False else None


def _subjects_count(stated: Document, present: Answer, records: Records) -> int | None:
    if present is False:
        return 0
    return persons_count(records) if records.bases else number(stated, "subjects_count")


def _sensitive_kinds(
    stated: Document, categories: tuple[str, ...] | None, scan: ScanFacts, records: Records
) -> tuple[str, ...] | None:
    """Return the kinds; None if there may be some that nobody has named."""
    found = set(some_of(stated, "sensitive_kinds", v.SENSITIVE_KINDS))
    found |= {kind for one in records.bases for kind in one.named_kinds}
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


def _minors(
    stated: Document, present: Answer, kinds: tuple[str, ...] | None, records: Records
) -> Answer:
    if "minor_under_14" in (kinds or ()):
        return True
    if present is False:
        return False
    return any(one.minors for one in records.bases) if records.bases else answer(stated, "minors")


def _anonymised(stated: Document, records: Records) -> Answer:
    """Return whether a test bears the claim out; the vendor's bare yes is not enough."""
    if records.anonymised:
        return True
    said = answer(stated, "anonymised")
    return False if records.claims or said is False else None


def _basis_valid(basis: str | None, anonymised: Answer, claimed: Answer) -> Answer:
    """Say whether a provision is lawful on its face; what the evidence shows is for the lifts.

    Data that are anonymised beyond restoring need no basis (法释〔2017〕10号 art. 3). While such a
    claim is only stated, without a test on record, nobody knows whether a basis is needed.
    """
    if anonymised is True:
        return True
    if basis is not None and basis != "none":
        return True
    if anonymised is None and claimed is True:
        return None
    return None if basis is None else False


def _in_duty(present: Answer, sources: SourceFacts, records: Records) -> Answer:
    """Return whether it was obtained in performing a duty or providing a service (art. 5(1)(8))."""
    if present is False:
        return False
    if any(one.in_duty for one in records.bases):
        return True
    return either(sources.any_entrusted, sources.any_shared)


def _identifies_alone(
    stated: Document, present: Answer, text: TextFacts, scan: ScanFacts
) -> Answer:
    shown = set(scan.kinds or ()) & set(v.IDENTIFYING_KINDS)
    if shown or (text.personal_fields and text.identifying_names):
        return True
    return False if present is False else answer(stated, "identifies_alone")


def _records(content: Document, stated: Document, scan: ScanFacts, records: Records) -> int | None:
    """Return the largest number of personal records that anything counts."""
    counts = [number(stated, "subjects_count"), number(part(content, "volume"), "records")]
    if scan.kinds:
        counts.append(scan.rows)
    if records.bases:
        counts.append(persons_count(records))
    return max((count for count in counts if count is not None), default=None)


def _counts(
    counted: int | None,
    present: Answer,
    categories: tuple[str, ...] | None,
    records: Records,
) -> tuple[int | None, int | None, int | None]:
    """Return the grave and the serious records, and all of them weighed against 5,000.

    Where a record counts persons by category, each count stands for itself. What nothing tells
    apart is about all categories at once; weighed, it counts once, by its gravest kind, pro rata
    (法释〔2017〕10号 art. 5(1)(6)).
    """
    if present is False:
        return 0, 0, 0
    if categories is None or counted is None:
        nothing = 0 if categories is not None else None
        grave = counted if set(categories or ()) & set(v.GRAVE_CATEGORIES) else nothing
        serious = counted if set(categories or ()) & set(v.SERIOUS_CATEGORIES) else nothing
        return grave, serious, None
    portions = list(portions_of(records))
    rest = counted - sum(count for count, _ in portions)
    if rest > 0:
        portions.append((rest, frozenset(categories)))
    grave = sum(count for count, named in portions if named & _GRAVE)
    serious = sum(count for count, named in portions if named & _SERIOUS)
    weighed = sum(count * _weight(named) for count, named in portions)
    return grave, serious, min(weighed, MOST_COUNT)


_GRAVE, _SERIOUS = frozenset(v.GRAVE_CATEGORIES), frozenset(v.SERIOUS_CATEGORIES)


def _weight(named: frozenset[str]) -> int:
    """Return how much a record weighs against 5,000: 5,000 / 50, 5,000 / 500 or one."""
    if named & _GRAVE:
        return v.OTHER_RECORDS // v.GRAVE_RECORDS
    return v.OTHER_RECORDS // v.SERIOUS_RECORDS if named & _SERIOUS else 1
