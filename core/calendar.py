"""Working days of China. Invariant: a day is one by the year's own arrangement, else by the week.

Each autumn the State Council announces the holidays of the next year and the weekend days that are
worked for them. A year that is not in the table goes by the week alone, and `announced` says so.
Source: 全国年节及纪念日放假办法; 国务院办公厅关于部分节假日安排的通知, one for each year.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Year:
    """The arrangement of one year: days off as (first, last), and weekend days that are worked."""

    off: tuple[tuple[date, date], ...]
    worked: frozenset[date]


def _year(year: int, off: str, worked: str) -> Year:
    """Return a year from words `MM-DD..MM-DD` and words `MM-DD`."""

    def day(text: str) -> date:
        month, number = text.split("-")
        return date(year, int(month), int(number))

    spans = (span.split("..") for span in off.split())
    return Year(
        tuple((day(first), day(last)) for first, last in spans),
        frozenset(day(text) for text in worked.split()),
    )


YEARS = {
    2025: _year(
        2025,
        "01-01..01-01 01-28..02-04 04-04..04-06 05-01..05-05 05-31..06-02 10-01..10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    2026: _year(
        2026,
        "01-01..01-03 02-15..02-23 04-04..04-06 05-01..05-05 06-19..06-21 09-25..09-27 "
        "10-01..10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
}


def announced(year: int) -> bool:
    """Return whether the arrangement of `year` is in the table."""
    return year in YEARS


def is_working_day(day: date) -> bool:
    """Return whether offices work on `day`."""
    year = YEARS.get(day.year)
    if year is not None:
        if day in year.worked:
            return True
        if any(first <= day <= last for first, last in year.off):
            return False
    return day.weekday() < SATURDAY


def add_working_days(day: date, count: int) -> date:
    """Return the working day that is `count` working days after `day`; the day itself is none.

    Raises:
        ValueError: `count` is negative.

    """
    if count < 0:
        raise ValueError("working days are counted forward")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_left(today: date, until: date) -> int:
    """Return how many working days there are after `today` up to and with `until`.

    Below 0 it is past: so many working days after `until`, up to and with `today`.
    """
    first, last, sign = (today, until, 1) if today <= until else (until, today, -1)
    days = (last - first).days
    return sign * sum(is_working_day(first + timedelta(days=n)) for n in range(1, days + 1))


def due_after(since: datetime, count: int) -> datetime:
    """Return the moment `count` working days after `since`, at the same time of day.

    Raises:
        ValueError: `count` is negative.

    """
    day = since.date()
    return since + timedelta(days=(add_working_days(day, count) - day).days)


def overdue_bounds(today: date, count: int) -> tuple[date, tuple[date, ...]]:
    """Return which days' work of `count` working days is past on `today`, for a query to ask.

    All that came in before the first day is past; what came in on one of the others falls due
    today, at the time of day at which it came in.
    """
    due_today: list[date] = []
    day = today
    while add_working_days(day, count) >= today:
        if add_working_days(day, count) == today:
            due_today.append(day)
        day -= timedelta(days=1)
    return day + timedelta(days=1), tuple(sorted(due_today))
