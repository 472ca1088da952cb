"""Signing outside. Invariant: what is taken is a registered key's signature over our own document.

Nothing is kept when a document is given out: it is made again from what it says, and has to come
out the same, byte for byte. Its id follows from its text, so that it can be handed in once.
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from compliance import selectors
from compliance.errors import ContentChanged, DeclarationKnown, DocumentDiffers
from compliance.models import Declaration, OrganisationKey
from compliance.seals import receipt_of
from compliance.services.declaring import (
    Subject,
    about_report,
    about_version,
    check_assent,
    document_of,
    entered,
)
from compliance.services.organisation_keys import check_signature
from compliance.statements import OUTSIDE_MEANS, codes
from core import signing
from core.actors import Member
from core.canonical import canonical
from core.errors import Malformed
from core.service import service
from core.services.seals import seal

# How long a document may lie with those who sign it.
PREPARED_DAYS = 30


@service(may="sign")
def prepare_declaration(
    *,
    version_id: UUID | None = None,
    report_id: UUID | None = None,
    content_hash: str,
    template: str,
    statements: Collection[str],
    valid_until: datetime,
    thumbprint: str,
    actor: Member,
    at: datetime,
) -> dict[str, Any]:
    """Return the document that the organisation is to sign with its own key; nothing is kept.

    Raises:
        NotFound: the version or report is not the actor's own.
        ContentChanged, StatementsIncomplete, Malformed, VersionNotOpen: as in signing.
        KeyNotUsable: no registered key of the organisation has this thumbprint.

    """
    subject = _subject(version_id, report_id, actor, at)
    check_assent(
        subject,
        content_hash=content_hash,
        template=template,
        statements=statements,
        valid_until=valid_until,
        at=at,
    )
    key = selectors.usable_key(thumbprint, actor, at)
    return _document(subject, key, valid_until, actor=actor, prepared_at=at)


@service(may="sign")
def hand_in_declaration(
    *,
    version_id: UUID | None = None,
    report_id: UUID | None = None,
    document: Mapping[str, Any],
    signature: str,
    actor: Member,
    at: datetime,
) -> Declaration:
    """Take a document that the organisation signed outside, with its signature.

    A detached JWS or the signature itself. The key says who signs, so that no proof is asked of
    the member who hands it in.

    Raises:
        NotFound: the version or report is not the actor's own.
        Malformed: the document lacks what it had, or its times are not possible now.
        ContentChanged, DocumentDiffers: it is not the document that would be given now.
        KeyNotUsable: its key is not registered for the organisation, or no more.
        SignatureNotValid: the signature is not over this document by this key.
        DeclarationKnown: it was handed in before.

    """
    subject = _subject(version_id, report_id, actor, at)
    thumbprint, valid_until, prepared_at = _terms(document)
    if document.get("content_hash") != subject.content_hash:
        raise ContentChanged(content_hash=subject.content_hash)
    if not at - timedelta(days=PREPARED_DAYS) <= prepared_at <= at:
        raise DocumentDiffers(_("It was given out too long ago, or not yet."))
    key = selectors.usable_key(thumbprint, actor, at)
    again = _document(subject, key, valid_until, actor=actor, prepared_at=prepared_at)
    different = [name for name in sorted({*again, *document}) if not _same(name, again, document)]
    if different:
        raise DocumentDiffers(
            fields={"document": [_("differs: %(n)s") % {"n": ", ".join(different)}]}
        )
    check_assent(
        subject,
        content_hash=subject.content_hash,
        template=subject.asked.code,
        statements=codes(subject.asked),
        valid_until=valid_until,
        at=at,
    )
    if Declaration.objects.filter(pk=again["id"]).exists():
        raise DeclarationKnown
    public = signing.key_of_jwk(key.jwk)
    check_signature(signature, public, again, field="signature")
    receipt = receipt_of(again, signature, public, at)
    sealed = seal(receipt, at)
    return entered(
        UUID(again["id"]),
        subject,
        actor=actor,
        at=at,
        valid_until=valid_until,
        document=again,
        receipt=receipt,
        seal=sealed.signature,
        key_id=sealed.key_id,
        attestation="organisation",
        signature=signature,
        signing_key=key,
    )


def _subject(
    version_id: UUID | None, report_id: UUID | None, actor: Member, at: datetime
) -> Subject:
    if version_id is not None:
        return about_version(version_id, actor, at)
    assert report_id is not None
    return about_report(report_id, actor, at)


def _document(
    subject: Subject,
    key: OrganisationKey,
    valid_until: datetime,
    *,
    actor: Member,
    prepared_at: datetime,
) -> dict[str, Any]:
    terms: dict[str, Any] = {
        "attestation": "organisation",
        "attestation_means": OUTSIDE_MEANS,
        "signing_key": {"thumbprint": key.thumbprint, "jwk": dict(key.jwk)},
        "prepared_at": prepared_at,
    }
    nameless = document_of(UUID(int=0), subject, valid_until, actor=actor, **terms)
    named = hashlib.sha256(canonical(nameless)).digest()[:16]
    return nameless | {"id": str(UUID(bytes=named, version=5))}


def _terms(document: Mapping[str, Any]) -> tuple[str, datetime, datetime]:
    """Return the thumbprint and the times that a document names."""
    try:
        thumbprint = document["signing_key"]["thumbprint"]
        times = [datetime.fromisoformat(document[name]) for name in ("valid_until", "prepared_at")]
    except (KeyError, TypeError, ValueError):
        raise Malformed(fields={"document": [_("is not one that the venue gave out")]}) from None
    if not isinstance(thumbprint, str) or any(one.tzinfo is None for one in times):
        raise Malformed(fields={"document": [_("is not one that the venue gave out")]})
    return thumbprint, times[0], times[1]


def _same(name: str, again: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    if name not in again or name not in document:
        return False
    try:
        return canonical(again[name]) == canonical(document[name])
    except (ValueError, TypeError, RecursionError):
        return False
