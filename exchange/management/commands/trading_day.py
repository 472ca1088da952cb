"""manage.py trading_day: one day of the demonstration market, told or as one JSON document."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from exchange.demo.client import Unexpected
from exchange.demo.day import run_day
from exchange.demo.day.people import TookTooLong
from exchange.demo.market import make_market
from exchange.demo.processes import NotStarted, venue
from exchange.demo.story import Story
from listings.selectors.own import count_versions

ORDERS = 220
LEAST_ORDERS = 40


class Command(BaseCommand):
    """Drive the API, a worker and a bank through one day; they run only as long as it takes."""

    help = "Run one trading day over the API with a real worker and a sandbox bank."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare how the day is told and how much is ordered."""
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        parser.add_argument("--orders", type=int, default=ORDERS, help="ordinary orders to place")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the day; fail if the books do not balance."""
        if options["orders"] < LEAST_ORDERS:
            raise CommandError(f"--orders must be at least {LEAST_ORDERS}")
        story = Story(json=options["json"])
        make_market(at=timezone.now())
        day = count_versions() // 40 + 1
        try:
            with venue() as running:
                document = run_day(running, day=day, orders=options["orders"], story=story)
        except (Unexpected, TookTooLong, NotStarted) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        if not document["books_balanced"]:
            raise CommandError("the books do not balance")
