"""Fees, holds and settlements.

Invariant: the vendor of a trade and the venue see every line of its split, a beneficiary its own,
the buyer what it paid; to anybody else the trade does not exist.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from core.actors import Member, why_not
from core.errors import NotFound
from core.models import Organisation
from settlement.errors import FeeScheduleInvalid, FeeScheduleMissing
from settlement.fees import Charges, FeeRefused, charges, parse_schedule
from settlement.models import FeeSchedule, Hold, SettlementRequest, SettlementTerms
from settlement.selectors.accounts import own_organisation, require_officer
from settlement.splits import AllocationLine, parse_plan
from settlement.states import HoldState, SettlementState


@dataclass(frozen=True, slots=True)
class SplitLine:
    """One line of an allocation plan and what it got, in minor units."""

    line: int
    beneficiary_id: UUID | None
    beneficiary: str
    role: str
    share_bp: int | None
    fixed_minor: int | None
    cap_minor: int | None
    is_remainder: bool
    amount_minor: int


@dataclass(frozen=True, slots=True)
class SplitSheet:
    """How the price of a trade was shared. What the reader may not see is None or left out.

    `whole` says whether all lines are shown.
    """

    reference: str
    currency: str
    state: str
    reason: str
    requested_at: datetime
    settled_at: datetime | None
    price_minor: int
    buyer_fee_minor: int | None
    total_minor: int | None
    vendor_fee_minor: int | None
    net_minor: int | None
    lines: tuple[SplitLine, ...]
    whole: bool


def fee_schedule_at(at: datetime, currency: str) -> dict[str, Any]:
    """Return the fee schedule in force at a moment, as it is frozen into contracts.

    Raises:
        FeeScheduleMissing: none is in force.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT settlement_fee_schedule(%s, %s)::text", [at, currency])
        (document,) = cursor.fetchone()
    if document is None:
        raise FeeScheduleMissing(currency=currency)
    return dict(json.loads(document))


def quote(price_minor: int, fee: Mapping[str, Any]) -> Charges:
    """Return the fees on a price by a frozen schedule; its `total_minor` is what is to be held.

    Raises:
        FeeScheduleInvalid: the schedule cannot be used, or takes more than the price.
    """
    try:
        return charges(price_minor, parse_schedule(fee))
    except FeeRefused as error:
        raise FeeScheduleInvalid(error.text) from None


def fee_schedules(currency: str | None) -> QuerySet[FeeSchedule]:
    """Return the fee schedules, which are public."""
    rows = FeeSchedule.objects.all()
    return rows.filter(currency=currency) if currency else rows


def locked_holds(references: Iterable[str]) -> dict[str, Hold]:
    """Return and lock the holds of `references`, in id order."""
    rows = (
        Hold.objects.select_for_update(of=("self",))
        .filter(reference__in=set(references))
        .order_by("pk")
    )
    return {row.reference: row for row in rows}


def expired_holds(*, at: datetime, limit: int) -> list[str]:
    """Return references of holds past their expiry that no settlement is requested for."""
    asked = SettlementRequest.objects.filter(
        reference=OuterRef("reference"), state=SettlementState.REQUESTED
    )
    rows = Hold.objects.filter(expires_at__lte=at, state=HoldState.HELD).filter(~Exists(asked))
    return list(rows.order_by("expires_at").values_list("reference", flat=True)[:limit])


def requests_by_reference(references: Iterable[str]) -> dict[str, SettlementRequest]:
    """Return the settlements that were requested for `references`."""
    rows = SettlementRequest.objects.filter(reference__in=set(references))
    return {row.reference: row for row in rows}


def settlements(actor: Member, state: str | None) -> QuerySet[SettlementRequest]:
    """Return the settlements of all trades, for the venue's officers.

    Raises:
        NotFound: the actor is none.
    """
    require_officer(actor)
    rows = SettlementRequest.objects.all()
    return rows.filter(state=state) if state else rows


def settlements_due() -> int:
    """Return how many settlements wait for a worker, at most 10,000 counted."""
    return SettlementRequest.objects.filter(state=SettlementState.REQUESTED)[:10_000].count()


def terms_ids(digests: Iterable[str]) -> dict[str, int]:
    """Return the ids of kept terms by their digest."""
    rows = SettlementTerms.objects.filter(digest__in=set(digests))
    return dict(rows.values_list("digest", "id"))


def split_sheet(reference: str, actor: Member) -> SplitSheet:
    """Return how a trade is or was split, as far as the actor may see it.

    Raises:
        NotFound: no settlement of it is requested, or it is none of the actor's business.
    """
    request = SettlementRequest.objects.filter(reference=reference).select_related("terms").first()
    if request is None:
        raise NotFound
    own = own_organisation(actor)
    whole = actor.system or own == request.vendor_id or not why_not(actor, "settle")
    buys = own == request.organisation_id
    lines = _lines(request, None if whole else own)
    if not (whole or buys or lines):
        raise NotFound
    buyer_fee, vendor_fee = request.parts[:2]
    return SplitSheet(
        reference=request.reference,
        currency=request.currency,
        state=request.state,
        reason=request.reason if whole else "",
        requested_at=request.requested_at,
        settled_at=request.settled_at,
        price_minor=request.price_minor,
        buyer_fee_minor=buyer_fee if whole or buys else None,
        total_minor=request.amount_minor if whole or buys else None,
        vendor_fee_minor=vendor_fee if whole else None,
        net_minor=request.price_minor - vendor_fee if whole else None,
        lines=lines,
        whole=whole,
    )


def _lines(request: SettlementRequest, only: UUID | None) -> tuple[SplitLine, ...]:
    plan = parse_plan(request.terms.plan)
    shown = [
        (number, line, amount)
        for number, (line, amount) in enumerate(
            zip(plan.lines, request.parts[2:], strict=True), start=1
        )
        if only is None or line.beneficiary == only
    ]
    names = _names(line for _, line, _ in shown)
    return tuple(
        SplitLine(
            line=number,
            beneficiary_id=line.beneficiary,
            beneficiary=names.get(line.beneficiary, "") if line.beneficiary else "",
            role=line.role,
            share_bp=line.share_bp,
            fixed_minor=line.fixed_minor,
            cap_minor=line.cap_minor,
            is_remainder=line.is_remainder,
            amount_minor=amount,
        )
        for number, line, amount in shown
    )


def _names(lines: Iterable[AllocationLine]) -> dict[UUID, str]:
    wanted = {line.beneficiary for line in lines if line.beneficiary}
    rows = Organisation.objects.filter(pk__in=wanted)
    return {row.pk: row.display_name for row in rows}
