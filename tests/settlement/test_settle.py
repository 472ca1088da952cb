"""Holding, releasing, settling: to the cent, once, and the same for one as for a thousand."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import DatabaseError

from core.actors import SYSTEM
from core.errors import NotFound
from settlement import services
from settlement.errors import HoldTooSmall, ReferenceReused
from settlement.models import Hold, PostingGroup, SettlementRequest, Transfer
from settlement.selectors import check_books, custody_positions
from tests.settlement import cast
from tests.wire import wire


def test_hold_moves_money_from_custody(db: None, at: datetime) -> None:
    made = cast.parties(at, 5_000)

    cast.hold(made, 3_000)

    assert cast.balances(made.buyer_id)["custody"] == 2_000
    assert cast.balances(made.buyer_id)["held"] == 3_000


def test_hold_over_the_balance_is_refused_and_leaves_nothing(db: None, at: datetime) -> None:
    made = cast.parties(at, 5_000)

    assert cast.held([(str(uuid4()), 5_001)], made) == [False]

    assert not Hold.objects.exists()
    assert cast.balances(made.buyer_id)["custody"] == 5_000


def test_one_that_cannot_be_held_leaves_its_money_to_the_next(db: None, at: datetime) -> None:
    made = cast.parties(at, 5_000)

    wanted = [(str(uuid4()), 3_000), (str(uuid4()), 3_000), (str(uuid4()), 2_000)]

    assert cast.held(wanted, made) == [True, False, True]
    assert cast.balances(made.buyer_id)["custody"] == 0


def test_same_hold_again_posts_nothing(db: None, at: datetime) -> None:
    made = cast.parties(at, 5_000)
    reference = cast.hold(made, 3_000)

    assert cast.held([(reference, 3_000)], made) == [True]

    assert cast.balances(made.buyer_id)["held"] == 3_000
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.held([(reference, 2_999)], made)


def test_split_adds_up_to_the_cent(db: None, at: datetime) -> None:
    made = cast.parties(at)
    (reference,) = cast.requested(made, 1, price_minor=10_001)

    done = services.settle_due(limit=10, actor=SYSTEM, at=at)

    request = SettlementRequest.objects.get(reference=reference)
    assert (done.settled, done.failed) == (1, 0)
    # 250 bp and 100 bp of 10,001, half up; then 33.33 % of 9,751 and the rest.
    assert request.parts == [100, 250, 3_250, 6_501]
    assert sum(request.parts) == request.amount_minor == 10_101
    assert cast.balances(made.vendor_id)["payable"] == 9_751
    assert check_books() == ()


def test_what_the_hold_has_over_goes_back(db: None, at: datetime) -> None:
    made = cast.parties(at, 50_000)
    reference = cast.hold(made, 50_000)
    services.request_settlements(
        settlements=[cast.asked(made, reference, 10_000)], actor=SYSTEM, at=at
    )

    services.settle_due(limit=10, actor=SYSTEM, at=at)

    found = cast.balances(made.buyer_id)
    assert (found["custody"], found["held"]) == (39_900, 0)
    assert check_books() == ()


def test_settling_again_does_nothing(db: None, at: datetime) -> None:
    made = cast.parties(at)
    cast.requested(made, 3)
    services.settle_due(limit=10, actor=SYSTEM, at=at)
    before = Transfer.objects.count()

    again = services.settle_due(limit=10, actor=SYSTEM, at=at)

    assert (again.settled, again.failed) == (0, 0)
    assert Transfer.objects.count() == before


def test_request_for_more_than_is_held_is_refused(db: None, at: datetime) -> None:
    made = cast.parties(at)
    reference = cast.hold(made, 10_099)

    with pytest.raises(HoldTooSmall), transaction.atomic():
        services.request_settlements(
            settlements=[cast.asked(made, reference, 10_000)], actor=SYSTEM, at=at
        )

    assert not SettlementRequest.objects.exists()


def test_request_without_a_hold_is_refused(db: None, at: datetime) -> None:
    made = cast.parties(at)

    with pytest.raises(NotFound), transaction.atomic():
        services.request_settlements(
            settlements=[cast.asked(made, str(uuid4()), 10_000)], actor=SYSTEM, at=at
        )

    assert not SettlementRequest.objects.exists()


def test_same_request_again_is_harmless_and_another_is_refused(db: None, at: datetime) -> None:
    made = cast.parties(at)
    (reference,) = cast.requested(made, 1)

    again = cast.asked(made, reference, 10_000)
    services.request_settlements(settlements=[again], actor=SYSTEM, at=at)
    other = cast.asked(made, reference, 9_999)
    with pytest.raises(ReferenceReused), transaction.atomic():
        services.request_settlements(settlements=[other], actor=SYSTEM, at=at)

    assert SettlementRequest.objects.count() == 1


def test_partial_release_leaves_the_rest_held(db: None, at: datetime) -> None:
    made = cast.parties(at, 10_000)
    reference = cast.hold(made, 8_000)

    for _ in range(2):
        released = services.release_hold(
            reference=reference, amount_minor=3_000, reason="agreed", key="a", actor=SYSTEM, at=at
        )
        assert released == 3_000

    assert cast.balances(made.buyer_id)["held"] == 5_000
    assert Hold.objects.get().state == "HELD"
    assert check_books() == ()


def test_release_of_more_than_is_held_is_refused(db: None, at: datetime) -> None:
    made = cast.parties(at, 10_000)
    reference = cast.hold(made, 8_000)

    with pytest.raises(HoldTooSmall), transaction.atomic():
        services.release_hold(
            reference=reference, amount_minor=8_001, reason="", actor=SYSTEM, at=at
        )

    assert cast.balances(made.buyer_id)["held"] == 8_000


def test_custody_is_what_clients_and_the_venue_are_owed(db: None, at: datetime) -> None:
    made = cast.parties(at)
    cast.requested(made, 5)
    services.settle_due(limit=10, actor=SYSTEM, at=at)

    (position,) = custody_positions()

    assert position.custody_minor == 10_000_000
    assert position.difference_minor == 0


@pytest.mark.parametrize("table", ["transfer", "postinggroup", "settlementterms"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_journal_is_append_only(db: None, at: datetime, table: str, verb: str) -> None:
    made = cast.parties(at)
    cast.requested(made, 1)
    services.settle_due(limit=10, actor=SYSTEM, at=at)
    before = Transfer.objects.count(), PostingGroup.objects.count()

    with (
        pytest.raises((InternalError, DatabaseError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb.format(f"settlement_{table}"))

    assert (Transfer.objects.count(), PostingGroup.objects.count()) == before


def test_raw_sql_cannot_overdraw(db: None, at: datetime) -> None:
    made = cast.parties(at, 100)

    with (
        pytest.raises((IntegrityError, InternalError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE settlement_balance b SET minor = -1 FROM settlement_account a "
            "WHERE a.id = b.account_id AND a.organisation_id = %s AND a.kind = 'custody'",
            [made.buyer_id],
        )

    assert cast.balances(made.buyer_id)["custody"] == 100


def settled_round_trips(at: datetime, number: int) -> int:
    made = cast.parties(at, 1_000_000_000)
    cast.requested(made, number)
    with wire() as counted:
        services.settle_due(limit=0, actor=SYSTEM, at=at)
        counted.clear()
        done = services.settle_due(limit=number, actor=SYSTEM, at=at)
        asked = len(counted)
    assert done.settled == number
    return asked


def test_a_thousand_are_settled_in_as_many_round_trips_as_ten(
    live_database: str, at: datetime
) -> None:
    assert settled_round_trips(at, 10) == settled_round_trips(at, 1_000) == 1
    assert check_books() == ()
