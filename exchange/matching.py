"""Ranking offers for a demand. Invariant: the same offers give the same list, each with its reasons.

Pure. It names offers to a buyer; it concludes nothing.
"""  # noqa: E501

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

MOST_OFFERS = 20


@dataclass(frozen=True, slots=True)
class Need:
    """What a demand asks for; empty fields ask nothing."""

    words: tuple[str, ...]
    industry: str
    form: str
    purpose: str
    territory: str
    price_limit_minor: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Offer:
    """One cleared plan as the catalogue knows it. `price_minor` None is negotiated."""

    version_id: str
    plan_id: str
    product_code: str
    title: str
    vendor: str
    text: str
    industry: str
    form: str
    purposes: tuple[str, ...]
    territories: tuple[str, ...]
    price_minor: int | None
    currency: str
    offer_mode: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """An offer on the list: its points and why it has them."""

    offer: Offer
    points: int
    reasons: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An offer that is not on the list, and the one fact that keeps it off."""

    offer: Offer
    reason: str


def covers(territories: Iterable[str], wanted: str) -> bool:
    """Return whether a permitted territory covers the one wanted."""
    mainland = wanted.startswith("CN-") and wanted not in {"CN-HK", "CN-MO", "CN-TW"}
    return any(t in {"*", wanted} or (t == "CN" and mainland) for t in territories)


def rank(need: Need, offers: Iterable[Offer]) -> tuple[list[Ranked], list[LeftOut]]:
    """Return the offers that answer `need`, best first, and those that do not with the reason.

    Points: 10 a word found, 15 the industry, 10 the form, 10 a price within the limit (5 where
    it is negotiated), 3 a standing offer. Ties go to the lower price, then to the product code.
    """
    ranked: list[Ranked] = []
    left_out: list[LeftOut] = []
    for offer in offers:
        reason = _keeps_off(need, offer)
        if reason:
            left_out.append(LeftOut(offer, reason))
        else:
            ranked.append(_scored(need, offer))
    unpriced = 2**63
    ranked.sort(
        key=lambda r: (
            -r.points,
            unpriced if r.offer.price_minor is None else r.offer.price_minor,
            r.offer.product_code,
            r.offer.plan_id,
        )
    )
    return ranked[:MOST_OFFERS], left_out[:MOST_OFFERS]


def _keeps_off(need: Need, offer: Offer) -> str:
    if need.purpose not in offer.purposes:
        return "use-not-permitted"
    if not covers(offer.territories, need.territory):
        return "territory-not-permitted"
    if need.form and offer.form != need.form:
        return "another-form"
    if offer.price_minor is not None and need.price_limit_minor is not None:
        if offer.currency != need.currency:
            return "another-currency"
        if offer.price_minor > need.price_limit_minor:
            return "over-price-limit"
    return ""


def _scored(need: Need, offer: Offer) -> Ranked:
    reasons: list[str] = []
    points = 0
    text = offer.text.lower()
    found = [word for word in need.words if word.lower() in text]
    if found:
        points += 10 * len(found)
        reasons.append("words:" + ",".join(found))
    if need.industry and offer.industry[:1] == need.industry[:1]:
        points += 15
        reasons.append("industry")
    if need.form:
        points += 10
        reasons.append("form")
    if offer.price_minor is None:
        points += 5
        reasons.append("negotiated")
    elif need.price_limit_minor is not None:
        points += 10
        reasons.append("within-price-limit")
    if offer.offer_mode == "standing":
        points += 3
        reasons.append("standing-offer")
    return Ranked(offer, points, tuple(reasons))


def as_document(ranked: Iterable[Ranked], left_out: Iterable[LeftOut]) -> dict[str, Any]:
    """Return a shortlist as it is stored: named offers with reasons, best first."""

    def named(offer: Offer) -> dict[str, Any]:
        return {
            "version": offer.version_id,
            "plan": offer.plan_id,
            "product": offer.product_code,
            "title": offer.title,
            "vendor": offer.vendor,
            "price_minor": offer.price_minor,
            "currency": offer.currency,
            "offer_mode": offer.offer_mode,
        }

    return {
        "offers": [
            {**named(r.offer), "points": r.points, "reasons": list(r.reasons)} for r in ranked
        ],
        "left_out": [{**named(out.offer), "reason": out.reason} for out in left_out],
    }
