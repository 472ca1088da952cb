"""What the pages of organisations and members are given. Invariant: plain frozen values."""

from dataclasses import dataclass
from datetime import datetime

from exchange.portal.pieces import Section


@dataclass(frozen=True, slots=True)
class Acting:
    """An organisation that the reader may act for; `current` is the one acted for now."""

    id: str
    name: str
    roles: tuple[str, ...]
    state: str
    current: bool


@dataclass(frozen=True, slots=True)
class CapacityRow:
    """A capacity of the organisation and its state; `reason` is why the venue stopped it."""

    kind: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of the organisation and its roles, as codes."""

    name: str
    email: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """`organisation.html`: for whom do I act, what may it do, and whom else may I act for.

    Forms come beside it: `apply` enters an organisation, `capacity` asks for a capacity and
    `invite` asks a person in; each is None where the reader may not. `invited_url` is shown once.
    `reason` is why the venue refused, suspended or closed it.
    """

    about: Section | None
    state: str
    is_venue: bool
    acting: tuple[Acting, ...]
    capacities: tuple[CapacityRow, ...] = ()
    members: tuple[MemberRow, ...] = ()
    invited_url: str = ""
    invited: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """`invitation.html`: who asks whom to act for it, with which roles, until when."""

    organisation: str
    by: str
    roles: tuple[str, ...]
    expires_at: datetime
    accept_url: str
    key: str
