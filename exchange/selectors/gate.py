"""The one read before an order is judged. Invariant: nothing that decides it is cached.

Whatever the gate needs of version, clearance and its causes, plan, parties, money and the
idempotency key comes in one statement, for one order or for many.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from compliance.facts import outside_mainland
from core.arrays import array
from exchange.judging import Known

# As text: the driver would read a document before it is known which parts are wanted.
_SQL = "SELECT exchange_gate(%s::uuid[], %s::uuid[], %s::boolean[], %s, %s::uuid, %s)::text"


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer kept under an idempotency key."""

    input_hash: str
    status: int
    body: Any


@dataclass(frozen=True, slots=True)
class Context:
    """What the gate reads, and the answer that was given before under the same key."""

    known: Known
    kept: Kept | None


def gate_contexts(
    wanted: Sequence[tuple[UUID, UUID, str]], *, at: datetime, scope: UUID | None, key: str
) -> list[Context]:
    """Return the context of each (plan, buyer, territory) wanted, in order, in one statement."""
    plans, buyers, territories = zip(*wanted, strict=True) if wanted else ((), (), ())
    outside = array(outside_mainland(territory) for territory in territories)
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [array(plans), array(buyers), outside, at, scope, key])
        return [_context(json.loads(text)) for (text,) in cursor.fetchall()]


def _context(found: dict[str, Any]) -> Context:
    kept = found.pop("kept")
    fee = _schedule(found.pop("fee"))
    return Context(known=Known(fee=fee, **found), kept=Kept(**kept) if kept else None)


@lru_cache(maxsize=64)
def _schedule(text: str | None) -> dict[str, Any] | None:
    """Return a fee schedule from its text, which is all that it depends on."""
    return json.loads(text) if text else None
