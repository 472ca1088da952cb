"""Trades, contracts, disputes.

Invariant: no trade without a live clearance at `matched_at`; its contract is never changed.
"""

from typing import ClassVar

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
        SELECT * INTO found FROM compliance_lock_clearance(NEW.version_id, NEW.matched_at);
        IF found.cleared IS NOT TRUE OR found.clearance_id IS DISTINCT FROM NEW.clearance_id THEN
            RAISE EXCEPTION '%: version % is not cleared',
                coalesce(found.cause, 'clearance-missing'), NEW.version_id
                USING ERRCODE = 'check_violation';
        END IF;
        SELECT coalesce(listings_offer_cause(NEW.version_id, o.purpose, o.territory),
                        CASE WHEN NOT core_may(NEW.buyer_id, 'buyer')
                             THEN 'buyer-not-admitted' END, '')
        INTO cause
        FROM exchange_order o WHERE o.id = NEW.order_id AND o.version_id = NEW.version_id
            AND o.buyer_id = NEW.buyer_id AND o.vendor_id = NEW.vendor_id AND o.state = 'MATCHED';
        IF cause IS DISTINCT FROM '' THEN
            RAISE EXCEPTION '%: order %', coalesce(cause, 'order-not-matched'), NEW.order_id
                USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM exchange_contract c WHERE c.trade_id = NEW.id
                       AND c.buyer_assent IS NOT NULL AND c.vendor_assent IS NOT NULL) THEN
            RAISE EXCEPTION 'contract-missing: trade % has no contract of both sides', NEW.id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
"""


class Trade(models.Model):
    """A concluded order."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.OneToOneField("exchange.Order", on_delete=models.PROTECT, related_name="trade")
    buyer = models.ForeignKey("core.Organisation", on_delete=models.PROTECT, related_name="+")
    vendor = models.ForeignKey("core.Organisation", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("listings.Version", on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey("listings.Plan", on_delete=models.PROTECT, related_name="+")
    clearance = models.ForeignKey(
        "compliance.Clearance", on_delete=models.PROTECT, related_name="+"
    )
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
                declare=[("found", "record"), ("cause", "text")],
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
    sha256 = DigestField(db_index=True)
    buyer_assent = models.JSONField()
    vendor_assent = models.JSONField()
    concluded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(text=""), name="contract_not_empty"),
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
