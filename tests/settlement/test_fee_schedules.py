"""Fees across a change: what was concluded before it keeps its schedule for life."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from core.actors import SYSTEM
from core.errors import Forbidden
from core.models import Event
from exchange.models import Order, Trade
from exchange.services import orders, trades
from settlement import services
from settlement.errors import BackdatedSchedule, FeeScheduleInvalid, FeeScheduleMissing
from settlement.models import FeeSchedule, SettlementRequest
from settlement.selectors import check_books, fee_schedule_at
from tests import make
from tests.exchange import cast as markets
from tests.listings.cast import Api, refused

pytestmark = pytest.mark.django_db
VENUE_ZONE = ZoneInfo("Asia/Shanghai")
OLD = [{"side": "vendor", "base": "price", "rate_bp": 300}]
NEW = [
    {"side": "vendor", "base": "price", "rate_bp": 500},
    {"side": "buyer", "base": "price", "rate_bp": 100},
]
SECOND = timedelta(seconds=1)


def set_fees(
    lines: list[dict[str, Any]], since: datetime, at: datetime, currency: str = "CNY"
) -> FeeSchedule:
    return services.set_fee_schedule(
        currency=currency,
        lines=lines,
        effective_from=since,
        actor=make.staff(at, "admin"),
        at=at,
    )


def rates(at: datetime, currency: str = "CNY") -> list[int]:
    return [line["rate_bp"] for line in fee_schedule_at(at, currency)["lines"]]


def test_schedule_begins_at_midnight_in_the_zone_of_the_venue(at: datetime) -> None:
    set_fees(OLD, at, at)
    day = at.astimezone(VENUE_ZONE).date() + timedelta(days=3)
    admin = Api(make.staff(at, "admin"), at)

    # Without an offset it is the venue's clock that is meant.
    answer = admin.post(
        "fee-schedules", {"currency": "CNY", "effective_from": f"{day}T00:00:00", "lines": NEW}
    )

    assert answer.status_code == 201
    midnight = datetime(day.year, day.month, day.day, tzinfo=VENUE_ZONE)
    assert datetime.fromisoformat(answer.json()["effective_from"]) == midnight
    assert rates(midnight - timedelta(microseconds=1)) == [300]
    assert rates(midnight) == [500, 100]
    first, second = FeeSchedule.objects.order_by("effective_from")
    assert (first.effective_until, second.effective_until) == (midnight, None)


def test_currencies_have_schedules_of_their_own(at: datetime) -> None:
    set_fees(OLD, at, at)

    with pytest.raises(FeeScheduleMissing):
        fee_schedule_at(at, "USD")
    set_fees(NEW, at, at, "USD")

    assert (rates(at), rates(at, "USD")) == ([300], [500, 100])
    with pytest.raises(FeeScheduleMissing):
        fee_schedule_at(at - SECOND, "CNY")


def test_order_keeps_the_schedule_of_its_conclusion_for_life(at: datetime) -> None:
    before = markets.market(at, fees=OLD)
    after = replace(before, at=at + 2 * SECOND)
    set_fees(NEW, after.at, at)

    first = markets.matched(replace(before, at=after.at - SECOND))
    second = markets.matched(after)
    # Both are delivered, accepted and settled under the new schedule.
    for trade in (first, second):
        trades.deliver_trades(trade_ids=[trade.pk], at=after.at)
        trades.accept_trade(trade_id=trade.pk, actor=before.buyer, at=after.at)
    trades.request_settlements(trade_ids=[first.pk, second.pk], at=after.at)
    assert services.settle_due(limit=10, actor=SYSTEM, at=after.at) == (2, 0)

    paid = SettlementRequest.objects.in_bulk(field_name="reference")
    # The buyer's fee, the vendor's fee of 3 or 5 per cent, and the rest of 120,000.
    assert paid[str(first.pk)].parts == [0, 3_600, 116_400]
    assert paid[str(second.pk)].parts == [1_200, 6_000, 114_000]
    assert (first.buyer_fee_minor, second.buyer_fee_minor) == (0, 1_200)
    assert markets.balances(before.vendor.organisation_id)["payable"] == 230_400
    assert markets.balances(before.buyer.organisation_id)["held"] == 0
    assert check_books() == ()


def test_order_that_waited_over_the_change_has_the_schedule_of_its_conclusion(
    at: datetime,
) -> None:
    plans = [{**markets.STANDING, "offer_mode": "confirm"}]
    market = markets.market(at, fees=OLD, plans=plans)
    set_fees(NEW, at + SECOND, at)
    order = Order.objects.get(pk=markets.place(market)["id"])
    assert order.state == "AWAITING"

    orders.confirm_order(order_id=order.pk, actor=market.vendor, at=at + SECOND)

    trade = Trade.objects.get()
    assert (trade.amount_minor, trade.buyer_fee_minor) == (120_000, 1_200)
    assert markets.balances(market.buyer.organisation_id)["held"] == 121_200


@pytest.mark.parametrize("late", [-1, 0, 59, 60])
def test_schedule_before_now_or_not_after_the_latest_is_refused(at: datetime, late: int) -> None:
    set_fees(OLD, at + 60 * SECOND, at)
    events = Event.objects.count()

    with refused(BackdatedSchedule):
        set_fees(NEW, at + late * SECOND, at)

    assert FeeSchedule.objects.get().effective_until is None
    assert Event.objects.count() == events


def test_what_is_no_schedule_is_refused(at: datetime) -> None:
    wrong = [
        [{"side": "vendor", "base": "price", "rate_bp": 10_001}],
        [{"side": "venue", "base": "price", "rate_bp": 1}],
        [{"side": "vendor", "base": "price", "rate_bp": 1, "floor_minor": 2, "cap_minor": 1}],
    ]

    for lines in wrong:
        with refused(FeeScheduleInvalid):
            set_fees(lines, at, at)

    assert not FeeSchedule.objects.exists()


def test_fees_are_set_by_the_admin_of_the_venue(at: datetime) -> None:
    for actor in (make.vendor(at), make.staff(at, "officer")):
        with refused(Forbidden):
            services.set_fee_schedule(
                currency="CNY", lines=OLD, effective_from=at, actor=actor, at=at
            )
    assert not FeeSchedule.objects.exists()


@pytest.mark.parametrize(
    ("first", "last"), [(-60, None), (-60, 1), (5, 10), (59, 61), (60, None), (200, 300)]
)
def test_raw_sql_cannot_make_schedules_overlap(at: datetime, first: int, last: int | None) -> None:
    set_fees(OLD, at, at)
    set_fees(NEW, at + 60 * SECOND, at)

    with pytest.raises(IntegrityError, match="fee_schedule_no_overlap"), transaction.atomic():
        insert("CNY", at + first * SECOND, None if last is None else at + last * SECOND, at)

    assert FeeSchedule.objects.count() == 2
    # The time before the first one is free, and so is another currency.
    insert("CNY", at - 60 * SECOND, at, at)
    insert("USD", at, None, at)
    assert FeeSchedule.objects.count() == 4


def test_raw_sql_cannot_stretch_or_rewrite_a_schedule(at: datetime) -> None:
    set_fees(OLD, at, at)
    set_fees(NEW, at + 60 * SECOND, at)
    attacks = [
        ("UPDATE settlement_feeschedule SET effective_until = NULL", "fee_schedule_no_overlap"),
        ("UPDATE settlement_feeschedule SET lines = '[]'", "Cannot update"),
        ("DELETE FROM settlement_feeschedule", "Cannot delete"),
        ("TRUNCATE settlement_feeschedule", "Cannot truncate"),
    ]

    for attack, said in attacks:
        with pytest.raises(DatabaseError, match=said), transaction.atomic():
            connection.cursor().execute(attack)

    assert rates(at + 59 * SECOND) == [300]
    assert rates(at + 60 * SECOND) == [500, 100]


def insert(currency: str, since: datetime, until: datetime | None, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO settlement_feeschedule "
            "(id, currency, effective_from, effective_until, lines, created_at) "
            "VALUES (%s, %s, %s, %s, '[]', %s)",
            [uuid4(), currency, since, until, at],
        )
