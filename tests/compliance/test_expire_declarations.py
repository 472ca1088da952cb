"""Declarations run out: the gate sees it by the date, the sweep makes it visible."""

from datetime import datetime, timedelta

from compliance import services
from core.actors import SYSTEM
from listings.models import CatalogueEntry
from tests import make
from tests.compliance import cast

FIVE = timedelta(seconds=5)


def test_a_declaration_of_five_seconds_stops_orders_before_any_sweep(
    db: None, at: datetime
) -> None:
    cast.in_force(at)
    vendor, desk = make.vendor(at), cast.desk(at)
    version = cast.screened(vendor, at)
    cast.signed(version, vendor, at, until=at + FIVE)
    clearance = cast.approve(version.reviews.get(), desk, at)
    assert clearance.valid_until == at + FIVE

    assert cast.standing(version.pk, at + FIVE - timedelta(microseconds=1)) == (True, None)
    assert cast.standing(version.pk, at + FIVE) == (False, "declaration-expired")
    clearance.refresh_from_db()
    assert clearance.state == "LIVE"


def test_the_sweep_ends_what_ran_out_and_leaves_the_rest(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor, desk = make.vendor(at), cast.desk(at)
    version = cast.screened(vendor, at)
    short = cast.signed(version, vendor, at, until=at + FIVE)
    clearance = cast.approve(version.reviews.get(), desk, at)
    lasting = cast.cleared(vendor, desk, at)

    assert services.expire_declarations(limit=10, actor=SYSTEM, at=at + FIVE) == 1

    short.refresh_from_db()
    clearance.refresh_from_db()
    lasting.refresh_from_db()
    assert short.state == "EXPIRED"
    assert (clearance.state, clearance.ground) == ("ENDED", "declaration-expired")
    assert lasting.state == "LIVE"
    assert cast.standing(version.pk, at + FIVE) == (False, "declaration-expired")
    entries = set(CatalogueEntry.objects.values_list("version", flat=True))
    assert entries == {lasting.version_id}


def test_a_second_sweep_finds_nothing(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    cast.signed(cast.draft(vendor, at), vendor, at, until=at + FIVE)

    assert services.expire_declarations(limit=10, actor=SYSTEM, at=at) == 0
    assert services.expire_declarations(limit=10, actor=SYSTEM, at=at + FIVE) == 1
    assert services.expire_declarations(limit=10, actor=SYSTEM, at=at + FIVE) == 0
