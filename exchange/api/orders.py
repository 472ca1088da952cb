"""Endpoints of orders and negotiations."""

from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from rest_framework.response import Response

from core.api import endpoint, page_of
from core.api.problems import MEDIA_TYPE, document
from core.api.routes import input_hash
from core.canonical import plain
from core.selectors import events_of
from core.serializers import EventOut
from core.services.idempotency import scope_of
from exchange import serializers
from exchange.errors import OrderRefused
from exchange.selectors import orders as selectors
from exchange.selectors.refusals import told_answers, told_check
from exchange.selectors.trading import told_order
from exchange.services import negotiations, orders
from exchange.services.conclusion import Intent, Key
from exchange.states import OrderState
from exchange.templatetags.reasons import refusal_texts

ORDER = "orders/<uuid:order_id>"


REFUSALS = {OrderRefused.status: serializers.OrderProblemOut}


def answered(answer: dict[str, Any]) -> Response:
    """Return an answer as it is shown: 201, or the problem document of a refusal."""
    shown = serializers.AnswerOut(_told([answer])[0]).data
    if answer["state"] == OrderState.REFUSED:
        problem = document(OrderRefused(order=plain(shown)))
        return Response(problem, status=OrderRefused.status, content_type=MEDIA_TYPE)
    return Response(shown, status=201)


def _told(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return answers with what stands in the way of each in the reader's language."""
    told = told_answers(answers, get_language() or "en")
    return [
        {**answer, "findings": refusal_texts(found, answer["currency"])}
        for answer, found in zip(answers, told, strict=True)
    ]


def intent(body: dict[str, Any], buyer_id: UUID) -> Intent:
    """Return what an order form asks for."""
    terms = {name: value for name, value in body.items() if name != "plan"}
    return Intent(plan_id=body["plan"], buyer_id=buyer_id, **terms)


@endpoint(
    "POST",
    "orders",
    summary="Place an order",
    request=serializers.OrderIn,
    response=serializers.AnswerOut,
    status=201,
    refusals=REFUSALS,
    keyed=False,
)
def place_order(request: Any, body: dict[str, Any]) -> Any:
    """Place an order: matched, left open for the vendor, or refused with every finding (422)."""
    key = Key(scope_of(request.member), request.key, input_hash(request, body))
    return answered(
        orders.place_orders(
            intents=[intent(body, request.member.organisation_id)],
            key=key,
            actor=request.member,
            at=request.at,
        )[0]
    )


@endpoint(
    "POST",
    "orders/batch",
    summary="Place up to a thousand orders",
    request=serializers.OrdersIn,
    response=serializers.AnswersOut,
    status=201,
)
def place_batch(request: Any, body: dict[str, Any]) -> Any:
    """Place many orders in one transaction; each is matched, left open or refused by itself."""
    answers = orders.place_orders(
        intents=[intent(one, request.member.organisation_id) for one in body["orders"]],
        key=None,
        actor=request.member,
        at=request.at,
    )
    return {"results": _told(answers)}


@endpoint(
    "POST",
    "orders/check",
    summary="What the gate would say, and the total",
    request=serializers.OrderIn,
    response=serializers.CheckOut,
    keyed=False,
)
def check_order(request: Any, body: dict[str, Any]) -> Any:
    """Return the total and what stands in the way, before signing; nothing is written."""
    checked = orders.checked_order(
        intent=intent(body, request.member.organisation_id), actor=request.member, at=request.at
    )
    told = told_check(checked, get_language() or "en")
    return checked | {"findings": refusal_texts(told, checked["currency"])}


@endpoint(
    "GET",
    "orders",
    summary="Orders that you placed or received",
    query=serializers.OrderQuery,
    response=serializers.OrderOut,
    many=True,
)
def list_orders(request: Any, body: dict[str, Any]) -> Any:
    """List the orders of your organisation, the newest first; all of them for the venue."""
    rows = selectors.orders_of(request.member, side=body.get("side"), state=body.get("state"))
    return page_of(rows, request, key=("-id",))


@endpoint("GET", ORDER, summary="An order with its quotes", response=serializers.OrderPageOut)
def read_order(request: Any, body: Any, order_id: UUID) -> Any:
    """Return an order, why it was refused, its quotes, and what you may do with it now."""
    found = told_order(order_id, request.member, request.at, get_language() or "en")
    order = found.page.order
    return {
        "order": order,
        "findings": refusal_texts(found.told, order.currency),
        "quotes": found.page.quotes,
        "verbs": found.page.verbs,
    }


@endpoint(
    "GET",
    f"{ORDER}/events",
    summary="What happened to an order",
    query=serializers.PageQuery,
    response=EventOut,
    many=True,
)
def list_order_events(request: Any, body: Any, order_id: UUID) -> Any:
    """List what happened to an order, the oldest first."""
    order = selectors.own_order(order_id, request.member)
    return page_of(events_of("order", order.pk), request, key=("id",))


@endpoint(
    "POST",
    f"{ORDER}/confirm",
    summary="Confirm the buyer (vendor)",
    request=serializers.NothingIn,
    response=serializers.AnswerOut,
    status=201,
    refusals=REFUSALS,
)
def confirm_order(request: Any, body: Any, order_id: UUID) -> Any:
    """Confirm the buyer; the gate judges again and the order is matched or refused (422)."""
    return answered(orders.confirm_order(order_id=order_id, actor=request.member, at=request.at))


@endpoint(
    "POST",
    f"{ORDER}/decline",
    summary="Decline an open order (vendor)",
    request=serializers.WhyIn,
    response=serializers.OrderOut,
)
def decline_order(request: Any, body: dict[str, Any], order_id: UUID) -> Any:
    """Decline an order that waits for you."""
    return orders.decline_order(
        order_id=order_id, reason=body["reason"], actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    f"{ORDER}/cancel",
    summary="Cancel an open order (buyer)",
    request=serializers.WhyIn,
    response=serializers.OrderOut,
)
def cancel_order(request: Any, body: dict[str, Any], order_id: UUID) -> Any:
    """Cancel an order that is not concluded."""
    return orders.cancel_order(
        order_id=order_id, reason=body["reason"], actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    f"{ORDER}/quotes",
    summary="Quote a price, or counter",
    request=serializers.QuoteIn,
    response=serializers.QuoteOut,
    status=201,
)
def quote_price(request: Any, body: dict[str, Any], order_id: UUID) -> Any:
    """Name a price for the whole order; the other side may accept it."""
    return negotiations.quote_price(order_id=order_id, **body, actor=request.member, at=request.at)


@endpoint(
    "POST",
    f"{ORDER}/accept",
    summary="Accept the other side's newest quote",
    request=serializers.AcceptanceIn,
    response=serializers.AnswerOut,
    status=201,
    refusals=REFUSALS,
)
def accept_quote(request: Any, body: dict[str, Any], order_id: UUID) -> Any:
    """Accept a quote; the gate judges again and the order is matched or refused (422)."""
    return answered(
        negotiations.accept_quote(
            order_id=order_id, number=body["number"], actor=request.member, at=request.at
        )
    )
