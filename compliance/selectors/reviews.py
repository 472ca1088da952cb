"""Reads for the review desk. Invariant: the queue is by risk, then by how long it has waited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from compliance.errors import InterestedParty
from compliance.facts import listing_from_document
from compliance.models import (
    Clearance,
    Decision,
    Declaration,
    Evidence,
    Grading,
    PersonalRecord,
    Review,
    ScanReport,
)
from compliance.rules import EvidenceKind, Finding, Source, run_attestations
from compliance.selectors.checklists import compiled
from compliance.selectors.decisions import VersionFindings, version_findings
from compliance.selectors.declarations import standing_declaration
from compliance.selectors.desk import (
    DeskPerson,
    NoteLine,
    PlaceInQueue,
    desk_people,
    has_case,
    place_in_queue,
    require_reviewer,
    review_notes,
    stand_ins,
)
from compliance.selectors.gradings import last_grading
from compliance.selectors.personal import records_of_version
from compliance.selectors.scans import version_scans
from compliance.selectors.verdicts import Attested, yes_or_no
from compliance.states import REVIEW, ReviewState
from core.actors import Member, why_not
from core.errors import NotFound
from core.models import Event, Membership, Organisation, User
from core.selectors import timeline
from listings import selectors as listings
from listings.content import Difference, differences, inside
from listings.models import Version


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
    file_type: str
    file_bytes: int


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
    to this reader alone: four-eyes, interested-party, senior-reviewer-needed or case-of-another.
    `who` did each event, `kinds` are the words of evidence of the list that it was screened with.
    `yours` says that the case is the reader's, nobody's, or one that it stands in for; `mine` that
    it was given to the reader.
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
    records: tuple[PersonalRecord, ...]
    scans: tuple[ScanLine, ...]
    events: tuple[Event, ...]
    who: dict[int, tuple[str, str]]
    kinds: dict[str, EvidenceKind]
    due_at: datetime
    assigned: str
    yours: bool
    mine: bool
    may_reassign: bool
    notes: tuple[NoteLine, ...]
    place: PlaceInQueue
    people: tuple[DeskPerson, ...]
    compared_with: int | None
    differences: tuple[Difference, ...]
    sharing: dict[str, tuple[str, str]]
    grading: Grading | None


def one_review(review_id: UUID, reader: Member) -> Review:
    """Return one review, open or not, for the venue's reviewers.

    Raises:
        Forbidden: the reader is none of them.
        NotFound: there is no such review.

    """
    require_reviewer(reader)
    row = (
        Review.objects.filter(pk=review_id)
        .select_related(
            "version__product__vendor", "decision__checklist", "maker", "checker", "assigned"
        )
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
    before = listings.version_before(version)
    events = tuple(timeline([version.pk, review.pk])[:500])
    yours = has_case(reader.user_id, review, stand_ins(at))
    reason = closed_to(review, reader) or ("" if yours else "case-of-another")
    verbs = tuple(verb for verb in REVIEW.verbs(review.state) if _may(verb, review, reader, reason))
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
        records=tuple(records_of_version(version.pk, reader).order_by("kind", "-pk")),
        scans=tuple(map(_scan_line, version_scans(version.pk))),
        events=events,
        who=_who(events),
        kinds={kind.key: kind for kind in compiled(review.decision.checklist).document.evidence},
        due_at=review.due_at,
        assigned=str(review.assigned or ""),
        yours=yours,
        mine=reader.user_id is not None and review.assigned_id == reader.user_id,
        may_reassign=not why_not(reader, "reassign"),
        notes=review_notes(review.pk),
        place=place_in_queue(review),
        people=desk_people(at),
        compared_with=before.number if before else None,
        differences=_differences(before, version),
        sharing=_sharing(before, version),
        grading=last_grading(version.pk),
    )


def _may(verb: str, review: Review, reader: Member, reason: str) -> bool:
    """Return whether a reader may do `verb`; `reason` is why it cannot decide on the case."""
    if verb == "propose":
        return reason not in ("interested-party", "case-of-another")
    if verb == "reject":
        return review.maker_id == reader.user_id or reason in ("", "senior-reviewer-needed")
    return verb == "confirm" and not reason


def _who(events: Sequence[Event]) -> dict[int, tuple[str, str]]:
    """Return who did each event, in Chinese and English: the venue's people by their own names."""
    ids = {one.organisation_id for one in events if one.organisation_id}
    rows = Organisation.objects.filter(pk__in=ids).values_list(
        "pk", "name_zh", "name_en", "is_venue"
    )
    named = {pk: (zh, en, venue) for pk, zh, en, venue in rows}
    people = {
        one.pk: str(one)
        for one in User.objects.filter(pk__in={event.actor_id for event in events} - {None})
    }
    who: dict[int, tuple[str, str]] = {}
    for event in events:
        zh, en, venue = named.get(event.organisation_id or UUID(int=0), ("", "", False))
        person = people.get(event.actor_id or 0, "")
        who[event.pk] = (person, person) if venue and person else (zh, en)
    return who


def _sharing(*versions: Version | None) -> dict[str, tuple[str, str]]:
    """Return the names of who shares the revenue: id → Chinese and English name."""
    lines = [line for one in versions if one for line in one.content.get("allocation") or ()]
    ids = {line["beneficiary"] for line in lines if line.get("beneficiary")}
    rows = Organisation.objects.filter(pk__in=ids).values_list("pk", "name_zh", "name_en")
    return {str(pk): (zh, en) for pk, zh, en in rows}


def _differences(before: Version | None, version: Version) -> tuple[Difference, ...]:
    """Return what a version says otherwise than the one before it; nothing where there is none."""
    if before is None:
        return ()
    first, last = listings.snapshots([before, version])
    return differences(first, last, inside)


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


def decided_at(version: Version, clearance: Clearance) -> datetime:
    """Return when people last decided to admit a version; else when its clearance began."""
    rows = Review.objects.filter(version=version, state=ReviewState.DECIDED, proposal="approve")
    last = rows.order_by("-decided_at").values_list("decided_at", flat=True).first()
    return last or clearance.valid_from


def is_interested(reader: Member, version: Version) -> bool:
    """Return whether the reader belongs, or ever belonged, to a party to this version."""
    return has_interest(reader.user_id, version)


def has_interest(user_id: int | None, version: Version) -> bool:
    """Return whether a person belongs, or ever belonged, to a party to this version.

    Parties are the vendor, the supplier and whoever shares the revenue.
    """
    product = version.product
    shares = {line.get("beneficiary") for line in version.content.get("allocation") or ()}
    parties = {str(product.vendor_id), str(product.supplier_id), *filter(None, shares)}
    return Membership.objects.filter(user=user_id, organisation__in=parties).exists()


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
            file_type=row.file.media_type if row.file else "",
            file_bytes=row.file.size_bytes if row.file else 0,
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
        rows.select_related("version__product", "decision__checklist", "assigned")
        .filter(pk=review_id)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def require_disinterested(reader: Member, version: Version) -> None:
    """Refuse whoever has an interest in a version.

    Raises:
        InterestedParty: the reader belongs, or belonged, to a party to it.

    """
    if is_interested(reader, version):
        raise InterestedParty
