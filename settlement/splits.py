"""How the price of a trade is shared. Invariant: the parts sum to the whole, to the minor unit.

Fixed amounts come first, the rest is shared in basis points by largest remainder (ties to the
earlier line), and what a cap cuts off goes to the one line named for remainders.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.money import MAX_MINOR

WHOLE_BP = 10_000
MAX_LINES = 50
PUBLIC_FUND = "public_interest_fund"
ROLES = (
    "collection",
    "holding",
    "processing",
    "operation",
    "brokerage",
    "service_provider",
    "public_budget",
    PUBLIC_FUND,
)


class SplitRefused(ValueError):
    """A plan is not a plan, or cannot pay what it promises out of this amount.

    `line` counts from 0 and is None where the fault is of the plan as a whole.
    """

    def __init__(self, text: str, line: int | None = None) -> None:
        super().__init__(text)
        self.text, self.line = text, line


@dataclass(frozen=True, slots=True)
class AllocationLine:
    """What one beneficiary gets: a fixed amount, a share of the rest, or both.

    `beneficiary` is an organisation; only the public-interest fund may do without one.
    """

    beneficiary: UUID | None
    role: str
    share_bp: int | None = None
    fixed_minor: int | None = None
    cap_minor: int | None = None
    priority: int = 0
    is_remainder: bool = False


@dataclass(frozen=True, slots=True)
class AllocationPlan:
    """The lines of a plan and, for each, its weight in the sharing of what is not fixed."""

    lines: tuple[AllocationLine, ...]
    weights: tuple[int, ...]
    remainder: int | None


def parse_plan(document: Sequence[Mapping[str, Any]]) -> AllocationPlan:
    """Return the plan that a frozen allocation document states.

    Raises:
        SplitRefused: with the line and what is wrong with it.

    """
    if isinstance(document, str | bytes | Mapping) or not isinstance(document, Sequence):
        raise SplitRefused("must be a list of lines")
    if not 1 <= len(document) <= MAX_LINES:
        raise SplitRefused(f"must have 1 to {MAX_LINES} lines")
    return make_plan([_line(number, given) for number, given in enumerate(document)])


def make_plan(lines: Sequence[AllocationLine]) -> AllocationPlan:
    """Return the plan of `lines`, checked to share out the whole and no more.

    Raises:
        SplitRefused: shares over or under the whole, two remainder lines, or a cap without one.

    """
    remainders = [number for number, line in enumerate(lines) if line.is_remainder]
    if len(remainders) > 1:
        raise SplitRefused("only one line can take the remainder", remainders[1])
    remainder = remainders[0] if remainders else None
    weights = [line.share_bp or 0 for line in lines]
    given = sum(weights)
    if given > WHOLE_BP:
        raise SplitRefused(f"the shares come to {given} basis points, over {WHOLE_BP}")
    for number, line in enumerate(lines):
        if line.cap_minor is not None and remainder in (None, number):
            raise SplitRefused("a cap needs another line that takes the remainder", number)
        if line.cap_minor is not None and line.cap_minor < (line.fixed_minor or 0):
            raise SplitRefused("the cap is under the fixed amount", number)
    if given < WHOLE_BP:
        if remainder is None:
            raise SplitRefused(
                f"the shares come to {given} basis points and no line takes the remainder"
            )
        weights[remainder] += WHOLE_BP - given
    return AllocationPlan(tuple(lines), tuple(weights), remainder)


def split(whole_minor: int, plan: AllocationPlan) -> tuple[int, ...]:
    """Return what each line of `plan` gets of `whole_minor`; the sum is `whole_minor`.

    Raises:
        SplitRefused: the fixed amounts cannot be paid; names the first line, in priority order,
            that goes short.

    """
    if not 0 <= whole_minor <= MAX_MINOR:
        raise SplitRefused(f"{whole_minor} is not an amount of 0 to {MAX_MINOR}")
    rest = whole_minor
    by_priority = sorted(range(len(plan.lines)), key=lambda number: plan.lines[number].priority)
    for number in by_priority:
        rest -= plan.lines[number].fixed_minor or 0
        if rest < 0:
            raise SplitRefused(f"{whole_minor} cannot pay its fixed amount", number)
    parts = [
        (line.fixed_minor or 0) + share
        for line, share in zip(plan.lines, largest_remainder(rest, plan.weights), strict=True)
    ]
    for number, line in enumerate(plan.lines):
        if line.cap_minor is not None and parts[number] > line.cap_minor:
            # make_plan has seen to it that a plan with a cap names a remainder line.
            parts[plan.remainder or 0] += parts[number] - line.cap_minor
            parts[number] = line.cap_minor
    return tuple(parts)


def largest_remainder(whole: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share `whole` units in the proportion of `weights`.

    Each gets its quota rounded down; the units left over go one each to the largest fractions,
    and among equal fractions to the earlier line.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise SplitRefused("the weights must not be negative and not all zero")
    shared = [divmod(whole * weight, total) for weight in weights]
    parts = [quota for quota, _ in shared]
    left = whole - sum(parts)
    if left:
        by_fraction = sorted(range(len(weights)), key=lambda number: -shared[number][1])
        for number in by_fraction[:left]:
            parts[number] += 1
    return tuple(parts)


def _line(number: int, given: Mapping[str, Any]) -> AllocationLine:
    if not isinstance(given, Mapping):
        raise SplitRefused("must be an object", number)
    role = given.get("role")
    if role not in ROLES:
        raise SplitRefused(f"role must be one of {', '.join(ROLES)}", number)
    share_bp = _whole(number, given, "share_bp", WHOLE_BP)
    fixed_minor = _whole(number, given, "fixed_minor", MAX_MINOR)
    is_remainder = given.get("remainder") is True
    if share_bp is None and fixed_minor is None and not is_remainder:
        raise SplitRefused("needs a share, a fixed amount or the remainder", number)
    return AllocationLine(
        beneficiary=_beneficiary(number, given, role),
        role=role,
        share_bp=share_bp,
        fixed_minor=fixed_minor,
        cap_minor=_whole(number, given, "cap_minor", MAX_MINOR),
        priority=_whole(number, given, "priority", 10_000) or 0,
        is_remainder=is_remainder,
    )


def _beneficiary(number: int, given: Mapping[str, Any], role: str) -> UUID | None:
    value = given.get("beneficiary")
    if isinstance(value, UUID):
        return value
    if value is None and role == PUBLIC_FUND:
        return None
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise SplitRefused("beneficiary must be the id of an organisation", number) from None


def _whole(number: int, given: Mapping[str, Any], name: str, most: int) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= most:
        raise SplitRefused(f"{name} must be a whole number from 0 to {most}", number)
    return value
