"""Demands and the cleared offers they are ranked against. Invariant: only what one may see.

An offer is one that a visitor may see; a demand is one's own, or open; a quote is one's own, or
for one's own demand.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core.actors import Member, why_not
from exchange.matching import Offer
from exchange.models import Demand, DemandQuote, Order
from exchange.selectors.names import NamedEvents, named_events
from exchange.selectors.orders import demands_for
from exchange.selectors.pages import DemandPage, demand_page
from exchange.states import DemandState
from listings.models import CatalogueEntry, Plan
from listings.selectors.catalogue import visible_entries

MOST_ENTRIES = 400
MOST_PLANS = 200


@dataclass(frozen=True, slots=True)
class ListedOffer:
    """An offer of a shortlist as it stands there, its plan, and its catalogue entry if any."""

    offer: dict[str, Any]
    entry: CatalogueEntry | None
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class DemandSheet:
    """A demand with all that its page shows.

    The shortlist, the orders and the history are its buyer's; `plans` are those that the reader
    can answer with, each with its catalogue entry. `may_answer` and `may_pick` are the reader's.
    """

    page: DemandPage
    offers: tuple[ListedOffer, ...]
    left_out: tuple[ListedOffer, ...]
    plans: tuple[tuple[Plan, CatalogueEntry], ...]
    orders: tuple[Order, ...]
    history: NamedEvents | None
    may_answer: bool
    may_pick: bool


def demand_rows(member: Member, at: datetime, *, own: bool) -> QuerySet[Demand]:
    """Return the member's own demands with `quotes_count`, or open ones with `is_answered`."""
    rows = demands_for(member, at, own=own)
    if own:
        return rows.annotate(quotes_count=Count("quotes"))
    answered = DemandQuote.objects.filter(demand=OuterRef("pk"), vendor=member.organisation_id)
    return rows.annotate(is_answered=Exists(answered))


def demand_sheet(demand_id: UUID, member: Member, at: datetime, language: str) -> DemandSheet:
    """Return everything that the page of a demand shows, for this reader.

    Raises:
        NotFound: there is none that the member may see.

    """
    page = demand_page(demand_id, member, at)
    demand = page.demand
    own = demand.buyer_id == member.organisation_id
    still_open = demand.state == DemandState.OPEN and demand.open_until > at
    may_answer = still_open and not own and not why_not(member, "sell")
    listed = page.shortlist.offers if page.shortlist else []
    left_out = page.shortlist.left_out if page.shortlist else []
    versions = [one["version"] for one in (*listed, *left_out)]
    entries = {
        str(entry.version_id): entry
        for entry in visible_entries(at).filter(version__in=versions).select_related("vendor")
    }
    plans = Plan.objects.in_bulk([one["plan"] for one in (*listed, *left_out)])

    def with_terms(one: dict[str, Any]) -> ListedOffer:
        return ListedOffer(one, entries.get(one["version"]), plans.get(UUID(one["plan"])))

    return DemandSheet(
        page=page,
        offers=tuple(with_terms(one) for one in listed),
        left_out=tuple(with_terms(one) for one in left_out),
        plans=_answerable(page, member, at) if may_answer else (),
        orders=tuple(_orders_from(demand)) if own else (),
        history=named_events("demand", demand.pk, language) if own or member.is_venue else None,
        may_answer=may_answer,
        may_pick=own and demand.state == DemandState.OPEN and not why_not(member, "trade"),
    )


def _orders_from(demand: Demand) -> QuerySet[Order]:
    rows = Order.objects.filter(demand=demand).select_related("vendor", "version")
    return rows.order_by("-pk")


def _answerable(
    page: DemandPage, member: Member, at: datetime
) -> tuple[tuple[Plan, CatalogueEntry], ...]:
    """Return the member's plans on offer, in the demand's currency, not yet answered with."""
    entries = {
        entry.version_id: entry
        for entry in visible_entries(at).filter(vendor=member.organisation_id)
    }
    plans = (
        Plan.objects.filter(version_id__in=entries, currency=page.demand.currency)
        .exclude(pk__in=[quote.plan_id for quote in page.quotes])
        .order_by("version_id", "code")
    )
    return tuple((plan, entries[plan.version_id]) for plan in plans[:MOST_PLANS])


def offers_for(
    demand: Demand, at: datetime, *, plan_id: UUID | None = None, vendor_id: UUID | None = None
) -> list[Offer]:
    """Return the plans of cleared versions that share a word, the industry or the form of a need.

    With `plan_id` and `vendor_id`, only that plan of that vendor. Newest first, at most 400
    versions; two statements.
    """
    entries = visible_entries(at).select_related("vendor")
    if plan_id is not None:
        entries = entries.filter(version__plans=plan_id, vendor_id=vendor_id)
    else:
        wanted = Q()
        for word in demand.words.split()[:10]:
            wanted |= Q(title_zh__icontains=word) | Q(title_en__icontains=word)
            wanted |= Q(summary_zh__icontains=word) | Q(summary_en__icontains=word)
        if demand.industry:
            wanted |= Q(section=demand.industry[:1])
        entries = entries.filter(wanted)
    found = {entry.pk: entry for entry in entries.order_by("-listed_at", "-pk")[:MOST_ENTRIES]}
    plans = Plan.objects.filter(version_id__in=found)
    if plan_id is not None:
        plans = plans.filter(pk=plan_id)
    return [_offer(found[plan.version_id], plan) for plan in plans.order_by("version_id", "code")]


def _offer(entry: CatalogueEntry, plan: Plan) -> Offer:
    return Offer(
        version_id=str(entry.version_id),
        plan_id=str(plan.pk),
        product_code=entry.code,
        title=entry.title_zh or entry.title_en,
        vendor=entry.vendor.name_zh or entry.vendor.name_en,
        text=" ".join((entry.title_zh, entry.title_en, entry.summary_zh, entry.summary_en)),
        industry=entry.industry or entry.section,
        form=entry.form,
        purposes=tuple(entry.purposes),
        territories=tuple(entry.territories),
        price_minor=plan.price_minor,
        currency=plan.currency,
        offer_mode=plan.offer_mode,
    )
