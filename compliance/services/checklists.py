"""The life of a checklist up to its schedule. Invariant: nothing is tried before it is validated.

Validation runs every example in a child process; from the trial on, the items never change.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from compliance import selectors
from compliance.errors import (
    ChecklistAlreadyScheduled,
    ChecklistCodeTaken,
    ChecklistExamplesFail,
    ChecklistNotValid,
)
from compliance.models import ChecklistVersion, Clearance, Trial, TrialFinding
from compliance.rules import (
    ItemUnreadable,
    Problem,
    finding_document,
    read_document,
    validate_in_child,
)
from compliance.selectors import Judged
from compliance.states import CHECKLIST, ChecklistState, ClearanceState
from core.actors import Member
from core.canonical import digest
from core.errors import Conflict, FourEyes, Malformed
from core.events import record
from core.service import service

MOST_CODE = 20


@service(may="author")
def draft_checklist(
    *, document: Mapping[str, Any], actor: Member, at: datetime
) -> ChecklistVersion:
    """Draft a list. Its items may still be wrong, but they can be read.

    Raises:
        ChecklistNotValid: the document is not of the shape of a checklist.
        ChecklistCodeTaken: there is a list of this code.
    """
    code = _readable(document)
    if ChecklistVersion.objects.filter(code=code).exists():
        raise ChecklistCodeTaken(code=code)
    try:
        with transaction.atomic():
            checklist = ChecklistVersion.objects.create(
                code=code,
                items=document,
                items_hash=digest(document),
                drafted_by_id=actor.user_id,
                created_at=at,
            )
    except IntegrityError:
        raise ChecklistCodeTaken(code=code) from None
    record(
        "checklist",
        checklist.pk,
        "draft",
        after=checklist.state,
        actor=actor,
        at=at,
        detail={"items_hash": checklist.items_hash},
    )
    return checklist


@service(may="author")
def save_checklist(
    *, checklist_id: UUID, document: Mapping[str, Any], actor: Member, at: datetime
) -> ChecklistVersion:
    """Replace the items of a draft.

    Raises:
        ChecklistNotValid: the document is not of the shape of a checklist.
        Conflict: the list is no draft any more.
        Malformed: its code is another.
    """
    code = _readable(document)
    checklist = selectors.locked_checklist(checklist_id)
    if checklist.state != ChecklistState.DRAFT:
        raise Conflict(_("Only a draft can be changed; take the list back into draft first."))
    if code != checklist.code:
        raise Malformed(fields={"code": [_("stays %(c)s") % {"c": checklist.code}]})
    checklist.items, checklist.items_hash = dict(document), digest(document)
    ChecklistVersion.objects.filter(pk=checklist.pk).update(
        items=checklist.items, items_hash=checklist.items_hash
    )
    detail = {"items_hash": checklist.items_hash}
    record("checklist", checklist.pk, "save", actor=actor, at=at, detail=detail)
    return checklist


@service(may="author")
def try_checklist(*, checklist_id: UUID, actor: Member, at: datetime) -> ChecklistVersion:
    """Validate a draft and freeze it for its trial over the live catalogue.

    Raises:
        ChecklistExamplesFail: with everything that is wrong, item by item.
        IllegalTransition: it is no draft.
    """
    checklist = selectors.locked_checklist(checklist_id)
    CHECKLIST.after(checklist.state, "try")
    problems = validate_in_child(checklist.items)
    if problems:
        raise ChecklistExamplesFail(fields=problem_texts(problems))
    return CHECKLIST.move(checklist, "try", actor=actor, at=at)


@service(may="author")
def revise_checklist(*, checklist_id: UUID, actor: Member, at: datetime) -> ChecklistVersion:
    """Take a list from its trial back into draft.

    Raises:
        IllegalTransition: it is not in trial.
    """
    checklist = selectors.locked_checklist(checklist_id)
    return CHECKLIST.move(checklist, "revise", actor=actor, at=at)


@service(may="author")
def schedule_checklist(
    *, checklist_id: UUID, effective_at: datetime, actor: Member, at: datetime
) -> ChecklistVersion:
    """Set when a list that was tried takes force. The live clearances are re-run until then.

    Raises:
        FourEyes: who drafted it cannot schedule it.
        Conflict: its trial has not been run yet.
        Malformed: the date lies in the past.
        ChecklistAlreadyScheduled: only one list can wait at a time.
        IllegalTransition: it is not in trial.
    """
    checklist = selectors.locked_checklist(checklist_id)
    CHECKLIST.after(checklist.state, "schedule")
    if actor.user_id is not None and checklist.drafted_by_id == actor.user_id:
        raise FourEyes
    if effective_at < at:
        raise Malformed(fields={"effective_at": [_("must not lie in the past")]})
    if not checklist.trials.filter(items_hash=checklist.items_hash).exists():
        raise Conflict(_("The trial over the live catalogue has not been run yet."))
    if ChecklistVersion.objects.filter(state=ChecklistState.SCHEDULED).exists():
        raise ChecklistAlreadyScheduled
    return CHECKLIST.move(
        checklist,
        "schedule",
        actor=actor,
        at=at,
        detail={"effective_at": effective_at},
        effective_at=effective_at,
        scheduled_by_id=actor.user_id,
    )


@service(may="author")
def run_trials(*, checklist_ids: Collection[UUID], actor: Member, at: datetime) -> int:
    """Run lists in trial over all live versions and store what they would newly say.

    Nothing else changes. A list that was run with the same items already is left alone. Returns
    how many were run.
    """
    run = 0
    for checklist_id in sorted(checklist_ids):
        checklist = selectors.locked_checklist(checklist_id)
        done = checklist.trials.filter(items_hash=checklist.items_hash).exists()
        if checklist.state == ChecklistState.TRIAL and not done:
            _run_trial(checklist, actor, at)
            run += 1
    return run


def problem_texts(problems: Sequence[Problem]) -> dict[str, list[str]]:
    """Return `item.field` → what is wrong and what to do, in the reader's language."""
    texts: dict[str, list[str]] = {}
    for problem in problems:
        values = dict(problem.values)
        said = f"{_(problem.what) % values} {_(problem.remedy) % values}"
        texts.setdefault(f"{problem.item}.{problem.field}".strip("."), []).append(said)
    return texts


def _readable(document: Mapping[str, Any]) -> str:
    """Return the code of a document that has the shape of a checklist."""
    try:
        code = read_document(document).code
    except ItemUnreadable as unreadable:
        raise ChecklistNotValid(fields={unreadable.path or "document": [unreadable.what]}) from None
    if not 1 <= len(code) <= MOST_CODE:
        raise ChecklistNotValid(fields={"code": [_("1 to %(n)s characters") % {"n": MOST_CODE}]})
    return code


def _run_trial(checklist: ChecklistVersion, actor: Member, at: datetime) -> None:
    live = Clearance.objects.filter(state=ClearanceState.LIVE)
    known = dict(live.values_list("version_id", "decision__findings"))
    answers = dict(live.values_list("version_id", "decision__attested"))
    results = {
        version_id: selectors.answered(result, answers[version_id] or {}, at)
        for version_id, result in selectors.judged(list(known), checklist, at).items()
    }
    trial = Trial.objects.create(
        checklist=checklist,
        items_hash=checklist.items_hash,
        at=at,
        versions_count=len(results),
        blocked_count=sum(result.blocked for result in results.values()),
    )
    TrialFinding.objects.bulk_create(
        finding
        for version_id, result in results.items()
        for finding in _new_findings(trial, result, known[version_id])
    )
    detail = {"versions": trial.versions_count, "blocked": trial.blocked_count}
    record("checklist", checklist.pk, "run", actor=actor, at=at, detail=detail)


def _new_findings(
    trial: Trial, result: Judged, findings: Sequence[Mapping[str, Any]]
) -> list[TrialFinding]:
    """Return what the list says that the decision behind the clearance did not say so gravely."""
    said = {finding["code"]: finding["status"] for finding in findings}
    return [
        TrialFinding(
            trial=trial,
            version=result.known.version,
            item=finding.code,
            blocks=finding.blocks,
            finding=finding_document(finding),
        )
        for finding in result.findings
        if said.get(finding.code) != finding.status
    ]
