"""Amounts, times, sizes and hashes as a page shows them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from core.money import Money
from exchange.portal.examples.vessel_calls import AT
from exchange.portal.pieces import (
    Shell,
)
from exchange.templatetags import portal
from tests.portal.cast import part


@pytest.mark.parametrize(
    ("minor", "currency", "shown", "value"),
    [
        (500_000, "CNY", "¥\u202f5,000.00", "5000.00"),
        (-12_345_678, "CNY", "−¥\u202f123,456.78", "-123456.78"),
        (9, "CNY", "¥\u202f0.09", "0.09"),
        (5_000, "JPY", "JP¥\u202f5,000", "5000"),
        (1_234_567, "KWD", "KWD\u202f1,234.567", "1234.567"),
    ],
)
def test_money_shows_sign_and_exact_value(
    minor: int, currency: str, shown: str, value: str
) -> None:
    amount = portal.money(Money(minor, currency))

    assert amount == f'<data class="money" value="{value}">{shown}</data>'


def test_times_name_their_zone() -> None:
    moment = datetime(2026, 3, 14, 6, 5, 9, tzinfo=UTC)

    with timezone.override("Asia/Shanghai"), translation.override("en"):
        english, day = portal.when(moment), portal.day(date(2027, 3, 14))
    with timezone.override("Asia/Kolkata"), translation.override("zh-hans"):
        chinese = portal.when(moment)
    assert '"2026-03-14T14:05:09+08:00"' in english
    assert ">14 Mar 2026 14:05 UTC+8</time>" in english
    assert day == '<time datetime="2027-03-14">14 Mar 2027</time>'
    assert ">2026年3月14日 11:35 UTC+5:30</time>" in chinese


@pytest.mark.parametrize(
    ("passed", "shown"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(hours=23, minutes=59), "24 hours ago"),
        (timedelta(days=1), "22 Nov 2026"),
        (timedelta(seconds=-1), "23 Nov 2026"),
    ],
)
def test_moment_is_relative_within_a_day_only(passed: timedelta, shown: str) -> None:
    context = portal.template.Context({"shell": Shell(at=AT)})

    with timezone.override(UTC), translation.override("en"):
        assert f">{shown}</time>" in portal.ago(context, AT - passed)


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0\u202fB"), (999, "999\u202fB"), (1_500, "1.5\u202fkB"), (18_342_114, "18.3\u202fMB")],
)
def test_size_is_in_decimal_units(size: int, shown: str) -> None:
    assert portal.size(size) == shown


def test_share_is_per_cent_without_trailing_zeros() -> None:
    with translation.override("en"):
        assert [portal.share(bp) for bp in (10_000, 1_250, 5)] == [
            "100\u202f%",
            "12.5\u202f%",
            "0.05\u202f%",
        ]
    with translation.override("zh-hans"):
        assert portal.share(1_250) == "12.5%"


def test_hash_is_shortened_in_the_middle_and_copied_whole() -> None:
    value = "ab" * 32

    shown = part("_hash.html", value=value)

    assert f'<code title="{value}">abababab…ababab</code>' in shown
    assert f'data-copy="{value}"' in shown
