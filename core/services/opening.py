"""Opening the venue. Invariant: an installation has one, and only the installation opens it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.actors import Member
from core.errors import Conflict, Forbidden, Malformed, RegistryNumberTaken
from core.models import Invitation, Membership, Organisation
from core.service import service
from core.services.organisations import registry_number_of
from core.services.people import Secret, invitation_to, key_of
from core.states import OrganisationState


@service
def open_venue(
    *,
    name_zh: str,
    name_en: str,
    country: str,
    registry_number: str,
    actor: Member,
    at: datetime,
) -> Organisation:
    """Enter the organisation that runs the exchange; the same call again changes nothing.

    Raises:
        Forbidden: people do not open venues; only the installation does.
        Malformed: a name is missing, or the registry number cannot be right.
        Conflict: there is another venue already.
        RegistryNumberTaken: an organisation that is not the venue has this number.

    """
    if not actor.system:
        raise Forbidden
    for field, text in (("name_zh", name_zh), ("name_en", name_en)):
        if not text.strip():
            raise Malformed(fields={field: [_("the venue is named in both languages")]})
    return _venue(
        Organisation(
            name_zh=name_zh.strip(),
            name_en=name_en.strip(),
            country=country,
            registry_number=registry_number_of(country, registry_number),
            is_venue=True,
            state=OrganisationState.ACTIVE,
            created_at=at,
        )
    )


def _venue(wanted: Organisation) -> Organisation:
    known = Organisation.objects.select_for_update().filter(is_venue=True).first()
    if known is None:
        number = {"country": wanted.country, "registry_number": wanted.registry_number}
        if Organisation.objects.filter(**number).exists():
            raise RegistryNumberTaken
        try:
            with transaction.atomic():
                wanted.save(force_insert=True)
        except IntegrityError:
            raise Conflict(_("Another call opened a venue at this moment.")) from None
        return wanted
    named = ("name_zh", "name_en", "country", "registry_number")
    if any(getattr(known, one) != getattr(wanted, one) for one in named):
        raise Conflict(
            _("The venue of this installation is %(zh)s / %(en)s, %(country)s %(number)s.")
            % {
                "zh": known.name_zh,
                "en": known.name_en,
                "country": known.country,
                "number": known.registry_number,
            }
        )
    return known


@service
def invite_first_administrator(*, email: str, actor: Member, at: datetime) -> Secret | None:
    """Ask the venue's first administrator in; None where it has an administrator already.

    The same address again gets the same link; another one ends the invitation before it.

    Raises:
        Forbidden: administrators ask others in by themselves; only the installation starts.
        Conflict: no venue is open yet.

    """
    if not actor.system:
        raise Forbidden
    venue = Organisation.objects.select_for_update().filter(is_venue=True).first()
    if venue is None:
        raise Conflict(_("Open the venue first."))
    members = Membership.objects.filter(organisation=venue, is_active=True)
    if members.filter(roles__contains=["admin"]).exists():
        return None
    # Whoever was asked in first by mistake must not become the venue's administrator later.
    waiting = Invitation.objects.filter(
        organisation=venue, invited_by=None, accepted_at=None, expires_at__gt=at
    )
    waiting.exclude(email=email.lower()).update(expires_at=at)
    found = waiting.filter(email=email.lower()).first()
    if found is not None:
        return Secret(found, key_of(found.pk))
    return invitation_to(
        venue.pk, email=email, roles=["admin"], signing_limit_minor=None, actor=actor, at=at
    )
