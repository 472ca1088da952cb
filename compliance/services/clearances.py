"""Clearances: granted, suspended, resumed, ended. Invariant: none is edited; a new one is made.

What a ground does is read from `compliance.grounds`; who calls names only the ground.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from compliance import selectors
from compliance.errors import ClearanceNotStanding, RestsOnEnded
from compliance.facts import cleared_document
from compliance.grounds import BY_HAND, GROUNDS
from compliance.models import ChecklistVersion, Clearance, Decision, Declaration
from compliance.selectors import Judged
from compliance.states import CLEARANCE, ClearanceState
from core.actors import Member
from core.errors import Malformed
from core.events import record
from core.service import service
from listings import services as listings
from listings.models import Sponsorship

# A human decision carries a clearance for a year at most.
LONGEST = timedelta(days=366)


def valid_until(result: Judged, declaration: Declaration, starts: datetime) -> datetime:
    """Return until when a clearance may run: as long as everything that it rests on."""
    ends = [starts + LONGEST, declaration.valid_until, result.known.rests_until]
    ends += result.resting_on.values()
    return min(end for end in ends if end is not None)


def grant(
    result: Judged,
    decision: Decision,
    declaration: Declaration,
    *,
    former: Clearance | None,
    latest: datetime | None = None,
    actor: Member,
    at: datetime,
) -> Clearance:
    """Make the clearance that an approval leads to, and show the version in the catalogue.

    It ends at `latest` where nothing that it rests on ends before.

    Under a list that is still scheduled it is prepared, and follows `former`; under the list in
    force it is live at once, in the place of every other.

    Raises:
        RestsOnEnded: what it rests on ends before it would begin.
    """
    checklist = ChecklistVersion.objects.only("state", "effective_at").get(pk=result.checklist_id)
    starts = max(at, checklist.effective_at or at)
    until = valid_until(result, declaration, starts)
    until = until if latest is None else min(until, latest)
    if until <= starts:
        raise RestsOnEnded
    prepared = starts > at
    others = selectors.open_clearances().filter(version=result.known.version)
    if prepared:
        others = others.filter(checklist=checklist)
    CLEARANCE.move_all(
        others, "end", actor=actor, at=at, reason="replaced", ground="replaced", ended_at=at
    )
    clearance = Clearance.objects.create(
        version=result.known.version,
        checklist_id=result.checklist_id,
        declaration=declaration,
        decision=decision,
        former=former if prepared else None,
        facts=cleared_document(result.known.facts),
        evidence=list(result.resting_on),
        valid_from=starts,
        valid_until=until,
        state=ClearanceState.PREPARED if prepared else ClearanceState.LIVE,
    )
    record(
        "clearance",
        clearance.pk,
        "prepare" if prepared else "grant",
        after=clearance.state,
        actor=actor,
        at=at,
        detail={"version": clearance.version_id, "checklist": checklist.pk},
    )
    if not prepared:
        listings.publish_entry(version_id=clearance.version_id, live_until=until, at=at)
    return clearance


def fall(rows: QuerySet[Clearance], ground: str, *, actor: Member, at: datetime) -> list[UUID]:
    """Let clearances fall on a ground: suspended or ended, as its row says. Return their ids.

    The number of statements does not depend on how many there are. What they rest on must have
    been changed before, in the same transaction.
    """
    if GROUNDS[ground].clearance == "suspend":
        live = rows.filter(state=ClearanceState.LIVE)
        ids = CLEARANCE.move_all(live, "suspend", actor=actor, at=at, reason=ground, ground=ground)
    else:
        ids = CLEARANCE.move_all(
            rows, "end", actor=actor, at=at, reason=ground, ground=ground, ended_at=at
        )
    if ids:
        versions = Clearance.objects.filter(pk__in=ids).values_list("version_id", flat=True)
        listings.withdraw_entry(version_ids=list(versions))
    return ids


@service(may="review")
def suspend_clearance(
    *, clearance_id: UUID, ground: str, reason: str, actor: Member, at: datetime
) -> Clearance:
    """Take a clearance away by hand, on one of the grounds `BY_HAND`.

    On the ground `venue` it is suspended and can be resumed; on the others it ends for good.

    Raises:
        Malformed: there is no such ground, or no reason is given.
        IllegalTransition: it has ended already.
    """
    if ground not in BY_HAND:
        raise Malformed(fields={"ground": [_("must be among %(g)s") % {"g": ", ".join(BY_HAND)}]})
    if not reason.strip():
        raise Malformed(fields={"reason": [_("is needed")]})
    clearance = selectors.locked_clearance(clearance_id)
    # The reason is a person's words; what follows goes by the ground, which the event names too.
    why: dict[str, Any] = {"reason": reason, "detail": {"ground": ground}, "ground": ground}
    if GROUNDS[ground].clearance == "suspend":
        CLEARANCE.move(clearance, "suspend", actor=actor, at=at, **why)
    else:
        CLEARANCE.move(clearance, "end", actor=actor, at=at, ended_at=at, **why)
    followers = Clearance.objects.filter(former=clearance)
    if GROUNDS[ground].clearance == "end":
        fall(followers, ground, actor=actor, at=at)
    listings.withdraw_entry(version_ids=[clearance.version_id])
    return clearance


@service(may="review")
def resume_clearance(*, clearance_id: UUID, reason: str, actor: Member, at: datetime) -> Clearance:
    """Put a suspended clearance back into force.

    Raises:
        IllegalTransition: it is not suspended.
        ClearanceNotStanding: something else that it rests on does not stand any more.
        OrganisationNotAdmitted, SupplierNotSponsored: vendor or supplier may not trade now.
    """
    clearance = selectors.locked_clearance(clearance_id)
    CLEARANCE.move(clearance, "resume", actor=actor, at=at, reason=reason, ground="")
    cause = selectors.standing(clearance.version_id, at).cause
    if cause:
        raise ClearanceNotStanding(cause=cause)
    product = clearance.version.product
    listings.require_standing(vendor_id=product.vendor_id, supplier_id=product.supplier_id, at=at)
    listings.publish_entry(version_id=clearance.version_id, live_until=clearance.valid_until, at=at)
    return clearance


@service(may="review")
def end_clearances_of_versions(
    *, version_ids: Collection[UUID], ground: str, actor: Member, at: datetime
) -> list[UUID]:
    """End the clearances of versions that left the market."""
    rows = selectors.open_clearances().filter(version__in=version_ids)
    return fall(rows, ground, actor=actor, at=at)


@service(may="review")
def end_clearances_of_rights(
    *, rights_record_ids: Collection[UUID], ground: str, actor: Member, at: datetime
) -> list[UUID]:
    """End the clearances of versions that cite rights which ended."""
    rows = selectors.clearances_resting_on_rights(rights_record_ids)
    return fall(rows, ground, actor=actor, at=at)


@service(may="review")
def end_clearances_of_sponsorships(
    *, sponsorship_ids: Collection[UUID], actor: Member, at: datetime
) -> list[UUID]:
    """End the clearances of versions listed under a supplier's mandate that ended."""
    parties = Q(pk__in=[])
    for vendor, supplier in Sponsorship.objects.filter(pk__in=sponsorship_ids).values_list(
        "vendor_id", "supplier_id"
    ):
        parties |= Q(version__product__vendor=vendor, version__product__supplier=supplier)
    rows = selectors.open_clearances().filter(parties)
    return fall(rows, "mandate-ended", actor=actor, at=at)


@service
def expire_clearances(*, limit: int, actor: Member, at: datetime) -> int:
    """End clearances whose time has run out; return how many."""
    rows = selectors.open_clearances().filter(valid_until__lte=at)
    due = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    return len(fall(rows.filter(pk__in=due), "clearance-expired", actor=actor, at=at))
