"""The catalogue as visitors see it. Invariant: nothing a visitor may not see is found or counted.

An entry exists only for a listed and cleared version; entries whose clearance has run out, and
those of organisations that may not trade now, are left out of every page, count and facet.
"""

import base64
import binascii
from collections import Counter
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import Malformed, NotFound
from core.models import Capacity, Organisation
from listings.models import CatalogueEntry, Plan, Release
from listings.terms import question_terms

# What is counted stops here; more is said as "1000+".
CAP = 1_000
PAGE_SIZE = 20
FACETS = ("section", "form", "grade", "data_class", "offer_mode", "price_band", "purpose")


@dataclass(frozen=True, slots=True)
class CatalogueQuery:
    """What a visitor asks for; an empty part asks for nothing in particular."""

    q: str = ""
    section: str = ""
    form: str = ""
    grade: str = ""
    data_class: str = ""
    offer_mode: str = ""
    price_band: str = ""
    purpose: str = ""
    territory: str = ""
    vendor: UUID | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """How many of the hits have one value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class CatalogueCount:
    """How many hits there are, and how they divide; `capped` means there are more than counted."""

    count: int
    capped: bool
    facets: dict[str, tuple[Facet, ...]]


@dataclass(frozen=True, slots=True)
class CatalogueCard:
    """One hit, as a list shows it."""

    product_id: UUID
    version_id: UUID
    code: str
    title_zh: str
    title_en: str
    summary_zh: str
    summary_en: str
    vendor_id: UUID
    vendor_name: str
    section: str
    industry: str
    topic: str
    form: str
    grade: str
    data_class: str
    price_from_minor: int | None
    currency: str
    price_band: str
    price_terms: dict[str, Any]
    offer_modes: tuple[str, ...]
    purposes: tuple[str, ...]
    territories: tuple[str, ...]
    simulated: bool
    listed_at: datetime


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """One page of hits, newest first; `after` opens the next one."""

    cards: tuple[CatalogueCard, ...]
    after: str | None
    total: CatalogueCount


def visible_entries(at: datetime) -> QuerySet[CatalogueEntry]:
    """Return the entries that a visitor may see at `at`."""
    away = Organisation.objects.exclude(state="ACTIVE").values("pk")
    not_admitted = Capacity.objects.filter(kind="vendor").exclude(state="ADMITTED")
    return CatalogueEntry.objects.filter(
        ~Q(vendor__in=away),
        ~Q(supplier__in=away),
        ~Q(vendor__in=not_admitted.values("organisation")),
        live_until__gt=at,
    )


def found_entries(query: CatalogueQuery, at: datetime) -> QuerySet[CatalogueEntry]:
    """Return the visible entries that answer `query`. Words must all occur."""
    rows = visible_entries(at)
    if query.q.strip():
        terms = question_terms(query.q)
        rows = rows.filter(terms__has_all=terms) if terms else rows.none()
    equal = {
        "section": query.section,
        "form": query.form,
        "grade": query.grade,
        "data_class": query.data_class,
        "price_band": query.price_band,
    }
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    if query.vendor:
        rows = rows.filter(vendor=query.vendor)
    if query.offer_mode:
        rows = rows.filter(offer_modes__contains=[query.offer_mode])
    if query.purpose:
        rows = rows.filter(purposes__contains=[query.purpose])
    if query.territory:
        rows = rows.filter(territories__overlap=_permitting(query.territory))
    return rows.order_by("-listed_at", "-version")


def catalogue_count(query: CatalogueQuery, at: datetime) -> CatalogueCount:
    """Return how many hits there are and how they divide, from `CAP` of them at most.

    In no order: sorted, the planner would walk the whole catalogue for words that are rare.
    """
    names = ("section", "form", "grade", "data_class", "price_band", "offer_modes", "purposes")
    hits = list(found_entries(query, at).order_by().values_list(*names)[: CAP + 1])
    counted = hits[:CAP]
    single = {
        name: Counter(hit[place] for hit in counted if hit[place])
        for place, name in enumerate(names[:5])
    }
    several = {
        name: Counter(value for hit in counted for value in hit[place])
        for place, name in ((5, "offer_mode"), (6, "purpose"))
    }
    counters = single | several
    return CatalogueCount(
        count=len(counted),
        capped=len(hits) > CAP,
        facets={
            name: tuple(
                Facet(value, count)
                for value, count in sorted(counters[name].items(), key=lambda c: (-c[1], c[0]))
            )
            for name in FACETS
        },
    )


def catalogue_page(
    query: CatalogueQuery, *, at: datetime, after: str = "", size: int = PAGE_SIZE
) -> CataloguePage:
    """Return one page of hits, newest first, in two statements whatever their number.

    Raises:
        Malformed: `after` is not what a page gave out.

    """
    rows = found_entries(query, at).select_related("vendor").defer("terms")
    if after:
        listed_at, version_id = _place(after)
        rows = rows.filter(
            Q(listed_at__lt=listed_at) | Q(listed_at=listed_at, version__lt=version_id)
        )
    found = list(rows[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return CataloguePage(
        cards=tuple(card_of(entry) for entry in found[:size]),
        after=_mark(last) if last else None,
        total=catalogue_count(query, at),
    )


def card_of(entry: CatalogueEntry) -> CatalogueCard:
    """Return what a list shows of an entry; its vendor must have been fetched with it."""
    values: dict[str, Any] = {
        item.name: getattr(entry, item.name)
        for item in fields(CatalogueCard)
        if item.name != "vendor_name"
    }
    for name in ("offer_modes", "purposes", "territories"):
        values[name] = tuple(values[name])
    return CatalogueCard(**values, vendor_name=entry.vendor.display_name)


def visible_product(product_id: UUID, at: datetime) -> CatalogueEntry:
    """Return the entry of a product on the market with version, plans and samples.

    Raises:
        NotFound: there is none that a visitor may see.

    """
    entry = (
        visible_entries(at)
        .filter(product=product_id)
        .defer("terms")
        .select_related("version__product", "vendor", "supplier")
        .prefetch_related(
            Prefetch("version__plans", Plan.objects.order_by("code")),
            Prefetch(
                "version__releases",
                Release.objects.select_related("file").order_by("published_at", "id"),
            ),
        )
        .first()
    )
    if entry is None:
        raise NotFound
    return entry


def visible_sample(product_id: UUID, at: datetime) -> Release:
    """Return the newest sample of a product on the market, with its file.

    Raises:
        NotFound: the product is not on the market, or it has no sample.

    """
    entry = visible_entries(at).filter(product=product_id).values("version")
    release = (
        Release.objects.filter(version__in=entry, kind="sample")
        .select_related("file")
        .order_by("-published_at", "-id")
        .first()
    )
    if release is None:
        raise NotFound
    return release


def _permitting(territory: str) -> list[str]:
    """Return the entries of a list of territories that permit `territory`.

    CN permits every region of the mainland; Hong Kong, Macao and Taiwan go by two codes each.
    """
    region = territory.removeprefix("CN-")
    if region in ("HK", "MO", "TW"):
        return ["*", region, f"CN-{region}"]
    return ["*", territory, territory.partition("-")[0]]


def _mark(entry: CatalogueEntry) -> str:
    text = f"{entry.listed_at.isoformat()}|{entry.version_id}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def _place(after: str) -> tuple[datetime, UUID]:
    try:
        text = base64.urlsafe_b64decode(after.encode("ascii")).decode()
        moment, version_id = text.split("|")
        place = datetime.fromisoformat(moment), UUID(version_id)
    except (ValueError, binascii.Error):
        place = None
    if place is None or place[0].tzinfo is None:
        raise Malformed(fields={"after": [_("is not a place in this list")]})
    return place
