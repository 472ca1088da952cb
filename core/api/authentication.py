"""Who asks. Invariant: an edge only authenticates; services decide what the member may do."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.request import Request

from core import selectors
from core.actors import Member
from core.secrets import STEP_UP_PREFIX, TOKEN_PREFIX, hash_of

SESSION_KEY = "organisation"


# Ways in which a session shows a person to be there; a mailed link shows a mailbox.
PROOFS = ("password", "mfa")


def member_of_session(request: Any) -> Member:
    """Return whom a signed-in session acts as, and when its person last proved to be there."""
    user = request.user
    chosen = request.session.get(SESSION_KEY)
    found = selectors.member_by_user(user.pk, UUID(chosen) if chosen else None)
    member = found or Member(user.pk, None, None, organisation_state="", name=str(user))
    proofs = [one for one in get_authentication_records(request, user) if one["method"] in PROOFS]
    if not proofs:
        return member
    last = max(proofs, key=lambda one: one["at"])
    proved_at = datetime.fromtimestamp(last["at"], UTC)
    return replace(member, confirmed_at=proved_at, confirmed_by=last["method"])


def stepped_up(member: Member, secret: str) -> Member:
    """Return a token's member with what the secret of its `Step-Up` header proves, if anything."""
    if not secret.startswith(STEP_UP_PREFIX) or not secret.isascii():
        return member
    assert member.membership_id is not None
    found = selectors.step_up(hash_of(secret.strip()), member.membership_id)
    if found is None:
        return member
    return replace(member, confirmed_at=found[0], confirmed_by=found[1])


class MemberAuthentication(BaseAuthentication):
    """A bearer token, or the portal's session with its CSRF token."""

    def authenticate(self, request: Request) -> tuple[Member, None] | None:
        """Return the member that the request acts as, or None if it names nobody."""
        header = request.headers.get("Authorization", "")
        if header:
            member = self._by_token(header)
            return stepped_up(member, request.headers.get("Step-Up", "")), None
        user = getattr(request._request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        check = CSRFCheck(lambda _: None)  # type: ignore[arg-type, return-value]
        check.process_request(request._request)
        reason = check.process_view(request._request, None, (), {})  # type: ignore[arg-type]
        if reason:
            raise exceptions.PermissionDenied(f"CSRF: {reason}")
        return member_of_session(request._request), None

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
