"""manage.py sandbox_bank: run the custody bank of demo and tests, a process with its own books."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from settlement.management.sandbox.books import Refused
from settlement.management.sandbox.server import BankRunning, serve
from settlement.outside import sandbox_directory


class Command(BaseCommand):
    """Serve until SIGTERM or SIGINT."""

    help = "Run the sandbox bank: deposits, payments, a statement, delays and a few rejections."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare where it lives and how it behaves."""
        parser.add_argument("--directory", type=Path, help="its books; default: under the home")
        parser.add_argument("--port", type=int, default=0, help="of 127.0.0.1; default: a free one")
        parser.add_argument("--seed", default="sandbox", help="decides delays and rejections")
        parser.add_argument("--delay-seconds", type=float, default=1.0)
        parser.add_argument("--reject-percent", type=int, default=5)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the bank."""
        directory = options["directory"] or sandbox_directory()
        try:
            serve(
                directory,
                port=options["port"],
                seed=options["seed"],
                delay_seconds=options["delay_seconds"],
                reject_percent=options["reject_percent"],
                opened=lambda url: self.stdout.write(
                    f"sandbox bank on {url}, books in {directory}"
                ),
            )
        except BankRunning:
            raise CommandError(f"a sandbox bank runs on {directory} already") from None
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
