"""Builders of the money floor: parties with accounts, money, holds and settlements."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from core.actors import SYSTEM, Member
from settlement import services
from settlement.bank import DEPOSIT, PAYMENT, StatementEntry, sub_account_of
from settlement.models import BankEntry
from settlement.services import Settlement
from tests import make
from tests.exchange.cast import balances

__all__ = ["balances"]
FEE: dict[str, Any] = {
    "currency": "CNY",
    "lines": [
        {"side": "vendor", "base": "price", "rate_bp": 250, "floor_minor": 0, "cap_minor": None},
        {"side": "buyer", "base": "price", "rate_bp": 100, "floor_minor": 0, "cap_minor": None},
    ],
}
_numbers = count(1)


@dataclass
class Parties:
    """A buyer with money and a vendor that is paid."""

    at: datetime
    buyer: Member
    vendor: Member

    @property
    def buyer_id(self) -> UUID:
        assert self.buyer.organisation_id
        return self.buyer.organisation_id

    @property
    def vendor_id(self) -> UUID:
        assert self.vendor.organisation_id
        return self.vendor.organisation_id

    @property
    def plan(self) -> list[dict[str, Any]]:
        return [
            {"beneficiary": str(self.vendor_id), "role": "holding", "share_bp": 3_333},
            {"beneficiary": str(self.vendor_id), "role": "operation", "remainder": True},
        ]


def parties(at: datetime, funds_minor: int = 10_000_000) -> Parties:
    made = Parties(at, make.buyer(at), make.vendor(at))
    services.open_accounts(
        organisation_ids=[made.buyer_id, made.vendor_id], currency="CNY", actor=SYSTEM, at=at
    )
    if funds_minor:
        pay_in(made.buyer_id, funds_minor, at)
    return made


def line(at: datetime, kind: str, party: str, reference: str, amount_minor: int) -> StatementEntry:
    """The next line of the bank's statement."""
    number = BankEntry.objects.count() + 1
    last = BankEntry.objects.order_by("-sequence").first()
    before = last.stated_minor if last else 0
    return StatementEntry(
        sequence=number,
        entry_id=f"E-{number}",
        kind=kind,
        sub_account=party,
        bank_reference=reference,
        amount_minor=amount_minor,
        currency="CNY",
        stated_minor=before + (amount_minor if kind == DEPOSIT else -amount_minor),
        value_date=at.date(),
    )


def pay_in(organisation_id: UUID, amount_minor: int, at: datetime) -> StatementEntry:
    party = sub_account_of(organisation_id)
    entry = line(at, DEPOSIT, party, f"B-{next(_numbers)}", amount_minor)
    services.record_deposit(entry=entry, actor=SYSTEM, at=at)
    return entry


def bank_pays(reference: str, organisation_id: UUID, amount_minor: int, at: datetime) -> None:
    entry = line(at, PAYMENT, sub_account_of(organisation_id), reference, amount_minor)
    services.record_entries(entries=[entry], actor=SYSTEM, at=at)


def hold(made: Parties, amount_minor: int, reference: str = "") -> str:
    """Money of the buyer reserved for one trade; the reference of the trade."""
    reference = reference or str(uuid4())
    assert held([(reference, amount_minor)], made) == [True]
    return reference


def held(wanted: Sequence[tuple[str, int]], made: Parties) -> list[bool]:
    items = [
        {
            "reference": reference,
            "organisation": str(made.buyer_id),
            "amount": amount,
            "currency": "CNY",
            "at": made.at.isoformat(),
        }
        for reference, amount in wanted
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT held FROM settlement_hold_batch(%s) ORDER BY item", [json.dumps(items)]
        )
        return [row[0] for row in cursor.fetchall()]


def asked(made: Parties, reference: str, price_minor: int) -> Settlement:
    return Settlement(
        reference=reference,
        organisation_id=made.buyer_id,
        vendor_id=made.vendor_id,
        amount_minor=price_minor,
        currency="CNY",
        plan=made.plan,
        fee=FEE,
    )


def requested(made: Parties, number: int, price_minor: int = 10_000) -> list[str]:
    """As many trades with their money held and their settlement requested."""
    total = price_minor + price_minor // 100
    references = [str(uuid4()) for _ in range(number)]
    assert all(held([(reference, total) for reference in references], made))
    services.request_settlements(
        settlements=[asked(made, reference, price_minor) for reference in references],
        actor=SYSTEM,
        at=made.at,
    )
    return references
