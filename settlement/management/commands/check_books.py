"""manage.py check_books: recompute the books and name everything that is wrong in them."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.money import format_minor
from settlement import outside, selectors
from settlement.errors import BankUnavailable


class Command(BaseCommand):
    """Exit 0 if the books are right, 1 if not."""

    help = "Recompute every balance, hold, settlement and payout, and name each fault."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the form of the answer."""
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        parser.add_argument(
            "--bank", action="store_true", help="also ask the bank what it holds now"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, print, exit."""
        faults = list(selectors.check_books())
        positions = selectors.custody_positions()
        if options["bank"]:
            faults += bank_faults(positions)
        document = {
            "balanced": not faults,
            "faults": [asdict(fault) for fault in faults],
            "custody": [
                {**asdict(one), "difference_minor": one.difference_minor} for one in positions
            ],
        }
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            self.show(faults, positions)
        if faults:
            sys.exit(1)

    def show(
        self, faults: list[selectors.Fault], positions: list[selectors.CustodyPosition]
    ) -> None:
        """Print the positions and the faults for people."""
        for one in positions:
            owed = one.custody_minor - one.difference_minor
            self.stdout.write(
                f"{one.currency}  custody {format_minor(one.custody_minor, one.currency)}"
                f"  owed {format_minor(owed, one.currency)}"
                f"  difference {format_minor(one.difference_minor, one.currency)}"
            )
        for fault in faults:
            self.stdout.write(self.style.ERROR(f"{fault.code}: {fault.where}: {fault.detail}"))
        if not faults:
            self.stdout.write(self.style.SUCCESS("The books are right."))


def bank_faults(positions: list[selectors.CustodyPosition]) -> list[selectors.Fault]:
    """Return where the bank holds something else than the books say."""
    faults = []
    for one in positions:
        try:
            held = outside.bank().balance(one.currency)
        except BankUnavailable as error:
            faults.append(selectors.Fault("bank-unavailable", "the bank", str(error)))
            break
        if held != one.custody_minor:
            faults.append(
                selectors.Fault(
                    "bank-balance",
                    f"currency {one.currency}",
                    f"the bank holds {held}, the books say {one.custody_minor}",
                )
            )
    return faults
