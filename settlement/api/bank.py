"""Endpoints of payouts and of the bank's statement lines."""

from typing import Any
from uuid import UUID

from core.api import endpoint, page_of
from settlement import selectors, serializers, services

BATCH = "payout-batches/<uuid:batch_id>"
ENTRY = "bank-entries/<uuid:entry_id>"
EXPLANATION = "bank-explanations/<uuid:explanation_id>"


@endpoint(
    "GET",
    "payouts",
    summary="Payouts to you",
    query=serializers.PageQuery,
    response=serializers.PayoutOut,
    many=True,
)
def list_payouts(request: Any, body: dict[str, Any]) -> Any:
    """List the payouts to your organisation, the newest first."""
    rows = selectors.own_payouts(request.member)
    return page_of(rows, request, key=("-created_at", "-id"))


@endpoint(
    "GET",
    "payout-batches",
    summary="Payout batches",
    query=serializers.PageQuery,
    response=serializers.PayoutBatchOut,
    many=True,
)
def list_payout_batches(request: Any, body: dict[str, Any]) -> Any:
    """List the payout batches of the venue, the newest first; for its officers."""
    rows = selectors.payout_batches(request.member)
    return page_of(rows, request, key=("-created_at", "-id"))


@endpoint(
    "POST",
    "payout-batches",
    summary="Prepare payouts",
    request=serializers.PayoutBatchIn,
    response=serializers.PayoutBatchOut,
    status=201,
)
def prepare_payouts(request: Any, body: dict[str, Any]) -> Any:
    """Prepare payouts of all that is owed in a currency, for another officer to confirm."""
    return services.prepare_payouts(
        currency=body["currency"],
        minimum_minor=body["minimum_minor"],
        actor=request.member,
        at=request.at,
    )


@endpoint("GET", BATCH, summary="One payout batch", response=serializers.PayoutBatchPageOut)
def read_payout_batch(request: Any, body: Any, batch_id: UUID) -> Any:
    """Return a batch with its payouts."""
    return selectors.payout_batch(batch_id, request.member)


@endpoint(
    "POST",
    f"{BATCH}/confirm",
    summary="Confirm a payout batch",
    response=serializers.PayoutBatchOut,
)
def confirm_payouts(request: Any, body: Any, batch_id: UUID) -> Any:
    """Confirm a batch that another officer prepared."""
    return services.confirm_payouts(batch_id=batch_id, actor=request.member, at=request.at)


@endpoint(
    "POST",
    f"{BATCH}/discard",
    summary="Discard a payout batch",
    request=serializers.MoneyReasonIn,
    response=serializers.PayoutBatchOut,
)
def discard_payouts(request: Any, body: dict[str, Any], batch_id: UUID) -> Any:
    """Discard a batch that is not confirmed."""
    return services.discard_payouts(
        batch_id=batch_id, reason=body["reason"], actor=request.member, at=request.at
    )


@endpoint(
    "GET",
    "bank-entries",
    summary="Lines of the bank's statement",
    query=serializers.BankEntryQuery,
    response=serializers.BankEntryOut,
    many=True,
)
def list_bank_entries(request: Any, body: dict[str, Any]) -> Any:
    """List the lines of the custody statement, the newest first; for the venue's officers."""
    rows = selectors.bank_entries(request.member, body.get("state"))
    return page_of(rows, request, key=("-sequence",))


@endpoint(
    "POST",
    f"{ENTRY}/assign",
    summary="Assign a deposit",
    request=serializers.AssignmentIn,
    response=serializers.BankEntryOut,
)
def assign_deposit(request: Any, body: dict[str, Any], entry_id: UUID) -> Any:
    """Give an unmatched deposit to the organisation it belongs to."""
    return services.assign_deposit(
        entry_id=entry_id,
        organisation_id=body["organisation"],
        actor=request.member,
        at=request.at,
    )


@endpoint(
    "POST",
    f"{ENTRY}/reverse",
    summary="Take a deposit back",
    request=serializers.MoneyReasonIn,
    response=serializers.BankEntryOut,
)
def reverse_deposit(request: Any, body: dict[str, Any], entry_id: UUID) -> Any:
    """Take a deposit back from the organisation it was wrongly given to."""
    return services.reverse_deposit(
        entry_id=entry_id, reason=body["reason"], actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    f"{ENTRY}/explain",
    summary="Explain a debit",
    request=serializers.ExplanationIn,
    response=serializers.BankExplanationOut,
    status=201,
)
def explain_payment(request: Any, body: dict[str, Any], entry_id: UUID) -> Any:
    """Say what a debit that nobody ordered was, for another officer to confirm."""
    return services.explain_payment(
        entry_id=entry_id,
        kind=body["kind"],
        payout_id=body.get("payout"),
        deposit_id=body.get("deposit"),
        reason=body["reason"],
        actor=request.member,
        at=request.at,
    )


@endpoint(
    "GET",
    "bank-explanations",
    summary="Explanations of debits",
    query=serializers.PageQuery,
    response=serializers.BankExplanationOut,
    many=True,
)
def list_bank_explanations(request: Any, body: dict[str, Any]) -> Any:
    """List what officers said of unexplained debits, the newest first; for the venue's officers."""
    rows = selectors.bank_explanations(request.member)
    return page_of(rows, request, key=("-created_at", "-id"))


@endpoint(
    "POST",
    f"{EXPLANATION}/confirm",
    summary="Confirm the explanation of a debit",
    response=serializers.BankExplanationOut,
)
def confirm_explanation(request: Any, body: Any, explanation_id: UUID) -> Any:
    """Confirm what another officer said of a debit, and book it so."""
    return services.confirm_explanation(
        explanation_id=explanation_id, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    f"{EXPLANATION}/decline",
    summary="Decline the explanation of a debit",
    request=serializers.MoneyReasonIn,
    response=serializers.BankExplanationOut,
)
def decline_explanation(request: Any, body: dict[str, Any], explanation_id: UUID) -> Any:
    """Decline an explanation, or take your own back."""
    return services.decline_explanation(
        explanation_id=explanation_id, reason=body["reason"], actor=request.member, at=request.at
    )
