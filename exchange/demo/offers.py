"""What the vendors of the trading day offer. Invariant: the day's number decides every byte.

Each offer is one version: a table of `exchange.demo.tables`, its terms, and what is to be expected
of it. Where `wrong` names a fault, the checklist has to find it.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from exchange.demo.tables import TABLES, write_table
from listings.content import Special

SAMPLE_BYTES = 24_000
LARGE_BYTES = 20_000_000
SMALL_BYTES = 60_000
CLEAN = {
    "RIVER": ("weather_stations", "port_calls", "tourism_flow"),
    "HARVEST": ("farm_prices", "energy_meters"),
    "TRANSIT": ("bus_positions", "waybills", "charging_piles"),
    "MARKET": ("retail_sales", "product_reviews", "used_cars"),
    "CLINIC": ("hospital_departments", "patents"),
    "LEDGER": ("enterprise_registry", "public_tenders"),
}
PLANS: tuple[dict[str, Any], ...] = (
    {"kind": "one_off", "offer_mode": "standing", "price_minor": 120_000},
    {"kind": "one_off", "offer_mode": "confirm", "price_minor": 480_000},
    {
        "kind": "per_call",
        "offer_mode": "standing",
        "price_minor": 9,
        "minimum_count": 100,
        "tiers": [{"from_count": 10_001, "price_minor": 7}],
    },
    {"kind": "negotiated", "offer_mode": "negotiated"},
    {"kind": "subscription", "offer_mode": "standing", "price_minor": 65_000, "period_days": 30},
    {"kind": "one_off", "offer_mode": "standing", "price_minor": 333_333},
    {"kind": "free", "offer_mode": "standing"},
)
TITLES = {"zh": "{title}（第 {day} 日第 {number} 批）", "en": "{title} (day {day}, lot {number})"}


@dataclass(frozen=True, slots=True)
class Offer:
    """One version to be listed; `declared_seconds` is how long its declaration is good for.

    `volume` is what an order asks for, 0 for what is usual with the plan. `supplier` is set where
    the data are not the vendor's own, `evidence` are the keys that it gives.
    """

    vendor: str
    table: str
    number: int
    plans: tuple[dict[str, Any], ...]
    wrong: str = ""
    role: str = ""
    declared_seconds: int = 200 * 86_400
    large: bool = False
    volume: int = 0
    grade: str = ""
    supplier: str = ""
    evidence: tuple[str, ...] = ()
    changes: dict[str, Any] = field(default_factory=dict)


def offers() -> list[Offer]:
    """Return the versions of a day: thirty to be listed, ten that cannot be, three that wait."""
    return [*_clean(), *_special(), *_wrong(), *_waiting()]


def _clean() -> Iterator[Offer]:
    pairs = [(vendor, table) for vendor, tables in CLEAN.items() for table in tables]
    for number in range(1, 25):
        vendor, table = pairs[(number - 1) % len(pairs)]
        plan = {"code": "P1", **PLANS[(number - 1) % len(PLANS)]}
        yield Offer(vendor, table, number, (plan,), large=number in {1, 9})


def _special() -> Iterator[Offer]:
    standing = {"code": "P1", **PLANS[0]}
    yield Offer(
        "MARKET",
        "member_purchases",
        25,
        ({"code": "P1", **PLANS[1]},),
        role="personal",
        evidence=("separate_consent", "pipia_report", "recipient_contract"),
        changes={"personal": CONSENTED, "sources": [source() | FROM_MEMBERS]},
    )
    yield Offer(
        "HARVEST",
        "energy_meters",
        26,
        ({"code": "P1", **PLANS[5]},),
        role="sponsored",
        supplier="METER",
    )
    yield Offer("RIVER", "weather_stations", 27, ({**standing, "seats": 1},), role="one-seat")
    yield Offer("HARVEST", "farm_prices", 28, (standing,), role="expiring", declared_seconds=5)
    yield Offer("TRANSIT", "bus_positions", 29, (standing,), role="withdrawn")
    yield Offer("LEDGER", "public_tenders", 30, (standing,), role="suspended")


def _wrong() -> Iterator[Offer]:
    plan = ({"code": "P1", **PLANS[1]},)
    faults: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
        ("MARKET", "customers", "personal data in the sample, none declared", {}),
        ("CLINIC", "residents", "identity numbers in the sample, none declared", {}),
        ("RIVER", "weather_stations", "graded core", {"grade": "core"}),
        ("TRANSIT", "charging_piles", "graded important, no evidence", {"grade": "important"}),
        ("HARVEST", "farm_prices", "grade not settled", {"grade": "pending"}),
        ("LEDGER", "enterprise_registry", "a state secret", {"special": {"state_secret": True}}),
        ("MARKET", "retail_sales", "taken unlawfully", {"special": {"illegally_obtained": True}}),
        ("CLINIC", "hospital_departments", "nobody says where it is from", {"sources": "blank"}),
        ("LEDGER", "bank_transactions", "cards in the sample, none declared", {}),
        ("CLINIC", "clinic_visits", "health data without a basis", {"personal": "no-basis"}),
    )
    for number, (vendor, table, wrong, changes) in enumerate(faults, start=31):
        yield Offer(vendor, table, number, plan, wrong=wrong, changes=changes)


def _waiting() -> Iterator[Offer]:
    """Return what nobody decides on, so that the reviewers' pages have something on them."""
    standing = {"code": "P1", **PLANS[0]}
    tables = (("RIVER", "port_calls"), ("TRANSIT", "waybills"), ("CLINIC", "patents"))
    for number, (vendor, table) in enumerate(tables, start=41):
        yield Offer(vendor, table, number, (standing,), role="waiting")


def content(
    offer: Offer, day: int, vendor: str, rights: list[str], *, supplier: str
) -> dict[str, Any]:
    """Return the content document of an offer; vendor and supplier are ids, and may be the same."""
    kind = TABLES[offer.table]
    names = {"day": day, "number": offer.number}
    document: dict[str, Any] = {
        "title": {
            "zh": TITLES["zh"].format(title=kind.title_zh, **names),
            "en": TITLES["en"].format(title=kind.title_en, **names),
        },
        "summary": {
            "zh": f"{kind.title_zh}，虚构数据，仅供演示。",
            "en": f"{kind.title_en}: invented data, for demonstration only.",
        },
        "description": {
            "zh": f"演示用虚构数据：{kind.title_zh}。字段含义见数据字典。",
            "en": f"Invented data for demonstration: {kind.title_en}. See the dictionary.",
        },
        "industry": kind.industry,
        "topic": kind.topic,
        "grade": "general",
        "grade_level": 1,
        "grade_determined_by": "self",
        "form": "dataset",
        "dictionary": kind.dictionary
        if offer.role == "personal"
        else [{**row, "sensitivity": "none"} for row in kind.dictionary],
        "coverage": {"time_from": "2026-01-01", "time_to": "2026-10-31", "regions": ["上海"]},
        "update_frequency": "monthly",
        "volume": {"records": 20_000, "bytes": SMALL_BYTES},
        "sources": [source()],
        "personal": NOT_PERSONAL,
        "special": dict.fromkeys(Special.__dataclass_fields__, False),
        "permitted_use": {
            "purposes": ["research", "operations", "product_development"],
            "territories": ["CN"],
            "redistribution": False,
            "derivation": True,
            "term_days": 365,
        },
        "delivery_modes": ["download"],
        "allocation": [
            {"beneficiary": supplier, "role": "holding", "share_bp": 7_000},
            {"beneficiary": vendor, "role": "operation", "remainder": True},
        ],
        "rights": rights,
    }
    return _with_fault(document, offer)


NOT_PERSONAL: dict[str, Any] = {
    "contains": False,
    "subjects_count": 0,
    "consent_basis": "none",
    "anonymised": False,
    "identifies_alone": False,
    "minors": False,
}
# Purchases of members who each agreed that a research institute may have them, told who and why.
CONSENTED: dict[str, Any] = {
    **NOT_PERSONAL,
    "contains": True,
    "subjects_count": 4_000,
    "categories": ["transactions"],
    "consent_basis": "separate_consent",
}
FROM_MEMBERS = {"name": "会员消费系统", "data_class": "personal", "legal_basis": "consent"}


def source() -> dict[str, Any]:
    """Return a source that lacks nothing."""
    return {
        "name": "自有业务系统",
        "data_class": "enterprise",
        "origin": "generated",
        "legal_basis": "own_generation",
        "holder": "本公司",
        "resale_forbidden": False,
        "disputed": False,
        "raw": False,
        "opened": False,
    }


def _with_fault(document: dict[str, Any], offer: Offer) -> dict[str, Any]:
    changes = dict(offer.changes)
    if changes.get("sources") == "blank":
        changes["sources"] = [{"name": "不详"}]
    if changes.get("personal") == "no-basis":
        kind = TABLES[offer.table]
        changes["personal"] = {
            **NOT_PERSONAL,
            "contains": True,
            "subjects_count": 900,
            "categories": ["health", "identity"],
            "sensitive_kinds": ["health"],
            "identifies_alone": True,
        }
        changes["dictionary"] = kind.dictionary
        changes["sources"] = [{**source(), "data_class": "personal"}]
    if "special" in changes:
        changes["special"] = {**document["special"], **changes["special"]}
    return document | changes


def files(offer: Offer, day: int) -> dict[str, tuple[str, bytes]]:
    """Return the sample and the data file of an offer, by kind of release."""
    seed = day * 1_000 + offer.number
    sizes = {"sample": SAMPLE_BYTES, "data": LARGE_BYTES if offer.large else SMALL_BYTES}
    return {
        kind: (f"{offer.table}-{offer.number}-{kind}.csv", _table(offer.table, seed, size))
        for kind, size in sizes.items()
    }


def _table(code: str, seed: int, size_bytes: int) -> bytes:
    out = io.BytesIO()
    write_table(code, out, size_bytes=size_bytes, seed=seed)
    return out.getvalue()
