"""How sure one form of values is, by its own evidence. Invariant: pure, and each piece is named.

The name of the column, check digits, the share of cells, and how many values of the same length
are something else: one number in ten passes Luhn by chance.
"""

from collections.abc import Callable
from dataclasses import dataclass

from compliance.scan.result import CERTAIN, LIKELY, POSSIBLE
from compliance.scan.tally import Tally

# A tenth (card) or an eleventh (identity number) passes by chance.
PASSING = 0.3


@dataclass(frozen=True, slots=True)
class Seen:
    """What speaks for one form in one column.

    `purity` is its share among numbers of the same length, `passing` that of right check digits,
    `share` that among the cells that are filled.
    """

    tally: Tally
    named: bool
    purity: float
    passing: float
    share: float


def judged(form: str, seen: Seen) -> str:
    """Return the confidence that the column holds `form`, "" for chance."""
    rule = RULES_OF.get(form)
    if rule:
        return rule(seen)
    # A few of many cells that look so may be parts of something else; within texts they stand out.
    enough = seen.tally.inside >= 3 or (seen.tally.cells >= 3 and seen.share >= 0.3)
    return CERTAIN if seen.named or enough else POSSIBLE


def by_chance(tally: Tally, rate: float) -> bool:
    """Tell whether so many check digits may be right by chance: within four standard deviations."""
    spread = (tally.checked * rate * (1 - rate)) ** 0.5
    return bool(tally.passed < tally.checked * rate + 4 * spread)


def resident_id(seen: Seen) -> str:
    """Judge identity numbers; those with wrong check digits are still such numbers."""
    cells = seen.tally.cells
    enough = 0.02 if cells >= 3 and not by_chance(seen.tally, 1 / 11) else 0.3
    if seen.passing >= PASSING and (seen.purity >= enough or seen.named):
        return CERTAIN if cells >= 3 or seen.named else LIKELY
    if seen.named or (seen.purity >= 0.8 and cells >= 3):
        return LIKELY
    return POSSIBLE if seen.purity >= 0.3 and cells >= 3 else ""


def bank_card(seen: Seen) -> str:
    """Judge card numbers; without their check digit they are told by name or by the issuer."""
    tally = seen.tally
    right = tally.passed >= 5 or (tally.passed >= 3 and seen.passing == 1)
    if seen.passing >= PASSING and right and not by_chance(tally, 0.1):
        return CERTAIN
    issued = {prefix[:2] for prefix in tally.spread}
    # In a short sample two that pass, or one of the domestic issuers, are hardly chance.
    few = seen.passing == 1 and seen.purity >= 0.9 and (tally.cells >= 2 or issued == {"62"})
    if seen.named or few:
        return LIKELY
    if seen.passing >= 0.8:
        return POSSIBLE
    return LIKELY if seen.purity >= 0.9 and tally.whole >= 10 and issued == {"62"} else ""


def mobile(seen: Seen) -> str:
    """Judge mobile numbers; numbers of a sequence begin alike, those of people do not."""
    cells = seen.tally.cells
    if seen.named:
        return CERTAIN if seen.purity >= 0.5 else LIKELY
    if cells >= 20 and len(seen.tally.spread) < 3:
        return POSSIBLE
    if seen.purity >= 0.8 and cells >= 2:
        return CERTAIN if cells >= 20 else LIKELY
    return POSSIBLE if seen.purity >= 0.3 else ""


def imei(seen: Seen) -> str:
    """Judge numbers of telephones; others of that length pass one time in ten."""
    sure = seen.passing >= 0.8 and seen.tally.cells >= 5 and seen.purity >= 0.8
    if seen.named:
        return CERTAIN if sure else LIKELY
    return LIKELY if sure else ""


def iban(seen: Seen) -> str:
    """Judge account numbers; a code passes one time in ninety-seven."""
    if seen.passing >= 0.8:
        return CERTAIN if seen.tally.cells >= 3 else LIKELY
    return LIKELY if seen.named else ""


def credit_code(seen: Seen) -> str:
    """Judge codes of organisations; with wrong check digits they are told by filling a column."""
    if seen.passing >= PASSING:
        return CERTAIN
    full = seen.tally.whole >= 5 and seen.share >= 0.9 and seen.purity >= 0.9
    return LIKELY if seen.named or full else ""


def passport(seen: Seen) -> str:
    """Judge passports, which have no check digit; other codes begin with those letters too."""
    tally = seen.tally
    if seen.named:
        return CERTAIN
    ordinary = {prefix[0] for prefix in tally.spread} <= {"E", "G"}
    spread = len(tally.spread) * 2 >= min(tally.whole, 20)
    if ordinary and spread and tally.whole >= 5 and seen.share >= 0.9:
        return LIKELY
    return POSSIBLE if tally.whole >= 5 else ""


def email(seen: Seen) -> str:
    """Judge mailboxes of persons."""
    return CERTAIN if seen.named or seen.tally.cells >= 3 else LIKELY


def service_mail(_: Seen) -> str:
    """Judge mailboxes of services: they may be written by one person, and mostly are not."""
    return POSSIBLE


def address(seen: Seen) -> str:
    """Judge addresses of the network; a version number is made alike of small numbers."""
    if not seen.named and all(prefix[1:2] == "." for prefix in seen.tally.spread):
        return ""
    return network(seen)


def network(seen: Seen) -> str:
    """Judge addresses of the network and of devices."""
    if seen.named:
        return CERTAIN
    return (
        LIKELY if seen.tally.cells >= 3 and (seen.tally.inside or seen.share >= 0.5) else POSSIBLE
    )


def us_ssn(seen: Seen) -> str:
    """Judge numbers in the form of social security in the United States."""
    return CERTAIN if seen.named else LIKELY if seen.tally.cells >= 2 else POSSIBLE


def mark(seen: Seen) -> str:
    """Judge marks: a star after the level is the mark itself; the word alone may be a title."""
    return CERTAIN if seen.tally.inside or seen.named else POSSIBLE


RULES_OF: dict[str, Callable[[Seen], str]] = {
    "resident_id": resident_id, "bank_card": bank_card, "mobile": mobile, "imei": imei,
    "iban": iban, "social_credit_code": credit_code, "passport": passport, "email": email,
    "service_mail": service_mail, "ip": address, "mac": network, "us_ssn": us_ssn,
    "classification_mark": mark,
}  # fmt: skip
