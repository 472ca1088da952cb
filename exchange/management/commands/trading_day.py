"""manage.py trading_day: one day of the demonstration market, told or as one JSON document."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from exchange.demo.catalogue import Pseudonyms, vendor_number
from exchange.demo.client import Unexpected
from exchange.demo.day import run_catalogue_day, run_day
from exchange.demo.day.people import TookTooLong
from exchange.demo.home import OtherSoftware
from exchange.demo.market import make_market, make_simulated
from exchange.demo.processes import NotStarted, Venue, venue
from exchange.demo.story import Story
from listings.selectors.own import count_versions

ORDERS = 220
CATALOGUE_ORDERS = 1_000
LEAST_ORDERS = 40


class Command(BaseCommand):
    """Drive the API, a worker and a bank through one day; they run only as long as it takes."""

    help = "Run one trading day over the API with a real worker and a sandbox bank."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare how the day is told and how much is ordered."""
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        parser.add_argument("--orders", type=int, help="ordinary orders to place")
        parser.add_argument(
            "--catalogue", metavar="FILE", help="run the day on these real listings, simulated"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the day; fail if the books do not balance."""
        usual = CATALOGUE_ORDERS if options["catalogue"] else ORDERS
        orders = usual if options["orders"] is None else options["orders"]
        if orders < LEAST_ORDERS:
            raise CommandError(f"--orders must be at least {LEAST_ORDERS}")
        story = Story(json=options["json"])
        lines = _lines(options["catalogue"]) if options["catalogue"] else []
        try:
            make_market(at=timezone.now())
        except OtherSoftware as error:
            raise CommandError(str(error)) from None
        try:
            with venue() as running:
                if lines:
                    document = _on_catalogue(running, lines, orders, story)
                else:
                    day = count_versions() // 40 + 1
                    document = run_day(running, day=day, orders=orders, story=story)
        except (Unexpected, TookTooLong, NotStarted) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        if not document["books_balanced"]:
            raise CommandError("the books do not balance")


def _lines(name: str) -> list[str]:
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"cannot read {name}: {error}") from None
    lines = [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        try:
            fault = "" if isinstance(json.loads(line), dict) else "no object"
        except ValueError as error:
            fault = str(error)
        if fault:
            raise CommandError(f"{name}, line {number}: {fault}; see docs/stand_in.md")
    if not lines:
        raise CommandError(f"{name} holds no listings")
    return lines


def _on_catalogue(running: Venue, lines: list[str], orders: int, story: Story) -> dict[str, Any]:
    rows = [json.loads(line) for line in lines]
    names = Pseudonyms(rows)
    numbers = dict.fromkeys(vendor_number(row) for row in rows)
    vendors = make_simulated(numbers=numbers, at=timezone.now())
    return run_catalogue_day(
        running, vendors=vendors, names=names, lines=lines, orders=orders, story=story
    )
