"""Endpoints of demands, their shortlists and answers."""

from typing import Any
from uuid import UUID

from core.api import endpoint, page_of
from exchange import serializers
from exchange.api.orders import REFUSALS, answered
from exchange.selectors import orders as selectors
from exchange.selectors.pages import demand_page
from exchange.services import demands

DEMAND = "demands/<uuid:demand_id>"


@endpoint(
    "GET",
    "demands",
    summary="Open demands, or your own",
    query=serializers.DemandQuery,
    response=serializers.DemandOut,
    many=True,
)
def list_demands(request: Any, body: dict[str, Any]) -> Any:
    """List the open demands, or with `mine` your organisation's in any state; newest first."""
    rows = selectors.demands_for(
        request.member, request.at, own=body.get("mine") == "true", state=body.get("state")
    )
    return page_of(rows, request, key=("-published_at", "-id"))


@endpoint(
    "POST",
    "demands",
    summary="Publish a demand",
    request=serializers.DemandIn,
    response=serializers.DemandOut,
    status=201,
)
def publish_demand(request: Any, body: dict[str, Any]) -> Any:
    """Publish a need; its first shortlist is made at once."""
    return demands.publish_demand(actor=request.member, at=request.at, **body)


@endpoint("GET", DEMAND, summary="A demand", response=serializers.DemandPageOut)
def read_demand(request: Any, body: Any, demand_id: UUID) -> Any:
    """Return a demand with its newest shortlist (its buyer) and the answers you may see."""
    return demand_page(demand_id, request.member, request.at)


@endpoint(
    "POST",
    f"{DEMAND}/close",
    summary="Close your demand",
    request=serializers.NothingIn,
    response=serializers.DemandOut,
)
def close_demand(request: Any, body: Any, demand_id: UUID) -> Any:
    """Close a demand: it takes no more answers."""
    return demands.close_demand(demand_id=demand_id, actor=request.member, at=request.at)


@endpoint(
    "POST",
    f"{DEMAND}/quotes",
    summary="Answer a demand (vendor)",
    request=serializers.DemandQuoteIn,
    response=serializers.DemandQuoteOut,
    status=201,
)
def answer_demand(request: Any, body: dict[str, Any], demand_id: UUID) -> Any:
    """Answer a demand with a cleared plan of yours, at a price for the whole."""
    terms = {name: value for name, value in body.items() if name != "plan"}
    return demands.answer_demand(
        demand_id=demand_id, plan_id=body["plan"], **terms, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    "demand-quotes/<uuid:quote_id>/pick",
    summary="Order by an answer to your demand",
    request=serializers.PickIn,
    response=serializers.AnswerOut,
    status=201,
    refusals=REFUSALS,
)
def pick_quote(request: Any, body: dict[str, Any], quote_id: UUID) -> Any:
    """Order at the price a vendor answered with; the gate judges as for any order."""
    return answered(
        demands.pick_quote(quote_id=quote_id, **body, actor=request.member, at=request.at)
    )
