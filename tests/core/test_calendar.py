"""Working days: holidays and worked weekends by the year's arrangement, else by the week."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import YEARS, add_working_days, announced, is_working_day, working_days_left

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # a Saturday that is worked
        (date(2026, 2, 14), True),
        (date(2026, 2, 16), False),  # a Monday of the Spring Festival
        (date(2026, 11, 28), False),  # a Saturday
        (date(2027, 10, 1), True),  # a Friday of a year that is not announced here
    ],
)
def test_day_is_worked_or_not(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_year_without_arrangement_says_so() -> None:
    assert announced(2026)
    assert not announced(2027)


def test_three_working_days_pass_over_the_national_holiday() -> None:
    assert add_working_days(date(2026, 9, 29), 3) == date(2026, 10, 9)
    assert working_days_left(date(2026, 9, 29), date(2026, 10, 9)) == 3


def test_past_counts_below_zero() -> None:
    assert working_days_left(date(2026, 11, 27), date(2026, 11, 25)) == -2
    assert working_days_left(date(2026, 11, 25), date(2026, 11, 25)) == 0


def test_nothing_is_counted_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 11, 25), -1)


def test_worked_weekend_days_are_weekend_days_and_days_off_are_whole() -> None:
    for year in YEARS.values():
        assert {day.weekday() for day in year.worked} <= {5, 6}
        assert all(first <= last for first, last in year.off)
        assert not any(first <= day <= last for day in year.worked for first, last in year.off)


@given(day=DAYS, count=st.integers(0, 60))
def test_adding_and_counting_agree(day: date, count: int) -> None:
    reached = add_working_days(day, count)

    assert working_days_left(day, reached) == count
    assert count == 0 or is_working_day(reached)
    assert reached - day >= timedelta(days=count)
