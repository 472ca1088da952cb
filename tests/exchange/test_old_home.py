"""Data that another state of the software made: one sentence says so, and what to do."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from core.models import Organisation
from exchange.demo import home
from tests.compliance import cast as desk
from tests.races.serving import ROOT, environment

SECONDS = 120


def told(database: str, directory: Path, *command: str) -> str:
    """What a command that ends with an error says, which has to be one line and no traceback."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(database) | {"DATABOURSE_HOME": str(directory)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    return lines[0]


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("command", [("demo", "--no-serve"), ("run",)])
def test_migrations_that_this_software_does_not_have_are_named(
    live_database: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    execute("INSERT INTO django_migrations (app, name, applied) VALUES ('core', '0099_x', now())")

    said = told(live_database, tmp_path, *command)

    assert "made by another version of Databourse" in said
    assert "core.0099_x" in said
    assert "Name another, empty database in DATABASE_URL" in said
    assert not Organisation.objects.exists()


def test_tables_that_do_not_lead_to_those_of_this_software_are_told(
    live_database: str, tmp_path: Path
) -> None:
    # As where a branch made the same column under another name of the migration.
    execute("DELETE FROM django_migrations WHERE app = 'listings' AND name LIKE '0004%'")

    said = told(live_database, tmp_path, "demo", "--no-serve")

    assert "its tables do not lead to those of this one" in said
    assert "is applied before its dependency" in said
    assert "DATABASE_URL" in said


@pytest.mark.parametrize("command", [("demo", "--no-serve"), ("demo_market",), ("trading_day",)])
def test_market_of_another_first_list_is_told(
    live_database: str, tmp_path: Path, at: Any, command: tuple[str, ...]
) -> None:
    desk.in_force(at)
    before = Organisation.objects.count()

    said = told(live_database, tmp_path, *command)

    assert "this day is written for the checklist 2026.3, the market has" in said
    assert "DATABASE_URL" in said
    assert Organisation.objects.count() == before


def test_who_has_embedded_servers_is_told_which_directory_to_move(
    tmp_path: Path, settings: Any
) -> None:
    settings.HOME = tmp_path
    (tmp_path / "postgres").mkdir()
    settings.DATABASES = {"default": {**settings.DATABASES["default"], "HOST": "/tmp/sockets"}}

    assert home.what_to_do() == (
        f"Move {tmp_path} away, or set DATABOURSE_HOME to another directory"
    )
