"""Demands and their shortlists. Invariant: the buyer picks; nothing trades by itself."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core.actors import Member, acting_for, signer
from core.errors import Conflict, Malformed, NotFound
from core.events import record
from core.service import service
from core.services.people import check_signing_limit
from exchange.contracts import Party
from exchange.errors import PlanNotOffered
from exchange.matching import Need, as_document, rank
from exchange.models import Demand, DemandQuote, Shortlist
from exchange.selectors import orders as selectors
from exchange.selectors.demands import offers_for
from exchange.services.conclusion import Intent, carry_out
from exchange.states import DEMAND, DemandState

OPEN_DAYS = 90


def need_of(demand: Demand) -> Need:
    """Return what a demand asks for, as matching wants it."""
    return Need(
        words=tuple(demand.words.split())[:10],
        industry=demand.industry,
        form=demand.form,
        purpose=demand.purpose,
        territory=demand.territory,
        price_limit_minor=demand.price_limit_minor,
        currency=demand.currency,
    )


@service(may="trade")
def publish_demand(
    *,
    title: str,
    words: str,
    industry: str,
    form: str,
    purpose: str,
    territory: str,
    price_limit_minor: int | None,
    currency: str,
    actor: Member,
    at: datetime,
) -> Demand:
    """Publish a need; its first shortlist is made at once, later ones as versions are cleared."""
    demand = Demand.objects.create(
        buyer_id=acting_for(actor),
        title=title,
        words=words,
        industry=industry,
        form=form,
        purpose=purpose,
        territory=territory,
        price_limit_minor=price_limit_minor,
        currency=currency,
        published_at=at,
        open_until=at + timedelta(days=OPEN_DAYS),
    )
    record("demand", demand.pk, "publish", after=demand.state, actor=actor, at=at)
    refresh_shortlist(demand=demand, at=at)
    return demand


def refresh_shortlist(*, demand: Demand, at: datetime) -> Shortlist:
    """Rank the cleared offers for a demand anew and keep the list with its reasons."""
    ranked, left_out = rank(need_of(demand), offers_for(demand, at))
    return Shortlist.objects.create(demand=demand, made_at=at, **as_document(ranked, left_out))


@service
def refresh_shortlists(*, at: datetime) -> int:
    """Refresh the shortlists of all open demands; return how many."""
    demands = list(selectors.open_demands(at)[:1000])
    for demand in demands:
        refresh_shortlist(demand=demand, at=at)
    return len(demands)


@service(may="trade")
def close_demand(*, demand_id: UUID, actor: Member, at: datetime) -> Demand:
    """Close a demand: it takes no more answers.

    Raises:
        NotFound: not a demand of this buyer.
        IllegalTransition: it is closed already.

    """
    demand = selectors.own_demand(demand_id, actor)
    return DEMAND.move(demand, "close", actor=actor, at=at)


@service(may="sell")
def answer_demand(
    *,
    demand_id: UUID,
    plan_id: UUID,
    amount_minor: int,
    price_reason: str,
    note: str,
    actor: Member,
    at: datetime,
) -> DemandQuote:
    """Answer a demand with one's own cleared plan at a price for the whole.

    Raises:
        NotFound: no such open demand.
        PlanNotOffered: not a plan of the actor's, or its version is not cleared.
        Conflict: answered already with this plan.

    """
    demand = selectors.open_demands(at).filter(pk=demand_id).first()
    if demand is None:
        raise NotFound
    offers = offers_for(demand, at, plan_id=plan_id, vendor_id=actor.organisation_id)
    if not offers:
        raise PlanNotOffered
    if DemandQuote.objects.filter(demand=demand, plan_id=plan_id).exists():
        raise Conflict(_("You answered this demand with this plan already."))
    quote = DemandQuote.objects.create(
        demand=demand,
        vendor_id=acting_for(actor),
        plan_id=plan_id,
        amount_minor=amount_minor,
        price_reason=price_reason,
        note=note,
        quoted_by_id=signer(actor),
        quoted_at=at,
    )
    record("demand", demand.pk, "answer", actor=actor, at=at, detail={"quote": str(quote.pk)})
    return quote


@service(may="trade")
def pick_quote(
    *, quote_id: UUID, term_days: int, volume: int, actor: Member, at: datetime
) -> dict[str, Any]:
    """Order by a vendor's answer to one's own demand, at the price it names.

    Raises:
        NotFound: not an answer to a demand of this buyer.
        Malformed: the demand is closed.

    """
    quote = (
        DemandQuote.objects.filter(pk=quote_id, demand__buyer_id=actor.organisation_id)
        .select_related("demand")
        .first()
    )
    if quote is None:
        raise NotFound
    demand = quote.demand
    if demand.state != DemandState.OPEN:
        raise Malformed(_("The demand is closed."))
    intent = Intent(
        plan_id=quote.plan_id,
        buyer_id=demand.buyer_id,
        purpose=demand.purpose,
        territory=demand.territory,
        term_days=term_days,
        volume=volume,
        demand_id=demand.pk,
        price_limit_minor=demand.price_limit_minor,
        amount_minor=quote.amount_minor,
        price_reason=quote.price_reason or None,
        vendor_assent=Party(
            quote.vendor_id, quote.quoted_by_id, quote.quoted_at, "answer-to-demand"
        ),
    )
    check_signing_limit(actor, quote.amount_minor)
    return carry_out([intent], actor=actor, at=at)[0]
