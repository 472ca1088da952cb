"""Renewing declarations. Invariant: where nothing changed, a clearance goes on without a gap.

A human decision carries a clearance for a year; a signature alone does not make it longer.
"""

from datetime import datetime

from compliance import selectors
from compliance.models import ChecklistVersion, Clearance, Declaration
from compliance.services.clearances import LONGEST, grant, valid_until
from compliance.services.enforcement import carried, successor
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
    result = carried(live, judged, at)
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
    result = carried(live, judged, starts)
    if result is None:
        return
    decision = record_decisions([result], kind="rerun", actor=actor, at=starts)[live.version_id]
    following = successor(live, result, decision, checklist)
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
