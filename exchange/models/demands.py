"""Demands and their answers. Invariant: a shortlist names offers; nothing pairs by itself."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from core.fields import CurrencyField, MinorField, StateField
from core.guards import append_only
from core.ids import uuid7
from exchange.states import DEMAND, DemandState


class Demand(models.Model):
    """A buyer's published need."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    buyer = models.ForeignKey("core.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    words = models.CharField(max_length=300)
    industry = models.CharField(max_length=8, blank=True)
    form = models.CharField(max_length=16, blank=True)
    purpose = models.CharField(max_length=32)
    territory = models.CharField(max_length=10)
    price_limit_minor = MinorField(null=True, blank=True)
    currency = CurrencyField()
    state = StateField(choices=DemandState.choices, default=DemandState.OPEN)
    published_at = models.DateTimeField()
    open_until = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["-published_at"], condition=Q(state=DemandState.OPEN), name="demand_open"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = DEMAND.guards()

    def __str__(self) -> str:
        return self.title


class Shortlist(models.Model):
    """One refresh of a demand's shortlist: ranked cleared offers, and why others are left out."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="shortlists")
    offers = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["demand", "-made_at"], name="shortlist_newest"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("shortlist")

    def __str__(self) -> str:
        return f"shortlist of {self.demand_id}"


class DemandQuote(models.Model):
    """A vendor's answer to a demand: one plan of a cleared version at one price."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="quotes")
    vendor = models.ForeignKey("core.Organisation", on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey("listings.Plan", on_delete=models.PROTECT, related_name="+")
    amount_minor = MinorField()
    price_reason = models.CharField(max_length=24, blank=True)
    note = models.TextField(blank=True)
    quoted_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    quoted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["demand", "vendor", "plan"], name="demand_quote_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0), name="demand_quote_not_negative"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("demand_quote")

    def __str__(self) -> str:
        return f"{self.vendor_id} to {self.demand_id}"
