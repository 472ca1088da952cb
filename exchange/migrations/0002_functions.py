"""SQL functions of the roof."""

from django.db import migrations

from core.sqlfiles import install_sql


class Migration(migrations.Migration):
    """Install the function that places orders."""

    dependencies = [
        ("exchange", "0001_initial"),
        ("compliance", "0002_functions"),
        ("settlement", "0002_functions"),
    ]
    operations = [install_sql("exchange", "gate"), install_sql("exchange", "place")]
