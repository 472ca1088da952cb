"""Plain builders of the cast. Each makes one thing, already in the state that its name says."""

from datetime import datetime
from itertools import count
from typing import Any

from core.actors import Member
from core.models import Capacity, Membership, Organisation, User
from core.states import CAPACITY, CapacityState, OrganisationState

_numbers = count(1)


def user(email: str = "", **fields: Any) -> User:
    return User.objects.create_user(email or f"person{next(_numbers)}@example.com", **fields)


def organisation(
    name: str = "", *, at: datetime, capacities: tuple[str, ...] = (), **fields: Any
) -> Organisation:
    number = next(_numbers)
    made = Organisation.objects.create(
        name_en=name or f"Organisation {number}",
        country=fields.pop("country", "XX"),
        registry_number=fields.pop("registry_number", f"R-{number}"),
        state=fields.pop("state", OrganisationState.ACTIVE),
        created_at=at,
        **fields,
    )
    for kind in capacities:
        capacity = Capacity.objects.create(organisation=made, kind=kind, applied_at=at)
        Capacity.objects.filter(pk=capacity.pk).update(state=CapacityState.ADMITTED)
    assert CAPACITY
    return made


def member(
    organisation: Organisation,
    *roles: str,
    at: datetime,
    user: User | None = None,
    signing_limit_minor: int | None = None,
) -> Member:
    person = user or globals()["user"]()
    membership = Membership.objects.create(
        user=person,
        organisation=organisation,
        roles=list(roles),
        signing_limit_minor=signing_limit_minor,
        created_at=at,
    )
    return actor(membership)


def actor(membership: Membership) -> Member:
    """The member as an edge would read it."""
    organisation = membership.organisation
    return Member(
        user_id=membership.user_id,
        membership_id=membership.pk,
        organisation_id=organisation.pk,
        organisation_state=organisation.state,
        is_venue=organisation.is_venue,
        roles=frozenset(membership.roles),
        capacities=frozenset(
            organisation.capacities.filter(state="ADMITTED").values_list("kind", flat=True)
        ),
        signing_limit_minor=membership.signing_limit_minor,
        name=str(membership.user),
        # Signed in just now, with a password.
        confirmed_at=membership.created_at,
        confirmed_by="password",
    )


def vendor(at: datetime, name: str = "", *roles: str) -> Member:
    held = organisation(name, at=at, capacities=("vendor", "supplier"))
    return member(held, *(roles or ("owner", "signatory", "editor", "trader", "finance")), at=at)


def buyer(at: datetime, name: str = "", *roles: str) -> Member:
    held = organisation(name, at=at, capacities=("buyer",))
    return member(held, *(roles or ("owner", "signatory", "trader", "finance")), at=at)


def venue(at: datetime) -> Organisation:
    return Organisation.objects.filter(is_venue=True).first() or organisation(
        "The Venue", at=at, is_venue=True
    )


def staff(at: datetime, *roles: str) -> Member:
    return member(venue(at), *roles, at=at)
