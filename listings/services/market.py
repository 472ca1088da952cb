"""Onto the market and off it. Invariant: the catalogue holds listed versions only.

The moves of submitted versions are the venue's; compliance calls them when it has decided.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from core.actors import Member
from core.service import service
from listings import selectors
from listings.models import CatalogueEntry, PlanSeat, Version
from listings.services.products import require_standing
from listings.states import ON_THE_MARKET, VERSION


@service(may="review")
def mark_screened(
    *,
    version_ids: Collection[UUID],
    verdict: Literal["screen", "block"],
    actor: Member,
    at: datetime,
    reason: str = "",
) -> list[UUID]:
    """Move screened versions on: to review (`screen`), or back to their vendors (`block`).

    Versions that their state forbids to move are left as they are; the ids moved are returned.
    """
    rows = Version.objects.filter(pk__in=version_ids)
    return VERSION.move_all(rows, verdict, actor=actor, at=at, reason=reason)


@service(may="review")
def list_version(*, version_id: UUID, actor: Member, at: datetime) -> Version:
    """Put a reviewed version on the market; an earlier version of the product leaves it.

    Raises:
        IllegalTransition: it is not in review.
        OrganisationNotAdmitted, SupplierNotSponsored: vendor or supplier may not trade now.

    """
    version = selectors.locked_version(version_id)
    VERSION.after(version.state, "approve")
    product = version.product
    require_standing(vendor_id=product.vendor_id, supplier_id=product.supplier_id, at=at)
    earlier = Version.objects.filter(product=product, state__in=ON_THE_MARKET)
    superseded = VERSION.move_all(
        earlier,
        "delist",
        actor=actor,
        at=at,
        reason=_("superseded by version %(number)s") % {"number": version.number},
    )
    _leave_catalogue(superseded)
    VERSION.move(version, "approve", actor=actor, at=at, listed_at=at)
    PlanSeat.objects.bulk_create(
        PlanSeat(plan=plan, seats=plan.seats) for plan in version.plans.all() if plan.seats
    )
    return version


@service(may="review")
def refuse_version(*, version_id: UUID, reason: str, actor: Member, at: datetime) -> Version:
    """Refuse a reviewed version for good.

    Raises:
        IllegalTransition: it is not in review.

    """
    version = selectors.locked_version(version_id)
    return VERSION.move(version, "refuse", actor=actor, at=at, reason=reason)


@service(may="review")
def return_version(*, version_id: UUID, reason: str, actor: Member, at: datetime) -> Version:
    """Give a reviewed version back to its vendor for changes.

    Raises:
        IllegalTransition: it is not in review.

    """
    version = selectors.locked_version(version_id)
    return VERSION.move(version, "return", actor=actor, at=at, reason=reason)


@service(may="review")
def suspend_version(*, version_id: UUID, reason: str, actor: Member, at: datetime) -> Version:
    """Take a listed version off the market for the time being.

    Raises:
        IllegalTransition: it is not listed.

    """
    version = selectors.locked_version(version_id)
    VERSION.move(version, "suspend", actor=actor, at=at, reason=reason)
    _leave_catalogue([version.pk])
    return version


@service(may="review")
def resume_version(*, version_id: UUID, reason: str, actor: Member, at: datetime) -> Version:
    """Put a suspended version back on the market; its entry returns with its clearance.

    Raises:
        IllegalTransition: it is not suspended.
        OrganisationNotAdmitted, SupplierNotSponsored: vendor or supplier may not trade now.

    """
    version = selectors.locked_version(version_id)
    VERSION.after(version.state, "resume")
    product = version.product
    require_standing(vendor_id=product.vendor_id, supplier_id=product.supplier_id, at=at)
    return VERSION.move(version, "resume", actor=actor, at=at, reason=reason)


@service(may="list")
def delist_version(*, version_id: UUID, reason: str, actor: Member, at: datetime) -> Version:
    """Take one's own version off the market for good.

    Raises:
        IllegalTransition: it is not on the market.

    """
    version = selectors.locked_own_version(version_id, actor)
    VERSION.move(version, "delist", actor=actor, at=at, reason=reason)
    _leave_catalogue([version.pk])
    return selectors.own_version(version_id, actor)


def _leave_catalogue(version_ids: Collection[UUID]) -> None:
    CatalogueEntry.objects.filter(pk__in=version_ids).delete()


@service
def release_seat(*, plan_id: UUID) -> bool:
    """Give a seat of a plan back; false where its seats are not limited or none was taken.

    Taking one is the SQL function `listings_take_seat`, called where orders are concluded.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT listings_release_seat(%s)", [plan_id])
        return bool(cursor.fetchone()[0])
