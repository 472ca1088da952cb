"""What the signature pieces are given. Invariant: plain frozen values, so a page cannot query.

Each class names the partial in templates/parts that takes it, and the name it takes it under.
Codes are codes (the templates find their words); texts are in the reader's language already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.money import Money


@dataclass(frozen=True, slots=True)
class Link:
    """A named address. `count` is shown beside it when it is not 0."""

    label: str
    url: str
    count: int = 0
    current: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """`parts/_action.html`, as `action`: one button that does one verb by POST to `url`.

    `subject` and `verb` are the Machine's; the button's words come from them. A `consequence` asks
    for confirmation first and says what will happen; `asks_reason` adds a field `reason` (and
    `reason_needed` makes it compulsory). `primary` is for one button a page. `key` is posted as
    `key`, so that the same click has one effect. `fields` are further hidden name-value pairs.
    """

    subject: str
    verb: str
    url: str
    consequence: str = ""
    asks_reason: bool = False
    reason_needed: bool = False
    primary: bool = False
    danger: bool = False
    key: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ClearanceBadge:
    """`parts/_clearance.html`, as `badge`: whether a version may be traded, and what says so.

    `state` is LIVE, SUSPENDED, ENDED or NONE; `cause` is the gate's cause code where it is not
    LIVE. The rest is the evidence behind it: `reviewers` are role codes, not names.
    """

    state: str
    checklist: str = ""
    valid_until: date | None = None
    cause: str = ""
    declaration_by: str = ""
    declaration_at: datetime | None = None
    declaration_url: str = ""
    decision_at: datetime | None = None
    decision_url: str = ""
    reviewers: tuple[str, ...] = ()
    content_hash: str = ""
    verify_url: str = ""


@dataclass(frozen=True, slots=True)
class FactValue:
    """One fact that decided a finding. `value` None is unknown. `origin` says who stated it."""

    name: str
    value: str | None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """A legal source, with the words quoted from it."""

    instrument: str
    article: str
    quote: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Lift:
    """One piece of evidence that releases a restricted item. `url` is where to give it."""

    text: str
    given: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """`parts/_finding.html`, as `finding`: one item of the checklist that speaks.

    `severity` is prohibited, restricted, caution or unknown. `text` is one sentence on what was
    found. `lifts` and `exit_path` are what would change it, `who` who can do that. `state` is
    open, given, lifted or stands. `url` is this finding's permalink.
    """

    severity: str
    code: str
    title: str
    text: str = ""
    facts: tuple[FactValue, ...] = ()
    articles: tuple[Article, ...] = ()
    lifts: tuple[Lift, ...] = ()
    exit_path: str = ""
    who: str = ""
    state: str = "open"
    url: str = ""

    @property
    def item(self) -> str:
        """The code where it is an item's; other reasons have codes for programs, in small."""
        return self.code if self.code.isupper() else ""


@dataclass(frozen=True, slots=True)
class GateStep:
    """One check of the gate; `reason` says why it failed.

    `state` is waiting, passed, failed or later: that waits until a price is agreed.

    `name` is one of clearance, declaration, purpose, territory, volume, buyer, price, funds.
    """

    name: str
    state: str
    reason: str = ""
    url: str = ""
    url_label: str = ""


@dataclass(frozen=True, slots=True)
class GateStrip:
    """`parts/_gate.html`, as `gate`: the checks of an order in the order they are made."""

    steps: tuple[GateStep, ...]

    @property
    def state(self) -> str:
        """The strip in one word: failed before waiting before later before passed."""
        states = {step.state for step in self.steps}
        return next((word for word in ("failed", "waiting", "later") if word in states), "passed")


@dataclass(frozen=True, slots=True)
class SplitLine:
    """One part of a split: who, for what (`role` code, or `venue_fee`), how much.

    `start` and `width` are in ten-thousandths of the whole bar, and `share_bp` the declared
    share; `how` is fixed, rest or "" where there is none. `tone` 0 is the venue's fee, then 1 to 5
    in turn.
    """

    party: str
    role: str
    amount: Money
    share_bp: int | None = None
    start: int = 0
    width: int = 0
    tone: int = 0
    state: str = ""
    how: str = "fixed"


@dataclass(frozen=True, slots=True)
class SplitBar:
    """`parts/_split.html`, as `split`. Make it with `split_bar`. `note` says what it is of."""

    lines: tuple[SplitLine, ...]
    total: Money
    note: str = ""


Part = tuple[str, str, Money, int | None] | tuple[str, str, Money, int | None, str]


def split_bar(lines: Sequence[Part], *, note: str = "", state: str = "") -> SplitBar:
    """Return the bar of `lines` (party, role, amount, share_bp, how), the venue's fee first.

    The widths are whole ten-thousandths and touch each other: each ends where the next starts.
    """
    currency = lines[0][2].currency
    total = sum(line[2].minor for line in lines)
    placed: list[SplitLine] = []
    reached, before = 0, 0
    for number, (party, role, amount, share_bp, *how) in enumerate(lines):
        reached += amount.minor
        end = 10_000 * reached // total if total else 0
        tone = 0 if role == "venue_fee" else 1 + (number - 1) % 5
        placed.append(
            SplitLine(
                party,
                role,
                amount,
                share_bp,
                before,
                end - before,
                tone,
                state,
                how[0] if how else "fixed",
            )
        )
        before = end
    return SplitBar(tuple(placed), Money(total, currency), note)


@dataclass(frozen=True, slots=True)
class Station:
    """One station of a path. `state` is done, current, ahead or stopped.

    `name` is one of recorded, declared, screened, reviewed, cleared, ordered, confirmed,
    contracted, delivered, accepted, settled, paid. `proof_url` is the proof that it was passed.
    """

    name: str
    state: str
    at: datetime | None = None
    actor: str = ""
    proof_url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """`parts/_path.html`, as `path`: from source to settlement, for a product, order or trade."""

    stations: tuple[Station, ...]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One event. `id` makes its permalink, `kind` its filter; `who` is "" for the venue itself."""

    id: int
    subject: str
    verb: str
    at: datetime
    who: str = ""
    reason: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """`parts/_timeline.html`, as `timeline`: newest first. `kinds` are the filters, as links."""

    entries: tuple[TimelineEntry, ...]
    kinds: tuple[Link, ...] = ()
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """`parts/_deadline.html`, as `deadline`. `days_left` counts whole days; below 0 is past.

    `what` names what falls due: confirm, inspect, review, declaration, clearance, quote, evidence,
    delete. `working` says that only working days are counted; `days_past` how many of them have
    gone by since, 0 on the day itself.
    """

    what: str
    at: datetime
    days_left: int
    working: bool = False
    days_past: int = 0

    @property
    def tone(self) -> str:
        """Information, then caution from 3 days, restricted from the last day."""
        if self.days_left <= 1:
            return "restricted"
        return "caution" if self.days_left <= 3 else "info"


@dataclass(frozen=True, slots=True)
class Progress:
    """`parts/_progress.html`, as `progress`: work that takes long. It renews itself from `url`.

    `state` is running, done, failed or cancelled. `total` 0 is not known yet. `per_second` and
    `seconds_left` may be None. `refused` of those done were refused; `refused_url` lists them.
    """

    label: str
    state: str
    done: int
    total: int
    url: str = ""
    per_second: int | None = None
    seconds_left: int | None = None
    refused: int = 0
    refused_url: str = ""
    cancel: Action | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FileLink:
    """`parts/_file.html`, as `file`: name, type, size, digest; without an address no download.

    `url` is the file itself; a `post_url` makes a link to it first, and is a button of a form.
    `note` says what more is known of it; `remove` takes it away where the reader may.
    """

    name: str
    media_type: str
    size_bytes: int
    sha256: str
    url: str = ""
    at: datetime | None = None
    post_url: str = ""
    note: str = ""
    remove: Action | None = None


@dataclass(frozen=True, slots=True)
class EmptyState:
    """`parts/_empty.html`, as `empty`: why nothing is here and what to do next."""

    title: str
    text: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """One value of a facet. `count` None is not counted, `capped` shows it as "1000+"."""

    label: str
    url: str
    count: int | None = None
    capped: bool = False
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """`parts/_facets.html`, as `facets` (a tuple of these): one facet of the catalogue."""

    name: str
    label: str
    facets: tuple[Facet, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a definition list: `value` None is unknown. `code` sets it as code."""

    label: str
    value: str | None
    code: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """`parts/_section.html`, as `section`: a titled definition list. `url` is where to edit it."""

    title: str
    rows: tuple[Row, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class TotalLine:
    """One line of a total: `amount` None is not charged; `note` says how it was reckoned."""

    label: str
    amount: Money | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """`parts/_total.html`, as `total`: what will be held, before anything is signed.

    `available` is the custody balance it comes from; `top_up_url` where to add to it.
    """

    lines: tuple[TotalLine, ...]
    total: Money | None
    available: Money | None = None
    top_up_url: str = ""
    note: str = ""

    @property
    def short(self) -> Money | None:
        """What the balance lacks, None if it suffices or is not known."""
        if self.total is None or self.available is None or self.available >= self.total:
            return None
        return self.total - self.available


@dataclass(frozen=True, slots=True)
class Problem:
    """`parts/_problem.html`, as `problem`: a refusal, in the order that it is told.

    `title` is what happened, `detail` why, `findings` item by item, `way_out` what would change
    it, `links` who can do that and where. `request_id` is for the venue's log.
    """

    code: str
    title: str
    status: int
    detail: str = ""
    way_out: str = ""
    findings: tuple[Finding, ...] = ()
    links: tuple[Link, ...] = ()
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """What every page has around it, as `shell`.

    `menu` is the row of links and `more` what is folded beside it. `theme` is light, dark or "" (as
    the system). `simulated` marks a market that is not real.
    """

    at: datetime
    theme: str = ""
    person: str = ""
    organisation: str = ""
    menu: tuple[Link, ...] = ()
    more: tuple[Link, ...] = ()
    simulated: bool = False
