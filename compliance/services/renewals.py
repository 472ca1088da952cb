"""Renewing declarations. Invariant: where nothing changed, a clearance goes on without a gap.

A human decision carries a clearance for a year; a signature alone does not make it longer.
"""

from datetime import datetime

from compliance import selectors
from compliance.facts import cleared_document
from compliance.models import ChecklistVersion, Clearance, Decision, Declaration
from compliance.selectors import Judged
from compliance.services.clearances import LONGEST, grant, valid_until
from compliance.services.screening import record_decisions
from compliance.states import ChecklistState, ClearanceState
from core.actors import Member
from core.events import record
from listings.models import Version


def carry_over(
    version: Version, declaration: Declaration, *, actor: Member, at: datetime
) -> Clearance | None:
    """Let the live clearance of a version go on under a declaration that was signed anew.

    The list is run once more over the version as it stands. Where it says nothing new, and the
    reviewers' decision is good for longer, a clearance follows in the same transaction. Else the
    present one stays, and the version joins the queue. Returns the clearance that follows, if any.
    """
    rows = Clearance.objects.filter(version=version, state=ClearanceState.LIVE)
    locked = rows.select_for_update(of=("self",), no_key=True)
    live = locked.select_related("declaration", "decision", "checklist").first()
    if live is None or live.declaration.content_hash != declaration.content_hash:
        return None
    if live.checklist_id != selectors.checklist_in_force(at).pk:
        return None
    selectors.lock_what_it_rests_on(version)
    judged = selectors.judged([version.pk], live.checklist, at)[version.pk]
    result = _carried(live, judged, at)
    latest = selectors.decided_at(version, live) + LONGEST
    if result is None or min(valid_until(result, declaration, at), latest) <= live.valid_until:
        return None
    prepared = _prepared_for(version)
    decision = record_decisions([result], kind="rerun", actor=actor, at=at, previous=live.decision)[
        version.pk
    ]
    made = grant(result, decision, declaration, former=None, latest=latest, actor=actor, at=at)
    if prepared is not None:
        _prepare_again(made, prepared, actor, at)
    return made


def _prepared_for(version: Version) -> ChecklistVersion | None:
    """Return the scheduled list for which something is prepared that follows the live clearance."""
    rows = Clearance.objects.filter(
        version=version,
        state=ClearanceState.PREPARED,
        checklist__state=ChecklistState.SCHEDULED,
    )
    row = rows.select_related("checklist").first()
    return None if row is None else row.checklist


def _prepare_again(
    live: Clearance, checklist: ChecklistVersion, actor: Member, at: datetime
) -> None:
    """Prepare for a scheduled list what follows the clearance that was carried over."""
    assert checklist.effective_at is not None
    starts = max(at, checklist.effective_at)
    judged = selectors.judged([live.version_id], checklist, starts)[live.version_id]
    result = _carried(live, judged, starts)
    if result is None:
        return
    # The sweep runs nothing again whose decision is followed by one under this list already.
    decisions = record_decisions(
        [result], kind="rerun", actor=actor, at=starts, previous=live.decision
    )
    decision = decisions[live.version_id]
    following = _successor(live, result, decision, checklist)
    if following is None:
        return
    following.save(force_insert=True)
    record(
        "clearance",
        following.pk,
        "prepare",
        after=ClearanceState.PREPARED,
        actor=actor,
        at=at,
    )


def _carried(row: Clearance, result: Judged, starts: datetime) -> Judged | None:
    """Return `result` with the answers that a reviewer gave before, if they still settle it all."""
    answered = selectors.answered(result, row.decision.attested or {}, starts)
    said = {finding["code"] for finding in row.decision.findings}
    return None if answered.blocked or not answered.codes <= said else answered


def _successor(
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
