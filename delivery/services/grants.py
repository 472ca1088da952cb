"""Entitlements. Invariant: one grant a trade, opened once and ended once, each with its event.

A suspension of either side does not stop a delivery under way; a withdrawal does, at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from core.actors import Member, why_not
from core.errors import NotFound
from core.events import record, record_many
from core.service import require, service
from delivery import selectors
from delivery.errors import GrantClosed, GrantDiffers, GrantExpired, GrantWithdrawn
from delivery.models import Grant
from delivery.states import GRANT, GrantState


@dataclass(frozen=True, slots=True)
class GrantRequest:
    """What the buyer of trade `reference` is to get. `max_downloads` None is no limit."""

    reference: UUID
    buyer_id: UUID
    vendor_id: UUID
    version_id: UUID
    max_downloads: int | None
    expires_at: datetime
    inspect_until: datetime


def require_under_way(actor: Member, act: str) -> None:
    """Refuse unless the actor has the role for `act` in its organisation.

    Neither a suspended organisation nor a lost capacity stops a delivery that is under way.

    Raises:
        Forbidden, VenueStaff, OrganisationSuspended: as the refusal says.

    """
    under_way = actor.organisation_state in {"ACTIVE", "SUSPENDED"}
    if not (under_way and why_not(actor, act) in {"capacity", "suspended"}):
        require(actor, act)


def check_open(grant: Grant, at: datetime) -> None:
    """Refuse unless the grant is open and its term is not over.

    Raises:
        GrantWithdrawn, GrantClosed, GrantExpired: it is not, and why.

    """
    if grant.state == GrantState.WITHDRAWN:
        raise GrantWithdrawn(grant=str(grant.pk))
    if grant.state == GrantState.CLOSED:
        raise GrantClosed(grant=str(grant.pk))
    if grant.state == GrantState.EXPIRED or grant.expires_at <= at:
        raise GrantExpired(grant=str(grant.pk), expires_at=grant.expires_at.isoformat())


@service
def open_grants(*, grants: list[GrantRequest], actor: Member, at: datetime) -> list[Grant]:
    """Open a grant for each trade that has none; return those of all trades asked for.

    Idempotent by reference: the number of statements does not depend on the number of grants.

    Raises:
        GrantDiffers: a trade has a grant for other parties, another version or another limit.

    """
    given = {asked.reference: asked for asked in grants}
    found = set(Grant.objects.filter(reference__in=given).values_list("reference", flat=True))
    made = Grant.objects.bulk_create(
        [
            Grant(
                reference=asked.reference,
                buyer_id=asked.buyer_id,
                vendor_id=asked.vendor_id,
                version_id=asked.version_id,
                max_downloads=asked.max_downloads,
                opened_at=at,
                expires_at=asked.expires_at,
                inspect_until=asked.inspect_until,
            )
            for asked in given.values()
            if asked.reference not in found
        ],
        ignore_conflicts=True,
    )
    rows = list(Grant.objects.filter(reference__in=given).order_by("opened_at", "pk"))
    for row in rows:
        _check_same(row, given[row.reference])
    # Where another request opened the same grant meanwhile, the row made here is not there.
    opened = {row.pk for row in rows} & {row.pk for row in made}
    record_many("grant", sorted(opened), "open", after=GrantState.OPEN, actor=actor, at=at)
    return rows


def _check_same(grant: Grant, asked: GrantRequest) -> None:
    held = (grant.buyer_id, grant.vendor_id, grant.version_id, grant.max_downloads)
    if held != (asked.buyer_id, asked.vendor_id, asked.version_id, asked.max_downloads):
        raise GrantDiffers(
            _("Trade %(reference)s has a grant on other terms.") % {"reference": asked.reference}
        )


@service(may="review")
def withdraw_grant(*, grant_id: UUID, reason: str, actor: Member, at: datetime) -> Grant:
    """Withdraw a grant; every link of it stops at once, downloads under way too.

    Raises:
        NotFound: there is none.
        IllegalTransition: it is not open.

    """
    grant = selectors.own_grant(grant_id, actor)
    return GRANT.move(grant, "withdraw", actor=actor, at=at, reason=reason)


@service(may="review")
def withdraw_grants(
    *, references: Iterable[UUID], reason: str, actor: Member, at: datetime
) -> list[UUID]:
    """Withdraw the open grants of some trades; return the ids of those withdrawn."""
    rows = Grant.objects.filter(reference__in=list(references))
    return GRANT.move_all(rows, "withdraw", actor=actor, at=at, reason=reason)


@service
def close_grants(
    *, references: Iterable[UUID], reason: str, actor: Member, at: datetime
) -> list[UUID]:
    """Close the open grants of trades that ended; return the ids of those closed.

    Raises:
        NotFound: the actor is not the venue's own machinery; nobody closes a grant by hand.

    """
    if not actor.system:
        raise NotFound
    rows = Grant.objects.filter(reference__in=list(references))
    return GRANT.move_all(rows, "close", actor=actor, at=at, reason=reason)


@service
def expire_grants(*, limit: int, actor: Member, at: datetime) -> list[UUID]:
    """Expire up to `limit` grants whose term is over; return their ids.

    Nothing waits for it to be refused: each request checks the term itself.
    """
    due = list(selectors.grants_past_expiry(at).values_list("pk", flat=True)[:limit])
    return GRANT.move_all(Grant.objects.filter(pk__in=due), "expire", actor=actor, at=at)


@service
def end_inspections(*, limit: int, actor: Member, at: datetime) -> list[UUID]:
    """Say of up to `limit` grants that their inspection window is over; return their ids.

    What follows for the trade is decided above, from the event.
    """
    due = selectors.grants_past_inspection(at).values_list("pk", flat=True)[:limit]
    locked = Grant.objects.select_for_update(no_key=True).order_by("pk")
    ended = list(
        locked.filter(pk__in=list(due), inspection_ended_at__isnull=True).values_list(
            "pk", flat=True
        )
    )
    Grant.objects.filter(pk__in=ended).update(inspection_ended_at=at)
    record_many("grant", ended, "end_inspection", actor=actor, at=at)
    return ended


def mark_handed_over(grant: Grant, *, actor: Member, at: datetime, receipt_id: UUID) -> None:
    """Note the first complete hand-over under a grant; later ones change nothing."""
    first = Grant.objects.filter(pk=grant.pk, handed_over_at__isnull=True).update(handed_over_at=at)
    if first:
        detail = {"receipt": receipt_id}
        record("grant", grant.pk, "hand_over", actor=actor, at=at, detail=detail)
