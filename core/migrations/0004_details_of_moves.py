"""Moves with details."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from core.sqlfiles import install_sql

# The same function without details: PostgreSQL would keep it beside the new one.
BEFORE = (
    "DROP FUNCTION IF EXISTS core_record_moves("
    "text[], uuid[], text[], text[], text[], text[], bigint, uuid, timestamptz, jsonb)"
)


class Migration(migrations.Migration):
    """Let each move of many have a detail of its own."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("core", "0003_codes_and_opening")]
    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(BEFORE, reverse_sql=migrations.RunSQL.noop),
        install_sql("core", "record_moves"),
    ]
