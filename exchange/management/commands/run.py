"""manage.py run: the portal, a worker with its schedule, and the sandbox bank, until Ctrl-C."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exchange.demo.home import OtherSoftware, bring_up_to_date
from exchange.demo.processes import NotStarted, Venue, venue

PORT = 8000


class Command(BaseCommand):
    """Serve on one's own machine; production runs the same processes by themselves."""

    help = "Run the portal on 127.0.0.1 with a worker and the sandbox bank."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare where it listens."""
        parser.add_argument("--port", type=int, default=PORT)

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the database up to date, then serve until interrupted."""
        try:
            bring_up_to_date()
            with venue(port=options["port"]) as running:
                self.stdout.write(f"The portal is on {running.url} (Ctrl-C ends it)")
                self.stdout.flush()
                wait(running)
        except OtherSoftware as error:
            raise CommandError(str(error)) from None
        except NotStarted as error:
            raise CommandError(str(error)) from error


def wait(running: Venue) -> None:
    """Wait until somebody presses Ctrl-C."""
    try:
        while running:
            time.sleep(3600)
    except KeyboardInterrupt:
        return
