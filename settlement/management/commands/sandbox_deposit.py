"""manage.py sandbox_deposit: pay in at the sandbox bank, as a client of the venue does."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from core.models import Organisation
from core.money import CURRENCIES, MoneyError, format_minor, parse_minor, ungrouped
from core.selectors import organisation_named
from settlement import outside
from settlement.bank import sub_account_of
from settlement.errors import BankRefused, BankUnavailable


class Command(BaseCommand):
    """`manage.py sandbox_deposit CODE AMOUNT`: the venue books it when it reads the statement."""

    help = "Pay in at the sandbox bank for an organisation, by its code or registry number."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare for whom, how much, and under which reference."""
        parser.add_argument("organisation", help="its code, as LAKE, or its registry number")
        parser.add_argument("amount", help="as 1000.00")
        parser.add_argument("--currency", default="CNY", choices=sorted(CURRENCIES))
        parser.add_argument("--reference", default="", help="the same reference pays once")

    def handle(self, *args: Any, **options: Any) -> None:
        """Pay in; say what the bank was told."""
        currency = options["currency"]
        try:
            minor = parse_minor(ungrouped(options["amount"]), currency)
        except MoneyError as error:
            raise CommandError(f"the amount: {error}") from None
        if minor <= 0:
            raise CommandError("the amount must be over 0")
        try:
            rows = Organisation.objects.filter(is_venue=False)
            organisation = organisation_named(options["organisation"], rows)
            outside.sandbox().pay_in(
                reference=options["reference"] or f"deposit-{uuid.uuid4().hex[:12]}",
                sub_account=sub_account_of(organisation.pk),
                amount_minor=minor,
                currency=currency,
            )
        except BankUnavailable:
            raise CommandError(
                "the sandbox bank does not answer: it runs beside manage.py demo and "
                "manage.py run, or by manage.py sandbox_bank"
            ) from None
        except BankRefused as error:
            raise CommandError(f"the bank does not take it: {error}") from None
        except DomainError as refusal:
            raise CommandError(str(refusal.detail)) from None
        self.stdout.write(
            f"{format_minor(minor, currency)} {currency} paid in for {organisation}; "
            "the venue books it within seconds"
        )
