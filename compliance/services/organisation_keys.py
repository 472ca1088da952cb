"""Organisations' own keys. Invariant: two of the venue look at a key before it signs anything."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from compliance import selectors
from compliance.errors import InterestedParty, KeyKnown, SignatureNotValid
from compliance.models import OrganisationKey
from compliance.states import ORGANISATION_KEY, KeyState
from core import signing
from core.actors import Member, acting_for, signer
from core.canonical import canonical
from core.errors import FourEyes, Malformed
from core.events import record
from core.models import Membership
from core.service import require, require_step_up, service

WRONG_KEY = {
    "not-a-jwk": gettext_noop("is no JSON Web Key"),
    "not-a-certificate": gettext_noop("is not one X.509 certificate in PEM"),
    "private": gettext_noop("holds a private key: keep that to yourself, and make a new one now"),
    "algorithm": gettext_noop("must be a key for Ed25519 or ECDSA P-256; SM2 is not taken yet"),
    "usage": gettext_noop("is not for digital signatures"),
    "weak": gettext_noop("is a key that anybody could sign with"),
}
WRONG_SIGNATURE = {
    "not-detached": gettext_noop("must be a detached JWS: nothing between its two dots"),
    "other-algorithm": gettext_noop("names another algorithm than that of the key"),
    "critical": gettext_noop("uses an extension that is not taken (crit, b64)"),
    "other-key": gettext_noop("names another key"),
    "not-a-signature": gettext_noop("is no signature: base64, hexadecimal, DER or a detached JWS"),
}


@service(may="sign")
def propose_key(
    *, jwk: Any, certificate: str, proof: str, actor: Member, at: datetime
) -> OrganisationKey:
    """Propose a key of the organisation's own, as JWK or in an X.509 certificate (PEM).

    `proof` is its signature over `possession_text`: a key that is somebody else's cannot make it.

    Raises:
        Malformed: neither or both are given, or it is no key that is taken.
        SignatureNotValid: the proof is not by this key.
        KeyKnown: it is known already, or was revoked.
        StepUpNeeded: the person did not prove a moment ago that it is there.

    """
    if bool(jwk) == bool(certificate):
        raise Malformed(fields={"jwk": [_("give either a JSON Web Key or a certificate")]})
    field = "jwk" if jwk else "certificate"
    valid_until = None
    try:
        key = signing.key_of_jwk(jwk) if jwk else signing.key_of_certificate(certificate)
        if certificate:
            valid_until = signing.certificate_facts(certificate).valid_until
    except signing.KeyUnreadable as error:
        raise Malformed(fields={field: [_(WRONG_KEY[error.code])]}) from None
    if valid_until is not None and valid_until <= at:
        raise Malformed(fields={field: [_("has ended already")]})
    check_signature(proof, key, selectors.possession_text(acting_for(actor)), field="proof")
    if selectors.key_known(key.thumbprint):
        raise KeyKnown
    require_step_up(actor, at)
    made, fresh = OrganisationKey.objects.get_or_create(
        thumbprint=key.thumbprint,
        state=KeyState.PROPOSED,
        defaults={
            "organisation_id": acting_for(actor),
            "algorithm": key.algorithm,
            "jwk": key.jwk,
            "certificate": certificate,
            "proof": proof,
            "proposed_by_id": signer(actor),
            "proposed_at": at,
            "valid_until": valid_until,
        },
    )
    if not fresh:
        raise KeyKnown
    detail = {"thumbprint": key.thumbprint}
    record(
        "organisation-key", made.pk, "propose", after=made.state, actor=actor, at=at, detail=detail
    )
    return made


@service(may="admit")
def check_key(*, key_id: UUID, note: str, actor: Member, at: datetime) -> OrganisationKey:
    """Say of a proposed key that it is the organisation's, and by what that was seen.

    Raises:
        Malformed: no note says what was looked at.
        InterestedParty: the actor belongs, or belonged, to the organisation.
        IllegalTransition: it is not proposed.

    """
    if not note.strip():
        raise Malformed(fields={"note": [_("say what was looked at")]})
    key = _locked(key_id, actor)
    return ORGANISATION_KEY.move(
        key, "check", actor=actor, at=at, reason=note, maker_id=signer(actor), note=note
    )


@service(may="admit")
def confirm_key(*, key_id: UUID, actor: Member, at: datetime) -> OrganisationKey:
    """Register a key that a colleague checked: from now on its signatures are taken.

    Raises:
        FourEyes: the actor checked it.
        InterestedParty: the actor belongs, or belonged, to the organisation.
        IllegalTransition: it is not checked.

    """
    key = _locked(key_id, actor)
    ORGANISATION_KEY.after(key.state, "confirm")
    if key.maker_id == actor.user_id:
        raise FourEyes
    return ORGANISATION_KEY.move(
        key, "confirm", actor=actor, at=at, checker_id=signer(actor), registered_at=at
    )


@service(may="admit")
def refuse_key(*, key_id: UUID, reason: str, actor: Member, at: datetime) -> OrganisationKey:
    """Refuse a key, saying why.

    Raises:
        Malformed: no reason is given.
        IllegalTransition: it is registered, or ended.

    """
    if not reason.strip():
        raise Malformed(fields={"reason": [_("is needed")]})
    key = _locked(key_id, actor)
    return ORGANISATION_KEY.move(
        key, "refuse", actor=actor, at=at, reason=reason, ended_at=at, note=reason
    )


@service
def revoke_key(*, key_id: UUID, reason: str, actor: Member, at: datetime) -> OrganisationKey:
    """Revoke a key, by its organisation or the venue; nothing that it signs is taken any more.

    What it signed before goes on: the venue's receipt says when that came in. Who doubts it
    withdraws those declarations.

    Raises:
        NotFound: it is another organisation's.
        IllegalTransition: it has ended already.

    """
    require(actor, "admit" if actor.is_venue else "sign")
    key = selectors.locked_key(key_id, actor)
    return ORGANISATION_KEY.move(key, "revoke", actor=actor, at=at, reason=reason, ended_at=at)


def check_signature(text: str, key: signing.PublicKey, document: Any, *, field: str) -> None:
    """Refuse a text that is no signature by `key` over the canonical form of a document.

    Raises:
        SignatureNotValid: naming the field, and what is wrong.

    """
    try:
        signature, message = signing.read_signature(text, key, canonical(document))
    except signing.SignatureUnreadable as error:
        wrong = _(WRONG_SIGNATURE[error.code])
        raise SignatureNotValid(fields={field: [wrong]}) from None
    if not key.verifies(signature, message):
        wrong = _("is not over this document, or not by this key")
        raise SignatureNotValid(fields={field: [wrong]})


def _locked(key_id: UUID, actor: Member) -> OrganisationKey:
    key = selectors.locked_key(key_id, actor)
    rows = Membership.objects.filter(user=actor.user_id, organisation=key.organisation_id)
    if rows.exists():
        raise InterestedParty
    return key
