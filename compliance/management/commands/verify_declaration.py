"""Check a declaration offline. Invariant: it needs the file and the venue's keys, nothing else."""

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from compliance import seals

SAYS = {
    "readable": "it is a declaration as the venue shows it",
    "venue-key-known": "its seal names a key that the venue has published",
    "venue-key-in-use": "the key was in use when it was sealed",
    "seal": "the seal is the venue's, and nothing was altered since",
    "receipt": "the venue received the signature for exactly this document",
    "signature": "the signature is by the organisation's own key, over exactly this document",
    "content": "it is about what you hold",
}
MOST_BYTES = 4 * 1024 * 1024


class Command(BaseCommand):
    """`manage.py verify_declaration FILE --keys FILE [--of FILE | --hash SHA-256] [--json]`."""

    help = (
        "Check a declaration with the venue's published keys: FILE is what "
        "/api/v1/declarations/<id>/verification answered, the keys are /.well-known/jwks.json. "
        "Ends with 1 if a check fails. Whether it is in force now, only the venue can say."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own way of saying none

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the declaration, the keys, and what it should be about."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--keys", type=Path, required=True, help="the venue's key set")
        about = parser.add_mutually_exclusive_group()
        about.add_argument("--of", type=Path, help="the report that it should be about")
        about.add_argument("--hash", default="", help="the content hash that it should be about")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each check and what the declaration says, and end with 1 if one failed."""
        bundle, keys = document(options["file"]), document(options["keys"])
        published = keys.get("keys") if isinstance(keys, dict) else None
        if not isinstance(published, list):
            raise CommandError(f"{options['keys']}: it holds no key set")
        wanted = hash_of_file(options["of"]) if options["of"] else options["hash"]
        checks = seals.check(bundle, published, content_hash=wanted)
        holds = all(one.passed for one in checks)
        if options["json"]:
            told = [{"name": one.name, "passed": one.passed} for one in checks]
            self.stdout.write(json.dumps({"holds": holds, "checks": told}))
        else:
            for one in checks:
                self.stdout.write(f"{'yes' if one.passed else 'NO ':<4}{SAYS[one.name]}")
            self.stdout.write(told_of(bundle["document"]) if holds else "Do not rely on it.")
        if not holds:
            sys.exit(1)


def told_of(declared: dict[str, Any]) -> str:
    """Return who declared what until when, and whose signature it is."""
    who = declared["organisation"]
    meaning = declared.get("attestation_means", {}).get("en", "")
    lines = [
        f"{who['name_en'] or who['name_zh']} ({who['country']} {who['registry_number']})",
        f"declared {declared['template']['code']} for the content {declared['content_hash']}",
        f"until {declared['valid_until']}.",
        meaning,
    ]
    return "\n".join(line for line in lines if line)


def document(path: Path) -> Any:
    """Return the JSON document in a file.

    Raises:
        CommandError: it cannot be read, is too large, or is no JSON.
    """
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES + 1)
        if len(text) > MOST_BYTES:
            raise CommandError(f"{path}: it is larger than a declaration")
        return json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise CommandError(f"{path}: {error}") from None


def hash_of_file(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        CommandError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CommandError(f"{path}: {error}") from None
