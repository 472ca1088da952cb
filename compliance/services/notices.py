"""Telling vendors what a list changes for them. Invariant: each is told once for each phase."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from compliance import selectors
from compliance.models import ChangeNotice, ChecklistVersion
from core.actors import Member
from core.events import record, record_many
from core.service import service


def announce(checklist: ChecklistVersion, *, actor: Member, at: datetime) -> None:
    """Let the vendors be told, once the re-run of a scheduled, locked list is done.

    A list that takes force at this moment is not announced: that it did is told instead.
    """
    if checklist.announced_at is not None or checklist.effective_at is None:
        return
    if checklist.effective_at <= at:
        return
    checklist.announced_at = at
    ChecklistVersion.objects.filter(pk=checklist.pk).update(announced_at=at)
    record("checklist", checklist.pk, "announce", actor=actor, at=at)


@service(may="author")
def note_changes(
    *, checklist_ids: Collection[UUID], phase: str, actor: Member, at: datetime
) -> int:
    """Make a notice for each vendor for which these lists change something; return how many.

    A vendor that has its notice of that phase already gets none: a second call has no effect.
    """
    made = 0
    for checklist_id in sorted(checklist_ids):
        told = set(
            ChangeNotice.objects.filter(checklist=checklist_id, phase=phase).values_list(
                "organisation_id", flat=True
            )
        )
        changed = selectors.changed_versions(checklist_id)
        rows = ChangeNotice.objects.bulk_create(
            ChangeNotice(
                checklist_id=checklist_id,
                organisation_id=vendor_id,
                phase=phase,
                versions_count=len(versions),
                at=at,
            )
            for vendor_id, versions in sorted(changed.items())
            if vendor_id not in told
        )
        record_many(
            "change-notice", [row.pk for row in rows], "make", actor=actor, at=at, reason=phase
        )
        made += len(rows)
    return made
