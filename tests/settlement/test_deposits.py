"""Deposits: theirs whom the bank names, else nobody's until an officer assigns them."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pytest

from core.actors import SYSTEM
from core.errors import Forbidden, IllegalTransition, NotFound
from settlement import services
from settlement.bank import DEPOSIT
from settlement.errors import BankEntryChanged, InsufficientFunds
from settlement.models import BankEntry, Transfer
from settlement.selectors import check_books
from tests import make
from tests.exchange.cast import balances
from tests.listings.cast import refused
from tests.settlement import cast

pytestmark = pytest.mark.django_db


def custody(made: cast.Parties) -> int:
    return balances(made.buyer_id).get("custody", 0)


def stray(at: datetime, amount_minor: int = 700) -> BankEntry:
    """A deposit that names nobody."""
    entry = cast.line(at, DEPOSIT, "", "B-stray", amount_minor)
    return services.record_deposit(entry=entry, actor=SYSTEM, at=at)


def test_deposit_goes_to_whom_the_bank_names_once(at: datetime) -> None:
    made = cast.parties(at, 0)
    entry = cast.pay_in(made.buyer_id, 5_000, at)

    services.record_entries(entries=[entry], actor=SYSTEM, at=at)

    assert custody(made) == 5_000
    assert BankEntry.objects.count() == 1
    assert check_books() == ()


def test_line_that_reads_differently_the_second_time_is_refused(at: datetime) -> None:
    made = cast.parties(at, 0)
    entry = cast.pay_in(made.buyer_id, 5_000, at)

    with refused(BankEntryChanged):
        services.record_entries(entries=[replace(entry, amount_minor=5_001)], actor=SYSTEM, at=at)
    assert custody(made) == 5_000


def test_officer_assigns_a_stray_deposit_and_takes_it_back(at: datetime) -> None:
    made, officer = cast.parties(at, 0), make.staff(at, "officer")
    entry = stray(at)
    assert (entry.state, custody(made)) == ("UNMATCHED", 0)

    for _turn in range(2):
        given = services.assign_deposit(
            entry_id=entry.pk, organisation_id=made.buyer_id, actor=officer, at=at
        )
        assert (given.state, custody(made)) == ("BOOKED", 700)
        taken = services.reverse_deposit(
            entry_id=entry.pk, reason="the wrong one", actor=officer, at=at
        )
        assert (taken.state, custody(made)) == ("UNMATCHED", 0)
    assert check_books() == ()


def test_deposit_that_was_spent_is_not_taken_back(at: datetime) -> None:
    made, officer = cast.parties(at, 0), make.staff(at, "officer")
    entry = stray(at)
    services.assign_deposit(entry_id=entry.pk, organisation_id=made.buyer_id, actor=officer, at=at)
    cast.hold(made, 1)
    before = Transfer.objects.count()

    with refused(InsufficientFunds):
        services.reverse_deposit(entry_id=entry.pk, reason="x", actor=officer, at=at)
    assert (custody(made), Transfer.objects.count()) == (699, before)
    assert BankEntry.objects.get().state == "BOOKED"


def test_what_belongs_to_somebody_is_not_assigned_again(at: datetime) -> None:
    made, officer = cast.parties(at, 0), make.staff(at, "officer")
    cast.pay_in(made.buyer_id, 5_000, at)
    entry = BankEntry.objects.get()

    with refused(IllegalTransition):
        services.assign_deposit(
            entry_id=entry.pk, organisation_id=made.vendor_id, actor=officer, at=at
        )
    assert custody(made) == 5_000


def test_what_belongs_to_nobody_is_not_taken_back(at: datetime) -> None:
    cast.parties(at, 0)
    entry = stray(at)

    with refused(IllegalTransition):
        services.reverse_deposit(
            entry_id=entry.pk, reason="x", actor=make.staff(at, "officer"), at=at
        )
    assert BankEntry.objects.get().state == "UNMATCHED"


def test_deposits_are_assigned_by_officers_to_organisations(at: datetime) -> None:
    made = cast.parties(at, 0)
    entry = stray(at)

    with refused(Forbidden):
        services.assign_deposit(
            entry_id=entry.pk, organisation_id=made.buyer_id, actor=made.buyer, at=at
        )
    with refused(NotFound):
        services.assign_deposit(
            entry_id=uuid4(),
            organisation_id=made.buyer_id,
            actor=make.staff(at, "officer"),
            at=at,
        )
    assert (BankEntry.objects.get().state, custody(made)) == ("UNMATCHED", 0)
