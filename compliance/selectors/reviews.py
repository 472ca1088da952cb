"""Reads for the review desk. Invariant: the queue is by risk, then by how long it has waited."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from compliance.facts import listing_from_document
from compliance.models import Decision, Declaration, Evidence, Grading, Review, ScanReport
from compliance.rules import Finding, Source, run_attestations
from compliance.selectors.checklists import compiled
from compliance.selectors.decisions import VersionFindings, version_findings
from compliance.selectors.declarations import standing_declaration
from compliance.selectors.gradings import last_grading
from compliance.selectors.scans import version_scans
from compliance.selectors.verdicts import Attested, yes_or_no
from compliance.states import OPEN_REVIEW, REVIEW
from core.actors import Member, why_not
from core.errors import Forbidden, NotFound
from core.models import Event, Membership
from core.selectors import timeline
from listings.models import Version

QUEUE_ORDER = ("-risk", "queued_at", "id")


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One piece of evidence, as the review page shows it."""

    id: UUID
    key: str
    note: str
    state: str
    valid_until: datetime | None
    given_at: datetime
    file_id: UUID | None
    file_name: str
    file_sha256: str


@dataclass(frozen=True, slots=True)
class DeclarationLine:
    """The declaration in force for the content under review."""

    id: UUID
    template: str
    signed_at: datetime
    valid_until: datetime
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScanLine:
    """What the scan of one sample found: kinds and columns, never values."""

    file_name: str
    state: str
    rows: int | None
    kinds: tuple[str, ...]
    columns: tuple[str, ...]
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """What a reviewer is asked about the version, and what the maker answered.

    `yes` is None while it is not answered. `lifted` says that evidence stands for an answer.
    """

    item: str
    title: str
    question: str
    yes: bool | None
    note: str
    lifted: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Everything two reviewers need to decide on one version.

    `verbs` are what this reader may do now; `why_not` says why not to confirm, if that is closed
    to this reader alone: four-eyes, interested-party or senior-reviewer-needed.
    """

    id: UUID
    state: str
    risk: int
    needs_senior: bool
    proposal: str
    note: str
    maker_name: str
    checker_name: str
    queued_at: datetime
    proposed_at: datetime | None
    decided_at: datetime | None
    verbs: tuple[str, ...]
    why_not: str
    vendor_zh: str
    vendor_en: str
    supplier_zh: str
    supplier_en: str
    content: dict[str, Any]
    findings: VersionFindings
    questions: tuple[QuestionLine, ...]
    declaration: DeclarationLine | None
    evidence: tuple[EvidenceLine, ...]
    scans: tuple[ScanLine, ...]
    events: tuple[Event, ...]
    grading: Grading | None


def review_queue(reader: Member) -> QuerySet[Review]:
    """Return the open reviews with their versions, for the venue's reviewers.

    Raises:
        Forbidden: the reader is none of them.

    """
    _require_reviewer(reader)
    return Review.objects.filter(state__in=OPEN_REVIEW).select_related(
        "version__product__vendor", "decision", "maker"
    )


def one_review(review_id: UUID, reader: Member) -> Review:
    """Return one review, open or not, for the venue's reviewers.

    Raises:
        Forbidden: the reader is none of them.
        NotFound: there is no such review.

    """
    _require_reviewer(reader)
    row = (
        Review.objects.filter(pk=review_id)
        .select_related("version__product__vendor", "decision__checklist", "maker", "checker")
        .first()
    )
    if row is None:
        raise NotFound
    return row


def review_page(review_id: UUID, *, reader: Member, at: datetime, language: str) -> ReviewPage:
    """Return everything about one review.

    Raises:
        Forbidden: the reader is no reviewer of the venue.
        NotFound: there is no such review.

    """
    review = one_review(review_id, reader)
    version = review.version
    vendor, supplier = version.product.vendor, version.product.supplier
    reason = closed_to(review, reader)
    verbs = tuple(
        verb
        for verb in REVIEW.verbs(review.state)
        if verb != "close" and not (verb == "confirm" and reason)
    )
    return ReviewPage(
        id=review.pk,
        state=review.state,
        risk=review.risk,
        needs_senior=review.needs_senior,
        proposal=review.proposal,
        note=review.note,
        maker_name=str(review.maker or ""),
        checker_name=str(review.checker or ""),
        queued_at=review.queued_at,
        proposed_at=review.proposed_at,
        decided_at=review.decided_at,
        verbs=verbs,
        why_not=reason,
        vendor_zh=vendor.name_zh,
        vendor_en=vendor.name_en,
        supplier_zh=supplier.name_zh,
        supplier_en=supplier.name_en,
        content=version.content,
        findings=version_findings(version.pk, reader=reader, at=at, language=language),
        questions=question_lines(review, at, language),
        declaration=_declaration_line(standing_declaration(version, at)),
        evidence=evidence_lines(version.pk),
        scans=tuple(map(_scan_line, version_scans(version.pk))),
        events=tuple(timeline([version.pk, review.pk])[:500]),
        grading=last_grading(version.pk),
    )


def attestation_findings(
    decision: Decision, answers: Attested, at: datetime
) -> tuple[Finding, ...]:
    """Return what the list of a decision asks a reviewer about its version, and is not settled."""
    return run_attestations(
        compiled(decision.checklist),
        listing_from_document(decision.facts),
        decision.evidence,
        yes_or_no(answers),
        at=at,
    )


def question_lines(review: Review, at: datetime, language: str) -> tuple[QuestionLine, ...]:
    """Return what a reviewer is asked about the version, with the answers given so far."""
    chinese = language.casefold().startswith("zh")
    checklist = compiled(review.decision.checklist)
    lines = []
    for finding in attestation_findings(review.decision, {}, at):
        item = checklist.item(finding.code)
        answer = review.answers.get(item.code, {})
        lines.append(
            QuestionLine(
                item=item.code,
                title=item.title_zh if chinese else item.title_en,
                question=item.question_zh if chinese else item.question_en,
                yes=answer.get("yes"),
                note=answer.get("note", ""),
                lifted=finding.status == "lifted",
                sources=item.sources,
            )
        )
    return tuple(lines)


def closed_to(review: Review, reader: Member) -> str:
    """Return why this reader cannot confirm a proposal, or ""."""
    if reader.user_id is not None and review.maker_id == reader.user_id:
        return "four-eyes"
    if is_interested(reader, review.version):
        return "interested-party"
    senior = "senior_reviewer" in reader.roles
    if review.needs_senior and not (senior or review.maker_senior):
        return "senior-reviewer-needed"
    return ""


def is_interested(reader: Member, version: Version) -> bool:
    """Return whether the reader belongs, or ever belonged, to a party to this version.

    Parties are the vendor, the supplier and whoever shares the revenue.
    """
    product = version.product
    shares = {line.get("beneficiary") for line in version.content.get("allocation") or ()}
    parties = {str(product.vendor_id), str(product.supplier_id), *filter(None, shares)}
    return Membership.objects.filter(user=reader.user_id, organisation__in=parties).exists()


def evidence_lines(version_id: UUID) -> tuple[EvidenceLine, ...]:
    """Return the evidence of a version, the latest first."""
    rows = Evidence.objects.filter(version=version_id).select_related("file").order_by("-at", "-id")
    return tuple(
        EvidenceLine(
            id=row.pk,
            key=row.key,
            note=row.note,
            state=row.state,
            valid_until=row.valid_until,
            given_at=row.at,
            file_id=row.file_id,
            file_name=row.file.name if row.file else "",
            file_sha256=row.file.sha256 if row.file else "",
        )
        for row in rows
    )


def _declaration_line(row: Declaration | None) -> DeclarationLine | None:
    if row is None:
        return None
    return DeclarationLine(
        row.pk, row.template, row.signed_at, row.valid_until, tuple(row.statements)
    )


def _scan_line(row: ScanReport) -> ScanLine:
    report = row.report
    return ScanLine(
        file_name=row.file.name,
        state=report["state"],
        rows=report.get("rows"),
        kinds=tuple(report.get("kinds") or ()),
        columns=tuple(report.get("columns") or ()),
        reason=report.get("reason") or "",
        at=row.at,
    )


def locked_review(review_id: UUID) -> Review:
    """Return and lock a review.

    Raises:
        NotFound: there is none.

    """
    rows = Review.objects.select_for_update(of=("self",), no_key=True)
    row = (
        rows.select_related("version__product", "decision__checklist").filter(pk=review_id).first()
    )
    if row is None:
        raise NotFound
    return row


def _require_reviewer(reader: Member) -> None:
    if why_not(reader, "review"):
        raise Forbidden
