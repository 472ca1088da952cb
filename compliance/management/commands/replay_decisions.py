"""Make stored decisions again. Invariant: it changes nothing, and ends with 1 if one differs.

With `--progress FILE` the place reached is kept: whatever ends a run, the next one goes on there
and repeats nothing but the decisions since the file was last written.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from compliance import selectors
from core.canonical import plain

# After how many decisions the place is kept and told.
STEP = 500


@dataclass
class Progress:
    """How far a run is: its period, the last decision made again, and what differed so far."""

    first: datetime | None
    last: datetime | None
    after: selectors.Place | None = None
    replayed: int = 0
    mismatches: list[dict[str, Any]] = field(default_factory=list)
    complete: bool = False

    def document(self) -> dict[str, Any]:
        """Return it as it is kept and printed."""
        return {
            "from": plain(self.first),
            "until": plain(self.last),
            "complete": self.complete,
            "replayed": self.replayed,
            "mismatches": self.mismatches,
            "after": [plain(one) for one in self.after] if self.after else None,
        }


class Command(BaseCommand):
    """`manage.py replay_decisions [--from TIME] [--until TIME] [--progress FILE] [--json]`."""

    help = "Recompute every decision from its stored facts and the checklist of its time."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the period, where progress is kept, and the form of the answer."""
        parser.add_argument("--from", dest="first", help="from this moment on (ISO 8601)")
        parser.add_argument("--until", "--to", dest="last", help="before this moment (ISO 8601)")
        parser.add_argument(
            "--progress", metavar="FILE", help="keep the place reached there, and go on from it"
        )
        parser.add_argument(
            "--most", type=int, metavar="N", help="stop after so many; with --progress, for now"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay the period, list what differs, and end with 1 if anything does."""
        path = Path(options["progress"]) if options["progress"] else None
        if options["most"] is not None and options["most"] < 1:
            raise CommandError("--most must be at least 1")
        progress = begun(path, moment(options["first"]), moment(options["last"]))
        self._replay(progress, path, options["most"])
        if options["json"]:
            document = progress.document()
            del document["after"]
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            self._tell(progress)
        if progress.mismatches:
            sys.exit(1)

    def _replay(self, progress: Progress, path: Path | None, most: int | None) -> None:
        if progress.complete:
            return
        total = selectors.count_decisions(progress.first, progress.last)
        started = time.monotonic()
        found = selectors.replay(progress.first, progress.last, progress.after)
        for done, one in enumerate(found, 1):
            if most is not None and done > most:
                break
            progress.replayed += 1
            progress.after = (one.at, one.decision_id)
            progress.mismatches += [plain(asdict(each)) for each in one.mismatches]
            if done % STEP == 0:
                keep(path, progress)
                self._say(progress.replayed, total, done / (time.monotonic() - started))
        else:
            progress.complete = True
        keep(path, progress)

    def _say(self, done: int, total: int, rate: float) -> None:
        left = max(total - done, 0) / rate if rate else 0
        self.stderr.write(
            f"{done:,} of {total:,} ({100 * done // max(total, 1)} %), {rate:,.0f} a second, "
            f"{left:,.0f} s left"
        )

    def _tell(self, progress: Progress) -> None:
        for one in progress.mismatches:
            self.stdout.write(
                f"{one['decision_id']} {one['kind']} {one['at']} {one['what']}: "
                f"stored {one['stored'] or '-'}, replayed {one['replayed']}"
            )
        self.stdout.write(
            f"{progress.replayed} decisions replayed, {len(progress.mismatches)} differences"
        )
        if not progress.complete:
            self.stdout.write("not all of them yet: start it again with the same --progress")


def begun(path: Path | None, first: datetime | None, last: datetime | None) -> Progress:
    """Return the progress that `path` keeps, or the beginning.

    A run that can go on later ends where it began to: what is decided meanwhile is another's.

    Raises:
        CommandError: the file keeps another period, or is no such file.
    """
    if path is None:
        return Progress(first, last)
    if not path.exists():
        return Progress(first, last or timezone.now())
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        place = kept["after"]
        after = (datetime.fromisoformat(place[0]), UUID(place[1])) if place else None
        progress = Progress(
            moment(kept["from"]),
            moment(kept["until"]),
            after,
            int(kept["replayed"]),
            list(kept["mismatches"]),
            bool(kept["complete"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} keeps no progress of a replay: {error}") from None
    if progress.first != first or last not in (None, progress.last):
        raise CommandError(
            f"{path} is of another period, from {kept['from'] or 'the first'} until "
            f"{kept['until']}; name that, or another file"
        )
    return progress


def keep(path: Path | None, progress: Progress) -> None:
    """Write the progress whole or not at all."""
    if path is None:
        return
    beside = path.with_name(path.name + ".part")
    beside.write_text(json.dumps(progress.document(), ensure_ascii=False), encoding="utf-8")
    beside.replace(path)


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
