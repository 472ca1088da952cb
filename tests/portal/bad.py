"""What no form should hold: one value for each way in which a box can be wrong."""

from django.db import connection
from django.db.models import Model

BAD: dict[str, str] = {
    "a NUL": "a\x00b",
    "a lone surrogate": "\ud800",
    "a megabyte": "x" * 1_000_000,
    "a comma": ",",
    "a full-width comma": "，",
    "below zero": "-5",
    "far too many": str(10**30),
    "the last day": "9999-12-31",
    "no choice": "no-such-choice",
    "letters that grow": "ßß",
}


def rows_of(*kinds: type[Model]) -> tuple[int, ...]:
    """How many rows each table has, in one statement: asked thousands of times."""
    each = ", ".join(f'(SELECT count(*) FROM "{kind._meta.db_table}")' for kind in kinds)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}")
        return tuple(cursor.fetchone())
