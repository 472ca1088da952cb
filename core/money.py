"""Money. Invariant: an amount is a whole number of minor units of one currency, in 64 bits."""

import re
from dataclasses import dataclass
from decimal import Decimal

# ISO 4217: how many decimals the minor unit has.
CURRENCIES: dict[str, int] = {"CNY": 2, "USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}
MAX_MINOR = 2**63 - 1
# No amount of 64 bits has more digits before its point; more after it than Decimal keeps exactly
# would be rounded before they could be refused.
WRITTEN = re.compile(r"-?([0-9]{1,24}\.?[0-9]{0,24}|\.[0-9]{1,24})", re.ASCII)
# Commas part groups of three digits; anywhere else one may stand for a decimal point.
GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", re.ASCII)


class MoneyError(ValueError):
    """The text or number is not an amount that the ledger can hold."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """`minor` units (fen, cents, …) of `currency` (ISO 4217)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise MoneyError(f"unknown currency {self.currency!r}")
        if not -MAX_MINOR <= self.minor <= MAX_MINOR:
            raise MoneyError(f"{self.minor} does not fit in 64 bits")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __str__(self) -> str:
        return f"{self.currency} {format_minor(self.minor, self.currency)}"

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise MoneyError(f"{self.currency} and {other.currency} do not mix")
        return other


def parse_minor(text: str, currency: str) -> int:
    """Return the minor units that decimal `text` states exactly.

    It is written in the digits 0 to 9 with at most one point, and a minus sign where it is below
    zero. What a program may mean by a number (1e3, 1_000, +5, NaN) nobody writes on a bill, and a
    digit of another width or script is more often a slip than an amount: both are refused.

    Raises:
        MoneyError: not such a text, finer than the minor unit, or over 64 bits.

    """
    if currency not in CURRENCIES:
        raise MoneyError(f"unknown currency {currency!r}")
    text = text.strip(" ")
    if not WRITTEN.fullmatch(text):
        raise MoneyError(
            f"{text[:40]!r} is not an amount: digits 0 to 9, and a point before the decimals"
        )
    minor = Decimal(text).scaleb(CURRENCIES[currency])
    if minor != minor.to_integral_value():
        raise MoneyError(f"{text!r} is finer than the minor unit of {currency}")
    return Money(int(minor), currency).minor


def ungrouped(text: str) -> str:
    """Return an amount without the commas, of either width, that part its groups of three."""
    plain = text.strip(" ").replace("，", ",")
    return plain.replace(",", "") if GROUPED.fullmatch(plain) else text


def format_minor(minor: int, currency: str) -> str:
    """Return `minor` as decimal text with thousands separators and a true minus sign."""
    decimals = CURRENCIES[currency]
    whole, part = divmod(abs(minor), 10**decimals)
    text = f"{whole:,}" + (f".{part:0{decimals}d}" if decimals else "")
    return f"−{text}" if minor < 0 else text
