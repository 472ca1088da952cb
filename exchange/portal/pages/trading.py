"""What the pages of orders, negotiations, trades and statements are given.

Invariant: plain frozen values, so that a page cannot query.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core.money import Money
from exchange.portal.pages.public import PermittedUse, PlanCard
from exchange.portal.pieces import (
    Action,
    Deadline,
    EmptyState,
    FileLink,
    Finding,
    GateStrip,
    Link,
    Path,
    Problem,
    Row,
    Section,
    SplitBar,
    Timeline,
    Total,
)


@dataclass(frozen=True, slots=True)
class OrderFormPage:
    """`order_form.html`: the total and the terms before signing.

    The form is posted to `submit_url`; with JavaScript each change posts it to `check_url`, which
    answers `parts/_order_check.html` with the same `page` and `form`. `concludes` is standing,
    confirm or negotiated, and says what happens on signing. `refused` is the order that was refused
    before on these terms, and `findings` are then its.
    """

    product: str
    product_url: str
    vendor: str
    plan: PlanCard
    concludes: str
    gate: GateStrip
    total: Total
    submit_url: str
    check_url: str
    use: PermittedUse
    findings: tuple[Finding, ...] = ()
    split: SplitBar | None = None
    contract_url: str = ""
    signing_limit: Money | None = None
    inspection_days: int | None = None
    refused: Link | None = None


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A line of an organisation's orders or trades; `other` is the other side."""

    code: str
    title: str
    url: str
    other: str
    state: str
    total: Money | None
    placed_at: datetime
    deadline: Deadline | None = None
    side: str = ""


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """`orders.html`. `side` is buyer, vendor, both or venue, `subject` order or trade.

    `waiting` come first. Where it is both, each row tells its `side`.
    """

    side: str
    subject: str
    rows: tuple[OrderRow, ...]
    waiting: tuple[OrderRow, ...] = ()
    states: tuple[Link, ...] = ()
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True)
class OrderPage:
    """`order.html`: where does my order stand, and what would change it.

    `refusal` is shown when it was refused. `terms` are what was ordered. `trade_url` leads on
    once it is matched, `negotiation_url` while it is negotiated.
    """

    code: str
    state: str
    side: str
    product: Link
    other: Link
    terms: Section
    total: Total
    path: Path
    timeline: Timeline
    placed_at: datetime
    placed_by: str
    actions: tuple[Action, ...] = ()
    deadline: Deadline | None = None
    gate: GateStrip | None = None
    refusal: Problem | None = None
    trade_url: str = ""
    negotiation_url: str = ""


@dataclass(frozen=True, slots=True)
class QuoteEntry:
    """A quote of either side. `mine` is the reader's side; `changes` differ from the one before."""

    party: str
    mine: bool
    at: datetime
    price: Money
    terms: tuple[Row, ...]
    state: str
    note: str = ""
    changes: tuple[str, ...] = ()
    content_hash: str = ""
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class NegotiationPage:
    """`negotiation.html`: what is on the table, and whose turn it is.

    `quotes` come oldest first; the last is on the table. `turn` is mine or theirs. With a form the
    reader can counter, posted to `counter_url`. `terms` are what was asked for.
    """

    code: str
    state: str
    side: str
    product: Link
    other: str
    order_url: str
    turn: str
    quotes: tuple[QuoteEntry, ...]
    actions: tuple[Action, ...] = ()
    counter_url: str = ""
    terms: Section | None = None
    gate: GateStrip | None = None
    total: Total | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """The entitlement to delivery: how much of it is used and until when. `allowed` None: any."""

    state: str
    used: int
    allowed: int | None
    expires_at: datetime
    files: tuple[FileLink, ...] = ()
    api_url: str = ""


@dataclass(frozen=True, slots=True)
class DeletionNotice:
    """What the buyer is asked to delete or give back, how far it is, and what may be done now."""

    id: UUID
    kind: str
    state: str
    what: Section
    deadline: Deadline | None = None
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class TradePage:
    """`trade.html`: where is my data, where is the money.

    `price` and the buyer's `fee` sum to `total`, and so do `held`, `settled` and `refunded`.
    `documents` are contract, certificate and statement. `dispute` is what is disputed, with its
    timeline entries in `timeline`; with a `decide_url` the reader decides it by a form.
    """

    code: str
    state: str
    side: str
    product: Link
    buyer: str
    vendor: str
    path: Path
    price: Money
    fee: Money
    total: Money
    held: Money
    settled: Money
    refunded: Money
    timeline: Timeline
    terms: Section
    grant: Grant | None = None
    split: SplitBar | None = None
    actions: tuple[Action, ...] = ()
    deadline: Deadline | None = None
    documents: tuple[FileLink, ...] = ()
    contract_hash: str = ""
    contract_url: str = ""
    dispute: Section | None = None
    decide_url: str = ""
    deletions: tuple[DeletionNotice, ...] = ()
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class ContractSide:
    """One side of a contract: who it is, who signed for it, when and by what."""

    role: str
    organisation: str
    signed_by: str
    signed_at: datetime | None
    how: str


@dataclass(frozen=True, slots=True)
class LogEntry:
    """The event of the conclusion in the audit log, and the `sha256` of the contract it holds.

    `agrees` says whether that is the contract's, and whether the event is what the audit tree
    holds. `index` is its leaf there, None until it is taken up; then there is a proof.
    """

    number: int
    sha256: str
    agrees: bool
    index: int | None
    proof_url: str
    proof_name: str


@dataclass(frozen=True, slots=True)
class ContractPage:
    """`contract.html`: what was agreed, and whether the text is still the one that was signed.

    `items` are the nine that a contract must hold, in order. `agrees` says whether the hash of
    the text, `recomputed` now, is the one kept at conclusion and the one in the audit log.
    """

    code: str
    title: str
    trade_url: str
    concluded_at: datetime
    sides: tuple[ContractSide, ...]
    supplier: str
    price: Money
    items: tuple[Section, ...]
    allocation: tuple[Row, ...]
    cleared_by: Section
    sha256: str
    recomputed: str
    agrees: bool
    json_url: str
    json_name: str
    verify_url: str
    entry: LogEntry | None


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line of a statement: money in, or out, and the balance after it. `what` is in words."""

    at: datetime
    what: str
    reference: str
    incoming: Money | None
    outgoing: Money | None
    balance: Money
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class StatementPage:
    """`statement.html`: what came in, what went out, what is left; closing = opening + in − out.

    `period_from` and `period_to` are both included. `held` is reserved for trades at this moment,
    beside the account and not in it; None where it is not told. `accounts` lead to the others;
    `pay_in` is for who buys.
    """

    organisation: str
    currency: str
    period_from: date
    period_to: date
    opening: Money
    incoming: Money
    outgoing: Money
    closing: Money
    held: Money | None
    lines: tuple[StatementLine, ...]
    account: str = ""
    accounts: tuple[Link, ...] = ()
    exports: tuple[Link, ...] = ()
    number: str = ""
    content_hash: str = ""
    more_url: str = ""
    empty: EmptyState | None = None
    pay_in: Section | None = None
