"""What the bank said and what it was told.

Invariant: each line of a statement is entered once; a payout is confirmed by another person than
the one who prepared it.
"""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import CurrencyField, MinorField, StateField
from core.guards import frozen, undeletable, untruncatable
from core.ids import uuid7
from settlement.states import (
    BANK_ENTRY,
    PAYOUT,
    PAYOUT_BATCH,
    BankEntryState,
    PayoutBatchState,
    PayoutState,
)


class EntryKind(models.TextChoices):
    """What a line of a bank statement is."""

    DEPOSIT = "deposit", _("deposit")
    PAYMENT = "payment", _("payment")


class BankEntry(models.Model):
    """One line of the custody bank's statement. The money is in the books as soon as it is here.

    `sub_account` is whom the bank received it for; `stated_minor` the balance that the bank
    stated after it; `turn` counts how often it was assigned, so that each posting has its own
    reference.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry_id = models.CharField(max_length=64, unique=True)
    sequence = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    sub_account = models.CharField(max_length=64, blank=True)
    bank_reference = models.CharField(max_length=140, blank=True)
    amount_minor = MinorField()
    currency = CurrencyField()
    stated_minor = MinorField()
    value_date = models.DateField()
    organisation = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, null=True, blank=True
    )
    state = StateField(choices=BankEntryState.choices)
    turn = models.IntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "bank entries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="bank_entry_positive"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[BankEntryState.UNMATCHED, BankEntryState.EXPLAINED],
                    organisation__isnull=True,
                )
                | Q(state=BankEntryState.BOOKED, organisation__isnull=False),
                name="bank_entry_owner",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["id"],
                condition=Q(state=BankEntryState.UNMATCHED),
                name="bank_entry_unmatched",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *BANK_ENTRY.guards(),
            frozen(
                "bank_entry",
                "entry_id",
                "sequence",
                "kind",
                "sub_account",
                "bank_reference",
                "amount_minor",
                "currency",
                "stated_minor",
                "value_date",
                "created_at",
            ),
            undeletable("bank_entry"),
            untruncatable("bank_entry"),
        ]

    def __str__(self) -> str:
        return self.entry_id


class PayoutBatch(models.Model):
    """Payouts that one officer prepared and another confirms."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    currency = CurrencyField()
    total_minor = MinorField()
    payout_count = models.IntegerField()
    maker = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    checker = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = StateField(choices=PayoutBatchState.choices, default=PayoutBatchState.PREPARED)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "payout batches"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(checker__isnull=True) | ~Q(checker=F("maker")),
                name="payout_batch_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state=PayoutBatchState.CONFIRMED) | Q(checker__isnull=False),
                name="payout_batch_checked",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *PAYOUT_BATCH.guards(),
            frozen("payout_batch", "currency", "total_minor", "payout_count", "maker"),
            undeletable("payout_batch"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PayoutInstruction(models.Model):
    """One payment that the bank is told to make. The reference is the id without dashes.

    (ISO 20022 has room for 35 characters, and a dashed UUID is 36 long.)
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="instructions")
    reference = models.CharField(max_length=35, unique=True)
    organisation = models.ForeignKey("core.Organisation", on_delete=models.PROTECT)
    amount_minor = MinorField()
    currency = CurrencyField()
    state = StateField(choices=PayoutState.choices, default=PayoutState.PREPARED)
    reason = models.CharField(max_length=500, blank=True, default="")
    tries = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payout_positive"),
            models.UniqueConstraint(fields=["batch", "organisation"], name="payout_once_a_batch"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=[PayoutState.CONFIRMED, PayoutState.SENT]),
                name="payout_under_way",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *PAYOUT.guards(),
            frozen(
                "payout",
                "batch",
                "reference",
                "organisation",
                "amount_minor",
                "currency",
            ),
            undeletable("payout"),
            untruncatable("payout"),
        ]

    def __str__(self) -> str:
        return self.reference
