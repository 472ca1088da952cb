"""Endpoint of what ends soon. Invariant: it calls one function."""

from typing import Any

from core.api import endpoint
from core.api.paging import page_of_marked
from exchange import serializers
from exchange.selectors.endings import endings


@endpoint(
    "GET",
    "ends",
    summary="What ends within 30 days",
    response=serializers.EndingOut,
    many=True,
)
def list_ends(request: Any, body: Any) -> Any:
    """List what of your organisation ends within 30 days, the first first; for the venue all."""
    return page_of_marked(
        request, lambda mark, size: endings(request.member, request.at, mark, size), marks=2
    )
