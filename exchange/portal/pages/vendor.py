"""What the vendor's pages are given: products, version. Invariant: plain frozen values."""

from dataclasses import dataclass
from datetime import datetime

from exchange.portal.pages.public import PlanCard, Price
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
    Section,
    SplitBar,
    Timeline,
)


@dataclass(frozen=True, slots=True)
class VendorProductRow:
    """A line of the vendor's list: its newest version, and what stands in its way."""

    code: str
    title: str
    url: str
    number: int
    state: str
    blocking: int
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
    """A step of the version editor: describe, sources, use, files, declaration or split.

    `state` is done, current, ahead or stopped; `note` is shown beside it.
    """

    name: str
    state: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class VersionPage:
    """`version.html`: what stands in the way of listing, and what would lift it.

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
