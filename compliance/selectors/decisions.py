"""Reads of decisions and their findings. Invariant: a finding is told in words, from its own list.

A draft has no decision yet: its findings are computed for the reader and stored nowhere.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from compliance.errors import NoChecklistInForce
from compliance.facts import fact_at
from compliance.models import Decision
from compliance.rules import (
    BLOCKING,
    Checklist,
    EvidenceKind,
    Finding,
    Source,
    explain,
    finding_from_document,
    run,
    verdict,
)
from compliance.selectors.checklists import checklist_in_force, compiled
from compliance.selectors.declarations import standing_declaration
from compliance.selectors.facts import gathered
from core.actors import Member
from listings import selectors as listings
from listings.models import Version
from listings.states import VersionState


@dataclass(frozen=True, slots=True)
class FactText:
    """One fact that decided a finding; `value` None is unknown, `origin` who supplies it."""

    path: str
    name: str
    value: str | None
    origin: str


@dataclass(frozen=True, slots=True)
class EvidenceText:
    """One kind of evidence that a lift names, in words, and who can give it."""

    key: str
    text: str
    by: str
    given: bool


@dataclass(frozen=True, slots=True)
class FindingText:
    """A finding as a page shows it. `severity` is unknown where the item could not be decided.

    `what`, `why`, `change` and `who` are sentences in the reader's language; `way_out` is the
    item's own way out without evidence.
    """

    code: str
    severity: str
    status: str
    blocks: bool
    refusal: str
    title: str
    what: str
    why: str
    change: str
    who: str
    way_out: str
    facts: tuple[FactText, ...]
    sources: tuple[Source, ...]
    evidence: tuple[EvidenceText, ...]


@dataclass(frozen=True, slots=True)
class VersionFindings:
    """What stands in the way of one version. `decision_id` is None while it is only a preview."""

    version_id: UUID
    product_code: str
    number: int
    title_zh: str
    title_en: str
    state: str
    content_hash: str
    checklist_id: UUID | None
    checklist_code: str
    decision_id: UUID | None
    at: datetime
    verdict: str
    blocked: bool
    declared_until: datetime | None
    findings: tuple[FindingText, ...]


def version_findings(
    version_id: UUID, *, reader: Member, at: datetime, language: str
) -> VersionFindings:
    """Return the findings of a version that the reader may read, the gravest first.

    Raises:
        NotFound: there is no such version, or it is another organisation's.
        NoChecklistInForce: a draft cannot be looked at before a list is in force.

    """
    version = listings.own_version(version_id, reader)
    decision = None if version.state == VersionState.DRAFT else latest_screening(version.pk)
    declaration = standing_declaration(version, at)
    declared_until = declaration.valid_until if declaration else None
    if decision is None:
        return _preview(version, declared_until, at, language)
    checklist = compiled(decision.checklist)
    found = [finding_from_document(one) for one in decision.findings]
    return _page(
        version, decision.checklist_id, checklist, found, decision, declared_until, language
    )


def _preview(
    version: Version, declared_until: datetime | None, at: datetime, language: str
) -> VersionFindings:
    row = checklist_in_force(at)
    checklist = compiled(row)
    known = gathered([version.pk], at)[version.pk]
    found = run(checklist, known.facts, known.evidence, at=at)
    return _page(version, row.pk, checklist, found, at, declared_until, language)


def _page(
    version: Version,
    checklist_id: UUID,
    checklist: Checklist,
    found: Sequence[Finding],
    source: Decision | datetime,
    declared_until: datetime | None,
    language: str,
) -> VersionFindings:
    judged = verdict(found)
    return VersionFindings(
        version_id=version.pk,
        product_code=version.product.code,
        number=version.number,
        title_zh=version.title_zh,
        title_en=version.title_en,
        state=version.state,
        content_hash=version.content_hash,
        checklist_id=checklist_id,
        checklist_code=checklist.code,
        decision_id=source.pk if isinstance(source, Decision) else None,
        at=source.at if isinstance(source, Decision) else source,
        verdict=judged,
        blocked=judged in BLOCKING,
        declared_until=declared_until,
        findings=finding_texts(found, checklist, language),
    )


def finding_texts(
    findings: Iterable[Finding], checklist: Checklist, language: str
) -> tuple[FindingText, ...]:
    """Return findings in words, what blocks first; `checklist` is the one they come from."""
    order = {"prohibited": 0, "unknown": 1, "restricted": 2, "caution": 3}
    told = [finding_text(one, checklist, language) for one in findings]
    return tuple(sorted(told, key=lambda one: (not one.blocks, order[one.severity], one.code)))


def told(findings: Iterable[Finding], checklist: Checklist) -> list[dict[str, Any]]:
    """Return findings in the reader's language, as plain JSON values for a problem document."""
    texts = finding_texts(findings, checklist, get_language() or "en")
    return [asdict(text) for text in texts]


def decision_told(decision: Decision) -> list[dict[str, Any]]:
    """Return the findings of a decision in the reader's language, as plain JSON values."""
    found = [finding_from_document(one) for one in decision.findings]
    return told(found, compiled(decision.checklist))


def finding_text(finding: Finding, checklist: Checklist, language: str) -> FindingText:
    """Return one finding in words."""
    item = checklist.item(finding.code)
    chinese = language.casefold().startswith("zh")
    said = explain(finding, checklist, language)
    kinds = {kind.key: kind for kind in checklist.document.evidence}
    given = finding.lifted_by or set(item.evidence) - set(finding.lacking)
    return FindingText(
        code=finding.code,
        severity="unknown" if finding.status == "unknown" else finding.severity,
        status=finding.status,
        blocks=finding.blocks,
        refusal=finding.refusal,
        title=item.title_zh if chinese else item.title_en,
        what=said.what,
        why=said.why,
        change=said.change,
        who=said.who,
        way_out=item.exit_path_zh if chinese else item.exit_path_en,
        facts=tuple(_fact_text(path, name, value, finding) for path, name, value in said.facts),
        sources=said.sources,
        evidence=tuple(
            EvidenceText(
                key, kinds[key].zh if chinese else kinds[key].en, kinds[key].by, key in given
            )
            for key in item.evidence
        ),
    )


def kinds_of_evidence(at: datetime) -> dict[str, EvidenceKind]:
    """Return the kinds of evidence that the list in force names; none before there is a list."""
    try:
        return evidence_kinds(at)
    except NoChecklistInForce:
        return {}


def _fact_text(path: str, name: str, value: str, finding: Finding) -> FactText:
    fact = fact_at(path)
    origin = fact.supplier if fact else ""
    return FactText(path, name, None if path in finding.missing else value, origin)


def latest_screening(version_id: UUID) -> Decision | None:
    """Return the latest run over a version under a list that was in force then."""
    return (
        Decision.objects.filter(reference=version_id, kind__in=["listing", "review"])
        .select_related("checklist")
        .order_by("-at", "-id")
        .first()
    )


def blocking_counts(version_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many findings of the latest screening of each version stand in its way.

    What was never screened is not in it.
    """
    rows = (
        Decision.objects.filter(reference__in=version_ids, kind__in=["listing", "review"])
        .order_by("reference", "-at", "-id")
        .distinct("reference")
    )
    return {
        reference: sum(finding_from_document(one).blocks for one in findings)
        for reference, findings in rows.values_list("reference", "findings")
    }


def evidence_kinds(at: datetime) -> dict[str, EvidenceKind]:
    """Return the evidence that the list in force asks for: key → wording and who gives it.

    Raises:
        NoChecklistInForce: there is no list in force.

    """
    document = compiled(checklist_in_force(at)).document
    return {kind.key: kind for kind in document.evidence}
