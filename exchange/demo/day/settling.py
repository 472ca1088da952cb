"""The afternoon: data is fetched and checked, accepted or disputed, money is split and paid."""

import hashlib
from collections import Counter
from typing import Any

from exchange.demo.day.people import Everyone, Party, money, until
from exchange.demo.story import Story

FETCHED = 40
PATIENCE_SECONDS = 180


def deliver_and_accept(everyone: Everyone, story: Story) -> dict[str, int]:
    """Fetch, check by SHA-256, then accept nearly all; dispute two; leave two for tomorrow."""
    venue = everyone["officer"].client
    until("deliveries", lambda: not venue.every("trades", state="FUNDED"))
    counts: Counter[str] = Counter()
    for buyer in story.each("buyers fetch and accept", everyone.buyers):
        trades = buyer.client.every("trades", side="buyer", state="DELIVERING")
        for number, trade in enumerate(trades):
            if counts["fetched"] < FETCHED:
                counts["bytes"] += _fetch(buyer.client, trade["id"])
                counts["fetched"] += 1
            if number == 0 and len(trades) > 3:
                buyer.client.post(f"trades/{trade['id']}/dispute", {"ground": "部分行为空"})
                counts["disputed"] += 1
            elif number == 1 and len(trades) > 3:
                counts["left"] += 1
            else:
                buyer.client.post(f"trades/{trade['id']}/accept", {})
                counts["accepted"] += 1
    megabytes = counts["bytes"] / 1_000_000
    story.say(f"{counts['fetched']} downloads, {megabytes:.1f} MB, every SHA-256 as promised")
    return dict(counts)


def take(buyer: Party, trade: str) -> None:
    """Wait until one trade is delivered, fetch its files, check and accept them."""
    until("delivery", lambda: _is(buyer, trade, "DELIVERING"))
    _fetch(buyer.client, trade)
    buyer.client.post(f"trades/{trade}/accept", {})


def await_split(everyone: Everyone, buyer: Party, trade: str) -> list[dict[str, Any]]:
    """Wait until one accepted trade is settled; return who got what of its price, the fee first."""
    until("settlement", lambda: _is(buyer, trade, "SETTLED"), seconds=PATIENCE_SECONDS)
    names = {party.organisation: party.code for party in everyone.parties.values()}
    sheet = everyone["officer"].client.get(f"trades/{trade}/split")
    fee = {"role": "fee", "who": "VENUE", "amount_minor": sheet["vendor_fee_minor"]}
    return [fee] + [
        {
            "role": line["role"],
            "who": names[line["beneficiary"]],
            "amount_minor": line["amount_minor"],
        }
        for line in sheet["lines"]
    ]


def _is(party: Party, trade: str, state: str) -> bool:
    return bool(party.client.get(f"trades/{trade}")["trade"]["state"] == state)


def _fetch(client: Any, trade: str) -> int:
    grant = client.get(f"trades/{trade}")["grant"]
    size = 0
    for file in client.get(f"grants/{grant}")["files"]:
        link = client.post(f"grants/{grant}/links", {"release": file["release"]})
        data = client.fetch(link["url"])
        if hashlib.sha256(data).hexdigest() != file["sha256"]:
            raise AssertionError(f"{file['name']}: another file than promised")
        size += len(data)
    return size


def decide_disputes(everyone: Everyone, story: Story) -> None:
    """The officer refunds one dispute in whole and the others in part."""
    officer = everyone["officer"].client
    for number, trade in enumerate(officer.every("trades", state="DISPUTED")):
        price = trade["amount_minor"]
        refund = price if number == 0 else price // 4
        officer.post(
            f"trades/{trade['id']}/decide",
            {"refund_minor": refund, "reason": "样本可以看出"},
        )
        story.say(f"dispute over {money(price)}: {money(refund)} goes back to the buyer")


def await_settlement(everyone: Everyone) -> None:
    """Wait until the worker has split the money of every accepted trade."""
    officer = everyone["officer"].client
    until(
        "settlement",
        lambda: not officer.every("trades", state="ACCEPTED"),
        seconds=PATIENCE_SECONDS,
    )


def show_splits(everyone: Everyone, story: Story, most: int = 4) -> None:
    """Show who got what of some trades, one of each vendor, to the cent and up to the total."""
    officer = everyone["officer"].client
    names = {party.organisation: party.name for party in everyone.parties.values()}
    shown: set[str] = set()
    for trade in officer.every("trades", state="SETTLED"):
        if len(shown) == most or not trade["amount_minor"] or trade["vendor"] in shown:
            continue
        shown.add(trade["vendor"])
        sheet = officer.get(f"trades/{trade['id']}/split")
        parts = [("fee", "venue", sheet["vendor_fee_minor"])] + [
            (line["role"], names.get(str(line["beneficiary"]), "venue"), line["amount_minor"])
            for line in sheet["lines"]
        ]
        parts.append(("total", "", sum(part[2] for part in parts)))
        story.table(
            f"Split of {money(sheet['price_minor'])}, sold by {names[trade['vendor']]} "
            f"({trade['id'][-6:]})",
            ("role", "who", "CNY"),
            [(role, who, money(amount)) for role, who, amount in parts],
        )


def pay_out(everyone: Everyone, story: Story) -> int:
    """One officer prepares the payouts, another confirms; the bank pays or sends back."""
    officer, second = everyone["officer"].client, everyone["second-officer"].client
    batch = officer.post("payout-batches", {"currency": "CNY"}, refusal=True)
    if "id" not in batch:
        story.say("nothing is owed to anyone")
        return 0
    second.post(f"payout-batches/{batch['id']}/confirm")

    def answered() -> list[dict[str, Any]] | None:
        found: list[dict[str, Any]] = officer.get(f"payout-batches/{batch['id']}")["payouts"]
        under_way = [row for row in found if row["state"] in {"PREPARED", "CONFIRMED", "SENT"}]
        return None if under_way else found

    done = until("payouts", answered, seconds=PATIENCE_SECONDS)
    states = Counter(row["state"] for row in done)
    paid: int = sum(row["amount_minor"] for row in done if row["state"] == "PAID")
    story.say(
        f"{states['PAID']} payouts made, {money(paid)} in all; "
        f"{states['REJECTED']} sent back by the bank"
    )
    return paid
