"""The day on the market: money in, orders, confirmations, negotiations, refusals."""

import functools
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from exchange.demo.client import Unexpected
from exchange.demo.day.listing import Lot
from exchange.demo.day.people import Everyone, Party, first_refusal, money, until
from exchange.demo.story import Story
from settlement.bank import sub_account_of
from settlement.outside import SandboxBank

DEPOSIT_MINOR = 60_000_000
THIN_MINOR = 5_000
CONFIRM_SECONDS = 120
PATIENT_SECONDS = 3


@dataclass
class Book:
    """What was asked of the market, and what it answered."""

    placed: list[dict[str, Any]] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)

    def took(self, document: dict[str, Any]) -> dict[str, Any]:
        """Note an answer: an order, or the problem document of a refused one."""
        order: dict[str, Any] = document.get("order") or document
        if "state" in order:
            self.placed.append(order)
        if "order" in document or "state" not in order:
            self.refusals[first_refusal(document)] += 1
        return order


def pay_in(
    everyone: Everyone,
    bank: SandboxBank,
    day: int,
    story: Story,
    *,
    deposit_minor: int = DEPOSIT_MINOR,
) -> None:
    """Let each buyer pay in at the bank, and wait until the venue has seen it."""
    paid = {}
    for buyer in everyone.buyers:
        amount = THIN_MINOR if buyer.code == "POOR" else deposit_minor
        before = _custody(buyer)
        bank.pay_in(
            reference=f"day-{day}-{buyer.code}-{int(time.time())}",
            sub_account=sub_account_of(UUID(buyer.organisation)),
            amount_minor=amount,
            currency="CNY",
        )
        paid[buyer.code] = before + amount
    for buyer in everyone.buyers:
        wanted = paid[buyer.code]
        until(f"deposit of {buyer.code}", functools.partial(_has, buyer, wanted))
        story.say(f"{buyer.name} has {money(_custody(buyer))} in custody")


def _has(party: Party, wanted_minor: int) -> bool:
    return _custody(party) >= wanted_minor


def _custody(party: Party) -> int:
    rows = party.client.get("balances")["results"]
    found = [row["balance_minor"] for row in rows if row["account"] == "custody"]
    return int(found[0]) if found else 0


def form(lot: Lot, **changes: Any) -> dict[str, Any]:
    """Return the body of an order that a cleared version admits."""
    per_call = lot.offer.plans[0]["kind"] == "per_call"
    return {
        "plan": lot.plan,
        "purpose": "research",
        "territory": "CN-SH",
        "term_days": 30,
        "volume": lot.offer.volume or (5_000 if per_call else 1),
    } | changes


def place(book: Book, buyer: Party, lot: Lot, **changes: Any) -> dict[str, Any]:
    """Place one order and note what became of it."""
    return book.took(buyer.client.post("orders", form(lot, **changes), refusal=True))


def order_all(
    everyone: Everyone, lots: list[Lot], book: Book, count: int, seed: int, story: Story
) -> None:
    """Place ordinary orders on what is listed, by the four buyers that have money."""
    chance = random.Random(seed)  # noqa: S311 (a story, not a secret)
    listed = [lot for lot in lots if lot.state == "LISTED" and not lot.offer.role]
    buyers = [buyer for buyer in everyone.buyers if buyer.code != "POOR"]
    for number in story.each("orders", list(range(count))):
        lot = listed[number % len(listed)]
        place(
            book,
            buyers[number % len(buyers)],
            lot,
            purpose=chance.choice(("research", "operations")),
            term_days=chance.choice((30, 60, 90)),
            answer_within_seconds=CONFIRM_SECONDS,
            label=f"project {chance.randint(1, 9)}",
        )


def order_catalogue(
    everyone: Everyone, lots: list[Lot], book: Book, count: int, seed: int, story: Story
) -> None:
    """Place orders on what is listed of a catalogue; some ask for more than is permitted."""
    chance = random.Random(seed)  # noqa: S311 (a story, not a secret)
    listed = [lot for lot in lots if lot.state == "LISTED"]
    chance.shuffle(listed)
    for number in story.each("orders", list(range(count if listed else 0))):
        changes: dict[str, Any] = {"answer_within_seconds": CONFIRM_SECONDS * 10}
        odd = chance.randrange(100)
        if odd < 3:
            changes["purpose"] = "marketing"
        elif odd < 5:
            changes["territory"] = "DE"
        elif odd < 7:
            changes["price_limit_minor"] = 1
        elif odd < 9:
            changes["redistribution"] = True
        buyer = chance.choice(everyone.buyers)
        place(book, buyer, listed[number % len(listed)], **changes)


def answer_all(everyone: Everyone, lots: list[Lot], book: Book, story: Story) -> None:
    """Vendors confirm or decline; negotiations are quoted, countered, accepted."""
    today = {order["id"] for order in book.placed}
    vendors = sorted({lot.offer.vendor for lot in lots})
    for code in story.each("vendors answer", vendors):
        vendor = everyone[code]
        waiting = vendor.client.every("orders", side="vendor", state="AWAITING")
        for number, order in enumerate(one for one in waiting if one["id"] in today):
            if number % 9 == 8:
                vendor.client.post(f"orders/{order['id']}/decline", {"reason": "not our field"})
            else:
                answer = vendor.client.post(f"orders/{order['id']}/confirm", {}, refusal=True)
                _note(book, answer)
        talks = vendor.client.every("orders", side="vendor", state="NEGOTIATING")
        for number, order in enumerate(one for one in talks if one["id"] in today):
            _negotiate(everyone, vendor, order, number, book)


def _negotiate(
    everyone: Everyone, vendor: Party, order: dict[str, Any], number: int, book: Book
) -> None:
    buyer = everyone.by_organisation(order["buyer"])
    address = f"orders/{order['id']}"
    asked = 90_000 + 10_000 * (number % 5)
    vendor.client.post(f"{address}/quotes", {"amount_minor": asked, "note": "按双方商谈"})
    if number % 5 == 4:
        return
    if number % 2:
        _note(book, buyer.client.post(f"{address}/accept", {"number": 1}, refusal=True))
        return
    buyer.client.post(f"{address}/quotes", {"amount_minor": asked - 15_000, "note": "这是我方上限"})
    _note(book, vendor.client.post(f"{address}/accept", {"number": 2}, refusal=True))


def _note(book: Book, document: dict[str, Any]) -> None:
    if "order" in document:
        book.refusals[first_refusal(document)] += 1


def refuse_all(everyone: Everyone, lots: list[Lot], book: Book, story: Story) -> None:
    """Ask for what may not be had, each in its own way, and show what the venue answered."""
    by_role = {lot.offer.role: lot for lot in lots if lot.offer.role}
    standing = next(lot for lot in lots if lot.state == "LISTED" and lot.offer.number == 1)
    confirm = next(lot for lot in lots if lot.state == "LISTED" and lot.offer.number == 2)
    lake, poor, city = everyone["LAKE"], everyone["POOR"], everyone["CITY"]
    rows = []

    def ask(title: str, expected: str, buyer: Party, lot: Lot, **changes: Any) -> None:
        answer = buyer.client.post("orders", form(lot, **changes), refusal=True)
        book.took(answer)
        if first_refusal(answer) != expected:
            raise Unexpected("POST", "orders", 0, answer)
        rows.append((title, expected))

    place(book, lake, by_role["one-seat"])
    ask("the second of one seat", "seats-taken", city, by_role["one-seat"])
    ask(
        "a use outside the permitted purposes",
        "use-not-permitted",
        lake,
        standing,
        purpose="marketing",
    )
    ask(
        "a territory that is not allowed", "territory-not-permitted", lake, standing, territory="DE"
    )
    ask("passing the data on", "redistribution-not-permitted", lake, standing, redistribution=True)
    ask("a price over the limit", "over-price-limit", lake, standing, price_limit_minor=100)
    ask("too little money", "insufficient-funds", poor, standing)
    _withdrawn(everyone, by_role["withdrawn"])
    ask("a withdrawn declaration", "declaration-withdrawn", lake, by_role["withdrawn"])
    _suspended(everyone, by_role["suspended"], "suspend")
    ask("a suspended vendor", "vendor-suspended", lake, by_role["suspended"])
    _suspended(everyone, by_role["suspended"], "reinstate")
    time.sleep(max(0, by_role["expiring"].offer.declared_seconds))
    ask("an expired declaration", "declaration-expired", lake, by_role["expiring"])
    ask("a buyer from the venue itself", "venue-staff-cannot-trade", everyone["officer"], standing)
    missed = place(book, lake, confirm, answer_within_seconds=PATIENT_SECONDS)
    until("the confirmation that never came", lambda: _state(lake, missed) == "EXPIRED")
    book.refusals["confirmation-missed"] += 1
    rows.append(("a confirmation that never came", "confirmation-missed"))
    story.table("Refused, and why", ("what was asked", "the venue's answer"), rows)


def _state(party: Party, order: dict[str, Any]) -> str:
    return str(party.client.get(f"orders/{order['id']}")["order"]["state"])


def _withdrawn(everyone: Everyone, lot: Lot) -> None:
    vendor = everyone[lot.offer.vendor].client
    declaration = next(
        row["id"] for row in vendor.every("declarations") if row["version_id"] == lot.version
    )
    vendor.post(f"declarations/{declaration}/withdraw", {"reason": "a source fell away"})


def _suspended(everyone: Everyone, lot: Lot, verb: str) -> None:
    organisation = everyone[lot.offer.vendor].organisation
    everyone["admin"].client.post(
        f"organisations/{organisation}/{verb}", {"reason": "to show what it does"}
    )
