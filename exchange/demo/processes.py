"""The processes of a venue, run beside a command. Invariant: none of them outlives it."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

START_SECONDS = 60
STOP_SECONDS = 20
PR_SET_PDEATHSIG = 1
SANDBOX = "Sandbox bank · 沙盒银行: .venv/bin/python manage.py sandbox_deposit {code} 1000.00"
LAUNCH = [sys.executable, "-m", "core.launcher", "run", "--", sys.executable, "-m"]


class NotStarted(Exception):
    """A process did not come up; the text says which and where it wrote why."""


@dataclass(frozen=True, slots=True)
class Venue:
    """Where the processes of a running venue are to be found."""

    host: str
    port: int
    bank_directory: Path

    @property
    def url(self) -> str:
        """The address of the portal."""
        return f"http://{self.host}:{self.port}"


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def venue(*, host: str = "127.0.0.1", port: int = 0, workers: int = 2) -> Iterator[Venue]:
    """Run the portal, a worker with its schedule, and the sandbox bank, until the block ends.

    Raises:
        NotStarted: one of them ended, or the portal does not answer.

    """
    port = port or free_port()
    told = {
        # The worker writes letters: their links have to lead to this portal.
        "DATABOURSE_BASE_URL": f"http://{host}:{port}",
        "DATABOURSE_CUSTODY_ACCOUNT": os.environ.get("DATABOURSE_CUSTODY_ACCOUNT", SANDBOX),
    }
    bank = Path(settings.HOME) / "sandbox-bank"
    logs = Path(settings.HOME) / "logs"
    logs.mkdir(parents=True, exist_ok=True, mode=0o700)
    serve = ["gunicorn", "exchange.wsgi", "--workers", str(workers), "--threads", "4"]
    serve += ["--bind", f"{host}:{port}", "--log-level", "warning", "--timeout", "300"]
    work = ["celery", "-A", "exchange", "worker", "-B", "--concurrency", "2"]
    work += ["--loglevel", "WARNING", "-s", str(Path(settings.HOME) / "beat-schedule")]
    with ExitStack() as stack:
        stack.enter_context(_ended_by_sigterm())
        stack.enter_context(_process("bank", ["manage", "sandbox_bank"], logs, told))
        stack.enter_context(_process("worker", work, logs, told))
        portal = stack.enter_context(_process("portal", serve, logs, told))
        found = Venue(host, port, bank)
        _wait_for(found, portal, logs)
        yield found


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the block, so that its processes are stopped and not left."""

    def end(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    former = {one: signal.signal(one, end) for one in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


@contextmanager
def _process(
    name: str, arguments: list[str], logs: Path, told: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    log = logs / f"{name}.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*LAUNCH, *arguments],
            cwd=settings.BASE_DIR,
            env=os.environ | told | {"DJANGO_SETTINGS_MODULE": "exchange.settings"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
    try:
        yield process
        if process.poll() is not None:
            raise NotStarted(f"{name} ended with code {process.returncode}: see {log}")
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _end_with_parent() -> None:
    """Let the kernel send SIGTERM to this process when its parent dies, even by SIGKILL."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_for(found: Venue, portal: "subprocess.Popen[bytes]", logs: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if portal.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{found.url}/health", timeout=5):  # noqa: S310 (our own)
                if (found.bank_directory / "address.json").exists():
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.1)
    raise NotStarted(f"the venue does not answer on {found.url}: see {logs}")
