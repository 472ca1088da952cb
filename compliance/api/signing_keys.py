"""Endpoints of organisations' own keys. Invariant: each calls one function."""

from typing import Any
from uuid import UUID

from compliance import selectors, serializers, services
from core.api import endpoint, page_of
from core.canonical import canonical
from core.serializers import ReasonIn
from core.service import organisation_of


@endpoint(
    "GET",
    "signing-keys",
    summary="Your organisation's own keys",
    response=serializers.SigningKeyOut,
    many=True,
)
def list_signing_keys(request: Any, body: Any) -> Any:
    """List your organisation's keys, newest first; all of them for the venue's staff."""
    return page_of(selectors.readable_keys(request.member), request, key=("-proposed_at", "-id"))


@endpoint(
    "GET",
    "signing-keys/possession-text",
    summary="What a new key has to sign first",
    response=serializers.DocumentToSignOut,
)
def read_possession_text(request: Any, body: Any) -> Any:
    """Return the text whose signature shows that your organisation holds the key."""
    document = selectors.possession_text(organisation_of(request.member))
    return {"document": document, "canonical": canonical(document).decode()}


@endpoint(
    "POST",
    "signing-keys",
    summary="Propose a key of your own",
    request=serializers.SigningKeyIn,
    response=serializers.SigningKeyOut,
    status=201,
)
def propose_key(request: Any, body: dict[str, Any]) -> Any:
    """Propose a public key, as JWK or X.509 certificate, with its first signature as proof."""
    return services.propose_key(**body, actor=request.member, at=request.at)


@endpoint(
    "GET",
    "signing-keys/<uuid:key_id>",
    summary="One key",
    response=serializers.SigningKeyOut,
)
def read_signing_key(request: Any, body: Any, key_id: UUID) -> Any:
    """Return a key of your organisation."""
    return selectors.own_key(key_id, request.member)


@endpoint(
    "POST",
    "signing-keys/<uuid:key_id>/check",
    summary="Check a proposed key (venue)",
    request=serializers.KeyCheckIn,
    response=serializers.SigningKeyOut,
)
def check_key(request: Any, body: dict[str, Any], key_id: UUID) -> Any:
    """Say that a key is the organisation's, and by what that was seen; a colleague confirms."""
    return services.check_key(key_id=key_id, **body, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "signing-keys/<uuid:key_id>/confirm",
    summary="Register a checked key (venue)",
    response=serializers.SigningKeyOut,
)
def confirm_key(request: Any, body: Any, key_id: UUID) -> Any:
    """Register a key that a colleague checked: from now on its signatures are taken."""
    return services.confirm_key(key_id=key_id, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "signing-keys/<uuid:key_id>/refuse",
    summary="Refuse a key (venue)",
    request=serializers.CompulsoryReasonIn,
    response=serializers.SigningKeyOut,
)
def refuse_key(request: Any, body: dict[str, Any], key_id: UUID) -> Any:
    """Refuse a key, saying why."""
    return services.refuse_key(key_id=key_id, **body, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "signing-keys/<uuid:key_id>/revoke",
    summary="Revoke a key",
    request=ReasonIn,
    response=serializers.SigningKeyOut,
)
def revoke_key(request: Any, body: dict[str, Any], key_id: UUID) -> Any:
    """Revoke a key of yours, or any for the venue; nothing that it signs is taken any more."""
    return services.revoke_key(key_id=key_id, **body, actor=request.member, at=request.at)
