"""Write a checklist as a signed document. Invariant: it is what the page and the API hand out."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from compliance.selectors import checklist_by_code, exported_checklist, exported_text
from core.actors import SYSTEM
from core.errors import NotFound


class Command(BaseCommand):
    """`manage.py export_checklist CODE [--file FILE]`."""

    help = "Write a checklist, signed with the venue's key, for another venue to take over."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the code of the list, and where to write it."""
        parser.add_argument("code")
        parser.add_argument("--file", type=Path, help="default: standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the document."""
        try:
            checklist = checklist_by_code(options["code"])
        except NotFound:
            raise CommandError(f"There is no checklist {options['code']}.") from None
        document = exported_checklist(checklist.pk, SYSTEM, timezone.now())
        text = exported_text(document)
        if options["file"] is None:
            self.stdout.write(text, ending="")
            return
        try:
            options["file"].write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{options['file']}: {error}") from None
        key = document["seal"]["key_id"]
        self.stdout.write(f"{checklist.code}: written to {options['file']}, signed with key {key}")
