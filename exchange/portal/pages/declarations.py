"""What the pages of declarations, reports, keys and breaches are given: plain frozen values."""

from dataclasses import dataclass
from datetime import datetime

from exchange.portal.pieces import Action, EmptyState, Link, Row, Timeline


@dataclass(frozen=True, slots=True)
class DeclarationRow:
    """A line of one's declarations. `renew_url` is where to sign again, "" where one cannot."""

    title: str
    url: str
    state: str
    attestation: str
    signed_at: datetime
    valid_until: datetime
    days_left: int | None = None
    renew_url: str = ""


@dataclass(frozen=True, slots=True)
class DeclarationsPage:
    """`declarations.html`: what ends soon, and everything."""

    ending: tuple[DeclarationRow, ...]
    rows: tuple[DeclarationRow, ...]
    links: tuple[Link, ...] = ()
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class CheckShown:
    """One look at a seal, in words."""

    text: str
    passed: bool


@dataclass(frozen=True, slots=True)
class HeadShown:
    """A head of a declaration with what was assented to; `untrue` are statements held against."""

    title: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BreachRow:
    """A line of cases. `until` is when the answer has to be there."""

    title: str
    url: str
    state: str
    opened_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class DeclarationPage:
    """`declaration.html`: one declaration, as anybody may read and check it.

    With it comes the form `breach` where the reader may open a case. `means` says whose signature
    it is, `command` how to check it offline.
    """

    title: str
    about: str
    state: str
    holds: bool
    means: str
    rows: tuple[Row, ...]
    preamble: str
    closing: str
    heads: tuple[HeadShown, ...]
    checks: tuple[CheckShown, ...]
    content_hash: str
    proof_url: str
    keys_url: str
    command: str
    actions: tuple[Action, ...] = ()
    renew_url: str = ""
    breaches: tuple[BreachRow, ...] = ()
    breach_url: str = ""
    timeline: Timeline | None = None


@dataclass(frozen=True, slots=True)
class DeclarePage:
    """`declare.html`, with `sign` and, where there is a key, `outside` and `signed`.

    `standing` says what is in force and would be renewed.
    """

    title: str
    about: str
    over_url: str
    text_title: str
    template: str
    preamble: str
    closing: str
    content_hash: str
    url: str
    document_url: str
    signed_url: str
    standing: str = ""
    keys: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report. `state` is that of the last declaration on it, NONE where there is none."""

    title: str
    product: str
    provider: str
    evidence: str
    at: datetime
    state: str
    declared_until: datetime | None
    file_url: str
    file: str
    sha256: str
    declaration_url: str = ""
    declare_url: str = ""
    withdraw: Action | None = None


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """`reports.html`, with `form` where the reader may hand one in."""

    rows: tuple[ReportRow, ...]
    submit_url: str
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class KeyCard:
    """A key of an organisation, what a certificate says of itself, and what may be done."""

    thumbprint: str
    organisation: str
    state: str
    rows: tuple[Row, ...]
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class KeysPage:
    """`signing_keys.html`, with `form` where the reader may propose one.

    `possession` is the text that a new key has to sign first.
    """

    keys: tuple[KeyCard, ...]
    submit_url: str
    possession: str = ""
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class BreachesPage:
    """`breaches.html`: cases on declarations, newest first."""

    rows: tuple[BreachRow, ...]
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class BreachPage:
    """`breach.html`, with the form `answer`, or `decide` for another reviewer.

    `consequences` say what follows if it is confirmed, `why_not` why this reader cannot decide.
    """

    title: str
    state: str
    declaration_url: str
    rows: tuple[Row, ...]
    statements: tuple[str, ...]
    consequences: tuple[str, ...]
    answer_url: str
    confirm_url: str
    dismiss_url: str
    file_url: str = ""
    file: str = ""
    heard: str = ""
    why_not: str = ""
    timeline: Timeline | None = None
