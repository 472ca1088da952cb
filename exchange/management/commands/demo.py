"""manage.py demo: the demonstration market, one trading day, then the portal to try it by hand."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from exchange.demo.home import OtherSoftware, bring_up_to_date
from exchange.demo.market import make_market
from exchange.demo.people import BUYERS, PASSWORD, STAFF, VENDORS
from exchange.management.commands.run import PORT

COMMANDS = (
    ("sandbox_deposit LAKE 1000.00", "pays in at the sandbox bank for LAKE"),
    ("import_catalogue FILE --vendor DEMO-IMPORT", "makes drafts of another catalogue's rows"),
)


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
        try:
            bring_up_to_date()
            make_market(at=timezone.now())
        except OtherSoftware as error:
            raise CommandError(str(error)) from None
        call_command(
            "trading_day",
            json=options["json"],
            catalogue=options["catalogue"],
            stdout=self.stdout,
        )
        self._say_how_to_go_on(served=not options["no_serve"], waits=not options["catalogue"])
        if not options["no_serve"]:
            call_command("run", port=options["port"], stdout=self.stdout)

    def _say_how_to_go_on(self, *, served: bool, waits: bool) -> None:
        say = self.stdout.write
        say(f"\nSign in with the password {PASSWORD} as")
        for title, people in (("venue", STAFF), ("vendors", VENDORS), ("buyers", BUYERS)):
            say(f"  {title}: {', '.join(person.email for person in people)}")
        admin, reviewer, senior = (person.email for person in STAFF[:3])
        say("What waits for you:")
        if waits:
            say(f"  /reviews: three clean versions; {reviewer} proposes, {senior} confirms")
        say(f"  /applications: whoever signs up and enters an organisation; {admin} decides")
        say("While the portal runs:" if served else "While the portal runs (manage.py run):")
        for command, effect in COMMANDS:
            say(f"  .venv/bin/python manage.py {command}  # {effect}")
        if "console" in settings.EMAIL_BACKEND:
            logs = Path(settings.HOME) / "logs"
            say(f"Mail is written to {logs}/worker.log and portal.log and sent to nobody.")
