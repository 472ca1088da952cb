"""Endpoints of gradings. Invariant: each calls one function."""

from typing import Any
from uuid import UUID

from compliance import selectors, serializers, services
from compliance.services import Graded
from core.api import endpoint, page_of

GRADINGS = "versions/<uuid:version_id>/gradings"


@endpoint(
    "GET",
    GRADINGS,
    summary="How a version was graded",
    response=serializers.GradingOut,
    many=True,
)
def list_gradings(request: Any, body: Any, version_id: UUID) -> Any:
    """List every grading of your version, the newest first; the venue reads all."""
    rows = selectors.readable_gradings(version_id, request.member)
    return page_of(rows, request, key=("-at", "-id"))


@endpoint(
    "POST",
    GRADINGS,
    summary="Grade a draft by the harm matrix",
    request=serializers.GradingIn,
    response=serializers.GradingOut,
    status=201,
)
def grade_version(request: Any, body: dict[str, Any], version_id: UUID) -> Any:
    """Walk the matrix: what it comes to is entered in the draft and recorded with the reasons."""
    return services.grade_version(
        version_id=version_id, graded=Graded(**body), actor=request.member, at=request.at
    )
