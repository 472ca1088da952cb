"""What anybody's pages are given: home, catalogue, product, problem, verify.

Invariant: plain frozen values. Forms come beside `page` as Django forms, under `form`.
"""

from dataclasses import dataclass, field
from datetime import datetime

from core.money import Money
from exchange.portal.pieces import (
    Article,
    ClearanceBadge,
    EmptyState,
    FacetGroup,
    FileLink,
    Finding,
    Link,
    Path,
    Row,
    SplitBar,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One live figure of the home page: a count or an amount, what it counts, where to read on."""

    label: str
    value: int | Money
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """What a plan costs. `kind` is the plan's; `amount` None is negotiated (or free).

    `amount` is for the whole, for `period_days`, or for `per_count` of `unit` (call, record).
    """

    kind: str
    amount: Money | None = None
    per_count: int = 1
    unit: str = "call"
    period_days: int | None = None


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """`parts/_catalogue_row.html`, as `row`. `price` is the lowest of its plans.

    `industry`, `form`, `grade`, `data_class`, `delivery_modes` and `purposes` are codes.
    """

    code: str
    title: str
    url: str
    summary: str
    supplier: str
    vendor: str
    industry: str
    form: str
    grade: str
    data_class: str
    updated_at: datetime
    badge: ClearanceBadge
    price: Price
    delivery_modes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class HomePage:
    """`home.html`. `latest` are the newest cleared products, `topics` ways into the catalogue."""

    figures: tuple[Figure, ...]
    latest: tuple[CatalogueRow, ...] = ()
    topics: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """`catalogue.html`; for htmx its part `parts/_catalogue_results.html` with the same `page`.

    `count_capped` shows the count as "1000+". `chosen` are the facets in force, each with the
    address without it. `more_url` is the next keyset page. `empty` stands where nothing is found.
    """

    query: str
    rows: tuple[CatalogueRow, ...]
    count: int
    count_capped: bool = False
    facets: tuple[FacetGroup, ...] = ()
    chosen: tuple[Link, ...] = ()
    sorts: tuple[Link, ...] = ()
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """From unit `from_count` on, the plan's `per_count` units cost `amount`."""

    from_count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class PlanCard:
    """A price plan. `order_url` "" cannot be ordered by this reader; `why_not` then says why."""

    code: str
    title: str
    price: Price
    offer_mode: str
    tiers: tuple[Tier, ...] = ()
    minimum_count: int = 1
    seats: int | None = None
    seats_left: int | None = None
    exclusive: bool = False
    confirm_hours: int | None = None
    order_url: str = ""
    why_not: str = ""
    way_out: Link | None = None


@dataclass(frozen=True, slots=True)
class DictionaryField:
    """One field of the data; `sensitivity` is a code or "" where it is unknown."""

    name: str
    type: str
    meaning: str
    sensitivity: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of the sample file, as text, already scanned; `why_not` says why none are.

    `row_count` is how many rows it has in all, None where nobody counted; `more_columns` how many
    stand beside those shown.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    file: FileLink | None = None
    row_count: int | None = None
    more_columns: int = 0
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source of the data; codes, "" where unknown."""

    name: str
    data_class: str
    origin: str = ""
    legal_basis: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class PermittedUse:
    """What a buyer may do. `redistribution` and `derivation` None are unknown."""

    purposes: tuple[str, ...]
    territories: tuple[str, ...]
    redistribution: bool | None
    derivation: bool | None
    term_days: int | None
    buyer_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A version or a release in a product's history."""

    name: str
    at: datetime
    state: str = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ProductPage:
    """`product.html`: may I buy this, for what, at what price.

    `about` holds short facts (coverage, frequency, volume …). `split` is reckoned on an example
    price. `own_url` leads the vendor's own members to their version page.
    """

    code: str
    title: str
    number: int
    summary: str
    description: str
    vendor: Link
    supplier: Link
    industry: str
    form: str
    grade: str
    data_class: str
    badge: ClearanceBadge
    use: PermittedUse
    plans: tuple[PlanCard, ...]
    about: tuple[Row, ...] = ()
    dictionary: tuple[DictionaryField, ...] = ()
    sample: Sample | None = None
    sources: tuple[SourceRow, ...] = ()
    delivery_modes: tuple[str, ...] = ()
    split: SplitBar | None = None
    history: tuple[HistoryRow, ...] = ()
    releases: tuple[HistoryRow, ...] = ()
    path: Path | None = None
    own_url: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """`problem.html`, at /problems/<code>: what a refusal means, for people and programs."""

    code: str
    title: str
    status: int
    meaning: str
    way_out: str
    who: str = ""
    articles: tuple[Article, ...] = ()
    example: str = ""
    related: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a verification: its code, whether it holds, and what was compared.

    `name` is one of record, hash, signature, log, state.
    """

    name: str
    passed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What a code or file turned out to be. `kind` is a kind of document."""

    kind: str
    code: str
    state: str
    issued_at: datetime
    rows: tuple[Row, ...]
    checks: tuple[Check, ...]
    content_hash: str = ""

    @property
    def holds(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """`verify.html`, open to everybody. `result` None with a `query` is: the venue knows no such.

    The form beside it has `code` and `file`.
    """

    query: str = ""
    result: Verification | None = None
    at: datetime | None = field(default=None)


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """`decision.html`: one decision as it was stored, at an address that never changes.

    `kind` is listing, review, rerun or order; `of` the version or order. `differs` names what does
    not come out the same when it is made again from its stored facts.
    """

    title: str
    kind: str
    verdict: str
    tone: str
    at: datetime
    of: Link
    checklist: str
    checklist_hash: str
    facts_hash: str
    findings: tuple[Finding, ...]
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleText:
    """One article, word for word."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class LawPage:
    """`law.html`: the articles of one version of a law that items of the checklist cite."""

    title: str
    name: str
    version: str
    articles: tuple[ArticleText, ...]
