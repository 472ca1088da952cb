"""The venue's keys at a well-known address. Invariant: who checks a seal needs no account."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from core import selectors


@require_safe
def jwks(request: HttpRequest) -> JsonResponse:
    """Return every key of the venue as a JSON Web Key Set (RFC 7517)."""
    answer = JsonResponse({"keys": selectors.venue_keys()}, content_type="application/jwk-set+json")
    # Verifiers in browsers stand at other addresses; there is nothing here but public keys.
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
