"""The door to the journal for everything but holds and settlements.

Invariant: a posting is known by its reference; the same one again is harmless, another one under
its name is refused.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import DataError, IntegrityError, connection

from core.canonical import digest, plain
from settlement.errors import (
    AmountTooLarge,
    BackdatedSchedule,
    InsufficientFunds,
    ReferenceReused,
)
from settlement.models import PostingGroup

# Names of constraints in the database and the refusal that each stands for.
_REFUSALS = {
    "settlement_reference_reused": ReferenceReused,
    "settlement_hold_reference_key": ReferenceReused,
    "settlement_settlementrequest_reference_key": ReferenceReused,
    "settlement_balance_floor": InsufficientFunds,
    "fee_schedule_no_overlap": BackdatedSchedule,
}
_OUT_OF_RANGE = "22003"  # numeric_value_out_of_range


@dataclass(frozen=True, slots=True)
class Leg:
    """One transfer between two accounts, by id."""

    debit_id: int
    credit_id: int
    amount_minor: int
    currency: str
    code: str


@dataclass(frozen=True, slots=True)
class Posting:
    """Transfers that are booked together under one reference."""

    reference: str
    code: str
    legs: tuple[Leg, ...]
    at: datetime
    reason: str = ""
    value_date: date | None = None
    reverses: str = ""


@contextmanager
def ledger_refusals() -> Iterator[None]:
    """Turn what the ledger's own constraints refuse into refusals with a code.

    Raises:
        InsufficientFunds, ReferenceReused, AmountTooLarge: as the constraint says.

    """
    try:
        yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name not in _REFUSALS:
            raise
        raise _REFUSALS[name] from error
    except DataError as error:
        if getattr(error.__cause__, "pgcode", None) != _OUT_OF_RANGE:
            raise
        raise AmountTooLarge from error


def post(postings: Sequence[Posting]) -> int:
    """Book postings in one statement; return how many were not booked before.

    Raises:
        InsufficientFunds: an account would go below its floor; nothing is booked.
        ReferenceReused: a reference stands for something else; nothing is booked.

    """
    if not postings:
        return 0
    document = json.dumps([_document(posting) for posting in postings])
    with ledger_refusals(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FILTER (WHERE posted) FROM settlement_post(%s)", [document])
        row = cursor.fetchone()
    return int(row[0])


def reversals(references: Sequence[str], *, reason: str, at: datetime) -> list[Posting]:
    """Return postings that take back what was booked under `references`, leg by leg."""
    groups = PostingGroup.objects.filter(reference__in=references).prefetch_related("transfers")
    return [
        Posting(
            reference=f"reverse:{group.reference}",
            code="reversal",
            legs=tuple(
                Leg(
                    debit_id=transfer.credit_id,
                    credit_id=transfer.debit_id,
                    amount_minor=transfer.amount_minor,
                    currency=transfer.currency,
                    code="reversal",
                )
                for transfer in sorted(group.transfers.all(), key=lambda one: one.line)
            ),
            at=at,
            reason=reason,
            reverses=group.reference,
        )
        for group in groups.order_by("id")
    ]


def _document(posting: Posting) -> dict[str, Any]:
    lines = [
        {
            "debit": leg.debit_id,
            "credit": leg.credit_id,
            "amount": leg.amount_minor,
            "code": leg.code,
            "currency": leg.currency,
        }
        for leg in posting.legs
    ]
    asked = [posting.reference, posting.code, lines, posting.value_date, posting.reverses]
    return {
        "reference": posting.reference,
        "code": posting.code,
        "input_hash": digest(asked),
        "reason": posting.reason,
        "booked_at": posting.at.isoformat(),
        "value_date": plain(posting.value_date) if posting.value_date else None,
        "reverses": posting.reverses or None,
        "lines": lines,
    }
