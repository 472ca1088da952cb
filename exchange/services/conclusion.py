"""From intent to trade. Invariant: one path for one order and for a thousand, judged the same way.

Placing is one read, a pure gate, and one SQL function that checks again and writes. Concluding an
open order (confirmed, or a quote accepted) takes the same three steps.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection

from compliance.cross_border import TABLES
from compliance.facts import order_text
from compliance.gate import Held
from compliance.selectors import compiled_checklist
from core.actors import Member
from core.ids import uuid7
from core.services.people import check_signing_limit
from exchange.contracts import Party, Terms, contract_document, frozen_contract
from exchange.errors import OvertakenByChange, PlanNotOffered
from exchange.judging import Judgement, Known, Wanted, held_of, judge
from exchange.models import Order
from exchange.selectors.gate import gate_contexts
from exchange.services.placing import KeptAnswer, Placing, write_json, write_placings
from exchange.states import OrderState

ANSWER_HOURS = 48
# States in which a version is known to its vendor alone.
UNSEEN = ("DRAFT", "SUBMITTED", "IN_REVIEW", "BLOCKED", "REFUSED", "ABANDONED")
# The counts of exports may be overtaken once a bound, and each time the order is judged anew.
TRIES = 3 + max(len(one.persons_bounds) + len(one.sensitive_bounds) for one in TABLES)
OVERTAKEN = "!export-overtaken"
_CLEARED_BY = ("clearance_id", "checklist_id", "checklist_code", "declaration_id", "decision_id")
_STATES = {
    "match": OrderState.MATCHED.value,
    "await": OrderState.AWAITING.value,
    "negotiate": OrderState.NEGOTIATING.value,
    "refuse": OrderState.REFUSED.value,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent(Wanted):
    """A buyer's intent on one plan.

    `open_order` is the order that is being concluded, `buyer_assent` who ordered for the buyer
    where it is not the actor, and `quote_number` the quote that was accepted.
    """

    plan_id: UUID
    buyer_id: UUID
    label: str = ""
    answer_within_seconds: int | None = None
    demand_id: UUID | None = None
    open_order: Order | None = None
    buyer_assent: Party | None = None
    quote_number: int | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """What the orders of a batch add up to that were judged already: the next is judged with it.

    `reserved` is what each exporter sends abroad, `bundled` what comes into each buyer's hands.
    """

    reserved: dict[str, tuple[int, int]] = field(default_factory=dict)
    bundled: dict[UUID, list[Held]] = field(default_factory=dict)

    def add(self, buyer_id: UUID, known: Known, judged: Judgement) -> None:
        """Count in an order that was not refused."""
        if judged.verdict == "refuse":
            return
        for one in judged.reserves:
            persons, sensitive = self.reserved.get(one.exporter, (0, 0))
            total = (persons + one.persons, sensitive + one.sensitive_persons)
            self.reserved[one.exporter] = total
        if known.held:
            self.bundled.setdefault(buyer_id, []).extend(held_of(known))


@dataclass(frozen=True, slots=True)
class Key:
    """The Idempotency-Key of a request and the hash of what it asked."""

    scope: UUID
    key: str
    input_hash: str


def intent_of(order: Order) -> Intent:
    """Return the intent that an open order stands for."""
    return Intent(
        plan_id=order.plan_id,
        buyer_id=order.buyer_id,
        purpose=order.purpose,
        territory=order.territory,
        term_days=order.term_days,
        volume=order.volume,
        redistribution=order.redistribution,
        derivation=order.derivation,
        foreign_judicial_request=order.foreign_judicial_request,
        price_limit_minor=order.price_limit_minor,
        label=order.label,
        demand_id=order.demand_id,
        open_order=order,
        buyer_assent=Party(order.buyer_id, order.placed_by_id, order.placed_at, "order"),
    )


def carry_out(
    intents: Sequence[Intent], *, actor: Member, at: datetime, key: Key | None = None
) -> list[dict[str, Any]]:
    """Judge and write `intents`; return one answer for each, in order.

    When what the gate read changes before the write commits, the database refuses the whole
    batch, and it is judged again on what now stands.

    Raises:
        Replayed: the key was answered before.
        PlanNotOffered: a plan does not exist or is not to be seen.
        OvertakenByChange: what the gate reads kept changing.

    """
    for left in range(TRIES, 0, -1):
        contexts = gate_contexts(
            [(intent.plan_id, intent.buyer_id, intent.territory) for intent in intents],
            at=at,
            scope=key.scope if key else None,
            key=key.key if key else "",
        )
        if key and contexts and contexts[0].kept:
            raise Replayed(
                contexts[0].kept.input_hash, contexts[0].kept.status, contexts[0].kept.body
            )
        before = Before()
        placings = [
            _placing(intent, context.known, before, actor=actor, at=at)
            for intent, context in zip(intents, contexts, strict=True)
        ]
        answers = [_answer(one, at) for one in placings]
        try:
            refused = write_placings(placings, kept=_kept(key, answers), actor=actor, at=at)
        except IntegrityError:
            # A clearance was suspended, or the key taken, after the read: read again. In an
            # outer transaction there is nothing left to retry in.
            if left == 1 or connection.in_atomic_block:
                raise OvertakenByChange from None
            continue
        if OVERTAKEN in refused.values():
            continue
        for place, code in refused.items():
            answers[place] |= _refused(code)
        return answers
    raise OvertakenByChange


class Replayed(Exception):
    """The request was answered before: here is the answer."""

    def __init__(self, input_hash: str, status: int, body: Any) -> None:
        super().__init__("answered before")
        self.input_hash, self.status, self.body = input_hash, status, body


def judged_intent(
    intent: Intent,
    context: Known,
    *,
    at: datetime,
    before: Before | None = None,
) -> Judgement:
    """Return what becomes of an intent, by the checklist that its clearance names.

    Raises:
        PlanNotOffered: there is no such plan, or nobody but its vendor may know of it.

    """
    if context.offer is None or context.offer["version_state"] in UNSEEN:
        raise PlanNotOffered
    checklist_id = (context.clearance or {}).get("checklist_id")
    checklist = compiled_checklist(UUID(checklist_id)) if checklist_id else None
    before = before or Before()
    return judge(
        intent,
        context,
        checklist,
        at=at,
        reserved=before.reserved,
        bundled=before.bundled.get(intent.buyer_id, ()),
    )


def _placing(
    intent: Intent,
    known: Known,
    before: Before,
    *,
    actor: Member,
    at: datetime,
) -> Placing:
    """Return an order as it is to be written, and count it in for those judged after it."""
    judged = judged_intent(intent, known, at=at, before=before)
    before.add(intent.buyer_id, known, judged)
    if intent.open_order is None and judged.amount_minor is not None:
        check_signing_limit(actor, judged.amount_minor)
    offer, clearance = known.offer or {}, known.clearance or {}
    plan = offer["plan"]
    order_id, trade_id = str(intent.open_order.pk if intent.open_order else uuid7()), str(uuid7())
    contract: tuple[str | None, ...] = (None, None, None, None)
    if judged.verdict == "match":
        contract = _contract(intent, known, judged, order_id, trade_id, actor=actor, at=at)
    return Placing(
        order_id,
        intent.open_order is not None,
        str(intent.buyer_id),
        offer["vendor_id"],
        offer["version_id"],
        str(intent.plan_id),
        str(intent.demand_id) if intent.demand_id else None,
        plan["offer_mode"],
        intent.purpose,
        intent.territory,
        intent.term_days,
        intent.volume,
        intent.redistribution,
        intent.derivation,
        intent.foreign_judicial_request,
        intent.price_limit_minor,
        judged.amount_minor,
        judged.buyer_fee_minor,
        plan["currency"],
        intent.label,
        _answer_by(intent, judged, at),
        intent.quote_number,
        plan["seats"] is not None,
        _STATES[judged.verdict],
        judged.code,
        write_json(judged.findings) if judged.findings else "[]",
        clearance.get("clearance_id"),
        trade_id,
        *contract,
        *(*_decision(judged, clearance), _exports(judged)),
    )


def _exports(judged: Judgement) -> str | None:
    """Return the rows that an order adds to the ledger of exports, or None where it adds none."""
    if not judged.reserves:
        return None
    return write_json([{"id": str(uuid7()), **asdict(one)} for one in judged.reserves])


def _answer_by(intent: Intent, judged: Judgement, at: datetime) -> str | None:
    if intent.open_order is not None:
        until = intent.open_order.answer_by
    elif judged.verdict in {"await", "negotiate"}:
        until = at + timedelta(seconds=intent.answer_within_seconds or ANSWER_HOURS * 3600)
    else:
        until = None
    return until.isoformat() if until else None


def _decision(judged: Judgement, clearance: dict[str, Any]) -> tuple[str | None, ...]:
    """Return the columns of what the items said of an order, empty where they were not run."""
    if judged.facts is None:
        return (None,) * 6
    return (
        str(uuid7()),
        clearance["checklist_id"],
        order_text(judged.facts, clearance["facts"]),
        write_json(clearance["evidence"]),
        write_json(judged.item_findings),
        judged.item_verdict,
    )


def _contract(
    intent: Intent,
    known: Known,
    judged: Judgement,
    order_id: str,
    trade_id: str,
    *,
    actor: Member,
    at: datetime,
) -> tuple[str, str, str, str]:
    """Return the text of the contract, its hash, and both sides' assent as JSON text."""
    offer, clearance = known.offer or {}, known.clearance or {}
    buyer = intent.buyer_assent or Party(intent.buyer_id, actor.user_id, at, "order")
    standing = Party(offer["vendor_id"], None, at, f"standing-offer:{offer['plan']['code']}")
    vendor = replace(intent.vendor_assent or standing, organisation_id=offer["vendor_id"])
    document = contract_document(
        Terms(
            trade_id=trade_id,
            order_id=order_id,
            offer=offer,
            purpose=intent.purpose,
            territory=intent.territory,
            term_days=intent.term_days,
            volume=intent.volume,
            redistribution=intent.redistribution,
            derivation=intent.derivation,
            amount_minor=judged.amount_minor or 0,
            buyer_fee_minor=judged.buyer_fee_minor,
            currency=offer["plan"]["currency"],
            fee=known.fee or {},
            clearance={name: clearance[name] for name in _CLEARED_BY},
            concluded_at=at,
        ),
        buyer,
        vendor,
    )
    text, sha256 = frozen_contract(document)
    parties = document["parties"]
    return text, sha256, write_json(parties["buyer"]), write_json(parties["vendor"])


def _answer(one: Placing, at: datetime) -> dict[str, Any]:
    """Return what is answered to an order if it is written as it was judged."""
    matched, amount = one.state == OrderState.MATCHED, one.amount_minor
    return {
        "id": one.id,
        "state": one.state,
        "code": one.code,
        "findings": json.loads(one.findings),
        "amount_minor": amount,
        "buyer_fee_minor": one.buyer_fee_minor,
        "total_minor": None if amount is None else amount + one.buyer_fee_minor,
        "currency": one.currency,
        "trade_id": one.trade if matched else None,
        "contract_sha256": one.contract_sha256,
        "placed_at": at.isoformat(),
        "answer_by": one.answer_by,
    }


def _refused(code: str) -> dict[str, Any]:
    """Return what changes in an answer when the order is refused where it is written."""
    state = "" if code.startswith("!") else OrderState.REFUSED.value
    return {
        "state": state,
        "code": code,
        "findings": [{"code": code}],
        "trade_id": None,
        "contract_sha256": None,
    }


def _kept(key: Key | None, answers: Sequence[dict[str, Any]]) -> KeptAnswer | None:
    return KeptAnswer(str(key.scope), key.key, key.input_hash, answers[0]) if key else None
