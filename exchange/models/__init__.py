"""Tables of the roof: orders, trades, contracts, demands."""

from exchange.models.demands import Demand, DemandQuote, Shortlist
from exchange.models.notices import EndNotice
from exchange.models.orders import Order, Quote
from exchange.models.trades import Contract, Dispute, Trade

__all__ = [
    "Contract",
    "Demand",
    "DemandQuote",
    "Dispute",
    "EndNotice",
    "Order",
    "Quote",
    "Shortlist",
    "Trade",
]
