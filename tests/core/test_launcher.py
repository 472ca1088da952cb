"""The embedded servers: what a person gets who has nothing but Python."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import redis

from tests.core.launching import (
    ACCOUNTS,
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

FORKS = """
import json, os, sys
from core import launcher
services = launcher.ensure()
if os.fork() == 0:
    told = launcher.environment(services) | {"home": str(services.home), "child": str(os.getpid())}
    print(json.dumps(told), flush=True)
sys.stdin.read()
"""
STARTS_ANOTHER = """
import json, os, subprocess, sys
from core import launcher
launcher.provide(os.environ)
subprocess.Popen([sys.executable, "-c", '''
import json, os, sys
from core import launcher
assert launcher.provide(os.environ) is None
told = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
print(json.dumps(told | {"child": str(os.getpid())}), flush=True)
sys.stdin.read()
'''])
sys.stdin.read()
"""


@pytest.fixture(params=ACCOUNTS.values(), ids=ACCOUNTS.keys())
def fresh(request: pytest.FixtureRequest) -> Iterator[Installation]:
    """An installation never used, for each account that this machine lets us test."""
    with empty_home(request.param) as made:
        yield made


@pytest.fixture(params=ACCOUNTS.values(), ids=ACCOUNTS.keys())
def installation(request: pytest.FixtureRequest) -> Iterator[Installation]:
    """An installation that was used before, for each account."""
    with ready_home(request.param) as made:
        yield made


@pytest.fixture
def own_fresh() -> Iterator[Installation]:
    """An installation never used, for the account that runs the tests."""
    with empty_home(OURSELVES) as made:
        yield made


@pytest.fixture
def own_installation() -> Iterator[Installation]:
    """An installation that was used before, for the account that runs the tests."""
    with ready_home(OURSELVES) as made:
        yield made


def test_first_start_gives_real_servers(fresh):
    user = fresh.use()

    rows = query(
        user.told["DATABASE_URL"],
        "SELECT current_database(), current_setting('fsync'), current_setting('timezone'),"
        " current_setting('server_encoding'), current_setting('max_connections'),"
        " current_setting('shared_buffers'), current_setting('listen_addresses'), datcollate,"
        " datctype, current_setting('server_version_num')::int / 10000"
        " FROM pg_database WHERE datname = current_database()",
    )
    assert rows == [
        ("databourse", "on", "UTC", "UTF8", "200", "256MB", "", "C.UTF-8", "C.UTF-8", 18)
    ]
    valkey = redis.Redis.from_url(user.told["REDIS_URL"])
    assert valkey.info("server")["valkey_version"].split(".")[0] == "9"
    assert valkey.config_get("port") == {"port": "0"}
    assert user.told["home"] == str(fresh.home)


def test_servers_run_as_an_ordinary_user_behind_a_private_directory(installation):
    user = installation.use()

    owners = {psutil.Process(pid).uids().real for pid in installation.server_pids()}
    assert len(owners) == 1
    assert 0 not in owners
    private = user.sockets.stat()
    assert (stat.S_IMODE(private.st_mode), private.st_uid) == (0o700, owners.pop())
    for name in (".s.PGSQL.5432", "vk.sock", "control.sock"):
        assert len(os.fsencode(user.sockets / name)) <= 107


def test_data_is_kept_between_runs_and_sockets_are_not(installation):
    first = installation.use()
    query(first.told["DATABASE_URL"], "CREATE TABLE kept AS SELECT '数据' AS word")
    redis.Redis.from_url(first.told["REDIS_URL"]).set("kept", "数据")
    first.leave()
    wait_until(lambda: not first.sockets.exists())

    second = installation.use()

    assert query(second.told["DATABASE_URL"], "SELECT word FROM kept") == [("数据",)]
    assert redis.Redis.from_url(second.told["REDIS_URL"]).get("kept") == "数据".encode()
    assert second.sockets != first.sockets
    assert installation.home not in [second.sockets, *second.sockets.parents]
    assert (installation.home / "postgres" / "PG_VERSION").exists()


def test_directories_that_others_cannot_read_are_no_obstacle(own_fresh):
    base = own_fresh.directory.parent
    own_fresh.home = own_fresh.directory / "closed home"
    base.chmod(0o700)
    try:
        user = own_fresh.use()

        rows = query(user.told["DATABASE_URL"], "SELECT 1")
        pong = redis.Redis.from_url(user.told["REDIS_URL"]).ping()

        assert (rows, pong) == ([(1,)], True)
        user.leave()
        wait_until(lambda: not user.sockets.exists())
        assert (own_fresh.home / "postgres" / "PG_VERSION").exists()
    finally:
        base.chmod(0o755)


def test_second_process_joins_and_the_last_one_stops_the_servers(installation):
    first = installation.use()
    pids = installation.server_pids()

    second = installation.use()

    assert second.told == first.told
    assert installation.server_pids() == pids
    first.leave()
    assert query(second.told["DATABASE_URL"], "SELECT 1") == [(1,)]
    assert installation.server_pids() == pids
    second.leave()
    wait_until(lambda: not any(alive(pid) for pid in pids))
    wait_until(lambda: not second.sockets.exists())


def test_processes_that_start_at_once_share_one_server(own_fresh):
    users = [own_fresh.begin() for _ in range(5)]

    told = [own_fresh.listen(user).told for user in users]

    assert told == [told[0]] * 5
    assert len(own_fresh.server_pids()) == 2


def test_process_that_starts_while_servers_stop_gets_new_ones(own_installation):
    first = own_installation.use()
    pids = own_installation.server_pids()
    first.kill()

    second = own_installation.use()

    assert query(second.told["DATABASE_URL"], "SELECT 1") == [(1,)]
    assert not set(pids) & set(own_installation.server_pids())
    assert not any(alive(pid) for pid in pids)


def test_killed_process_leaves_no_server_behind(installation):
    user = installation.use()
    pids = installation.server_pids()
    watcher = watcher_of(user.sockets)
    pids += [watcher.pid, watcher.ppid()]

    user.kill()

    wait_until(lambda: not any(alive(pid) for pid in pids))
    assert not user.sockets.exists()


def test_killed_supervisor_leaves_no_server_behind(own_installation):
    user = own_installation.use()
    query(user.told["DATABASE_URL"], "CREATE TABLE kept AS SELECT 1 AS number")
    pids = own_installation.server_pids()

    kill(watcher_of(user.sockets).ppid())

    wait_until(lambda: not any(alive(pid) for pid in pids))
    wait_until(lambda: not user.sockets.exists())
    again = own_installation.use()
    assert query(again.told["DATABASE_URL"], "SELECT number FROM kept") == [(1,)]


def test_servers_live_as_long_as_a_forked_child(own_installation):
    user = own_installation.use(program=FORKS)
    pids = own_installation.server_pids()

    user.process.kill()
    user.process.wait()

    assert query(user.told["DATABASE_URL"], "SELECT 1") == [(1,)]
    kill(int(user.told["child"]))
    wait_until(lambda: not any(alive(pid) for pid in pids))


def test_servers_live_as_long_as_a_program_given_their_addresses(own_installation):
    user = own_installation.use(program=STARTS_ANOTHER)
    pids = own_installation.server_pids()

    user.process.kill()
    user.process.wait()

    assert query(user.told["DATABASE_URL"], "SELECT 1") == [(1,)]
    kill(int(user.told["child"]))
    wait_until(lambda: not any(alive(pid) for pid in pids))


def test_throwaway_servers_leave_nothing(fresh):
    user = fresh.use("throwaway")
    settings = query(
        user.told["DATABASE_URL"],
        "SELECT current_setting('fsync'), current_setting('full_page_writes')",
    )
    assert settings == [("off", "off")]
    assert Path(user.told["home"]) == user.sockets
    assert (user.sockets / "postgres").is_dir()

    user.leave()

    wait_until(lambda: not user.sockets.exists())
    assert not fresh.home.exists()


def test_killed_throwaway_supervisor_leaves_nothing(own_fresh):
    user = own_fresh.use("throwaway")
    watcher = watcher_of(user.sockets)

    kill(watcher.ppid())

    wait_until(lambda: not alive(watcher.pid))
    assert not user.sockets.exists()
