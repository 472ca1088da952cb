"""Whom a person may act for. Invariant: one's own memberships and invitations, and no other's."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.actors import Member, why_not
from core.errors import NotFound
from core.models import Capacity, Event, Invitation, Membership, Organisation, User
from core.secrets import hash_of
from core.selectors import memberships_of

STOPPED = frozenset({"REFUSED", "SUSPENDED", "CLOSED", "WITHDRAWN"})


@dataclass(frozen=True, slots=True)
class MemberSheet:
    """The organisation acted for, its capacities and members, and the others one may act for.

    `reasons` are why the venue refused, suspended or closed what stands so, by identifier.
    """

    organisation: Organisation | None
    capacities: tuple[Capacity, ...]
    memberships: tuple[Membership, ...]
    members: tuple[Membership, ...]
    may_manage: bool
    reasons: dict[UUID, str] = field(default_factory=dict)


def member_sheet(member: Member) -> MemberSheet:
    """Return whom the person acts for, and whom else it may; at most four statements."""
    if member.user_id is None:
        raise NotFound
    memberships = tuple(memberships_of(member.user_id))
    own = next((m for m in memberships if m.organisation_id == member.organisation_id), None)
    if own is None:
        return MemberSheet(None, (), memberships, (), may_manage=False)
    members = Membership.objects.filter(organisation=own.organisation_id, is_active=True)
    capacities = Capacity.objects.filter(organisation=own.organisation_id).order_by("kind")
    stopped = [row.pk for row in capacities if row.state in STOPPED]
    stopped += [own.organisation_id] if own.organisation.state in STOPPED else []
    return MemberSheet(
        organisation=own.organisation,
        capacities=tuple(capacities),
        memberships=memberships,
        members=tuple(members.select_related("user").order_by("created_at")),
        may_manage=not why_not(member, "manage"),
        reasons=_reasons(stopped) if stopped else {},
    )


def _reasons(subjects: list[UUID]) -> dict[UUID, str]:
    newest = Event.objects.filter(subject_id__in=subjects).order_by("subject_id", "-id")
    return dict(newest.distinct("subject_id").values_list("subject_id", "reason"))


def own_membership(member: Member, organisation_id: UUID) -> Membership:
    """Return the person's membership of an organisation.

    Raises:
        NotFound: it has none.

    """
    if member.user_id is None:
        raise NotFound
    found = memberships_of(member.user_id).filter(organisation=organisation_id).first()
    if found is None:
        raise NotFound
    return found


def open_invitation(key: str, member: Member, at: datetime) -> Invitation:
    """Return the open invitation of a key, for the person it was sent to.

    Raises:
        NotFound: there is none, it has run out, or it was sent to another address.

    """
    email = User.objects.filter(pk=member.user_id).values("email")
    found = (
        Invitation.objects.filter(
            key_hash=hash_of(key), accepted_at__isnull=True, expires_at__gt=at, email__in=email
        )
        .select_related("organisation", "invited_by")
        .first()
    )
    if found is None:
        raise NotFound
    return found
