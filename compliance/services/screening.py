"""Screening. Invariant: every item runs over facts gathered at one moment, and the run is kept."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from compliance import selectors
from compliance.facts import to_document
from compliance.models import Clearance, Decision, Declaration, Review
from compliance.risk import risk_of
from compliance.rules import finding_document
from compliance.selectors import Judged
from compliance.services.scans import scan_samples
from compliance.states import ClearanceState, ReviewState
from core.actors import Member
from core.events import record_many
from core.service import service
from listings import services as listings
from listings.models import Version
from listings.states import ON_THE_MARKET, VersionState


def scan_and_screen(
    *, version_ids: Collection[UUID], actor: Member, at: datetime
) -> dict[UUID, str]:
    """Scan the samples of submitted versions, then screen them. Return version → verdict."""
    scan_samples(version_ids=version_ids, actor=actor, at=at)
    return screen_versions(version_ids=version_ids, actor=actor, at=at)


@service(may="review")
def screen_versions(
    *, version_ids: Collection[UUID], actor: Member, at: datetime
) -> dict[UUID, str]:
    """Run the list in force over submitted versions; queue those that nothing blocks for review.

    Versions in another state are left alone, so that a second call has no effect. Returns
    version → verdict.

    Raises:
        NoChecklistInForce: there is nothing to screen with.

    """
    submitted = _locked(version_ids, [VersionState.SUBMITTED])
    results = selectors.judged(submitted, selectors.checklist_in_force(at), at)
    decisions = record_decisions(results.values(), kind="listing", actor=actor, at=at)
    by_verdict: dict[str, list[UUID]] = defaultdict(list)
    for version_id, result in results.items():
        by_verdict[result.verdict].append(version_id)
    for verdict, ids in by_verdict.items():
        verb: Literal["screen", "block"] = "block" if results[ids[0]].blocked else "screen"
        listings.mark_screened(version_ids=ids, verdict=verb, actor=actor, at=at, reason=verdict)
    passed = {key: one for key, one in results.items() if not one.blocked}
    queue_reviews(passed, decisions, actor=actor, at=at)
    return {version_id: result.verdict for version_id, result in results.items()}


@service(may="review")
def rescreen_versions(
    *, version_ids: Collection[UUID], actor: Member, at: datetime
) -> dict[UUID, str]:
    """Screen versions again whose evidence or declaration is new.

    A version in the queue gets its findings renewed. One on the market that has no clearance, or
    whose declaration now lasts longer than its clearance, joins the queue unless it is blocked.
    Others are left alone. Returns version → verdict.
    """
    queued = Review.objects.filter(version__in=version_ids, state=ReviewState.QUEUED)
    reviewed = set(queued.values_list("version_id", flat=True))
    candidates = _locked(version_ids, [*ON_THE_MARKET, VersionState.IN_REVIEW])
    wanted = reviewed | _to_be_cleared(candidates, at)
    again = [version_id for version_id in candidates if version_id in wanted]
    results = selectors.judged(again, selectors.checklist_in_force(at), at)
    decisions = record_decisions(results.values(), kind="listing", actor=actor, at=at)
    for review in queued.select_for_update(of=("self",), no_key=True).order_by("pk"):
        if review.version_id in results:
            refresh_review(review, results[review.version_id], decisions[review.version_id])
    passed = {key: one for key, one in results.items() if not one.blocked and key not in reviewed}
    queue_reviews(passed, decisions, actor=actor, at=at)
    return {version_id: result.verdict for version_id, result in results.items()}


def record_decisions(
    results: Iterable[Judged],
    *,
    kind: str,
    actor: Member,
    at: datetime,
    previous: Decision | None = None,
) -> dict[UUID, Decision]:
    """Store runs as decisions, in one statement. Return version → decision."""
    rows = [
        Decision(
            kind=kind,
            reference=result.known.version.pk,
            checklist_id=result.checklist_id,
            facts=to_document(result.known.facts),
            evidence=sorted(result.known.evidence),
            findings=[finding_document(finding) for finding in result.findings],
            attested=result.attested,
            verdict=result.verdict,
            at=at,
            actor_id=actor.user_id,
            previous=previous,
        )
        for result in results
    ]
    return {row.reference: row for row in Decision.objects.bulk_create(rows)}


@dataclass(frozen=True, slots=True)
class Queued:
    """A version that a reviewer has to look at, by the run that says so."""

    version_id: UUID
    decision_id: UUID
    risk: int
    needs_senior: bool


def queue_reviews(
    results: dict[UUID, Judged], decisions: dict[UUID, Decision], *, actor: Member, at: datetime
) -> None:
    """Queue versions for review, those that are in the queue already left out."""
    rows = [
        Queued(
            version_id=version_id,
            decision_id=decisions[version_id].pk,
            risk=risk_of(result.known.facts, result.findings),
            needs_senior=result.verdict == "caution",
        )
        for version_id, result in results.items()
    ]
    queue_rows(rows, actor=actor, at=at)


def queue_rows(rows: Collection[Queued], *, actor: Member, at: datetime) -> None:
    """Queue versions for review, those that are in the queue already left out."""
    if not rows:
        return
    open_now = set(
        Review.objects.filter(
            version__in=[row.version_id for row in rows],
            state__in=[ReviewState.QUEUED, ReviewState.PROPOSED],
        ).values_list("version_id", flat=True)
    )
    made = Review.objects.bulk_create(
        Review(
            version_id=row.version_id,
            decision_id=row.decision_id,
            risk=row.risk,
            needs_senior=row.needs_senior,
            queued_at=at,
        )
        for row in rows
        if row.version_id not in open_now
    )
    record_many(
        "review",
        [row.pk for row in made],
        "queue",
        after=ReviewState.QUEUED,
        actor=actor,
        at=at,
    )


def _locked(version_ids: Collection[UUID], states: Iterable[str]) -> list[UUID]:
    """Lock those of the versions that are in one of `states`, in the order of their ids."""
    rows = Version.objects.filter(pk__in=version_ids, state__in=states).order_by("pk")
    locked = rows.select_for_update(of=("self",), no_key=True)
    return list(locked.values_list("pk", flat=True))


def _to_be_cleared(version_ids: Collection[UUID], at: datetime) -> set[UUID]:
    """Return those on the market without a clearance, or with one that could now last longer."""
    on_market = Version.objects.filter(pk__in=version_ids, state__in=ON_THE_MARKET)
    live = Clearance.objects.filter(version__in=version_ids, state=ClearanceState.LIVE)
    ends = {row.version_id: row for row in live.select_related("declaration")}
    lasting: dict[UUID, datetime] = {}
    signed = Declaration.objects.filter(version__in=on_market, state="IN_FORCE", valid_until__gt=at)
    for version_id, until in signed.values_list("version_id", "valid_until"):
        lasting[version_id] = max(until, lasting.get(version_id, until))
    wanted = set()
    for version_id in on_market.values_list("pk", flat=True):
        row = ends.get(version_id)
        if row is None:
            wanted.add(version_id)
            continue
        bound = row.valid_until == row.declaration.valid_until
        renewed = bound and lasting.get(version_id, row.valid_until) > row.valid_until
        if row.valid_until <= at or renewed:
            wanted.add(version_id)
    return wanted


def refresh_review(review: Review, result: Judged, decision: Decision) -> None:
    """Let a queued review rest on a newer run."""
    Review.objects.filter(pk=review.pk, state=ReviewState.QUEUED).update(
        decision=decision,
        risk=risk_of(result.known.facts, result.findings),
        needs_senior=result.verdict == "caution",
    )
