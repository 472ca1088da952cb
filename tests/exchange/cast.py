"""Builders of the roof: a market with a cleared plan, a buyer with money, a client of the API."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from compliance.models import ChecklistVersion, Clearance
from core.actors import SYSTEM, Member
from core.errors import DomainError
from core.models import Event
from exchange.models import Order, Trade
from exchange.services import orders, trades
from exchange.services.conclusion import Intent
from settlement import services as settlement
from settlement.bank import DEPOSIT, StatementEntry, sub_account_of
from settlement.models import BankEntry, FeeSchedule, Hold
from tests import make
from tests.compliance import cast as desk_cast

_numbers = count(1)
PLENTY = 100_000_000
STANDING = {"code": "P1", "kind": "one_off", "offer_mode": "standing", "price_minor": 120_000}
NEGOTIATED = {"code": "P1", "kind": "negotiated", "offer_mode": "negotiated"}
FEES = [{"side": "vendor", "base": "price", "rate_bp": 300}]
BOTH_PAY = [*FEES, {"side": "buyer", "base": "price", "rate_bp": 100}]


@dataclass
class Market:
    """A venue with its list in force, one vendor with one cleared version, one buyer with money."""

    at: datetime
    desk: Any
    vendor: Member
    buyer: Member
    clearance: Clearance

    @property
    def version(self) -> Any:
        return self.clearance.version

    @property
    def plan(self) -> Any:
        return self.version.plans.order_by("code").first()


def fee_schedule(at: datetime, lines: list[dict[str, Any]] | None = None) -> None:
    settlement.set_fee_schedule(
        currency="CNY",
        lines=FEES if lines is None else lines,
        effective_from=at,
        actor=make.staff(at, "admin"),
        at=at,
    )


def money(organisation_id: UUID | None, at: datetime, amount_minor: int = PLENTY) -> None:
    """Money in an organisation's custody, as a bank statement brought it."""
    assert organisation_id is not None
    settlement.open_accounts(
        organisation_ids=[organisation_id], currency="CNY", actor=SYSTEM, at=at
    )
    number = next(_numbers)
    if amount_minor:
        stated = sum(BankEntry.objects.values_list("amount_minor", flat=True)) + amount_minor
        entry = StatementEntry(
            sequence=BankEntry.objects.count() + 1,
            entry_id=f"M-{number}",
            kind=DEPOSIT,
            sub_account=sub_account_of(organisation_id),
            bank_reference=f"B-{number}",
            amount_minor=amount_minor,
            currency="CNY",
            stated_minor=stated,
            value_date=at.date(),
        )
        settlement.record_deposit(entry=entry, actor=SYSTEM, at=at)


def domestic_buyer(at: datetime, *, signing_limit_minor: int | None = None) -> Member:
    """A buyer in the mainland that no foreigner controls: nothing leaves the country."""
    held = make.organisation(at=at, capacities=("buyer",), country="CN", foreign_controlled=False)
    roles = ("owner", "signatory", "trader", "finance")
    return make.member(held, *roles, at=at, signing_limit_minor=signing_limit_minor)


# The market that stands in the database already, until a test takes it.
_standing: list[Market] = []


@contextmanager
def standing(market_: Market) -> Iterator[None]:
    """Let the first plain market of a test be the one that stands in its database."""
    _standing.append(market_)
    yield
    _standing.clear()


def market(
    at: datetime,
    *,
    funds_minor: int = PLENTY,
    fees: list[dict[str, Any]] | None = None,
    plans: list[dict[str, Any]] | None = None,
    **content: Any,
) -> Market:
    if fees is not None or not FeeSchedule.objects.exists():
        fee_schedule(at, fees)
    if _standing and (funds_minor, plans, content) == (PLENTY, None, {}):
        stands = _standing.pop()
        return replace(stands, at=at, clearance=Clearance.objects.get(pk=stands.clearance.pk))
    desk_ = desk_cast.desk(at)
    if not ChecklistVersion.objects.filter(state="IN_FORCE").exists():
        desk_cast.in_force(at)
    vendor, buyer = make.vendor(at), domestic_buyer(at)
    if plans is not None:
        content["plans"] = plans
    clearance = desk_cast.cleared(vendor, desk_, at, **content)
    money(buyer.organisation_id, at, funds_minor)
    return Market(at, desk_, vendor, buyer, clearance)


def form(market_: Market, **changes: Any) -> dict[str, Any]:
    """The body of an order that the gate clears."""
    return {
        "plan": str(market_.plan.pk),
        "purpose": "research",
        "territory": "CN-31",
        "term_days": 30,
        "volume": 1,
    } | changes


def intent(market_: Market, **changes: Any) -> Intent:
    given = form(market_) | {"buyer_id": market_.buyer.organisation_id} | changes
    plan = given.pop("plan")
    return Intent(plan_id=UUID(str(plan)), **given)


def place(market_: Market, actor: Member | None = None, **changes: Any) -> dict[str, Any]:
    answer: dict[str, Any] = orders.place_orders(
        intents=[intent(market_, **changes)],
        key=None,
        actor=actor or market_.buyer,
        at=market_.at,
    )[0]
    connection.check_constraints()
    return answer


def matched(market_: Market, **changes: Any) -> Trade:
    answer = place(market_, **changes)
    assert answer["state"] == "MATCHED", answer
    return Trade.objects.get(pk=answer["trade_id"])


def delivered(market_: Market, **changes: Any) -> Trade:
    trade = matched(market_, **changes)
    trades.deliver_trades(trade_ids=[trade.pk], at=market_.at)
    return Trade.objects.get(pk=trade.pk)


def balances(*organisation_ids: UUID | None) -> dict[str, int]:
    """What stands on the accounts of some organisations: kind → minor units."""
    found: dict[str, int] = {}
    for organisation_id in organisation_ids:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT a.kind, b.minor FROM settlement_account a "
                "JOIN settlement_balance b ON b.account_id = a.id WHERE a.organisation_id = %s",
                [organisation_id],
            )
            for kind, minor in cursor.fetchall():
                found[kind] = found.get(kind, 0) + minor
    return found


def everything() -> tuple[int, int, int, int]:
    """How many orders, trades, holds and events there are."""
    return (
        Order.objects.count(),
        Trade.objects.count(),
        Hold.objects.count(),
        Event.objects.count(),
    )


@contextmanager
def unchanged(*rows: Any) -> Iterator[None]:
    """Whatever happens inside leaves states, balances and events as they were."""
    before = everything(), [type(row).objects.get(pk=row.pk).state for row in rows]
    yield
    assert (everything(), [type(row).objects.get(pk=row.pk).state for row in rows]) == before


@contextmanager
def refused(error: type[DomainError], *rows: Any) -> Iterator[None]:
    with unchanged(*rows), pytest.raises(error), transaction.atomic():
        yield


def as_json(body: Any) -> bytes:
    return json.dumps(body).encode()
