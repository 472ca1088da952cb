"""The cast and the ground of every test: real servers, a migrated template, one moment each."""

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest
from django.db import connection, connections
from django.template.base import Template
from django.test.utils import _TestState, setup_databases, teardown_databases

from tests.exchange import cast

# The start of the run, for what is judged against no clock; what is traded takes `at`.
AT = datetime.now(UTC).replace(microsecond=0)
# Files that take longer than ten seconds, the longest first.
LONGEST = (
    "test_trading_day",
    "test_catalogue_day",
    "test_fuzz.py",
    "test_orders_without_the_lock",
    "test_every_operation",
    "test_bad_input",
    "test_opening_day",
    "test_bench",
    "tests/browser",
    "tests/races",
    "test_tenancy",
    "test_run.py",
    "test_launcher",
    "test_every_machine",
    "test_bad_writing",
    "test_labelled",
    "test_books",
    "test_import_catalogue",
    "test_settings",
    "test_scan_memory",
    "test_fuzz_rules",
)
ROOT = Path(__file__).resolve().parent.parent
CASES = Path(os.environ.get("DATABOURSE_CASES") or ROOT.parent / "shared" / "cases")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left alone with it at the end."""
    items.sort(
        key=lambda item: next((n for n, part in enumerate(LONGEST) if part in item.nodeid), 99)
    )


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


def _at_database(name: str) -> None:
    """Let the connection stand on another database from its next statement on."""
    connections.close_all()
    connection.settings_dict["NAME"] = name


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
    template_database: str,
    django_db_blocker: "pytest.FixtureRequest",
    request: pytest.FixtureRequest,
) -> Iterator[str]:
    """A database of the test's own, in which commits are real; dropped afterwards.

    Nothing is flushed, so append-only guards stay on. Yields its name. Threads see it too.
    """
    name, template = f"live_{uuid.uuid4().hex[:12]}", template_database
    if "standing_market" in request.fixturenames:
        template, _made = request.getfixturevalue("market_database")
    former = connection.settings_dict["NAME"]
    _at_database(name)
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            yield name
    finally:
        _at_database(former)
        _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def market_database(
    template_database: str, django_db_blocker: "pytest.FixtureRequest"
) -> tuple[str, cast.Market]:
    """A copy of the migrated database in which a market stands, made once by the services."""
    name = f"market_{uuid.uuid4().hex[:12]}"
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"')
    former = connection.settings_dict["NAME"]
    _at_database(name)
    try:
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            # Before every test, so that what a test sets from its own moment on comes later.
            made = cast.market(datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1))
    finally:
        _at_database(former)
    return name, made


@pytest.fixture(scope="module")
def market_ground(market_database: tuple[str, cast.Market]) -> Iterator[cast.Market]:
    """The tests of a module on that database: what they write is rolled back, as on the other."""
    former = connection.settings_dict["NAME"]
    name, made = market_database
    _at_database(name)
    yield made
    _at_database(former)


@pytest.fixture
def standing_market(market_ground: cast.Market) -> Iterator[None]:
    """The first plain `cast.market` of the test is the one that stands, and costs nothing.

    To be used by a whole module. For tests that trade: what they are about begins after it.
    """
    with cast.standing(market_ground):
        yield
