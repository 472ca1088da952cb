"""What was screened, blocked, ordered and refused, in numbers. Invariant: nobody is singled out.

Counts of versions are told by vendor, who is known. A count of orders that rests on fewer than
`FEWEST` buyers is not told, nor one that leaves fewer than that for what remains; and where what is
not told could be reckoned from the rest of a table, the next smallest count is not told either.
There are no totals of orders, no names of persons, and nothing that anybody wrote.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    F,
    Field,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Substr, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.models import ChecklistVersion, Decision
from compliance.rules import BLOCKING
from compliance.selectors import compiled
from core.actors import Member
from core.errors import Forbidden, Malformed
from core.models import Organisation
from exchange.models import Order
from exchange.states import OrderState
from listings.content.vocabulary import INDUSTRIES
from listings.models import Version

BY = ("item", "industry", "vendor", "month")
FEWEST = 3
LONGEST_MONTHS, MONTHS = 60, 12
UNKNOWN = "–"
CHUNK = 2000
# Which findings of a decision speak, and which stop the version: SQL/JSON paths.
SPEAKS = "$[*].code"
STOPS = '$[*] ? (@.status == "unknown" || (@.status == "hit" && @.severity != "caution")).code'


class JSONPath(Field):
    """PostgreSQL's type of a path into JSON, for a cast."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 - as every field's
        """Return its name."""
        return "jsonpath"


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """One line: how many versions and orders. None is not told, for it would single out a buyer.

    Of an item `screened` counts the versions that it spoke of, `blocked` those that it stopped;
    how many orders it was asked about is not counted.
    """

    key: str
    zh: str
    en: str
    screened: int
    blocked: int
    orders: int | None
    refused: int | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """One table: `first` and `last` are the months it is of, both included."""

    by: str
    first: date
    last: date
    fewest: int
    rows: tuple[StatisticsRow, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A count of orders, of how many buyers they are, and of how many the others of a whole are."""

    count: int
    buyers: int
    others: int = 0


def statistics(reader: Member, at: datetime, by: str, first: str, last: str) -> Statistics:
    """Return one table of the months `first` to `last`, written 2026-05; "" is the last twelve.

    There is no role of a regulator: the venue's staff read it, and give it to whom it is due.

    Raises:
        Forbidden: the reader is not of the venue.
        Malformed: there is no such table or month, or the months are too many or not in order.

    """
    if not (reader.is_venue or reader.system):
        raise Forbidden(_("Only the venue's staff may do this."))
    if by not in BY:
        raise Malformed(fields={"by": [_("must be among %(p)s") % {"p": ", ".join(BY)}]})
    since, until = _months(first, last, at)
    begins, ends = _moment(since), _moment(_after(until))
    screenings = Decision.objects.filter(kind="listing", at__gte=begins, at__lt=ends)
    orders = Order.objects.filter(placed_at__gte=begins, placed_at__lt=ends)
    versions = _versions(by, screenings)
    placed, refused = _orders(by, orders)
    names = _names(by, {*versions, *placed, *refused})
    rows = tuple(
        StatisticsRow(
            key or UNKNOWN,
            *names.get(key, (key or UNKNOWN, key or UNKNOWN)),
            *versions.get(key, (0, 0)),
            # An item is asked about those orders alone that it refused.
            orders=None if by == "item" else placed.get(key, 0),
            refused=refused.get(key, 0),
        )
        for key in {*versions, *placed, *refused}
    )
    ordered = sorted(rows, key=_of_month if by == "month" else _gravest)
    return Statistics(by, since, until, FEWEST, tuple(ordered))


def _of_month(row: StatisticsRow) -> tuple[Any, ...]:
    return (row.key,)


def _gravest(row: StatisticsRow) -> tuple[Any, ...]:
    return -row.blocked, -(row.refused or 0), -row.screened, row.key


def _months(first: str, last: str, at: datetime) -> tuple[date, date]:
    here = timezone.localtime(at, timezone.get_default_timezone()).date().replace(day=1)
    until = _month(last, "until") if last else here
    since = _month(first, "from") if first else _before(until, MONTHS - 1)
    count = (until.year - since.year) * 12 + until.month - since.month + 1
    if count < 1:
        raise Malformed(fields={"until": [_("must not be before the first month")]})
    if count > LONGEST_MONTHS:
        said = _("must be within %(n)d months") % {"n": LONGEST_MONTHS}
        raise Malformed(fields={"until": [said]})
    return since, until


def _month(text: str, field: str) -> date:
    try:
        found = date.fromisoformat(f"{text}-01") if len(text) == len("2026-05") else None
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2099:
        raise Malformed(fields={field: [_("must be a month such as 2026-05")]})
    return found


def _before(month: date, count: int) -> date:
    months = month.year * 12 + month.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _after(month: date) -> date:
    return _before(month, -1)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


# Versions: how many were screened and how many were stopped, by what; one statement.


def _versions(by: str, screenings: QuerySet[Decision]) -> dict[str, tuple[int, int]]:
    blocking = Q(verdict__in=BLOCKING)
    if by == "item":
        return _items(screenings)
    if by == "month":
        month = TruncMonth("at", tzinfo=timezone.get_default_timezone())
        found = screenings.annotate(key=month).values_list("key").order_by("key")
        counted = found.annotate(
            count=Count("reference", distinct=True),
            blocked=Count("reference", distinct=True, filter=blocking),
        )
        return {f"{when:%Y-%m}": (count, stopped) for when, count, stopped in counted}
    of_it = screenings.filter(reference=OuterRef("pk"))
    versions = Version.objects.filter(Exists(of_it)).annotate(
        stopped=Exists(of_it.filter(blocking)), key=_column(by, "")
    )
    lines = versions.values_list("key").order_by("key")
    told = lines.annotate(count=Count("pk"), blocked=Count("pk", filter=Q(stopped=True)))
    return {str(key or ""): (count, stopped) for key, count, stopped in told}


def _items(screenings: QuerySet[Decision]) -> dict[str, tuple[int, int]]:
    """Return of how many versions each item spoke, and how many it stopped.

    The database sends the codes alone; what counts once is counted here, row by row.
    """
    spoke: dict[str, set[UUID]] = defaultdict(set)
    stopped: dict[str, set[UUID]] = defaultdict(set)
    rows = screenings.values_list("reference", _codes(SPEAKS), _codes(STOPS))
    for reference, codes, stops in rows.iterator(chunk_size=CHUNK):
        for code in codes:
            spoke[code].add(reference)
        for code in stops:
            stopped[code].add(reference)
    return {code: (len(found), len(stopped[code])) for code, found in spoke.items()}


def _codes(path: str) -> Func:
    return Func(
        F("findings"),
        Cast(Value(path), JSONPath()),
        function="jsonb_path_query_array",
        output_field=JSONField(),
    )


def _column(by: str, version: str) -> Any:
    """Return the column of what a table is by: the vendor, or the section of the industry."""
    if by == "vendor":
        return F(f"{version}product__vendor")
    return Substr(KeyTextTransform("industry", f"{version}content"), 1, 1)


# Orders: how many were placed and how many refused, by how many buyers.


def _orders(
    by: str, orders: QuerySet[Order]
) -> tuple[dict[str, int | None], dict[str, int | None]]:
    if by == "item":
        return _order_items(orders)
    refused = Q(state=OrderState.REFUSED)
    rows = orders.annotate(key=_key_of_order(by))
    keys: QuerySet[Any, Any] = rows.values_list("key").order_by("key")
    counted = keys.annotate(
        count=Count("pk"),
        buyers=Count("buyer", distinct=True),
        refused=Count("pk", filter=refused),
        refused_buyers=Count("buyer", distinct=True, filter=refused),
        other_buyers=Count("buyer", distinct=True, filter=~refused),
    )
    placed: dict[str, Counted] = {}
    stopped: dict[str, Counted] = {}
    of_text: dict[str, Any] = {}
    for key, count, buyers, no, no_buyers, yes_buyers in counted:
        text = _text(by, key)
        of_text[text] = key
        placed[text] = Counted(count, buyers)
        stopped[text] = Counted(no, no_buyers, yes_buyers)

    def together(part: QuerySet[Any], hidden: set[str]) -> int:
        keys = [of_text[text] for text in hidden]
        held = Q(key__in=[key for key in keys if key is not None])
        if None in keys:
            held |= Q(key__isnull=True)
        found = part.filter(held).aggregate(n=Count("buyer", distinct=True))
        return int(found["n"])

    return (
        _told(placed, lambda hidden: together(rows, hidden)),
        _told(stopped, lambda hidden: together(rows.filter(refused), hidden)),
    )


def _order_items(orders: QuerySet[Order]) -> tuple[dict[str, int | None], dict[str, int | None]]:
    """Return how many orders each item or reason refused; how many it let pass is not counted."""
    buyers: dict[str, set[UUID]] = defaultdict(set)
    counts: dict[str, int] = defaultdict(int)
    rows = orders.filter(state=OrderState.REFUSED).values_list("buyer", "refusal_code", "findings")
    for buyer, refusal, findings in rows.iterator(chunk_size=CHUNK):
        for code in {_code(one) for one in findings if _stops(one)} - {""} or {refusal}:
            buyers[code].add(buyer)
            counts[code] += 1
    cells = {code: Counted(count, len(buyers[code])) for code, count in counts.items()}
    told = _told(cells, lambda hidden: len(set().union(*(buyers[code] for code in hidden))))
    return {}, told


def _stops(finding: Mapping[str, Any]) -> bool:
    return finding.get("status") != "lifted" and finding.get("severity") != "caution"


def _code(finding: Mapping[str, Any]) -> str:
    """Return the item of a finding, or the code of a reason that is no item."""
    if finding.get("severity"):
        return str(finding.get("code") or "")
    return str(finding.get("refusal") or finding.get("code") or "")


def _key_of_order(by: str) -> Any:
    if by == "month":
        return TruncMonth("placed_at", tzinfo=timezone.get_default_timezone())
    return _column(by, "version__")


def _text(by: str, key: Any) -> str:
    return f"{key:%Y-%m}" if by == "month" else str(key or "")


def _told(
    cells: Mapping[str, Counted], together: Callable[[set[str]], int]
) -> dict[str, int | None]:
    """Return the counts that single out no buyer, and None for the rest.

    `together` says how many buyers some cells are of: where those that are not told are too few
    even together, the next smallest is not told either, so that no sum of the rest tells of them.
    """
    hidden = {
        key
        for key, cell in cells.items()
        if 0 < cell.buyers < FEWEST or (cell.count and 0 < cell.others < FEWEST)
    }
    if hidden and together(hidden) < FEWEST:
        rest = [key for key, cell in cells.items() if key not in hidden and cell.count]
        hidden |= set(sorted(rest, key=lambda key: (cells[key].count, key))[:1])
    return {key: None if key in hidden else cell.count for key, cell in cells.items()}


# What the lines are called.


def _names(by: str, keys: set[str]) -> dict[str, tuple[str, str]]:
    if by == "industry":
        return {key: (INDUSTRIES[key][2], INDUSTRIES[key][3]) for key in keys if key in INDUSTRIES}
    if by == "vendor":
        ids = [UUID(key) for key in keys if key]
        rows = Organisation.objects.filter(pk__in=ids).values_list("pk", "name_zh", "name_en")
        return {str(pk): (zh or en, en or zh) for pk, zh, en in rows}
    if by == "item":
        return _titles()
    return {}


def _titles() -> dict[str, tuple[str, str]]:
    """Return the titles of the items of the list in force or, before there is one, of none."""
    row = ChecklistVersion.objects.filter(state="IN_FORCE").first()
    if row is None:
        return {}
    document = compiled(row).document
    return {item.code: (item.title_zh, item.title_en) for item in document.items}
