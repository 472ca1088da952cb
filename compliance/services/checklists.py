"""The life of a checklist up to its schedule. Invariant: nothing is tried before it is validated.

Validation runs every example in a child process; from the trial on, the items never change.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
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
from compliance.models import ChecklistVersion
from compliance.rules import (
    ItemUnreadable,
    Problem,
    SealBroken,
    line_of,
    open_sealed,
    read_document,
    validate_in_child,
)
from compliance.services.trials import abandon_trials, new_trial
from compliance.states import CHECKLIST, ChecklistState, TrialState
from core.actors import Member
from core.canonical import digest
from core.errors import Conflict, FourEyes, Malformed
from core.events import record
from core.service import service

MOST_CODE = 20
# Who waits longer drafts another list: what is scheduled keeps every other one waiting.
LONGEST_WAIT = timedelta(days=731)


@service(may="author")
def draft_checklist(
    *, document: Mapping[str, Any], actor: Member, at: datetime
) -> ChecklistVersion:
    """Draft a list. Its items may still be wrong, but they can be read.

    Raises:
        ChecklistNotValid: the document is not of the shape of a checklist.
        ChecklistCodeTaken: there is a list of this code.
    """
    return _drafted(document, actor, at)


@service(may="author")
def copy_checklist(
    *, checklist_id: UUID, code: str, actor: Member, at: datetime
) -> ChecklistVersion:
    """Draft a list with the items of another, under a code of its own.

    Raises:
        NotFound: there is no such list for this author.
        ChecklistNotValid: the code is none.
        ChecklistCodeTaken: there is a list of this code.
    """
    copied = selectors.readable_checklist(checklist_id, actor)
    return _drafted({**copied.items, "code": code}, actor, at, copied=copied.code)


@service(may="author")
def import_checklist(
    *, text: str, code: str = "", key: str = "", actor: Member, at: datetime
) -> ChecklistVersion:
    """Draft a list from the signed document `text` of another venue.

    Its seal and every example of its items are tried first. `code` is the one that it gets here,
    its own by default; `key` is the id of the only key that is accepted, any by default.

    Raises:
        ChecklistNotValid: it is no signed list, or was changed; with line, field and reason.
        ChecklistExamplesFail: it does not hold here, item by item, with line, field and reason.
        ChecklistCodeTaken: there is a list of this code.
    """
    try:
        sealed = open_sealed(text, key=key)
    except SealBroken as broken:
        raise ChecklistNotValid(**_placed(text, [(broken.problem, broken.line)])) from None
    document = {**sealed.checklist, "code": code or sealed.checklist.get("code")}
    try:
        read_document(document)
    except ItemUnreadable as unreadable:
        found = Problem("", unreadable.path, "shape", unreadable.what, "")
        raise ChecklistNotValid(**_placed(text, [(found, None)])) from None
    problems = validate_in_child(document)
    if problems:
        raise ChecklistExamplesFail(**_placed(text, [(one, None) for one in problems]))
    origin = {**sealed.origin, "imported_at": at.isoformat()}
    return _drafted(document, actor, at, origin=origin)


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
    checklist = locked_draft(checklist_id)
    if code != checklist.code:
        raise Malformed(fields={"code": [_("stays %(c)s") % {"c": checklist.code}]})
    return write_items(checklist, document, actor=actor, at=at)


@service(may="author")
def try_checklist(*, checklist_id: UUID, actor: Member, at: datetime) -> ChecklistVersion:
    """Validate a draft, freeze it, and begin its trial over the live catalogue.

    Who puts a list on trial that nobody here wrote answers for it, and cannot schedule it.

    Raises:
        ChecklistExamplesFail: with everything that is wrong, item by item.
        IllegalTransition: it is no draft.
    """
    checklist = selectors.locked_checklist(checklist_id)
    CHECKLIST.after(checklist.state, "try")
    problems = validate_in_child(checklist.items)
    if problems:
        raise ChecklistExamplesFail(fields=problem_texts(problems))
    answering = checklist.written_by or _writer(actor)
    tried = CHECKLIST.move(checklist, "try", actor=actor, at=at, written_by=answering)
    new_trial(tried, actor=actor, at=at)
    return tried


@service(may="author")
def revise_checklist(*, checklist_id: UUID, actor: Member, at: datetime) -> ChecklistVersion:
    """Take a list from its trial back into draft; a trial that still runs is abandoned.

    Raises:
        IllegalTransition: it is not in trial.
    """
    checklist = selectors.locked_checklist(checklist_id)
    revised = CHECKLIST.move(checklist, "revise", actor=actor, at=at)
    abandon_trials(revised, actor=actor, at=at, reason="revised")
    return revised


@service(may="author")
def schedule_checklist(
    *, checklist_id: UUID, effective_at: datetime, actor: Member, at: datetime
) -> ChecklistVersion:
    """Set when a list that was tried takes force. The live clearances are re-run until then.

    Raises:
        FourEyes: who wrote any of it cannot schedule it.
        Conflict: its trial against the list in force has not been run to its end yet.
        Malformed: the date lies in the past, or too far ahead.
        ChecklistAlreadyScheduled: only one list can wait at a time.
        IllegalTransition: it is not in trial.
    """
    checklist = selectors.locked_checklist(checklist_id)
    CHECKLIST.after(checklist.state, "schedule")
    if actor.user_id in {checklist.drafted_by_id, *checklist.written_by} - {None}:
        raise FourEyes
    if effective_at < at:
        raise Malformed(fields={"effective_at": [_("must not lie in the past")]})
    if effective_at > at + LONGEST_WAIT:
        raise Malformed(fields={"effective_at": [_("must lie within two years")]})
    if not selectors.standing_trials(checklist, at).filter(state=TrialState.FINISHED).exists():
        raise Conflict(
            _("Its trial against the list now in force has not been run to its end yet.")
        )
    if ChecklistVersion.objects.filter(state=ChecklistState.SCHEDULED).exists():
        raise ChecklistAlreadyScheduled
    try:
        with transaction.atomic():
            scheduled = CHECKLIST.move(
                checklist,
                "schedule",
                actor=actor,
                at=at,
                detail={"effective_at": effective_at},
                effective_at=effective_at,
                scheduled_by_id=actor.user_id,
            )
    except IntegrityError:
        # Another list was scheduled at the same moment.
        raise ChecklistAlreadyScheduled from None
    abandon_trials(scheduled, actor=actor, at=at, reason="scheduled")
    return scheduled


def locked_draft(checklist_id: UUID) -> ChecklistVersion:
    """Return and lock a list that can still be changed.

    Raises:
        NotFound: there is none.
        Conflict: it is no draft any more.
    """
    checklist = selectors.locked_checklist(checklist_id)
    if checklist.state != ChecklistState.DRAFT:
        raise Conflict(_("Only a draft can be changed; take the list back into draft first."))
    return checklist


def write_items(
    checklist: ChecklistVersion,
    document: Mapping[str, Any],
    *,
    actor: Member,
    at: datetime,
    verb: str = "save",
    **said: Any,
) -> ChecklistVersion:
    """Replace the items of a locked draft, and remember who did."""
    writers = sorted({*checklist.written_by, *_writer(actor)})
    checklist.items, checklist.items_hash = dict(document), digest(document)
    checklist.written_by = writers
    ChecklistVersion.objects.filter(pk=checklist.pk).update(
        items=checklist.items, items_hash=checklist.items_hash, written_by=writers
    )
    detail = {"items_hash": checklist.items_hash, **said}
    record("checklist", checklist.pk, verb, actor=actor, at=at, detail=detail)
    return checklist


def problem_texts(problems: Sequence[Problem]) -> dict[str, list[str]]:
    """Return `item.field` → what is wrong and what to do, in the reader's language."""
    texts: dict[str, list[str]] = {}
    for problem in problems:
        said = selectors.problem_text(problem)
        texts.setdefault(f"{problem.item}.{problem.field}".strip("."), []).append(said)
    return texts


def _drafted(
    document: Mapping[str, Any],
    actor: Member,
    at: datetime,
    *,
    origin: dict[str, Any] | None = None,
    **said: Any,
) -> ChecklistVersion:
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
                written_by=_writer(actor),
                origin=origin,
                created_at=at,
            )
    except IntegrityError:
        raise ChecklistCodeTaken(code=code) from None
    detail = {"items_hash": checklist.items_hash, "origin": origin, **said}
    record(
        "checklist",
        checklist.pk,
        "draft" if origin is None else "import",
        after=checklist.state,
        actor=actor,
        at=at,
        detail=detail,
    )
    return checklist


def _writer(actor: Member) -> list[int]:
    return [] if actor.user_id is None else [actor.user_id]


def _placed(text: str, found: Sequence[tuple[Problem, int | None]]) -> dict[str, Any]:
    """Return the fields and the list of problems of a refused document, each with its line."""
    codes: dict[str, int] = {}
    try:
        items = json.loads(text)["signed"]["checklist"]["items"]
        codes = {item["code"]: number for number, item in enumerate(items)}
    except (ValueError, TypeError, KeyError, RecursionError):
        # What cannot be read has no items to place anything in.
        pass
    problems: list[dict[str, Any]] = []
    fields: dict[str, list[str]] = {}
    for one, known in found:
        reason = selectors.problem_text(one)
        path = f"{one.item}.{one.field}".strip(".") or "document"
        line = known
        if line is None:
            place = f"items.{codes[one.item]}.{one.field}" if one.item in codes else one.field
            line = line_of(text, f"signed.checklist.{place.partition(':')[0]}".strip("."))
        problems.append({"line": line, "field": path, "reason": reason})
        fields.setdefault(path, []).append(
            _("line %(line)s: %(reason)s") % {"line": line, "reason": reason}
        )
    return {"fields": fields, "problems": problems}


def _readable(document: Mapping[str, Any]) -> str:
    """Return the code of a document that has the shape of a checklist."""
    try:
        code = read_document(document).code
    except ItemUnreadable as unreadable:
        raise ChecklistNotValid(fields={unreadable.path or "document": [unreadable.what]}) from None
    if not 1 <= len(code) <= MOST_CODE:
        raise ChecklistNotValid(fields={"code": [_("1 to %(n)s characters") % {"n": MOST_CODE}]})
    return code
