"""Applying, verifying, admitting, suspending. Invariant: only what the venue admitted may trade."""

import re
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as NumberError

from core import selectors
from core.actors import Member
from core.errors import Conflict, Forbidden, Malformed, RegistryNumberTaken
from core.events import record
from core.models import Capacity, Membership, Organisation
from core.models.organisations import ORGANISATION_CODE
from core.service import service
from core.states import CAPACITY, ORGANISATION, CapacityState


def registry_number_of(country: str, text: str) -> str:
    """Return a registry number in its one spelling.

    A Chinese one is a unified social credit code with a right check character (GB 32100-2015).

    Raises:
        Malformed: it is not one.

    """
    if country != "CN":
        compact = text.strip().upper()
        if not 2 <= len(compact) <= 64:
            raise Malformed(fields={"registry_number": [_("2 to 64 characters")]})
        return compact
    try:
        return str(uscc.validate(text))
    except NumberError:
        raise Malformed(
            fields={
                "registry_number": [
                    _("is not a unified social credit code: 18 characters, the last a check")
                ]
            }
        ) from None


@service
def apply_for_organisation(
    *,
    name_zh: str,
    name_en: str,
    country: str,
    registry_number: str,
    kind: str = "enterprise",
    foreign_controlled: bool | None = None,
    region: str = "",
    zone: str = "",
    actor: Member,
    at: datetime,
) -> Organisation:
    """Enter an organisation that the venue has still to verify; the actor becomes its owner.

    Raises:
        Malformed: no name, or a registry number that cannot be right.
        RegistryNumberTaken: it is known already.

    """
    if actor.is_venue or actor.user_id is None:
        raise Forbidden(_("Staff of the venue can act for no other organisation."))
    if not name_zh and not name_en:
        raise Malformed(fields={"name_zh": [_("a Chinese or an English name is needed")]})
    number = registry_number_of(country, registry_number)
    if Organisation.objects.filter(country=country, registry_number=number).exists():
        raise RegistryNumberTaken
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(
                name_zh=name_zh,
                name_en=name_en,
                country=country,
                registry_number=number,
                kind=kind,
                foreign_controlled=foreign_controlled,
                region=region,
                zone=zone,
                created_at=at,
            )
    except IntegrityError:
        raise RegistryNumberTaken from None
    Membership.objects.create(
        user_id=actor.user_id,
        organisation=organisation,
        roles=["owner", "signatory"],
        created_at=at,
    )
    return organisation


@service(may="manage")
def apply_for_capacity(*, kind: str, actor: Member, at: datetime) -> Capacity:
    """Ask the venue to admit the actor's organisation as `kind`.

    Raises:
        Forbidden: the venue itself can hold no vendor, supplier or buyer capacity.
        IllegalTransition: it is applied for or admitted already.

    """
    if actor.is_venue and kind in {"vendor", "supplier", "buyer"}:
        raise Forbidden(_("The venue can hold no vendor, supplier or buyer capacity."))
    capacity = Capacity.objects.filter(organisation_id=actor.organisation_id, kind=kind).first()  # type: ignore[misc]
    if capacity is None:
        return Capacity.objects.create(  # type: ignore[misc]
            organisation_id=actor.organisation_id, kind=kind, applied_at=at
        )
    if capacity.state == CapacityState.APPLIED:
        raise Conflict(_("The venue has this application already."))
    return CAPACITY.move(capacity, "apply", actor=actor, at=at, applied_at=at)


@service(may="admit")
def give_code(*, organisation_id: UUID, code: str, actor: Member, at: datetime) -> Organisation:
    """Give an organisation the short code that commands and lists name it by; "" takes it away.

    Raises:
        Malformed: it is not 2 to 32 capitals, digits and hyphens that begin with a letter.
        Conflict: another organisation has it.

    """
    text = code.strip().upper()
    if text and not re.match(ORGANISATION_CODE, text):
        raise Malformed(
            fields={"code": [_("2 to 32 letters, digits and hyphens, the first a letter")]}
        )
    organisation = selectors.own_organisation(organisation_id)
    if organisation.code == text:
        return organisation
    try:
        with transaction.atomic():
            Organisation.objects.filter(pk=organisation.pk).update(code=text)
    except IntegrityError:
        raise Conflict(_("Another organisation has the code %(code)s.") % {"code": text}) from None
    organisation.code = text
    record("organisation", organisation.pk, "name", actor=actor, at=at, detail={"code": text})
    return organisation


@service(may="admit")
def decide_organisation(
    *, organisation_id: UUID, verb: str, reason: str, actor: Member, at: datetime
) -> Organisation:
    """Verify, refuse, suspend, reinstate or close an organisation.

    Raises:
        Conflict: the venue cannot decide on itself.
        IllegalTransition: its state does not allow it.

    """
    organisation = selectors.own_organisation(organisation_id)
    if organisation.is_venue:
        raise Conflict(_("The venue cannot decide on itself."))
    return ORGANISATION.move(organisation, verb, actor=actor, at=at, reason=reason)


@service(may="admit")
def decide_capacity(
    *, organisation_id: UUID, kind: str, verb: str, reason: str, actor: Member, at: datetime
) -> Capacity:
    """Admit, refuse, suspend, reinstate or withdraw a capacity.

    Raises:
        Conflict: the organisation is not verified.
        IllegalTransition: its state does not allow it.

    """
    organisation = selectors.own_organisation(organisation_id)
    if verb == "admit" and organisation.state != "ACTIVE":
        raise Conflict(_("Verify the organisation first."))
    capacity = selectors.locked_capacity(organisation_id, kind)
    return CAPACITY.move(capacity, verb, actor=actor, at=at, reason=reason)
