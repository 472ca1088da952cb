"""Data that are there already. Invariant: what another state of the software made is not touched.

A directory or database outlives the software that filled it. What this software cannot go on with
ends in one sentence that says what is wrong and what to do.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader

from compliance.models import ChecklistVersion
from core.canonical import digest

NAMED = 3


class OtherSoftware(Exception):
    """The data were made by another state of the software; the text says so and what to do."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why}. {what_to_do()}")


def what_to_do() -> str:
    """Return how to begin with data of one's own, for who has embedded servers or others."""
    home = Path(settings.HOME)
    embedded = str(settings.DATABASES["default"]["HOST"]).startswith("/")
    if embedded and (home / "postgres").is_dir():
        return f"Move {home} away, or set DATABOURSE_HOME to another directory"
    return "Name another, empty database in DATABASE_URL"


def unknown_migrations() -> list[str]:
    """Return the migrations that the database has seen and this software does not have."""
    loader = MigrationLoader(connection)
    unknown = loader.applied_migrations.keys() - loader.disk_migrations.keys()
    return sorted(f"{app}.{name}" for app, name in unknown)


def bring_up_to_date() -> None:
    """Give the database the tables of this software.

    Raises:
        OtherSoftware: it has those of another, which do not lead to these.

    """
    unknown = unknown_migrations()
    if unknown:
        more = f" and {len(unknown) - NAMED} more" if len(unknown) > NAMED else ""
        raise OtherSoftware(
            "The database was made by another version of Databourse: it has migrations that this "
            f"one does not ({', '.join(unknown[:NAMED])}{more})"
        )
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError:
        # It does not answer, or has no room: that is no matter of versions.
        raise
    except (InconsistentMigrationHistory, DatabaseError) as error:
        first = str(error).strip().partition("\n")[0].rstrip(".")
        raise OtherSoftware(
            f"The database was made by another version of Databourse, and its tables do not lead "
            f"to those of this one ({first})"
        ) from None


def check_list(document: Mapping[str, Any]) -> None:
    """Check that a market that is there was opened with the list that this day is written for.

    Raises:
        OtherSoftware: it was opened with another.

    """
    known = dict(ChecklistVersion.objects.values_list("code", "items_hash"))
    code = document["code"]
    if not known or known.get(code) == digest(document):
        return
    what = "another text of it" if code in known else f"{', '.join(sorted(known)[:NAMED])}"
    raise OtherSoftware(
        "The market was made by another version of Databourse: this day is written for the "
        f"checklist {code}, the market has {what}"
    )
