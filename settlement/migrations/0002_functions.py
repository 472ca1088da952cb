"""What the ORM does not declare: functions, storage settings and the venue's own accounts."""

from django.db import migrations

from core.money import CURRENCIES
from core.sqlfiles import install_sql

# Rows of these tables change in place: room on the page keeps the change off the indexes, and
# an early vacuum keeps dead versions few.
ROOM = """
    ALTER TABLE settlement_balance SET (
        fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
    ALTER TABLE settlement_hold SET (
        fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05);
    ALTER TABLE settlement_settlementrequest SET (
        fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05);
"""


class Migration(migrations.Migration):
    """SQL functions and the venue's accounts in every currency that the ledger keeps."""

    dependencies = [("settlement", "0001_initial"), ("core", "0002_functions")]
    operations = [
        *[
            install_sql("settlement", name)
            for name in (
                "uuid7",
                "open_accounts",
                "open_venue",
                "available",
                "fee_schedule",
                "hold_batch",
                "hold",
                "release_post",
                "release",
                "settle_post",
                "settle",
                "post",
                "balance_of",
                "snapshot",
            )
        ],
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
        migrations.RunSQL(
            [("SELECT settlement_open_venue(%s)", [currency]) for currency in CURRENCIES],
            migrations.RunSQL.noop,
        ),
    ]
