"""The public-interest fund has its part of a price like any beneficiary, and no organisation."""

from dataclasses import replace
from datetime import datetime

from core.actors import SYSTEM
from settlement import services
from settlement.selectors import check_books, custody_positions
from tests.settlement import cast


def test_fund_gets_its_share_to_the_cent(db: None, at: datetime) -> None:
    made = cast.parties(at, 10_100)
    reference = cast.hold(made, 10_100)
    plan = [
        {"beneficiary": None, "role": "public_interest_fund", "share_bp": 100},
        {"beneficiary": str(made.vendor_id), "role": "operation", "remainder": True},
    ]

    services.request_settlements(
        settlements=[replace(cast.asked(made, reference, 10_000), plan=plan)],
        actor=SYSTEM,
        at=at,
    )
    services.settle_due(limit=10, actor=SYSTEM, at=at)

    # A hundredth of the 9,750 that the fee leaves is 97.5: of two equal remainders the earlier line
    # gets the unit.
    (position,) = custody_positions()
    assert (position.fund_minor, cast.balances(made.vendor_id)["payable"]) == (98, 9_652)
    assert (position.venue_minor, position.difference_minor) == (350, 0)
    assert check_books() == ()
