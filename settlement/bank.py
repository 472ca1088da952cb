"""The bank port: what a custody bank is told and what it answers. Pure data, one protocol.

Invariant: an instruction is known by its reference, a line of a statement by its entry id; telling
or reading either twice has one effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

DEPOSIT, PAYMENT = "deposit", "payment"
ACCEPTED, PAID, REJECTED, UNKNOWN = "ACCEPTED", "PAID", "REJECTED", "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Instruction:
    """A payment out of custody: at most 35 characters of reference (ISO 20022)."""

    reference: str
    payee: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bank says of an instruction: ACCEPTED, PAID, REJECTED (with its reason), UNKNOWN."""

    reference: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One line of the custody statement.

    `sequence` counts the lines; `stated_minor` is the balance that the bank states after it.
    """

    sequence: int
    entry_id: str
    kind: str
    sub_account: str
    bank_reference: str
    amount_minor: int
    currency: str
    stated_minor: int
    value_date: date


class Bank(Protocol):
    """A custody bank. Every method may raise BankUnavailable and may be called again."""

    def instruct(self, instructions: Sequence[Instruction]) -> list[Answer]:
        """Tell the bank to pay; it answers each instruction, known ones as they stand."""

    def answers(self, references: Sequence[str]) -> list[Answer]:
        """Return how instructions stand."""

    def statement(self, after: int, limit: int) -> list[StatementEntry]:
        """Return up to `limit` lines of the statement that follow line `after`, in order."""

    def balance(self, currency: str) -> int:
        """Return what the custody account holds, in minor units."""


def sub_account_of(organisation_id: UUID) -> str:
    """Return the number of an organisation's sub-account of custody: what a deposit has to name."""
    return organisation_id.hex


def owner_of(sub_account: str) -> UUID | None:
    """Return the organisation that a sub-account number names, or None if it names none."""
    try:
        return UUID(hex=sub_account)
    except ValueError:
        return None
