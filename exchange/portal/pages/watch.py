"""What the pages of the watch are given: what ends soon, what the venue attests. Plain values."""

from dataclasses import dataclass
from datetime import datetime

from exchange.portal.pieces import Article, Deadline, EmptyState, Link


@dataclass(frozen=True, slots=True)
class EndRow:
    """Something that ends soon. `owner` is whose it is, where the reader sees others' too.

    `told` are the days ahead at which its organisation was told, with when.
    """

    kind: str
    of: str
    owner: str
    deadline: Deadline
    told: tuple[tuple[int, datetime], ...]
    renew: Link | None = None


@dataclass(frozen=True, slots=True)
class EndsPage:
    """`ends.html`: what ends within 30 days, the first first."""

    rows: tuple[EndRow, ...]
    for_venue: bool
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One question that the list in force asks of the venue.

    `state` is missing, expired, denied or attested.
    """

    item: str
    title: str
    question: str
    state: str
    articles: tuple[Article, ...]
    note: str = ""
    signed_by: str = ""
    attested_at: datetime | None = None
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class AttestationsPage:
    """`attestations.html`: what is attested, by whom, until when, and what is missing.

    `pairs` beside it are the duties with the form that answers each.
    """

    checklist: str
    complete: bool
    duties: tuple[DutyRow, ...]
    missing: tuple[Link, ...]
    may_sign: bool
