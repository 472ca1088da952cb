"""A scheduled list takes force. Invariant: at its moment each live clearance has a successor or ends.

The re-run is done in batches while the list waits; the enforcement itself only moves states. The
gate judges by dates meanwhile, so it waits for neither.
"""  # noqa: E501

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from compliance import selectors
from compliance.errors import ChecklistTakenEffect
from compliance.facts import cleared_document
from compliance.models import ChecklistVersion, Clearance, Decision
from compliance.selectors import Judged
from compliance.services.clearances import fall, valid_until
from compliance.services.notices import announce
from compliance.services.screening import queue_reviews, record_decisions
from compliance.states import CHECKLIST, CLEARANCE, ChecklistState, ClearanceState
from core.actors import Member
from core.events import record_many
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
    waiting = ChecklistVersion.objects.filter(state=ChecklistState.SCHEDULED)
    checklist = waiting.select_for_update(of=("self",), no_key=True).first()
    if checklist is None or checklist.effective_at is None:
        return 0
    locked = selectors.rerun_due(checklist).select_for_update(of=("self",), no_key=True)
    live = list(locked.select_related("declaration", "decision")[:limit])
    if not live:
        announce(checklist, actor=actor, at=at)
        return 0
    starts = max(at, checklist.effective_at)
    results = selectors.judged([row.version_id for row in live], checklist, starts)
    passed = {
        row.version_id: result
        for row in live
        if (result := carried(row, results[row.version_id], starts)) is not None
    }
    decisions = record_decisions((results | passed).values(), kind="rerun", actor=actor, at=starts)
    prepared = [
        successor(row, passed[row.version_id], decisions[row.version_id], checklist)
        for row in live
        if row.version_id in passed
    ]
    fresh = {
        version_id: result
        for version_id, result in results.items()
        if version_id not in passed and not result.blocked
    }
    made = Clearance.objects.bulk_create(row for row in prepared if row is not None)
    record_many(
        "clearance",
        [row.pk for row in made],
        "prepare",
        after=ClearanceState.PREPARED,
        actor=actor,
        at=at,
    )
    queue_reviews(fresh, decisions, actor=actor, at=at)
    return len(live)


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


def carried(row: Clearance, result: Judged, starts: datetime) -> Judged | None:
    """Return `result` with the answers that a reviewer gave before, if they still settle it all."""
    answered = selectors.answered(result, row.decision.attested or {}, starts)
    said = {finding["code"] for finding in row.decision.findings}
    return None if answered.blocked or not answered.codes <= said else answered


def successor(
    former: Clearance, result: Judged, decision: Decision, checklist: ChecklistVersion
) -> Clearance | None:
    """Return the clearance that follows `former`, or None if `former` ends before it would begin."""  # noqa: E501
    assert checklist.effective_at is not None
    starts = max(checklist.effective_at, former.valid_from)
    until = min(former.valid_until, valid_until(result, former.declaration, starts))
    if until <= starts:
        return None
    return Clearance(
        version_id=former.version_id,
        checklist=checklist,
        declaration=former.declaration,
        decision=decision,
        former=former,
        facts=cleared_document(result.known.facts),
        evidence=list(result.resting_on),
        valid_from=starts,
        valid_until=until,
        state=ClearanceState.PREPARED,
    )


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
