"""Fee schedules and settlements.

Invariant: schedules never overlap; a settlement's parts sum to what it takes out of the hold.
"""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from core.fields import CurrencyField, DigestField, MinorField, StateField
from core.guards import append_only, frozen, undeletable, untruncatable
from core.ids import uuid7
from settlement.models.holds import Hold
from settlement.states import SETTLEMENT, SettlementState


class FeeSchedule(models.Model):
    """The fees of one currency in a span of time; `lines` as `settlement.fees` reads them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    currency = CurrencyField()
    effective_from = models.DateTimeField()
    effective_until = models.DateTimeField(null=True, blank=True)
    lines = models.JSONField()
    set_by_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ExclusionConstraint(
                name="fee_schedule_no_overlap",
                expressions=[
                    ("currency", RangeOperators.EQUAL),
                    (
                        Func(
                            F("effective_from"),
                            F("effective_until"),
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            frozen("fee_schedule", "currency", "effective_from", "lines", "created_at"),
            undeletable("fee_schedule"),
            untruncatable("fee_schedule"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} from {self.effective_from:%Y-%m-%d}"


class SettlementTerms(models.Model):
    """The allocation plan and fee table that trades were concluded on, kept once for all of them."""  # noqa: E501

    id = models.BigAutoField(primary_key=True)
    digest = DigestField(unique=True)
    plan = models.JSONField()
    fee = models.JSONField()

    class Meta:
        verbose_name_plural = "settlement terms"
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("settlement_terms")

    def __str__(self) -> str:
        return self.digest


class SettlementRequest(models.Model):
    """That a trade is to be settled, and to whom each part of it goes.

    `parts` are computed once, when the settlement is requested: the buyer's fee, the vendor's
    fee, then the lines of the plan in their order; `account_ids` names the account of each.
    `amount_minor` is their sum and is what the hold is captured for; what the hold has over goes
    back to the buyer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=64)
    organisation = models.ForeignKey(
        "core.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    vendor = models.ForeignKey(
        "core.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    hold = models.ForeignKey(
        Hold, on_delete=models.PROTECT, null=True, blank=True, db_constraint=False, db_index=False
    )
    held_account_id = models.BigIntegerField()
    terms = models.ForeignKey(SettlementTerms, on_delete=models.PROTECT, db_index=False)
    currency = CurrencyField()
    price_minor = MinorField()
    amount_minor = MinorField()
    account_ids = ArrayField(models.BigIntegerField())
    parts = ArrayField(models.BigIntegerField())
    input_hash = DigestField()
    state = StateField(choices=SettlementState.choices, default=SettlementState.REQUESTED)
    reason = models.CharField(max_length=200, blank=True, default="")
    requested_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Without the second index for patterns that `unique=True` would make.
            models.UniqueConstraint(
                fields=["reference"], name="settlement_settlementrequest_reference_key"
            ),
            models.CheckConstraint(
                condition=Q(
                    amount_minor=Func(
                        F("parts"), function="settlement_sum", output_field=MinorField()
                    )
                ),
                name="settlement_parts_sum",
            ),
            models.CheckConstraint(
                condition=Q(account_ids__len=F("parts__len")), name="settlement_account_of_part"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor=0, hold__isnull=True)
                | Q(amount_minor__gt=0, hold__isnull=False),
                name="settlement_out_of_hold",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["id"],
                condition=Q(state=SettlementState.REQUESTED),
                name="settlement_due",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *SETTLEMENT.guards(),
            frozen(
                "settlement",
                "reference",
                "organisation",
                "vendor",
                "hold",
                "held_account_id",
                "terms",
                "currency",
                "price_minor",
                "amount_minor",
                "account_ids",
                "parts",
                "input_hash",
                "requested_at",
            ),
            undeletable("settlement"),
            untruncatable("settlement"),
        ]

    def __str__(self) -> str:
        return self.reference
