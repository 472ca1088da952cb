"""The terms of a price plan. Invariant: a price is exact, and only a plan of kind free costs 0.

A price finer than the minor unit (0.001 yuan a call) is kept as whole minor units for more units
(10 fen for 100 calls: `price_minor` 10, `per_count` 100), so nothing is ever rounded at rest.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from core.money import CURRENCIES
from listings.content.shapes import (
    Choice,
    Count,
    Items,
    Part,
    Problem,
    Text,
    YesNo,
    gettext_noop,
    join,
    of,
    problem,
    to_json,
)

KINDS = ("one_off", "subscription", "per_call", "free", "negotiated")
OFFER_MODES = ("standing", "confirm", "negotiated")
UNITS = ("call", "record")


@dataclass(frozen=True, slots=True)
class Tier:
    """From unit number `from_count` on, a unit costs `price_minor` / the plan's `per_count`."""

    from_count: int | None = of(Count(least=2))
    price_minor: int | None = of(Count(least=1))


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What one plan costs and how it is offered.

    `price_minor` is for the whole (one-off), for `period_days` (subscription) or for `per_count`
    units (per call). Tiers are graduated: each unit is charged at the price of its own tier.
    """

    code: str | None = of(
        Text(
            30, "[A-Z0-9][A-Z0-9-]*", gettext_noop("a code of capital letters, digits and hyphens")
        )
    )
    title: str | None = of(Text(200))
    kind: str | None = of(Choice(KINDS))
    offer_mode: str | None = of(Choice(OFFER_MODES))
    price_minor: int | None = of(Count())
    currency: str = of(Choice(tuple(CURRENCIES), default="CNY"))
    unit: str = of(Choice(UNITS, default="call"))
    per_count: int = of(Count(least=1, default=1))
    minimum_count: int = of(Count(least=1, default=1))
    period_days: int | None = of(Count(most=36_500, least=1))
    tiers: tuple[Tier, ...] = of(Items(Part(Tier), 50))
    seats: int | None = of(Count(most=1_000_000, least=1))
    exclusive: bool = of(YesNo(default=False))


PLANS = Items(Part(PlanTerms), 50)


def parse_plans(raw: Any, path: str = "plans") -> tuple[tuple[PlanTerms, ...], list[Problem]]:
    """Return the plans that the JSON list `raw` states, and every problem with them."""
    problems: list[Problem] = []
    plans = [_normal(plan) for plan in PLANS.parse(raw, path, problems)]
    # A value that was refused is blank now; what follows from its being blank is not told again.
    told = {item.path for item in problems}
    seen: set[str] = set()
    for number, plan in enumerate(plans):
        where = f"{path}[{number}]"
        problems += [fault for fault in _faults(plan, where) if fault.path not in told]
        if plan.code in seen:
            problems.append(problem(join(where, "code"), "duplicate"))
        seen.add(plan.code or "")
    return tuple(plans), problems


def plan_document(plan: PlanTerms) -> dict[str, Any]:
    """Return `plan` as the JSON object that is stored and hashed."""
    document: dict[str, Any] = to_json(plan)
    return document


def total_minor(plan: PlanTerms, *, count: int = 1, periods: int = 1) -> int | None:
    """Return what an order of `count` units or `periods` periods costs; None if negotiated.

    The sum is rounded once, half up, and is at least one minor unit unless the plan is free.
    """
    if plan.kind == "free":
        return 0
    if plan.kind == "negotiated" or plan.price_minor is None:
        return None
    if plan.kind == "subscription":
        return plan.price_minor * periods
    if plan.kind == "per_call":
        return max(1, (2 * _graduated(plan, count) + plan.per_count) // (2 * plan.per_count))
    return plan.price_minor


def main_currency(plans: Collection[PlanTerms]) -> str:
    """Return the currency that a lowest price is told in: yuan before others."""
    currencies = {plan.currency for plan in plans if plan.kind != "negotiated"}
    return "CNY" if "CNY" in currencies or not currencies else min(currencies)


def cheapest(plans: Collection[PlanTerms]) -> PlanTerms | None:
    """Return the plan with the lowest price of a unit, period or whole; None: all are negotiated.

    Plans in other currencies do not compare.
    """
    currency = main_currency(plans)
    priced = [
        (total, plan)
        for plan in plans
        if plan.currency == currency and (total := total_minor(plan)) is not None
    ]
    return min(priced, key=lambda one: one[0])[1] if priced else None


def _graduated(plan: PlanTerms, count: int) -> int:
    """Return the price of `count` units, in minor units times `per_count`."""
    assert plan.price_minor is not None
    starts = [1, *(tier.from_count or 0 for tier in plan.tiers), count + 1]
    prices = [plan.price_minor, *(tier.price_minor or 0 for tier in plan.tiers)]
    return sum(
        (min(end, count + 1) - start) * price
        for start, end, price in zip(starts, starts[1:], prices, strict=False)
        if start <= count
    )


def _normal(plan: PlanTerms) -> PlanTerms:
    """Return `plan` with what its kind fixes filled in."""
    price = 0 if plan.kind == "free" and plan.price_minor is None else plan.price_minor
    seats = 1 if plan.exclusive and plan.seats is None else plan.seats
    return replace(plan, price_minor=price, seats=seats)


def _faults(plan: PlanTerms, path: str) -> list[Problem]:
    """Return what does not hold between the fields of one plan."""
    priced = plan.kind in ("one_off", "subscription", "per_call")
    counted, negotiated = plan.kind == "per_call", plan.kind == "negotiated"
    periodic = plan.kind == "subscription"
    rules = [
        (plan.code is None, "code", "needed"),
        (plan.kind is None, "kind", "needed"),
        (plan.offer_mode is None, "offer_mode", "needed"),
        (negotiated and plan.offer_mode not in (None, "negotiated"), "offer_mode", "mode"),
        (priced and not plan.price_minor, "price_minor", "price"),
        (plan.kind == "free" and plan.price_minor != 0, "price_minor", "no-price"),
        (negotiated and plan.price_minor is not None, "price_minor", "no-price"),
        (periodic and plan.period_days is None, "period_days", "needed"),
        (not periodic and plan.period_days is not None, "period_days", "misplaced"),
        (not counted and plan.per_count != 1, "per_count", "misplaced"),
        (not counted and plan.minimum_count != 1, "minimum_count", "misplaced"),
        (not counted and bool(plan.tiers), "tiers", "misplaced"),
        (plan.exclusive and plan.seats != 1, "seats", "seats"),
    ]
    faults = [problem(join(path, name), code) for broken, name, code in rules if broken]
    return faults + _tier_faults(plan, join(path, "tiers"))


def _tier_faults(plan: PlanTerms, path: str) -> list[Problem]:
    faults = []
    before = plan.minimum_count
    for number, tier in enumerate(plan.tiers):
        where = f"{path}[{number}]"
        faults += [
            problem(join(where, name), "needed")
            for name in ("from_count", "price_minor")
            if getattr(tier, name) is None
        ]
        if tier.from_count is not None and tier.from_count <= before:
            faults.append(problem(join(where, "from_count"), "tiers"))
        before = max(before, tier.from_count or 0)
    return faults
