"""Endpoints of the catalogue. Invariant: nothing here shows what a visitor may not see."""

from typing import Any
from uuid import UUID

from core.api import endpoint, page_of
from listings import selectors, serializers


@endpoint(
    "GET",
    "catalogue",
    summary="Search the catalogue",
    query=serializers.CataloguePageIn,
    response=serializers.CardOut,
    many=True,
    may_anonymous=True,
)
def search_catalogue(request: Any, body: dict[str, Any]) -> Any:
    """List what is on the market and answers all of the question, newest first."""
    rows = selectors.found_entries(serializers.catalogue_query(body), request.at)
    return page_of(rows.defer("terms"), request, key=("-listed_at", "-version_id"))


@endpoint(
    "GET",
    "catalogue/facets",
    summary="How the hits of a search divide",
    query=serializers.CatalogueIn,
    response=serializers.CatalogueCountOut,
    may_anonymous=True,
)
def count_catalogue(request: Any, body: dict[str, Any]) -> Any:
    """Count the hits of a search and their facets, up to 1,000."""
    return selectors.catalogue_count(serializers.catalogue_query(body), request.at)


@endpoint(
    "GET",
    "catalogue/<uuid:product_id>",
    summary="One product on the market",
    response=serializers.OfferOut,
    may_anonymous=True,
)
def read_offer(request: Any, body: Any, product_id: UUID) -> Any:
    """Return what is offered of a product: content, plans, samples."""
    return selectors.visible_product(product_id, request.at)
