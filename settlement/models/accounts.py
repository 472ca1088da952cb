"""Accounts and what is on them.

Invariant: a balance moves only with transfers, in the database, and never below its floor.
"""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import CurrencyField, MinorField
from core.guards import append_only, frozen, undeletable, untruncatable


class AccountKind(models.TextChoices):
    """What the money on an account is."""

    CUSTODY = "custody", _("client money at the organisation's disposal")
    HELD = "held", _("client money reserved for trades")
    PAYABLE = "payable", _("owed to the organisation")
    PAYOUT = "payout", _("on its way to the organisation's bank")
    FEES = "fees", _("due to the venue")
    FUND = "fund", _("due to the public-interest fund")
    UNMATCHED = "unmatched", _("received by the bank, owner not yet known")
    UNEXPLAINED = "unexplained", _("paid by the bank, not yet known for what")
    BANK = "bank", _("at the custody bank")


class Side(models.TextChoices):
    """The side that makes a balance grow."""

    DEBIT = "debit", _("debit")
    CREDIT = "credit", _("credit")


class Account(models.Model):
    """An address money can stand at, in one currency, such as `org:<uuid>:custody`.

    A hot account is one that every trade touches: it keeps no live balance, so that nobody waits
    for its row; its balance is the last snapshot and the transfers since.
    """

    id = models.BigAutoField(primary_key=True)
    address = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=AccountKind.choices)
    currency = CurrencyField()
    organisation = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, null=True, blank=True, db_index=False
    )
    side = models.CharField(max_length=6, choices=Side.choices, default=Side.CREDIT)
    floor_minor = MinorField(null=True, blank=True, default=0, help_text=_("empty: no floor"))
    hot = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["address", "currency"], name="account_address"),
            models.UniqueConstraint(
                fields=["organisation", "currency", "kind"],
                condition=Q(organisation__isnull=False),
                name="account_of_organisation",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            frozen(
                "account",
                "address",
                "kind",
                "currency",
                "organisation",
                "side",
                "hot",
                "floor_minor",
            ),
            undeletable("account"),
            untruncatable("account"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.currency}"


class Balance(models.Model):
    """The live balance of an account that is not hot, growing on the account's own side."""

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, primary_key=True, related_name="balance"
    )
    sign = models.SmallIntegerField(help_text=_("+1 if credits make it grow, else −1"))
    floor_minor = MinorField(null=True, blank=True)
    minor = MinorField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(floor_minor__isnull=True) | Q(minor__gte=F("floor_minor")),
                name="settlement_balance_floor",
            ),
            models.CheckConstraint(condition=Q(sign__in=[1, -1]), name="balance_sign"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            # Depth 0 is a statement of a client; depth 1 is the trigger of the journal.
            pgtrigger.Protect(
                name="balance_by_transfer",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
            ),
            pgtrigger.Protect(
                name="balance_begins_empty",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.minor <> 0"),
            ),
            undeletable("balance"),
            untruncatable("balance"),
        ]

    def __str__(self) -> str:
        return str(self.minor)


class BalanceSnapshot(models.Model):
    """What a hot account came to with every transfer up to `upto_transfer_id`, and none after."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False)
    upto_transfer_id = models.BigIntegerField()
    minor = MinorField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "upto_transfer_id"], name="balance_snapshot_once"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("balance_snapshot")

    def __str__(self) -> str:
        return f"{self.account_id} at {self.upto_transfer_id}"
