"""Requests about payouts, deposits and fees."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from core.actors import SYSTEM
from settlement import services as settlement
from settlement.bank import DEPOSIT, PAYMENT
from settlement.models import BankEntry, Hold, SettlementRequest
from settlement.states import HOLD
from tests.examples.owned import settled
from tests.examples.world import NO_BODY, Ask, World, staff
from tests.settlement import cast as bank


def payable(world: World) -> World:
    """Owe somebody money: a batch takes all that is owed, so each needs a trade of its own."""
    settled(World(world.at))
    return world


def batch(world: World, *, confirming: bool) -> Ask:
    payable(world)
    made = settlement.prepare_payouts(
        currency="CNY", minimum_minor=1, actor=staff(world, "officer"), at=world.at
    )
    second = staff(world, "officer")
    return Ask(second, {"batch_id": made.pk}, None if confirming else NO_BODY)


def stray_deposit(world: World) -> Any:
    entry = bank.line(world.at, DEPOSIT, "", f"B-{uuid4().hex[:8]}", 700)
    return settlement.record_deposit(entry=entry, actor=SYSTEM, at=world.at)


def stray_payment(world: World) -> Any:
    """A debit at the bank that nobody ordered."""
    world.market  # noqa: B018 (the market pays in, so that there is money to take)
    entry = bank.line(world.at, PAYMENT, "", f"B-{uuid4().hex[:8]}", 3)
    settlement.record_entries(entries=[entry], actor=SYSTEM, at=world.at)
    return BankEntry.objects.get(entry_id=entry.entry_id)


def explaining(world: World) -> Ask:
    body = {"kind": "loss", "reason": "the bank took a charge"}
    return Ask(staff(world, "officer"), {"entry_id": stray_payment(world).pk}, body)


def explained(world: World, body: Any = None) -> Ask:
    ask = explaining(world)
    settled(World(world.at))
    made = settlement.explain_payment(
        entry_id=ask.where["entry_id"],
        kind="loss",
        payout_id=None,
        deposit_id=None,
        reason="the bank took a charge",
        actor=ask.owner,
        at=world.at,
    )
    return Ask(staff(world, "officer"), {"explanation_id": made.pk}, body)


def assigning(world: World) -> Ask:
    body = {"organisation": str(world.buyer.organisation_id)}
    return Ask(staff(world, "officer"), {"entry_id": stray_deposit(world).pk}, body)


def reversing(world: World) -> Ask:
    ask = assigning(world)
    settlement.assign_deposit(
        entry_id=ask.where["entry_id"],
        organisation_id=world.buyer.organisation_id,
        actor=ask.owner,
        at=world.at,
    )
    return Ask(staff(world, "officer"), ask.where, NO_BODY)


def failed_settlement(world: World) -> Ask:
    """A settlement whose hold was closed after it was requested: it waits for an officer."""
    world.market  # noqa: B018 (the market sets the fees)
    made = bank.parties(world.at)
    (reference,) = bank.requested(made, 1)
    hold = Hold.objects.get(reference=reference)
    HOLD.move(hold, "void", actor=SYSTEM, at=world.at, voided_minor=hold.amount_minor)
    settlement.settle_due(limit=1_000, actor=SYSTEM, at=world.at)
    found = SettlementRequest.objects.get(reference=reference)
    return Ask(staff(world, "officer"), {"request_id": found.pk}, NO_BODY)


def fees(world: World) -> Ask:
    world.market  # noqa: B018
    body = {
        "currency": "CNY",
        "effective_from": (world.at + timedelta(days=1)).isoformat(),
        "lines": [{"side": "vendor", "base": "price", "rate_bp": 250}],
    }
    return Ask(staff(world, "admin"), {}, body)
