"""Endpoints of breaches of declarations. Invariant: each calls one function."""

from typing import Any
from uuid import UUID

from django.http import FileResponse

from compliance import selectors, serializers, services
from core.api import endpoint, page_of
from core.files import open_file


@endpoint(
    "GET", "breaches", summary="Cases on declarations", response=serializers.BreachOut, many=True
)
def list_breaches(request: Any, body: Any) -> Any:
    """List the cases on your declarations, newest first; all of them for the venue's staff."""
    return page_of(selectors.readable_breaches(request.member), request, key=("-opened_at", "-id"))


@endpoint(
    "POST",
    "declarations/<uuid:declaration_id>/breaches",
    summary="Open a case on a declaration (venue)",
    request=serializers.BreachIn,
    response=serializers.BreachOut,
    status=201,
)
def open_breach(request: Any, body: dict[str, Any], declaration_id: UUID) -> Any:
    """Say what is untrue in a declaration and what that rests on; it is answered, then decided."""
    return services.open_breach(
        declaration_id=declaration_id, **body, actor=request.member, at=request.at
    )


@endpoint("GET", "breaches/<uuid:breach_id>", summary="One case", response=serializers.BreachOut)
def read_breach(request: Any, body: Any, breach_id: UUID) -> Any:
    """Return a case on your declaration."""
    return selectors.own_breach(breach_id, request.member)


@endpoint("GET", "breaches/<uuid:breach_id>/file", summary="The file that a case rests on")
def download_breach_file(request: Any, body: Any, breach_id: UUID) -> Any:
    """Return the file, as a download, to the one concerned and the venue's staff."""
    file = selectors.breach_file(breach_id, request.member)
    return FileResponse(
        open_file(file),
        as_attachment=True,
        filename=file.name,
        content_type="application/octet-stream",
    )


@endpoint(
    "POST",
    "breaches/<uuid:breach_id>/answer",
    summary="Answer a case on your declaration",
    request=serializers.BreachAnswerIn,
    response=serializers.BreachOut,
)
def answer_breach(request: Any, body: dict[str, Any], breach_id: UUID) -> Any:
    """Say what speaks against it, before another reviewer decides."""
    return services.answer_breach(breach_id=breach_id, **body, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "breaches/<uuid:breach_id>/confirm",
    summary="Confirm a breach (venue)",
    request=serializers.BreachDecisionIn,
    response=serializers.BreachOut,
)
def confirm_breach(request: Any, body: dict[str, Any], breach_id: UUID) -> Any:
    """Confirm a colleague's case: the breach is recorded, and what rests on it ends."""
    return services.confirm_breach(breach_id=breach_id, **body, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "breaches/<uuid:breach_id>/dismiss",
    summary="Dismiss a case (venue)",
    request=serializers.BreachDecisionIn,
    response=serializers.BreachOut,
)
def dismiss_breach(request: Any, body: dict[str, Any], breach_id: UUID) -> Any:
    """Dismiss a colleague's case: the declaration stays as it is."""
    return services.dismiss_breach(breach_id=breach_id, **body, actor=request.member, at=request.at)
