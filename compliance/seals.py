"""Checking a declaration. Invariant: a stranger finds what the venue finds, from the same document.

The venue's seal is over the document that it made, or, where the organisation signed outside with
its own key, over the receipt of that signature; both as canonical JSON (RFC 8785).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from core import signing
from core.canonical import canonical

# Clocks of a venue's machines, and of a transaction that is under way while a key is replaced.
TOLERANCE = timedelta(minutes=5)
CheckName = Literal[
    "readable",
    "venue-key-known",
    "venue-key-in-use",
    "seal",
    "receipt",
    "signature",
    "content",
]


@dataclass(frozen=True, slots=True)
class SealCheck:
    """One look at a declaration, and whether it passed."""

    name: CheckName
    passed: bool


def check(
    bundle: Any, keys: Sequence[Mapping[str, Any]], *, content_hash: str = ""
) -> tuple[SealCheck, ...]:
    """Look at a declaration as its verification shows it, with the venue's published keys.

    `content_hash` is what the reader holds, the SHA-256 of a file or of a version's content; the
    declaration has to be about it. Whether it is in force now, no document can say.
    """
    try:
        checks = _checks(bundle, keys)
        about = str(bundle["document"]["content_hash"])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError):
        return (SealCheck("readable", passed=False),)
    if content_hash:
        checks.append(SealCheck("content", about == content_hash.strip().lower()))
    return tuple(checks)


def sealed_by(document: Mapping[str, Any], receipt: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return what the venue's seal is over."""
    return document if receipt is None else receipt


def receipt_of(
    document: Mapping[str, Any], signature: str, key: signing.PublicKey, at: datetime
) -> dict[str, Any]:
    """Return what the venue says of a signature that was made outside, to be sealed."""
    return {
        "type": "declaration-received",
        "attestation": "platform",
        "declaration": document["id"],
        "document_sha256": _sha256(document),
        "signature": signature,
        "key": {"thumbprint": key.thumbprint, "jwk": dict(key.jwk)},
        "received_at": at.isoformat(),
    }


def _checks(bundle: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> list[SealCheck]:
    document, receipt = bundle["document"], bundle.get("receipt")
    sealed = sealed_by(document, receipt)
    at = datetime.fromisoformat(document["signed_at"] if receipt is None else sealed["received_at"])
    message, seal = canonical(sealed), bytes.fromhex(bundle["seal"])
    outside = document["attestation"] != "platform"
    key = next((one for one in keys if one["kid"] == bundle["key_id"]), None)
    checks = [
        SealCheck("readable", outside == (receipt is not None)),
        SealCheck("venue-key-known", key is not None),
    ]
    if key is not None:
        public = signing.key_of_jwk({name: key[name] for name in ("kty", "crv", "x")})
        checks.append(SealCheck("venue-key-in-use", _in_use(key, at)))
        checks.append(SealCheck("seal", public.verifies(seal, message)))
    if receipt is not None:
        checks.append(
            SealCheck(
                "receipt",
                receipt["declaration"] == document["id"]
                and receipt["document_sha256"] == _sha256(document)
                and receipt["key"] == document["signing_key"],
            )
        )
        checks.append(SealCheck("signature", signed_outside(document, receipt["signature"])))
    return checks


def signed_outside(document: Mapping[str, Any], text: str) -> bool:
    """Return whether `text` is a signature over the document by the key that it names."""
    key = signing.key_of_jwk(document["signing_key"]["jwk"])
    if key.thumbprint != document["signing_key"]["thumbprint"]:
        return False
    try:
        signature, message = signing.read_signature(text, key, canonical(document))
    except signing.SignatureUnreadable:
        return False
    return key.verifies(signature, message)


def _in_use(key: Mapping[str, Any], at: datetime) -> bool:
    since, until = key.get("nbf"), key.get("exp")
    begun = since is None or datetime.fromtimestamp(since, UTC) - TOLERANCE <= at
    return begun and (until is None or at <= datetime.fromtimestamp(until, UTC) + TOLERANCE)


def _sha256(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(document)).hexdigest()
