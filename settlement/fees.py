"""What the venue charges. Invariant: a fee is rate, then floor, then cap, rounded half up once.

The schedule in force when a trade is concluded is frozen into it and applies for its life.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.money import CURRENCIES, MAX_MINOR

RATE_WHOLE = 10_000
MAX_LINES = 10
BUYER, VENDOR = "buyer", "vendor"
SIDES = (BUYER, VENDOR)
BASES = ("price",)
# What a venue starts with unless it says otherwise: out of the price 2.5 %, at most 50,000 of the
# main unit, and on top of it 0.5 %, at most 10,000.
FIRST_FEES: tuple[Mapping[str, Any], ...] = (
    {"side": "vendor", "base": "price", "rate_bp": 250, "floor_minor": 0, "cap_minor": 5_000_000},
    {"side": "buyer", "base": "price", "rate_bp": 50, "floor_minor": 0, "cap_minor": 1_000_000},
)


class FeeRefused(ValueError):
    """A fee schedule is not one, or an amount is not one that a fee can be taken of.

    `line` counts from 0 and is None where the fault is of the schedule as a whole.
    """

    def __init__(self, text: str, line: int | None = None) -> None:
        super().__init__(text)
        self.text, self.line = text, line


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One fee. The buyer's side pays on top of the price, the vendor's side out of it."""

    side: str
    base: str
    rate_bp: int
    floor_minor: int = 0
    cap_minor: int | None = None


@dataclass(frozen=True, slots=True)
class FeeTable:
    """The fees of one currency."""

    currency: str
    lines: tuple[FeeLine, ...]


@dataclass(frozen=True, slots=True)
class Charges:
    """A price and the fees on it, in minor units."""

    price_minor: int
    buyer_fee_minor: int
    vendor_fee_minor: int

    @property
    def total_minor(self) -> int:
        """What the buyer pays, and what is held at the match."""
        return self.price_minor + self.buyer_fee_minor

    @property
    def net_minor(self) -> int:
        """What the allocation plan shares out."""
        return self.price_minor - self.vendor_fee_minor


def parse_schedule(document: Mapping[str, Any]) -> FeeTable:
    """Return the fee table that a frozen schedule document states.

    Raises:
        FeeRefused: with the line and what is wrong with it.

    """
    if not isinstance(document, Mapping):
        raise FeeRefused("must be an object")
    currency, lines = document.get("currency"), document.get("lines")
    if currency not in CURRENCIES:
        raise FeeRefused(f"currency must be one of {', '.join(CURRENCIES)}")
    if not isinstance(lines, Sequence) or isinstance(lines, str) or len(lines) > MAX_LINES:
        raise FeeRefused(f"lines must be a list of at most {MAX_LINES}")
    return FeeTable(currency, tuple(_line(number, line) for number, line in enumerate(lines)))


def charges(price_minor: int, table: FeeTable) -> Charges:
    """Return the fees on a price. A free trade carries none.

    Raises:
        FeeRefused: the vendor's fees are over the price, or the total does not fit in 64 bits.

    """
    if not 0 <= price_minor <= MAX_MINOR:
        raise FeeRefused(f"{price_minor} is not an amount of 0 to {MAX_MINOR}")
    paid = dict.fromkeys(SIDES, 0)
    if price_minor:
        for line in table.lines:
            paid[line.side] += fee_of(price_minor, line)
    found = Charges(price_minor, paid[BUYER], paid[VENDOR])
    if found.net_minor < 0:
        raise FeeRefused(f"the vendor's fee of {found.vendor_fee_minor} is over the price")
    if found.total_minor > MAX_MINOR:
        raise FeeRefused("the price with its fees does not fit in 64 bits")
    return found


def fee_of(price_minor: int, line: FeeLine) -> int:
    """Return one fee on a price: rate, then floor, then cap, half up to the minor unit."""
    fee = (2 * price_minor * line.rate_bp + RATE_WHOLE) // (2 * RATE_WHOLE)
    fee = max(fee, line.floor_minor)
    return fee if line.cap_minor is None else min(fee, line.cap_minor)


def _line(number: int, given: Mapping[str, Any]) -> FeeLine:
    if not isinstance(given, Mapping):
        raise FeeRefused("must be an object", number)
    if given.get("side") not in SIDES:
        raise FeeRefused(f"side must be one of {', '.join(SIDES)}", number)
    if given.get("base", "price") not in BASES:
        raise FeeRefused(f"base must be one of {', '.join(BASES)}", number)
    floor_minor = _whole(number, given, "floor_minor", MAX_MINOR) or 0
    cap_minor = _whole(number, given, "cap_minor", MAX_MINOR)
    if cap_minor is not None and cap_minor < floor_minor:
        raise FeeRefused("the cap is under the floor", number)
    rate_bp = _whole(number, given, "rate_bp", RATE_WHOLE)
    if rate_bp is None:
        raise FeeRefused("rate_bp is missing", number)
    return FeeLine(given["side"], given.get("base", "price"), rate_bp, floor_minor, cap_minor)


def _whole(number: int, given: Mapping[str, Any], name: str, most: int) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= most:
        raise FeeRefused(f"{name} must be a whole number from 0 to {most}", number)
    return value
