"""What comes together in a buyer's hands is read with the rest of the gate."""

from django.db import migrations

from core.sqlfiles import install_sql


class Migration(migrations.Migration):
    """Install the functions that read and place orders."""

    dependencies = [
        ("exchange", "0005_exports"),
        ("compliance", "0011_cleared_facts"),
        ("listings", "0005_subject"),
    ]
    operations = [install_sql("exchange", "held"), install_sql("exchange", "gate")]
