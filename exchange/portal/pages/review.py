"""What the reviewer's pages are given: queue, decision. Invariant: plain frozen values."""

from dataclasses import dataclass
from datetime import date, datetime

from exchange.portal.pages.records import RecordRow
from exchange.portal.pieces import (
    Action,
    Deadline,
    EmptyState,
    FileLink,
    Finding,
    Link,
    Row,
    Section,
    Timeline,
)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A review that waits. `stage` is maker or checker; counts are of findings by severity."""

    title: str
    url: str
    vendor: str
    stage: str
    risk: int
    prohibited: int
    restricted: int
    unknown: int
    caution: int
    submitted_at: datetime
    deadline: Deadline
    assigned: str = ""
    new_vendor: bool = False


@dataclass(frozen=True, slots=True)
class QueuePage:
    """`queue.html`, ordered by risk. `filters` are its views (all, mine, to check)."""

    rows: tuple[QueueRow, ...]
    filters: tuple[Link, ...] = ()
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of evidence. `state` is GIVEN, WITHDRAWN or EXPIRED; `finding` the item it is for."""

    title: str
    given_by: str
    at: datetime
    state: str = "GIVEN"
    note: str = ""
    file: FileLink | None = None
    valid_until: date | None = None
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version says otherwise than the one before it. None was or is not said."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the maker proposes: approve, refuse or return; `by` is who.

    `answers` are the maker's to the questions that only a person can answer.
    """

    verdict: str
    by: str
    at: datetime
    note: str
    answers: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """`review.html`: what is wrong, and who must do what.

    `stage` is maker or checker. `form` beside it has `note`, and `asked` with the two fields of
    each question (yes or no, and what was looked at), and is posted to the url of each of
    `actions` (approve, refuse, return; or confirm, reject). `may_not` says why this reader cannot
    decide. `position` and `waiting` say where in the queue this is.
    """

    title: str
    code: str
    number: int
    vendor: Link
    supplier: Link
    stage: str
    risk: int
    submitted_at: datetime
    deadline: Deadline
    findings: tuple[Finding, ...]
    facts: tuple[Section, ...]
    evidence: tuple[EvidenceRow, ...]
    records: tuple[RecordRow, ...] = ()
    differences: tuple[Difference, ...] = ()
    compared_with: str = ""
    proposal: Proposal | None = None
    actions: tuple[Action, ...] = ()
    may_not: str = ""
    checklist: str = ""
    checklist_url: str = ""
    content_hash: str = ""
    position: int = 0
    waiting: int = 0
    next_url: str = ""
    previous_url: str = ""
    queue_url: str = ""
    timeline: Timeline | None = None
