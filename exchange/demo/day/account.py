"""The day's account, recomputed. Invariant: no row of the ledger is read here.

What everyone is owed is computed from the bank's own lines, from contracts and from trades; then
it is compared with what each organisation's statement says and with what the bank holds.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from exchange.demo.day.people import Everyone
from settlement.bank import DEPOSIT, owner_of
from settlement.fees import charges, parse_schedule
from settlement.outside import SandboxBank
from settlement.splits import parse_plan, split

LINES = 5_000


@dataclass(frozen=True, slots=True)
class Account:
    """Sums in minor units; `difference_minor` adds up every disagreement, so 0 is the only good."""

    held_minor: int
    paid_out_minor: int
    fees_minor: int
    custody_minor: int
    difference_minor: int


def recompute(everyone: Everyone, bank: SandboxBank) -> Account:
    """Return the account of the whole market up to now."""
    owed: dict[str, int] = defaultdict(int)
    paid_out = 0
    for line in _lines(bank):
        if line.kind == DEPOSIT:
            owed[str(owner_of(line.sub_account))] += line.amount_minor
        else:
            owed[str(owner_of(line.sub_account))] -= line.amount_minor
            paid_out += line.amount_minor
    held, fees = _trades(everyone, owed)
    custody = bank.balance("CNY")
    difference = abs(custody - sum(owed.values()) - fees)
    for party in {one.organisation: one for one in everyone.parties.values()}.values():
        difference += abs(owed[party.organisation] - _stated(party.client))
    return Account(held, paid_out, fees, custody, difference)


def _trades(everyone: Everyone, owed: dict[str, int]) -> tuple[int, int]:
    """Take what buyers paid from what they are owed, and give the payees their parts."""
    officer = everyone["officer"].client
    held = fees = 0
    for trade in officer.every("trades"):
        terms = json.loads(officer.get(f"trades/{trade['id']}/contract")["text"])["items"]["amount"]
        schedule = parse_schedule(terms["fee"])
        if trade["state"] in {"FUNDED", "DELIVERING", "DISPUTED", "ACCEPTED"}:
            held += charges(terms["minor"], schedule).total_minor - trade["refunded_minor"]
        if trade["state"] != "SETTLED":
            continue
        taken = charges(terms["minor"] - trade["refunded_minor"], schedule)
        owed[trade["buyer"]] -= taken.total_minor
        fees += taken.buyer_fee_minor + taken.vendor_fee_minor
        plan = parse_plan(terms["allocation"])
        for line, part in zip(plan.lines, split(taken.net_minor, plan), strict=True):
            owed[str(line.beneficiary)] += part
    return held, fees


def _stated(client: Any) -> int:
    """Return what the venue says it owes an organisation: all its accounts."""
    return sum(row["balance_minor"] for row in client.get("balances")["results"])


def _lines(bank: SandboxBank) -> list[Any]:
    lines: list[Any] = []
    while True:
        more = bank.statement(len(lines), LINES)
        lines += more
        if len(more) < LINES:
            return lines


def refusals_by_reason(refusals: Counter[str]) -> dict[str, int]:
    """Return how often each reason was given, the most frequent first."""
    return dict(refusals.most_common())
