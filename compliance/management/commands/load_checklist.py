"""Load a checklist from a file. Invariant: it goes through the life of every list."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from compliance import services
from core.actors import SYSTEM
from core.errors import DomainError


class Command(BaseCommand):
    """`manage.py load_checklist FILE [--enforce]`."""

    help = "Load a checklist document up to its trial; with --enforce put it in force at once."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the file, and whether to put the list in force."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--enforce", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the file and say what became of it."""
        try:
            document = json.loads(options["file"].read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['file']}: {error}") from None
        if not isinstance(document, dict):
            raise CommandError(f"{options['file']}: it holds no checklist document")
        load = services.install_checklist if options["enforce"] else services.load_checklist
        try:
            checklist = load(document=document, actor=SYSTEM, at=timezone.now())
        except DomainError as refusal:
            lines = [f"{refusal.title}: {refusal.detail}".rstrip(": ")]
            lines += [f"  {path}: {' '.join(said)}" for path, said in refusal.fields.items()]
            raise CommandError("\n".join(lines)) from None
        items = len(checklist.items["items"])
        self.stdout.write(f"{checklist.code}: {checklist.get_state_display()}, {items} items")
