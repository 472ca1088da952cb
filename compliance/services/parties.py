"""Clearances follow their parties. Invariant: what a suspended party offers is not cleared.

Suspension is reversible: what it took away comes back when both parties may trade again.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from compliance import selectors
from compliance.models import Clearance
from compliance.services.clearances import fall
from compliance.states import CLEARANCE, ClearanceState
from core.actors import Member
from core.models import Capacity
from core.service import service
from listings import services as listings
from listings.states import VersionState

SUSPENDED = "organisation-suspended"


@service(may="admit")
def suspend_clearances_of_organisations(
    *, organisation_ids: Collection[UUID], actor: Member, at: datetime
) -> list[UUID]:
    """Suspend the clearances of everything that suspended organisations offer or supply."""
    return fall(_of_organisations(organisation_ids), SUSPENDED, actor=actor, at=at)


@service(may="admit")
def end_clearances_of_organisations(
    *, organisation_ids: Collection[UUID], actor: Member, at: datetime
) -> list[UUID]:
    """End the clearances of everything that closed organisations offer or supply."""
    return fall(_of_organisations(organisation_ids), "organisation-closed", actor=actor, at=at)


@service(may="admit")
def resume_clearances_of_organisations(
    *, organisation_ids: Collection[UUID], actor: Member, at: datetime
) -> list[UUID]:
    """Resume what was suspended with organisations that are active again."""
    return _resume(_of_organisations(organisation_ids), actor=actor, at=at)


@service(may="admit")
def suspend_clearances_of_capacities(
    *, capacity_ids: Collection[UUID], actor: Member, at: datetime
) -> list[UUID]:
    """Suspend the clearances of what was offered or supplied in capacities taken away."""
    return fall(_of_capacities(capacity_ids), SUSPENDED, actor=actor, at=at)


@service(may="admit")
def resume_clearances_of_capacities(
    *, capacity_ids: Collection[UUID], actor: Member, at: datetime
) -> list[UUID]:
    """Resume what was suspended with capacities that are admitted again."""
    return _resume(_of_capacities(capacity_ids), actor=actor, at=at)


def _resume(rows: QuerySet[Clearance], *, actor: Member, at: datetime) -> list[UUID]:
    """Resume those that were suspended with a party, where both parties may trade now."""
    fallen = rows.filter(
        _may_offer(),
        state=ClearanceState.SUSPENDED,
        ground=SUSPENDED,
        valid_until__gt=at,
        version__state=VersionState.LISTED,
        version__product__vendor__state="ACTIVE",
        version__product__supplier__state="ACTIVE",
    )
    ids = CLEARANCE.move_all(fallen, "resume", actor=actor, at=at, ground="")
    for row in Clearance.objects.filter(pk__in=ids).order_by("pk"):
        listings.publish_entry(version_id=row.version_id, live_until=row.valid_until, at=at)
    return ids


def _of_organisations(organisation_ids: Collection[UUID]) -> QuerySet[Clearance]:
    return selectors.open_clearances().filter(
        Q(version__product__vendor__in=organisation_ids)
        | Q(version__product__supplier__in=organisation_ids)
    )


def _of_capacities(capacity_ids: Collection[UUID]) -> QuerySet[Clearance]:
    """Return what was offered as vendor, or supplied to another vendor, in these capacities."""
    known = Capacity.objects.filter(pk__in=capacity_ids)
    vendors = known.filter(kind="vendor").values("organisation")
    suppliers = known.filter(kind="supplier").values("organisation")
    return selectors.open_clearances().filter(
        Q(version__product__vendor__in=vendors)
        | Q(version__product__supplier__in=suppliers) & ~_own_data()
    )


def _own_data() -> Q:
    return Q(version__product__vendor=F("version__product__supplier"))


def _may_offer() -> Q:
    admitted = Capacity.objects.filter(state="ADMITTED")
    vendor = admitted.filter(kind="vendor", organisation=OuterRef("version__product__vendor"))
    supplier = admitted.filter(kind="supplier", organisation=OuterRef("version__product__supplier"))
    return Q(Exists(vendor)) & (_own_data() | Q(Exists(supplier)))
