"""What leaves the mainland: reserved at the match, counted when fetched, released if never."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from compliance.models import ExportRow, ExportTally
from core.actors import SYSTEM, Member
from core.models import Event
from delivery.models import Grant
from delivery.representations import Answer
from delivery.services import begin_access, expire_grants, make_link, report_outside_delivery
from exchange.models import Trade
from exchange.reactions import REACTIONS
from exchange.services import trades
from tests import make
from tests.delivery import cast as delivery
from tests.exchange import cast, exporting
from tests.listings.cast import sponsored_supplier

pytestmark = pytest.mark.usefixtures("db")
ROWS = ("kind", "persons", "sensitive_persons")


def matched(market: cast.Market, buyer: Member | None = None) -> Trade:
    answer = exporting.confirmed(market, exporting.waiting(market, buyer))
    connection.check_constraints()
    assert answer["state"] == "MATCHED", answer["findings"]
    return Trade.objects.get(pk=answer["trade_id"])


def refused(market: cast.Market) -> list[str]:
    """The items that refuse an order from abroad."""
    answer = exporting.placed(market)
    assert answer["state"] == "REFUSED"
    return blocking(answer)


def blocking(answer: dict[str, Any]) -> list[str]:
    return [one["code"] for one in answer["findings"] if one["severity"] != "caution"]


def rows(trade: Trade) -> list[tuple[str, int, int]]:
    found = ExportRow.objects.filter(reference=trade.pk).order_by("at", "id")
    return list(found.values_list(*ROWS))


def react(at: datetime) -> None:
    """What follows what has happened to trades and grants."""
    happened = Event.objects.filter(subject__in=["trade", "grant"]).order_by("id")
    REACTIONS["end_exports"](
        [one for one in happened if one.verb in ("refund", "withdraw", "expire", "hand_over")], at
    )


def delivered(market: cast.Market) -> tuple[Trade, Grant]:
    trade = matched(market)
    trades.deliver_trades(trade_ids=[trade.pk], at=market.at)
    return Trade.objects.get(pk=trade.pk), Grant.objects.get(reference=trade.pk)


def test_match_reserves_the_persons_that_will_leave(at: datetime) -> None:
    market = exporting.market(at)

    trade = matched(market)

    assert rows(trade) == [("reserve", 30_000, 0)]
    assert exporting.year_of(market.vendor.organisation_id) == (30_000, 0, 0, 0)


def test_waiting_order_reserves_nothing(at: datetime) -> None:
    market = exporting.market(at)

    exporting.waiting(market)

    assert not ExportRow.objects.exists()


def test_order_that_stays_in_the_mainland_reserves_nothing(at: datetime) -> None:
    market = exporting.market(at)

    answer = exporting.confirmed(
        market,
        exporting.waiting(
            market,
            cast_buyer(at),
            territory="CN-31",
            foreign_judicial_request=None,
        ),
    )

    assert answer["state"] == "MATCHED"
    assert not ExportRow.objects.exists()


def cast_buyer(at: datetime) -> Member:
    buyer = cast.domestic_buyer(at)
    cast.money(buyer.organisation_id, at)
    return buyer


def test_several_orders_and_products_of_one_exporter_add_up(at: datetime) -> None:
    first = exporting.market(at, count=60_000)
    second = exporting.market(at, count=39_999, vendor=first.vendor, registered=False)
    third = exporting.market(at, count=1, vendor=first.vendor, registered=False)
    matched(first)
    matched(second)

    assert refused(third) == ["XB-12"]
    assert exporting.year_of(first.vendor.organisation_id) == (99_999, 0, 0, 0)


def test_what_one_organisation_sells_and_what_others_sell_for_it_add_up(at: datetime) -> None:
    sponsor = make.vendor(at)
    supplier = sponsored_supplier(sponsor, at)
    listed = exporting.market(at, count=60_000, vendor=sponsor, supplier=supplier)
    other_sponsor = exporting.market(at, count=39_999)
    matched(listed)

    assert exporting.year_of(supplier.organisation_id) == (60_000, 0, 0, 0)
    assert exporting.year_of(sponsor.organisation_id) == (60_000, 0, 0, 0)
    own = exporting.market(at, count=40_000, vendor=sponsor, registered=False)
    assert refused(own) == ["XB-12"]
    assert exporting.year_of(other_sponsor.vendor.organisation_id) == (0, 0, 0, 0)


def test_what_left_by_other_ways_counts_too(at: datetime) -> None:
    market = exporting.market(at)
    exporting.elsewhere(market.vendor.organisation_id, at, persons=70_000)

    assert refused(market) == ["XB-12"]


@pytest.mark.parametrize(
    "missing", ["critical_operator", "zone", "exports_elsewhere", "all of the buyer"]
)
def test_what_no_register_says_holds_the_order(at: datetime, missing: str) -> None:
    market = exporting.market(at, registered=False)
    for kind, answer in (("critical_operator", "no"), ("zone", "none")):
        if kind != missing:
            exporting.entered(market.vendor.organisation_id, at, kind=kind, answer=answer)
    if missing != "exports_elsewhere":
        exporting.elsewhere(market.vendor.organisation_id, at)
    buyer = market.buyer
    if missing == "all of the buyer":
        held = make.organisation(
            at=at, capacities=("buyer",), country="SG", foreign_controlled=True
        )
        buyer = make.member(held, "owner", "trader", at=at)
        cast.money(buyer.organisation_id, at)
    answer = exporting.placed(market, buyer)

    assert answer["state"] == "REFUSED"
    assert {one["status"] for one in answer["findings"] if one["severity"] != "caution"} == {
        "unknown"
    }
    assert not ExportRow.objects.exists()


def test_silence_about_a_foreign_court_holds_the_order(at: datetime) -> None:
    market = exporting.market(at)

    answer = exporting.placed(market, foreign_judicial_request=None)

    assert (answer["state"], blocking(answer)) == ("REFUSED", ["FOR-01"])


def test_count_of_the_year_before_says_nothing_of_this_one(at: datetime) -> None:
    market = exporting.market(at, registered=False)
    exporting.entered(market.vendor.organisation_id, at, kind="critical_operator", answer="no")
    exporting.entered(market.vendor.organisation_id, at, kind="zone", answer="none")
    last = exporting.new_year(at).year - 1
    exporting.entered(
        market.vendor.organisation_id,
        at,
        kind="exports_elsewhere",
        answer="counted",
        persons=0,
        sensitive_persons=0,
        valid_from=date(last, 1, 1),
    )

    answer = exporting.placed(market)

    assert answer["state"] == "REFUSED"
    assert not ExportRow.objects.exists()


def test_what_is_reserved_and_open_counts_in_the_next_year_too(at: datetime) -> None:
    market = exporting.market(at)
    matched(market)
    organisation = market.vendor.organisation_id
    exporting.entered(
        organisation,
        at,
        kind="exports_elsewhere",
        answer="counted",
        persons=5,
        sensitive_persons=0,
        valid_from=date(exporting.new_year(at).year + 1, 1, 1),
    )

    assert counted(organisation, at) == (30_000, 0)
    assert counted(organisation, at + timedelta(days=370)) == (30_005, 0)


def counted(organisation: Any, at: datetime) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT compliance_exporters(ARRAY[%s]::uuid[], NULL, %s)", [organisation, at]
        )
        found = cursor.fetchone()[0][0]
    return found["persons"], found["sensitive_persons"]


def test_hand_over_turns_the_reservation_into_a_count(at: datetime) -> None:
    market = exporting.market(at)
    trade, grant = delivered(market)
    fetch(market, grant)

    trades.end_exports(trade_ids=[trade.pk], at=at)
    trades.end_exports(trade_ids=[trade.pk], at=at)

    assert rows(trade) == [("reserve", 30_000, 0), ("commit", 30_000, 0)]
    assert exporting.year_of(market.vendor.organisation_id) == (0, 30_000, 0, 0)


def fetch(market: cast.Market, grant: Grant) -> None:
    """The buyer begins to fetch the file."""
    release = delivery.release(market.version, market.at)
    made = make_link(grant_id=grant.pk, release_id=release.pk, actor=market.buyer, at=market.at)
    begin_access(
        link_id=made.link.pk,
        method="GET",
        answer=Answer(200, byte_count=10, sends=True),
        at=market.at,
    )


def test_refund_of_what_nobody_fetched_gives_the_persons_back(at: datetime) -> None:
    market = exporting.market(at)
    trade, _ = delivered(market)
    trades.refund_trade(
        trade_id=trade.pk, reason="withdrawn", actor=make.staff(at, "officer"), at=at
    )

    react(at)
    react(at)

    assert rows(trade) == [("reserve", 30_000, 0), ("release", 30_000, 0)]
    assert exporting.year_of(market.vendor.organisation_id) == (0, 0, 0, 0)


def test_refund_of_what_was_fetched_does_not_bring_it_home(at: datetime) -> None:
    market = exporting.market(at)
    trade, grant = delivered(market)
    fetch(market, grant)
    trades.refund_trade(
        trade_id=trade.pk, reason="withdrawn", actor=make.staff(at, "officer"), at=at
    )

    react(at)

    assert rows(trade) == [("reserve", 30_000, 0), ("commit", 30_000, 0)]


def test_open_grant_keeps_the_reservation(at: datetime) -> None:
    market = exporting.market(at)
    trade, _ = delivered(market)

    trades.end_exports(trade_ids=[trade.pk], at=at)

    assert rows(trade) == [("reserve", 30_000, 0)]


def test_grant_that_expires_unused_releases(at: datetime) -> None:
    market = exporting.market(at)
    trade, _ = delivered(market)
    later = at + timedelta(days=31)
    expire_grants(limit=10, actor=SYSTEM, at=later)

    react(at)

    assert [kind for kind, *_ in rows(trade)] == ["reserve", "release"]


def test_delivery_that_the_vendor_reports_counts_unless_it_is_denied(at: datetime) -> None:
    market = exporting.market(at)
    trade, grant = delivered(market)
    report_outside_delivery(
        grant_id=grant.pk,
        means="courier",
        sha256="0" * 64,
        size_bytes=10,
        delivered_at=at,
        actor=market.vendor,
        at=at,
    )
    expire_grants(limit=10, actor=SYSTEM, at=at + timedelta(days=31))

    react(at)

    assert [kind for kind, *_ in rows(trade)] == ["reserve", "commit"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE compliance_exportrow SET persons = 1",
        "DELETE FROM compliance_exportrow",
        "TRUNCATE compliance_exportrow",
        "UPDATE compliance_exporttally SET reserved_persons = 0",
        "DELETE FROM compliance_exporttally",
        "UPDATE compliance_registerentry SET answer = 'yes'",
        "INSERT INTO compliance_exportrow SELECT gen_random_uuid(), exporter_id, year, 'release', "
        "persons - 1, sensitive_persons, reference, at FROM compliance_exportrow",
        "INSERT INTO compliance_exportrow SELECT gen_random_uuid(), exporter_id, year - 1, "
        "'release', persons, sensitive_persons, reference, at FROM compliance_exportrow",
        "INSERT INTO compliance_exportrow SELECT gen_random_uuid(), exporter_id, year, 'reserve', "
        "persons, sensitive_persons, reference, at FROM compliance_exportrow",
    ],
)
def test_ledger_is_not_written_over(at: datetime, statement: str) -> None:
    market = exporting.market(at)
    trade = matched(market)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert rows(trade) == [("reserve", 30_000, 0)]
    assert exporting.year_of(market.vendor.organisation_id) == (30_000, 0, 0, 0)


def test_tally_is_the_sum_of_the_rows(at: datetime) -> None:
    market = exporting.market(at)
    trade, grant = delivered(market)
    fetch(market, grant)
    trades.end_exports(trade_ids=[trade.pk], at=at)
    matched(market)

    tally = ExportTally.objects.get(exporter=market.vendor.organisation_id)
    kinds = [
        (one.kind, one.persons) for one in ExportRow.objects.filter(exporter=tally.exporter_id)
    ]

    assert sorted(kinds) == [("commit", 30_000), ("reserve", 30_000), ("reserve", 30_000)]
    assert (tally.reserved_persons, tally.committed_persons) == (30_000, 30_000)
