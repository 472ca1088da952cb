"""Endpoints of the venue's attestations. Invariant: each calls one function."""

from typing import Any

from compliance import selectors, serializers, services
from core.api import endpoint


@endpoint(
    "GET",
    "venue-attestations",
    summary="What the venue attests of itself",
    response=serializers.VenueStandingOut,
    may_anonymous=True,
)
def read_venue_attestations(request: Any, body: Any) -> Any:
    """Return every question that the list in force asks of the venue, with its last answer."""
    return selectors.venue_standing(request.at, request.member)


@endpoint(
    "POST",
    "venue-attestations",
    summary="Attest for the venue (venue)",
    request=serializers.VenueAttestationIn,
    response=serializers.VenueAttestationOut,
    status=201,
)
def attest_venue(request: Any, body: dict[str, Any]) -> Any:
    """Answer one question for the venue; the answer is good for a year."""
    return services.attest_venue(**body, actor=request.member, at=request.at)
