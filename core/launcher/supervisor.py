"""The one process per home directory that owns the servers.

Invariant: it serves as long as some connection to its control socket is open, and leaves no
server behind when it goes, however it goes (see `watcher`).

A request is one line: "use postgres valkey" starts what does not run yet and answers with the
addresses, "status" describes, "stop" ends everything. The answer is one line of JSON.
"""

import fcntl
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any

from core.launcher import binaries
from core.launcher.errors import LauncherError
from core.launcher.places import PREFIX, Account, private_directory, servers_account
from core.launcher.servers import Postgres, Server, Valkey

CONTROL_SOCKET = "control.sock"
NOTE = "launcher/services.json"
LOCK_SECONDS = 60
THROWAWAY = "--throwaway"


@dataclass
class Supervisor:
    """The servers of one home directory and the connections of those who use them."""

    home: Path
    private: Path
    account: Account
    durable: bool
    servers: dict[str, Server] = field(default_factory=dict)
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    connections: set[socket.socket] = field(default_factory=set)
    stopping: bool = False

    def serve(self, first: socket.socket) -> None:
        """Listen, and return when the last connection has closed or everything has stopped."""
        listener = self._listen()
        watcher = self._watch()
        self._register(first)
        self._publish()
        try:
            while self.connections and not self.stopping:
                for key, _events in self.selector.select(timeout=1.0):
                    key.data(key.fileobj, watcher)
                self._notice_the_dead()
        finally:
            # Whoever connects from here on finds nobody and starts a supervisor of its own.
            listener.close()
            (self.home / NOTE).unlink(missing_ok=True)
            for server in self.servers.values():
                server.stop()
            # A watcher that was killed needs not be told.
            with suppress(BrokenPipeError), watcher:
                watcher.write("done\n")

    def terminate(self, _signal: int, _frame: FrameType | None) -> None:
        """Stop in order when asked by a signal, as when the machine shuts down."""
        self.stopping = True

    def close_connections(self) -> None:
        """Tell those who wait for the end that it has come."""
        for connection in self.connections:
            connection.close()

    def _listen(self) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX)
        path = self.private / CONTROL_SOCKET
        listener.bind(str(path))
        path.chmod(0o600)
        listener.listen(64)
        self.selector.register(listener, selectors.EVENT_READ, self._accept)
        return listener

    def _watch(self) -> IO[str]:
        script = Path(__file__).with_name("watcher.py")
        watcher = subprocess.Popen(
            [sys.executable, "-I", "-S", str(script), str(self.private)],
            stdin=subprocess.PIPE,
            text=True,
            cwd="/",
            start_new_session=True,
        )
        assert watcher.stdin is not None
        return watcher.stdin

    def _publish(self) -> None:
        note = self.home / NOTE
        draft = note.with_suffix(".new")
        draft.write_text(json.dumps({"control": str(self.private / CONTROL_SOCKET)}))
        draft.replace(note)

    def _register(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        self.connections.add(connection)
        self.selector.register(connection, selectors.EVENT_READ, self._read)

    def _accept(self, listener: socket.socket, _watcher: IO[str]) -> None:
        connection, _address = listener.accept()
        self._register(connection)

    def _read(self, connection: socket.socket, watcher: IO[str]) -> None:
        try:
            request = connection.recv(4096).decode(errors="replace").split()
            if request:
                connection.sendall(json.dumps(self._answer(request, watcher)).encode() + b"\n")
                return
        except OSError:
            # Whoever asked is gone; that is an end like any other.
            request = []
        self.selector.unregister(connection)
        self.connections.discard(connection)
        connection.close()

    def _answer(self, request: list[str], watcher: IO[str]) -> dict[str, Any]:
        match request:
            case ["use", *names]:
                return self._use(names, watcher)
            case ["status"]:
                running = {name: server.url for name, server in self.servers.items()}
                pids = [server.process.pid for server in self.servers.values() if server.process]
                # The one who asks does not count.
                users = len(self.connections) - 1
                return {"pid": os.getpid(), "servers": running, "pids": pids, "users": users}
            case ["stop"]:
                self.stopping = True
                return {"stopping": os.getpid()}
            case _:
                return {"error": f"unknown request {' '.join(request)!r}"}

    def _use(self, names: list[str], watcher: IO[str]) -> dict[str, Any]:
        try:
            for name in names:
                if name not in self.servers:
                    self._start(name, watcher)
        except (LauncherError, OSError) as error:
            return {"error": " ".join(str(error).split())}
        urls = {name: self.servers[name].url for name in names}
        return {"urls": urls, "home": str(self.home)}

    def _start(self, name: str, watcher: IO[str]) -> None:
        server = self._make(name)
        try:
            server.start()
        except LauncherError:
            server.stop()
            raise
        self.servers[name] = server
        if server.process:
            with suppress(BrokenPipeError):
                watcher.write(f"{server.process.pid} {int(server.stop_signals[0])}\n")
                watcher.flush()

    def _make(self, name: str) -> Server:
        common: dict[str, Any] = {
            "account": self.account,
            "sockets": self.private,
            "data": self.home / name,
            "log": self.home / "launcher" / f"{name}.log",
            "durable": self.durable,
        }
        if name == "postgres":
            programs = binaries.postgres_for(self.account, self.private)
            return Postgres(programs=programs, **common)
        if name == "valkey":
            return Valkey(program=binaries.valkey_for(self.account, self.private), **common)
        raise LauncherError(f"there is no server called {name!r}")

    def _notice_the_dead(self) -> None:
        for server in self.servers.values():
            if server.process and server.process.poll() is not None:
                sys.stderr.write(f"{server.name} ended by itself: see {server.log}\n")
                self.stopping = True


def published_control(home: Path) -> Path | None:
    """Read where the supervisor of a home directory listens, or did before it died."""
    try:
        return Path(json.loads((home / NOTE).read_text())["control"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def lock_home(home: Path) -> IO[str]:
    """Take the home directory for this supervisor alone, waiting for one that is stopping.

    Raises:
        LauncherError: another supervisor keeps it.

    """
    lock = (home / "launcher" / "supervisor.lock").open("a+")
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                lock.seek(0)
                raise LauncherError(
                    f"{home} is in use by process {lock.read().strip()}, which does not answer:"
                    " end it and start again"
                ) from None
            time.sleep(0.02)
            continue
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        return lock


def remove_predecessor(home: Path) -> None:
    """Remove the private directory of a supervisor that was killed together with its watcher."""
    control = published_control(home)
    if control and control.name == CONTROL_SOCKET and control.parent.name.startswith(PREFIX):
        shutil.rmtree(control.parent, ignore_errors=True)


def run(place: str, first: socket.socket) -> None:
    """Supervise the home directory `place`, or a throw-away one, for `first` and who follows."""
    throwaway = place == THROWAWAY
    account = servers_account(Path(place))
    private = private_directory(account)
    home = private if throwaway else Path(place)
    (home / "launcher").mkdir(mode=0o700, exist_ok=True)
    supervisor = Supervisor(home=home, private=private, account=account, durable=not throwaway)
    signal.signal(signal.SIGTERM, supervisor.terminate)
    try:
        # Held until the process ends, and only then: a closed file would let go of it.
        with lock_home(home):
            remove_predecessor(home)
            supervisor.serve(first)
    finally:
        shutil.rmtree(private, ignore_errors=True)
        supervisor.close_connections()


def main() -> None:
    """Detach from whoever started us, and supervise: arguments are a descriptor and a place."""
    if os.fork():
        os._exit(0)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    first = socket.socket(fileno=int(sys.argv[1]))
    first.set_inheritable(False)
    try:
        run(sys.argv[2], first)
    except (LauncherError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        with suppress(OSError):
            first.sendall(json.dumps({"error": " ".join(str(error).split())}).encode() + b"\n")
