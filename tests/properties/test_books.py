"""Any sequence of verbs, of people and of the bank, keeps the books right after each of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.actors import SYSTEM, Member
from core.errors import DomainError
from core.machine import MACHINES
from core.models import Event
from settlement import services
from settlement.bank import ACCEPTED, DEPOSIT, PAYMENT, REJECTED, UNKNOWN, Answer, StatementEntry
from settlement.models import (
    BankEntry,
    BankExplanation,
    Hold,
    PayoutBatch,
    PayoutInstruction,
    PostingGroup,
    SettlementRequest,
    Transfer,
)
from settlement.selectors import check_books, custody_positions
from tests import make
from tests.settlement import cast

SUBJECTS: dict[str, Any] = {
    "hold": Hold,
    "settlement": SettlementRequest,
    "payout-batch": PayoutBatch,
    "payout": PayoutInstruction,
    "bank-entry": BankEntry,
    "bank-explanation": BankExplanation,
}


class Day:
    """A buyer, a vendor, two officers and a bank; each verb does its thing to the oldest row.

    A verb that finds no row does nothing. The amount also chooses the officer, so that now and
    then the one who made a thing tries to confirm it.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.made = cast.parties(at, 20_000)
        self.officers = make.staff(at, "officer"), make.staff(at, "officer")
        cast.requested(self.made, 1)
        services.settle_due(limit=10, actor=SYSTEM, at=at)

    def officer(self, amount: int) -> Member:
        return self.officers[amount % 2]

    # What people do.

    def hold(self, amount: int) -> None:
        cast.held([(str(uuid4()), amount)], self.made)

    def release(self, amount: int) -> None:
        for found in Hold.objects.filter(state="HELD").order_by("id")[:1]:
            services.release_hold(
                reference=found.reference,
                amount_minor=amount,
                reason="",
                key=str(amount),
                actor=SYSTEM,
                at=self.at,
            )

    def request(self, amount: int) -> None:
        for found in Hold.objects.filter(state="HELD").order_by("id")[:1]:
            price = amount % found.open_minor + 1
            asked = cast.asked(self.made, found.reference, price)
            services.request_settlements(settlements=[asked], actor=SYSTEM, at=self.at)

    def settle(self, amount: int) -> None:
        services.settle_due(limit=amount, actor=SYSTEM, at=self.at)

    def prepare(self, amount: int) -> None:
        services.prepare_payouts(currency="CNY", actor=self.officer(amount), at=self.at)

    def confirm(self, amount: int) -> None:
        for batch in PayoutBatch.objects.order_by("-id")[:1]:
            services.confirm_payouts(batch_id=batch.pk, actor=self.officer(amount), at=self.at)

    def discard(self, amount: int) -> None:
        for batch in PayoutBatch.objects.order_by("-id")[:1]:
            services.discard_payouts(
                batch_id=batch.pk, reason="another day", actor=self.officer(amount), at=self.at
            )

    def assign(self, amount: int) -> None:
        owner = (self.made.buyer_id, self.made.vendor_id)[amount % 2]
        for entry in BankEntry.objects.filter(kind=DEPOSIT, state="UNMATCHED")[:1]:
            services.assign_deposit(
                entry_id=entry.pk, organisation_id=owner, actor=self.officers[0], at=self.at
            )

    def reverse(self, amount: int) -> None:
        for entry in BankEntry.objects.filter(kind=DEPOSIT).order_by("-sequence")[:1]:
            services.reverse_deposit(
                entry_id=entry.pk, reason="not theirs", actor=self.officer(amount), at=self.at
            )

    def explain(self, amount: int) -> None:
        """Name whatever is of the debit's amount, else call it a loss."""
        for entry in BankEntry.objects.filter(kind=PAYMENT).order_by("-state", "-id")[:1]:
            alike = {"amount_minor": entry.amount_minor}
            payout = PayoutInstruction.objects.filter(**alike).first()
            deposit = BankEntry.objects.filter(kind=DEPOSIT, **alike).order_by("-state").first()
            kind = "payout" if payout else "return" if deposit else "loss"
            services.explain_payment(
                entry_id=entry.pk,
                kind=kind,
                payout_id=payout.pk if payout else None,
                deposit_id=deposit.pk if deposit and not payout else None,
                reason="as the bank wrote",
                actor=self.officer(amount),
                at=self.at,
            )

    def agree(self, amount: int) -> None:
        for said in BankExplanation.objects.order_by("-id")[:1]:
            services.confirm_explanation(
                explanation_id=said.pk, actor=self.officer(amount), at=self.at
            )

    def decline(self, amount: int) -> None:
        for said in BankExplanation.objects.order_by("-id")[:1]:
            services.decline_explanation(
                explanation_id=said.pk, reason="no", actor=self.officer(amount), at=self.at
            )

    def keep(self, amount: int) -> None:
        services.take_snapshots(actor=SYSTEM, at=self.at)

    # What the bank does.

    def deposit(self, amount: int) -> None:
        cast.pay_in(self.made.buyer_id, amount, self.at)

    def stray(self, amount: int) -> None:
        self._state(DEPOSIT, "nobody", amount)

    def accept(self, amount: int) -> None:
        self._answer(ACCEPTED)

    def forget(self, amount: int) -> None:
        self._answer(UNKNOWN)

    def reject(self, amount: int) -> None:
        self._answer(REJECTED)

    def pay(self, amount: int) -> None:
        for payout in PayoutInstruction.objects.order_by("-id")[:1]:
            self._state(PAYMENT, payout.reference, payout.amount_minor)

    def pay_under_another_name(self, amount: int) -> None:
        for payout in PayoutInstruction.objects.order_by("-id")[:1]:
            self._state(PAYMENT, "typed by hand", payout.amount_minor)

    def pay_too_little(self, amount: int) -> None:
        for payout in PayoutInstruction.objects.order_by("-id")[:1]:
            self._state(PAYMENT, payout.reference, min(amount, payout.amount_minor - 1))

    def err(self, amount: int) -> None:
        """Take a little that nobody ordered: now and then less than the venue has earned."""
        self._state(PAYMENT, "never told", amount % 700 + 1)

    def make_good(self, amount: int) -> None:
        for entry in BankEntry.objects.filter(kind=PAYMENT, state="UNMATCHED")[:1]:
            self._state(DEPOSIT, "our error", entry.amount_minor)

    def repeat(self, amount: int) -> None:
        """State the whole statement again."""
        lines = [
            StatementEntry(
                **{name: getattr(row, name) for name in StatementEntry.__dataclass_fields__}
            )
            for row in BankEntry.objects.order_by("sequence")
        ]
        assert services.record_entries(entries=lines, actor=SYSTEM, at=self.at).new == 0

    def _state(self, kind: str, reference: str, amount: int) -> None:
        line = cast.line(self.at, kind, "nobody", reference, amount)
        # A bank pays out no more than there is.
        if line.stated_minor >= 0:
            services.record_entries(entries=[line], actor=SYSTEM, at=self.at)

    def _answer(self, state: str) -> None:
        for payout in PayoutInstruction.objects.order_by("-id")[:1]:
            answer = Answer(payout.reference, state, "AC04 closed" if state == REJECTED else "")
            services.record_answers(answers=[answer], actor=SYSTEM, at=self.at)


VERBS: dict[str, Callable[[Day, int], None]] = {
    name: verb for name, verb in vars(Day).items() if not name.startswith("_") and name != "officer"
}
# What belongs together, so that also what lies deep is reached; any of it may come between.
STRANDS = [
    *((verb,) for verb in sorted(VERBS)),
    ("hold", "request", "settle"),
    ("hold", "release"),
    ("stray", "assign", "reverse"),
    ("prepare", "discard"),
    ("prepare", "confirm", "accept", "pay"),
    ("prepare", "confirm", "accept", "reject"),
    ("prepare", "confirm", "pay_too_little", "pay"),
    ("prepare", "confirm", "pay_under_another_name", "explain", "agree"),
    ("err", "explain", "agree"),
    ("err", "explain", "decline", "explain"),
    ("err", "make_good", "explain", "agree"),
]
DAYS = st.lists(
    st.tuples(st.sampled_from(STRANDS), st.integers(min_value=1, max_value=15_000)),
    min_size=1,
    max_size=8,
)


def everything() -> dict[str, Any]:
    """All that a refusal leaves as it was: the journal, the events, and every row's state."""
    states = {
        subject: list(model.objects.order_by("pk").values_list("pk", "state"))
        for subject, model in SUBJECTS.items()
    }
    counts = [model.objects.count() for model in (PostingGroup, Transfer, Event)]
    return {"counts": counts, **states}


def books_are_right(made: cast.Parties) -> None:
    """Nothing is wrong except the debits that wait for their explanation, each by its name."""
    waiting = BankEntry.objects.filter(kind=PAYMENT, state="UNMATCHED").values_list("entry_id")
    expected = {("unexplained-debit", f"bank entry {name}") for (name,) in waiting}
    assert {(fault.code, fault.where) for fault in check_books()} == expected
    (position,) = custody_positions()
    last = BankEntry.objects.order_by("-sequence")[0]
    assert (position.custody_minor, position.difference_minor) == (last.stated_minor, 0)
    for who in (made.buyer_id, made.vendor_id):
        assert min(cast.balances(who).values()) >= 0


def states_are_on_their_tables() -> None:
    """Each event is a move of its table, and each row stands where its last event left it."""
    stands: dict[tuple[str, Any], str] = {}
    for event in Event.objects.filter(subject__in=SUBJECTS).order_by("id"):
        machine = MACHINES[event.subject]
        if not event.before:
            assert event.after in machine.born
        elif event.before != event.after:  # an alarm and a part of a hold given back move nothing
            assert machine.table[event.before][event.verb] == event.after
        before = stands.get((event.subject, event.subject_id), event.before)
        assert before == event.before
        stands[event.subject, event.subject_id] = event.after
    for subject, model in SUBJECTS.items():
        for pk, state in model.objects.values_list("pk", "state"):
            assert state == stands.get((subject, pk), next(iter(MACHINES[subject].table)))


@pytest.mark.django_db
@given(strands=DAYS)
@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_books_are_right_after_each_verb_of_any_sequence(
    at: datetime, strands: list[tuple[tuple[str, ...], int]]
) -> None:
    with transaction.atomic():
        day = Day(at)
        # The next number at each verb, so that in a strand the officers take turns.
        steps = [
            (verb, first + turn) for verbs, first in strands for turn, verb in enumerate(verbs)
        ]
        for verb, amount in steps:
            before = everything()
            try:
                with transaction.atomic():
                    VERBS[verb](day, amount)
            except DomainError:
                assert everything() == before

            books_are_right(day.made)
            states_are_on_their_tables()
        transaction.set_rollback(True)
