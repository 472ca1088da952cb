"""Endpoints of what leaves the mainland. Invariant: each calls one function."""

from typing import Any
from uuid import UUID

from compliance import selectors, serializers, services
from compliance.rules import CHINA
from compliance.services import Entry
from core.api import endpoint, page_of

ORGANISATION = "organisations/<uuid:organisation_id>"


@endpoint(
    "GET",
    "exports",
    summary="The ledger of what leaves the mainland",
    response=serializers.ExportRowOut,
    many=True,
)
def list_exports(request: Any, body: Any) -> Any:
    """List what is reserved, handed over and released of your exports; the newest first."""
    return page_of(selectors.readable_exports(request.member), request, key=("-at", "-id"))


@endpoint(
    "GET",
    f"{ORGANISATION}/exports",
    summary="What an exporter has sent abroad in a year",
    query=serializers.YearQuery,
    response=serializers.ExportYearOut,
)
def read_export_year(request: Any, body: dict[str, Any], organisation_id: UUID) -> Any:
    """Return the year's counts of your organisation, and what is left before each bound."""
    year = body.get("year") or request.at.astimezone(CHINA).year
    return selectors.export_year(organisation_id, request.member, request.at, year)


@endpoint(
    "GET",
    f"{ORGANISATION}/register",
    summary="What the venue's registers say of an organisation",
    response=serializers.RegisterEntryOut,
    many=True,
)
def list_register_entries(request: Any, body: Any, organisation_id: UUID) -> Any:
    """List every entry about your organisation and its products, the newest first."""
    rows = selectors.readable_register(organisation_id, request.member)
    return page_of(rows, request, key=("-at", "-id"))


@endpoint(
    "POST",
    f"{ORGANISATION}/register",
    summary="Enter a fact in the register (venue)",
    request=serializers.RegisterEntryIn,
    response=serializers.RegisterEntryOut,
    status=201,
)
def record_register_entry(request: Any, body: dict[str, Any], organisation_id: UUID) -> Any:
    """Enter what the venue has established; the next entry of its kind takes its place."""
    entry = Entry(**body | {"parts": tuple(body["parts"])})
    return services.record_register_entry(
        organisation_id=organisation_id, entry=entry, actor=request.member, at=request.at
    )
