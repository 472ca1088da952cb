"""Amounts as text: exact both ways, and nothing else is an amount."""

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.money import CURRENCIES, MAX_MINOR, MoneyError, format_minor, parse_minor, ungrouped

CURRENCY = st.sampled_from(sorted(CURRENCIES))


@given(minor=st.integers(-MAX_MINOR, MAX_MINOR), currency=CURRENCY)
def test_amount_that_is_shown_is_read_back_exactly(minor: int, currency: str) -> None:
    shown = format_minor(minor, currency).replace("−", "-")

    assert parse_minor(ungrouped(shown), currency) == minor
    assert parse_minor(ungrouped(shown.replace(",", "，")), currency) == minor


@given(text=st.text(max_size=30), currency=CURRENCY)
@example("1e3", "CNY")
@example("１２", "CNY")
@example("٣", "CNY")
@example("+5", "CNY")
@example("1_000", "CNY")
@example("NaN", "CNY")
@example("sNaN", "CNY")
@example("-Infinity", "CNY")
@example("inf", "CNY")
@example("0x10", "CNY")
@example("1,5", "CNY")
@example(",", "CNY")
@example("", "CNY")
@example(".", "CNY")
@example("--1", "CNY")
@example("1\n", "CNY")
@example("1 000", "CNY")
def test_text_is_an_amount_in_plain_digits_or_refused(text: str, currency: str) -> None:
    try:
        minor = parse_minor(text, currency)
    except MoneyError:
        return
    assert re.fullmatch(r" *-?[0-9]*\.?[0-9]* *", text)
    assert Decimal(minor) == Decimal(text.strip()).scaleb(CURRENCIES[currency])
    assert -MAX_MINOR <= minor <= MAX_MINOR


@pytest.mark.parametrize(
    "text",
    ["1e3", "１２", "٣", "+5", "1_000", "NaN", "sNaN", "Infinity", "-Infinity", "inf", "0x10"],
)
def test_what_only_a_program_takes_for_a_number_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(MoneyError, match="digits 0 to 9, and a point before the decimals"):
        parse_minor(text, "CNY")


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1.005", "CNY"),
        ("0.1", "JPY"),
        ("92233720368547758.08", "CNY"),
        ("0." + "0" * 23 + "1", "CNY"),
        ("9" * 25, "CNY"),
    ],
)
def test_amount_that_no_account_holds_is_refused(text: str, currency: str) -> None:
    with pytest.raises(MoneyError):
        parse_minor(text, currency)


@pytest.mark.parametrize(
    ("text", "minor"),
    [("12", 1200), ("12.", 1200), (".5", 50), ("-0.01", -1), (" 1.20 ", 120), ("007", 700)],
)
def test_plain_amounts_are_read(text: str, minor: int) -> None:
    assert parse_minor(text, "CNY") == minor
