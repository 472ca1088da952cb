"""Reads of checklists. Invariant: the list in force at a moment is told by dates, not by a worker."""  # noqa: E501

from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet

from compliance.errors import NoChecklistInForce
from compliance.models import ChecklistVersion
from compliance.rules import Checklist, compile_checklist
from compliance.states import ChecklistState
from core.actors import Member
from core.errors import NotFound

PUBLIC_STATES = (ChecklistState.SCHEDULED, ChecklistState.IN_FORCE, ChecklistState.SUPERSEDED)


def checklist_in_force(at: datetime) -> ChecklistVersion:
    """Return the list in force at `at`: of those scheduled or enforced the last to take effect.

    Raises:
        NoChecklistInForce: none has taken effect yet.

    """
    found = (
        ChecklistVersion.objects.filter(
            state__in=[ChecklistState.SCHEDULED, ChecklistState.IN_FORCE], effective_at__lte=at
        )
        .order_by("-effective_at", "-id")
        .first()
    )
    if found is None:
        raise NoChecklistInForce
    return found


def in_force_id(at: datetime) -> UUID | None:
    """Return the list in force at `at`, None where none has taken effect yet."""
    try:
        return checklist_in_force(at).pk
    except NoChecklistInForce:
        return None


def compiled(checklist: ChecklistVersion) -> Checklist:
    """Return the items of a list ready to run."""
    return compile_checklist(checklist.items, document_hash=checklist.items_hash)


@lru_cache(maxsize=8)
def compiled_checklist(checklist_id: UUID) -> Checklist:
    """Return the items of a list ready to run, read once per process: they no longer change.

    Raises:
        NotFound: there is no such list, or it is still being drafted.

    """
    row = ChecklistVersion.objects.filter(pk=checklist_id).exclude(state=ChecklistState.DRAFT)
    checklist = row.first()
    if checklist is None:
        raise NotFound
    return compiled(checklist)


def readable_checklists(reader: Member) -> QuerySet[ChecklistVersion]:
    """Return the lists that bind, did or will, without items; all of them for the venue's staff."""
    rows = ChecklistVersion.objects.defer("items")
    return rows if reader.is_venue or reader.system else rows.filter(state__in=PUBLIC_STATES)


def readable_checklist(checklist_id: UUID, reader: Member) -> ChecklistVersion:
    """Return one list with its items.

    Raises:
        NotFound: there is none that the reader may read.
    """
    rows = readable_checklists(reader).defer(None)
    row = rows.filter(pk=checklist_id).first()
    if row is None:
        raise NotFound
    return row


def locked_checklist(checklist_id: UUID) -> ChecklistVersion:
    """Return and lock a list.

    Raises:
        NotFound: there is none.

    """
    rows = ChecklistVersion.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=checklist_id).first()
    if row is None:
        raise NotFound
    return row
