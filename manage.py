#!/usr/bin/env python3
"""Commands of the venue. Invariant: this, and not the settings, starts embedded servers."""

import os
import sys
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

from core import launcher

# They read code and files only. Everything else talks to the database or the broker.
NEED_NO_SERVERS = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "make_docs",
    "makemigrations",
    "spectacular",
    "startapp",
    "verify_declaration",
    "version",
}
ASKS_FOR_HELP = {"-h", "--help", "--version"}


def needs_servers(arguments: Sequence[str]) -> bool:
    """Tell from a command line, without its program name, whether servers have to be there."""
    if not arguments or ASKS_FOR_HELP & set(arguments):
        return False
    if arguments[0] == "check":
        return any(argument.startswith("--database") for argument in arguments)
    return arguments[0] not in NEED_NO_SERVERS


def main() -> None:
    """Run one command, with the servers it needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings")
    if needs_servers(sys.argv[1:]):
        try:
            launcher.provide(os.environ)
        except launcher.LauncherError as error:
            sys.exit(f"manage.py: {error}")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"manage.py: {error}")
    except ProgrammingError:
        if not has_old_tables():
            raise
        sys.exit("manage.py: the database lacks tables of this version: run manage.py migrate")


def has_old_tables() -> bool:
    """Tell whether there are migrations that the database has not seen."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


if __name__ == "__main__":
    main()
