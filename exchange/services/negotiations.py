"""Quote, counter, accept. Invariant: a price binds only when the other side accepts the newest quote."""  # noqa: E501

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from core.actors import Member, signer
from core.errors import NotFound
from core.events import record
from core.service import require, service
from core.services.people import check_signing_limit
from exchange.contracts import Party
from exchange.errors import AnswerOverdue, NotYourTurn, QuoteOutdated
from exchange.models import Order, Quote
from exchange.services.conclusion import intent_of
from exchange.services.orders import conclude
from exchange.states import ORDER, OrderState


@service(may="belong")
def quote_price(
    *, order_id: UUID, amount_minor: int, note: str, actor: Member, at: datetime
) -> Quote:
    """Name a price for the whole order: the vendor's quote, or the buyer's counter-offer.

    Raises:
        NotFound: not a negotiation of the actor's organisation.
        IllegalTransition, AnswerOverdue: it is no longer open.
        NotYourTurn: the newest quote is the actor's own.
        SigningLimit: a buyer's member names more than it may sign for.

    """
    order, side = _locked(order_id, actor, at)
    newest = Quote.objects.filter(order=order).order_by("-number").first()
    if newest is not None and newest.side == side:
        raise NotYourTurn
    if side == "buyer":
        check_signing_limit(actor, amount_minor)
    quote = Quote.objects.create(
        order=order,
        number=newest.number + 1 if newest else 1,
        side=side,
        amount_minor=amount_minor,
        note=note,
        quoted_by_id=signer(actor),
        quoted_at=at,
    )
    record(
        "order",
        order.pk,
        "quote",
        before=order.state,
        after=order.state,
        actor=actor,
        at=at,
        reason=note,
        detail={"number": quote.number, "side": side, "amount_minor": amount_minor},
    )
    return quote


@service(may="belong")
def accept_quote(*, order_id: UUID, number: int, actor: Member, at: datetime) -> dict[str, Any]:
    """Accept the other side's newest quote; the gate judges again and concludes the trade.

    Raises:
        NotFound: not a negotiation of the actor's organisation, or no such quote.
        QuoteOutdated: there is a newer one.
        NotYourTurn: the quote is the actor's own.
        SigningLimit: a buyer's member may not sign for so much.

    """
    order, side = _locked(order_id, actor, at)
    quote = Quote.objects.filter(order=order, number=number).first()
    if quote is None:
        raise NotFound
    newest = Quote.objects.filter(order=order).aggregate(newest=Max("number"))["newest"]
    if newest != number:
        raise QuoteOutdated(newest=newest)
    if quote.side == side:
        raise NotYourTurn
    if side == "buyer":
        check_signing_limit(actor, quote.amount_minor)
    quoted = Party(
        order.vendor_id if side == "buyer" else order.buyer_id,
        quote.quoted_by_id,
        quote.quoted_at,
        f"quote-{number}",
    )
    own_side = order.buyer_id if side == "buyer" else order.vendor_id
    accepted = Party(own_side, actor.user_id, at, f"acceptance-of-quote-{number}")
    buyer, vendor = (accepted, quoted) if side == "buyer" else (quoted, accepted)
    return conclude(
        intent_of(order),
        vendor=vendor,
        actor=actor,
        at=at,
        buyer_assent=buyer,
        amount_minor=quote.amount_minor,
        quote_number=number,
    )


def _locked(order_id: UUID, actor: Member, at: datetime) -> tuple[Order, str]:
    order = Order.objects.select_for_update().filter(pk=order_id).first()
    if order is None or actor.organisation_id not in (order.buyer_id, order.vendor_id):
        raise NotFound
    side = "buyer" if actor.organisation_id == order.buyer_id else "vendor"
    require(actor, "trade" if side == "buyer" else "sell")
    ORDER.after(order.state, "match")
    if order.state != OrderState.NEGOTIATING:
        raise NotYourTurn(
            _("This order waits for the vendor to confirm the buyer, not for a quote.")
        )
    if order.answer_by is not None and order.answer_by < at:
        raise AnswerOverdue
    return order, side
