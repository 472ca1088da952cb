"""Twenty buyers abroad at once around a bound of the law: the count of the year is exact.

Without the lock it is not: everybody counts before anybody has added.
"""

from collections import Counter
from datetime import datetime

import pytest

from core.actors import Member
from exchange.models import Trade
from tests.exchange import cast, exporting
from tests.races.removal import Rewritten, change
from tests.races.serving import together

pytestmark = pytest.mark.usefixtures("live_database")
BUYERS = 20

# What is taken away: the exporter is held before its count is read.
EXPORTER_LOCK = Rewritten(
    "compliance_export_room",
    "PERFORM pg_advisory_xact_lock(20240322, k.key)",
    "PERFORM k.key",
)
ALL_COUNT_BEFORE_ANY_ADDS = Rewritten(
    "compliance_export_room",
    "    RETURN coalesce(fuller, '{}');\n",
    "    PERFORM race_meet(20);\n    RETURN coalesce(fuller, '{}');\n",
)


def confirm_at_once(market: cast.Market) -> list[str]:
    """One vendor confirms twenty buyers in twenty threads; return the state of each order, or the
    items that refuse it.
    """
    buyers: list[Member] = [exporting.buyer_abroad(market.at) for _ in range(BUYERS)]
    waiting = [exporting.waiting(market, buyer) for buyer in buyers]
    answers = together(
        [lambda order=order: exporting.confirmed(market, order) for order in waiting]
    )
    return [
        ",".join(one["code"] for one in answer["findings"] if one["severity"] != "caution")
        if answer["state"] == "REFUSED"
        else answer["state"]
        for answer in answers
    ]


@pytest.mark.parametrize(
    ("evidence", "count", "sensitive", "fit", "item"),
    [
        # Under 100,000 persons nothing but duties stands in the way of a transfer abroad.
        ((), 30_000, False, 3, "XB-12"),
        # Under 1,000,000 a standard contract or a certificate is enough.
        (exporting.CONTRACT, 60_000, False, 16, "XB-11"),
        # Of sensitive information it is 10,000 persons.
        (exporting.CONTRACT, 900, True, 11, "XB-11"),
    ],
)
def test_twenty_at_once_fill_the_year_up_to_its_bound_and_not_over(
    at: datetime,
    evidence: tuple[str, ...],
    count: int,
    sensitive: bool,
    fit: int,
    item: str,
) -> None:
    market = exporting.market(at, *evidence, count=count, sensitive=sensitive)

    became = confirm_at_once(market)

    assert Counter(became) == {"MATCHED": fit, item: BUYERS - fit}
    assert Trade.objects.count() == fit
    held = (0, 0, fit * count, 0) if sensitive else (fit * count, 0, 0, 0)
    assert exporting.year_of(market.vendor.organisation_id) == held


def test_without_its_lock_the_year_is_filled_six_times_over(at: datetime) -> None:
    market = exporting.market(at)
    change(EXPORTER_LOCK, ALL_COUNT_BEFORE_ANY_ADDS)

    became = confirm_at_once(market)

    assert Counter(became) == {"MATCHED": BUYERS}
    assert exporting.year_of(market.vendor.organisation_id) == (600_000, 0, 0, 0)
