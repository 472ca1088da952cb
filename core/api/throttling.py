"""How often one may ask. Invariant: the limit is by member, or by address for strangers."""

from typing import Any

from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from core.actors import Member


class StepUpThrottle(SimpleRateThrottle):
    """How often a person may try to prove itself: a guesser has no more tries than at sign-in."""

    scope = "step-up"

    def get_cache_key(self, request: Request, view: Any) -> str:  # noqa: ARG002
        """Return the name that the try is counted under: the person, whatever the token."""
        assert isinstance(request.user, Member)
        return f"throttle:step-up:{request.user.user_id}"


def count_try(request: Request, view: Any = None) -> None:
    """Count one try of a person to prove itself.

    Raises:
        Throttled: there were too many.

    """
    throttle = StepUpThrottle()
    if not throttle.allow_request(request, view):
        raise exceptions.Throttled(throttle.wait())


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
