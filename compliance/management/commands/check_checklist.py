"""Whether the checklist answers every row of the field. Invariant: it ends with 1 if it does not."""  # noqa: E501

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from compliance.cross_border import tried
from compliance.rules import ItemUnreadable, read_document, validate_in_child
from compliance.rules.coverage import fates, read_rows

FOLDER = Path(settings.BASE_DIR) / "compliance" / "checklists"
CHECKLIST = FOLDER / "2026.3.json"


class Command(BaseCommand):
    """`manage.py check_checklist [--file FILE] [--json]`."""

    help = "Try every example, account for every row of the reference list, try the export flows."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the list and the form of the answer."""
        parser.add_argument("--file", type=Path, default=CHECKLIST)
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the counts, then everything that is wrong, and end with 1 if anything is."""
        today = timezone.localdate()
        document = _read(options["file"])
        problems = validate_in_child(document)
        try:
            checklist = read_document(document)
        except ItemUnreadable as unreadable:
            raise CommandError(f"{options['file']}: {unreadable}") from None
        rows = fates(read_rows(_read(FOLDER / "rows.json")), checklist, on=today)
        lost = [one.row for one in rows if one.fate == "unaccounted"]
        failed = [one for one in problems if one.field.startswith("examples.")]
        flows = tried(_read(FOLDER / "flows.json"), on=today)
        astray = [one for one in flows if not one.holds]
        counts = {
            "rows": len(rows),
            "rows_unaccounted": len(lost),
            "items": len(checklist.items),
            "examples": sum(len(item.examples) for item in checklist.items),
            "examples_failed": len(failed),
            "cross_border": f"{len(flows) - len(astray)}/{len(flows)}",
        }
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        else:
            self.stdout.write("\n".join(f"{name}: {count}" for name, count in counts.items()))
        wrong = [
            *map(str, problems),
            *(f"{row}: nothing became of this row" for row in lost),
            *(f"flow “{one.name}” takes {one.got}, not {one.wanted}" for one in astray),
        ]
        for line in wrong:
            self.stderr.write(line)
        if wrong:
            sys.exit(1)


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from None
    if not isinstance(document, dict):
        raise CommandError(f"{path}: it holds no JSON object")
    return document
