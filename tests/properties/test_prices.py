"""Price texts: exact or refused, and nothing that is not free ever costs 0."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from listings.content import Tier, parse_plans, total_minor
from listings.prices import FREE, NEGOTIATED, UNSTATED, Price, PriceRefused, read_price

UNITS = ["", "/次", "/年", "/天", "/月", "/条", "/千次", "每次", "/份"]


def read(text: str) -> Price | None:
    try:
        return read_price(text)
    except PriceRefused:
        return None


@given(st.text(max_size=30))
def test_no_text_but_one_that_says_free_or_zero_costs_nothing(text: str) -> None:
    price = read(text)
    if price is not None and price.price_minor == 0:
        digits = [sign for sign in text if sign.isdigit()]
        assert text.strip().lower() in FREE or (
            digits and all(d == "0" for d in map(_digit, digits))
        )


def _digit(sign: str) -> str:
    return str(int(sign)) if sign.isdecimal() else sign


@given(
    amount=st.decimals(min_value=0, max_value=10**9, allow_nan=False, places=6),
    unit=st.sampled_from(UNITS),
)
def test_amount_is_exact_or_refused(amount: Decimal, unit: str) -> None:
    assume(amount > 0)
    price = read(f"{amount:f}元{unit}")
    if price is None:
        # Only what cannot be split into more units is refused for being too fine.
        assert amount * 100 % 1 != 0
        assert unit not in ("/次", "/条", "/千次", "每次")
        return
    assert price.price_minor is not None
    assert price.price_minor > 0
    quantity = 1000 if unit == "/千次" else 1
    assert Decimal(price.price_minor) / 100 * quantity == amount * price.per_count


@given(st.sampled_from(sorted(NEGOTIATED)), st.sampled_from(["", " ", "\n"]))
def test_negotiated_is_never_a_number(word: str, space: str) -> None:
    price = read_price(f"{space}{word}{space}")

    assert price is not None
    assert (price.kind, price.price_minor) == ("negotiated", None)


@pytest.mark.parametrize("text", [None, *sorted(UNSTATED)])
def test_missing_price_is_not_free(text: str | None) -> None:
    assert read_price(text) is None


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("面议", Price("negotiated", None)),
        ("免费", Price("free", 0)),
        ("0元/次", Price("free", 0)),
        ("1980元", Price("one_off", 198_000)),
        ("990000.00元", Price("one_off", 99_000_000)),
        ("0.09元/次", Price("per_call", 9)),
        ("413.89元/天", Price("subscription", 41_389, period_days=1)),
        ("2100000元/年", Price("subscription", 210_000_000, period_days=365)),
        ("0.001元/次", Price("per_call", 1, per_count=10)),
        (
            "754300.0000000001元/次",
            Price("per_call", 7_543_000_000_000_001, per_count=100_000_000),
        ),
        ("¥39.00/10次", Price("per_call", 3_900, per_count=10)),
        ("１，９８０ 元", Price("one_off", 198_000)),
        ("5万元/年", Price("subscription", 5_000_000, period_days=365)),
        ("$1.50", Price("one_off", 150, "USD")),
        ("300日元", Price("one_off", 300, "JPY")),
        ("0.1元/条", Price("per_call", 10, unit="record")),
    ],
)
def test_every_form_is_understood(text: str, price: Price) -> None:
    assert read_price(text) == price


@pytest.mark.parametrize(
    "text",
    [
        "0.001元",
        "100-200元",
        "100元起",
        "约100元",
        "-5元",
        "1e5元",
        "NaN元",
        "五元",
        "元",
        "10元/公斤",
        "5美元元",
        "$5元",
        "1.5日元",
        "9" * 30 + "元",
        "0." + "0" * 30 + "1元/次",
        "1元" + " " * 200 + "x" * 200,
        "100元 200元",
        "免费10元",
    ],
)
def test_text_that_is_not_one_exact_price_is_refused(text: str) -> None:
    with pytest.raises(PriceRefused):
        read_price(text)


@given(
    price=st.integers(1, 10**6),
    per_count=st.integers(1, 10**6),
    starts=st.lists(st.integers(2, 10**5), unique=True, max_size=4),
    counts=st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)),
)
def test_more_units_never_cost_less_and_never_nothing(
    price: int, per_count: int, starts: list[int], counts: tuple[int, int]
) -> None:
    (plan,), problems = parse_plans(
        [
            {
                "code": "C",
                "kind": "per_call",
                "offer_mode": "standing",
                "price_minor": price,
                "per_count": per_count,
                "tiers": [
                    {"from_count": start, "price_minor": max(1, price // (place + 2))}
                    for place, start in enumerate(sorted(starts))
                ],
            }
        ]
    )
    fewer, more = sorted(counts)

    assert problems == []
    assert all(isinstance(tier, Tier) for tier in plan.tiers)
    low, high = total_minor(plan, count=fewer), total_minor(plan, count=more)
    assert low is not None
    assert high is not None
    assert 1 <= low <= high
