"""SQL functions of the roof."""

from django.db import migrations

from core.sqlfiles import install_sql

# A contract is about 2 kB: kept whole in its row, it is neither compressed nor written twice.
WHOLE = "ALTER TABLE exchange_contract SET (toast_tuple_target = 8000)"


class Migration(migrations.Migration):
    """Install the functions that read and place orders; then let no setting open a guard.

    It comes after every trigger of every app: each writes the library's own version again.
    """

    dependencies = [
        ("exchange", "0001_initial"),
        ("compliance", "0002_functions"),
        ("delivery", "0002_deletions"),
        ("settlement", "0002_functions"),
    ]
    operations = [
        install_sql("exchange", "gate"),
        install_sql("exchange", "place"),
        migrations.RunSQL(WHOLE, reverse_sql=migrations.RunSQL.noop),
        install_sql("core", "guards_hold"),
    ]
