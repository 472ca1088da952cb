"""PostgreSQL's data directory before the server runs.

Invariant: a directory under its final name is whole, because it is made under another name and
then renamed.
"""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from core.launcher.binaries import Programs
from core.launcher.errors import LauncherError
from core.launcher.places import Account, argument_for
from core.launcher.strays import end_stray
from core.launcher.urls import SUPERUSER

# Chinese text needs an lc_ctype that knows it (pg_trgm drops it otherwise), and sorting has to be
# the same on every machine: this is the one locale that gives both.
LOCALE = "C.UTF-8"
PID_FILE = "postmaster.pid"


def prepare(
    *,
    data: Path,
    programs: Programs,
    account: Account,
    durable: bool,
    environment: Mapping[str, str],
) -> None:
    """Leave a whole data directory of the right version that no server runs on.

    Raises:
        LauncherError: it cannot be made, is not whole, or is of another major version.

    """
    if not data.exists() or not any(data.iterdir()):
        _make(data, programs, account, durable, environment)
    _check_whole(data, programs)
    if data.stat().st_uid == 0:
        # A copy that root restored; the servers' account must own it.
        account.own(data)
    end_stray(pid_file=data / PID_FILE, data=data, programs={"postgres"})


def is_ready(data: Path, pid: int) -> bool:
    """Read from its pid file whether the server `pid` takes connections."""
    try:
        lines = (data / PID_FILE).read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def _make(
    data: Path,
    programs: Programs,
    account: Account,
    durable: bool,
    environment: Mapping[str, str],
) -> None:
    making = data.with_name(f"{data.name}.making")
    if making.exists():
        shutil.rmtree(making)
    making.mkdir(mode=0o700)
    account.own(making)
    command = [programs.path("initdb"), "-D", argument_for(making, account), "-U", SUPERUSER]
    command += ["--auth=trust", "--encoding=UTF8", f"--locale={LOCALE}"]
    if not durable:
        command.append("--no-sync")
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=making,
        env=environment,
        **account.identity,
    )
    if done.returncode:
        shutil.rmtree(making, ignore_errors=True)
        reason = " ".join(line.strip() for line in done.stderr.splitlines() if line.strip())
        raise LauncherError(f"PostgreSQL could not make {data}: {reason}")
    making.replace(data)


def _check_whole(data: Path, programs: Programs) -> None:
    version = data / "PG_VERSION"
    if not version.exists() or not (data / "global" / "pg_control").exists():
        raise LauncherError(
            f"{data} is not a whole PostgreSQL data directory: move it away"
            f" (mv '{data}' '{data}.old') and start again, or restore it from a backup"
        )
    made_by = version.read_text().strip()
    if made_by != str(programs.major):
        raise LauncherError(
            f"{data} was made by PostgreSQL {made_by} and this is {programs.major}"
            f" ({programs.directory}): install that version,"
            " or set DATABOURSE_HOME to another directory"
        )
