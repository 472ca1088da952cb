"""The sandbox bank's own books. Invariant: what was answered stands in the journal on disk.

One JSON document a line, flushed to the disk before anything is answered; starting reads it all
again. A line that a crash cut off is dropped, for nobody was told of it.
"""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

JOURNAL = "journal.jsonl"
ACCEPTED, PAID, REJECTED, UNKNOWN = "ACCEPTED", "PAID", "REJECTED", "UNKNOWN"
# Reasons by ISO 20022 external status codes.
CLOSED_ACCOUNT = "AC04 the payee's account is closed"
NO_FUNDS = "AM04 not enough money in custody"
MOST_MINOR = 2**63 - 1


class Refused(ValueError):
    """The bank does not take what it was told."""


class Books:
    """Deposits, instructions and statement lines.

    An instruction is executed, and a deposit shown, between half and one and a half times
    `delay_seconds` after it came in; `reject_percent` of instructions are rejected. Both follow
    from `seed` and the reference, so that the same day goes the same way twice.
    """

    def __init__(
        self, directory: Path, *, seed: str, delay_seconds: float, reject_percent: int
    ) -> None:
        self.seed, self.delay_seconds, self.reject_percent = seed, delay_seconds, reject_percent
        self.entries: list[dict[str, Any]] = []
        self.orders: dict[str, dict[str, Any]] = {}
        self.waiting: list[dict[str, Any]] = []
        self.balances: dict[str, int] = {}
        path = directory / JOURNAL
        self._replay(path)
        self._file = path.open("ab")

    def close(self) -> None:
        """Close the journal."""
        self._file.close()

    def pay_in(self, given: dict[str, Any], now: float) -> dict[str, Any]:
        """Take in a client's payment to a sub-account; the same reference is taken once."""
        order = _order(given, "deposit", "sub_account")
        self._take(order, now)
        return {"reference": order["reference"], "state": "ACCEPTED"}

    def instruct(self, given: list[dict[str, Any]], now: float) -> list[dict[str, Any]]:
        """Take payment instructions; answer each as it stands."""
        orders = [_order(one, "payment", "payee") for one in given]
        for order in orders:
            self._take(order, now)
        return self.answers([order["reference"] for order in orders], now)

    def answers(self, references: list[str], now: float) -> list[dict[str, Any]]:
        """Return how instructions stand."""
        self.advance(now)
        return [self._answer(reference) for reference in references]

    def statement(self, after: int, limit: int, now: float) -> list[dict[str, Any]]:
        """Return up to `limit` lines of the statement after line `after`."""
        self.advance(now)
        return self.entries[after : after + limit]

    def balance(self, currency: str, now: float) -> int:
        """Return what custody holds in a currency."""
        self.advance(now)
        return self.balances.get(currency, 0)

    def advance(self, now: float) -> None:
        """Carry out what is due, in the order in which it fell due."""
        due = sorted(
            (order for order in self.waiting if order["due"] <= now),
            key=lambda order: (order["due"], order["reference"]),
        )
        lines: list[dict[str, Any]] = []
        balances = dict(self.balances)
        for order in due:
            currency, amount = order["currency"], order["amount_minor"]
            reason = self._rejection(order, balances.get(currency, 0))
            if reason:
                lines.append({"record": "rejection", "of": _key(order), "reason": reason})
                continue
            change = amount if order["kind"] == "deposit" else -amount
            balances[currency] = balances.get(currency, 0) + change
            sequence = len(self.entries) + sum(line["record"] == "entry" for line in lines) + 1
            lines.append(
                {
                    "record": "entry",
                    "of": _key(order),
                    "sequence": sequence,
                    "entry_id": f"SB-{sequence:09d}",
                    "kind": order["kind"],
                    "sub_account": order["party"],
                    "reference": order["reference"],
                    "amount_minor": amount,
                    "currency": currency,
                    "stated_minor": balances[currency],
                    "value_date": _day(order["due"]),
                }
            )
        self._write(lines)

    def _take(self, order: dict[str, Any], now: float) -> None:
        known = self.orders.get(_key(order))
        if known is not None:
            same = ("party", "amount_minor", "currency")
            if any(known[name] != order[name] for name in same):
                raise Refused(f"reference {order['reference']} was used for something else")
            return
        delay = self.delay_seconds * (0.5 + self._chance("delay", order))
        self._write([{**order, "record": "order", "due": now + delay}])

    def _answer(self, reference: str) -> dict[str, Any]:
        order = self.orders.get(f"payment {reference}")
        if order is None:
            return {"reference": reference, "state": UNKNOWN, "reason": ""}
        return {"reference": reference, "state": order["state"], "reason": order["reason"]}

    def _rejection(self, order: dict[str, Any], balance: int) -> str:
        if order["kind"] == "deposit":
            return ""
        if self._chance("reject", order) * 100 < self.reject_percent:
            return CLOSED_ACCOUNT
        return NO_FUNDS if balance < order["amount_minor"] else ""

    def _chance(self, what: str, order: dict[str, Any]) -> float:
        """Return a number from 0 to below 1 that the seed and the reference decide."""
        text = f"{self.seed}|{what}|{_key(order)}".encode()
        return int.from_bytes(hashlib.sha256(text).digest()[:8], "big") / 2**64

    def _write(self, lines: list[dict[str, Any]]) -> None:
        if not lines:
            return
        for line in lines:
            text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
            self._file.write(text.encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        for line in lines:
            self._apply(line)

    def _apply(self, line: dict[str, Any]) -> None:
        if line["record"] == "order":
            order = {**line, "state": ACCEPTED, "reason": ""}
            self.orders[_key(order)] = order
            self.waiting.append(order)
            return
        order = self.orders[line["of"]]
        self.waiting.remove(order)
        if line["record"] == "rejection":
            order.update(state=REJECTED, reason=line["reason"])
            return
        order["state"] = PAID
        self.balances[line["currency"]] = line["stated_minor"]
        self.entries.append({k: v for k, v in line.items() if k not in {"record", "of"}})

    def _replay(self, path: Path) -> None:
        if not path.exists():
            return
        whole = 0
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                if not raw.endswith(b"\n"):
                    break
                try:
                    self._apply(json.loads(raw))
                except (ValueError, KeyError) as error:
                    raise Refused(f"{path.name}, line {number}: {error!r}") from error
                whole += len(raw)
        os.truncate(path, whole)


def _key(order: dict[str, Any]) -> str:
    return f"{order['kind']} {order['reference']}"


def _day(moment: float) -> str:
    """Return the day of a moment in the zone of this process, which is that of the venue."""
    return datetime.fromtimestamp(moment, UTC).astimezone().date().isoformat()


def _order(given: Any, kind: str, party: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise Refused("must be an object")
    found: dict[str, Any] = {"kind": kind}
    for name, most in (("reference", 64), (party, 64), ("currency", 3)):
        value = given.get(name)
        if not isinstance(value, str) or not 1 <= len(value) <= most:
            raise Refused(f"{name} must be text of 1 to {most} characters")
        found["party" if name == party else name] = value
    amount = given.get("amount_minor")
    if type(amount) is not int or not 1 <= amount <= MOST_MINOR:
        raise Refused("amount_minor must be a whole number over 0")
    found["amount_minor"] = amount
    return found
