"""A scheduled list takes force. Invariant: at its moment each live clearance has a successor or ends.

The re-run is done in batches while the list waits; the enforcement itself only moves states. The
gate judges by dates meanwhile, so it waits for neither.
"""  # noqa: E501

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from compliance import selectors
from compliance.errors import ChecklistTakenEffect
from compliance.facts import listing_from_document
from compliance.models import ChecklistVersion, Clearance
from compliance.risk import risk_of
from compliance.selectors import Former, Rerun
from compliance.services.clearances import LONGEST, fall
from compliance.services.notices import announce
from compliance.services.rerunning import RerunRow, record_reruns
from compliance.services.screening import Queued, queue_rows
from compliance.states import CHECKLIST, CLEARANCE, ChecklistState, ClearanceState
from core.actors import Member
from core.ids import uuid7
from core.service import service


@service(may="author")
def prepare_clearances(*, limit: int, actor: Member, at: datetime) -> int:
    """Run the scheduled list over up to `limit` live clearances that it has not been run over.

    Where it brings no new finding and asks a reviewer nothing new, the human decision carries over
    into a clearance that starts at the effective moment and lasts no longer than the present one.
    Else the version joins the queue, unless something blocks it. Returns how many were run; 0 means
    that all are done, and then the vendors are told what the list changes for them.

    The list stays locked: a batch of another worker waits and takes up behind this one, and the
    list cannot be recalled while clearances are prepared for it.
    """
    checklist = selectors.locked_scheduled_checklist()
    if checklist is None or checklist.effective_at is None:
        return 0
    formers = selectors.formers_due(checklist, limit=limit)
    if not formers:
        announce(checklist, actor=actor, at=at)
        return 0
    _run_again(formers, checklist, actor, at)
    return len(formers)


@service(may="author")
def prepare_again(*, version_ids: Collection[UUID], actor: Member, at: datetime) -> int:
    """Run the scheduled list once more over versions whose evidence or declaration is new.

    Only what is cleared now and has nothing prepared for it is run. Returns how many were run.
    """
    checklist = selectors.locked_scheduled_checklist()
    if checklist is None:
        return 0
    formers = selectors.formers_lacking(checklist, version_ids)
    _run_again(formers, checklist, actor, at)
    return len(formers)


@service(may="author")
def enforce_checklist(*, actor: Member, at: datetime) -> ChecklistVersion | None:
    """Put the scheduled list in force if its time has come and its re-run is done.

    The former list is superseded and every clearance under it ends in the same transaction; the
    prepared ones start. Returns the list, or None if there is nothing to do yet.
    """
    due = ChecklistVersion.objects.filter(
        state=ChecklistState.SCHEDULED, effective_at__lte=at
    ).first()
    if due is None or selectors.rerun_due(due).exists():
        return None
    former = ChecklistVersion.objects.filter(state=ChecklistState.IN_FORCE).first()
    if former is not None:
        CHECKLIST.move(former, "supersede", actor=actor, at=at, superseded_at=at)
    CHECKLIST.move(due, "enforce", actor=actor, at=at)
    _hand_over(due, actor, at)
    return due


@service(may="author")
def recall_checklist(*, checklist_id: UUID, actor: Member, at: datetime) -> ChecklistVersion:
    """Take a scheduled list back before it takes effect; what was prepared for it ends.

    Raises:
        ChecklistTakenEffect: it has taken effect already.
        IllegalTransition: it is not scheduled.
    """
    checklist = selectors.locked_checklist(checklist_id)
    CHECKLIST.after(checklist.state, "recall")
    if checklist.effective_at is not None and checklist.effective_at <= at:
        raise ChecklistTakenEffect
    CHECKLIST.move(checklist, "recall", actor=actor, at=at)
    rows = selectors.open_clearances().filter(checklist=checklist)
    CLEARANCE.move_all(
        rows, "end", actor=actor, at=at, reason="replaced", ground="replaced", ended_at=at
    )
    return checklist


def _run_again(
    formers: Sequence[Former], checklist: ChecklistVersion, actor: Member, at: datetime
) -> None:
    """Run a scheduled list over cleared versions: prepare a clearance, or queue a review."""
    if not formers:
        return
    assert checklist.effective_at is not None
    judged_at = max(at, checklist.effective_at)
    results = selectors.rerun(formers, checklist, at=judged_at)
    rows = [_row(result, checklist) for result in results]
    written = record_reruns(rows, checklist.pk, judged_at, actor=actor, at=at)
    _queue(zip(results, rows, strict=True), written, actor=actor, at=at)


def _row(result: Rerun, checklist: ChecklistVersion) -> RerunRow:
    """Return what is written of a run; a clearance follows if it would begin before it ends."""
    assert checklist.effective_at is not None
    former = result.former
    begins = max(checklist.effective_at, former.valid_from)
    resting_on = result.resting_on
    bounds = [begins + LONGEST, former.declared_until, former.valid_until]
    bounds += [end for end in (result.known.rests_until, *resting_on.values()) if end is not None]
    follows = result.carried and min(bounds) > begins
    return RerunRow(
        result=result,
        decision_id=uuid7(),
        successor_id=uuid7() if follows else None,
        resting_on=list(resting_on),
        begins=begins,
        ends=min(bounds),
    )


def _queue(
    pairs: Iterable[tuple[Rerun, RerunRow]],
    written: Collection[UUID],
    *,
    actor: Member,
    at: datetime,
) -> None:
    """Queue what the human decision does not carry over to, unless something blocks it."""
    fresh = [
        Queued(
            version_id=result.former.version_id,
            decision_id=row.decision_id,
            risk=risk_of(listing_from_document(result.known.facts), result.findings),
            needs_senior=result.verdict == "caution",
        )
        for result, row in pairs
        if not result.carried and not result.blocked and result.former.clearance_id in written
    ]
    queue_rows(fresh, actor=actor, at=at)


def _hand_over(checklist: ChecklistVersion, actor: Member, at: datetime) -> None:
    """End what rests on other lists and start what was prepared, as its former stands now."""
    prepared = Clearance.objects.filter(checklist=checklist, state=ClearanceState.PREPARED)
    by_state: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    formers: list[UUID] = []
    locked = prepared.select_for_update(of=("self",), no_key=True).order_by("pk")
    for row in locked.select_related("former"):
        assert row.former is not None
        by_state[row.former.state, row.former.ground].append(row.pk)
        formers.append(row.former.pk)
    others = selectors.open_clearances().exclude(checklist=checklist)
    CLEARANCE.move_all(
        others.filter(pk__in=formers),
        "end",
        actor=actor,
        at=at,
        reason="replaced",
        ground="replaced",
        ended_at=at,
    )
    fall(others, "checklist-superseded", actor=actor, at=at)
    for (state, ground), ids in by_state.items():
        rows = Clearance.objects.filter(pk__in=ids)
        if state == ClearanceState.LIVE:
            CLEARANCE.move_all(rows, "start", actor=actor, at=at, reason=checklist.code)
        elif state == ClearanceState.SUSPENDED:
            CLEARANCE.move_all(rows, "suspend", actor=actor, at=at, reason=ground, ground=ground)
        else:
            fall(rows, ground or "replaced", actor=actor, at=at)
