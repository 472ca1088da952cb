"""Orders and trades with all that their pages show. Invariant: a fixed number of reads."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.actors import Member
from core.errors import NotFound
from delivery.models import Deletion, Grant
from delivery.selectors import OfferedFile, deletions_of, grant_page, grants_of
from exchange.selectors.names import NamedEvents, named_events
from exchange.selectors.pages import OrderPage, TradePage, order_page, trade_page
from exchange.selectors.refusals import ToldRefusal, told_refusal
from settlement.selectors import SplitSheet, split_sheet


@dataclass(frozen=True, slots=True)
class ToldOrder:
    """An order with its quotes, and why it was refused where it was."""

    page: OrderPage
    told: ToldRefusal


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """An order, why it was refused where it was, and what has happened to it."""

    page: OrderPage
    told: ToldRefusal
    history: NamedEvents


@dataclass(frozen=True, slots=True)
class TradeSheet:
    """A trade, its grant with the files, its split once it is requested, and its history.

    `deletions` are what its buyer is asked to delete or give back, the latest first.
    """

    page: TradePage
    grant: Grant | None
    files: tuple[OfferedFile, ...]
    split: SplitSheet | None
    history: NamedEvents
    deletions: tuple[Deletion, ...]


def told_order(order_id: UUID, member: Member, at: datetime, language: str) -> ToldOrder:
    """Return an order and why it was refused; three statements.

    Raises:
        NotFound: there is none, or it is not the member's.

    """
    page = order_page(order_id, member, at)
    return ToldOrder(page, told_refusal(page.order, language))


def order_sheet(order_id: UUID, member: Member, at: datetime, language: str) -> OrderSheet:
    """Return everything that the page of an order shows.

    Raises:
        NotFound: there is none, or it is not the member's.

    """
    found = told_order(order_id, member, at, language)
    return OrderSheet(found.page, found.told, named_events("order", order_id, language))


def trade_sheet(trade_id: UUID, member: Member, at: datetime, language: str) -> TradeSheet:
    """Return everything that the page of a trade shows.

    Raises:
        NotFound: there is none, or it is not the member's.

    """
    page = trade_page(trade_id, member)
    grant = grants_of([trade_id]).get(trade_id)
    files = tuple(grant_page(grant.pk, member, at).files) if grant else ()
    try:
        split = split_sheet(str(trade_id), member)
    except NotFound:
        split = None
    history = named_events("trade", trade_id, language)
    return TradeSheet(page, grant, files, split, history, deletions_of(trade_id))
