"""How often one may ask. Invariant: the limit is by member, or by address for strangers."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from core.actors import Member


class MemberThrottle(SimpleRateThrottle):
    """One rate for members, one for strangers, counted in the cache."""

    scope = "member"

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request against its member or address."""
        if not isinstance(request.user, Member):
            self.rate = self.THROTTLE_RATES["anonymous"]
            self.num_requests, self.duration = self.parse_rate(self.rate)
        return super().allow_request(request, view)

    def get_cache_key(self, request: Request, view: Any) -> str:  # noqa: ARG002
        """Return the name that the request is counted under."""
        if isinstance(request.user, Member):
            return f"throttle:member:{request.user.membership_id or request.user.user_id}"
        return f"throttle:address:{self.get_ident(request)}"
