"""Giving reserved money back. Invariant: a release is known by its hold and key, and is done once.

Reserving is the SQL function `settlement_hold_batch`, called where orders are placed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from core.actors import SYSTEM, Member
from core.errors import NotFound
from core.events import reactions_to
from core.service import service
from settlement import selectors
from settlement.errors import (
    HoldNotOpen,
    HoldTooSmall,
    ReferenceReused,
    SettlementUnderWay,
)
from settlement.services.posting import ledger_refusals

_REFUSALS = {
    "missing": NotFound,
    "closed": HoldNotOpen,
    "too-much": HoldTooSmall,
    "settling": SettlementUnderWay,
    "reused": ReferenceReused,
}


@dataclass(frozen=True, slots=True)
class Release:
    """What is to go back to the buyer: `amount_minor`, or all that is still held.

    `key` tells several partial releases of one hold apart.
    """

    reference: str
    amount_minor: int | None = None
    reason: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Released:
    """What became of a release: released, replayed, or why not (see `settlement_release`)."""

    reference: str
    outcome: str
    released_minor: int


@service
def release_hold(
    *,
    reference: str,
    amount_minor: int | None = None,
    reason: str,
    key: str = "",
    actor: Member,
    at: datetime,
) -> int:
    """Give held money back to its buyer, whole or in part; return how much, in minor units.

    Raises:
        NotFound: nothing is held under this reference.
        HoldNotOpen: it was settled or given back before.
        HoldTooSmall: less than this is still held.
        SettlementUnderWay: a settlement of it is requested.
        ReferenceReused: another amount was released under this key.

    """
    asked = Release(reference=reference, amount_minor=amount_minor, reason=reason, key=key)
    (done,) = release_holds(releases=[asked], actor=actor, at=at)
    if done.outcome in _REFUSALS:
        raise _REFUSALS[done.outcome](reference=reference)
    return done.released_minor


@service
def release_holds(*, releases: Sequence[Release], actor: Member, at: datetime) -> list[Released]:
    """Release many holds in one statement; each says for itself what became of it.

    A hold may be named once; naming it twice is refused as a reference that is reused.
    """
    return _release(releases, "void", actor, at)


@service
def expire_holds(*, limit: int, actor: Member, at: datetime) -> int:
    """Give back what holds past their expiry reserve, up to `limit`; return how many."""
    references = selectors.expired_holds(at=at, limit=limit)
    releases = [Release(reference=reference, reason="expired") for reference in references]
    return sum(one.outcome == "released" for one in _release(releases, "expire", SYSTEM, at))


def _release(releases: Sequence[Release], verb: str, actor: Member, at: datetime) -> list[Released]:
    if not releases:
        return []
    if len({one.reference for one in releases}) != len(releases):
        raise ReferenceReused
    document = [
        {
            "reference": one.reference,
            "amount": one.amount_minor,
            "key": one.key,
            "verb": verb,
            "reason": one.reason,
            "actor_id": actor.user_id,
            "organisation_id": str(actor.organisation_id) if actor.organisation_id else None,
            "at": at.isoformat(),
            "reactions": list(reactions_to("hold", verb)),
        }
        for one in releases
    ]
    with ledger_refusals(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome, released FROM settlement_release(%s) ORDER BY item",
            [json.dumps(document)],
        )
        rows = cursor.fetchall()
    return [
        Released(reference=one.reference, outcome=outcome, released_minor=released)
        for one, (outcome, released) in zip(releases, rows, strict=True)
    ]
