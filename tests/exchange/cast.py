"""Builders of the roof: a market with a cleared plan, a buyer with money, a client of the API."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client

from compliance.models import Clearance
from core.actors import SYSTEM, Member
from core.errors import DomainError
from core.models import Event
from core.services.people import make_token
from exchange.models import Order, Trade
from exchange.services import orders
from exchange.services.conclusion import Intent
from settlement import services as settlement
from settlement.models import Hold
from tests import make
from tests.compliance import cast as desk_cast
from tests.listings import cast as offers

_numbers = count(1)
PLENTY = 100_000_000
FEES = [{"side": "vendor", "base": "price", "rate_bp": 300}]
BOTH_PAY = [*FEES, {"side": "buyer", "base": "price", "rate_bp": 100}]
ANSWERED = {"id", "state", "code", "findings", "amount_minor", "buyer_fee_minor", "total_minor"}


@dataclass
class Market:
    """A venue with its list in force, one vendor with one cleared version, one buyer with money."""

    at: datetime
    desk: Any
    vendor: Member
    buyer: Member
    clearance: Clearance
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> Any:
        return self.clearance.version

    @property
    def plan(self) -> Any:
        return self.version.plans.order_by("code").first()


def fee_schedule(at: datetime, lines: list[dict[str, Any]] | None = None) -> None:
    from settlement.models import FeeSchedule

    FeeSchedule.objects.create(
        currency="CNY",
        lines=FEES if lines is None else lines,
        valid_from=at,
        set_at=at,
        **_required(FeeSchedule, at),
    )


def _required(model: Any, at: datetime) -> dict[str, Any]:
    return {}


def money(organisation_id: UUID, at: datetime, amount_minor: int = PLENTY) -> None:
    """Money in an organisation's custody, as a bank statement brought it."""
    settlement.open_accounts(
        organisation_ids=[organisation_id], currency="CNY", actor=SYSTEM, at=at
    )
    if amount_minor:
        settlement.record_deposit(
            reference=f"D-{next(_numbers)}",
            organisation_id=organisation_id,
            amount_minor=amount_minor,
            currency="CNY",
            actor=SYSTEM,
            at=at,
        )
