"""What the pages of records about persons are given. Invariant: plain frozen values."""

from dataclasses import dataclass
from datetime import datetime

from exchange.portal.pieces import Action, EmptyState, FileLink, Link, Section, Timeline


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record in a list. `about` says what of; `note` what keeps it from being relied on."""

    kind: str
    about: str
    url: str
    state: str
    valid_until: datetime
    recorded_at: datetime
    versions: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordsPage:
    """`personal_records.html`. `news` lead to the form of each kind, for who may record."""

    rows: tuple[RecordRow, ...]
    news: tuple[Link, ...] = ()
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class NewRecordPage:
    """`personal_record_new.html`, with `form`: one record of a kind."""

    kind: str
    title: str
    by: str
    submit_url: str
    list_url: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """`personal_record.html`. With it come the forms `bind` and `narrow`, where they may be used.

    `note` says why it may not be relied on ("" where it may). `withdraw` is for the whole record.
    """

    title: str
    about: str
    state: str
    sections: tuple[Section, ...]
    versions: tuple[Link, ...]
    list_url: str
    note: str = ""
    wording: str = ""
    file: FileLink | None = None
    bind_url: str = ""
    narrow_url: str = ""
    withdraw: Action | None = None
    document_hash: str = ""
    timeline: Timeline | None = None
