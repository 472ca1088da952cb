"""Deliveries outside the platform. Invariant: a receipt needs the word of both sides."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from core.actors import Member
from core.errors import Malformed, NotFound
from core.events import record
from core.service import service
from delivery import selectors
from delivery.models import OutsideDelivery
from delivery.services.grants import check_open, require_under_way
from delivery.services.receipts import issue_outside_receipt
from delivery.states import OUTSIDE_DELIVERY, OutsideDeliveryState


@service
def report_outside_delivery(
    *,
    grant_id: UUID,
    means: str,
    delivered_at: datetime,
    sha256: str,
    size_bytes: int | None,
    actor: Member,
    at: datetime,
) -> OutsideDelivery:
    """State, as the vendor, that the data was handed over by other means than the platform.

    Raises:
        NotFound: the grant is not one that the actor's organisation sold.
        Malformed: the delivery lies in the future or before the grant.
        GrantWithdrawn, GrantClosed, GrantExpired: the grant is not open.

    """
    require_under_way(actor, "sell")
    grant = selectors.own_grant(grant_id, actor)
    if grant.vendor_id != actor.organisation_id:
        raise NotFound
    check_open(grant, at)
    if not grant.opened_at <= delivered_at <= at:
        raise Malformed(
            fields={"delivered_at": [_("must be after the grant was opened and not in the future")]}
        )
    delivery = OutsideDelivery.objects.create(
        grant=grant,
        means=means,
        delivered_at=delivered_at,
        sha256=sha256,
        size_bytes=size_bytes,
        reported_at=at,
    )
    record(
        "outside-delivery",
        delivery.pk,
        "report",
        after=OutsideDeliveryState.REPORTED,
        actor=actor,
        at=at,
        detail={"grant": grant.pk},
    )
    return delivery


@service
def confirm_outside_delivery(*, delivery_id: UUID, actor: Member, at: datetime) -> OutsideDelivery:
    """Confirm, as the buyer, that the data arrived; the venue signs a receipt.

    Raises:
        NotFound: it was not made to the actor's organisation.
        IllegalTransition: it was answered before.

    """
    require_under_way(actor, "trade")
    delivery = selectors.locked_outside_delivery(delivery_id, actor)
    OUTSIDE_DELIVERY.move(delivery, "confirm", actor=actor, at=at, answered_at=at)
    issue_outside_receipt(delivery, actor=actor, at=at)
    return delivery


@service
def deny_outside_delivery(
    *, delivery_id: UUID, reason: str, actor: Member, at: datetime
) -> OutsideDelivery:
    """State, as the buyer, that the data did not arrive; no inspection window runs for it.

    Raises:
        NotFound: it was not made to the actor's organisation.
        IllegalTransition: it was answered before.

    """
    require_under_way(actor, "trade")
    delivery = selectors.locked_outside_delivery(delivery_id, actor)
    return OUTSIDE_DELIVERY.move(
        delivery, "deny", actor=actor, at=at, reason=reason, answered_at=at
    )
