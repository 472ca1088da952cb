"""What leaves the mainland, counted by exporter. Invariant: who changes a count holds it."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from compliance.models import ExportKind, ExportRow

# The same two numbers as in compliance/sql/export_room.sql: whoever counts holds them.
_LOCK = "SELECT pg_advisory_xact_lock(20240322, hashtext(%s))"


def lock_exporter(organisation_id: UUID) -> None:
    """Hold an exporter's counts until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [str(organisation_id)])


def locked_reservations(references: Collection[UUID]) -> list[ExportRow]:
    """Return, locked, what is reserved for some trades and has not ended, by exporter."""
    rows = ExportRow.objects.filter(reference__in=references, kind=ExportKind.RESERVE)
    # The lock first: an end that was written meanwhile is seen by the statement after it.
    locked = list(
        rows.select_for_update(no_key=True).order_by("reference", "exporter").values_list("pk")
    )
    if not locked:
        return []
    ends = ExportRow.objects.filter(
        reference=OuterRef("reference"), exporter=OuterRef("exporter")
    ).exclude(kind=ExportKind.RESERVE)
    return list(rows.filter(~Exists(ends)).order_by("exporter", "reference"))
