"""A consent is withdrawn while orders come in: nothing is traded for it after the withdrawal.

With real threads on real PostgreSQL; the last one shows that the lock on the clearance does it.
"""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from compliance import services as compliance
from compliance.errors import AlreadyWithdrawn
from compliance.models import ConsentWithdrawal, PersonalRecord
from core.errors import DomainError, IllegalTransition
from exchange.models import Order, Trade
from exchange.services import orders
from settlement.selectors import check_books
from tests.exchange import cast
from tests.exchange.test_consent_withdrawn import consented, order
from tests.races.contests import _someone_waits_for_this_session as someone_waits
from tests.races.contests import _until as until
from tests.races.removal import Rewritten
from tests.races.serving import together

pytestmark = pytest.mark.usefixtures("live_database")

CLEARANCE_LOCK = Rewritten("compliance_lock_clearance", "FOR SHARE")
ORDERS = 8


def withdraw(market: cast.Market, record: PersonalRecord, *purposes: str) -> None:
    compliance.withdraw_record(
        record_id=record.pk,
        purposes=purposes,
        recipient_kinds=(),
        reason="members asked for it",
        actor=market.vendor,
        at=market.at,
    )


def confirm(market: cast.Market, order_id: Any) -> str:
    """Conclude an open order: the state it comes to, or the code of its refusal."""
    try:
        answer = orders.confirm_order(order_id=order_id, actor=market.vendor, at=market.at)
    except DomainError as error:
        return error.code
    return str(answer["code"] or answer["state"])


@pytest.mark.parametrize("purposes", [(), ("credit_risk",)])
def test_nothing_is_traded_after_a_withdrawal_that_committed(
    at: datetime, purposes: tuple[str, ...]
) -> None:
    market, record = consented(at)
    waiting = [order(market, "credit_risk")["id"] for _ in range(ORDERS)]
    traded: list[int] = []

    def take_back() -> str:
        with transaction.atomic():
            withdraw(market, record, *purposes)
            # The clearance is locked by now: what is not to be seen yet must not come any more.
            traded.append(Trade.objects.count())
        return "withdrawn"

    confirms = [_confirming(market, one) for one in waiting]
    answers = together([*confirms[: ORDERS // 2], take_back, *confirms[ORDERS // 2 :]])

    assert Trade.objects.count() == traded[0]
    assert Counter(answers)["MATCHED"] == traded[0]
    assert set(answers) <= {"MATCHED", "withdrawn", "consent-withdrawn", "overtaken-by-change"}
    assert confirm(market, order(market, "research")["id"]) == (
        "MATCHED" if purposes else "illegal-transition"
    )
    assert check_books() == ()


def _confirming(market: cast.Market, order_id: Any) -> Callable[[], str]:
    return lambda: confirm(market, order_id)


def under_a_trade(market: cast.Market, record: PersonalRecord) -> list[str]:
    """A trade is judged and not committed when the consent is withdrawn: who ends first."""
    waiting = order(market, "credit_risk")["id"]
    said: list[str] = []
    judged = threading.Event()

    def trade() -> None:
        with transaction.atomic():
            assert confirm(market, waiting) == "MATCHED"
            connection.check_constraints()
            said.append("judged")
            judged.set()
            until(lambda: "withdrawn" in said or someone_waits())
            said.append("traded")

    def take_back() -> None:
        assert judged.wait(60), "nothing was judged"
        withdraw(market, record, "credit_risk")
        said.append("withdrawn")

    together([trade, take_back])
    return said


def test_withdrawal_waits_for_the_trade_that_was_judged_before_it(at: datetime) -> None:
    assert under_a_trade(*consented(at)) == ["judged", "traded", "withdrawn"]


def test_without_the_lock_it_is_withdrawn_under_the_trade(at: datetime) -> None:
    CLEARANCE_LOCK.apply()

    assert under_a_trade(*consented(at)) == ["judged", "withdrawn", "traded"]


@pytest.mark.parametrize(
    ("purposes", "refusal"), [((), IllegalTransition), (("research",), AlreadyWithdrawn)]
)
def test_same_withdrawal_at_once_has_one_effect(
    at: datetime, purposes: tuple[str, ...], refusal: type[DomainError]
) -> None:
    market, record = consented(at)

    def take_back() -> Any:
        try:
            withdraw(market, record, *purposes)
        except (DomainError, DatabaseError) as error:
            return type(error)
        return None

    assert Counter(together([take_back] * 6)) == {None: 1, refusal: 5}
    assert ConsentWithdrawal.objects.count() == len(purposes)
    assert Order.objects.count() == 0
