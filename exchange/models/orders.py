"""Orders and the quotes that lead to them. Invariant: terms never change, only the state does."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from core.fields import CurrencyField, MinorField, StateField
from core.guards import append_only, frozen, undeletable
from core.ids import uuid7
from exchange.states import ORDER, OrderState


class Order(models.Model):
    """A buyer's on-exchange intent on one plan, with purpose, territory, term and volume.

    Each index serves a question that is asked; a key that none asks by has none (an insert per
    order pays for every one).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    buyer = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    vendor = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    version = models.ForeignKey(
        "listings.Version", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    plan = models.ForeignKey(
        "listings.Plan", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    demand = models.ForeignKey(
        "exchange.Demand",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        db_index=False,
    )
    offer_mode = models.CharField(max_length=12)
    purpose = models.CharField(max_length=32)
    territory = models.CharField(max_length=10)
    term_days = models.IntegerField()
    volume = models.BigIntegerField()
    redistribution = models.BooleanField(default=False)
    derivation = models.BooleanField(default=False)
    foreign_judicial_request = models.BooleanField(
        null=True,
        blank=True,
        help_text="for a foreign court or law enforcement body, as the buyer says",
    )
    price_limit_minor = MinorField(null=True, blank=True)
    amount_minor = MinorField(null=True, blank=True)
    buyer_fee_minor = MinorField(default=0, db_default=0)
    currency = CurrencyField()
    state = StateField(choices=OrderState.choices)
    refusal_code = models.CharField(max_length=48, blank=True)
    findings = models.JSONField(default=list, blank=True)
    label = models.CharField(
        max_length=60, blank=True, help_text="the buyer's project or cost centre"
    )
    placed_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    placed_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(term_days__gte=1) & Q(volume__gte=1), name="order_terms_positive"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__isnull=True) | Q(amount_minor__gte=0),
                name="order_amount_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(state=OrderState.REFUSED) | ~Q(refusal_code=""),
                name="order_refused_says_why",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["buyer", "-id"], name="order_of_buyer"),
            models.Index(fields=["vendor", "-id"], name="order_of_vendor"),
            models.Index(
                fields=["answer_by"],
                condition=Q(state__in=[OrderState.AWAITING, OrderState.NEGOTIATING]),
                name="order_open",
            ),
            models.Index(
                fields=["version"],
                condition=Q(state__in=[OrderState.AWAITING, OrderState.NEGOTIATING]),
                name="order_open_on_version",
            ),
            models.Index(
                fields=["demand"], condition=Q(demand__isnull=False), name="order_of_demand"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *ORDER.guards(),
            frozen(
                "order_terms",
                "buyer",
                "vendor",
                "version",
                "plan",
                "purpose",
                "territory",
                "term_days",
                "volume",
                "redistribution",
                "derivation",
                "foreign_judicial_request",
                "price_limit_minor",
                "placed_at",
            ),
            undeletable("order"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Quote(models.Model):
    """One price named by one side of a negotiation. The newest one may be accepted by the other."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="quotes")
    number = models.IntegerField()
    side = models.CharField(max_length=6, choices=[("buyer", "buyer"), ("vendor", "vendor")])
    amount_minor = MinorField()
    note = models.TextField(blank=True)
    quoted_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    quoted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "number"], name="quote_number_once"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="quote_not_negative"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("quote")

    def __str__(self) -> str:
        return f"{self.order_id} #{self.number}"
