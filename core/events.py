"""Events and the work they cause. Invariant: an accepted move and its event commit together.

The roof registers which reactions follow which event; nothing here knows what they do.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps

from core.actors import Member
from core.canonical import plain

_REACTIONS: dict[tuple[str, str], tuple[str, ...]] = {}


def register_reactions(table: Mapping[tuple[str, str], Sequence[str]]) -> None:
    """Set the table (subject, verb) → names of reactions; called once, by the roof."""
    _REACTIONS.clear()
    _REACTIONS.update({key: tuple(names) for key, names in table.items()})


def reactions_to(subject: str, verb: str) -> tuple[str, ...]:
    """Return the names of the reactions that follow `verb` of `subject`."""
    return _REACTIONS.get((subject, verb), ())


def record(
    subject: str,
    subject_id: UUID,
    verb: str,
    *,
    before: str = "",
    after: str = "",
    actor: Member,
    at: datetime,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append one event, and one row of work for each reaction to it."""
    record_many(
        subject,
        [subject_id],
        verb,
        before=before,
        after=after,
        actor=actor,
        at=at,
        reason=reason,
        detail=detail,
    )


def record_many(
    subject: str,
    subject_ids: Iterable[UUID],
    verb: str,
    *,
    before: str = "",
    after: str = "",
    actor: Member,
    at: datetime,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append one event for each of `subject_ids`, in two statements whatever their number."""
    event_model = apps.get_model("core", "Event")
    work_model = apps.get_model("core", "Work")
    events = event_model._default_manager.bulk_create(
        event_model(
            subject=subject,
            subject_id=subject_id,
            verb=verb,
            before=before,
            after=after,
            actor_id=actor.user_id,
            organisation_id=actor.organisation_id,
            at=at,
            reason=reason,
            detail=plain(detail or {}),
        )
        for subject_id in subject_ids
    )
    reactions = reactions_to(subject, verb)
    if reactions:
        work_model._default_manager.bulk_create(
            work_model(event=event, reaction=name, retry_at=at)
            for event in events
            for name in reactions
        )


def event_row(
    subject: str,
    subject_id: UUID,
    verb: str,
    *,
    before: str = "",
    after: str = "",
    actor: Member,
    at: datetime,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the same event as a document for the SQL function `core_record_events`."""
    return {
        "subject": subject,
        "subject_id": str(subject_id),
        "verb": verb,
        "before": before,
        "after": after,
        "actor_id": actor.user_id,
        "organisation_id": str(actor.organisation_id) if actor.organisation_id else None,
        "at": at.isoformat(),
        "reason": reason,
        "detail": plain(detail or {}),
        "reactions": list(reactions_to(subject, verb)),
    }
