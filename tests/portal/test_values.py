"""Amounts, times, sizes and hashes as a page shows them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from core.money import Money
from exchange.portal.examples.vessel_calls import AT
from exchange.portal.pages.public import Price
from exchange.portal.pieces import (
    Shell,
)
from exchange.templatetags import portal, words
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


YUAN = Money(900, "CNY")


@pytest.mark.parametrize(
    ("price", "english", "chinese"),
    [
        (Price("one_off", YUAN), "once", "一次性"),
        (Price("per_call", YUAN), "/ call", "/ 次"),
        (Price("per_call", YUAN, unit="record"), "/ record", "/ 条"),
        (Price("per_call", YUAN, 1_000, "record"), "/ 1,000 records", "/ 1,000 条"),
        (Price("per_call", YUAN, 100), "/ 100 calls", "/ 100 次"),
        (Price("subscription", YUAN, period_days=1), "/ 1 day", "/ 1 天"),
        (Price("subscription", YUAN, period_days=365), "/ 365 days", "/ 365 天"),
        (Price("free", Money(0, "CNY")), "", ""),
        (Price("negotiated"), "", ""),
    ],
)
def test_price_says_what_it_is_for(price: Price, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert portal.unit(price) == english
    with translation.override("zh-hans"):
        assert portal.unit(price) == chinese


@pytest.mark.parametrize(
    ("code", "english", "chinese"),
    [
        ("CN-31", "Shanghai (CN-31)", "上海 (CN-31)"),
        ("CN-3205", "Jiangsu (CN-3205)", "江苏 (CN-3205)"),
        ("CN-SH", "Shanghai", "上海"),
        ("CN-71", "Taiwan (CN-71)", "台湾地区 (CN-71)"),
        ("US-CA", "United States (US-CA)", "美国 (US-CA)"),
        ("AT", "Austria", "奥地利"),
        ("*", "Anywhere", "不限地域"),
        ("CN-99", "China (CN-99)", "中国 (CN-99)"),
        ("the Yangtze delta", "the Yangtze delta", "the Yangtze delta"),
        ("长江三角洲", "长江三角洲", "长江三角洲"),
        ("XX-12", "XX-12", "XX-12"),
        ("", "", ""),
    ],
)
def test_region_is_named_in_the_language_of_the_reader(
    code: str, english: str, chinese: str
) -> None:
    with translation.override("en"):
        assert words.word("territory", code) == portal.words.region(code) == english
    with translation.override("zh-hans"):
        assert words.word("territory", code) == chinese


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
