"""Where a program begins: the addresses that lead to all others."""

from typing import Any

from core.api import endpoint
from exchange.serializers import StartOut


@endpoint("GET", "", summary="Where to begin", response=StartOut, may_anonymous=True)
def read_start(request: Any, body: Any) -> dict[str, str]:
    """Return the addresses of the description, of the catalogue, and of who you act as."""
    begins = {
        "documentation": "/api/",
        "schema": "/api/schema",
        "catalogue": "/api/v1/catalogue",
        "me": "/api/v1/me",
        "tokens": "/tokens",
        "problems": "/problems/not-found",
    }
    return {name: request.build_absolute_uri(path) for name, path in begins.items()}
