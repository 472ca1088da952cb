"""Statements: exact to the line, from midnight to midnight in the zone of the venue."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from core.actors import SYSTEM, Member
from core.errors import Malformed, NotFound
from settlement import selectors, services
from settlement.bank import DEPOSIT, sub_account_of
from settlement.selectors import Statement, check_books
from tests import make
from tests.listings.cast import Api
from tests.portal.test_views import browser
from tests.settlement import cast

pytestmark = pytest.mark.django_db
VENUE_ZONE = ZoneInfo("Asia/Shanghai")


def on(day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A moment of March 2026 by the venue's clock."""
    return datetime(2026, 3, day, hour, minute, second, tzinfo=VENUE_ZONE)


class Month:
    """A buyer whose money moves at the edges of the 10th of March; and some dollars."""

    def __init__(self) -> None:
        made = self.made = cast.parties(on(9), 0)
        cast.pay_in(made.buyer_id, 100_000, on(9, 23, 59, 59))
        cast.pay_in(made.buyer_id, 20_000, on(10))
        self.reference = cast.hold(replace(made, at=on(10, 12)), 50_500)
        services.release_hold(
            reference=self.reference,
            amount_minor=500,
            reason="agreed",
            key="a",
            actor=SYSTEM,
            at=on(10, 23, 59, 59),
        )
        cast.pay_in(made.buyer_id, 3_000, on(11))
        dollars = replace(
            cast.line(on(10), DEPOSIT, sub_account_of(made.buyer_id), "B-USD", 777),
            currency="USD",
            stated_minor=777,
        )
        services.record_deposit(entry=dollars, actor=SYSTEM, at=on(10, 15))

    def read(self, since: datetime, until: datetime, currency: str = "CNY") -> Statement:
        return selectors.statement(
            self.made.buyer, kind="custody", currency=currency, since=since, until=until
        )


def balances(found: Statement) -> tuple[int, list[tuple[int, int]], int]:
    """Opening, change and balance of each line, closing."""
    lines = [(line.change_minor, line.balance_minor) for line in found.lines]
    return found.opening_minor, lines, found.closing_minor


def test_day_takes_its_first_moment_and_not_the_next_days() -> None:
    month = Month()

    found = month.read(on(10), on(11))

    assert balances(found) == (
        100_000,
        [(20_000, 120_000), (-50_500, 69_500), (500, 70_000)],
        70_000,
    )
    assert [line.code for line in found.lines] == ["deposit", "hold", "release"]
    assert [line.booked_at for line in found.lines] == [on(10), on(10, 12), on(10, 23, 59, 59)]
    assert found.lines[1].reference == f"hold:{month.reference}"
    assert found.lines[2].reason == "agreed"


def test_days_join_without_a_gap() -> None:
    month = Month()

    days = [month.read(on(day), on(day + 1)) for day in (8, 9, 10, 11, 12)]

    assert [(day.opening_minor, day.closing_minor) for day in days] == [
        (0, 0),
        (0, 100_000),
        (100_000, 70_000),
        (70_000, 73_000),
        (73_000, 73_000),
    ]
    lines = tuple(line for day in days for line in day.lines)
    assert lines == month.read(on(8), on(13)).lines
    assert check_books() == ()


def test_currencies_are_apart() -> None:
    found = Month().read(on(1), on(31), "USD")

    assert (found.currency, balances(found)) == ("USD", (0, [(777, 777)], 777))


def test_held_money_has_a_statement_of_its_own() -> None:
    month = Month()

    found = selectors.statement(
        month.made.buyer, kind="held", currency="CNY", since=on(10), until=on(11)
    )

    assert balances(found) == (0, [(50_500, 50_500), (-500, 50_000)], 50_000)


def test_endpoint_answers_with_every_amount(at: datetime) -> None:
    month = Month()
    api = Api(month.made.buyer, at)

    # Without an offset it is the venue's clock that is meant.
    answer = api.get(
        "statement",
        account="custody",
        currency="CNY",
        since="2026-03-10T00:00:00",
        until="2026-03-11T00:00:00",
    )

    document = answer.json()
    assert answer.status_code == 200
    assert [document[name] for name in ("opening_minor", "closing_minor")] == [100_000, 70_000]
    assert [datetime.fromisoformat(document[name]) for name in ("since", "until")] == [
        on(10),
        on(11),
    ]
    lines = [
        (line["code"], line["change_minor"], line["balance_minor"], line["value_date"])
        for line in document["lines"]
    ]
    assert lines == [
        ("deposit", 20_000, 120_000, "2026-03-10"),
        ("hold", -50_500, 69_500, None),
        ("release", 500, 70_000, None),
    ]
    same = api.get("statement", since="2026-03-09T16:00:00Z", until="2026-03-10T16:00:00Z")
    assert same.json() == document


def test_csv_has_the_days_of_the_venue() -> None:
    month = Month()

    answer = browser(month.made.buyer).get(
        "/statement.csv?account=custody-CNY&since=2026-03-10&until=2026-03-10"
    )

    name = "statement-custody-CNY-2026-03-10-2026-03-10.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [[row[0], *row[3:]] for row in rows[1:]] == [
        ["", "", "", "", "1000.00", "CNY"],
        ["2026-03-10T00:00:00+08:00", "", "200.00", "", "1200.00", "CNY"],
        ["2026-03-10T12:00:00+08:00", "", "", "505.00", "695.00", "CNY"],
        ["2026-03-10T23:59:59+08:00", "agreed", "5.00", "", "700.00", "CNY"],
        ["", "", "", "", "700.00", "CNY"],
    ]


def test_statement_is_of_ones_own_accounts_in_a_span_of_time(at: datetime) -> None:
    month = Month()
    stranger = Api(make.buyer(at), at)
    own = Api(month.made.buyer, at)

    assert own.get("statement").status_code == 200
    assert stranger.get("statement").status_code == 404
    assert Api(None, at).get("statement").status_code == 401
    for since, until in ((on(10), on(10)), (on(11), on(10))):
        with pytest.raises(Malformed):
            month.read(since, until)
    with pytest.raises(NotFound):
        month.read(on(10), on(11), "EUR")


def test_moment_in_another_zone_is_the_same_moment() -> None:
    month = Month()

    assert month.read(on(10).astimezone(UTC), on(11).astimezone(UTC)).lines == (
        month.read(on(10), on(11)).lines
    )


# Near the ends of the calendar a span or a zone would lead out of it; what is no moment is told.
NO_MOMENTS = (
    *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "0001-01-31", "0001-01-02T00:00:00"),
    *("1899-12-31T23:59:59Z", "3000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
    *("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59.999999", "10000-01-01T00:00:00Z"),
    *(",", "，", "2026-13-01T00:00:00Z", "2026-02-30", "now", "1e3", "\x00", "0", "-1"),
)


def opened(member: Member, at: datetime) -> None:
    services.open_accounts(
        organisation_ids=[member.organisation_id], currency="CNY", actor=SYSTEM, at=at
    )


@pytest.mark.parametrize("field", ["since", "until"])
@pytest.mark.parametrize("bad", NO_MOMENTS)
def test_statement_of_no_such_moment_is_refused_by_its_field(
    at: datetime, field: str, bad: str
) -> None:
    buyer = make.buyer(at)
    opened(buyer, at)

    answer = Api(buyer, at).get(f"statement?{urlencode({field: bad})}")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_statement_from_the_first_moment_to_the_last_is_whole(at: datetime) -> None:
    buyer = make.buyer(at)
    opened(buyer, at)
    first, last = "1900-01-01T00:00:00Z", "2999-12-31T00:00:00Z"

    for query in ({"since": first, "until": last}, {"until": first}, {"since": first}):
        answer = Api(buyer, at).get(f"statement?{urlencode(query)}")
        assert (answer.status_code, answer.json()["lines"]) == (200, [])
    assert Api(buyer, at).get(f"statement?from={first}").status_code == 400


@pytest.mark.parametrize("bad", [*NO_MOMENTS[:10], ",", "\x00"])
def test_page_of_a_statement_of_no_such_day_is_a_message_beside_its_field(
    at: datetime, bad: str
) -> None:
    buyer = make.buyer(at)
    opened(buyer, at)
    reader = browser(buyer)
    for field in ("since", "until"):
        query = urlencode({field: bad.partition("T")[0]})
        page = reader.get(f"/statement?{query}")
        assert page.status_code == 200
        assert f'id="id_{field}_error"' in page.content.decode()
        assert reader.get(f"/statement.csv?{query}").status_code == 400
