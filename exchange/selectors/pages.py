"""Orders, trades, demands with what is shown beside them. Invariant: a fixed number of reads."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.actors import Member, why_not
from core.errors import NotFound
from delivery.selectors import grants_of
from exchange.models import Demand, DemandQuote, Dispute, Order, Quote, Shortlist, Trade
from exchange.selectors import orders
from exchange.states import ORDER, TRADE, DemandState, OrderState

_BUYER_ORDER = ("cancel",)
_VENDOR_ORDER = ("decline",)
_BUYER_TRADE = ("accept", "dispute")
_VENUE_TRADE = ("dismiss", "refund")


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order, its quotes oldest first, and what its reader may do with it now."""

    order: Order
    quotes: tuple[Quote, ...]
    verbs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TradePage:
    """A trade, its contract's hash, its grant and its dispute."""

    trade: Trade
    contract_sha256: str
    grant: UUID | None
    dispute: Dispute | None
    verbs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemandPage:
    """A demand with the newest shortlist (for its buyer) and the answers the reader may see."""

    demand: Demand
    shortlist: Shortlist | None
    quotes: tuple[DemandQuote, ...]


def order_page(order_id: UUID, member: Member, at: datetime) -> OrderPage:
    """Return an order of the member's organisation; two statements.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    order = orders.own_order(order_id, member)
    quotes = tuple(orders.quotes_of(order))
    return OrderPage(order, quotes, order_verbs(order, quotes, member, at))


def order_verbs(
    order: Order, quotes: tuple[Quote, ...], member: Member, at: datetime
) -> tuple[str, ...]:
    """Return what a member may do with an order now, in the order of its table."""
    buying = member.organisation_id == order.buyer_id
    selling = member.organisation_id == order.vendor_id
    may = (buying and not why_not(member, "trade")) or (selling and not why_not(member, "sell"))
    if not may:
        return ()
    own = _BUYER_ORDER if buying else _VENDOR_ORDER
    verbs = [verb for verb in ORDER.verbs(order.state) if verb in own]
    if order.answer_by is not None and order.answer_by < at:
        return tuple(verbs)
    if order.state == OrderState.AWAITING and selling:
        return ("confirm", *verbs)
    if order.state == OrderState.NEGOTIATING:
        side = "buyer" if buying else "vendor"
        newest = quotes[-1] if quotes else None
        if newest is None or newest.side != side:
            verbs.insert(0, "quote")
        if newest is not None and newest.side != side:
            verbs.insert(0, "accept")
    return tuple(verbs)


def trade_page(trade_id: UUID, member: Member) -> TradePage:
    """Return a trade of the member's organisation; three statements.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    trade = orders.own_trade(trade_id, member)
    grant = grants_of([trade.pk]).get(trade.pk)
    return TradePage(
        trade=trade,
        contract_sha256=trade.contract.sha256,
        grant=grant.pk if grant else None,
        dispute=orders.dispute_of(trade.pk),
        verbs=trade_verbs(trade, member),
    )


def trade_verbs(trade: Trade, member: Member) -> tuple[str, ...]:
    """Return what a member may do with a trade now, in the order of its table."""
    allowed: tuple[str, ...] = ()
    if member.organisation_id == trade.buyer_id and not why_not(member, "trade"):
        allowed = _BUYER_TRADE
    elif member.is_venue and not why_not(member, "settle"):
        allowed = _VENUE_TRADE
    return tuple(verb for verb in TRADE.verbs(trade.state) if verb in allowed)


def demand_page(demand_id: UUID, member: Member, at: datetime) -> DemandPage:
    """Return a demand of the member's own, or an open one; three statements.

    The shortlist is its buyer's; a vendor sees its own answers only.

    Raises:
        NotFound: there is none that the member may see.

    """
    demand = Demand.objects.filter(pk=demand_id).select_related("buyer").first()
    if demand is None:
        raise NotFound
    own = demand.buyer_id == member.organisation_id
    still_open = demand.state == DemandState.OPEN and demand.open_until > at
    if not (own or still_open or member.is_venue):
        raise NotFound
    return DemandPage(
        demand=demand,
        shortlist=orders.newest_shortlist(demand) if own else None,
        quotes=tuple(orders.quotes_to(demand, member)),
    )
