"""What a version is about, for whoever adds up what a buyer holds."""

from django.db import migrations

from core.sqlfiles import install_sql


class Migration(migrations.Migration):
    """Install the function that other apps call."""

    dependencies = [("listings", "0004_price_terms")]
    operations = [install_sql("listings", "subject")]
