"""Endpoints of balances, postings, statements and splits."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from core.api import endpoint, page_of
from settlement import selectors, serializers

SPAN = timedelta(days=31)


@endpoint("GET", "balances", summary="Your accounts", response=serializers.BalanceOut, many=True)
def list_balances(request: Any, body: Any) -> Any:
    """List the accounts of your organisation and what stands on them."""
    return {"results": selectors.own_balances(request.member), "next": None}


@endpoint(
    "GET",
    "postings",
    summary="What was booked on your accounts",
    query=serializers.PostingQuery,
    response=serializers.PostingOut,
    many=True,
)
def list_postings(request: Any, body: dict[str, Any]) -> Any:
    """List the postings on the accounts of your organisation, the newest first."""
    rows = selectors.own_postings(request.member, body.get("account"), body.get("currency"))
    return page_of(rows, request, key=("-id",))


@endpoint(
    "GET",
    "statement",
    summary="An account statement",
    query=serializers.StatementQuery,
    response=serializers.StatementOut,
)
def read_statement(request: Any, body: dict[str, Any]) -> Any:
    """Return one account of your organisation: opening, lines with balance, closing."""
    until = body.get("until") or request.at
    return selectors.statement(
        request.member,
        kind=body["account"],
        currency=body["currency"],
        since=body.get("since") or until - SPAN,
        until=until,
    )


@endpoint(
    "GET",
    "trades/<uuid:reference>/split",
    summary="How a trade was split",
    response=serializers.SplitOut,
)
def read_split(request: Any, body: Any, reference: UUID) -> Any:
    """Return the split of a trade, as far as it is your business."""
    return selectors.split_sheet(str(reference), request.member)


@endpoint(
    "GET",
    "trial-balance",
    summary="The trial balance",
    response=serializers.TrialLineOut,
    many=True,
)
def read_trial_balance(request: Any, body: Any) -> Any:
    """List all accounts by kind, recomputed from every transfer; for the venue's officers."""
    return {"results": selectors.trial_balance(request.member), "next": None}


@endpoint("GET", "custody", summary="Custody", response=serializers.CustodyOut, many=True)
def read_custody(request: Any, body: Any) -> Any:
    """List what the custody bank holds and for whom; for the venue's officers."""
    return {"results": selectors.custody(request.member), "next": None}
