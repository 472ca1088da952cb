"""Price texts of other catalogues. Invariant: exact or refused; only what says free costs nothing.

面议 is a price still to be negotiated, a missing price is an unknown one, and neither is 0. An
amount finer than the minor unit is kept exactly, as whole minor units for 10, 100, … units.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from core.money import CURRENCIES
from listings.content.shapes import MAX_NUMBER, gettext_noop

MAX_LENGTH = 200

UNSTATED = {"", "-", "--", "/", "无", "暂无", "待完善", "未知", "null", "none", "n/a"}
NEGOTIATED = {
    "面议",
    "价格面议",
    "面谈",
    "协商",
    "协商定价",
    "协议定价",
    "议价",
    "电议",
    "询价",
    "待议",
    "negotiable",
    "negotiated",
    "negotiation",
    "on request",
    "price on request",
}
FREE = {"免费", "免费使用", "免费开放", "无偿", "free", "free of charge"}

CURRENCY_WORDS = {
    "": "",
    "¥": "CNY",
    "元": "CNY",
    "圆": "CNY",
    "人民币": "CNY",
    "rmb": "CNY",
    "cny": "CNY",
    "yuan": "CNY",
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "美元": "USD",
    "€": "EUR",
    "eur": "EUR",
    "欧元": "EUR",
    "jpy": "JPY",
    "日元": "JPY",
    "kwd": "KWD",
}
MULTIPLES = {"": 1, "百": 100, "千": 1_000, "万": 10_000, "百万": 1_000_000, "亿": 100_000_000}

COUNTED = {
    **dict.fromkeys(("次", "次调用", "调用", "笔", "call", "calls", "request", "query"), "call"),
    **dict.fromkeys(("条", "行", "条记录", "记录", "record", "records", "row"), "record"),
}
# A month is 30 days and a year 365; whoever sells calendar periods states the days.
PERIODS = {
    **dict.fromkeys(("天", "日", "day", "days"), 1),
    **dict.fromkeys(("周", "星期", "week"), 7),
    **dict.fromkeys(("月", "个月", "month", "months"), 30),
    **dict.fromkeys(("季", "季度", "quarter"), 91),
    **dict.fromkeys(("半年", "half-year"), 182),
    **dict.fromkeys(("年", "year", "years"), 365),
}
WHOLES = {"份", "套", "个", "件", "项", "本", "包", "copy", "set", "dataset"}

_MONEY_WORDS = "|".join(sorted((re.escape(w) for w in CURRENCY_WORDS if w), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?P<before>{_MONEY_WORDS})?\s*"
    r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)\s*"
    rf"(?P<multiple>百万|百|千|万|亿)?\s*(?P<after>{_MONEY_WORDS})?"
    r"(?:\s*(?:/|每|per )\s*(?P<quantity>[0-9]{1,9})?\s*(?P<scale>百万|百|千|万|亿)?\s*"
    r"(?P<unit>[^\W0-9_](?:[^\W0-9_]|-)*))?"
)


class PriceRefused(ValueError):
    """The text is not a price that a plan can carry; the message says why, in English."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a price text says: `price_minor` for `per_count` units, one period, or the whole.

    `price_minor` is 0 for kind `free` only, and None for kind `negotiated` only.
    """

    kind: str
    price_minor: int | None
    currency: str = "CNY"
    unit: str = "call"
    per_count: int = 1
    period_days: int | None = None


def read_price(text: str | None, currency: str = "CNY") -> Price | None:
    """Return the price that `text` states, or None if it states none.

    `currency` is what an amount without a currency is in.

    Raises:
        PriceRefused: it states something that is not one exact price.

    """
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if len(plain) > MAX_LENGTH:
        raise PriceRefused(gettext_noop("a price text is no longer than 200 characters"))
    if plain in UNSTATED:
        return None
    if plain in NEGOTIATED:
        return Price("negotiated", None, currency)
    if plain in FREE:
        return Price("free", 0, currency)
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        raise PriceRefused(gettext_noop("neither one exact amount (0.09元/次) nor 面议 nor 免费"))
    return _amount(match.groupdict(default=""), currency)


def _amount(parts: dict[str, str], currency: str) -> Price:
    stated = {CURRENCY_WORDS[word] for word in (parts["before"], parts["after"]) if word}
    if len(stated) > 1:
        raise PriceRefused(gettext_noop("two different currencies"))
    currency = stated.pop() if stated else currency
    amount = Decimal(parts["number"].replace(",", "")) * MULTIPLES[parts["multiple"]]
    if amount == 0:
        return Price("free", 0, currency)
    minor = _scaled(amount, CURRENCIES[currency])
    unit, quantity = parts["unit"], int(parts["quantity"] or 1) * MULTIPLES[parts["scale"]]
    if quantity == 0:
        raise PriceRefused(gettext_noop("a price for nothing"))
    if unit in COUNTED:
        return _per_unit(minor, currency, COUNTED[unit], quantity)
    minor_whole = _whole(minor)
    if unit in PERIODS:
        return Price(
            "subscription", minor_whole, currency, period_days=_days(PERIODS[unit] * quantity)
        )
    if not unit or (unit in WHOLES and quantity == 1):
        return Price("one_off", minor_whole, currency)
    raise PriceRefused(gettext_noop("no plan can be priced by this unit"))


def _scaled(amount: Decimal, decimals: int) -> tuple[int, int]:
    """Return (digits, power): the amount is digits / 10**power minor units, exactly."""
    sign, digits, exponent = amount.as_tuple()
    if not isinstance(exponent, int) or sign:
        raise PriceRefused(gettext_noop("not an amount"))
    value = int("".join(map(str, digits)))
    power = -exponent - decimals
    while power > 0 and value % 10 == 0:
        value, power = value // 10, power - 1
    return (value, power) if power > 0 else (value * 10**-power, 0)


def _per_unit(minor: tuple[int, int], currency: str, unit: str, quantity: int) -> Price:
    value, power = minor
    per_count = quantity * 10**power
    if value > MAX_NUMBER or per_count > MAX_NUMBER:
        raise PriceRefused(gettext_noop("more digits than can be kept exactly"))
    return Price("per_call", value, currency, unit, per_count)


def _whole(minor: tuple[int, int]) -> int:
    value, power = minor
    if power:
        raise PriceRefused(gettext_noop("finer than the minor unit of the currency"))
    if value > MAX_NUMBER:
        raise PriceRefused(gettext_noop("more digits than can be kept exactly"))
    return value


def _days(days: int) -> int:
    if days > 36_500:
        raise PriceRefused(gettext_noop("a period longer than a hundred years"))
    return days
