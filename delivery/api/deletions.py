"""Endpoints of deletions: what a buyer is asked to delete or give back, and its proof."""

from typing import Any
from uuid import UUID

from core.api import endpoint, page_of
from delivery import selectors, serializers, services

DELETION = "deletions/<uuid:deletion_id>"


@endpoint(
    "GET",
    "deletions",
    summary="What is asked to be deleted or given back",
    query=serializers.DeletionQuery,
    response=serializers.DeletionOut,
    many=True,
)
def list_deletions(request: Any, body: dict[str, Any]) -> Any:
    """List what your organisation or its buyers are asked to delete, the latest first."""
    rows = selectors.readable_deletions(request.member)
    chosen = {"state": body["state"]} if "state" in body else {}
    return page_of(rows.filter(**chosen), request, key=("-asked_at", "-id"))


@endpoint("GET", DELETION, summary="One deletion", response=serializers.DeletionOut)
def read_deletion(request: Any, body: Any, deletion_id: UUID) -> Any:
    """Return what is asked, the proof, and the venue's signature once it is accepted."""
    return selectors.own_deletion(deletion_id, request.member)


@endpoint(
    "POST",
    f"{DELETION}/prove",
    summary="Prove a deletion (buyer)",
    request=serializers.ProofIn,
    response=serializers.DeletionOut,
)
def prove_deletion(request: Any, body: dict[str, Any], deletion_id: UUID) -> Any:
    """State what was deleted or given back, how and when, with a file where there is one."""
    return services.prove_deletion(
        deletion_id=deletion_id,
        statement=body["statement"],
        file_id=body["file"],
        actor=request.member,
        at=request.at,
    )


@endpoint(
    "POST",
    f"{DELETION}/return",
    summary="Return a proof of deletion (venue)",
    request=serializers.ReturnIn,
    response=serializers.DeletionOut,
)
def return_deletion(request: Any, body: dict[str, Any], deletion_id: UUID) -> Any:
    """Return a proof that is none; the buyer gives another."""
    return services.return_deletion(
        deletion_id=deletion_id, reason=body["reason"], actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    f"{DELETION}/accept",
    summary="Accept a proof of deletion (venue)",
    response=serializers.DeletionOut,
)
def accept_deletion(request: Any, body: Any, deletion_id: UUID) -> Any:
    """Accept a proof; the venue signs for it."""
    return services.accept_deletion(deletion_id=deletion_id, actor=request.member, at=request.at)
