"""A trade with its data and its money. Invariant: a fixed number of reads."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.actors import Member
from core.errors import NotFound
from delivery.models import Grant
from delivery.selectors import OfferedFile, grant_page, grants_of
from exchange.selectors.pages import TradePage, trade_page
from settlement.selectors import SplitSheet, split_sheet


@dataclass(frozen=True, slots=True)
class TradeSheet:
    """A trade, its grant with the files, and its split once it is requested."""

    page: TradePage
    grant: Grant | None
    files: tuple[OfferedFile, ...]
    split: SplitSheet | None


def trade_sheet(trade_id: UUID, member: Member, at: datetime) -> TradeSheet:
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
    return TradeSheet(page, grant, files, split)
