"""What the pages of checklists are made of. Invariant: drafts and trials are the venue's alone."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from compliance.models import ChecklistVersion, Trial
from compliance.selectors import readable_checklist, readable_checklists, trials
from compliance.states import CHECKLIST
from core.actors import Member, why_not
from core.models import User
from exchange.selectors.names import NamedEvents, named_events

MOST_TRIALS = 20


@dataclass(frozen=True, slots=True)
class ChecklistSheet:
    """A list with all its items, what it can be compared with, and what may be done with it.

    `writer` is who drafted it; `writes` says that this reader may write lists, `may_schedule` that
    it may also schedule this one, because others wrote it.
    """

    checklist: ChecklistVersion
    items: tuple[dict[str, Any], ...]
    evidence: dict[str, dict[str, str]]
    others: tuple[ChecklistVersion, ...]
    trials: tuple[Trial, ...]
    history: NamedEvents
    writer: str
    writes: bool
    may_schedule: bool
    verbs: tuple[str, ...]


def checklist_sheet(checklist_id: UUID, reader: Member, language: str) -> ChecklistSheet:
    """Return everything about a list that the reader may read.

    Raises:
        NotFound: there is no such list for this reader.

    """
    found = readable_checklist(checklist_id, reader)
    others = readable_checklists(reader).exclude(pk=found.pk).order_by("-created_at", "-pk")
    staff = reader.is_venue
    writes = not why_not(reader, "author")
    writer = User.objects.filter(pk=found.drafted_by_id).first() if staff else None
    wrote = reader.user_id in {found.drafted_by_id, *found.written_by}
    return ChecklistSheet(
        checklist=found,
        items=tuple(found.items["items"]),
        evidence=dict(found.items["evidence"]),
        others=tuple(others[:50]),
        trials=tuple(trials(found.pk, reader).order_by("-at", "-pk")[:MOST_TRIALS])
        if staff
        else (),
        history=named_events("checklist", found.pk, language),
        writer=writer.name if writer else "",
        writes=writes,
        may_schedule=writes and not wrote,
        verbs=CHECKLIST.verbs(found.state) if writes else (),
    )
