"""Take over another venue's checklist. Invariant: it ends with 1 and says where, if it is refused."""  # noqa: E501

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from compliance import services
from core.actors import SYSTEM
from core.errors import DomainError


class Command(BaseCommand):
    """`manage.py import_checklist FILE [--code CODE] [--key KEY] [--json]`."""

    help = "Draft a checklist from a signed document, once its seal and all its examples hold."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the file, the code that it gets here, the key expected, and the form of answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--code", default="", help="its code here; default: its own")
        parser.add_argument("--key", default="", help="id of the only key accepted")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Draft the list, or print each problem with line, field and reason."""
        try:
            text = options["file"].read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']}: {error}") from None
        try:
            checklist = services.import_checklist(
                text=text,
                code=options["code"],
                key=options["key"],
                actor=SYSTEM,
                at=timezone.now(),
            )
        except DomainError as refusal:
            self._refused(refusal, options["file"], as_json=options["json"])
            sys.exit(1)
        origin = checklist.origin or {}
        answer = {
            "imported": True,
            "code": checklist.code,
            "state": str(checklist.state),
            "items": len(checklist.items["items"]),
            "origin": origin,
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(
            f"{checklist.code}: {checklist.get_state_display()}, {answer['items']} items, from "
            f"{origin['venue']} ({origin['url']}), signed with key {origin['key_id']}"
        )

    def _refused(self, refusal: DomainError, file: Path, *, as_json: bool) -> None:
        problems = refusal.extra.get("problems", [])
        if as_json:
            answer = {
                "imported": False,
                "code": refusal.code,
                "title": str(refusal.title),
                "problems": problems,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stderr.write(f"{refusal.title}. {refusal.way_out}".strip())
        for one in problems:
            line = "" if one["line"] is None else f":{one['line']}"
            self.stderr.write(f"{file}{line}: {one['field']}: {one['reason']}")
        for path, said in ({} if problems else refusal.fields).items():
            self.stderr.write(f"{path}: {' '.join(map(str, said))}")
