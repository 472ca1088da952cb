"""Money. Invariant: an amount is a whole number of minor units of one currency, in 64 bits."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

# ISO 4217: how many decimals the minor unit has.
CURRENCIES: dict[str, int] = {"CNY": 2, "USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}
MAX_MINOR = 2**63 - 1


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

    Raises:
        MoneyError: not a number, finer than the minor unit, or over 64 bits.

    """
    if currency not in CURRENCIES:
        raise MoneyError(f"unknown currency {currency!r}")
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        raise MoneyError(f"{text!r} is not a number") from None
    if not amount.is_finite() or amount.adjusted() > 20:
        raise MoneyError(f"{text!r} is not an amount")
    minor = amount.scaleb(CURRENCIES[currency])
    if minor != minor.to_integral_value():
        raise MoneyError(f"{text!r} is finer than the minor unit of {currency}")
    return Money(int(minor), currency).minor


def format_minor(minor: int, currency: str) -> str:
    """Return `minor` as decimal text with thousands separators and a true minus sign."""
    decimals = CURRENCIES[currency]
    whole, part = divmod(abs(minor), 10**decimals)
    text = f"{whole:,}" + (f".{part:0{decimals}d}" if decimals else "")
    return f"−{text}" if minor < 0 else text
