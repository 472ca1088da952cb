"""What becomes of an order. Invariant: every reason against it is found, not only the first.

Pure. The clearance and its causes, the checklist's order items, the plan, the price and the money
are each looked at; an order is matched only if none of them stands in the way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from compliance.facts import (
    BuyerFacts,
    OrderFacts,
    TermsFacts,
    TogetherFacts,
    cleared_from_text,
)
from compliance.gate import (
    NOBODY,
    Exporter,
    Held,
    Reservation,
    exporter_from,
    facts_of_order,
    held_together,
    register_answer,
    reservations,
    with_reserved,
)
from compliance.gate import judge as judge_items
from compliance.rules import CHINA, Checklist, Finding, finding_document
from compliance.rules import verdict as verdict_of
from exchange.contracts import Party
from exchange.pricing import order_total
from settlement.fees import FeeRefused, charges, parse_schedule
from settlement.splits import SplitRefused, parse_plan, split


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a buyer wants of one plan, and for what.

    `amount_minor` is set where both sides agreed on a price; else the plan's price applies.
    `vendor_assent` is set where the vendor has confirmed the buyer or agreed on the price.
    """

    purpose: str
    territory: str
    term_days: int
    volume: int
    redistribution: bool = False
    derivation: bool = False
    price_limit_minor: int | None = None
    amount_minor: int | None = None
    price_reason: str | None = None
    foreign_judicial_request: bool | None = None
    vendor_assent: Party | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known, at one moment, about one order on one plan.

    `offer` is None where there is no such plan, `clearance` where there is no such version. Of the
    clearance, `facts` is the JSON text as it is stored. `abroad` is what registers and the ledger
    of exports say of vendor, supplier and buyer; None where nothing leaves the mainland. `held` is
    what the buyer has bought of what adds up, with this; None where this does not add up.
    """

    offer: dict[str, Any] | None
    clearance: dict[str, Any] | None
    available_minor: int
    fee: dict[str, Any] | None
    buyer: dict[str, Any]
    orders_last_year: int
    abroad: list[dict[str, Any]] | None = None
    held: list[dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of one order, and why.

    `amount_minor` is the price, on top of which the buyer pays `buyer_fee_minor` to the venue.
    `verdict` is match, await, negotiate or refuse; `code` the first reason of a refusal and
    `findings` all of them. `facts`, `item_findings` and `item_verdict` are what the decision of
    the checklist's items stores; `facts` is None where the items could not be run. `reserves` is
    what the order, if it is matched, adds to what its exporters send abroad this year.
    """

    verdict: str
    code: str = ""
    findings: list[dict[str, Any]] = field(default_factory=list)
    amount_minor: int | None = None
    buyer_fee_minor: int = 0
    facts: OrderFacts | None = None
    item_findings: list[dict[str, Any]] = field(default_factory=list)
    item_verdict: str = ""
    reserves: tuple[Reservation, ...] = ()


def judge(
    wanted: Wanted,
    known: Known,
    checklist: Checklist | None,
    *,
    at: datetime,
    reserved: Mapping[str, tuple[int, int]] = {},
    bundled: Sequence[Held] = (),
) -> Judgement:
    """Return what becomes of an order, as far as can be known before it is written.

    `reserved` is what orders judged before it, and not written yet, add to exporters' counts, and
    `bundled` what they put into the buyer's hands.
    """
    offer, clearance = known.offer or {}, known.clearance or {}
    plan = offer["plan"]
    listed = order_total(plan, volume=wanted.volume, term_days=wanted.term_days)
    amount = listed if wanted.amount_minor is None else wanted.amount_minor
    reasons = standing_reasons(offer, clearance)
    facts: OrderFacts | None = None
    findings: tuple[Finding, ...] = ()
    exporters = with_reserved(_exporters(known), reserved)
    if checklist is not None and clearance.get("facts"):
        together = together_with(known, bundled)
        facts = _facts(wanted, known, exporters, together, listed, amount, at)
        evidence = clearance["evidence"] or ()
        findings = judge_items(facts, checklist, at=at, evidence_keys=evidence)
        reasons += consent_reasons(facts)
    told = [finding_document(one) for one in findings]
    reasons += [one for one, finding in zip(told, findings, strict=True) if finding.blocks]
    verdict = _verdict(plan, wanted)
    fee, fee_reasons = buyer_fee(known.fee, amount, verdict)
    reasons += fee_reasons + commercial_reasons(wanted, known, plan, amount, fee, verdict)
    if not fee_reasons:
        reasons += allocation_reasons(offer["allocation"] or (), known.fee, amount)
    found = Judgement(
        verdict=verdict,
        findings=told,
        amount_minor=amount,
        buyer_fee_minor=fee,
        facts=facts,
        item_findings=told,
        item_verdict=verdict_of(findings),
    )
    if reasons:
        return replace(found, verdict="refuse", code=reasons[0]["refusal"], findings=reasons)
    if verdict == "match" and facts is not None and known.abroad:
        on = at.astimezone(CHINA).date()
        return replace(found, reserves=reservations(facts, exporters, on=on))
    return found


def reason(refusal: str, **facts: Any) -> dict[str, Any]:
    """Return a reason that is no checklist item, in the shape of a finding."""
    return {"code": "", "severity": "", "status": "hit", "refusal": refusal, "facts": facts}


def standing_reasons(
    offer: Mapping[str, Any], clearance: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return why the version is not open to orders: its clearance, its state, its vendor."""
    reasons = []
    if not clearance.get("cleared"):
        reasons.append(reason(clearance.get("cause") or "clearance-missing"))
    if offer["version_state"] != "LISTED":
        reasons.append(reason("version-not-listed", state=offer["version_state"]))
    if offer["vendor_state"] != "ACTIVE" or offer["vendor_capacity_state"] != "ADMITTED":
        reasons.append(reason("vendor-suspended"))
    if offer["supplier_state"] != "ACTIVE":
        reasons.append(reason("supplier-suspended"))
    if offer.get("title_cause"):
        reasons.append(reason(offer["title_cause"]))
    return reasons


def consent_reasons(facts: OrderFacts) -> list[dict[str, Any]]:
    """Return why persons' consent does not carry this use: they withdrew it for that."""
    cleared, purpose, kind = facts.cleared, facts.order.purpose, facts.buyer.kind
    told = {}
    if purpose in (cleared.withdrawn_purposes or ()):
        told["purpose"] = purpose
    if kind in (cleared.withdrawn_recipients or ()):
        told["buyer_kind"] = kind
    return [reason("consent-withdrawn", **told)] if told else []


def buyer_fee(
    schedule: Mapping[str, Any] | None, amount: int | None, verdict: str
) -> tuple[int, list[dict[str, Any]]]:
    """Return the buyer's own fee on a price, and why the price cannot be charged for."""
    if amount is None:
        return 0, []
    if schedule is None:
        return 0, [reason("no-fee-schedule")] if verdict == "match" else []
    try:
        return charges(amount, parse_schedule(schedule)).buyer_fee_minor, []
    except FeeRefused as error:
        return 0, [reason("fee-not-chargeable", amount_minor=amount, why=error.text)]


def allocation_reasons(
    allocation: Sequence[Mapping[str, Any]], schedule: Mapping[str, Any] | None, amount: int | None
) -> list[dict[str, Any]]:
    """Return why the price cannot pay the fixed amounts that its allocation promises."""
    if not amount or schedule is None or not any(line.get("fixed_minor") for line in allocation):
        return []
    try:
        split(charges(amount, parse_schedule(schedule)).net_minor, parse_plan(allocation))
    except SplitRefused as error:
        return [reason("allocation-not-payable", amount_minor=amount, why=error.text)]
    return []


def commercial_reasons(
    wanted: Wanted,
    known: Known,
    plan: Mapping[str, Any],
    amount: int | None,
    fee: int,
    verdict: str,
) -> list[dict[str, Any]]:
    """Return why the order fails on quantity, price or money."""
    reasons = []
    if wanted.volume < plan["minimum_count"]:
        reasons.append(reason("below-minimum", minimum=plan["minimum_count"]))
    limit = wanted.price_limit_minor
    if amount is not None and limit is not None and amount > limit:
        reasons.append(reason("over-price-limit", amount_minor=amount, limit_minor=limit))
    if verdict == "match" and amount is not None and amount + fee > known.available_minor:
        reasons.append(
            reason(
                "insufficient-funds",
                needed_minor=amount + fee,
                available_minor=known.available_minor,
            )
        )
    return reasons


def _verdict(plan: Mapping[str, Any], wanted: Wanted) -> str:
    if wanted.vendor_assent is not None or plan["offer_mode"] == "standing":
        return "match"
    return "await" if plan["offer_mode"] == "confirm" else "negotiate"


def held_of(known: Known) -> tuple[Held, ...]:
    """Return what the buyer holds of what adds up, with the product ordered."""
    return tuple(
        Held(
            product=one["product"],
            persons=one["persons"],
            sensitive=one["sensitive"],
            subject=one["subject"],
            regions=tuple(one["regions"]),
        )
        for one in known.held or ()
    )


def together_with(known: Known, bundled: Sequence[Held]) -> TogetherFacts:
    """Return what comes together with an order; nothing is known where nothing is added up."""
    asked = next((one for one in known.held or () if one["asked"]), None)
    if asked is None:
        return TogetherFacts()
    return held_together((*bundled, *held_of(known)), asked["subject"])


def _exporters(known: Known) -> tuple[Exporter, ...]:
    """Return who would export: the vendor, and the supplier where that is somebody else."""
    if not known.abroad:
        return (NOBODY,)
    vendor, supplier, _ = known.abroad
    found = (vendor,) if vendor["id"] == supplier["id"] else (vendor, supplier)
    return tuple(exporter_from(one) for one in found)


def _facts(
    wanted: Wanted,
    known: Known,
    exporters: Sequence[Exporter],
    together: TogetherFacts,
    listed: int | None,
    amount: int | None,
    at: datetime,
) -> OrderFacts:
    offer, clearance, buyer = known.offer or {}, known.clearance or {}, known.buyer
    registered = known.abroad[-1] if known.abroad else {"entries": {}}
    terms = TermsFacts(
        purpose=wanted.purpose,
        territory=wanted.territory,
        term_days=wanted.term_days,
        quantity=wanted.volume,
        redistribution=wanted.redistribution,
        derivation=wanted.derivation,
        total_minor=amount,
        offer_mode=offer["plan"]["offer_mode"],
        confirmed=True if wanted.vendor_assent is not None else None,
        price_differs=listed is not None and amount != listed,
        price_reason=wanted.price_reason,
        orders_last_year=known.orders_last_year,
        foreign_judicial_request=wanted.foreign_judicial_request,
    )
    return facts_of_order(
        cleared=cleared_from_text(clearance["facts"]),
        order=terms,
        buyer=BuyerFacts(
            kind=buyer["kind"],
            country=buyer["country"],
            is_venue=buyer["is_venue"],
            is_vendor=buyer["id"] == offer["vendor_id"],
            is_supplier=buyer["id"] == offer["supplier_id"],
            active=buyer["may"],
            foreign_controlled=buyer["foreign_controlled"],
            on_personal_data_list=register_answer(registered, "restricted_recipient"),
            on_control_list=register_answer(registered, "control_list"),
        ),
        exporters=exporters,
        together=together,
        at=at,
    )
