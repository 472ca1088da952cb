"""Answering once. Invariant: effect and recorded answer commit together, or neither does."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
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
    *,
    scope: UUID,
    key: str,
    input_hash: str,
    at: datetime,
    run: Callable[[], tuple[int, Any]],
    unkept: Collection[str] = (),
) -> Answer:
    """Run `run` unless the same request was answered before; then return that answer.

    A second request with the same key waits for the first on the unique index. The fields named
    in `unkept` are secrets: they are answered the first time and never stored.

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
        kept = {name: body[name] for name in body if name not in unkept} if unkept else body
        row.update(status=status, body=kept)
    return Answer(status, body, replayed=False)


def replay(row: IdempotencyKey, input_hash: str) -> Answer:
    """Return the answer recorded in `row`.

    Raises:
        KeyReused: it was the answer to a different request.

    """
    if row.input_hash != input_hash:
        raise KeyReused
    return Answer(row.status or 200, row.body, replayed=True)


def purge_answers(*, older_than: timedelta, limit: int, at: datetime) -> int:
    """Forget up to `limit` kept answers that are older; return how many.

    Their keys are free again: the same request sent once more then has a second effect.
    """
    old = IdempotencyKey.objects.filter(created_at__lt=at - older_than).order_by("created_at")
    chosen = list(old.values_list("pk", flat=True)[:limit])
    IdempotencyKey.objects.filter(pk__in=chosen).delete()
    return len(chosen)
