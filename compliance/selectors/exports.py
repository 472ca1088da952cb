"""What leaves the mainland, counted by exporter. Invariant: who changes a count holds it.

An organisation reads its own ledger and register; the venue reads all of them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from compliance.cross_border import TABLES, Bound, Path, bounds_on, table_on
from compliance.models import (
    ExportKind,
    ExportRow,
    ExportTally,
    RegisterEntry,
    RegisterKind,
)
from compliance.rules import CHINA
from core.actors import Member
from core.errors import Malformed, NotFound
from core.models import Organisation
from core.service import organisation_of
from listings.models import Product

FIRST_YEAR = TABLES[0].valid_from.year
# The same two numbers as in compliance/sql/export_room.sql: whoever counts holds them.
_LOCK = "SELECT pg_advisory_xact_lock(20240322, hashtext(%s))"


def lock_exporter(organisation_id: UUID) -> None:
    """Hold an exporter's counts until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [str(organisation_id)])


def locked_reservations(references: Collection[UUID]) -> list[ExportRow]:
    """Return, locked, what is reserved for some trades and has not ended, by exporter."""
    rows = ExportRow.objects.filter(reference__in=references, kind=ExportKind.RESERVE)
    # The lock first: an end that was written meanwhile is seen by the statement after it.
    locked = list(
        rows.select_for_update(no_key=True).order_by("reference", "exporter").values_list("pk")
    )
    if not locked:
        return []
    ends = ExportRow.objects.filter(
        reference=OuterRef("reference"), exporter=OuterRef("exporter")
    ).exclude(kind=ExportKind.RESERVE)
    return list(rows.filter(~Exists(ends)).order_by("exporter", "reference"))


@dataclass(frozen=True, slots=True)
class Counts:
    """Persons, and apart from them persons of sensitive information."""

    persons: int
    sensitive_persons: int


@dataclass(frozen=True, slots=True)
class BoundLeft:
    """A bound of the law, and how many persons may still be exported before it; None unknown."""

    sensitive: bool
    count: int
    path: Path
    left: int | None


@dataclass(frozen=True, slots=True)
class ExportYear:
    """What one exporter has sent abroad in one calendar year of China, and may still send.

    `reserved` is what is sold and not fetched yet, whenever it was sold; `elsewhere` what left by
    other ways, None as long as that is not on record: then `total` is unknown, and so is `left`.
    `missing` are kinds of entries without which an order abroad is held.
    """

    organisation: Organisation
    year: int
    table: str
    reserved: Counts
    committed: Counts
    elsewhere: Counts | None
    total: Counts | None
    bounds: tuple[BoundLeft, ...]
    entries: tuple[RegisterEntry, ...]
    missing: tuple[RegisterKind, ...]


_NEEDED = (RegisterKind.CRITICAL_OPERATOR, RegisterKind.ZONE, RegisterKind.EXPORTS_ELSEWHERE)


def export_year(organisation_id: UUID, reader: Member, at: datetime, year: int) -> ExportYear:
    """Return one exporter's year, as it stands now or stood at its end.

    Raises:
        NotFound: there is no such organisation, or it is not the reader's.
        Malformed: the year has not begun, or nobody counted in it yet.

    """
    organisation = _organisation(organisation_id, reader)
    today = at.astimezone(CHINA).date()
    if not FIRST_YEAR <= year <= today.year:
        text = _("must be from %(first)s to %(last)s")
        raise Malformed(fields={"year": [text % {"first": FIRST_YEAR, "last": today.year}]})
    day = min(today, date(year, 12, 31))
    tallies = list(ExportTally.objects.filter(exporter=organisation, year__lte=year))
    # What is open counts in every year until it ends; a year that is over keeps its own alone.
    open_ = [one for one in tallies if year == today.year or one.year == year]
    done = [one for one in tallies if one.year == year]
    reserved = Counts(
        sum(one.reserved_persons for one in open_), sum(one.reserved_sensitive for one in open_)
    )
    committed = Counts(
        sum(one.committed_persons for one in done), sum(one.committed_sensitive for one in done)
    )
    entries = _in_force(organisation_id, day)
    stated = next((one for one in entries if one.kind == RegisterKind.EXPORTS_ELSEWHERE), None)
    elsewhere = total = None
    if stated is not None:
        elsewhere = Counts(stated.persons or 0, stated.sensitive_persons or 0)
        total = Counts(
            reserved.persons + committed.persons + elsewhere.persons,
            reserved.sensitive_persons + committed.sensitive_persons + elsewhere.sensitive_persons,
        )
    known = {one.kind for one in entries}
    return ExportYear(
        organisation=organisation,
        year=year,
        table=table_on(day).version,
        reserved=reserved,
        committed=committed,
        elsewhere=elsewhere,
        total=total,
        bounds=tuple(_left(bound, total) for bound in bounds_on(day)),
        entries=entries,
        missing=tuple(kind for kind in _NEEDED if kind not in known),
    )


def _left(bound: Bound, total: Counts | None) -> BoundLeft:
    left = None
    if total is not None:
        counted = total.sensitive_persons if bound.sensitive else total.persons
        # The bound itself is on the heavier side of it: 以上 includes the number.
        left = max(0, bound.count - 1 - counted)
    return BoundLeft(bound.sensitive, bound.count, bound.path, left)


def _in_force(organisation_id: UUID, day: date) -> tuple[RegisterEntry, ...]:
    """Return the entries that count on a day: of each kind, and product, the one recorded last."""
    rows = RegisterEntry.objects.filter(organisation=organisation_id, valid_from__lte=day)
    found: dict[tuple[str, UUID | None], RegisterEntry] = {}
    for one in rows.select_related("product").order_by("at", "id"):
        yearly = one.kind != RegisterKind.EXPORTS_ELSEWHERE or one.valid_from.year == day.year
        if yearly and (one.valid_until is None or one.valid_until > day):
            found[one.kind, one.product_id] = one
    order = list(RegisterKind.values)
    return tuple(sorted(found.values(), key=lambda one: (order.index(one.kind), one.at)))


def readable_exports(reader: Member) -> QuerySet[ExportRow]:
    """Return the reader's ledger of what leaves the mainland; everybody's for the venue."""
    rows = ExportRow.objects.select_related("exporter")
    if reader.is_venue or reader.system:
        return rows
    return rows.filter(exporter=organisation_of(reader))


def exports_of_year(organisation_id: UUID, reader: Member, year: int) -> QuerySet[ExportRow]:
    """Return the rows of one exporter's year.

    Raises:
        NotFound: there is no such organisation, or it is not the reader's.

    """
    organisation = _organisation(organisation_id, reader)
    return readable_exports(reader).filter(exporter=organisation, year=year)


def exporters_of_year(reader: Member, year: int) -> QuerySet[ExportTally]:
    """Return who has exported in a year, or has something open in it; the reader's own row else."""
    rows = ExportTally.objects.select_related("exporter").filter(year=year)
    if reader.is_venue or reader.system:
        return rows
    return rows.filter(exporter=organisation_of(reader))


def readable_register(organisation_id: UUID, reader: Member) -> QuerySet[RegisterEntry]:
    """Return all that was ever entered of one organisation, whatever holds today.

    Raises:
        NotFound: there is no such organisation, or it is not the reader's.

    """
    organisation = _organisation(organisation_id, reader)
    return RegisterEntry.objects.filter(organisation=organisation).select_related("product")


def products_for_register(organisation_id: UUID) -> list[Product]:
    """Return the products that an entry of an organisation can be about, by their code."""
    rows = Product.objects.filter(vendor=organisation_id) | Product.objects.filter(
        supplier=organisation_id
    )
    return list(rows.order_by("code").distinct())


def _organisation(organisation_id: UUID, reader: Member) -> Organisation:
    if not (reader.is_venue or reader.system or reader.organisation_id == organisation_id):
        raise NotFound
    found = Organisation.objects.filter(pk=organisation_id, is_venue=False).first()
    if found is None:
        raise NotFound
    return found
