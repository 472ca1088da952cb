"""Placing, confirming, declining, cancelling orders. Invariant: nothing matches unless cleared."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core.actors import SYSTEM, Member
from core.errors import DomainError, IllegalTransition, KeyReused
from core.service import require, service, sql_service
from exchange.contracts import Party
from exchange.errors import AnswerOverdue, NotYourTurn, QuoteOutdated
from exchange.models import Order
from exchange.selectors import orders as selectors
from exchange.selectors.gate import gate_contexts
from exchange.selectors.orders import EVERY_USE, Use
from exchange.services.conclusion import Intent, Key, Replayed, carry_out, intent_of, judged_intent
from exchange.states import ORDER, OrderState

# What the database answers when an order is no longer what it was when it was read.
_NOT_CONCLUDED: dict[str, type[DomainError]] = {
    "!not-open": IllegalTransition,
    "!overdue": AnswerOverdue,
    "!outdated": QuoteOutdated,
}


@sql_service(may="trade")
def place_orders(
    *, intents: list[Intent], key: Key | None, actor: Member, at: datetime
) -> list[dict[str, Any]]:
    """Place up to a thousand orders at once; each is matched, left open or refused by itself.

    Returns one answer for each: `id, state, code, findings, amount_minor, currency, trade_id,
    contract_sha256, placed_at, answer_by`; the first answer of a key, when it comes again.

    Raises:
        PlanNotOffered: a plan does not exist or is not to be seen.
        KeyReused: the key was used for a different request.
        SigningLimit: the price of one is over what the actor may sign for.

    """
    try:
        return carry_out(intents, actor=actor, at=at, key=key)
    except Replayed as replayed:
        if key is None or replayed.input_hash != key.input_hash:
            raise KeyReused from None
        body = replayed.body
        return list(body) if isinstance(body, list) else [body]


@service(may="sell")
def confirm_order(*, order_id: UUID, actor: Member, at: datetime) -> dict[str, Any]:
    """Confirm the buyer of an order that waits for it; the gate judges again and concludes.

    Raises:
        NotFound: no such order of this vendor.
        IllegalTransition, AnswerOverdue: it is no longer open.

    """
    order = selectors.locked_order(order_id, vendor_id=actor.organisation_id)
    _still_open(order, at)
    if order.state != OrderState.AWAITING:
        raise NotYourTurn(_("This order is negotiated: accept a quote instead."))
    intent = intent_of(order)
    assent = Party(order.vendor_id, actor.user_id, at, "confirmation")
    return conclude(intent, vendor=assent, actor=actor, at=at)


def conclude(
    intent: Intent, *, vendor: Party, actor: Member, at: datetime, **agreed: Any
) -> dict[str, Any]:
    """Conclude an open order on what both sides assented to."""
    answer = carry_out([replace(intent, vendor_assent=vendor, **agreed)], actor=actor, at=at)[0]
    refusal = _NOT_CONCLUDED.get(answer["code"])
    if refusal is not None:
        raise refusal
    return answer


@service(may="sell")
def decline_order(*, order_id: UUID, reason: str, actor: Member, at: datetime) -> Order:
    """Decline an open order.

    Raises:
        NotFound: no such order of this vendor.
        IllegalTransition: it is no longer open.

    """
    order = selectors.locked_order(order_id, vendor_id=actor.organisation_id)
    return ORDER.move(order, "decline", actor=actor, at=at, reason=reason)


@service(may="trade")
def cancel_order(*, order_id: UUID, reason: str, actor: Member, at: datetime) -> Order:
    """Cancel an order that has not been concluded.

    Raises:
        NotFound: no such order of this buyer.
        IllegalTransition: it is matched, refused or ended already.

    """
    order = selectors.locked_order(order_id, buyer_id=actor.organisation_id)
    return ORDER.move(order, "cancel", actor=actor, at=at, reason=reason)


@service
def expire_orders(*, at: datetime) -> list[UUID]:
    """Expire the open orders that nobody answered in time; return their ids."""
    return ORDER.move_all(
        selectors.overdue_orders(at), "expire", actor=SYSTEM, at=at, reason="confirmation-missed"
    )


@service
def refuse_open_orders(
    *, version_ids: list[UUID], code: str, at: datetime, use: Use = EVERY_USE
) -> list[UUID]:
    """Refuse the open orders on versions that are no longer cleared for a use; return their ids."""
    open_now = [OrderState.AWAITING, OrderState.NEGOTIATING]
    rows = Order.objects.filter(use.among(), version_id__in=version_ids, state__in=open_now)
    return ORDER.move_all(rows, "refuse", actor=SYSTEM, at=at, reason=code, refusal_code=code)


def _still_open(order: Order, at: datetime) -> None:
    ORDER.after(order.state, "match")
    if order.answer_by is not None and order.answer_by < at:
        raise AnswerOverdue


def checked_order(*, intent: Intent, actor: Member, at: datetime) -> dict[str, Any]:
    """Return what the gate would say of an order now, and its total; nothing is written.

    Raises:
        Forbidden, OrganisationSuspended, VenueStaff: the actor may not trade.
        PlanNotOffered: there is no such plan on offer.

    """
    require(actor, "trade")
    context = gate_contexts(
        [(intent.plan_id, intent.buyer_id, intent.territory)], at=at, scope=None, key=""
    )[0].known
    judged = judged_intent(intent, context, at=at)
    return {
        "verdict": judged.verdict,
        "code": judged.code,
        "findings": judged.findings,
        "checklist_id": (context.clearance or {}).get("checklist_id"),
        "amount_minor": judged.amount_minor,
        "buyer_fee_minor": judged.buyer_fee_minor,
        "total_minor": None
        if judged.amount_minor is None
        else judged.amount_minor + judged.buyer_fee_minor,
        "currency": (context.offer or {})["plan"]["currency"],
        "available_minor": context.available_minor,
    }
