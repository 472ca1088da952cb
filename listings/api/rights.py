"""Endpoints of rights records and sponsorships. Invariant: each calls one function."""

from typing import Any
from uuid import UUID

from django.http import FileResponse

from core.api import endpoint, page_of
from listings import selectors, serializers, services
from listings.api.products import stored_file_response


@endpoint(
    "GET",
    "rights-records",
    summary="Records of rights in your data",
    response=serializers.RightsRecordOut,
    many=True,
)
def list_rights(request: Any, body: Any) -> Any:
    """List the rights records in your data and in that of suppliers you sponsor."""
    rows = selectors.readable_rights(request.member, request.at)
    return page_of(rows, request, key=("-recorded_at", "-id"))


@endpoint(
    "POST",
    "rights-records",
    summary="Record a right",
    request=serializers.RightsRecordIn,
    response=serializers.RightsRecordOut,
    status=201,
)
def record_right(request: Any, body: dict[str, Any]) -> Any:
    """Record a right in your data, or in that of a supplier you sponsor, with its proof."""
    return services.record_right(**body, actor=request.member, at=request.at)


@endpoint(
    "GET",
    "rights-records/<uuid:rights_record_id>",
    summary="One rights record",
    response=serializers.RightsRecordOut,
)
def read_right(request: Any, body: Any, rights_record_id: UUID) -> Any:
    """Return a rights record that concerns you."""
    return selectors.own_rights_record(rights_record_id, request.member, request.at)


@endpoint(
    "POST",
    "rights-records/<uuid:rights_record_id>/withdraw",
    summary="Withdraw a rights record",
    response=serializers.RightsRecordOut,
)
def withdraw_right(request: Any, body: Any, rights_record_id: UUID) -> Any:
    """Withdraw a record of a right in your own data."""
    return services.withdraw_right(
        rights_record_id=rights_record_id, actor=request.member, at=request.at
    )


@endpoint(
    "GET",
    "sponsorships",
    summary="Your sponsorships",
    response=serializers.SponsorshipOut,
    many=True,
)
def list_sponsorships(request: Any, body: Any) -> Any:
    """List the sponsorships that you give or receive."""
    rows = selectors.readable_sponsorships(request.member)
    return page_of(rows, request, key=("-proposed_at", "-id"))


@endpoint(
    "POST",
    "sponsorships",
    summary="Propose a sponsorship",
    request=serializers.SponsorshipIn,
    response=serializers.SponsorshipOut,
    status=201,
)
def propose_sponsorship(request: Any, body: dict[str, Any]) -> Any:
    """Propose to list for a supplier, under its mandate; it has to accept."""
    return services.propose_sponsorship(**body, actor=request.member, at=request.at)


@endpoint(
    "GET",
    "sponsorships/<uuid:sponsorship_id>",
    summary="One sponsorship",
    response=serializers.SponsorshipOut,
)
def read_sponsorship(request: Any, body: Any, sponsorship_id: UUID) -> Any:
    """Return a sponsorship that you give or receive."""
    return selectors.own_sponsorship(sponsorship_id, request.member)


@endpoint(
    "GET",
    "sponsorships/<uuid:sponsorship_id>/mandate",
    summary="The mandate of a sponsorship",
)
def read_mandate(request: Any, body: Any, sponsorship_id: UUID) -> FileResponse:
    """Return the file of the mandate, to both sides and the venue's staff."""
    return stored_file_response(selectors.own_sponsorship(sponsorship_id, request.member).mandate)


@endpoint(
    "POST",
    "sponsorships/<uuid:sponsorship_id>/accept",
    summary="Accept a sponsorship",
    response=serializers.SponsorshipOut,
)
def accept_sponsorship(request: Any, body: Any, sponsorship_id: UUID) -> Any:
    """Let the vendor list for your organisation."""
    return services.accept_sponsorship(
        sponsorship_id=sponsorship_id, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    "sponsorships/<uuid:sponsorship_id>/decline",
    summary="Decline a sponsorship",
    response=serializers.SponsorshipOut,
)
def decline_sponsorship(request: Any, body: Any, sponsorship_id: UUID) -> Any:
    """Refuse a vendor's proposal to list for your organisation."""
    return services.decline_sponsorship(
        sponsorship_id=sponsorship_id, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    "sponsorships/<uuid:sponsorship_id>/withdraw",
    summary="Withdraw a sponsorship",
    response=serializers.SponsorshipOut,
)
def withdraw_sponsorship(request: Any, body: Any, sponsorship_id: UUID) -> Any:
    """End a sponsorship, from either side."""
    return services.withdraw_sponsorship(
        sponsorship_id=sponsorship_id, actor=request.member, at=request.at
    )
