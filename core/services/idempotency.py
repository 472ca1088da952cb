"""Answering once. Invariant: effect and recorded answer commit together, or neither does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from core.actors import Member
from core.canonical import plain
from core.errors import KeyReused
from core.models import IdempotencyKey


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, now or the first time."""

    status: int
    body: Any
    replayed: bool


def scope_of(member: Member) -> UUID:
    """Return whose keys these are: the membership, or the person that has none."""
    return member.membership_id or UUID(int=member.user_id or 0)


def once(
    *, scope: UUID, key: str, input_hash: str, at: datetime, run: Callable[[], tuple[int, Any]]
) -> Answer:
    """Run `run` unless the same request was answered before; then return that answer.

    A second request with the same key waits for the first on the unique index.

    Raises:
        KeyReused: the key was used for a different request.

    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_idempotencykey (scope, key, input_hash, created_at) "
                "VALUES (%s, %s, %s, %s) ON CONFLICT (scope, key) DO NOTHING",
                [scope, key, input_hash, at],
            )
            first = cursor.rowcount == 1
        row = IdempotencyKey.objects.filter(scope=scope, key=key)
        if not first:
            return replay(row.get(), input_hash)
        status, body = run()
        body = plain(body)
        row.update(status=status, body=body)
    return Answer(status, body, replayed=False)


def replay(row: IdempotencyKey, input_hash: str) -> Answer:
    """Return the answer recorded in `row`.

    Raises:
        KeyReused: it was the answer to a different request.

    """
    if row.input_hash != input_hash:
        raise KeyReused
    return Answer(row.status or 200, row.body, replayed=True)
