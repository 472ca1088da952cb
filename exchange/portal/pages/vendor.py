"""What the vendor's pages are given: products, version. Invariant: plain frozen values."""

from dataclasses import dataclass
from datetime import datetime

from exchange.portal.pages.public import PlanCard, Price
from exchange.portal.pages.records import RecordRow
from exchange.portal.pieces import (
    Action,
    ClearanceBadge,
    Deadline,
    EmptyState,
    FileLink,
    Finding,
    Link,
    Path,
    Progress,
    Row,
    Section,
    SplitBar,
    Timeline,
)


@dataclass(frozen=True, slots=True)
class VendorProductRow:
    """A line of the vendor's list: its newest version, and what stands in its way.

    `blocking` counts the findings that block, or what a draft still needs; None is not screened
    yet. `price` is the lowest, `orders` are the open ones on any version of the product.
    """

    code: str
    title: str
    url: str
    number: int
    state: str
    blocking: int | None
    updated_at: datetime
    price: Price | None = None
    orders: int = 0
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class VendorProductsPage:
    """`vendor_products.html`. `states` filter by state; `imports` are those under way."""

    rows: tuple[VendorProductRow, ...]
    states: tuple[Link, ...] = ()
    imports: tuple[Progress, ...] = ()
    new_url: str = ""
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a version: describe, sources, personal, use, files, split or declaration.

    `state` is done, current, ahead or stopped; `note` is shown beside it.
    """

    name: str
    state: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceShown:
    """A piece of evidence that was given. `state` is GIVEN, WITHDRAWN or EXPIRED."""

    title: str
    state: str
    at: datetime
    note: str = ""
    file: str = ""
    valid_until: datetime | None = None
    withdraw: Action | None = None


@dataclass(frozen=True, slots=True)
class DeclarationShown:
    """The declaration that a version asks for: its text around the statements of the form.

    `why_not` says why this reader cannot sign it ("" where there is a form).
    """

    title: str
    preamble: str
    closing: str
    url: str
    template: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class VendorNote:
    """What the reviewers wrote to the vendor; who of them did is not told."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ListChange:
    """`parts/_list_change.html`, as `change`: what a checklist changes for a version.

    `kept` is whether it stays cleared; `findings` are the items that are new for it.
    """

    checklist: Link
    effective_at: datetime
    in_force: bool
    kept: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class VersionPage:
    """`version.html`: what stands in the way of listing, and what would lift it.

    `missing` are what a draft still needs, each with the place to fill it in. `declaration` is the
    text to be signed, `declared` the one in force. With the page come the forms `sign`, `evidence`
    and `upload`, each where this reader may use it. `records` are those on persons it rests on;
    `records_url` is where its vendor makes them.

    `findings` come worst first. `screened_at` None has not been screened. `scan` shows while the
    sample is scanned; `refresh_url` renews the findings while screening runs ("" otherwise).
    """

    code: str
    title: str
    number: int
    state: str
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    sections: tuple[Section, ...]
    actions: tuple[Action, ...] = ()
    screened_at: datetime | None = None
    checklist: str = ""
    checklist_url: str = ""
    scan: Progress | None = None
    refresh_url: str = ""
    badge: ClearanceBadge | None = None
    deadline: Deadline | None = None
    files: tuple[FileLink, ...] = ()
    plans: tuple[PlanCard, ...] = ()
    split: SplitBar | None = None
    path: Path | None = None
    timeline: Timeline | None = None
    content_hash: str = ""
    public_url: str = ""
    other_versions: tuple[Link, ...] = ()
    return_note: str = ""
    missing: tuple[Link, ...] = ()
    edit_url: str = ""
    evidence: tuple[EvidenceShown, ...] = ()
    grading_url: str = ""
    evidence_url: str = ""
    upload_url: str = ""
    declaration: DeclarationShown | None = None
    declared: Section | None = None
    withdraw_declaration: Action | None = None
    notes: tuple[VendorNote, ...] = ()
    records: tuple[RecordRow, ...] = ()
    records_url: str = ""
    list_change: ListChange | None = None
    decision_url: str = ""


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section of the editor. `pages` are the parts of a list too long for one form."""

    name: str
    title: str
    url: str
    missing: tuple[str, ...] = ()
    note: str = ""
    note_link: Link | None = None
    pages: tuple[Link, ...] = ()
    as_table: bool = False


@dataclass(frozen=True, slots=True)
class DraftPage:
    """`draft.html`: the editor of a version. With it come `forms`, a section and its form each."""

    code: str
    title: str
    number: int
    version_url: str
    steps: tuple[Step, ...]
    files: tuple[FileLink, ...]
    upload_url: str


@dataclass(frozen=True, slots=True)
class NewProductPage:
    """`product_new.html`, with `form`: whose data a new product is made of."""

    submit_url: str
    list_url: str


@dataclass(frozen=True, slots=True)
class SponsorshipRow:
    """A sponsorship. `side` is the reader's: vendor, supplier or venue; `mandate_url` its file."""

    side: str
    vendor: str
    supplier: str
    mandate: str
    mandate_url: str
    proposed_at: datetime
    valid_until: datetime
    state: str
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class SponsorshipsPage:
    """`sponsorships.html`, with `form` where the reader may propose one. `waiting` come first."""

    waiting: tuple[SponsorshipRow, ...]
    rows: tuple[SponsorshipRow, ...]
    submit_url: str
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class RightRow:
    """A rights record. `withdraw` is there where the reader may withdraw it."""

    kind: str
    supplier: str
    holder: str
    proof: str
    valid_from: datetime
    valid_until: datetime
    state: str
    withdraw: Action | None = None


@dataclass(frozen=True, slots=True)
class RightsPage:
    """`rights.html`, with `form` where the reader may record one."""

    rows: tuple[RightRow, ...]
    submit_url: str
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """Who would be harmed, and the grade that each degree of harm comes to."""

    harmed: str
    grades: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GradingRow:
    """One grading: what it came to, what the matrix proposed, who settles it, and why."""

    grade: str
    proposed: str
    determined_by: str
    settled: bool
    reference: str
    reasoning: str
    harms: tuple[Row, ...]
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class GradingPage:
    """`grading.html`: the matrix, and the gradings of a version, the newest first.

    `bound` says whether the newest is of the content as it stands.
    """

    title: str
    code: str
    number: int
    version_url: str
    degrees: tuple[str, ...]
    matrix: tuple[MatrixRow, ...]
    gradings: tuple[GradingRow, ...]
    bound: bool
    submit_url: str
