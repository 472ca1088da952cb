"""What the ORM does not declare: the sequence of product codes, statistics, functions."""

from django.db import migrations

from core.sqlfiles import install_sql


class Migration(migrations.Migration):
    """Sequence, column statistics and SQL functions of the listings."""

    dependencies = [("listings", "0001_initial"), ("core", "0002_functions")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE listings_product_code", "DROP SEQUENCE listings_product_code"
        ),
        # With the default of 100 the planner takes the wrong one of two plans for rare terms.
        migrations.RunSQL(
            "ALTER TABLE listings_catalogueentry ALTER COLUMN terms SET STATISTICS 2000",
            migrations.RunSQL.noop,
        ),
        install_sql("listings", "title_cause"),
        install_sql("listings", "offer"),
        install_sql("listings", "take_seat"),
        install_sql("listings", "release_seat"),
        install_sql("listings", "offer_cause"),
    ]
