"""Endpoint of samples: the roof's, because what is offered and what was found in it meet here."""

from typing import Any
from uuid import UUID

from django.http import FileResponse

from core.api import endpoint
from exchange.selectors.market import shown_sample
from listings.api.products import file_response


@endpoint("GET", "catalogue/<uuid:product_id>/sample", summary="The sample of a product")
def read_sample(request: Any, body: Any, product_id: UUID) -> FileResponse:
    """Return the newest sample of a product on the market in which the scan found nobody."""
    return file_response(shown_sample(product_id, request.at))
