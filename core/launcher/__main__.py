"""The launcher by hand: run a program with the servers, see them, stop them.

Invariant: the program run holds the servers as long as it, or any child that kept its files,
lives: the connection is handed on to it and not kept by a parent that may die first.
"""

# ruff: noqa: T201 (a command line speaks by printing)

import argparse
import os
import sys
from collections.abc import Sequence

from core.launcher.client import ask, connections, provide
from core.launcher.errors import LauncherError
from core.launcher.places import home_directory

NOT_RUNNING = 3
NOT_FOUND = 127


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m core.launcher", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="run a program with DATABASE_URL and REDIS_URL set")
    run.add_argument("command", nargs=argparse.REMAINDER, metavar="-- PROGRAM ...")
    verbs.add_parser("status", help="say which servers run")
    verbs.add_parser("stop", help="stop them, whoever uses them")
    given = parser.parse_args(arguments)
    try:
        if given.verb == "run":
            return _run(given.command)
        return _status() if given.verb == "status" else _stop()
    except LauncherError as error:
        print(f"launcher: {error}", file=sys.stderr)
        return 1


def _run(command: list[str]) -> int:
    program = command[1:] if command[:1] == ["--"] else command
    if not program:
        raise LauncherError("name a program: python -m core.launcher run -- PROGRAM ...")
    provide(os.environ)
    for connection in connections():
        connection.set_inheritable(True)
    try:
        os.execvp(program[0], program)  # noqa: S606 (what the caller asked to run)
    except OSError as error:
        print(f"launcher: {program[0]}: {error.strerror}", file=sys.stderr)
    return NOT_FOUND


def _status() -> int:
    home = home_directory(os.environ)
    answer = ask(home, "status")
    if answer is None:
        print(f"no servers run on {home}")
        return NOT_RUNNING
    print(f"servers on {home}: supervisor {answer['pid']}, used by {answer['users']}")
    for name, url in answer["servers"].items():
        print(f"  {name:<10}{url}")
    return 0


def _stop() -> int:
    home = home_directory(os.environ)
    stopped = ask(home, "stop")
    print(f"stopped the servers on {home}" if stopped else f"no servers run on {home}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
