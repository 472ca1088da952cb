"""Cleared offers that a demand is ranked against. Invariant: only what a visitor may see."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from exchange.matching import Offer
from exchange.models import Demand
from listings.models import CatalogueEntry, Plan
from listings.selectors.catalogue import visible_entries

MOST_ENTRIES = 400


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
