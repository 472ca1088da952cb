"""Any schedule and any amount split to exactly the whole, or cannot be paid."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from settlement.fees import FeeRefused, charges, fee_of, parse_schedule
from settlement.splits import SplitRefused, largest_remainder, parse_plan, split

AMOUNTS = st.integers(min_value=0, max_value=10**15)
WHO = str(UUID(int=7))


@st.composite
def schedules(draw: st.DrawFn) -> dict[str, Any]:
    lines = []
    for _ in range(draw(st.integers(0, 5))):
        floor = draw(st.integers(0, 10_000))
        lines.append(
            {
                "side": draw(st.sampled_from(["buyer", "vendor"])),
                "base": "price",
                "rate_bp": draw(st.integers(0, 3_000)),
                "floor_minor": floor,
                "cap_minor": draw(st.none() | st.integers(floor, 10**9)),
            }
        )
    return {"currency": "CNY", "lines": lines}


@st.composite
def plans(draw: st.DrawFn) -> list[dict[str, Any]]:
    shares = draw(st.lists(st.integers(1, 3_000), min_size=0, max_size=3))
    lines: list[dict[str, Any]] = [
        {"beneficiary": WHO, "role": "holding", "share_bp": share} for share in shares
    ]
    for fixed in draw(st.lists(st.integers(1, 5_000), max_size=2)):
        lines.append({"beneficiary": WHO, "role": "brokerage", "fixed_minor": fixed})
    lines.append({"beneficiary": WHO, "role": "operation", "remainder": True})
    return lines


@given(price=AMOUNTS, schedule=schedules(), plan=plans())
@settings(max_examples=300, deadline=None)
def test_parts_are_the_whole(
    price: int, schedule: dict[str, Any], plan: list[dict[str, Any]]
) -> None:
    table = parse_schedule(schedule)
    # What is free bears no fee, whatever the floors.
    lines = [line for line in table.lines if price and line.side == "vendor"]
    fees = sum(fee_of(price, line) for line in lines)
    if fees > price:
        with pytest.raises(FeeRefused):
            charges(price, table)
        return

    found = charges(price, table)
    if sum(line.get("fixed_minor", 0) for line in plan) > found.net_minor:
        with pytest.raises(SplitRefused):
            split(found.net_minor, parse_plan(plan))
        return
    parts = split(found.net_minor, parse_plan(plan))

    assert found.vendor_fee_minor == fees
    assert found.total_minor == price + found.buyer_fee_minor
    assert sum(parts) + found.vendor_fee_minor == price
    assert min(parts) >= 0
    assert sum(parts) + found.vendor_fee_minor + found.buyer_fee_minor == found.total_minor


@given(whole=AMOUNTS, weights=st.lists(st.integers(1, 10_000), min_size=1, max_size=20))
@settings(max_examples=300, deadline=None)
def test_largest_remainder_gives_out_everything_fairly(whole: int, weights: list[int]) -> None:
    parts = largest_remainder(whole, weights)

    assert sum(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - whole * weight) < sum(weights)
