"""Who asks. Invariant: an edge only authenticates; services decide what the member may do."""

from uuid import UUID

from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.request import Request

from core import selectors
from core.actors import Member
from core.secrets import TOKEN_PREFIX, hash_of

SESSION_KEY = "organisation"


class MemberAuthentication(BaseAuthentication):
    """A bearer token, or the portal's session with its CSRF token."""

    def authenticate(self, request: Request) -> tuple[Member, None] | None:
        """Return the member that the request acts as, or None if it names nobody."""
        header = request.headers.get("Authorization", "")
        if header:
            return self._by_token(header), None
        user = getattr(request._request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        check = CSRFCheck(lambda _: None)  # type: ignore[arg-type, return-value]
        check.process_request(request._request)
        reason = check.process_view(request._request, None, (), {})  # type: ignore[arg-type]
        if reason:
            raise exceptions.PermissionDenied(f"CSRF: {reason}")
        chosen = request._request.session.get(SESSION_KEY)
        member = selectors.member_by_user(user.pk, UUID(chosen) if chosen else None)
        return member or Member(user.pk, None, None, organisation_state=""), None

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        """Return the challenge of a 401 (RFC 6750)."""
        return 'Bearer realm="databourse"'

    def _by_token(self, header: str) -> Member:
        scheme, _, secret = header.partition(" ")
        if scheme.lower() != "bearer" or not secret.startswith(TOKEN_PREFIX):
            raise exceptions.AuthenticationFailed("Send: Authorization: Bearer dbt_…")
        if not secret.isascii():
            raise exceptions.AuthenticationFailed("The token is not known, or no longer good.")
        member = selectors.member_by_token(hash_of(secret.strip()), timezone.now())
        if member is None:
            raise exceptions.AuthenticationFailed("The token is not known, or no longer good.")
        return member
