"""Reserved money. Invariant: what is captured and what is given back never exceed what was held."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q, Value

from core.fields import CurrencyField, MinorField, StateField
from core.guards import frozen, undeletable, untruncatable
from core.ids import uuid7
from settlement.states import HOLD, HoldState


class Hold(models.Model):
    """Money of a buyer reserved for one trade, known by the trade's reference.

    The journal says the same: reserved under `hold:<reference>`, captured under
    `settle:<reference>`, given back under `void:`, `release:` or `settle:`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=64)
    organisation = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    currency = CurrencyField()
    amount_minor = MinorField()
    captured_minor = MinorField(default=0, db_default=0)
    voided_minor = MinorField(default=0, db_default=0)
    state = StateField(
        choices=HoldState.choices, default=HoldState.HELD, db_default=Value(HoldState.HELD)
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Without the second index for patterns that `unique=True` would make.
            models.UniqueConstraint(fields=["reference"], name="settlement_hold_reference_key"),
            models.CheckConstraint(
                condition=Q(
                    amount_minor__gt=0,
                    captured_minor__gte=0,
                    voided_minor__gte=0,
                    amount_minor__gte=F("captured_minor") + F("voided_minor"),
                ),
                name="hold_not_overspent",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=HoldState.HELD, captured_minor=0, voided_minor__lt=F("amount_minor")
                )
                | Q(
                    state=HoldState.CAPTURED,
                    captured_minor__gt=0,
                    amount_minor=F("captured_minor") + F("voided_minor"),
                )
                | Q(
                    state__in=[HoldState.VOIDED, HoldState.EXPIRED],
                    captured_minor=0,
                    voided_minor=F("amount_minor"),
                ),
                name="hold_state_of_amounts",
            ),
            models.CheckConstraint(
                condition=Q(state=HoldState.HELD) | Q(expires_at__isnull=True),
                name="hold_closed_without_expiry",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                # Without `state` in it, so that capturing a hold touches no index; a closed
                # hold has no expiry any more and leaves it.
                fields=["expires_at"],
                condition=Q(expires_at__isnull=False),
                name="hold_expiring",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *HOLD.guards(),
            frozen("hold", "reference", "organisation", "currency", "amount_minor", "created_at"),
            undeletable("hold"),
            untruncatable("hold"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def open_minor(self) -> int:
        """What is still reserved."""
        return self.amount_minor - self.captured_minor - self.voided_minor
