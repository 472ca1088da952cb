"""manage.py open_venue: open the venue of an empty installation. Invariant: safe to run again."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from core.actors import SYSTEM
from core.errors import DomainError
from core.models import Invitation
from core.money import format_minor
from exchange.services.opening import MAIN_CURRENCY, OpenedMarket, open_market
from settlement.fees import FIRST_FEES, VENDOR

FIRST_LIST = Path(settings.BASE_DIR) / "compliance" / "checklists" / "2026.3.json"


class Command(BaseCommand):
    """Who runs the exchange, by which list, at which fees, and who administers it first."""

    help = "Open the venue: its names, its registry number, its first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the venue and what it starts with."""
        parser.add_argument("--name-zh", required=True, help="its Chinese name")
        parser.add_argument("--name-en", required=True, help="its English name")
        parser.add_argument("--country", default="CN", help="two letters; default: CN")
        parser.add_argument(
            "--number", required=True, help="in China the unified social credit code"
        )
        parser.add_argument("--email", required=True, help="of the first administrator")
        parser.add_argument(
            "--checklist", type=Path, default=FIRST_LIST, help="default: the list of the project"
        )
        parser.add_argument(
            "--fees", type=Path, help="a JSON list of fee lines; [] sets none (no trade is matched)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Open it, then say what it starts with and how its administrator comes in."""
        try:
            validate_email(options["email"])
        except ValidationError:
            raise CommandError(f"--email: {options['email']} is not an address") from None
        country = options["country"].strip().upper()
        if len(country) != 2 or not country.isalpha():
            raise CommandError("--country must be two letters, as CN")
        fees = FIRST_FEES if options["fees"] is None else _document(options["fees"], list)
        checklist = _document(options["checklist"], dict)
        try:
            opened = open_market(
                name_zh=options["name_zh"],
                name_en=options["name_en"],
                country=country,
                registry_number=options["number"],
                checklist=checklist,
                fees=fees,
                email=options["email"],
                actor=SYSTEM,
                at=timezone.now(),
            )
        except DomainError as refusal:
            lines = [f"{refusal.title}. {refusal.detail}".strip()]
            lines += [
                f"  {name}: {' '.join(map(str, said))}" for name, said in refusal.fields.items()
            ]
            raise CommandError("\n".join(lines)) from None
        self._tell(opened, fees)

    def _tell(self, opened: OpenedMarket, fees: Any) -> None:
        say = self.stdout.write
        venue = opened.venue
        say(f"{venue.name_zh} / {venue.name_en} ({venue.country} {venue.registry_number}) is open.")
        say(f"Checklist {opened.checklist} is in force.")
        if opened.fees_set:
            say(f"Fees in {MAIN_CURRENCY} from now on, frozen into every contract:")
            for line in fees:
                say(f"  {_fee(line)}")
            say("  An administrator sets others over POST /api/v1/fee-schedules.")
        elif not fees:
            say("No fees were set: no order is matched before there is a fee schedule.")
        else:
            say("Fees were set already; they stay as they are.")
        if opened.invitation is None:
            say("It has an administrator already, who asks everybody else in.")
            return
        row, key = opened.invitation
        assert isinstance(row, Invitation)
        say(f"{row.email} administers it first; the link, good until {row.expires_at:%Y-%m-%d}:")
        say(f"  {settings.BASE_URL}/invitations/{key}")
        say("  The worker mails it too. Sign up with that address first, then open the link.")


def _fee(line: Any) -> str:
    where = (
        "out of the price, from the vendor" if line["side"] == VENDOR else "on top, by the buyer"
    )
    most = line.get("cap_minor")
    cap = "" if most is None else f", at most {format_minor(most, MAIN_CURRENCY)}"
    return f"{line['rate_bp'] / 100:g} % of the price {where}{cap}"


def _document(path: Path, kind: type) -> Any:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from None
    if not isinstance(document, kind):
        raise CommandError(f"{path}: it holds no {'list' if kind is list else 'checklist'}")
    return document
