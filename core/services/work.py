"""Draining the work that events left. Invariant: work is tried again or ends with its reason.

PostgreSQL is the queue: a claim is a row lock, which a killed worker lets go by itself. Its state
is the one that no Machine moves, for the events of a queue would bury those of the venue (ADR 10).
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from core.errors import DomainError
from core.models import Event, Work
from core.states import WorkState

log = logging.getLogger(__name__)
MAX_TRIES = 8
Reaction = Callable[[list[Event], datetime], None]


def pause_after(tries: int) -> timedelta:
    """Return how long to wait after so many failed tries: 2 s, 4 s, … at most 10 minutes."""
    return timedelta(seconds=min(2**tries, 600))


def drain(
    *, reactions: Mapping[str, Reaction], limit: int, clock: Callable[[], datetime]
) -> dict[str, int]:
    """Carry out work that is due, up to `limit` rows of each reaction in one transaction each.

    A batch that fails is tried again one event at a time, so that one bad event holds up no
    other. Returns how much was done by reaction.
    """
    done: dict[str, int] = {}
    for name, reaction in reactions.items():
        claimed = _carry_out(name, reaction, limit, clock())
        if claimed:
            done[name] = claimed
    return done


def _carry_out(name: str, reaction: Reaction, limit: int, at: datetime) -> int:
    try:
        return _batch(name, reaction, limit, at)
    except Exception as error:  # noqa: BLE001 - recorded with its reason, one event at a time
        log.warning("%s failed for a batch, taking it one by one: %s", name, error)
    count = 0
    for work_id in list(_due(name, at)[:limit].values_list("pk", flat=True)):
        try:
            count += _batch(name, reaction, 1, at, work_id)
        except Exception as error:  # noqa: BLE001 - recorded with its reason just below
            _put_off(work_id, error, at)
    return count


def _due(name: str, at: datetime) -> QuerySet[Work]:
    return Work.objects.filter(reaction=name, state=WorkState.DUE, retry_at__lte=at).order_by(
        "retry_at", "pk"
    )


def _batch(
    name: str, reaction: Reaction, limit: int, at: datetime, work_id: int | None = None
) -> int:
    with transaction.atomic():
        due = _due(name, at).select_for_update(skip_locked=True)
        if work_id is not None:
            due = due.filter(pk=work_id)
        claimed = list(due[:limit])
        if not claimed:
            return 0
        events = Event.objects.filter(pk__in=[work.event_id for work in claimed]).order_by("id")
        reaction(list(events), at)
        done = Work.objects.filter(pk__in=[work.pk for work in claimed], state=WorkState.DUE)
        done.update(state=WorkState.DONE)
    return len(claimed)


def _put_off(work_id: int, error: Exception, at: datetime) -> None:
    work = Work.objects.get(pk=work_id)
    tries = work.tries + 1
    reason = f"{error.code}: {error}" if isinstance(error, DomainError) else repr(error)
    final = tries >= MAX_TRIES
    log.error("%s of event %s failed (try %s): %s", work.reaction, work.event_id, tries, reason)
    Work.objects.filter(pk=work_id, state=WorkState.DUE).update(
        tries=tries,
        reason=reason[:2000],
        retry_at=at + pause_after(tries),
        state=WorkState.FAILED if final else WorkState.DUE,
    )
