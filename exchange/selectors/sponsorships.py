"""Sponsorships as both sides read them. Invariant: one reads those that one gives or receives."""

from dataclasses import dataclass

from django.db.models import QuerySet

from core.actors import Member
from core.errors import NotFound
from core.models import Organisation
from core.selectors import organisation_named
from listings.models import Sponsorship
from listings.selectors import readable_sponsorships


@dataclass(frozen=True, slots=True)
class SponsorshipsSheet:
    """What waits for the reader's answer, and every sponsorship that it may read."""

    waiting: tuple[Sponsorship, ...]
    rows: QuerySet[Sponsorship]


def sponsorships_sheet(member: Member) -> SponsorshipsSheet:
    """Return the sponsorships of the member's organisation; all of them for the venue."""
    rows = readable_sponsorships(member)
    asked = rows.filter(supplier=member.organisation_id, state="PROPOSED")
    return SponsorshipsSheet(tuple(asked.order_by("pk")), rows)


def supplier_named(text: str) -> Organisation:
    """Return the admitted supplier of a registry number or code, without telling of others.

    Raises:
        NotFound: no admitted supplier has it.
        Conflict: several countries know this number; the detail says how to name each.

    """
    rows = Organisation.objects.filter(
        state="ACTIVE", capacities__kind="supplier", capacities__state="ADMITTED"
    )
    if "\x00" in text:
        raise NotFound
    return organisation_named(text, rows)
