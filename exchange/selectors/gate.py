"""The one read before an order is judged. Invariant: nothing that decides it is cached.

Whatever the gate needs of version, clearance and its causes, plan, parties, money and the
idempotency key comes in one statement, for one order or for many.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from exchange.judging import Known

_SQL = """
    SELECT * FROM exchange_gate(
        %(plans)s::uuid[], %(buyers)s::uuid[], %(at)s, %(scope)s::uuid, %(key)s)
"""


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
    wanted: Sequence[tuple[UUID, UUID]], *, at: datetime, scope: UUID | None, key: str
) -> list[Context]:
    """Return the context of each (plan, buyer) wanted, in that order, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "plans": [str(plan) for plan, _ in wanted],
                "buyers": [str(buyer) for _, buyer in wanted],
                "at": at,
                "scope": scope,
                "key": key,
            },
        )
        rows = cursor.fetchall()
    return [
        Context(
            known=Known(
                offer=_json(row[1]) if row[1] else None,
                clearance=_json(row[2]) if row[2] else None,
                available_minor=row[3] or 0,
                fee=_json(row[4]) if row[4] else None,
                buyer=_json(row[5]),
                orders_last_year=row[6],
            ),
            kept=Kept(row[7], row[8] or 200, _json(row[9])) if row[7] else None,
        )
        for row in rows
    ]


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
