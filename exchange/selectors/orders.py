"""Orders and trades as one organisation may see them: its own, and nothing of others."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from core.actors import Member
from core.errors import NotFound
from delivery.selectors import grants_of
from delivery.states import GrantState
from exchange.models import Contract, Demand, DemandQuote, Dispute, Order, Quote, Shortlist, Trade
from exchange.states import DemandState, OrderState, TradeState

Row = TypeVar("Row", Order, Trade)
SHA256 = re.compile(r"[0-9a-f]{64}")


def own_orders(member: Member) -> QuerySet[Order]:
    """Return the orders that the member's organisation placed or received; all for the venue."""
    rows = Order.objects.select_related("buyer", "vendor", "version", "plan", "trade")
    if member.is_venue:
        return rows
    side = member.organisation_id
    return rows.filter(Q(buyer_id=side) | Q(vendor_id=side))


def orders_of(
    member: Member, *, side: str | None = None, state: str | None = None
) -> QuerySet[Order]:
    """Return the member's orders on one side of them or both, in one state or any."""
    return _chosen(own_orders(member), member, side, state)


def trades_of(
    member: Member, *, side: str | None = None, state: str | None = None
) -> QuerySet[Trade]:
    """Return the member's trades on one side of them or both, in one state or any."""
    return _chosen(own_trades(member), member, side, state)


def _chosen(
    rows: QuerySet[Row], member: Member, side: str | None, state: str | None
) -> QuerySet[Row]:
    if side:
        rows = rows.filter(**{f"{side}_id": member.organisation_id})
    return rows.filter(state=state) if state else rows


def waiting_orders(member: Member, side: str) -> QuerySet[Order]:
    """Return the open orders in which it is this side's turn, the oldest first.

    A vendor confirms or quotes; a buyer answers the vendor's newest quote.
    """
    rows = orders_of(member, side=side)
    newest = Quote.objects.filter(order=OuterRef("pk")).order_by("-number").values("side")[:1]
    negotiated = rows.filter(state=OrderState.NEGOTIATING).annotate(last=Subquery(newest))
    other = "vendor" if side == "buyer" else "buyer"
    turn = Q(last=other) if side == "buyer" else Q(last=other) | Q(last__isnull=True)
    mine = negotiated.filter(turn).values("pk")
    if side == "buyer":
        return rows.filter(pk__in=mine).order_by("id")
    return rows.filter(Q(state=OrderState.AWAITING) | Q(pk__in=mine)).order_by("id")


def own_order(order_id: UUID, member: Member) -> Order:
    """Return one order of the member's organisation.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    order = own_orders(member).filter(pk=order_id).first()
    if order is None:
        raise NotFound
    return order


def locked_order(
    order_id: UUID, *, buyer_id: UUID | None = None, vendor_id: UUID | None = None
) -> Order:
    """Return and lock an order of one buyer or of one vendor.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    side = Q(buyer_id=buyer_id) if buyer_id else Q(vendor_id=vendor_id)
    order = Order.objects.select_for_update().filter(side, pk=order_id).first()
    if order is None:
        raise NotFound
    return order


def overdue_orders(at: datetime) -> QuerySet[Order]:
    """Return the open orders whose time to answer has passed."""
    return Order.objects.filter(
        state__in=[OrderState.AWAITING, OrderState.NEGOTIATING], answer_by__lt=at
    )


def quotes_of(order: Order) -> QuerySet[Quote]:
    """Return the quotes of a negotiation, oldest first."""
    return Quote.objects.filter(order=order).order_by("number")


def own_trades(member: Member) -> QuerySet[Trade]:
    """Return the trades of the member's organisation; all for the venue."""
    rows = Trade.objects.select_related("buyer", "vendor", "version", "plan", "contract", "order")
    if member.is_venue:
        return rows
    side = member.organisation_id
    return rows.filter(Q(buyer_id=side) | Q(vendor_id=side))


def own_trade(trade_id: UUID, member: Member) -> Trade:
    """Return one trade of the member's organisation.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    trade = own_trades(member).filter(pk=trade_id).first()
    if trade is None:
        raise NotFound
    return trade


def locked_trade(trade_id: UUID, *, buyer_id: UUID | None = None) -> Trade:
    """Return and lock a trade, of one buyer where named.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    rows = Trade.objects.select_for_update().filter(pk=trade_id)
    trade = (rows.filter(buyer_id=buyer_id) if buyer_id else rows).first()
    if trade is None:
        raise NotFound
    return trade


def locked_trades(trade_ids: list[UUID], state: TradeState) -> list[Trade]:
    """Return and lock those of some trades that are in `state`, in id order."""
    return list(
        Trade.objects.select_for_update(of=("self",))
        .filter(pk__in=trade_ids, state=state)
        .select_related("version", "contract", "order")
        .order_by("pk")
    )


def trades_past_inspection(trade_ids: list[UUID], at: datetime) -> QuerySet[Trade]:
    """Return those of some trades in delivery whose inspection window has passed."""
    return Trade.objects.filter(
        pk__in=trade_ids, state=TradeState.DELIVERING, inspect_until__lte=at
    )


@dataclass(frozen=True, slots=True)
class Use:
    """The uses that a ground is about: purposes and kinds of buyer; with neither, every use."""

    purposes: tuple[str, ...] = ()
    buyer_kinds: tuple[str, ...] = ()

    def among(self, order: str = "") -> Q:
        """Return what picks these uses; `order` is the way from a row to its order."""
        if not self.purposes and not self.buyer_kinds:
            return Q()
        purpose = Q(**{f"{order}purpose__in": self.purposes})
        return purpose | Q(**{f"{order}buyer__kind__in": self.buyer_kinds})


EVERY_USE = Use()


def locked_undone_trades(version_ids: list[UUID], use: Use) -> list[Trade]:
    """Return and lock the trades of some versions that are neither accepted nor ended."""
    undone = [TradeState.FUNDED, TradeState.DELIVERING, TradeState.DISPUTED]
    return list(
        Trade.objects.select_for_update(of=("self",))
        .filter(use.among("order__"), version__in=version_ids, state__in=undone)
        .order_by("pk")
    )


def trades_of_versions(version_ids: list[UUID], use: Use) -> list[UUID]:
    """Return all trades of some versions for these uses."""
    rows = Trade.objects.filter(use.among("order__"), version__in=version_ids)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def trades_without_access(trade_ids: list[UUID]) -> list[UUID]:
    """Return those of some trades under which nothing can be fetched any more."""
    refunded = Trade.objects.filter(pk__in=trade_ids, state=TradeState.REFUNDED)
    grants = grants_of(trade_ids)
    ended = {key for key, grant in grants.items() if grant.state != GrantState.OPEN}
    return sorted(ended | (set(refunded.values_list("pk", flat=True)) - set(grants)))


def contract_by_hash(sha256: str) -> Contract:
    """Return the contract with this hash, for whoever holds its text.

    Raises:
        NotFound: the venue has no such contract.

    """
    if not SHA256.fullmatch(sha256):
        raise NotFound
    contract = Contract.objects.filter(sha256=sha256).first()
    if contract is None:
        raise NotFound
    return contract


def dispute_of(trade_id: UUID) -> Dispute | None:
    """Return the dispute of a trade, or None."""
    return Dispute.objects.filter(trade_id=trade_id).first()


def open_demands(at: datetime) -> QuerySet[Demand]:
    """Return the published needs that still take answers."""
    return Demand.objects.filter(state=DemandState.OPEN, open_until__gt=at).select_related("buyer")


def demands_for(
    member: Member, at: datetime, *, own: bool = False, state: str | None = None
) -> QuerySet[Demand]:
    """Return the member's own demands in any state, or the open ones of everybody."""
    rows = (
        Demand.objects.filter(buyer_id=member.organisation_id).select_related("buyer")
        if own
        else open_demands(at)
    )
    return rows.filter(state=state) if state else rows


def own_demand(demand_id: UUID, member: Member) -> Demand:
    """Return one demand of the member's organisation.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    demand = Demand.objects.filter(pk=demand_id, buyer_id=member.organisation_id).first()
    if demand is None:
        raise NotFound
    return demand


def newest_shortlist(demand: Demand) -> Shortlist | None:
    """Return the newest shortlist of a demand, or None if none was made yet."""
    return Shortlist.objects.filter(demand=demand).order_by("-made_at", "-id").first()


def quotes_to(demand: Demand, member: Member) -> QuerySet[DemandQuote]:
    """Return the vendors' answers to a demand: all for its buyer, else one's own."""
    rows = DemandQuote.objects.filter(demand=demand).select_related("vendor", "plan")
    if demand.buyer_id == member.organisation_id:
        return rows
    return rows.filter(vendor_id=member.organisation_id)


@dataclass(frozen=True, slots=True)
class MarketFigures:
    """What the home page tells of the market: trades ever concluded, and what they settled."""

    trades: int
    settled_minor: int


def market_figures() -> MarketFigures:
    """Return the figures of the market; one statement."""
    found = Trade.objects.aggregate(
        trades=Count("pk"),
        settled=Sum(
            F("amount_minor") - F("refunded_minor"), filter=Q(state=TradeState.SETTLED), default=0
        ),
    )
    return MarketFigures(found["trades"], found["settled"])
