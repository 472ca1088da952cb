"""Settling trades. Invariant: a trade is settled once, by the terms it was concluded on.

The parts are computed when a settlement is requested and frozen in the request; settling is one
SQL function that claims, posts and marks any number of requests.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from core.actors import Member
from core.canonical import digest
from core.errors import Malformed, NotFound
from core.events import reactions_to
from core.service import service, sql_service
from settlement import selectors
from settlement.errors import (
    AccountMissing,
    FeeScheduleInvalid,
    HoldNotOpen,
    HoldTooSmall,
    PlanCannotPay,
    ReferenceReused,
)
from settlement.fees import Charges, FeeRefused, charges, parse_schedule
from settlement.models import AccountKind, Hold, SettlementRequest, SettlementTerms
from settlement.services.accounts import open_accounts
from settlement.services.posting import ledger_refusals
from settlement.splits import AllocationPlan, SplitRefused, parse_plan, split
from settlement.states import SETTLEMENT, HoldState


@dataclass(frozen=True, slots=True)
class Settlement:
    """A trade that is to be settled at a price, by its frozen plan and fee schedule.

    `amount_minor` is the price, before the buyer's own fee: that fee is taken from the hold on
    top of it, and what the hold has over goes back to the buyer. `vendor_id` may see all lines.
    """

    reference: str
    organisation_id: UUID
    vendor_id: UUID
    amount_minor: int
    currency: str
    plan: Sequence[Mapping[str, Any]]
    fee: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Priced:
    """A settlement with its charges and parts; the plan's digest stands for plan and fee."""

    asked: Settlement
    plan: AllocationPlan
    charges: Charges
    parts: tuple[int, ...]
    terms: str
    input_hash: str


class Settled(NamedTuple):
    """How many requests a batch settled, and how many failed."""

    settled: int
    failed: int


@service
def request_settlement(
    *,
    reference: str,
    organisation_id: UUID,
    vendor_id: UUID,
    amount_minor: int,
    currency: str,
    plan: Sequence[Mapping[str, Any]],
    fee: Mapping[str, Any],
    actor: Member,
    at: datetime,
) -> SettlementRequest:
    """Ask for one trade to be settled; see `request_settlements`."""
    asked = Settlement(reference, organisation_id, vendor_id, amount_minor, currency, plan, fee)
    (request,) = request_settlements(settlements=[asked], actor=actor, at=at)
    return request


@service
def request_settlements(
    *, settlements: Sequence[Settlement], actor: Member, at: datetime
) -> list[SettlementRequest]:
    """Ask for trades to be settled; workers claim the rows this leaves.

    The same request again is harmless. The number of statements does not depend on the number
    of settlements. Prices are in minor units.

    Raises:
        PlanCannotPay: a plan's fixed amounts, or the vendor's fee, are over the price.
        FeeScheduleInvalid: a fee document is not one, or is of another currency.
        NotFound: nothing is held for a trade, or a beneficiary does not exist.
        HoldNotOpen, HoldTooSmall: the hold cannot pay the price and the buyer's fee.
        ReferenceReused: the trade's settlement was requested with other content.

    """
    priced = [_priced(asked) for asked in settlements]
    if len({one.asked.reference for one in priced}) != len(priced):
        raise ReferenceReused
    holds = selectors.locked_holds(one.asked.reference for one in priced)
    known = selectors.requests_by_reference(one.asked.reference for one in priced)
    fresh = []
    for one in priced:
        before = known.get(one.asked.reference)
        if before is None:
            _check_hold(one, holds.get(one.asked.reference))
            fresh.append(one)
        elif before.input_hash != one.input_hash:
            raise ReferenceReused(reference=one.asked.reference)
    if fresh:
        accounts = _accounts(fresh, actor, at)
        terms = _terms(fresh)
        rows = [_row(one, holds, accounts, terms, at) for one in fresh]
        with ledger_refusals():
            SettlementRequest.objects.bulk_create(rows)
        known |= {row.reference: row for row in rows}
    return [known[asked.reference] for asked in settlements]


@service(may="settle")
def retry_settlement(
    *, request_id: UUID, reason: str, actor: Member, at: datetime
) -> SettlementRequest:
    """Put a failed settlement back among those that are due, once its cause is mended.

    Raises:
        NotFound: there is no such settlement.
        IllegalTransition: it has not failed.

    """
    request = SettlementRequest.objects.filter(pk=request_id).first()
    if request is None:
        raise NotFound
    detail = {"reference": request.reference}
    return SETTLEMENT.move(request, "retry", actor=actor, at=at, reason=reason, detail=detail)


@sql_service
def settle_due(*, limit: int, actor: Member, at: datetime) -> Settled:
    """Settle up to `limit` requested trades, the oldest first, in one statement.

    Safe to run twice, in two workers at once, or to be killed at any moment: what was not
    committed is claimed again.
    """
    reactions = {
        "settle": list(reactions_to("settlement", "settle")),
        "fail": list(reactions_to("settlement", "fail")),
        "capture": list(reactions_to("hold", "capture")),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT settled, failed FROM settlement_settle(%s, %s, %s)",
            [limit, at, json.dumps(reactions)],
        )
        return Settled(*cursor.fetchone())


def _priced(asked: Settlement) -> _Priced:
    if not 1 <= len(asked.reference) <= 64:
        raise Malformed(fields={"reference": [_("1 to 64 characters")]})
    try:
        table = parse_schedule(asked.fee)
        found = charges(asked.amount_minor, table)
    except FeeRefused as error:
        raise FeeScheduleInvalid(error.text, reference=asked.reference) from None
    if table.currency != asked.currency:
        raise FeeScheduleInvalid(
            _("The fees are in %(a)s and the price in %(b)s.")
            % {"a": table.currency, "b": asked.currency},
            reference=asked.reference,
        )
    try:
        plan = parse_plan(asked.plan)
        shares = split(found.net_minor, plan)
    except SplitRefused as error:
        raise PlanCannotPay(error.text, line=error.line, reference=asked.reference) from None
    terms = digest([asked.plan, asked.fee])
    return _Priced(
        asked=asked,
        plan=plan,
        charges=found,
        parts=(found.buyer_fee_minor, found.vendor_fee_minor, *shares),
        terms=terms,
        input_hash=digest(
            [
                asked.reference,
                asked.organisation_id,
                asked.vendor_id,
                asked.amount_minor,
                asked.currency,
                terms,
            ]
        ),
    )


def _check_hold(one: _Priced, hold: Hold | None) -> None:
    total = one.charges.total_minor
    if total == 0:
        return
    reference = one.asked.reference
    if hold is None or hold.organisation_id != one.asked.organisation_id:
        raise NotFound(_("Nothing is held for %(r)s.") % {"r": reference})
    if hold.state != HoldState.HELD:
        raise HoldNotOpen(reference=reference, state=hold.state)
    if hold.currency != one.asked.currency or hold.open_minor < total:
        raise HoldTooSmall(reference=reference, held_minor=hold.open_minor, needed_minor=total)


def _accounts(
    fresh: Sequence[_Priced], actor: Member, at: datetime
) -> dict[tuple[UUID | None, str, str], int]:
    """Return the ids of the accounts that are paid from and to, opening what is missing."""
    wanted: set[tuple[UUID | None, str, str]] = set()
    for one in fresh:
        wanted.add((one.asked.organisation_id, AccountKind.HELD, one.asked.currency))
        wanted |= set(_paid_to(one))
    found = selectors.account_ids(wanted)
    missing = wanted - found.keys()
    for currency in sorted({currency for _, _, currency in missing}):  # noqa: F402
        owners = [owner for owner, _, of in missing if of == currency and owner is not None]
        open_accounts(organisation_ids=owners, currency=currency, actor=actor, at=at)
    found |= selectors.account_ids(missing) if missing else {}
    if wanted - found.keys():
        raise AccountMissing
    return found


def _paid_to(one: _Priced) -> list[tuple[UUID | None, str, str]]:
    currency = one.asked.currency
    fees = (None, str(AccountKind.FEES), currency)
    return [
        fees,
        fees,
        *(
            (line.beneficiary, str(AccountKind.PAYABLE), currency)
            if line.beneficiary
            else (None, str(AccountKind.FUND), currency)
            for line in one.plan.lines
        ),
    ]


def _terms(fresh: Sequence[_Priced]) -> dict[str, int]:
    """Return the ids of the terms of each digest, keeping those that are new."""
    kept = {
        one.terms: SettlementTerms(digest=one.terms, plan=one.asked.plan, fee=one.asked.fee)
        for one in fresh
    }
    SettlementTerms.objects.bulk_create(
        [kept[name] for name in sorted(kept)], ignore_conflicts=True
    )
    return selectors.terms_ids(kept)


def _row(
    one: _Priced,
    holds: Mapping[str, Hold],
    accounts: Mapping[tuple[UUID | None, str, str], int],
    terms: Mapping[str, int],
    at: datetime,
) -> SettlementRequest:
    asked = one.asked
    hold = holds.get(asked.reference) if one.charges.total_minor else None
    return SettlementRequest(
        reference=asked.reference,
        organisation_id=asked.organisation_id,
        vendor_id=asked.vendor_id,
        hold_id=hold.pk if hold else None,
        held_account_id=accounts[(asked.organisation_id, AccountKind.HELD, asked.currency)],
        terms_id=terms[one.terms],
        currency=asked.currency,
        price_minor=asked.amount_minor,
        amount_minor=one.charges.total_minor,
        account_ids=[accounts[key] for key in _paid_to(one)],
        parts=list(one.parts),
        input_hash=one.input_hash,
        requested_at=at,
    )
