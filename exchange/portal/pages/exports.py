"""What the pages of exports and registers are given. Invariant: plain frozen values."""

from dataclasses import dataclass
from datetime import date, datetime

from exchange.portal.pieces import EmptyState, Link


@dataclass(frozen=True, slots=True)
class CountLine:
    """One line of the year: persons, and persons of sensitive information; None is unknown."""

    label: str
    persons: int | None
    sensitive: int | None
    total: bool = False


@dataclass(frozen=True, slots=True)
class BoundRow:
    """A bound of the law: what it asks for from there on, what is used up, and what is left."""

    counted: str
    bound: int
    path: str
    used: int | None
    left: int | None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of the ledger; `url` leads to its trade."""

    at: datetime
    kind: str
    persons: int
    sensitive: int
    reference: str
    url: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of the register as it holds: what it is about, what it says, since when and why."""

    about: str
    says: str
    valid_from: date
    valid_until: date | None
    basis: str


@dataclass(frozen=True, slots=True)
class ExportsPage:
    """`exports.html`: one exporter's year.

    `missing` are the entries without which orders abroad are held. `record` leads to a form for
    each kind of entry, where the reader may enter one; `recording` is the one that is open.
    """

    organisation: str
    year: int
    table: str
    years: tuple[Link, ...]
    counts: tuple[CountLine, ...]
    bounds: tuple[BoundRow, ...]
    entries: tuple[EntryRow, ...]
    missing: tuple[str, ...]
    rows: tuple[LedgerRow, ...]
    empty: EmptyState | None = None
    more_url: str = ""
    list_url: str = ""
    record: tuple[Link, ...] = ()
    recording: str = ""
    submit_url: str = ""


@dataclass(frozen=True, slots=True)
class ExporterRow:
    """One exporter in the list of a year."""

    name: str
    url: str
    reserved: int
    committed: int
    reserved_sensitive: int
    committed_sensitive: int


@dataclass(frozen=True, slots=True)
class ExportersPage:
    """`exporters.html`: who exports in a year."""

    year: int
    years: tuple[Link, ...]
    rows: tuple[ExporterRow, ...]
    more_url: str = ""
    empty: EmptyState | None = None
