"""The morning on a catalogue of real listings: imported, answered for, handed in, screened.

Every step asks what is there before it does anything, so that a day that was cut off goes on where
it stopped when the same file is given again.
"""

import io
import json
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import call_command

from exchange.demo.catalogue import Pseudonyms, stand_in, vendor_number
from exchange.demo.catalogue.answers import sample
from exchange.demo.client import Client
from exchange.demo.day.listing import Lot, declare, record_rights
from exchange.demo.day.people import Everyone, Party
from exchange.demo.market import Simulated
from exchange.demo.offers import Offer
from exchange.demo.processes import Venue
from exchange.demo.story import Story

SIDE_BY_SIDE = 4
SAMPLE_ROWS, DATA_ROWS = 30, 300
CALLS = 10
IN_THE_MAKING = {"DRAFT", "SUBMITTED", "IN_REVIEW"}


@dataclass(frozen=True, slots=True)
class Imported:
    """What the import made of the file."""

    created: int
    duplicate: int
    refused: int


def import_all(
    lines: Iterable[str], vendors: dict[int, Simulated], names: Pseudonyms, home: Path, story: Story
) -> Imported:
    """Import each vendor's rows under its pseudonym, by the command that an operator uses."""
    rows: dict[int, list[str]] = {}
    for line in lines:
        row = json.loads(line)
        hidden = json.dumps(names.hide(row), ensure_ascii=False)
        rows.setdefault(vendor_number(row), []).append(hidden)
    counts: Counter[str] = Counter()
    for number, own in story.each("importing", list(rows.items())):
        file = home / f"{vendors[number].code}.jsonl"
        file.write_text("\n".join(own) + "\n", encoding="utf-8")
        out = io.StringIO()
        call_command(
            "import_catalogue",
            str(file),
            vendor=vendors[number].registry_number,
            json=True,
            stdout=out,
            stderr=io.StringIO(),
        )
        report = json.loads(out.getvalue())
        counts["created"] += report["created"]
        counts["duplicate"] += report["duplicate"]
        counts["refused"] += len(report["refused"])
    return Imported(counts["created"], counts["duplicate"], counts["refused"])


def let_in(everyone: Everyone, vendors: Iterable[Simulated], venue: Venue) -> None:
    """Add the simulated vendors to those who take part in the day."""
    for one in vendors:
        client = Client(venue.host, venue.port, one.token, one.password)
        everyone.parties[one.code] = Party(one.code, one.organisation, one.name, client)


def submit_catalogue(everyone: Everyone, vendors: Iterable[Simulated], story: Story) -> list[Lot]:
    """Answer for each vendor what its listings leave open, and hand them in."""
    parties = [everyone[one.code] for one in vendors]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        owned = list(pool.map(_products, parties))
        total = sum(map(len, owned))
        with story.progress("answering, uploading, signing", total) as advance:

            def work(party: Party, products: list[dict[str, Any]]) -> list[Lot]:
                rights = record_rights(party)
                declared = {row["version_id"] for row in party.client.every("declarations")}
                lots = []
                for product in products:
                    lots.append(_lot(party, product, rights, declared))
                    advance()
                return lots

            done = list(pool.map(work, parties, owned))
    lots = [lot for own in done for lot in own]
    return [lot for lot in lots if lot.plan]


def _products(party: Party) -> list[dict[str, Any]]:
    return [row for row in party.client.every("products") if row["source_ref"]]


def _lot(party: Party, product: dict[str, Any], rights: list[str], declared: set[str]) -> Lot:
    client = party.client
    latest = client.get(f"products/{product['id']}/versions")["results"][0]
    version = client.get(f"versions/{latest['id']}")
    left = ""
    if version["state"] == "DRAFT":
        version, left = _hand_in(party, product["source_ref"], version, rights)
    if version["id"] not in declared and version["state"] in IN_THE_MAKING:
        declare(party, version["id"], version["content_hash"], 200 * 86_400)
    plan = version["plans"][0]
    offer = Offer(
        party.code,
        "",
        0,
        tuple(version["plans"]),
        wrong=left and f"{left} left open",
        volume=max(CALLS, plan["minimum_count"]) if plan["kind"] == "per_call" else 1,
        grade=version["grade"],
    )
    return Lot(offer, version["id"], product["id"], plan["id"], version["state"])


def _hand_in(
    party: Party, key: str, version: dict[str, Any], rights: list[str]
) -> tuple[dict[str, Any], str]:
    client, address = party.client, f"versions/{version['id']}"
    plans = [
        {name: value for name, value in plan.items() if name != "id"} for plan in version["plans"]
    ]
    stated = stand_in(key, version["content"], plans, holder=party.name)
    content = stated.content | {
        "rights": rights,
        "allocation": [
            {"beneficiary": party.organisation, "role": "holding", "share_bp": 7_000},
            {"beneficiary": party.organisation, "role": "operation", "remainder": True},
        ],
    }
    client.put(address, {"content": content, "plans": list(stated.plans)})
    for kind, rows in (("sample", SAMPLE_ROWS), ("data", DATA_ROWS)):
        data = sample(f"{key}:{kind}", content.get("dictionary") or _REPORT, rows)
        handed_in = client.upload(f"{key}-{kind}.csv", data)
        client.post(f"{address}/releases", {"kind": kind, "file_id": handed_in["id"]})
    for name in stated.evidence:
        client.post(f"{address}/evidence", {"key": name, "note": "simulated: nothing is proved"})
    return client.post(f"{address}/submit"), stated.left_open


_REPORT = [{"name": "line_no"}, {"name": "finding"}]


def tell_catalogue(lots: list[Lot], story: Story) -> dict[str, Any]:
    """Show what blocked how many, and return it with the grades and what became of them."""
    blocked = [lot for lot in lots if lot.state == "BLOCKED"]
    hit: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for lot in blocked:
        for one in lot.findings:
            if one["blocks"]:
                (unknown if one["status"] == "unknown" else hit)[one["code"]] += 1
                titles[one["code"]] = one["title"]
    items = [code for code, _count in (hit + unknown).most_common()]
    story.table(
        "What blocked how many",
        ("item", "says", "hit", "unknown"),
        [(code, titles[code], hit[code], unknown[code]) for code in items],
    )
    grades: dict[str, Counter[str]] = {}
    for lot in lots:
        became = lot.state if lot.state != "BLOCKED" else ",".join(sorted(_refusals(lot)))
        grades.setdefault(lot.offer.grade or "not stated", Counter())[became] += 1
    story.table(
        "What became of each grade",
        ("grade", "became", "listings"),
        [
            (grade, became, count)
            for grade, counts in grades.items()
            for became, count in counts.most_common()
        ],
    )
    states = Counter(lot.state for lot in lots)
    return {
        "versions": {
            "submitted": len(lots),
            "listed": states["LISTED"],
            "blocked": states["BLOCKED"],
        },
        "blocked_by": {code: {"hit": hit[code], "unknown": unknown[code]} for code in items},
        "grades": {grade: dict(counts) for grade, counts in grades.items()},
    }


def _refusals(lot: Lot) -> set[str]:
    return {str(one["refusal"]) for one in lot.findings if one["blocks"]}
