"""Make stored decisions again. Invariant: it changes nothing, and ends with 1 if one differs."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from compliance import selectors
from core.canonical import plain


class Command(BaseCommand):
    """`manage.py replay_decisions [--from TIME] [--to TIME] [--json]`."""

    help = "Recompute every decision from its stored facts and the checklist of its time."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the period and the form of the answer."""
        parser.add_argument("--from", dest="first", help="from this moment on (ISO 8601)")
        parser.add_argument("--to", dest="last", help="before this moment (ISO 8601)")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay the period, list what differs, and end with 1 if anything does."""
        first, last = moment(options["first"]), moment(options["last"])
        replayed = 0
        differing: list[selectors.Mismatch] = []
        for decision in selectors.replay(first, last):
            replayed += 1
            differing.extend(decision.mismatches)
        if options["json"]:
            document = {
                "replayed": replayed,
                "mismatches": [plain(asdict(one)) for one in differing],
            }
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            for one in differing:
                self.stdout.write(
                    f"{one.decision_id} {one.kind} {one.at:%Y-%m-%d %H:%M:%S} {one.what}: "
                    f"stored {one.stored or '-'}, replayed {one.replayed}"
                )
            self.stdout.write(f"{replayed} decisions replayed, {len(differing)} differences")
        if differing:
            sys.exit(1)


def moment(text: str | None) -> datetime | None:
    """Return the moment that `text` names, a date being its first moment; None if it is empty.

    Raises:
        CommandError: it is neither a date nor a time.
    """
    if not text:
        return None
    try:
        parsed = parse_datetime(text)
        day = parse_date(text) if parsed is None else None
    except ValueError:
        parsed = day = None
    if parsed is None and day is not None:
        parsed = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - made aware below
    if parsed is None:
        raise CommandError(f"{text!r} is neither a date nor a time (ISO 8601)")
    return parsed if timezone.is_aware(parsed) else timezone.make_aware(parsed)
