"""manage.py check_trades: prove every trade from its rows and name everything that is wrong."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from exchange.selectors.proofs import check_trades


class Command(BaseCommand):
    """Exit 0 if every trade is what its order, clearance, contract and money say, 1 if not."""

    help = "Prove every trade against its order, clearance, contract and money; name each fault."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the form of the answer."""
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, print, exit."""
        faults = check_trades()
        if options["json"]:
            document = {"right": not faults, "faults": [asdict(fault) for fault in faults]}
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            for fault in faults:
                self.stdout.write(self.style.ERROR(f"{fault.code}: {fault.where}: {fault.detail}"))
            if not faults:
                self.stdout.write(self.style.SUCCESS("The trades are right."))
        if faults:
            sys.exit(1)
