"""Members, invitations and tokens. Invariant: a person's rights come from a membership alone."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core.actors import ORGANISATION_ROLES, VENUE_ROLES, Member, acting_for, acting_member
from core.errors import Conflict, Forbidden, Malformed, NotConfirmed, NotFound, SigningLimit
from core.events import record
from core.ids import uuid7
from core.models import ApiToken, Invitation, Membership, StepUp, User
from core.secrets import STEP_UP_PREFIX, TOKEN_PREFIX, hash_of, new_secret
from core.service import service

INVITATION_DAYS = 14


class Secret(NamedTuple):
    """A row and the secret that is shown once."""

    row: ApiToken | Invitation
    secret: str


class Proof(NamedTuple):
    """A proof and the secret that stands for it, which is shown once."""

    row: StepUp
    secret: str


def check_signing_limit(actor: Member, amount_minor: int) -> None:
    """Refuse an amount over what the actor may sign for.

    Raises:
        SigningLimit: it is over the limit.

    """
    limit = actor.signing_limit_minor
    if limit is not None and amount_minor > limit:
        raise SigningLimit(limit_minor=limit, amount_minor=amount_minor)


@service(may="manage")
def invite_member(
    *, email: str, roles: list[str], signing_limit_minor: int | None, actor: Member, at: datetime
) -> Secret:
    """Invite a person by e-mail, who is sent the link. Open for 14 days.

    Raises:
        Malformed: a role that this organisation does not have.

    """
    allowed = VENUE_ROLES if actor.is_venue else ORGANISATION_ROLES
    if not set(roles) <= set(allowed):
        raise Malformed(fields={"roles": [_("must be among %(r)s") % {"r": ", ".join(allowed)}]})
    return invitation_to(
        acting_for(actor),
        email=email,
        roles=roles,
        signing_limit_minor=signing_limit_minor,
        actor=actor,
        at=at,
    )


def invitation_to(
    organisation_id: UUID,
    *,
    email: str,
    roles: list[str],
    signing_limit_minor: int | None,
    actor: Member,
    at: datetime,
) -> Secret:
    """Enter an invitation and its event, for a service that has checked who may ask whom in."""
    invitation_id = uuid7()
    secret = key_of(invitation_id)
    invitation = Invitation.objects.create(
        pk=invitation_id,
        organisation_id=organisation_id,
        email=email.lower(),
        roles=roles,
        signing_limit_minor=signing_limit_minor,
        key_hash=hash_of(secret),
        invited_by_id=actor.user_id,
        created_at=at,
        expires_at=at + timedelta(days=INVITATION_DAYS),
    )
    record(
        "invitation",
        invitation.pk,
        "invite",
        actor=actor,
        at=at,
        detail={"organisation": str(organisation_id)},
    )
    return Secret(invitation, secret)


def key_of(invitation_id: UUID) -> str:
    """Return the key of an invitation: whoever holds the venue's secret can make it again.

    So that its letter can be written after the commit, and again, though no key is kept.
    """
    return "dbi_" + str(
        salted_hmac("databourse.invitation", str(invitation_id), algorithm="sha256").hexdigest()
    )


@service
def accept_invitation(*, key: str, actor: Member, at: datetime) -> Membership:
    """Make the signed-in person a member by an invitation to its own e-mail address.

    Raises:
        NotFound: no such open invitation for this person.
        Conflict: its address is not confirmed, or it is a member already.
        Forbidden: staff of the venue can act for no other organisation.

    """
    user = User.objects.select_for_update().filter(pk=actor.user_id).first()
    invitation = (
        Invitation.objects.select_for_update()
        .filter(key_hash=hash_of(key), accepted_at__isnull=True, expires_at__gt=at)
        .select_related("organisation")
        .first()
    )
    if user is None or invitation is None or invitation.email != user.email:
        raise NotFound
    if not _is_reached(user):
        raise Conflict(
            _("Confirm your e-mail address first: open the link that was mailed to you.")
        )
    others = Membership.objects.filter(user=user, is_active=True).select_related("organisation")
    if any(m.organisation_id == invitation.organisation_id for m in others):
        raise Conflict(_("You are a member already."))
    if others and (
        invitation.organisation.is_venue or any(m.organisation.is_venue for m in others)
    ):
        raise Forbidden(_("Staff of the venue can act for no other organisation."))
    membership, _made = Membership.objects.update_or_create(
        user=user,
        organisation=invitation.organisation,
        defaults={
            "roles": invitation.roles,
            "signing_limit_minor": invitation.signing_limit_minor,
            "is_active": True,
            "created_at": at,
        },
    )
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=at)
    record("membership", membership.pk, "join", actor=actor, at=at)
    return membership


def _is_reached(user: User) -> bool:
    """Say whether mail to the address that a person signs in with is known to reach the person.

    The key of an invitation does not prove it, for who invites is shown the key too. A person
    who signed up has a record that says so; one whom the operator entered has none at all.
    """
    known = EmailAddress.objects.filter(user=user)
    return not known.exists() or known.filter(email=user.email, verified=True).exists()


@service(may="manage")
def end_membership(*, membership_id: UUID, actor: Member, at: datetime) -> Membership:
    """End another member's rights at once, tokens included.

    Raises:
        NotFound: not a member of the actor's organisation.
        Conflict: nobody can end its own membership.

    """
    membership = (
        Membership.objects.select_for_update()  # type: ignore[misc]
        .filter(pk=membership_id, organisation_id=actor.organisation_id, is_active=True)
        .first()
    )
    if membership is None:
        raise NotFound
    if membership.pk == actor.membership_id:
        raise Conflict(_("Ask another owner to end your own membership."))
    Membership.objects.filter(pk=membership.pk).update(is_active=False)
    record("membership", membership.pk, "end", actor=actor, at=at)
    membership.is_active = False
    return membership


@service(may="belong")
def make_token(*, label: str, scopes: list[str], days: int, actor: Member, at: datetime) -> Secret:
    """Make an API token that acts as the actor within `scopes`, for `days`.

    Raises:
        Forbidden: a token cannot make tokens.

    """
    if actor.scopes is not None:
        raise Forbidden(_("A token cannot make tokens; sign in."))
    secret = new_secret(TOKEN_PREFIX)
    token = ApiToken.objects.create(  # type: ignore[misc]
        key_hash=hash_of(secret),
        membership_id=actor.membership_id,
        label=label,
        scopes=sorted(set(scopes) | {"belong"}),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    record("token", token.pk, "make", actor=actor, at=at)
    return Secret(token, secret)


@service(may="belong")
def revoke_token(*, token_id: UUID, actor: Member, at: datetime) -> ApiToken:
    """Revoke one's own token at once.

    Raises:
        NotFound: there is no such token, or it is not the actor's.

    """
    token = ApiToken.objects.filter(pk=token_id, membership_id=actor.membership_id).first()  # type: ignore[misc]
    if token is None:
        raise NotFound
    if token.revoked_at is None:
        ApiToken.objects.filter(pk=token.pk).update(revoked_at=at)
        token.revoked_at = at
        record("token", token.pk, "revoke", actor=actor, at=at)
    return token


@service(may="belong")
def step_up(*, password: str, code: str, actor: Member, at: datetime) -> Proof:
    """Take a person's password, or a code of its second factor, as proof that it is there.

    The secret stands for the proof in later requests of the same membership, for a few minutes.

    Raises:
        Malformed: neither is given, or both.
        NotConfirmed: it is not the person's password, or no fresh code of its own.

    """
    if bool(password) == bool(code):
        raise Malformed(fields={"password": [_("give either the password or a code")]})
    user = User.objects.get(pk=actor.user_id)
    if not (user.check_password(password) if password else _takes(user, code)):
        raise NotConfirmed
    secret = new_secret(STEP_UP_PREFIX)
    row = StepUp.objects.create(
        key_hash=hash_of(secret),
        membership_id=acting_member(actor),
        method="password" if password else "mfa",
        at=at,
    )
    record("step-up", row.pk, "confirm", actor=actor, at=at, detail={"method": row.method})
    return Proof(row, secret)


def _takes(user: User, code: str) -> bool:
    """Return whether one of the person's apps gave this code; each code counts once."""
    apps = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    return any(app.wrap().validate_code(code) for app in apps)
