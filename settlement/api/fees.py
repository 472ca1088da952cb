"""Endpoints of fee schedules and of settlements that failed."""

from typing import Any
from uuid import UUID

from core.api import endpoint, page_of
from settlement import selectors, serializers, services


@endpoint(
    "GET",
    "fee-schedules",
    summary="Fee schedules",
    query=serializers.FeeScheduleQuery,
    response=serializers.FeeScheduleOut,
    many=True,
    may_anonymous=True,
)
def list_fee_schedules(request: Any, body: dict[str, Any]) -> Any:
    """List what the venue charges and charged, the latest first."""
    rows = selectors.fee_schedules(body.get("currency"))
    return page_of(rows, request, key=("-effective_from", "-id"))


@endpoint(
    "POST",
    "fee-schedules",
    summary="Set the fees from a moment on",
    request=serializers.FeeScheduleIn,
    response=serializers.FeeScheduleOut,
    status=201,
)
def set_fee_schedule(request: Any, body: dict[str, Any]) -> Any:
    """Set the fees of a currency; the schedule before ends where this one begins."""
    return services.set_fee_schedule(
        currency=body["currency"],
        effective_from=body["effective_from"],
        lines=body["lines"],
        actor=request.member,
        at=request.at,
    )


@endpoint(
    "GET",
    "settlements",
    summary="Settlements",
    query=serializers.SettlementQuery,
    response=serializers.SettlementOut,
    many=True,
)
def list_settlements(request: Any, body: dict[str, Any]) -> Any:
    """List the settlements of all trades, the newest first; for the venue's officers."""
    rows = selectors.settlements(request.member, body.get("state"))
    return page_of(rows, request, key=("-requested_at", "-id"))


@endpoint(
    "POST",
    "settlements/<uuid:request_id>/retry",
    summary="Retry a failed settlement",
    request=serializers.MoneyReasonIn,
    response=serializers.SettlementOut,
)
def retry_settlement(request: Any, body: dict[str, Any], request_id: UUID) -> Any:
    """Put a failed settlement back among those that are due."""
    return services.retry_settlement(
        request_id=request_id, reason=body["reason"], actor=request.member, at=request.at
    )
