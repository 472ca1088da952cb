"""A debit that nobody ordered: recorded, an alarm, and explained by two officers."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from core.actors import SYSTEM, Member
from core.errors import (
    Conflict,
    DomainError,
    Forbidden,
    FourEyes,
    IllegalTransition,
    Malformed,
    NotFound,
)
from core.models import Event
from settlement import services
from settlement.bank import DEPOSIT, PAYMENT
from settlement.errors import BankEntryDiffers, InsufficientFunds
from settlement.models import BankEntry, BankExplanation, PayoutInstruction, Transfer
from settlement.selectors import check_books, custody_positions
from tests import make
from tests.settlement import cast

pytestmark = pytest.mark.django_db


class Desk:
    """Two officers, a vendor that is owed 9,750 and a payout of it that is on its way."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.made = cast.parties(at, 100_000)
        cast.requested(self.made, 1)
        services.settle_due(limit=10, actor=SYSTEM, at=at)
        self.first, self.second = make.staff(at, "officer"), make.staff(at, "officer")
        batch = services.prepare_payouts(currency="CNY", actor=self.first, at=at)
        services.confirm_payouts(batch_id=batch.pk, actor=self.second, at=at)
        self.payout = PayoutInstruction.objects.get()

    def debit(self, amount_minor: int) -> BankEntry:
        cast.bank_pays("never-told", self.made.vendor_id, amount_minor, self.at)
        return BankEntry.objects.order_by("-sequence")[0]

    def explain(self, entry: BankEntry, kind: str, actor: Member, **named: UUID) -> BankExplanation:
        return services.explain_payment(
            entry_id=entry.pk,
            kind=kind,
            payout_id=named.get("payout_id"),
            deposit_id=named.get("deposit_id"),
            reason="as the bank wrote",
            actor=actor,
            at=self.at,
        )

    def confirm(self, explanation: BankExplanation, actor: Member) -> BankExplanation:
        return services.confirm_explanation(explanation_id=explanation.pk, actor=actor, at=self.at)

    def refused(self, error: type[DomainError], act: Any) -> None:
        """Refused, and nothing moved: no transfer, no explanation, no event."""
        tables: tuple[Any, ...] = (Transfer, BankExplanation, Event)
        before = [table.objects.count() for table in tables]
        with pytest.raises(error), transaction.atomic():
            act()
        assert [table.objects.count() for table in tables] == before


def faults() -> list[str]:
    return [fault.code for fault in check_books()]


def test_unordered_debit_is_a_claim_on_the_bank_and_an_alarm(at: datetime) -> None:
    desk = Desk(at)

    entry = desk.debit(300)

    assert (entry.state, entry.organisation_id) == ("UNMATCHED", None)
    (position,) = custody_positions()
    assert (position.unexplained_minor, position.unmatched_minor) == (300, 0)
    assert (position.custody_minor, position.difference_minor) == (99_700, 0)
    verbs = Event.objects.filter(subject_id=entry.pk).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["record", "alarm"]
    assert faults() == ["unexplained-debit"]
    assert cast.balances(desk.made.buyer_id)["custody"] == 89_900
    assert cast.balances(desk.made.vendor_id)["payout"] == 9_750


def test_payment_under_another_reference_is_given_to_its_payout(at: datetime) -> None:
    desk = Desk(at)
    entry = desk.debit(9_750)

    said = desk.explain(entry, "payout", desk.first, payout_id=desk.payout.pk)
    assert faults() == ["unexplained-debit"]
    desk.confirm(said, desk.second)

    desk.payout.refresh_from_db()
    entry.refresh_from_db()
    assert (desk.payout.state, desk.payout.paid_at, entry.state) == ("PAID", at, "EXPLAINED")
    assert cast.balances(desk.made.vendor_id)["payout"] == 0
    assert faults() == []


def test_payout_paid_twice_in_one_statement_is_booked_once(at: datetime) -> None:
    desk = Desk(at)
    first = cast.line(at, PAYMENT, "payee", desk.payout.reference, 9_750)
    second = replace(
        first,
        sequence=first.sequence + 1,
        entry_id="E-twice",
        stated_minor=first.stated_minor - 9_750,
    )

    recorded = services.record_entries(entries=[first, second], actor=SYSTEM, at=at)

    assert recorded == (2, 0, 1)
    assert cast.balances(desk.made.vendor_id)["payout"] == 0
    assert faults() == ["unexplained-debit"]


def test_money_that_the_bank_paid_back_meets_its_debit(at: datetime) -> None:
    desk = Desk(at)
    entry = desk.debit(300)
    back = cast.line(at, DEPOSIT, "nobody", "our error", 300)
    deposit = services.record_deposit(entry=back, actor=SYSTEM, at=at)

    desk.confirm(desk.explain(entry, "return", desk.first, deposit_id=deposit.pk), desk.second)

    deposit.refresh_from_db()
    (position,) = custody_positions()
    assert deposit.state == "EXPLAINED"
    assert (position.unexplained_minor, position.unmatched_minor) == (0, 0)
    assert faults() == []


def test_loss_is_borne_by_the_venue_alone(at: datetime) -> None:
    desk = Desk(at)
    entry = desk.debit(300)

    desk.confirm(desk.explain(entry, "loss", desk.first), desk.second)

    (position,) = custody_positions()
    # The fees of one trade of 10,000 were 250 and 100.
    assert (position.venue_minor, position.unexplained_minor) == (50, 0)
    assert position.clients_minor == 99_650
    assert faults() == []


def test_loss_over_what_the_venue_earned_is_refused(at: datetime) -> None:
    desk = Desk(at)
    said = desk.explain(desk.debit(351), "loss", desk.first)

    desk.refused(InsufficientFunds, lambda: desk.confirm(said, desk.second))

    assert faults() == ["unexplained-debit"]


def test_same_officer_cannot_confirm(at: datetime) -> None:
    desk = Desk(at)
    said = desk.explain(desk.debit(300), "loss", desk.first)

    desk.refused(FourEyes, lambda: desk.confirm(said, desk.first))


def test_nobody_but_an_officer_explains(at: datetime) -> None:
    desk = Desk(at)
    entry, admin = desk.debit(300), make.staff(at, "admin")

    desk.refused(Forbidden, lambda: desk.explain(entry, "loss", desk.made.vendor))
    desk.refused(Forbidden, lambda: desk.explain(entry, "loss", admin))
    desk.refused(Forbidden, lambda: desk.explain(entry, "loss", SYSTEM))


def test_declined_explanation_leaves_the_debit_to_another(at: datetime) -> None:
    desk = Desk(at)
    entry = desk.debit(300)
    said = desk.explain(entry, "loss", desk.first)
    desk.refused(Conflict, lambda: desk.explain(entry, "loss", desk.second))

    services.decline_explanation(
        explanation_id=said.pk, reason="ask the bank", actor=desk.second, at=at
    )

    desk.refused(IllegalTransition, lambda: desk.confirm(said, desk.second))
    desk.confirm(desk.explain(entry, "loss", desk.second), desk.first)
    desk.refused(IllegalTransition, lambda: desk.explain(entry, "loss", desk.first))


def test_explanation_must_fit(at: datetime) -> None:
    desk = Desk(at)
    entry, deposit = desk.debit(300), BankEntry.objects.get(sequence=1)

    def explain(kind: str, of: BankEntry = entry, **named: UUID) -> Any:
        return lambda: desk.explain(of, kind, desk.first, **named)

    desk.refused(BankEntryDiffers, explain("payout", payout_id=desk.payout.pk))
    desk.refused(BankEntryDiffers, explain("return", deposit_id=deposit.pk))
    desk.refused(Malformed, explain("payout"))
    desk.refused(Malformed, explain("loss", deposit_id=deposit.pk))
    desk.refused(NotFound, explain("loss", of=deposit))
    desk.refused(NotFound, explain("payout", payout_id=uuid4()))
