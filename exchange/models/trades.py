"""Trades, contracts, disputes.

Invariant: no trade without a live clearance at `matched_at`; its contract is never changed.
"""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from core.fields import CurrencyField, DigestField, MinorField, StateField
from core.guards import append_only, frozen, undeletable
from core.ids import uuid7
from exchange.states import TRADE, TradeState

# The law of the venue, as the database sees it. The clearance row is locked FOR SHARE, so that a
# suspension and a trade cannot both commit; a deferred trigger judges what commits, not what was
# read before. It judges at the trade's own time and refuses a time that is not now.
_CLEARED = """
        IF abs(extract(epoch FROM (now() - NEW.matched_at))) > 300 THEN
            RAISE EXCEPTION 'trade-not-now: matched at %, now is %', NEW.matched_at, now()
                USING ERRCODE = 'check_violation';
        END IF;
        cause := compliance_lock_clearance(NEW.version_id, NEW.clearance_id, NEW.matched_at);
        IF cause IS NOT NULL THEN
            RAISE EXCEPTION '%: version % is not cleared', cause, NEW.version_id
                USING ERRCODE = 'check_violation';
        END IF;
        SELECT CASE
            WHEN offered.cause IS NOT NULL THEN offered.cause
            WHEN compliance_withdrawn(NEW.clearance_id, o.purpose, b.kind)
                THEN 'consent-withdrawn'
            WHEN NOT EXISTS (SELECT FROM core_admitted(NEW.buyer_id, 'buyer'))
                THEN 'buyer-not-admitted'
            WHEN c.trade_id IS NULL THEN 'contract-missing'
            ELSE '' END
        INTO cause
        FROM exchange_order o
        JOIN core_organisation b ON b.id = o.buyer_id
        CROSS JOIN LATERAL listings_offer_cause(o.version_id, o.purpose, o.territory) AS offered
        LEFT JOIN exchange_contract c ON c.trade_id = NEW.id
            AND c.buyer_assent IS NOT NULL AND c.vendor_assent IS NOT NULL
        WHERE o.id = NEW.order_id AND o.version_id = NEW.version_id AND o.plan_id = NEW.plan_id
            AND o.buyer_id = NEW.buyer_id AND o.vendor_id = NEW.vendor_id AND o.state = 'MATCHED';
        IF cause IS DISTINCT FROM '' THEN
            RAISE EXCEPTION '%: order %', coalesce(cause, 'order-not-matched'), NEW.order_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
"""


def _same_as_order(to: str) -> "models.ForeignKey[Any, Any]":
    """Return a key that the deferred trigger checks: a second check would cost as much as the row.

    The trigger finds the order and the clearance and compares the rest with the order, whose own
    keys are checked; orders and clearances are never deleted, and the terms of both are frozen.
    """
    return models.ForeignKey(
        to, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )


class Trade(models.Model):
    """A concluded order. Its keys are those of the order, which the database compares."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.OneToOneField(
        "exchange.Order", on_delete=models.PROTECT, related_name="trade", db_constraint=False
    )
    buyer = _same_as_order("core.Organisation")
    vendor = _same_as_order("core.Organisation")
    version = _same_as_order("listings.Version")
    plan = _same_as_order("listings.Plan")
    clearance = _same_as_order("compliance.Clearance")
    amount_minor = MinorField()
    buyer_fee_minor = MinorField(default=0, db_default=0)
    refunded_minor = MinorField(default=0, db_default=0)
    currency = CurrencyField()
    state = StateField(choices=TradeState.choices)
    matched_at = models.DateTimeField()
    inspect_until = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0)
                & Q(refunded_minor__gte=0)
                & Q(refunded_minor__lte=models.F("amount_minor")),
                name="trade_amounts",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["buyer", "-id"], name="trade_of_buyer"),
            models.Index(fields=["vendor", "-id"], name="trade_of_vendor"),
            # The gate counts the year's trades of one buyer on one version.
            models.Index(fields=["version", "buyer", "matched_at"], name="trade_of_version"),
            models.Index(
                fields=["inspect_until"],
                condition=Q(state=TradeState.DELIVERING),
                name="trade_in_inspection",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *TRADE.guards(),
            frozen(
                "trade_terms",
                "order",
                "buyer",
                "vendor",
                "version",
                "plan",
                "clearance",
                "amount_minor",
                "buyer_fee_minor",
                "currency",
                "matched_at",
            ),
            undeletable("trade"),
            pgtrigger.Trigger(
                name="trade_is_cleared",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                declare=[("cause", "text")],
                func=_CLEARED,
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Contract(models.Model):
    """The frozen document of a trade: canonical JSON (RFC 8785), its hash, both sides' assent."""

    trade = models.OneToOneField(
        Trade, on_delete=models.PROTECT, primary_key=True, related_name="contract"
    )
    text = models.TextField()
    sha256 = DigestField()
    buyer_assent = models.JSONField()
    vendor_assent = models.JSONField()
    concluded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(text=""), name="contract_not_empty"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["sha256"], name="contract_of_hash"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("contract")

    def __str__(self) -> str:
        return self.sha256


class Dispute(models.Model):
    """A buyer's objection to a delivery, and how it ended."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trade = models.OneToOneField(Trade, on_delete=models.PROTECT, related_name="dispute")
    ground = models.TextField()
    opened_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, blank=True)
    refund_minor = MinorField(default=0)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"dispute of {self.trade_id}"
