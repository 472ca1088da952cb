"""What the pages of organisations and members are given. Invariant: plain frozen values."""

from dataclasses import dataclass
from datetime import datetime

from exchange.portal.pieces import Action, EmptyState, Section


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
    """A member of the organisation and its roles, as codes; `end` where the reader may end it."""

    name: str
    email: str
    roles: tuple[str, ...]
    end: Action | None = None


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


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One of the reader's API tokens: what it may do, as codes, and until when it is good.

    `ended` says why it is no longer good, "" while it is; only then there is a `revoke`.
    """

    label: str
    scopes: tuple[str, ...]
    expires_at: datetime | None
    ended: str
    revoke: Action | None


@dataclass(frozen=True, slots=True)
class TokensPage:
    """`tokens.html`: which programs act as me, what may they do, and how do I stop one.

    `secret` is that of the token just made, shown once and kept nowhere; `try_it` is a command
    that uses it. The form `form` is None where the reader may make none.
    """

    rows: tuple[TokenRow, ...]
    submit_url: str
    docs_url: str
    secret: str = ""
    try_it: str = ""
    more_url: str = ""
    empty: EmptyState | None = None
