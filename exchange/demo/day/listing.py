"""The morning: vendors list, the checklist blocks, two reviewers decide."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from exchange.demo.day.people import Everyone, Party, until
from exchange.demo.offers import Offer, content, files
from exchange.demo.story import Story

RIGHTS_DAYS = 700
SCREENING_SECONDS = 900
LOOKED_AT = "simulated: there are no papers to look at"


@dataclass
class Lot:
    """An offer on its way: its version, plan, state, and what was found."""

    offer: Offer
    version: str
    product: str
    plan: str
    state: str = "DRAFT"
    findings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def refusal(self) -> str:
        """The first code that blocks it, or the empty text."""
        blocking = [one for one in self.findings if one["blocks"]]
        return str(blocking[0]["refusal"]) if blocking else ""


def submit_all(everyone: Everyone, offers: list[Offer], day: int, story: Story) -> list[Lot]:
    """Let each vendor record its rights and hand in its versions; vendors work side by side."""
    vendors = sorted({offer.vendor for offer in offers})
    with story.progress("describing, uploading, signing", len(offers)) as advance:

        def work(code: str) -> list[Lot]:
            vendor = everyone[code]
            rights: dict[str, list[str]] = {}
            lots = []
            for offer in (one for one in offers if one.vendor == code):
                supplier = everyone[offer.supplier or code]
                rights[supplier.code] = rights.get(supplier.code) or record_rights(vendor, supplier)
                lots.append(_submit(vendor, supplier, offer, day, rights[supplier.code]))
                advance()
            return lots

        with ThreadPoolExecutor(len(vendors)) as pool:
            done = list(pool.map(work, vendors))
    return sorted((lot for lots in done for lot in lots), key=lambda lot: lot.offer.number)


def record_rights(vendor: Party, supplier: Party | None = None) -> list[str]:
    """Record the three rights in a vendor's own data, or in a supplier's; return their ids.

    The supplier goes on holding what is its own; the vendor uses and operates it.
    """
    source = supplier or vendor
    proof = vendor.client.upload("rights.pdf", b"%PDF-1.7 invented proof", "application/pdf")
    now = datetime.now(UTC)
    return [
        vendor.client.post(
            "rights-records",
            {
                "supplier_id": source.organisation,
                "kind": kind,
                "holder_id": (source if kind == "hold" else vendor).organisation,
                "proof_id": proof["id"],
                "valid_from": (now - timedelta(days=1)).isoformat(),
                "valid_until": (now + timedelta(days=RIGHTS_DAYS)).isoformat(),
            },
        )["id"]
        for kind in ("hold", "use", "operate")
    ]


def _submit(vendor: Party, supplier: Party, offer: Offer, day: int, rights: list[str]) -> Lot:
    client = vendor.client
    draft = client.post("products", {"supplier_id": supplier.organisation})
    version = draft["id"]
    document = content(offer, day, vendor.organisation, rights, supplier=supplier.organisation)
    saved = client.put(f"versions/{version}", {"content": document, "plans": list(offer.plans)})
    for kind, (name, data) in files(offer, day).items():
        handed_in = client.upload(name, data)
        client.post(f"versions/{version}/releases", {"kind": kind, "file_id": handed_in["id"]})
    for key in offer.evidence:
        proof = client.upload(f"{key}.pdf", b"%PDF-1.7 invented evidence", "application/pdf")
        client.post(f"versions/{version}/evidence", {"key": key, "file_id": proof["id"]})
    client.post(f"versions/{version}/submit")
    if offer.role != "expiring":
        sign(vendor, version, offer.declared_seconds)
    return Lot(offer, version, saved["product_id"], saved["plans"][0]["id"], "SUBMITTED")


def sign(vendor: Party, version: str, seconds: int) -> str:
    """Sign the declaration and commitment on a version; return its id."""
    found = vendor.client.get(f"versions/{version}")
    return declare(vendor, version, found["content_hash"], seconds)


def declare(vendor: Party, version: str, content_hash: str, seconds: int) -> str:
    """Sign for the content that has this hash; return the id of the declaration."""
    template = vendor.client.get(f"versions/{version}/declaration-template")
    statements = [one["code"] for head in template["heads"] for one in head["statements"]]
    vendor.client.confirm()
    signed = vendor.client.post(
        f"versions/{version}/declarations",
        {
            "content_hash": content_hash,
            "template": template["code"],
            "statements": statements,
            "valid_until": (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(),
        },
    )
    return str(signed["id"])


def await_screening(everyone: Everyone, lots: list[Lot], story: Story) -> None:
    """Wait until the worker has screened every version, and read what it found."""
    with story.progress("scanning and screening", len(lots)) as advance:
        waiting = list(lots)

        def look() -> bool:
            # They are screened in about the order of their submission: ask for the first ones only.
            while waiting and _state(everyone, waiting[0]) != "SUBMITTED":
                waiting.pop(0)
                advance()
            return not waiting

        until("screening", look, seconds=SCREENING_SECONDS)
    for lot in lots:
        client = everyone[lot.offer.vendor].client
        lot.findings = client.get(f"versions/{lot.version}/findings")["findings"]


def _state(everyone: Everyone, lot: Lot) -> str:
    lot.state = everyone[lot.offer.vendor].client.get(f"versions/{lot.version}")["state"]
    return lot.state


def review_all(everyone: Everyone, lots: list[Lot], story: Story) -> None:
    """Two reviewers decide: one proposes, the other confirms. What is to wait is left alone."""
    maker, checker = everyone["reviewer"].client, everyone["senior"].client
    queue = {row["version_id"]: row["id"] for row in maker.every("reviews")}
    todo = [one for one in lots if one.version in queue and one.offer.role != "waiting"]
    for lot in story.each("two reviewers decide", todo):
        if lot.offer.role == "expiring":
            sign(everyone[lot.offer.vendor], lot.version, lot.offer.declared_seconds)
        review = queue[lot.version]
        answers = [
            {"item": one["item"], "yes": True, "note": LOOKED_AT}
            for one in maker.get(f"reviews/{review}")["questions"]
        ]
        proposed = {"proposal": "approve", "note": "", "answers": answers}
        maker.post(f"reviews/{review}/propose", proposed)
        checker.post(f"reviews/{review}/confirm")
        client = everyone[lot.offer.vendor].client
        lot.state = client.get(f"versions/{lot.version}")["state"]


def tell_listing(lots: list[Lot], story: Story) -> dict[str, int]:
    """Show what became of the versions and return how many of each."""
    blocked = [lot for lot in lots if lot.state == "BLOCKED"]
    rows = []
    for lot in blocked:
        finding = next(one for one in lot.findings if one["blocks"])
        rows.append((lot.offer.vendor, lot.offer.wrong, finding["code"], finding["title"]))
    story.table("Blocked before anyone could buy", ("vendor", "fault", "item", "says"), rows)
    states = Counter(lot.state for lot in lots)
    return {
        "submitted": len(lots),
        "listed": states["LISTED"],
        "blocked": states["BLOCKED"],
        "waiting": states["IN_REVIEW"],
    }
