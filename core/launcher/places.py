"""Where the servers' files live and whom they run as.

Invariant: data is kept in the home directory and never in the temp directory; sockets are made
in a fresh directory that only the servers' own account (and root) can enter.
"""

import os
import pwd
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from core.launcher.errors import LauncherError

PREFIX = "databourse-"
# A socket's path has at most 107 bytes; this leaves room for the longest name in the directory.
LONGEST_DIRECTORY = 107 - len("/.s.PGSQL.5432.lock")
# PostgreSQL's children all work in the data directory, so this names it without its parents.
HERE = "/proc/self/cwd"


class Identity(TypedDict, total=False):
    """The arguments of subprocess that change who the child is."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """The user that the servers run as: ourselves, or an unprivileged one where we are root."""

    uid: int
    gid: int

    @property
    def identity(self) -> Identity:
        """The arguments that make a child process this account's."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, test: str, path: Path) -> bool:
        """Ask the kernel, as this account, whether `test` (-x, -r, -w) holds for a path."""
        script = f'test {test} "$1"'
        asked = subprocess.run(
            ["/bin/sh", "-c", script, "sh", str(path)], check=False, cwd="/", **self.identity
        )
        return asked.returncode == 0

    def own(self, path: Path) -> None:
        """Give a file or a whole directory to this account."""
        if self.uid == os.geteuid():
            return
        os.chown(path, self.uid, self.gid)
        for folder, folders, files in os.walk(path):
            for name in folders + files:
                os.chown(Path(folder) / name, self.uid, self.gid, follow_symlinks=False)


def servers_account(home: Path) -> Account:
    """Choose whom the servers run as.

    PostgreSQL refuses to run as root. Root runs it as the owner of the data that is already
    there, and otherwise as nobody, who exists everywhere and owns nothing.
    """
    if os.geteuid() != 0:
        return Account(os.getuid(), os.getgid())
    data = home / "postgres"
    if data.is_dir() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise LauncherError(
            "root cannot run PostgreSQL and this machine has no user 'nobody':"
            " run the same command as an ordinary user"
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def home_directory(environ: Mapping[str, str]) -> Path:
    """Find the directory that data is kept in; it may not exist yet."""
    named = environ.get("DATABOURSE_HOME", "").strip()
    if named:
        return Path(named).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/databourse")
    state = Path(environ.get("XDG_STATE_HOME", ""))
    if state.is_absolute():
        return state / "databourse"
    try:
        return Path.home() / ".local" / "state" / "databourse"
    except RuntimeError:
        raise LauncherError(
            "you have no home directory: set DATABOURSE_HOME to a directory to keep data in"
        ) from None


def make_home(home: Path) -> None:
    """Make the home directory, and in it the launcher's own."""
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        # Root's servers run as somebody else, who has to pass through to the data.
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
        own = home / "launcher"
        own.mkdir(mode=0o700, exist_ok=True)
        writable = os.access(home, os.W_OK | os.X_OK) and os.access(own, os.W_OK | os.X_OK)
    except OSError as error:
        raise LauncherError(
            f"cannot keep data in {home} ({error.strerror}):"
            " set DATABOURSE_HOME to a directory of yours"
        ) from None
    if not writable:
        raise LauncherError(
            f"{home} belongs to another user: set DATABOURSE_HOME to a directory of yours"
        )


def private_directory(account: Account) -> Path:
    """Make a fresh directory for sockets, open to `account` alone, its path short enough."""
    tried = []
    for parent in dict.fromkeys([tempfile.gettempdir(), "/tmp", "/var/tmp"]):  # noqa: S108
        try:
            made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        except OSError as error:
            tried.append(f"{parent}: {error.strerror}")
            continue
        account.own(made)
        if len(os.fsencode(made)) <= LONGEST_DIRECTORY and account.can("-w", made):
            return made
        tried.append(f"{parent}: path too long, or closed to the servers' user")
        made.rmdir()
    raise LauncherError(f"no directory for sockets ({'; '.join(tried)}): set TMPDIR to a short one")


def argument_for(directory: Path, account: Account) -> str:
    """Name a server's working directory to it, also where it lies below a closed one.

    A process started inside a directory may use it though it could not have walked there.
    """
    if account.can("-x", directory):
        return str(directory)
    if Path(HERE).is_dir():
        return HERE
    raise LauncherError(
        f"{directory} lies in a directory closed to the servers' user:"
        " set DATABOURSE_HOME to another place"
    )
