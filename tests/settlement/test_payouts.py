"""Payouts: prepared by one officer, confirmed by another, paid by the bank or owed again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

import pytest

from core.actors import SYSTEM, Member
from core.errors import Forbidden, FourEyes, IllegalTransition, NotFound
from settlement import services
from settlement.bank import ACCEPTED, PAID, REJECTED, UNKNOWN, Answer
from settlement.errors import NothingToPay
from settlement.models import PayoutBatch, PayoutInstruction, Transfer
from settlement.selectors import check_books
from tests import make
from tests.exchange.cast import balances
from tests.listings.cast import Api, refused
from tests.settlement import cast

pytestmark = pytest.mark.django_db
# 10,000 less the vendor's fee.
OWED = 9_750


class Desk:
    """Two officers, and a vendor that is owed what one settled trade brought."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.made = cast.parties(at, 100_000)
        self.first, self.second = make.staff(at, "officer"), make.staff(at, "officer")
        self.settle()

    def settle(self) -> None:
        cast.requested(self.made, 1)
        services.settle_due(limit=10, actor=SYSTEM, at=self.at)

    def prepared(self) -> PayoutBatch:
        return services.prepare_payouts(currency="CNY", actor=self.first, at=self.at)

    def confirmed(self) -> PayoutInstruction:
        batch = self.prepared()
        services.confirm_payouts(batch_id=batch.pk, actor=self.second, at=self.at)
        return PayoutInstruction.objects.get(batch=batch)

    def answered(self, payout: PayoutInstruction, state: str, reason: str = "") -> int:
        answer = Answer(payout.reference, state, reason)
        return services.record_answers(answers=[answer], actor=SYSTEM, at=self.at)

    def owed(self) -> dict[str, int]:
        found = balances(self.made.vendor_id)
        return {kind: found.get(kind, 0) for kind in ("payable", "payout")}


@pytest.fixture
def desk(at: datetime) -> Desk:
    return Desk(at)


def states(payouts: Sequence[PayoutInstruction]) -> list[str]:
    return [PayoutInstruction.objects.get(pk=one.pk).state for one in payouts]


def test_batch_takes_all_that_is_owed_and_nothing_twice(desk: Desk) -> None:
    batch = desk.prepared()

    assert (batch.total_minor, batch.payout_count) == (OWED, 1)
    assert desk.owed() == {"payable": 0, "payout": OWED}
    with refused(NothingToPay):
        desk.prepared()
    assert PayoutBatch.objects.count() == 1


def test_less_than_the_minimum_waits(desk: Desk) -> None:
    with refused(NothingToPay):
        services.prepare_payouts(
            currency="CNY", minimum_minor=OWED + 1, actor=desk.first, at=desk.at
        )
    assert desk.owed() == {"payable": OWED, "payout": 0}


def test_who_prepared_a_batch_does_not_confirm_it(desk: Desk) -> None:
    batch = desk.prepared()

    with refused(FourEyes):
        services.confirm_payouts(batch_id=batch.pk, actor=desk.first, at=desk.at)
    assert PayoutBatch.objects.get().state == "PREPARED"
    services.confirm_payouts(batch_id=batch.pk, actor=desk.second, at=desk.at)
    assert states(PayoutInstruction.objects.all()) == ["CONFIRMED"]


def test_discarded_batch_leaves_everything_owed_as_before(desk: Desk) -> None:
    batch = desk.prepared()

    services.discard_payouts(
        batch_id=batch.pk, reason="the wrong day", actor=desk.first, at=desk.at
    )

    assert desk.owed() == {"payable": OWED, "payout": 0}
    assert states(PayoutInstruction.objects.all()) == ["DISCARDED"]
    assert desk.prepared().total_minor == OWED
    assert check_books() == ()


def test_paid_is_believed_of_the_statement_alone(desk: Desk) -> None:
    payout = desk.confirmed()

    assert desk.answered(payout, PAID) == 0
    assert states([payout]) == ["SENT"]
    cast.bank_pays(payout.reference, desk.made.vendor_id, OWED, desk.at)

    assert states([payout]) == ["PAID"]
    assert desk.owed() == {"payable": 0, "payout": 0}
    assert check_books() == ()


def test_rejection_is_owed_again_once(desk: Desk) -> None:
    payout = desk.confirmed()

    assert desk.answered(payout, REJECTED, "account closed") == 1
    assert desk.answered(payout, REJECTED, "account closed") == 0

    payout.refresh_from_db()
    assert (payout.state, payout.reason) == ("REJECTED", "account closed")
    assert desk.owed() == {"payable": OWED, "payout": 0}
    assert check_books() == ()


@pytest.mark.parametrize(("answer", "state"), [(UNKNOWN, "CONFIRMED"), (ACCEPTED, "SENT")])
def test_other_answers_move_no_money(desk: Desk, answer: str, state: str) -> None:
    payout = desk.confirmed()
    before = Transfer.objects.count()

    assert desk.answered(payout, answer) == 0
    assert desk.answered(payout, answer) == 0
    assert states([payout]) == [state]
    assert Transfer.objects.count() == before


VERBS = {"confirm": "PREPARED", "discard": "PREPARED"}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", ["CONFIRMED", "DISCARDED"])
def test_batch_that_is_decided_is_not_decided_again(desk: Desk, verb: str, state: str) -> None:
    batch = desk.prepared()
    if state == "CONFIRMED":
        services.confirm_payouts(batch_id=batch.pk, actor=desk.second, at=desk.at)
    else:
        services.discard_payouts(batch_id=batch.pk, reason="x", actor=desk.second, at=desk.at)
    before = (desk.owed(), Transfer.objects.count())

    with refused(IllegalTransition):
        if verb == "confirm":
            services.confirm_payouts(batch_id=batch.pk, actor=desk.second, at=desk.at)
        else:
            services.discard_payouts(batch_id=batch.pk, reason="x", actor=desk.second, at=desk.at)
    assert PayoutBatch.objects.get().state == state
    assert (desk.owed(), Transfer.objects.count()) == before


@pytest.mark.parametrize("role", ["reviewer", "author", "admin"])
def test_payouts_are_for_officers(desk: Desk, role: str) -> None:
    with refused(Forbidden):
        services.prepare_payouts(currency="CNY", actor=make.staff(desk.at, role), at=desk.at)
    assert not PayoutBatch.objects.exists()


def test_batch_that_is_not_there(desk: Desk) -> None:
    with refused(NotFound):
        services.confirm_payouts(batch_id=uuid4(), actor=desk.second, at=desk.at)


def codes(member: Member, at: datetime, path: str, body: object = None) -> tuple[int, str]:
    answer = Api(member, at).post(path, body)
    return answer.status_code, answer.json().get("type", "").rpartition("/")[2]


def test_refusals_of_the_endpoints(desk: Desk) -> None:
    batch = desk.prepared()
    path = f"payout-batches/{batch.pk}"

    assert codes(desk.made.vendor, desk.at, f"{path}/confirm") == (403, "forbidden")
    assert codes(desk.first, desk.at, f"{path}/confirm") == (409, "four-eyes")
    assert codes(desk.first, desk.at, f"{path}/discard", {}) == (400, "malformed")
    assert codes(desk.first, desk.at, "payout-batches", {"currency": "XYZ"}) == (400, "malformed")
    assert codes(desk.first, desk.at, "payout-batches", {"currency": "CNY"}) == (
        409,
        "nothing-to-pay",
    )
    assert codes(desk.second, desk.at, f"{path}/confirm")[0] == 200
    assert codes(desk.second, desk.at, f"{path}/confirm") == (409, "illegal-transition")
