"""What is around every page. Invariant: it costs a query only where no view has laid it already."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from exchange.portal.edge import member_of, shell_of
from exchange.portal.pieces import Shell


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give `shell` to every template; a page of ours has its own, the sign-in pages have none."""
    return {"shell": SimpleLazyObject(lambda: _around(request))}


def _around(request: Any) -> Shell:
    if not hasattr(request, "member") and hasattr(request, "user"):
        request.member = member_of(request)
    return shell_of(request)
