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
    """`queue.html`, ordered by risk. `filters` are its views (all, mine, to check).

    `unannounced` is the first year into which a deadline falls whose holidays are not known.
    """

    rows: tuple[QueueRow, ...]
    filters: tuple[Link, ...] = ()
    more_url: str = ""
    empty: EmptyState | None = None
    absences_url: str = ""
    unannounced: int = 0


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
    """What a version says otherwise than the one before it. None was or is not said.

    `kind` is added, removed, changed, widened or narrowed.
    """

    label: str
    before: str | None
    after: str | None
    kind: str = "changed"


@dataclass(frozen=True, slots=True)
class CaseShown:
    """Who has the case. `hand_url` takes the form that hands it over; "" where it is closed."""

    assigned: str
    take: Action | None = None
    hand_url: str = ""
    hand_verb: str = "delegate"
    away_until: date | None = None
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class NoteShown:
    """A note beside the review: for the venue alone, or for the vendor too."""

    audience: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewerRow:
    """A reviewer, what is on the table, and until when it is away."""

    name: str
    senior: bool
    open_count: int
    away_until: date | None
    stand_in: str


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """An absence that is not over; `cancel` where the reader may cancel it."""

    reviewer: str
    stand_in: str
    first_day: date
    last_day: date
    note: str
    under_way: bool
    cancel: Action | None = None


@dataclass(frozen=True, slots=True)
class AbsencesPage:
    """`absences.html`: who reviews, who is away, and who stands in. `form` is beside it."""

    reviewers: tuple[ReviewerRow, ...]
    absences: tuple[AbsenceRow, ...]
    queue_url: str = ""
    left_url: str = ""
    left_count: int = 0


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
    decide. `position` and `waiting` say where in the queue this is. `hand` and `write` beside it
    are the forms that hand the case over and write a note.
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
    case: CaseShown | None = None
    notes: tuple[NoteShown, ...] = ()
    notes_url: str = ""
