"""What the pages of demands are given. Invariant: plain frozen values, so a page cannot query."""

from dataclasses import dataclass, field
from datetime import datetime

from core.money import Money
from exchange.portal.pages.public import Price
from exchange.portal.pieces import Action, EmptyState, Link, Section, Timeline


@dataclass(frozen=True, slots=True)
class DemandRow:
    """A line of a list of demands: `quotes` for one's own, `answered` for others'."""

    title: str
    url: str
    buyer: str
    purpose: str
    limit: Money | None
    state: str
    published_at: datetime
    open_until: datetime
    quotes: int | None = None
    answered: bool = False


@dataclass(frozen=True, slots=True)
class DemandsPage:
    """`demands.html`. `own` lists the reader's, else all that are open; `sides` lead to either."""

    own: bool
    rows: tuple[DemandRow, ...]
    sides: tuple[Link, ...] = ()
    new_url: str = ""
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class NewDemandPage:
    """`demand_new.html`: the form is beside it, under `form`."""

    submit_url: str


@dataclass(frozen=True, slots=True)
class ShortlistRow:
    """An offer of the shortlist: its place, and why it has it; or why it is left out.

    `order_url` "" is no longer on offer. `price` None is not known any more.
    """

    place: int
    title: str
    vendor: str
    price: Price | None
    offer_mode: str
    reasons: tuple[str, ...]
    points: int | None = None
    url: str = ""
    order_url: str = ""


@dataclass(frozen=True, slots=True)
class DemandQuoteRow:
    """A vendor's quote. With a `pick_url` the reader can order by it."""

    id: str
    vendor: str
    mine: bool
    plan: str
    price: Money
    reason: str
    note: str
    at: datetime
    pick_url: str = ""


@dataclass(frozen=True, slots=True)
class DemandPage:
    """`demand.html`: what is needed, what answers it and why, and what was made of it.

    Forms come beside it: `form` is a vendor's answer; `quoted` are the quotes, each with the form
    to pick it or None.
    """

    title: str
    state: str
    own: bool
    buyer: str
    published_at: datetime
    open_until: datetime
    terms: Section
    shortlist_at: datetime | None = None
    offers: tuple[ShortlistRow, ...] = ()
    left_out: tuple[ShortlistRow, ...] = ()
    quotes: tuple[DemandQuoteRow, ...] = ()
    orders: tuple[Link, ...] = field(default=())
    actions: tuple[Action, ...] = ()
    answer_url: str = ""
    why_no_answer: str = ""
    timeline: Timeline | None = None
    list_url: str = "/demands"
