"""Servers that outlived their supervisor, found through the pid files they leave.

Invariant: a process is ended only if it is the program named, at work in the directory named;
whoever calls this holds the home directory's lock, so that no living supervisor owns it.
"""

import os
import signal
import subprocess
import time
from collections.abc import Collection
from pathlib import Path

from core.launcher.errors import LauncherError

STRAY_SECONDS = 20


def end_stray(*, pid_file: Path, data: Path, programs: Collection[str]) -> None:
    """End a server that nobody supervises, and forget one that is long dead.

    PostgreSQL trusts a pid file by the number alone: after a crash the number may be another
    process's by now, and the server would refuse to start.

    Raises:
        LauncherError: the server does not end.

    """
    pid = _first_number(pid_file)
    if pid is None or not _exists(pid):
        return
    if not _is_alive(pid) or not _is_server(pid, data, programs):
        pid_file.unlink()
        return
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        _send(pid, number)
        deadline = time.monotonic() + STRAY_SECONDS
        while _is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        if not _is_alive(pid):
            return
    raise LauncherError(f"process {pid} is a server on {data} and does not end: end it yourself")


def _first_number(pid_file: Path) -> int | None:
    try:
        first = pid_file.read_text(errors="replace").partition("\n")[0].strip()
    except FileNotFoundError:
        return None
    return int(first) if first.isdecimal() else None


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        # Gone, unless this is a machine that does not show processes as files.
        return _exists(pid) and not Path("/proc/self/stat").exists()
    # A zombie has ended; nobody has asked how yet. PostgreSQL takes it for a living server.
    return status.rpartition(")")[2].split()[0] != "Z"


def _is_server(pid: int, data: Path, programs: Collection[str]) -> bool:
    process = Path(f"/proc/{pid}")
    if process.exists():
        try:
            name = (process / "comm").read_text().strip()
            return name in programs and (process / "cwd").samefile(data)
        except OSError:
            return False
    said = subprocess.run(
        ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return any(program in said.stdout for program in programs)


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
