"""The cast and the ground of every test: real servers, a migrated template, one moment each."""

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
import pytest
from django.db import connection, connections
from django.template.base import Template
from django.test.utils import _TestState, setup_databases, teardown_databases

# The start of the run, for what is judged against no clock; what is traded takes `at`.
AT = datetime.now(UTC).replace(microsecond=0)
ROOT = Path(__file__).resolve().parent.parent
CASES = Path(os.environ.get("DATABOURSE_CASES") or ROOT.parent / "shared" / "cases")


@pytest.fixture(scope="session", autouse=True)
def drawn_as_served(django_test_environment: None) -> None:
    """Pages are drawn as the venue draws them: no test asks which templates made one, and Django's
    telling of it (a signal and a copy of the context for each of thousands) doubles the time.
    """
    Template._render = _TestState.saved_data.template_render


@pytest.fixture
def at() -> datetime:
    """The moment of the test: its start, for the database refuses a trade that is not of now."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="session")
def cases() -> Path:
    """The folder of real cases; a test that needs it says loudly when it is absent."""
    if not CASES.is_dir():
        pytest.skip(f"NO REAL CASES: {CASES} is absent; set DATABOURSE_CASES to their folder")
    return CASES


def _execute(sql: str) -> None:
    """Run `sql` outside any test transaction, on the maintenance database."""
    parameters = connection.get_connection_params()
    parameters = {k: v for k, v in parameters.items() if k not in {"cursor_factory", "context"}}
    raw = psycopg2.connect(**{**parameters, "dbname": "postgres"})
    raw.autocommit = True
    try:
        with raw.cursor() as cursor:
            cursor.execute(sql)
    finally:
        raw.close()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: "pytest.FixtureRequest"
) -> Iterator[None]:
    """The migrated test database, also where only tests with databases of their own are run."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connections.close_all()
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def template_database(django_db_setup: None, django_db_blocker: object) -> str:
    """A copy of the migrated test database that nobody writes to."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    source = connection.settings_dict["NAME"]
    connections.close_all()
    _execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{source}'")
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    return name


@pytest.fixture
def live_database(
    template_database: str, django_db_blocker: "pytest.FixtureRequest"
) -> Iterator[str]:
    """A database of the test's own, in which commits are real; dropped afterwards.

    Nothing is flushed, so append-only guards stay on. Yields its name. Threads see it too.
    """
    name = f"live_{uuid.uuid4().hex[:12]}"
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"')
    former = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            yield name
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = former
        _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
