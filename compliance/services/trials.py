"""Trials of lists over the catalogue. Invariant: a trial changes nothing, and no version runs twice.

A batch is one transaction: what a killed worker leaves, the next one takes up behind the last
version that was stored. The list itself runs in a child process with a time limit.
"""  # noqa: E501

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from compliance import selectors
from compliance.facts import to_document
from compliance.models import ChecklistVersion, Trial, TrialFinding
from compliance.rules import (
    BLOCKING,
    ChildFailed,
    Finding,
    VersionCase,
    finding_document,
    finding_from_document,
    run_in_child,
    verdict,
)
from compliance.selectors import Judgement
from compliance.states import CHECKLIST, OPEN_TRIAL, TRIAL, ChecklistState, TrialState
from core.actors import Member
from core.errors import Conflict
from core.events import record
from core.service import service

SUPERSEDED = "superseded"


@service(may="author")
def begin_trial(*, checklist_id: UUID, actor: Member, at: datetime) -> Trial:
    """Run a list on trial once more over the catalogue as it is now.

    Raises:
        NotFound: there is no such list.
        IllegalTransition: it is not on trial.
        Conflict: a trial of it runs already.
    """
    checklist = selectors.locked_checklist(checklist_id)
    if checklist.state != ChecklistState.TRIAL:
        CHECKLIST.after(checklist.state, "try")
        raise Conflict(_("A draft is not run over the catalogue; put it on trial first."))
    if Trial.objects.filter(checklist=checklist, state__in=OPEN_TRIAL).exists():
        raise Conflict(_("A trial of it runs already."))
    return new_trial(checklist, actor=actor, at=at)


@service(may="author")
def interrupt_trial(*, checklist_id: UUID, trial_id: UUID, actor: Member, at: datetime) -> Trial:
    """Stop a trial behind the batch that runs; it can be resumed there.

    Raises:
        NotFound: there is no such trial of that list.
        IllegalTransition: it does not run.
    """
    trial = selectors.locked_trial(checklist_id, trial_id)
    return TRIAL.move(trial, "interrupt", actor=actor, at=at)


@service(may="author")
def resume_trial(*, checklist_id: UUID, trial_id: UUID, actor: Member, at: datetime) -> Trial:
    """Let an interrupted trial go on behind the last version that it reached.

    Raises:
        NotFound: there is no such trial of that list.
        IllegalTransition: it is not interrupted.
    """
    trial = selectors.locked_trial(checklist_id, trial_id)
    return TRIAL.move(trial, "resume", actor=actor, at=at)


@service(may="author")
def run_trials(*, limit: int, actor: Member, at: datetime) -> int:
    """Run the oldest trial that nobody else works on over its next `limit` versions.

    Returns 1 if there was one, else 0. Nothing but the trial's own rows is written. A trial whose
    measure has changed, because another list took force, is abandoned and begun anew.
    """
    waiting = Trial.objects.filter(state=TrialState.RUNNING).order_by("at", "pk")
    trial = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if trial is None:
        return 0
    checklist = ChecklistVersion.objects.get(pk=trial.checklist_id)
    if trial.against_id != selectors.in_force_id(at):
        TRIAL.move(trial, "abandon", actor=actor, at=at, reason=SUPERSEDED, fault=SUPERSEDED)
        new_trial(checklist, actor=actor, at=at)
        return 1
    versions = list(selectors.trial_candidates(after=trial.reached)[:limit])
    cases = selectors.former_judgements(versions)
    try:
        results = _run(checklist, cases, at)
    except ChildFailed as failed:
        code = failed.problem.code
        TRIAL.move(trial, "fail", actor=actor, at=at, reason=code, fault=code)
        return 1
    TrialFinding.objects.bulk_create(row for one in results for row in _rows(trial, one))
    if versions:
        _store(trial, results, versions[-1], at)
    if len(versions) < limit:
        _finish(trial, checklist, actor, at)
    return 1


def new_trial(checklist: ChecklistVersion, *, actor: Member, at: datetime) -> Trial:
    """Begin a trial of a locked list; a worker carries it on."""
    trial = Trial.objects.create(
        checklist=checklist,
        against_id=selectors.in_force_id(at),
        items_hash=checklist.items_hash,
        at=at,
        total_count=selectors.trial_candidates().count(),
    )
    record("trial", trial.pk, "begin", after=trial.state, actor=actor, at=at)
    return trial


def abandon_trials(
    checklist: ChecklistVersion, *, actor: Member, at: datetime, reason: str
) -> None:
    """Abandon the trial of a list that still runs, if there is one."""
    rows = Trial.objects.filter(checklist=checklist, state__in=OPEN_TRIAL)
    TRIAL.move_all(rows, "abandon", actor=actor, at=at, reason=reason, fault=reason)


@dataclass(frozen=True, slots=True)
class _Result:
    """What the list on trial says of one version, beside what was said of it last."""

    former: Judgement
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        return verdict(self.findings) in BLOCKING


def _run(checklist: ChecklistVersion, cases: Sequence[Judgement], at: datetime) -> list[_Result]:
    known = selectors.gathered([one.version_id for one in cases], at)
    asked = [
        VersionCase(
            facts=to_document(known[one.version_id].facts),
            evidence=tuple(sorted(known[one.version_id].evidence)),
            # What nobody cleared was never put to a reviewer either.
            answers=selectors.yes_or_no(one.attested) if one.cleared else None,
        )
        for one in cases
    ]
    found = run_in_child(checklist.items, asked, at=at)
    return [_Result(former, findings) for former, findings in zip(cases, found, strict=True)]


def _rows(trial: Trial, result: _Result) -> Iterable[TrialFinding]:
    """Return the items that speak otherwise now: newly blocking, freed, or only noted."""
    said = {one["code"]: one for one in result.former.findings}
    now = {one.code: one for one in result.findings}
    for code, finding in now.items():
        blocked = code in said and finding_from_document(said[code]).blocks
        if blocked and not finding.blocks:
            continue
        if code not in said or said[code]["status"] != finding.status:
            blocks = finding.blocks and not blocked
            yield _row(trial, result, code, finding_document(finding), blocks=blocks)
    for code, document in said.items():
        still = code in now and now[code].blocks
        if finding_from_document(document).blocks and not still:
            yield _row(trial, result, code, document, freed=True)


def _row(
    trial: Trial, result: _Result, code: str, finding: Mapping[str, Any], **how: bool
) -> TrialFinding:
    return TrialFinding(
        trial=trial,
        version_id=result.former.version_id,
        item=code,
        finding=finding,
        **{"blocks": False, "freed": False, **how},
    )


def _store(trial: Trial, results: Sequence[_Result], reached: UUID, at: datetime) -> None:
    trial.versions_count += len(results)
    trial.blocked_count += sum(one.former.cleared and one.blocked for one in results)
    trial.freed_count += sum(not one.former.cleared and not one.blocked for one in results)
    trial.reached, trial.worked_at = reached, at
    Trial.objects.filter(pk=trial.pk, state=TrialState.RUNNING).update(
        versions_count=trial.versions_count,
        blocked_count=trial.blocked_count,
        freed_count=trial.freed_count,
        reached=trial.reached,
        worked_at=at,
    )


def _finish(trial: Trial, checklist: ChecklistVersion, actor: Member, at: datetime) -> None:
    TRIAL.move(trial, "finish", actor=actor, at=at)
    detail = {
        "versions": trial.versions_count,
        "blocked": trial.blocked_count,
        "freed": trial.freed_count,
    }
    record("checklist", checklist.pk, "run", actor=actor, at=at, detail=detail)
