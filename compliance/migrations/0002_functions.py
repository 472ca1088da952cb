"""SQL functions of compliance."""

from django.db import migrations

from core.sqlfiles import install_sql


class Migration(migrations.Migration):
    """Install the functions that other apps call."""

    dependencies = [("compliance", "0001_initial"), ("listings", "0002_functions")]
    operations = [
        # The files say what the functions are today: they name tables that later migrations make,
        # and those install them once more, with their bodies checked.
        migrations.RunSQL("SET LOCAL check_function_bodies = off", migrations.RunSQL.noop),
        install_sql("compliance", "live_clearance"),
        install_sql("compliance", "lock_clearance"),
        install_sql("compliance", "record_decisions"),
    ]
