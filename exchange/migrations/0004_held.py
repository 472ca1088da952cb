"""What comes together in a buyer's hands is read with the rest of the gate."""

from django.db import migrations

from core.sqlfiles import install_sql


class Migration(migrations.Migration):
    """Install the functions that read and place orders."""

    dependencies = [
        ("exchange", "0003_exports"),
        ("compliance", "0006_cleared_facts"),
        ("listings", "0003_subject"),
    ]
    operations = [install_sql("exchange", "held"), install_sql("exchange", "gate")]
