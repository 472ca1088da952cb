"""One server each: start it until it answers, stop it until it is gone.

Invariant: a server runs under `account`, in its own data directory, with an environment and
options of ours only, and listens on nothing but a unix socket.
"""

import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGQUIT, SIGTERM, Signals
from typing import ClassVar

from core.launcher import cluster
from core.launcher.binaries import Programs
from core.launcher.errors import LauncherError
from core.launcher.places import Account, argument_for
from core.launcher.strays import end_stray
from core.launcher.urls import (
    DATABASE,
    SUPERUSER,
    VALKEY_SOCKET,
    database_url,
    redis_url,
)

# Recovery after a power cut may take this long; an ordinary start takes a tenth of a second.
START_SECONDS = 120
STOP_SECONDS = 30
ORPHANS_SECONDS = 60
LARGEST_LOG_BYTES = 10_000_000
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

VALKEY_PID_FILE = "valkey.pid"
VALKEY_PROGRAMS = {"valkey-server", "redis-server"}
POSTGRES_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Refused statements are the application's business; the log is about the server.
    "log_min_messages": "log",
    "log_checkpoints": "off",
}
THROWAWAY_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
CREATE_DATABASE = """
SELECT format('CREATE DATABASE %I', :'name')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \\gexec
"""


@dataclass(kw_only=True)
class Server(ABC):
    """A server process, its data and its log."""

    account: Account
    sockets: Path
    data: Path
    log: Path
    durable: bool
    process: subprocess.Popen[bytes] | None = None

    name: ClassVar[str]
    # Tried in this order: ask politely, then less so.
    stop_signals: ClassVar[Sequence[Signals]]

    @property
    @abstractmethod
    def url(self) -> str:
        """The address that clients use."""

    @abstractmethod
    def start(self) -> None:
        """Start the server and return when it answers.

        Raises:
            LauncherError: it did not start; the text has the server's own reason.

        """

    def stop(self) -> None:
        """Stop the server and return when it is gone."""
        if self.process is None:
            return
        for number in self.stop_signals:
            self.process.send_signal(number)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            return

    def _launch(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG_BYTES:
            self.log.unlink()
        with self.log.open("ab") as log:
            return subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.data,
                env=ENVIRONMENT,
                start_new_session=True,
                **self.account.identity,
            )

    def _waiting(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        """Come round until the caller is content; raise when the server cannot start any more."""
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None:
            if time.monotonic() > deadline:
                process.kill()
                process.wait()
                raise self._failed(f"no answer within {START_SECONDS} seconds")
            yield
            time.sleep(0.01)
        raise self._failed(self._last_words(process.pid))

    def _failed(self, reason: str) -> LauncherError:
        return LauncherError(f"{self.name} did not start: {reason} (data: {self.data})")

    def _last_words(self, pid: int) -> str:
        """Say why the process ended; children that outlived a killed server write here too."""
        lines = self.log.read_text(errors="replace").splitlines()[-20:]
        lines = [line for line in lines if f"[{pid}]" in line] or lines
        telling = [line for line in lines if "FATAL" in line or "PANIC" in line] or lines
        return telling[-1].strip() if telling else "it said nothing"


@dataclass(kw_only=True)
class Postgres(Server):
    """PostgreSQL, with the database of this project in it."""

    programs: Programs

    name = "PostgreSQL"
    stop_signals = (SIGINT, SIGQUIT, SIGKILL)

    @property
    def url(self) -> str:
        """The address that clients use."""
        return database_url(self.sockets)

    def start(self) -> None:
        """Start it, with a data directory and a database if there is none yet."""
        cluster.prepare(
            data=self.data,
            programs=self.programs,
            account=self.account,
            durable=self.durable,
            environment=ENVIRONMENT,
        )
        options = POSTGRES_OPTIONS if self.durable else POSTGRES_OPTIONS | THROWAWAY_OPTIONS
        options = options | {"unix_socket_directories": f'"{self.sockets}"'}
        arguments = [
            self.programs.path("postgres"),
            "-D",
            argument_for(self.data, self.account),
            *(f"--{name}={value}" for name, value in options.items()),
        ]
        deadline = time.monotonic() + ORPHANS_SECONDS
        while not self._comes_up(arguments, until=deadline):
            time.sleep(0.2)
        self._create_database()

    def _comes_up(self, arguments: Sequence[str], until: float) -> bool:
        """Launch it; False if children of a killed server still hold its memory for a moment."""
        self.process = self._launch(arguments)
        try:
            for _round in self._waiting(self.process):
                if cluster.is_ready(self.data, self.process.pid):
                    break
        except LauncherError as error:
            if "shared memory block" in str(error) and time.monotonic() < until:
                return False
            raise
        return True

    def _create_database(self) -> None:
        command = [self.programs.path("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"]
        command += ["-v", f"name={DATABASE}"]
        command += ["-h", str(self.sockets), "-U", SUPERUSER, "-d", "postgres"]
        done = subprocess.run(
            command,
            input=CREATE_DATABASE,
            capture_output=True,
            text=True,
            check=False,
            env=ENVIRONMENT,
            **self.account.identity,
            cwd="/",
        )
        if done.returncode:
            raise self._failed(done.stderr.strip().replace("\n", " "))


@dataclass(kw_only=True)
class Valkey(Server):
    """Valkey, for the cache and as Celery's wake-up; PostgreSQL is the queue."""

    program: Path

    name = "Valkey"
    stop_signals = (SIGTERM, SIGKILL)

    @property
    def url(self) -> str:
        """The address that clients use."""
        return redis_url(self.sockets)

    def start(self) -> None:
        """Start it, with a data directory if there is none yet."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.account.own(self.data)
        end_stray(pid_file=self.data / VALKEY_PID_FILE, data=self.data, programs=VALKEY_PROGRAMS)
        arguments = [str(self.program), "--port", "0", "--dir", "."]
        arguments += ["--pidfile", VALKEY_PID_FILE]
        arguments += ["--unixsocket", str(self.sockets / VALKEY_SOCKET), "--unixsocketperm", "700"]
        arguments += ["--loglevel", "warning", "--stop-writes-on-bgsave-error", "no"]
        if not self.durable:
            arguments += ["--save", ""]
        self.process = self._launch(arguments)
        for _round in self._waiting(self.process):
            if self._answers():
                break

    def _answers(self) -> bool:
        """Ask PING; while its data is being loaded it answers, but not yet PONG."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            try:
                connection.connect(str(self.sockets / VALKEY_SOCKET))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
            except OSError:
                return False
