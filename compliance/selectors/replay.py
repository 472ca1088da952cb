"""Making stored decisions again. Invariant: the same facts, list and moment give the same findings.

Nothing is trusted that can be computed: neither the list's hash nor the findings nor the verdict.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import CharField, F, Func, Q, QuerySet

from compliance.facts import (
    FactsRefused,
    ListingFacts,
    listing_from_document,
    order_from_document,
)
from compliance.models import ChecklistVersion, Decision
from compliance.rules import (
    Checklist,
    ChecklistUnusable,
    compile_checklist,
    finding_document,
    run,
    run_attestations,
    verdict,
)
from compliance.selectors.verdicts import yes_or_no
from core.canonical import digest

BATCH = 500


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A decision that does not come out again. `what` says where it differs.

    It is one of checklist, facts, evidence, findings, verdict; `stored` and `replayed` are short.
    """

    decision_id: UUID
    kind: str
    at: datetime
    what: str
    stored: str
    replayed: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """One decision made again: everything that differs, nothing if it reproduces."""

    decision_id: UUID
    at: datetime
    mismatches: tuple[Mismatch, ...]


# Where a replay goes on: the moment and the identifier of the last decision made again.
Place = tuple[datetime, UUID]


def replay(
    first: datetime | None, last: datetime | None, after: Place | None = None
) -> Iterator[Replayed]:
    """Make every decision from `first` on and before `last` again; None is no bound.

    `after` is the place of the last one that was made again already.
    """
    lists: dict[UUID, Checklist | str] = {}
    for batch in _batches(first, last, after):
        for decision in batch:
            yield _again(decision, lists)


def replay_one(decision_id: UUID) -> Replayed:
    """Make one decision again."""
    return _again(_sealed().get(pk=decision_id), {})


def count_decisions(first: datetime | None, last: datetime | None) -> int:
    """Return how many decisions there are from `first` on and before `last`."""
    return _between(Decision.objects.all(), first, last).count()


def _again(decision: Decision, lists: dict[UUID, Checklist | str]) -> Replayed:
    key = decision.checklist_id
    if key not in lists:
        lists[key] = _list(key)
    return Replayed(decision.pk, decision.at, tuple(_replayed(decision, lists[key])))


def _between(
    rows: QuerySet[Decision], first: datetime | None, last: datetime | None
) -> QuerySet[Decision]:
    if first is not None:
        rows = rows.filter(at__gte=first)
    return rows if last is None else rows.filter(at__lt=last)


def _sealed() -> QuerySet[Decision]:
    """Return decisions with the hash that their facts have now."""
    sealed = Func(
        F("facts"),
        template="encode(sha256(convert_to((%(expressions)s)::text, 'UTF8')), 'hex')",
        output_field=CharField(),
    )
    return Decision.objects.annotate(hash_now=sealed)


def _batches(
    first: datetime | None, last: datetime | None, after: Place | None
) -> Iterator[Sequence[Decision]]:
    """Yield the decisions in the order of time, a bounded number at once."""
    rows = _between(_sealed().order_by("at", "id"), first, last)
    following = rows if after is None else rows.filter(_beyond(after))
    while batch := list(following[:BATCH]):
        yield batch
        following = rows.filter(_beyond((batch[-1].at, batch[-1].pk)))


def _beyond(place: Place) -> Q:
    return Q(at__gt=place[0]) | Q(at=place[0], pk__gt=place[1])


def _list(checklist_id: UUID) -> Checklist | str:
    """Return the list compiled from its stored items, or why it cannot be relied on."""
    row = ChecklistVersion.objects.filter(pk=checklist_id).first()
    if row is None:
        return "there is no such list"
    if digest(row.items) != row.items_hash:
        return "the items do not have the hash they were stored with"
    try:
        return compile_checklist(row.items, document_hash=row.items_hash)
    except ChecklistUnusable as unusable:
        return str(unusable)


def _replayed(decision: Decision, checklist: Checklist | str) -> Iterator[Mismatch]:
    def differs(what: str, stored: object, replayed: object) -> Mismatch:
        said = str(stored)[:200], str(replayed)[:200]
        return Mismatch(decision.pk, decision.kind, decision.at, what, *said)

    if isinstance(checklist, str):
        yield differs("checklist", decision.checklist_id, checklist)
        return
    if decision.hash_now != decision.facts_hash:  # type: ignore[attr-defined]
        yield differs("facts", decision.facts_hash, decision.hash_now)  # type: ignore[attr-defined]
    read = order_from_document if decision.kind == "order" else listing_from_document
    try:
        facts = read(decision.facts)
    except FactsRefused as refused:
        yield differs("facts", "", refused)
        return
    found = run(checklist, facts, decision.evidence, at=decision.at)
    if decision.attested is not None and isinstance(facts, ListingFacts):
        said = yes_or_no(decision.attested)
        found += run_attestations(checklist, facts, decision.evidence, said, at=decision.at)
    documents = {finding.code: finding_document(finding) for finding in found}
    stored = {finding["code"]: finding for finding in decision.findings}
    for code in sorted(documents.keys() | stored.keys()):
        if digest(documents.get(code)) != digest(stored.get(code)):
            yield differs("findings", _said(code, stored), _said(code, documents))
    if verdict(found) != decision.verdict:
        yield differs("verdict", decision.verdict, verdict(found))


def _said(code: str, findings: dict[str, dict[str, object]]) -> str:
    return f"{code}: {findings[code]['status']}" if code in findings else f"{code}: clear"
