"""Installing a checklist from a file. Invariant: only the installation itself skips the four eyes.

It goes through the same life as any list: validated, tried on the live catalogue, re-run, enforced.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from compliance.errors import ChecklistCodeTaken
from compliance.models import ChecklistVersion
from compliance.services.checklists import (
    draft_checklist,
    schedule_checklist,
    try_checklist,
)
from compliance.services.enforcement import enforce_checklist, prepare_clearances
from compliance.services.trials import run_trials
from compliance.states import ChecklistState, TrialState
from core.actors import Member
from core.canonical import digest
from core.errors import Forbidden
from core.service import service

BATCH = 500


@service
def load_checklist(*, document: Mapping[str, Any], actor: Member, at: datetime) -> ChecklistVersion:
    """Bring a list up to its trial. The same document twice is the same list.

    Raises:
        Forbidden: people draft lists; only the installation loads them.
        ChecklistCodeTaken: there is another list of this code.
        ChecklistNotValid, ChecklistExamplesFail: with everything that is wrong.
    """
    if not actor.system:
        raise Forbidden
    known = ChecklistVersion.objects.filter(code=document.get("code")).first()
    if known is not None:
        if known.items_hash != digest(document):
            raise ChecklistCodeTaken(code=known.code)
        return known
    checklist = draft_checklist(document=document, actor=actor, at=at)
    checklist = try_checklist(checklist_id=checklist.pk, actor=actor, at=at)
    while checklist.trials.filter(state=TrialState.RUNNING).exists():
        run_trials(limit=BATCH, actor=actor, at=at)
    return checklist


@service
def install_checklist(
    *, document: Mapping[str, Any], actor: Member, at: datetime
) -> ChecklistVersion:
    """Load a list and put it in force at once.

    Raises:
        IllegalTransition: it was superseded already.
        ChecklistAlreadyScheduled: another list is waiting to take force.
        Forbidden, ChecklistCodeTaken, ChecklistNotValid, ChecklistExamplesFail: as for loading.
    """
    checklist = load_checklist(document=document, actor=actor, at=at)
    if checklist.state == ChecklistState.IN_FORCE:
        return checklist
    if checklist.state != ChecklistState.SCHEDULED:
        schedule_checklist(checklist_id=checklist.pk, effective_at=at, actor=actor, at=at)
    while prepare_clearances(limit=BATCH, actor=actor, at=at):
        pass
    enforce_checklist(actor=actor, at=at)
    checklist.refresh_from_db()
    return checklist
