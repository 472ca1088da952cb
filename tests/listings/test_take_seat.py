"""The SQL that orders call: what is offered in one row, seats sold once."""

from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from listings.models import PlanSeat
from tests import make
from tests.conftest import AT
from tests.listings import cast


def call(function: str, plan_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [plan_id])
        (answer,) = cursor.fetchone()
    return bool(answer)


def offer(plan_id: UUID) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM listings_offer(%s)", [plan_id])
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_offer_is_one_row_with_all_that_an_order_reads(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.listed(vendor, AT)
    plan = version.plans.get()

    (row,) = offer(plan.pk)

    assert row["plan_id"] == plan.pk
    assert (row["version_id"], row["product_id"]) == (version.pk, version.product_id)
    assert row["vendor_id"] == row["supplier_id"] == vendor.organisation_id
    assert (row["version_state"], row["content_hash"]) == ("LISTED", version.content_hash)
    assert (row["vendor_state"], row["supplier_state"]) == ("ACTIVE", "ACTIVE")
    assert row["vendor_capacity_state"] == "ADMITTED"
    assert (row["data_class"], row["grade"], row["simulated"]) == ("enterprise", "general", False)
    assert (row["title_zh"], row["title_en"]) == ("长江水位日报", "Yangtze water levels")


def test_offer_of_an_unknown_plan_is_no_row(db: None) -> None:
    assert offer(uuid4()) == []


def test_offer_shows_a_suspended_vendor(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.listed(vendor, AT)
    cast.suspend(vendor)

    (row,) = offer(version.plans.get().pk)

    assert row["vendor_state"] == "SUSPENDED"


def test_seats_are_taken_until_there_are_none_and_can_be_given_back(db: None) -> None:
    version = cast.listed(make.vendor(AT), AT, plans=[{**cast.STANDING, "seats": 2}])
    plan = version.plans.get()

    assert [call("listings_take_seat", plan.pk) for _ in range(3)] == [True, True, False]
    assert call("listings_release_seat", plan.pk) is True
    assert call("listings_take_seat", plan.pk) is True
    assert PlanSeat.objects.get(plan=plan).taken == 2


def test_plan_without_seats_serves_any_number(db: None) -> None:
    plan = cast.listed(make.vendor(AT), AT).plans.get()

    assert [call("listings_take_seat", plan.pk) for _ in range(3)] == [True, True, True]
    assert call("listings_release_seat", plan.pk) is False


def test_limited_plan_that_was_never_listed_sells_no_seat(db: None) -> None:
    version = cast.submitted(make.vendor(AT), AT, plans=[{**cast.STANDING, "seats": 2}])

    assert call("listings_take_seat", version.plans.get().pk) is False
    assert call("listings_take_seat", uuid4()) is False


def test_raw_sql_cannot_oversell(db: None) -> None:
    version = cast.listed(make.vendor(AT), AT, plans=[{**cast.STANDING, "seats": 1}])
    plan = version.plans.get()

    with pytest.raises(DatabaseError), transaction.atomic():
        PlanSeat.objects.filter(plan=plan).update(taken=2)


def test_last_seat_goes_to_one_of_many_at_once(live_database: str) -> None:
    version = cast.listed(make.vendor(AT), AT, plans=[{**cast.STANDING, "exclusive": True}])
    plan, barrier, answers = version.plans.get(), Barrier(8), []

    def buy() -> None:
        barrier.wait()
        with transaction.atomic():
            answers.append(call("listings_take_seat", plan.pk))
        connection.close()

    buyers = [Thread(target=buy) for _ in range(8)]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()

    assert sorted(answers) == [False] * 7 + [True]
    assert PlanSeat.objects.get(plan=plan).taken == 1
