"""What an order costs. Invariant: whole minor units, computed once, from the plan as it stands."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from listings.content.plan import PlanTerms, Tier, total_minor

_NAMES = tuple(field.name for field in fields(PlanTerms))


def plan_terms(plan: Mapping[str, Any]) -> PlanTerms:
    """Return the terms of a plan from its row as a document."""
    given = {name: plan[name] for name in _NAMES if name in plan and name != "tiers"}
    tiers = tuple(
        Tier(tier.get("from_count"), tier.get("price_minor")) for tier in plan.get("tiers") or ()
    )
    return PlanTerms(**given, tiers=tiers)


def periods_of(terms: PlanTerms, term_days: int) -> int:
    """Return how many periods of a subscription cover `term_days`, a begun one counting whole."""
    if terms.kind != "subscription" or not terms.period_days:
        return 1
    return -(-term_days // terms.period_days)


def order_total(plan: Mapping[str, Any], *, volume: int, term_days: int) -> int | None:
    """Return the price of an order in minor units; None where it is to be negotiated."""
    terms = plan_terms(plan)
    return total_minor(terms, count=volume, periods=periods_of(terms, term_days))
