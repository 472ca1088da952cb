"""manage.py demo: the demonstration market, one trading day, then the portal to try it by hand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from exchange.demo.market import make_market
from exchange.demo.people import BUYERS, PASSWORD, STAFF, VENDORS
from exchange.management.commands.run import PORT


class Command(BaseCommand):
    """What `make demo` runs. A second run adds a second day to the same market."""

    help = "Make the demonstration market, run one trading day, keep the portal up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare whether it keeps serving."""
        parser.add_argument("--no-serve", action="store_true", help="end after the day")
        parser.add_argument("--json", action="store_true", help="print the day as one document")
        parser.add_argument("--catalogue", metavar="FILE", help="run it on these real listings")
        parser.add_argument("--port", type=int, default=PORT)

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, make the market, run the day, serve."""
        call_command("migrate", verbosity=0, interactive=False)
        make_market(at=timezone.now())
        call_command(
            "trading_day",
            json=options["json"],
            catalogue=options["catalogue"],
            stdout=self.stdout,
        )
        if options["no_serve"]:
            return
        self.stdout.write(f"\nSign in with the password {PASSWORD} as")
        for title, people in (("venue", STAFF), ("vendors", VENDORS), ("buyers", BUYERS)):
            self.stdout.write(f"  {title}: {', '.join(person.email for person in people)}")
        call_command("run", port=options["port"], stdout=self.stdout)
