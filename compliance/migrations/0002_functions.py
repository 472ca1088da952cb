"""SQL functions of compliance."""

from django.db import migrations

from core.sqlfiles import install_sql


class Migration(migrations.Migration):
    """Install the functions that other apps call."""

    dependencies = [("compliance", "0001_initial"), ("listings", "0002_functions")]
    operations = [
        install_sql("compliance", "live_clearance"),
        install_sql("compliance", "lock_clearance"),
        install_sql("compliance", "record_decisions"),
    ]
