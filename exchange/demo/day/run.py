"""The day from morning to evening, and the document that sums it up."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from exchange.demo.catalogue import Pseudonyms
from exchange.demo.day.account import recompute, refusals_by_reason
from exchange.demo.day.catalogue import import_all, let_in, submit_catalogue, tell_catalogue
from exchange.demo.day.listing import (
    await_screening,
    review_all,
    submit_all,
    tell_listing,
)
from exchange.demo.day.people import Everyone, money, sign_in
from exchange.demo.day.sales import give_mandate, sell_under_mandate, sell_with_assent
from exchange.demo.day.settling import (
    await_settlement,
    decide_disputes,
    deliver_and_accept,
    pay_out,
    show_splits,
)
from exchange.demo.day.trading import (
    Book,
    answer_all,
    order_all,
    order_catalogue,
    pay_in,
    refuse_all,
)
from exchange.demo.market import Simulated
from exchange.demo.offers import offers
from exchange.demo.people import STAFF
from exchange.demo.processes import Venue
from exchange.demo.story import Story
from settlement.outside import SandboxBank

# Real prices reach a hundred thousand yuan for one call.
CATALOGUE_DEPOSIT_MINOR = 50_000_000_000


def run_day(venue: Venue, *, day: int, orders: int, story: Story) -> dict[str, Any]:
    """Run one trading day and return its document."""
    began = time.monotonic()
    story.chapter("Before the opening")
    everyone = sign_in(venue)
    story.say(f"{len(everyone.parties)} people have signed in at {venue.url}")
    bank = SandboxBank("", venue.bank_directory)

    story.chapter("Listing")
    book = Book()
    give_mandate(everyone, book, story)
    lots = submit_all(everyone, offers(), day, story)
    await_screening(everyone, lots, story)
    review_all(everyone, lots, story)
    versions = tell_listing(lots, story)

    story.chapter("Trading")
    book.refusals.update(lot.refusal for lot in lots if lot.refusal)
    pay_in(everyone, bank, day, story)
    told = {
        "vendors_assent": sell_with_assent(everyone, lots, book, story),
        "mandate": sell_under_mandate(everyone, lots, book, story),
    }
    order_all(everyone, lots, book, orders, day, story)
    refuse_all(everyone, lots, book, story)
    answer_all(everyone, lots, book, story)

    document = _evening(everyone, bank, book, story)
    return _closed({"versions": versions, **told, **document}, everyone, began, story)


def run_catalogue_day(
    venue: Venue,
    *,
    vendors: dict[int, Simulated],
    names: Pseudonyms,
    lines: Sequence[str],
    orders: int,
    story: Story,
) -> dict[str, Any]:
    """Run a trading day on the listings of a catalogue and return its document."""
    began = time.monotonic()
    story.chapter("Before the opening")
    everyone = sign_in(venue)
    let_in(everyone, vendors.values(), venue)
    bank = SandboxBank("", venue.bank_directory)
    story.say(f"{len(vendors)} simulated vendors stand for real ones; nothing here is about them")

    story.chapter("Listing")
    home = venue.bank_directory.parent / "catalogue"
    home.mkdir(mode=0o700, exist_ok=True)
    imported = import_all(lines, vendors, names, home, story)
    story.say(
        f"{imported.created} imported, {imported.duplicate} known, {imported.refused} refused"
    )
    lots = submit_catalogue(everyone, vendors.values(), story)
    await_screening(everyone, lots, story)
    review_all(everyone, lots, story)
    listing = tell_catalogue(lots, story)

    story.chapter("Trading")
    book = Book()
    book.refusals.update(lot.refusal for lot in lots if lot.refusal)
    pay_in(everyone, bank, int(time.time()), story, deposit_minor=CATALOGUE_DEPOSIT_MINOR)
    order_catalogue(everyone, lots, book, orders, len(lots), story)
    answer_all(everyone, lots, book, story)

    document = {"simulated": True, "imported": asdict(imported), **listing}
    document |= _evening(everyone, bank, book, story)
    return _closed(document, everyone, began, story)


def _evening(everyone: Everyone, bank: SandboxBank, book: Book, story: Story) -> dict[str, Any]:
    story.chapter("Delivery and settlement")
    deliver_and_accept(everyone, story)
    decide_disputes(everyone, story)
    await_settlement(everyone)
    show_splits(everyone, story)
    pay_out(everyone, story)
    story.chapter("Closing")
    return _document(everyone, bank, book)


def _closed(
    document: dict[str, Any], everyone: Everyone, began: float, story: Story
) -> dict[str, Any]:
    document["seconds"] = round(time.monotonic() - began, 1)
    _tell(everyone, document, story)
    return document


def _document(everyone: Everyone, bank: SandboxBank, book: Book) -> dict[str, Any]:
    officer = everyone["officer"].client
    ids = {order["id"] for order in book.placed}
    states = Counter(row["state"] for row in officer.every("orders") if row["id"] in ids)
    trades = [row for row in officer.every("trades") if row["order"] in ids]
    traded = Counter(row["state"] for row in trades)
    account = recompute(everyone, bank)
    custody = officer.get("custody")["results"]
    balanced = all(row["difference_minor"] == 0 for row in custody)
    return {
        "orders": {
            "placed": len(ids),
            "matched": states["MATCHED"],
            "refused": states["REFUSED"],
            "open": states["AWAITING"] + states["NEGOTIATING"],
            "declined": states["DECLINED"],
            "expired": states["EXPIRED"],
        },
        "refusals": refusals_by_reason(book.refusals),
        "trades": {
            "settled": traded["SETTLED"],
            "refunded": traded["REFUNDED"],
            "under_way": len(trades) - traded["SETTLED"] - traded["REFUNDED"],
        },
        "money": {
            "held_minor": account.held_minor,
            "paid_out_minor": account.paid_out_minor,
            "fees_minor": account.fees_minor,
            "custody_minor": account.custody_minor,
            "difference_minor": account.difference_minor,
        },
        "books_balanced": balanced and account.difference_minor == 0,
    }


def _tell(everyone: Everyone, document: dict[str, Any], story: Story) -> None:
    officer = everyone["officer"].client
    trial = officer.get("trial-balance")["results"]
    story.table(
        "Trial balance, CNY",
        ("account", "debit", "credit"),
        [(row["account"], money(row["debit_minor"]), money(row["credit_minor"])) for row in trial],
    )
    story.table("Refusals by reason", ("reason", "count"), document["refusals"].items())
    waiting = document["versions"].get("waiting", 0)
    if waiting:
        story.say(
            f"{waiting} clean versions wait at /reviews: {STAFF[1].email} proposes, "
            f"{STAFF[2].email} confirms"
        )
    orders, trades = document["orders"], document["trades"]
    story.say(
        f"{orders['placed']} orders: {orders['matched']} matched, {orders['refused']} refused"
    )
    story.say(f"{trades['settled']} trades settled, {trades['refunded']} refunded")
    difference = document["money"]["difference_minor"]
    verdict = "The books balance." if document["books_balanced"] else "THE BOOKS DO NOT BALANCE."
    story.say(f"[bold]{verdict}[/bold] Difference, recomputed: {money(difference)}")
