"""What debits that nobody ordered were. Invariant: one officer says it and another confirms it."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import StateField
from core.guards import frozen, undeletable, untruncatable
from core.ids import uuid7
from settlement.models.bank import BankEntry, PayoutInstruction
from settlement.states import EXPLANATION, ExplanationState


class ExplanationKind(models.TextChoices):
    """What a debit at the custody bank turned out to be."""

    PAYOUT = "payout", _("a payout of the venue, under another reference")
    RETURN = "return", _("an error of the bank, which paid the money back")
    LOSS = "loss", _("a loss, which the venue bears out of its fees")


class BankExplanation(models.Model):
    """What an unexplained debit was. Until it is confirmed, the debit is a claim on the bank."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="explanations")
    kind = models.CharField(max_length=8, choices=ExplanationKind.choices)
    payout = models.ForeignKey(PayoutInstruction, on_delete=models.PROTECT, null=True, blank=True)
    deposit = models.ForeignKey(
        BankEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=500)
    maker = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    checker = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = StateField(choices=ExplanationState.choices, default=ExplanationState.PROPOSED)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(checker__isnull=True) | ~Q(checker=F("maker")),
                name="bank_explanation_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExplanationState.CONFIRMED) | Q(checker__isnull=False),
                name="bank_explanation_checked",
            ),
            models.CheckConstraint(
                condition=Q(kind=ExplanationKind.PAYOUT, payout__isnull=False, deposit__isnull=True)
                | Q(kind=ExplanationKind.RETURN, payout__isnull=True, deposit__isnull=False)
                | Q(kind=ExplanationKind.LOSS, payout__isnull=True, deposit__isnull=True),
                name="bank_explanation_names_its_other",
            ),
            *[
                models.UniqueConstraint(
                    fields=[name],
                    condition=~Q(state=ExplanationState.DECLINED),
                    name=f"bank_explanation_once_{name}",
                )
                for name in ("entry", "payout", "deposit")
            ],
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *EXPLANATION.guards(),
            frozen(
                "bank_explanation",
                "entry",
                "kind",
                "payout",
                "deposit",
                "reason",
                "maker",
                "created_at",
            ),
            undeletable("bank_explanation"),
            untruncatable("bank_explanation"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.kind}"
