"""Endpoints of trades, contracts and disputes."""

from typing import Any
from uuid import UUID

from core.api import endpoint, page_of
from core.selectors import events_of
from core.serializers import EventOut
from exchange import serializers
from exchange.selectors import orders as selectors
from exchange.selectors.contracts import contract_proof
from exchange.selectors.pages import trade_page
from exchange.services import trades

TRADE = "trades/<uuid:trade_id>"


@endpoint(
    "GET",
    "trades",
    summary="Trades that you bought or sold",
    query=serializers.TradeQuery,
    response=serializers.TradeOut,
    many=True,
)
def list_trades(request: Any, body: dict[str, Any]) -> Any:
    """List the trades of your organisation, the newest first; all of them for the venue."""
    rows = selectors.trades_of(request.member, side=body.get("side"), state=body.get("state"))
    return page_of(rows, request, key=("-id",))


@endpoint("GET", TRADE, summary="A trade", response=serializers.TradePageOut)
def read_trade(request: Any, body: Any, trade_id: UUID) -> Any:
    """Return a trade, its contract's hash, its grant, and what you may do with it now."""
    return trade_page(trade_id, request.member)


@endpoint(
    "GET",
    f"{TRADE}/events",
    summary="What happened to a trade",
    query=serializers.PageQuery,
    response=EventOut,
    many=True,
)
def list_trade_events(request: Any, body: Any, trade_id: UUID) -> Any:
    """List what happened to a trade, the oldest first."""
    trade = selectors.own_trade(trade_id, request.member)
    return page_of(events_of("trade", trade.pk), request, key=("id",))


@endpoint("GET", f"{TRADE}/contract", summary="The contract", response=serializers.ContractOut)
def read_contract(request: Any, body: Any, trade_id: UUID) -> Any:
    """Return the frozen contract of a trade, its canonical text and hash."""
    return selectors.own_trade(trade_id, request.member).contract


@endpoint(
    "GET",
    f"{TRADE}/contract/proof",
    summary="Proof of the contract, to be checked without the venue",
    response=serializers.ContractProofOut,
)
def prove_contract(request: Any, body: Any, trade_id: UUID) -> Any:
    """Return the entry of the audit log that holds the contract's hash, and its way to a head."""
    return contract_proof(trade_id, request.member)


@endpoint(
    "GET",
    "contracts/<str:sha256>",
    summary="Whether a contract was concluded here",
    response=serializers.KnownContractOut,
    may_anonymous=True,
)
def verify_contract(request: Any, body: Any, sha256: str) -> Any:
    """Say when the contract with this hash was concluded; nothing else about it is told."""
    return selectors.contract_by_hash(sha256)


@endpoint(
    "POST",
    f"{TRADE}/accept",
    summary="Accept the delivery (buyer)",
    request=serializers.NothingIn,
    response=serializers.TradeOut,
)
def accept_trade(request: Any, body: Any, trade_id: UUID) -> Any:
    """Accept what was delivered; the money is split at once."""
    return trades.accept_trade(trade_id=trade_id, actor=request.member, at=request.at)


@endpoint(
    "POST",
    f"{TRADE}/dispute",
    summary="Object to the delivery (buyer)",
    request=serializers.DisputeIn,
    response=serializers.DisputeOut,
    status=201,
)
def dispute_trade(request: Any, body: dict[str, Any], trade_id: UUID) -> Any:
    """Object within the inspection window; the money stays held until it is decided."""
    return trades.dispute_trade(
        trade_id=trade_id, ground=body["ground"], actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    f"{TRADE}/decide",
    summary="Decide a dispute (venue)",
    request=serializers.DecisionIn,
    response=serializers.TradeOut,
)
def decide_dispute(request: Any, body: dict[str, Any], trade_id: UUID) -> Any:
    """Refund nothing, a part or the whole; the rest is settled."""
    return trades.decide_dispute(trade_id=trade_id, **body, actor=request.member, at=request.at)


@endpoint(
    "POST",
    f"{TRADE}/refund",
    summary="Refund a trade (venue)",
    request=serializers.RefundIn,
    response=serializers.TradeOut,
)
def refund_trade(request: Any, body: dict[str, Any], trade_id: UUID) -> Any:
    """Give back all that is held for a trade that is not accepted."""
    return trades.refund_trade(
        trade_id=trade_id, reason=body["reason"], actor=request.member, at=request.at
    )
