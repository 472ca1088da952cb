"""Import the listings of another catalogue as draft products of one vendor.

Invariant: standard output carries the result only; progress and errors go to standard error.
"""

import argparse
import hashlib
import itertools
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import SYSTEM
from core.errors import Conflict, DomainError, NotFound
from listings import selectors, services
from listings.catalogue_files import FileRefused, Row, read_rows

BATCH = 200


class ProgressBar:
    """How far a file has been read: a bar on a terminal, else a line for every tenth."""

    def __init__(self, out: OutputWrapper, total: int) -> None:
        self.out, self.total, self.tenths = out, max(total, 1), 0
        self.live = out.isatty()

    def show(self, done: int, rows: int) -> None:
        """Show that `done` bytes and `rows` rows have been read."""
        percent = min(100, 100 * done // self.total)
        text = _("%(percent)3d %%  %(rows)s rows") % {"percent": percent, "rows": rows}
        if self.live:
            bar = "█" * (percent // 4)
            self._write(f"\r{bar:░<25} {text}")
        elif percent // 10 > self.tenths:
            self.tenths = percent // 10
            self._write(f"{text}\n")

    def close(self) -> None:
        """End the line of the bar."""
        if self.live:
            self._write("\n")

    def _write(self, text: str) -> None:
        # As it is: Django would colour what goes to standard error as an error.
        self.out.write(text, style_func=str, ending="")
        self.out.flush()


class Command(BaseCommand):
    """`manage.py import_catalogue FILE --vendor CODE [--dry-run] [--json]`."""

    help = "Import listings (JSON Lines or a DCAT-US data.json) as draft products of a vendor."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare file, vendor and the two switches."""
        parser.add_argument("file", help="JSON Lines of listings, or a DCAT-US data.json")
        parser.add_argument(
            "--vendor",
            required=True,
            help="the code that the venue gave the vendor, or its registry number",
        )
        parser.add_argument("--dry-run", action="store_true", help="read and report, write nothing")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file and report created, duplicate and refused rows."""
        arguments = argparse.Namespace(**options)
        vendor_id = self._vendor(arguments.vendor)
        path = Path(arguments.file)
        try:
            with path.open("rb") as stream:
                size = os.fstat(stream.fileno()).st_size
                rows = _begun(self._watched(read_rows(stream), size))
                if arguments.dry_run:
                    report = self._previewed(vendor_id, rows)
                else:
                    report = self._imported(vendor_id, path, rows)
        except OSError as error:
            raise CommandError(
                _("Cannot read %(file)s: %(why)s.") % {"file": path, "why": error.strerror}
            ) from None
        except FileRefused as refusal:
            where = _("line %(line)s: ") % {"line": refusal.line} if refusal.line else ""
            raise CommandError(f"{path}: {where}{_(refusal.reason)}.") from None
        except DomainError as refusal:
            raise CommandError(f"{refusal.title}. {refusal.detail} {refusal.way_out}") from None
        except KeyboardInterrupt:
            self.stderr.write(_("Interrupted. Run the same command again to go on."))
            sys.exit(130)
        self._report(report, arguments)

    def _vendor(self, code: str) -> UUID:
        try:
            return selectors.vendor_by_code(code).pk
        except (NotFound, Conflict) as refusal:
            raise CommandError(str(refusal.detail)) from None

    def _watched(self, rows: Iterator[Row], size: int) -> Iterator[Row]:
        """Pass rows on and show how far the file has been read."""
        bar = ProgressBar(self.stderr, size)
        for count, row in enumerate(rows, 1):
            yield row
            if count % BATCH == 0 or row.end_bytes >= size:
                bar.show(row.end_bytes, count)
        bar.close()

    def _imported(self, vendor_id: UUID, path: Path, rows: Iterator[Row]) -> dict[str, Any]:
        digest = _digest(path)
        begun = services.start_import(
            vendor_id=vendor_id,
            file_name=path.name,
            file_sha256=digest,
            actor=SYSTEM,
            at=timezone.now(),
        )
        for batch in _batches(rows, begun.position):
            services.import_rows(import_id=begun.pk, rows=batch, actor=SYSTEM, at=timezone.now())
        services.finish_import(import_id=begun.pk, actor=SYSTEM, at=timezone.now())
        return selectors.import_report(begun.pk)

    def _previewed(self, vendor_id: UUID, rows: Iterator[Row]) -> dict[str, Any]:
        """Return what an import would report, without writing anything."""
        seen: set[str] = set()
        counts = {"created": 0, "duplicate": 0}
        refused: list[dict[str, Any]] = []
        for batch in _batches(rows, 0):
            refs = [row.draft.source_ref for row in batch if row.draft]
            seen |= selectors.known_source_refs(vendor_id, refs).keys()
            for ref in refs:
                counts["duplicate" if ref in seen else "created"] += 1
                seen.add(ref)
            refused += [
                {"line": row.line, "field": row.field, "reason": _(row.reason) % dict(row.values)}
                for row in batch
                if row.draft is None
            ]
        return {**counts, "refused": refused}

    def _report(self, report: dict[str, Any], arguments: argparse.Namespace) -> None:
        if arguments.json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for row in report["refused"]:
            self.stdout.write(
                _("line %(line)s, %(field)s: %(reason)s") % {**row, "field": row["field"] or "-"}
            )
        text = _("%(created)s created, %(duplicate)s duplicates, %(refused)s refused")
        self.stdout.write(text % {**report, "refused": len(report["refused"])})
        if arguments.dry_run:
            self.stdout.write(_("Nothing was written: this was a dry run."))


def _begun(rows: Iterator[Row]) -> Iterator[Row]:
    """Read the first row at once, so that a file that is no catalogue leaves nothing behind."""
    first = next(rows, None)
    return itertools.chain([first] if first else [], rows)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _batches(rows: Iterator[Row], done: int) -> Iterator[list[Row]]:
    """Yield the rows after number `done`, some hundred at a time."""
    rows = itertools.dropwhile(lambda row: row.number <= done, rows)
    while batch := list(itertools.islice(rows, BATCH)):
        yield batch
