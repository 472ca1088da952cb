"""Fees: everybody reads what the venue charges; an administrator sets what it will charge."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from core.models import Event
from settlement import services
from settlement.models import FeeSchedule
from settlement.selectors import fee_schedule_at
from tests import make
from tests.portal.test_views import browser, text_of

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = [{"side": "vendor", "base": "price", "rate_bp": 250, "cap_minor": 5_000_000}]
GIVEN = {
    "vendor_rate": "3",
    "vendor_floor": "1.50",
    "vendor_cap": "60,000",
    "buyer_rate": "0.25",
}


def first_fees(at: datetime) -> None:
    services.set_fee_schedule(
        currency="CNY",
        lines=FIRST,
        effective_from=timezone.now() + timedelta(seconds=1),
        actor=make.staff(at, "admin"),
        at=at,
    )


def tomorrow() -> date:
    return timezone.now().astimezone(ZONE).date() + timedelta(days=1)


def test_administrator_sets_fees_from_a_day_on(db: None, at: datetime) -> None:
    admin = browser(make.staff(at, "admin"))
    day = tomorrow() + timedelta(days=1)
    begins = datetime(day.year, day.month, day.day, tzinfo=ZONE)

    answer = admin.post("/fees/CNY/set", {**GIVEN, "effective_from": day.isoformat(), "key": "a"})
    again = admin.post("/fees/CNY/set", {**GIVEN, "effective_from": day.isoformat(), "key": "a"})

    assert (answer.status_code, answer["Location"]) == (302, "/fees?currency=CNY")
    assert again.status_code == 302
    made = FeeSchedule.objects.get()
    assert made.effective_from == begins
    assert fee_schedule_at(begins, "CNY")["lines"] == [
        {
            "side": "vendor",
            "base": "price",
            "rate_bp": 300,
            "floor_minor": 150,
            "cap_minor": 6_000_000,
        },
        {"side": "buyer", "base": "price", "rate_bp": 25, "floor_minor": 0, "cap_minor": None},
    ]
    told = text_of(admin.get("/fees?currency=CNY").content.decode())
    assert "Scheduled" in told
    assert "3\u202f%, at least ¥\u202f1.50, at most ¥\u202f60,000.00" in told
    assert "0.25\u202f%" in told


def test_anybody_reads_the_fees_and_nobody_else_has_the_form(db: None, at: datetime) -> None:
    first_fees(at)
    readers = [None, make.vendor(at), make.staff(at, "officer")]

    english = [browser(one).get("/fees").content.decode() for one in readers]
    chinese = browser(None, "zh-hans").get("/fees").content.decode()

    for page in english:
        assert "2.5\u202f%, at most ¥\u202f50,000.00" in page
        assert "/fees/CNY/set" not in page
    assert "2.5%，不超过 ¥\u202f50,000.00" in chinese
    assert "买方承担，在价款之外支付" in chinese


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"effective_from": "2020-01-01"}, "is in the past"),
        ({"effective_from": "9999-12-31"}, "must not be after"),
        ({"effective_from": "0001-01-01"}, "must not be before"),
        ({"effective_from": "soon"}, "Enter a valid date."),
        ({"vendor_rate": "100.01"}, "must be from 0 to 100, with at most 2 decimals"),
        ({"vendor_rate": "2.555"}, "must be from 0 to 100, with at most 2 decimals"),
        ({"vendor_rate": "-1"}, "must be from 0 to 100, with at most 2 decimals"),
        ({"buyer_rate": "1e1"}, "must be from 0 to 100, with at most 2 decimals"),
        ({"buyer_rate": "２"}, "must be from 0 to 100, with at most 2 decimals"),
        ({"vendor_cap": "1.49"}, "must not be under what is charged at least"),
        ({"buyer_cap": ","}, "must be an amount with at most 2 decimals"),
        ({"buyer_cap": "99999999999999999999"}, "must be an amount with at most 2 decimals"),
        ({"vendor_rate": "\x00"}, "Null characters are not allowed."),
    ],
)
def test_what_is_no_schedule_is_told_beside_its_field(
    db: None, at: datetime, given: dict[str, str], told: str
) -> None:
    admin = browser(make.staff(at, "admin"))
    events = Event.objects.count()
    fields = {**GIVEN, "effective_from": tomorrow().isoformat(), **given}

    answer = admin.post("/fees/CNY/set", fields)

    page = answer.content.decode()
    (name,) = given
    assert answer.status_code == 200
    assert told in page[page.index(f'id="id_{name}_error"') :].split("</p>")[0]
    assert not FeeSchedule.objects.exists()
    assert Event.objects.count() == events


def test_fees_that_would_begin_before_the_latest_are_refused(db: None, at: datetime) -> None:
    admin = browser(make.staff(at, "admin"))
    day = tomorrow() + timedelta(days=5)
    admin.post("/fees/CNY/set", {**GIVEN, "effective_from": day.isoformat()})

    answer = admin.post("/fees/CNY/set", {**GIVEN, "effective_from": day.isoformat()})

    assert "is not after the latest schedule" in answer.content.decode()
    assert FeeSchedule.objects.count() == 1
    admin.post("/fees/USD/set", {**GIVEN, "effective_from": day.isoformat()})
    assert FeeSchedule.objects.count() == 2


def test_fees_are_the_administrators_to_set(db: None, at: datetime) -> None:
    fields = {**GIVEN, "effective_from": tomorrow().isoformat()}
    for reader in (make.vendor(at), make.staff(at, "officer")):
        answer = browser(reader).post("/fees/CNY/set", fields)
        assert "You may not do this" in answer.content.decode()
    signed_out = browser(None).post("/fees/CNY/set", fields)
    assert signed_out["Location"].startswith("/accounts/login")

    assert not FeeSchedule.objects.exists()


@pytest.mark.parametrize("address", ["/fees?currency=XXX", "/fees?currency=%00", "/fees?after=,"])
def test_what_is_no_currency_or_no_place_is_refused(db: None, address: str) -> None:
    assert browser(None).get(address).status_code in {400, 404}


def test_no_currency_no_page(db: None, at: datetime) -> None:
    admin = browser(make.staff(at, "admin"))

    assert admin.post("/fees/XXX/set", GIVEN).status_code == 404
    assert "No fees are set" in admin.get("/fees?currency=USD").content.decode()
