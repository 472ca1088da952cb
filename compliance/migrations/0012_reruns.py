"""A clearance is re-run once over a list, in one statement for any number of them."""

from django.db import migrations, models

from core.sqlfiles import install_sql


class Migration(migrations.Migration):
    """Add the index that keeps a re-run from being repeated, and the function that writes it."""

    dependencies = [("compliance", "0011_cleared_facts")]
    operations = [
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "rerun")),
                fields=("checklist", "previous"),
                name="decision_rerun_once",
            ),
        ),
        install_sql("compliance", "record_reruns"),
    ]
