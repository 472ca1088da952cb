"""What the pages of the venue's administrators are given. Invariant: plain frozen values."""

from dataclasses import dataclass
from datetime import datetime

from exchange.portal.pages.members import MemberRow
from exchange.portal.pieces import Action, EmptyState, Link, Section, Timeline


@dataclass(frozen=True, slots=True)
class AskedCapacity:
    """A capacity as a list shows it: its kind and its state, as codes."""

    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An organisation in the list, and its capacities."""

    name: str
    url: str
    code: str
    number: str
    state: str
    capacities: tuple[AskedCapacity, ...]
    applied_at: datetime


@dataclass(frozen=True, slots=True)
class ApplicationsPage:
    """`applications.html`: what waits for a decision; `filters` are its two views."""

    rows: tuple[ApplicationRow, ...]
    filters: tuple[Link, ...]
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class FeeRow:
    """The fees of one currency in a span of time; `state` is SCHEDULED, IN_FORCE or ENDED.

    `vendor` and `buyer` are what each side bears, fee by fee, in words.
    """

    currency: str
    state: str
    begins: datetime
    ends: datetime | None
    vendor: tuple[str, ...]
    buyer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeesPage:
    """`fees.html`: what the venue charges now, what it will, and what it charged.

    `filters` choose the currency, `currency` is that of the form, which is posted to `submit_url`.
    """

    rows: tuple[FeeRow, ...]
    filters: tuple[Link, ...]
    currency: str
    submit_url: str
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """One look at a registry number: `verdict` is passed, failed or unknown, `text` says which."""

    verdict: str
    text: str


@dataclass(frozen=True, slots=True)
class CapacityCard:
    """A capacity that was asked for, and what the reader may do with it; `note` says why not."""

    kind: str
    state: str
    applied_at: datetime
    actions: tuple[Action, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """`application.html`: what speaks for letting this organisation in, and as what.

    `register` is where its number can be looked up; `code_url` takes the form of its code;
    `exports_url` leads to what it sends abroad and to the register that the venue keeps of it.
    """

    name: str
    state: str
    stated: Section
    checks: tuple[NumberCheck, ...]
    register: Link | None
    members: tuple[MemberRow, ...]
    capacities: tuple[CapacityCard, ...]
    actions: tuple[Action, ...]
    timeline: Timeline
    code_url: str
    list_url: str
    exports_url: str = ""
    simulated: bool = False
