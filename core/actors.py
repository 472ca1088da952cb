"""Who acts. Invariant: a Member is read once at the edge, whole, and never cached."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Member:
    """One person acting for one organisation, as it stood when the request came in.

    `signing_limit_minor` is in fen; None is no limit. `scopes` is None for a signed-in session
    and the token's scopes for an API token. `confirmed_at` is when the person last proved that it
    is who it says, and `confirmed_by` how: password or mfa.
    """

    user_id: int | None
    membership_id: UUID | None
    organisation_id: UUID | None
    organisation_state: str = "ACTIVE"
    is_venue: bool = False
    roles: frozenset[str] = field(default_factory=frozenset)
    capacities: frozenset[str] = field(default_factory=frozenset)
    signing_limit_minor: int | None = None
    scopes: frozenset[str] | None = None
    system: bool = False
    name: str = ""
    confirmed_at: datetime | None = None
    confirmed_by: str = ""


SYSTEM = Member(user_id=None, membership_id=None, organisation_id=None, system=True, name="venue")
NOBODY = Member(user_id=None, membership_id=None, organisation_id=None, organisation_state="")

ORGANISATION_ROLES = ("owner", "signatory", "editor", "trader", "finance", "viewer")
VENUE_ROLES = ("admin", "reviewer", "senior_reviewer", "author", "officer")
# What pages and letters call them.
ROLE_NAMES: dict[str, Promise] = {
    "owner": _("Owner"),
    "signatory": _("Signatory"),
    "editor": _("Editor"),
    "trader": _("Trader"),
    "finance": _("Finance"),
    "viewer": _("Viewer"),
    "admin": _("Administrator"),
    "reviewer": _("Reviewer"),
    "senior_reviewer": _("Senior reviewer"),
    "author": _("Checklist author"),
    "officer": _("Settlement officer"),
}
ORGANISATION_KINDS = (
    "enterprise",
    "financial_institution",
    "government",
    "public_institution",
    "research_institute",
    "social_organisation",
)
CAPACITIES = ("vendor", "supplier", "buyer", "service_provider", "trustee")
CAPACITY_NAMES: dict[str, Promise] = {
    "vendor": _("Vendor"),
    "supplier": _("Supplier"),
    "buyer": _("Buyer"),
    "service_provider": _("Service provider"),
    "trustee": _("Trustee"),
}
# A scope of a token is an act; programs ask for it by its code, people read its name.
ACT_NAMES: dict[str, Promise] = {
    "belong": _("reading what is your organisation's"),
    "manage": _("managing members and capacities"),
    "list": _("listing products"),
    "record": _("recording rights and evidence"),
    "sign": _("signing declarations"),
    "report": _("making reports for others"),
    "trade": _("buying"),
    "sell": _("selling"),
    "money": _("money and payouts"),
    "review": _("reviewing versions"),
    "reassign": _("giving reviews to other reviewers"),
    "author": _("writing checklists"),
    "settle": _("settling and paying out"),
    "admit": _("admitting organisations"),
    "attest": _("attesting for the venue"),
}


@dataclass(frozen=True, slots=True)
class Permission:
    """What an act asks of the member: one of `roles`, and `capacity` unless it is empty."""

    roles: frozenset[str]
    capacity: str = ""
    venue: bool = False


PERMISSIONS: dict[str, Permission] = {
    "belong": Permission(frozenset(ORGANISATION_ROLES + VENUE_ROLES)),
    "manage": Permission(frozenset({"owner", "admin"})),
    "list": Permission(frozenset({"owner", "editor"}), "vendor"),
    "record": Permission(frozenset({"owner", "editor", "signatory"})),
    "sign": Permission(frozenset({"owner", "signatory"})),
    "report": Permission(frozenset({"owner", "editor", "signatory"}), "service_provider"),
    "trade": Permission(frozenset({"owner", "trader"}), "buyer"),
    "sell": Permission(frozenset({"owner", "trader"}), "vendor"),
    "money": Permission(frozenset({"owner", "finance"})),
    "review": Permission(frozenset({"reviewer", "senior_reviewer"}), venue=True),
    "reassign": Permission(frozenset({"senior_reviewer"}), venue=True),
    "author": Permission(frozenset({"author", "senior_reviewer"}), venue=True),
    "settle": Permission(frozenset({"officer"}), venue=True),
    "admit": Permission(frozenset({"admin"}), venue=True),
    "attest": Permission(frozenset({"admin"}), venue=True),
}


def why_not(member: Member, act: str) -> str:
    """Return why `member` may not do `act`, or "" if it may."""
    if member.system:
        return ""
    permission = PERMISSIONS[act]
    if member.organisation_id is None:
        return "no-organisation"
    if member.scopes is not None and act not in member.scopes:
        return "scope"
    if permission.venue and not member.is_venue:
        return "venue-only"
    if permission.capacity and member.is_venue:
        return "venue-cannot-trade"
    if not permission.roles & member.roles:
        return "role"
    if permission.capacity and permission.capacity not in member.capacities:
        return "capacity"
    if member.organisation_state != "ACTIVE":
        return "suspended"
    return ""


def acting_for(member: Member) -> UUID:
    """Return the organisation that a member acts for; asking it of nobody's member is a bug."""
    if member.organisation_id is None:
        raise TypeError(f"{member.name or 'this member'} acts for no organisation")
    return member.organisation_id


def acting_member(member: Member) -> UUID:
    """Return the membership that a member acts by; asking it of nobody's member is a bug."""
    if member.membership_id is None:
        raise TypeError(f"{member.name or 'this member'} has no membership")
    return member.membership_id


def signer(member: Member) -> int:
    """Return the person that acts; asking it of the venue's own machinery is a bug."""
    if member.user_id is None:
        raise TypeError(f"{member.name or 'this member'} is no person")
    return member.user_id
