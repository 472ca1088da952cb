"""manage.py demo_market: make the demonstration market, or what of it is missing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from exchange.demo.home import OtherSoftware
from exchange.demo.market import make_market
from exchange.demo.people import BUYERS, PASSWORD, STAFF, SUPPLIERS, VENDORS


class Command(BaseCommand):
    """A venue with its people, vendors, buyers, fees and first list. Safe to run again."""

    help = "Make the demonstration market: fictional organisations, people, fees, first checklist."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and print the sign-ins."""
        try:
            made = make_market(at=timezone.now())
        except OtherSoftware as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{made['organisations']} organisations, checklist {made['checklist']} in force"
        )
        self.stdout.write(f"Sign in with the password {PASSWORD} as")
        for title, people in (
            ("venue", STAFF),
            ("vendors", VENDORS),
            ("suppliers", SUPPLIERS),
            ("buyers", BUYERS),
        ):
            self.stdout.write(f"  {title}: {', '.join(person.email for person in people)}")
