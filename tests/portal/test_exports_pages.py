"""The pages of exports: what a year holds and leaves, and who enters what in the register."""

from datetime import datetime
from typing import Any

import pytest

from compliance.models import RegisterEntry
from core.actors import Member
from tests import make
from tests.exchange import cast, exporting
from tests.portal.test_views import browser, text_of

pytestmark = pytest.mark.usefixtures("db")


def read(member: Member, address: str = "/exports", status: int = 200) -> str:
    response = browser(member).get(address)
    assert response.status_code == status, response.content[:500]
    return text_of(response.content.decode())


@pytest.fixture
def market(at: datetime) -> cast.Market:
    return exporting.market(at)


def sold(market: cast.Market) -> dict[str, Any]:
    return exporting.confirmed(market, exporting.waiting(market))


def test_vendor_reads_what_is_reserved_and_left(market: cast.Market) -> None:
    trade = sold(market)["trade_id"]

    shown = read(market.vendor)

    assert "30,000" in shown
    assert "69,999" in shown
    assert trade[:8] in shown
    assert "Orders abroad are held" not in shown


def test_vendor_reads_what_is_not_on_record(at: datetime) -> None:
    shown = read(make.vendor(at))

    assert "Orders abroad are held" in shown
    assert "operator of critical information infrastructure" in shown
    assert "not on record" in shown


def test_venue_lists_who_exports_and_opens_one(at: datetime, market: cast.Market) -> None:
    sold(market)
    admin = make.staff(at, "admin")

    listed = read(admin)
    one = read(admin, f"/exports/{market.vendor.organisation_id}")

    assert "30,000" in listed
    assert "69,999" in one


def test_other_organisations_year_is_not_found(at: datetime, market: cast.Market) -> None:
    address = f"/exports/{market.vendor.organisation_id}"

    assert read(market.vendor, address)
    read(make.vendor(at), address, status=404)


@pytest.mark.parametrize("year", ["1999", "2999", "abc", "２０２６", "20260"])
def test_year_that_is_none_is_refused(market: cast.Market, year: str) -> None:
    read(market.vendor, f"/exports?year={year}", status=400)


def test_admin_enters_a_zone_and_the_vendor_reads_it(at: datetime, market: cast.Market) -> None:
    admin, organisation = make.staff(at, "admin"), market.vendor.organisation_id
    form = browser(admin).get(f"/exports/{organisation}?kind=zone").content.decode()
    given = {"kind": "zone", "answer": "in", "zone": "CN-SH", "valid_from": "2026-01-01"}

    response = browser(admin).post(
        f"/exports/{organisation}/register", {**given, "basis": "notice 7", "key": "a-click"}
    )

    assert 'name="zone"' in form
    assert 'name="persons"' not in form
    assert response.status_code == 302, response.content
    entry = RegisterEntry.objects.filter(organisation=organisation, kind="zone").latest("at", "id")
    assert (entry.answer, entry.zone) == ("in", "CN-SH")
    assert "CN-SH" in read(market.vendor)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"zone": ""}, "name the zone by its code"),
        ({"zone": "shanghai"}, "Enter a valid value"),
        ({"answer": "yes"}, "Select a valid choice"),
        ({"valid_until": "2025-01-01"}, "must be later than the first day"),
        ({"valid_from": "9999-12-31"}, "must not be after"),
        ({"basis": " "}, "This field is required"),
    ],
)
def test_entry_that_does_not_go_together_is_refused_beside_its_field(
    at: datetime, market: cast.Market, change: dict[str, str], told: str
) -> None:
    admin, organisation = make.staff(at, "admin"), market.vendor.organisation_id
    given = {"kind": "zone", "answer": "in", "zone": "CN-SH", "valid_from": "2026-01-01"}
    before = RegisterEntry.objects.count()

    response = browser(admin).post(
        f"/exports/{organisation}/register", {**given, "basis": "notice 7", "key": "k", **change}
    )

    assert response.status_code == 200
    assert told in text_of(response.content.decode())
    assert RegisterEntry.objects.count() == before


def test_vendor_enters_nothing(market: cast.Market) -> None:
    organisation, before = market.vendor.organisation_id, RegisterEntry.objects.count()
    given = {"kind": "critical_operator", "answer": "no", "valid_from": "2026-01-01"}

    response = browser(market.vendor).post(
        f"/exports/{organisation}/register", {**given, "basis": "so it is", "key": "k"}
    )

    assert "Only the venue" in text_of(response.content.decode())
    assert RegisterEntry.objects.count() == before
