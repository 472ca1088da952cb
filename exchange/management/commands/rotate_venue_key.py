"""Replace the venue's key. Invariant: what was sealed with the old one stays verifiable."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import signing
from core.actors import SYSTEM
from core.errors import KeyReplaced
from core.services.seals import note_key


class Command(BaseCommand):
    """`manage.py rotate_venue_key [--replaced]`."""

    help = (
        "Make a new Ed25519 key in the place of the venue's, and publish both. The old private "
        "key is kept nowhere; its public half stays in /.well-known/jwks.json."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take whether the file was replaced by the operator already."""
        parser.add_argument(
            "--replaced",
            action="store_true",
            help="only note the key that was put into DATABOURSE_SIGNING_KEY by hand",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Note the key in use, replace it, note the new one, and name it."""
        path = settings.SIGNING_KEY
        try:
            if not options["replaced"]:
                # One that never sealed is noted too: receipts and audit heads name it.
                note_key(actor=SYSTEM, at=timezone.now())
                signing.replace_key(path)
            key = note_key(actor=SYSTEM, at=timezone.now())
        except OSError as error:
            raise CommandError(
                f"{path}: {error.strerror}. Put a new key there yourself, then run "
                "rotate_venue_key --replaced."
            ) from None
        except KeyReplaced as refusal:
            raise CommandError(f"{path}: {refusal.title}. {refusal.way_out}") from None
        self.stdout.write(f"{key.key_id} is in use; give every other host the same file.")
