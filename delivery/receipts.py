"""What a receipt says. Invariant: it can be checked with the venue's public key alone.

The venue signs the canonical JSON (RFC 8785) of the document with Ed25519.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.canonical import canonical, plain
from core.signing import verifies

KIND = "databourse-delivery-receipt"
DELETION_KIND = "databourse-deletion-receipt"


@dataclass(frozen=True, slots=True)
class Handover:
    """One hand-over: from the platform by a link, or outside it by the word of both sides."""

    receipt_id: UUID
    grant_id: UUID
    reference: UUID
    vendor_id: UUID
    buyer_id: UUID
    version_id: UUID
    release_id: UUID | None
    link_id: UUID | None
    outside_delivery_id: UUID | None
    sha256: str | None
    size_bytes: int | None
    at: datetime


def receipt_document(handover: Handover) -> dict[str, Any]:
    """Return the document that the venue signs."""
    document: dict[str, Any] = plain(
        {
            "kind": KIND,
            "receipt": handover.receipt_id,
            "grant": handover.grant_id,
            "reference": handover.reference,
            "vendor": handover.vendor_id,
            "buyer": handover.buyer_id,
            "version": handover.version_id,
            "release": handover.release_id,
            "link": handover.link_id,
            "outside_delivery": handover.outside_delivery_id,
            "sha256": handover.sha256,
            "size_bytes": handover.size_bytes,
            "at": handover.at,
        }
    )
    return document


def deletion_document(
    *,
    deletion_id: UUID,
    grant_id: UUID,
    reference: UUID,
    buyer_id: UUID,
    version_id: UUID,
    deletion_kind: str,
    ground: str,
    statement: str,
    file_sha256: str | None,
    proved_at: datetime | None,
    accepted_at: datetime,
) -> dict[str, Any]:
    """Return the document that the venue signs when it accepts a proof of deletion."""
    document: dict[str, Any] = plain(
        {
            "kind": DELETION_KIND,
            "deletion": deletion_id,
            "grant": grant_id,
            "reference": reference,
            "buyer": buyer_id,
            "version": version_id,
            "asked": deletion_kind,
            "ground": ground,
            "statement": statement,
            "file_sha256": file_sha256,
            "proved_at": proved_at,
            "accepted_at": accepted_at,
        }
    )
    return document


def is_genuine(document: dict[str, Any], signature: bytes, public_key: bytes) -> bool:
    """Return whether `signature` is the venue's over `document`."""
    return verifies(public_key, signature, canonical(document))
