"""Tokens of download links. Invariant: whoever lacks the venue's secret cannot make or alter one.

A token is the ids of link, grant and release and the expiry, followed by an HMAC-SHA-256 of them,
in base64url. It names nobody and needs no session.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

_LAYOUT = struct.Struct(">16s16s16sq")
_PURPOSE = b"databourse download link 1\x00"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TOKEN_LENGTH = len(base64.urlsafe_b64encode(bytes(_LAYOUT.size + hashlib.sha256().digest_size)))


@dataclass(frozen=True, slots=True)
class LinkClaim:
    """What a token says: this release, under this grant, until then."""

    link_id: UUID
    grant_id: UUID
    release_id: UUID
    expires_at: datetime


def token_of(claim: LinkClaim, secret: str) -> str:
    """Return the token that carries `claim`, signed with `secret`."""
    microseconds = (claim.expires_at - _EPOCH) // timedelta(microseconds=1)
    payload = _LAYOUT.pack(
        claim.link_id.bytes, claim.grant_id.bytes, claim.release_id.bytes, microseconds
    )
    seal = hmac.new(secret.encode(), _PURPOSE + payload, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(payload + seal).decode().rstrip("=")


def claim_of(token: str, secret: str) -> LinkClaim | None:
    """Return the claim that `token` carries, or None unless it was made with `secret`.

    The whole text is compared with the one token that its claim has, in constant time, so that
    not even another spelling of the same bytes passes.
    """
    if len(token) > TOKEN_LENGTH or not token.isascii():
        return None
    try:
        payload = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[: _LAYOUT.size]
        link, grant, release, microseconds = _LAYOUT.unpack(payload)
        expires_at = _EPOCH + timedelta(microseconds=microseconds)
    except (binascii.Error, struct.error, OverflowError):
        return None
    claim = LinkClaim(UUID(bytes=link), UUID(bytes=grant), UUID(bytes=release), expires_at)
    return claim if hmac.compare_digest(token_of(claim, secret), token) else None
