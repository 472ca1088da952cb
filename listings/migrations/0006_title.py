"""Rights and mandates count at the gate from the moment in which they end."""

from django.db import migrations

from core.sqlfiles import install_sql


class Migration(migrations.Migration):
    """Ask for the title of what is offered, wherever it is asked what is offered."""

    dependencies = [("listings", "0005_subject")]
    operations = [
        install_sql("listings", "title_cause"),
        # Its columns are others than they were.
        migrations.RunSQL("DROP FUNCTION IF EXISTS listings_offer(uuid)", migrations.RunSQL.noop),
        install_sql("listings", "offer"),
        install_sql("listings", "offer_cause"),
    ]
