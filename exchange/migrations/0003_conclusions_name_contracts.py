"""The hash of a contract in the event of its conclusion."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from core.sqlfiles import install_sql


class Migration(migrations.Migration):
    """Place orders with the hash of each contract in the event of its trade's conclusion."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("exchange", "0002_functions"),
        ("core", "0004_details_of_moves"),
    ]
    operations: ClassVar[list[Operation]] = [install_sql("exchange", "place")]
