"""Price plans and their seats. Invariant: only a free plan costs 0; no seat is sold twice."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import CurrencyField, MinorField
from core.guards import untruncatable
from core.ids import uuid7
from listings.models.products import Version

# The lock keeps a version from being submitted between this look and the commit.
CHANGEABLE = (
    "PERFORM 1 FROM listings_version v WHERE v.id = {row}.version_id AND v.state = 'DRAFT' "
    "FOR SHARE; IF NOT FOUND THEN RAISE EXCEPTION 'the plans of this version are frozen' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN {row};"
)


class Plan(models.Model):
    """What one way of buying costs and how it is offered; see `listings.content.plan`.

    `price_minor` is for the whole (one_off), for `period_days` (subscription) or for `per_count`
    units (per_call); tiers are graduated.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="plans")
    code = models.CharField(max_length=30)
    title = models.CharField(max_length=200, blank=True)
    kind = models.CharField(
        max_length=12,
        choices=[
            ("one_off", _("one-off")),
            ("subscription", _("subscription")),
            ("per_call", _("per call")),
            ("free", _("free")),
            ("negotiated", _("negotiated")),
        ],
    )
    offer_mode = models.CharField(
        max_length=10,
        choices=[
            ("standing", _("standing")),
            ("confirm", _("confirm")),
            ("negotiated", _("negotiated")),
        ],
    )
    price_minor = MinorField(null=True, blank=True)
    currency = CurrencyField()
    unit = models.CharField(max_length=8, default="call")
    per_count = models.BigIntegerField(default=1)
    minimum_count = models.BigIntegerField(default=1)
    period_days = models.IntegerField(null=True, blank=True)
    tiers = models.JSONField(default=list, blank=True)
    seats = models.IntegerField(null=True, blank=True)
    exclusive = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "code"], name="plan_code"),
            models.CheckConstraint(
                condition=Q(kind="free", price_minor=0)
                | Q(kind="negotiated", price_minor__isnull=True, offer_mode="negotiated")
                | Q(kind__in=["one_off", "subscription", "per_call"], price_minor__gte=1),
                name="plan_price_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(offer_mode__in=["standing", "confirm", "negotiated"]),
                name="plan_offer_mode",
            ),
            models.CheckConstraint(
                condition=Q(kind="subscription", period_days__gte=1)
                | (~Q(kind="subscription") & Q(period_days__isnull=True)),
                name="plan_period_of_subscription",
            ),
            models.CheckConstraint(
                condition=Q(per_count__gte=1) & Q(minimum_count__gte=1), name="plan_counts_positive"
            ),
            models.CheckConstraint(
                condition=Q(exclusive=False) | Q(seats=1), name="plan_exclusive_one_seat"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Trigger(
                name="plan_changeable",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=CHANGEABLE.format(row="NEW"),
            ),
            pgtrigger.Trigger(
                name="plan_deletable",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                func=CHANGEABLE.format(row="OLD"),
            ),
            untruncatable("plan"),
        ]

    def __str__(self) -> str:
        return self.code


class PlanSeat(models.Model):
    """How many seats of a limited plan are taken: the row a buyer of a seat locks."""

    plan = models.OneToOneField(
        Plan, on_delete=models.PROTECT, primary_key=True, related_name="seat"
    )
    taken = models.IntegerField(default=0)
    seats = models.IntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(taken__gte=0) & Q(taken__lte=F("seats")), name="seat_not_sold_twice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taken}/{self.seats}"
