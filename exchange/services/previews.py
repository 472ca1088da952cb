"""An order before it is signed. Invariant: it says what the gate would say now, and writes nothing."""  # noqa: E501

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from compliance.selectors.clearances import standing
from core.actors import Member
from core.errors import NotFound
from core.service import organisation_of
from exchange.models import Order
from exchange.selectors.offers import OfferedPlan, offered_plan
from exchange.selectors.orders import own_order
from exchange.selectors.refusals import ToldRefusal, told_findings, told_refusal
from exchange.services.conclusion import Intent
from exchange.services.orders import checked_order

USUAL_TERM_DAYS = 30
_TERMS = (
    *("purpose", "territory", "term_days", "volume", "redistribution", "derivation"),
    *("foreign_judicial_request", "label"),
)


@dataclass(frozen=True, slots=True)
class Preview:
    """An offer, the terms it was checked on, what the gate says of them, and the total.

    `refused` is the order that was refused before, whose terms are taken up again; `told` are its
    findings as they were, else those of now. The amounts are in minor units.
    """

    offer: OfferedPlan
    terms: dict[str, Any]
    verdict: str
    findings: tuple[dict[str, Any], ...]
    told: ToldRefusal
    amount_minor: int | None
    buyer_fee_minor: int
    currency: str
    available_minor: int
    refused: Order | None = None


def previewed_order(
    *,
    plan_id: UUID,
    terms: Mapping[str, Any],
    refused_id: UUID | None = None,
    language: str,
    actor: Member,
    at: datetime,
) -> Preview:
    """Return what the gate would say of an order on a plan; terms not given are the usual ones.

    Raises:
        NoOrganisation: the actor acts for none.
        NotFound: the order taken up again is not its own.
        PlanNotOffered: there is no such plan on offer.
        Forbidden, OrganisationSuspended, VenueStaff: the actor may not trade.

    """
    buyer_id = organisation_of(actor)
    offer = offered_plan(plan_id, at)
    refused = own_order(refused_id, actor) if refused_id else None
    if refused is not None and (refused.plan_id, refused.buyer_id) != (plan_id, buyer_id):
        raise NotFound
    usual = _usual(offer)
    before = {name: getattr(refused, name) for name in _TERMS} if refused else {}
    wanted = usual | before | {name: terms[name] for name in _TERMS if name in terms}
    checked = checked_order(
        intent=Intent(plan_id=plan_id, buyer_id=buyer_id, **wanted),
        actor=actor,
        at=at,
    )
    findings = tuple(checked["findings"]) if checked["verdict"] == "refuse" else ()
    if refused is not None:
        findings, told = tuple(refused.findings), told_refusal(refused, language)
    else:
        told = told_findings(findings, _checklist_of(findings, offer, at), language)
    return Preview(
        offer=offer,
        terms=wanted,
        verdict=checked["verdict"],
        findings=findings,
        told=told,
        amount_minor=checked["amount_minor"],
        buyer_fee_minor=checked["buyer_fee_minor"],
        currency=checked["currency"],
        available_minor=checked["available_minor"],
        refused=refused,
    )


def _usual(offer: OfferedPlan) -> dict[str, Any]:
    """Return terms that the permitted use covers, to begin with."""
    use = offer.content.get("permitted_use") or {}
    longest = use.get("term_days") or USUAL_TERM_DAYS
    return {
        "purpose": (use.get("purposes") or ["research"])[0],
        "territory": offer.territory,
        "term_days": min(USUAL_TERM_DAYS, longest),
        "volume": offer.plan.minimum_count,
    }


def _checklist_of(
    findings: tuple[dict[str, Any], ...], offer: OfferedPlan, at: datetime
) -> UUID | None:
    if not any(one.get("code") for one in findings):
        return None
    return standing(offer.plan.version_id, at).checklist_id
