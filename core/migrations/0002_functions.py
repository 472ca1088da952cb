"""SQL functions of the ground floor."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from core.sqlfiles import install_sql


class Migration(migrations.Migration):
    """Install the functions that other apps call."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("core", "0001_initial")]
    operations: ClassVar[list[Operation]] = [
        install_sql("core", "record_events"),
        install_sql("core", "record_moves"),
        install_sql("core", "keep_answer"),
        install_sql("core", "may"),
    ]
