"""Signing and withdrawing declarations. Invariant: one is for exactly one content, and sealed.

The seal is the venue's signature over the canonical document: it attests that a member who may
sign assented to these statements about this content at this time.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from compliance import selectors
from compliance.errors import ContentChanged, StatementsIncomplete, VersionNotOpen
from compliance.models import Declaration
from compliance.services.clearances import fall
from compliance.statements import Template, asked_of, codes, template_at, template_document
from compliance.states import DECLARATION, DeclarationState
from core import signing
from core.actors import Member, acting_for
from core.canonical import canonical, plain
from core.errors import Malformed
from core.events import record
from core.ids import uuid7
from core.models import Organisation
from core.service import service
from listings import selectors as listings
from listings.models import Version
from listings.states import IN_THE_MAKING, ON_THE_MARKET


@service(may="sign")
def sign_declaration(
    *,
    version_id: UUID,
    content_hash: str,
    template: str,
    statements: Collection[str],
    valid_until: datetime,
    actor: Member,
    at: datetime,
) -> Declaration:
    """Sign the declaration and commitment for the content that has `content_hash`.

    `statements` are the codes of the statements assented to: all that the template asks of this
    content. It is valid until `valid_until`, no longer than the template allows and the rights
    that the version cites last.

    Raises:
        NotFound: it is not a version of the actor's own.
        ContentChanged: the content now has another hash.
        StatementsIncomplete: a statement is missing, or is not of the template.
        Malformed: another template is in use, or the validity is not possible.
        VersionNotOpen: the version can no longer be cleared.
    """
    version = listings.locked_own_version(version_id, actor)
    if version.state not in (*IN_THE_MAKING, *ON_THE_MARKET):
        raise VersionNotOpen(state=version.state)
    if version.content_hash != content_hash:
        raise ContentChanged(content_hash=version.content_hash)
    asked = asked_of(template_at(at), version.content)
    if template != asked.code:
        raise Malformed(fields={"template": [_("the one in use is %(c)s") % {"c": asked.code}]})
    _check_statements(asked, statements)
    _check_validity(version, asked, valid_until, at)
    declaration_id = uuid7()
    document = _document(declaration_id, version, asked, valid_until, actor, at)
    declaration = Declaration.objects.create(
        pk=declaration_id,
        version=version,
        organisation_id=acting_for(actor),
        content_hash=content_hash,
        template=asked.code,
        statements=list(codes(asked)),
        document=document,
        seal=signing.sign(settings.SIGNING_KEY, canonical(document)).hex(),
        key_id=signing.key_id(signing.public_bytes(settings.SIGNING_KEY)),
        signed_by_id=actor.user_id,
        signed_at=at,
        valid_until=valid_until,
    )
    record(
        "declaration",
        declaration.pk,
        "sign",
        after=declaration.state,
        actor=actor,
        at=at,
        detail={"version": version.pk, "content_hash": content_hash},
    )
    return declaration


@service(may="sign")
def withdraw_declaration(
    *, declaration_id: UUID, reason: str, actor: Member, at: datetime
) -> Declaration:
    """Withdraw one's own declaration; the clearance that rests on it ends with it.

    Raises:
        NotFound: it is not the actor's own.
        IllegalTransition: it has ended already.
    """
    declaration = selectors.locked_own_declaration(declaration_id, actor)
    DECLARATION.move(declaration, "withdraw", actor=actor, at=at, reason=reason, ended_at=at)
    rows = selectors.open_clearances().filter(declaration=declaration)
    fall(rows, "declaration-withdrawn", actor=actor, at=at)
    return declaration


@service(may="review")
def breach_declaration(
    *, declaration_id: UUID, reason: str, actor: Member, at: datetime
) -> Declaration:
    """Record that a declaration proved untrue; the clearance ends and the breach is counted.

    Raises:
        Malformed: no reason is given.
        IllegalTransition: it has ended already.
    """
    if not reason.strip():
        raise Malformed(fields={"reason": [_("is needed")]})
    declaration = selectors.locked_declaration(declaration_id)
    DECLARATION.move(declaration, "breach", actor=actor, at=at, reason=reason, ended_at=at)
    rows = selectors.open_clearances().filter(declaration=declaration)
    fall(rows, "declaration-breached", actor=actor, at=at)
    return declaration


@service
def expire_declarations(*, limit: int, actor: Member, at: datetime) -> int:
    """End declarations whose time has run out, and what rests on them; return how many."""
    rows = Declaration.objects.filter(state=DeclarationState.IN_FORCE, valid_until__lte=at)
    due = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    ended = DECLARATION.move_all(rows.filter(pk__in=due), "expire", actor=actor, at=at, ended_at=at)
    if ended:
        resting = selectors.open_clearances().filter(declaration__in=ended)
        fall(resting, "declaration-expired", actor=actor, at=at)
    return len(ended)


def _check_statements(asked: Template, statements: Collection[str]) -> None:
    wanted, given = set(codes(asked)), set(statements)
    if wanted == given:
        return
    problems = [_("not assented to: %(c)s") % {"c": code} for code in sorted(wanted - given)]
    problems += [_("not asked: %(c)s") % {"c": code} for code in sorted(given - wanted)]
    raise StatementsIncomplete(fields={"statements": problems})


def _check_validity(version: Version, asked: Template, until: datetime, at: datetime) -> None:
    latest = at + timedelta(days=asked.longest_days)
    rests_until = selectors.gathered([version.pk], at)[version.pk].rests_until
    if rests_until is not None:
        latest = min(latest, rests_until)
    if not at < until <= latest:
        text = _("must lie in the future, at the latest %(t)s: no longer than what it rests on")
        raise Malformed(fields={"valid_until": [text % {"t": latest.isoformat()}]})


def _document(
    declaration_id: UUID,
    version: Version,
    asked: Template,
    until: datetime,
    actor: Member,
    at: datetime,
) -> dict[str, Any]:
    """Return what is sealed; public, so the member is named by its membership only."""
    organisation = Organisation.objects.get(pk=acting_for(actor))
    document: dict[str, Any] = plain(
        {
            "type": "declaration-and-commitment",
            "attestation": "platform",
            "id": declaration_id,
            "organisation": {
                "id": organisation.pk,
                "name_zh": organisation.name_zh,
                "name_en": organisation.name_en,
                "country": organisation.country,
                "registry_number": organisation.registry_number,
            },
            "membership": actor.membership_id,
            "product": version.product.code,
            "version": {"id": version.pk, "number": version.number},
            "content_hash": version.content_hash,
            "template": template_document(asked),
            "signed_at": at,
            "valid_until": until,
        }
    )
    return document
