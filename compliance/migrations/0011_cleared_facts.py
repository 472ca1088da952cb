"""What a clearance carries, for whoever adds up what a buyer holds."""

from django.db import migrations

from core.sqlfiles import install_sql


class Migration(migrations.Migration):
    """Install the functions that other apps call."""

    dependencies = [("compliance", "0010_gradings")]
    operations = [install_sql("compliance", "cleared_facts")]
