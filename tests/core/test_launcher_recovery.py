"""The embedded servers after an accident: they recover, or one line says what to do."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from core.launcher.client import ask
from tests.core.launching import (
    OURSELVES,
    Installation,
    alive,
    empty_home,
    kill,
    query,
    ready_home,
    wait_until,
    watcher_of,
)


@pytest.fixture
def fresh() -> Iterator[Installation]:
    with empty_home(OURSELVES) as made:
        yield made


@pytest.fixture
def installation() -> Iterator[Installation]:
    with ready_home(OURSELVES) as made:
        yield made


def _used_once(installation: Installation) -> Path:
    """Make a home with a table in it and leave it at rest; return its data directory."""
    user = installation.use()
    query(user.told["DATABASE_URL"], "CREATE TABLE kept AS SELECT 1 AS number")
    user.leave()
    wait_until(lambda: not user.sockets.exists())
    return installation.home / "postgres"


def _kept(installation: Installation) -> list[tuple[object, ...]]:
    return query(installation.use().told["DATABASE_URL"], "SELECT number FROM kept")


def test_killed_servers_recover_what_was_committed(installation):
    user = installation.use()
    query(user.told["DATABASE_URL"], "CREATE TABLE kept AS SELECT 1 AS number")
    pids = installation.server_pids()
    watcher = watcher_of(user.sockets)

    kill(watcher.pid, watcher.ppid(), *pids)

    wait_until(lambda: not any(alive(pid) for pid in pids))
    assert _kept(installation) == [(1,)]
    assert not user.sockets.exists()


def test_children_of_a_killed_server_are_waited_for(installation):
    user = installation.use()
    with closing(psycopg2.connect(user.told["DATABASE_URL"])) as connection:
        orphan = connection.get_backend_pid()
        watcher = watcher_of(user.sockets)
        os.kill(orphan, signal.SIGSTOP)
        kill(watcher.pid, watcher.ppid(), *installation.server_pids())
        again = installation.begin()
        wait_until(lambda: "shared memory block" in installation.log("postgres"))

        os.kill(orphan, signal.SIGCONT)

        assert query(installation.listen(again).told["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_stray_servers_are_ended_by_the_next_start(installation):
    user = installation.use()
    query(user.told["DATABASE_URL"], "CREATE TABLE kept AS SELECT 1 AS number")
    pids = installation.server_pids()
    watcher = watcher_of(user.sockets)
    kill(watcher.pid, watcher.ppid())
    assert [alive(pid) for pid in pids] == [True, True]

    kept = _kept(installation)

    assert kept == [(1,)]
    assert [alive(pid) for pid in pids] == [False, False]
    assert not user.sockets.exists()


def test_server_that_ends_by_itself_is_started_again_by_the_next_process(installation):
    user = installation.use()
    query(user.told["DATABASE_URL"], "CREATE TABLE kept AS SELECT 1 AS number")
    postgres, valkey = installation.server_pids()

    kill(postgres)

    wait_until(lambda: not user.sockets.exists())
    assert not alive(valkey)
    assert _kept(installation) == [(1,)]


def test_stale_pid_file_of_another_living_process_is_forgotten(installation):
    data = _used_once(installation)
    with subprocess.Popen(["sleep", "60"]) as bystander:
        (data / "postmaster.pid").write_text(f"{bystander.pid}\n{data}\n0\n5432\n\n\n0 0\nready\n")

        kept = _kept(installation)

        assert kept == [(1,)]
        assert bystander.poll() is None
        bystander.kill()


def test_stale_pid_file_of_a_dead_process_is_forgotten(installation):
    data = _used_once(installation)
    (data / "postmaster.pid").write_text(f"999999999\n{data}\n0\n5432\n\n\n0 0\nready\n")

    assert _kept(installation) == [(1,)]


def test_directory_left_half_made_is_made_anew(fresh):
    making = fresh.home / "postgres.making"
    making.mkdir(parents=True)
    (making / "PG_VERSION").write_text("18\n")

    user = fresh.use()

    assert query(user.told["DATABASE_URL"], "SELECT 1") == [(1,)]
    assert not making.exists()


def test_empty_data_directory_is_filled(fresh):
    (fresh.home / "postgres").mkdir(parents=True)

    user = fresh.use()

    assert query(user.told["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_incomplete_data_directory_is_left_alone_with_advice(fresh):
    data = fresh.home / "postgres"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("18\n")

    error = fresh.use().told["error"]

    assert error == (
        f"{data} is not a whole PostgreSQL data directory: move it away (mv '{data}'"
        f" '{data}.old') and start again, or restore it from a backup"
    )
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]
    wait_until(lambda: ask(fresh.home, "status") is None)


def test_data_of_another_version_is_left_alone_with_advice(fresh):
    data = fresh.home / "postgres"
    (data / "global").mkdir(parents=True)
    (data / "global" / "pg_control").touch()
    (data / "PG_VERSION").write_text("15\n")

    error = fresh.use().told["error"]

    assert error.startswith(f"{data} was made by PostgreSQL 15 and this is 18 (")
    assert error.endswith("install that version, or set DATABOURSE_HOME to another directory")
    assert (data / "PG_VERSION").read_text() == "15\n"


def test_server_that_cannot_start_gives_its_own_reason(installation):
    data = _used_once(installation)
    with (data / "postgresql.auto.conf").open("a") as configuration:
        configuration.write("shared_preload_libraries = 'not_there'\n")

    error = installation.use().told["error"]

    assert error.startswith("PostgreSQL did not start: ")
    assert 'could not access file "not_there"' in error
    assert "\n" not in error
    wait_until(lambda: ask(installation.home, "status") is None)


def test_home_that_cannot_be_made_is_one_line_of_advice(fresh):
    fresh.home.write_text("a file in the way")

    error = fresh.use().told["error"]

    assert error == (
        f"cannot keep data in {fresh.home} (File exists):"
        " set DATABOURSE_HOME to a directory of yours"
    )


def test_missing_home_of_the_user_is_one_line_of_advice(fresh):
    closed = fresh.home.parent / "closed"
    closed.mkdir(mode=0o500)
    if os.geteuid() == 0:
        # Root may write anywhere but where there is no file system to write to.
        closed = Path("/proc")

    error = fresh.use(DATABOURSE_HOME=str(closed / "home")).told["error"]

    assert error.startswith(f"cannot keep data in {closed / 'home'} (")


def test_damaged_note_of_a_supervisor_is_no_obstacle(installation):
    _used_once(installation)
    (installation.home / "launcher" / "services.json").write_text("{not json")

    assert _kept(installation) == [(1,)]
