"""Two sales told from end to end: personal data with the vendor's assent, and under a mandate.

Invariant: each ends settled in front of the reader, or the day fails.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from exchange.demo.client import Unexpected
from exchange.demo.day.listing import Lot
from exchange.demo.day.people import Everyone, Party, first_refusal, money
from exchange.demo.day.settling import await_split, take
from exchange.demo.day.trading import Book, place
from exchange.demo.story import Story

MANDATE_DAYS = 400
PATIENCE_SECONDS = 600


def give_mandate(everyone: Everyone, book: Book, story: Story) -> None:
    """Let a supplier that is no vendor mandate one; another without a mandate is refused."""
    supplier, sponsor, other = everyone["METER"], everyone["HARVEST"], everyone["TRANSIT"]
    wanted = {"supplier_id": supplier.organisation}
    answer = other.client.post("products", wanted, refusal=True)
    if first_refusal(answer) != "supplier-not-sponsored":
        raise Unexpected("POST", "products", 0, answer)
    book.refusals["supplier-not-sponsored"] += 1
    story.say(f"{supplier.name} is no vendor; {other.name} may not list for it: no mandate")
    if _mandate(sponsor, supplier) is None:
        paper = sponsor.client.upload("mandate.pdf", b"%PDF-1.7 invented", "application/pdf")
        ends = datetime.now(UTC) + timedelta(days=MANDATE_DAYS)
        proposed = sponsor.client.post(
            "sponsorships", wanted | {"mandate_id": paper["id"], "valid_until": ends.isoformat()}
        )
        supplier.client.post(f"sponsorships/{proposed['id']}/accept")
    story.say(f"{sponsor.name} lists for it under a mandate that it has accepted")


def _mandate(sponsor: Party, supplier: Party) -> dict[str, Any] | None:
    found = [
        row
        for row in sponsor.client.every("sponsorships")
        if (row["supplier_id"], row["state"]) == (supplier.organisation, "IN_FORCE")
    ]
    return found[0] if found else None


def sell_with_assent(
    everyone: Everyone, lots: list[Lot], book: Book, story: Story
) -> dict[str, Any]:
    """Sell personal data: the vendor looks at each buyer, confirms one and declines the other."""
    lot = next(one for one in lots if one.offer.role == "personal")
    vendor, lake, bank = everyone[lot.offer.vendor], everyone["LAKE"], everyone["BANK"]
    content = vendor.client.get(f"versions/{lot.version}")["content"]
    first = place(book, lake, lot, answer_within_seconds=PATIENCE_SECONDS)
    second = place(
        book, bank, lot, answer_within_seconds=PATIENCE_SECONDS, purpose="product_development"
    )
    before = first["state"], second["state"]
    confirmed = vendor.client.post(f"orders/{first['id']}/confirm", {})
    declined = vendor.client.post(
        f"orders/{second['id']}/decline", {"reason": "its members agreed to research only"}
    )
    take(lake, confirmed["trade_id"])
    split = await_split(everyone, lake, confirmed["trade_id"])
    lifted = sorted(one["code"] for one in lot.findings if one["status"] == "lifted")
    told = {
        "version": lot.version,
        "subjects_count": content["personal"]["subjects_count"],
        "basis": content["personal"]["consent_basis"],
        "evidence": list(lot.offer.evidence),
        "lifted": lifted,
        "orders": [
            {"buyer": lake.code, "waited": before[0], "became": confirmed["state"]},
            {"buyer": bank.code, "waited": before[1], "became": declined["state"]},
        ],
        "split": split,
    }
    story.say(
        f"{told['subjects_count']:,} persons are in {vendor.name}'s data, by their "
        f"{told['basis'].replace('_', ' ')}: its evidence lifts {' and '.join(lifted)}"
    )
    story.table(
        "The vendor confirms each buyer",
        ("buyer", "purpose", "the vendor's answer"),
        [
            (lake.name, "research", confirmed["state"]),
            (bank.name, "product_development", declined["state"]),
        ],
    )
    return told


def sell_under_mandate(
    everyone: Everyone, lots: list[Lot], book: Book, story: Story
) -> dict[str, Any]:
    """Sell what a vendor lists for a supplier; both are paid from one price."""
    lot = next(one for one in lots if one.offer.role == "sponsored")
    sponsor, supplier = everyone[lot.offer.vendor], everyone[lot.offer.supplier]
    buyer = everyone["BRIDGE"]
    order = place(book, buyer, lot)
    take(buyer, order["trade_id"])
    split = await_split(everyone, buyer, order["trade_id"])
    mandate = _mandate(sponsor, supplier)
    names = {party.code: party.name for party in everyone.parties.values()}
    story.table(
        f"Sold for {supplier.name} by {sponsor.name}: split of {money(order['amount_minor'])}",
        ("role", "who", "CNY"),
        [
            *(
                (line["role"], names.get(line["who"], "venue"), money(line["amount_minor"]))
                for line in split
            ),
            ("total", "", money(sum(line["amount_minor"] for line in split))),
        ],
    )
    return {
        "version": lot.version,
        "vendor": sponsor.code,
        "supplier": supplier.code,
        "state": mandate["state"] if mandate else "",
        "price_minor": order["amount_minor"],
        "split": split,
    }
