"""What the venue attests of itself. Invariant: it changes nothing, and ends with 1 if one lacks."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from compliance import selectors
from core.canonical import plain
from core.errors import DomainError


class Command(BaseCommand):
    """`manage.py venue_attestations [--json]`."""

    help = "Say which of its yearly attestations the venue has signed, and until when each counts."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the form of the answer."""
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each question, and end with 1 unless all are attested."""
        try:
            found = selectors.venue_standing(timezone.now())
        except DomainError as refusal:
            raise CommandError(str(refusal.title)) from None
        if options["json"]:
            self.stdout.write(json.dumps(plain(asdict(found)), ensure_ascii=False))
        else:
            for duty in found.duties:
                until = f" until {duty.valid_until:%Y-%m-%d}" if duty.valid_until else ""
                self.stdout.write(f"{duty.item} {duty.state}{until}: {duty.title_en}")
        if not found.complete:
            sys.exit(1)
