"""Entries of the catalogue. Invariant: written when a clearance begins, gone when it ends."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from core.money import CURRENCIES
from core.service import service
from listings import selectors
from listings.content import (
    PlanTerms,
    VersionContent,
    cheapest,
    main_currency,
    parse_content,
    total_minor,
)
from listings.content.vocabulary import INDUSTRIES
from listings.errors import VersionNotListed
from listings.models import CatalogueEntry, Version
from listings.states import VersionState
from listings.terms import text_terms

# How far into a long description and dictionary a search looks: an index row stays narrow.
SEARCHED_FIELDS = 200
SEARCHED_CHARACTERS = 4_000
# Upper bounds of the bands, in whole units of the plan's currency.
BANDS = (
    ("under_100", 100),
    ("under_1000", 1_000),
    ("under_10000", 10_000),
    ("under_100000", 100_000),
)
PRICE_TERMS = ("kind", "price_minor", "unit", "per_count", "period_days")


@service
def publish_entry(*, version_id: UUID, live_until: datetime, at: datetime) -> CatalogueEntry:
    """Show a listed version in the catalogue until its clearance ends at `live_until`.

    Raises:
        VersionNotListed: it is not on the market.

    """
    version = selectors.locked_version(version_id)
    if version.state != VersionState.LISTED or version.listed_at is None:
        raise VersionNotListed(state=version.state)
    plans = selectors.version_plans(version.pk)
    content = parse_content(version.content)
    product = version.product
    price, currency = price_from(plans)
    entry, _created = CatalogueEntry.objects.update_or_create(
        version=version,
        defaults={
            "product": product,
            "vendor_id": product.vendor_id,
            "supplier_id": product.supplier_id,
            "code": product.code,
            "title_zh": version.title_zh,
            "title_en": version.title_en,
            "summary_zh": content.summary.zh or "",
            "summary_en": content.summary.en or "",
            "section": version.industry[:1],
            "industry": version.industry,
            "topic": version.topic,
            "form": version.form,
            "grade": version.grade,
            "data_class": version.data_class,
            "price_from_minor": price,
            "currency": currency,
            "price_band": price_band(price, currency),
            "price_terms": price_terms(plans),
            "offer_modes": sorted({plan.offer_mode for plan in plans if plan.offer_mode}),
            "purposes": list(content.permitted_use.purposes),
            "territories": list(content.permitted_use.territories),
            "simulated": product.simulated,
            "listed_at": version.listed_at,
            "live_until": live_until,
            "terms": text_terms(searchable_texts(version, content)),
        },
    )
    return entry


@service
def withdraw_entry(*, version_ids: Collection[UUID]) -> int:
    """Take versions out of the catalogue; return how many were in it."""
    deleted, _by_model = CatalogueEntry.objects.filter(pk__in=version_ids).delete()
    return deleted


def searchable_texts(version: Version, content: VersionContent) -> Iterable[str | None]:
    """Return the texts by whose words a version is found."""
    product = version.product
    yield from (content.title.zh, content.title.en, content.summary.zh, content.summary.en)
    yield from (product.code, version.topic)
    for organisation in {product.vendor, product.supplier}:
        yield from (organisation.name_zh, organisation.name_en)
    if version.industry:
        yield from INDUSTRIES[version.industry[0]][2:]
    for entry in content.dictionary[:SEARCHED_FIELDS]:
        yield from (entry.name, entry.meaning)
    for text in (content.description.zh, content.description.en):
        yield text and text[:SEARCHED_CHARACTERS]


def price_from(plans: Collection[PlanTerms]) -> tuple[int | None, str]:
    """Return the lowest price of a unit, period or whole, and its currency.

    Yuan before other currencies, since two currencies do not compare. None: all are negotiated.
    """
    plan = cheapest(plans)
    return (total_minor(plan) if plan else None), main_currency(plans)


def price_terms(plans: Collection[PlanTerms]) -> dict[str, Any]:
    """Return what the lowest price is for, as its plan says it; empty where all are negotiated."""
    plan = cheapest(plans)
    return {name: getattr(plan, name) for name in PRICE_TERMS} if plan else {}


def price_band(price_minor: int | None, currency: str) -> str:
    """Return the band of a lowest price, in whole units of its currency."""
    if price_minor is None:
        return "negotiated"
    if price_minor == 0:
        return "free"
    for name, bound in BANDS:
        if price_minor < bound * 10 ** CURRENCIES[currency]:
            return name
    return "over"
