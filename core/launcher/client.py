"""How a process gets the servers: join the supervisor of a home directory, or start it.

Invariant: a process that was given an address holds a connection for as long as it lives, and its
forked children with it; closing the last one is what stops the servers.
"""

import fcntl
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.launcher.errors import LauncherError
from core.launcher.places import home_directory, make_home
from core.launcher.supervisor import CONTROL_SOCKET, THROWAWAY, published_control
from core.launcher.urls import socket_directory

VARIABLES = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
ROOT = Path(__file__).resolve().parents[2]
# Longer than a server's longest start, so that its own reason is heard.
ANSWER_SECONDS = 300
THROWAWAY_END_SECONDS = 30
BOOT = (
    "import sys; sys.path.insert(0, sys.argv.pop(1));"
    " from core.launcher.supervisor import main; main()"
)

# Connections made on behalf of the whole process; a dropped object must not stop its servers.
_held: list[socket.socket] = []


@dataclass(frozen=True)
class Services:
    """Addresses of running servers; an address that was not asked for is empty."""

    database_url: str
    redis_url: str
    home: Path
    connection: socket.socket = field(repr=False, compare=False)

    def close(self) -> None:
        """Stop using the servers; the last to do so stops them.

        Return when a throw-away directory is gone. Data that is kept is safe to leave to the
        supervisor, and the next start waits for it.
        """
        if self.connection in _held:
            _held.remove(self.connection)
        self.connection.close()
        private = socket_directory(self.database_url or self.redis_url)
        deadline = time.monotonic() + THROWAWAY_END_SECONDS
        while self.home == private and private.exists() and time.monotonic() < deadline:
            time.sleep(0.02)


def ensure(
    home: Path | None = None,
    throwaway: bool = False,
    servers: Sequence[str] = tuple(VARIABLES),
) -> Services:
    """Join the servers of a home directory, starting what does not run, and stay connected.

    A throw-away server keeps nothing: it has a private directory of its own, removed at the end,
    and does not wait for the disk.

    Raises:
        LauncherError: they cannot be had; the message says why and what to do.

    """
    if throwaway:
        if home is not None:
            raise ValueError("a throw-away server has a directory of its own")
        return _start(THROWAWAY, servers, log=Path(os.devnull))
    place = (home or home_directory(os.environ)).absolute()
    make_home(place)
    if joined := _join(place, servers):
        return joined
    with _starting(place):
        return _join(place, servers) or _start(
            str(place), servers, log=place / "launcher" / "supervisor.log"
        )


def environment(services: Services) -> dict[str, str]:
    """Name the servers in the variables that the settings read."""
    named = {"DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url}
    return {variable: url for variable, url in named.items() if url}


def provide(environ: MutableMapping[str, str], *, throwaway: bool = False) -> Services | None:
    """Give `environ` the addresses that it lacks; what it has wins, either one alone too.

    Where an address is one of ours, left by the process that started us, join its servers, so
    that they outlive that process if we do. None: nothing was lacking.
    """
    lacking = []
    for server, variable in VARIABLES.items():
        if url := environ.get(variable, "").strip():
            hold(url)
        else:
            lacking.append(server)
    if not lacking:
        return None
    home = None if throwaway else home_directory(environ)
    services = ensure(home, throwaway, lacking)
    environ.update(environment(services))
    return services


def hold(url: str) -> None:
    """Keep the server behind an address running as long as this process, if it is one of ours."""
    sockets = socket_directory(url)
    if sockets is None:
        return
    connection = _connect(sockets / CONTROL_SOCKET)
    if connection:
        _held.append(connection)


def connections() -> tuple[socket.socket, ...]:
    """List the connections that this process holds, for handing on to the program it becomes."""
    return tuple(_held)


def ask(home: Path, request: str) -> dict[str, Any] | None:
    """Ask the supervisor of a home directory; None if there is none. `stop` waits for the end."""
    connection = _connect(published_control(home))
    if connection is None:
        return None
    with connection:
        answer = _request(connection, request)
        if answer and "stopping" in answer:
            connection.recv(1)
        return answer


def _join(home: Path, servers: Sequence[str]) -> Services | None:
    connection = _connect(published_control(home))
    return _use(connection, servers) if connection else None


def _start(place: str, servers: Sequence[str], log: Path) -> Services:
    ours, theirs = socket.socketpair()
    with theirs, log.open("ab") as output:
        subprocess.run(
            [sys.executable, "-c", BOOT, str(ROOT), str(theirs.fileno()), place],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            pass_fds=[theirs.fileno()],
            start_new_session=True,
            check=False,
        )
    services = _use(ours, servers)
    if services is None:
        raise LauncherError(f"the servers' supervisor ended at once: see {log}")
    return services


def _use(connection: socket.socket, servers: Sequence[str]) -> Services | None:
    """Ask for servers on a connection and keep it; None if the supervisor is going away."""
    answer = _request(connection, f"use {' '.join(servers)}")
    if answer is None or "error" in answer:
        connection.close()
        if answer is None:
            return None
        raise LauncherError(answer["error"])
    _held.append(connection)
    urls = answer["urls"]
    return Services(
        database_url=urls.get("postgres", ""),
        redis_url=urls.get("valkey", ""),
        home=Path(answer["home"]),
        connection=connection,
    )


def _request(connection: socket.socket, request: str) -> dict[str, Any] | None:
    connection.settimeout(ANSWER_SECONDS)
    line = b""
    try:
        connection.sendall(request.encode() + b"\n")
        while not line.endswith(b"\n"):
            part = connection.recv(65536)
            if not part:
                return None
            line += part
    except TimeoutError:
        raise LauncherError("the servers' supervisor does not answer: end it and retry") from None
    except ConnectionError:
        return None
    answer: dict[str, Any] = json.loads(line)
    return answer


def _connect(control: Path | None) -> socket.socket | None:
    if control is None:
        return None
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(control))
    except OSError:
        connection.close()
        return None
    return connection


@contextmanager
def _starting(home: Path) -> Iterator[None]:
    """Let one process at a time start servers; the others find them running."""
    with (home / "launcher" / "start.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
