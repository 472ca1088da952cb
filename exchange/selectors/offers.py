"""A plan as a buyer finds it. Invariant: only what the catalogue shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from exchange.errors import PlanNotOffered
from listings.models import Plan
from listings.selectors.catalogue import visible_entries


@dataclass(frozen=True, slots=True)
class OfferedPlan:
    """A plan of a version on the market; `territory` is the first one permitted."""

    plan: Plan
    product_id: UUID
    title_zh: str
    title_en: str
    vendor_zh: str
    vendor_en: str
    content: dict[str, Any]
    territory: str


def offered_plan(plan_id: UUID, at: datetime) -> OfferedPlan:
    """Return a plan on offer; two statements.

    Raises:
        PlanNotOffered: there is no such plan in the catalogue.

    """
    plan = Plan.objects.select_related("version").filter(pk=plan_id).first()
    entry = None
    if plan is not None:
        entry = visible_entries(at).filter(version=plan.version_id).select_related("vendor").first()
    if plan is None or entry is None:
        raise PlanNotOffered
    territories = entry.territories or ["CN"]
    return OfferedPlan(
        plan=plan,
        product_id=entry.product_id,
        title_zh=entry.title_zh,
        title_en=entry.title_en,
        vendor_zh=entry.vendor.name_zh,
        vendor_en=entry.vendor.name_en,
        content=plan.version.content,
        territory="CN-SH" if territories[0] in {"*", "CN"} else territories[0],
    )
