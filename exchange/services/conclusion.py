"""From intent to trade. Invariant: one path for one order and for a thousand, judged the same way.

Placing is one read, a pure gate, and one SQL function that checks again and writes. Concluding an
open order (confirmed, or a quote accepted) takes the same three steps.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection

from compliance.selectors import compiled_checklist
from core.actors import Member
from core.canonical import jsonable
from core.events import reactions_to
from core.ids import uuid7
from core.services.people import check_signing_limit
from exchange.contracts import Party, Terms, contract_document, frozen_contract
from exchange.errors import OvertakenByChange, PlanNotOffered
from exchange.judging import Judgement, Known, Wanted, judge
from exchange.models import Order
from exchange.selectors.gate import gate_contexts

ANSWER_HOURS = 48
# States in which a version is known to its vendor alone.
UNSEEN = ("DRAFT", "SUBMITTED", "IN_REVIEW", "BLOCKED", "REFUSED", "ABANDONED")
TRIES = 3
# Text as it is: escaping what is not ASCII would make it longer to write and to read.
_ROWS = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=jsonable)


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
            [(intent.plan_id, intent.buyer_id) for intent in intents],
            at=at,
            scope=key.scope if key else None,
            key=key.key if key else "",
        )
        if key and contexts and contexts[0].kept:
            raise Replayed(
                contexts[0].kept.input_hash, contexts[0].kept.status, contexts[0].kept.body
            )
        rows = [
            _row(intent, context.known, actor=actor, at=at, key=key if place == 0 else None)
            for place, (intent, context) in enumerate(zip(intents, contexts, strict=True))
        ]
        try:
            return _write(rows, actor=actor, at=at)
        except IntegrityError:
            # A clearance was suspended, or the key taken, after the read: read again. In an
            # outer transaction there is nothing left to retry in.
            if left == 1 or connection.in_atomic_block:
                raise OvertakenByChange from None
    raise AssertionError("unreachable")


class Replayed(Exception):
    """The request was answered before: here is the answer."""

    def __init__(self, input_hash: str, status: int, body: Any) -> None:
        super().__init__("answered before")
        self.input_hash, self.status, self.body = input_hash, status, body


def judged_intent(intent: Intent, context: Known, *, at: datetime) -> Judgement:
    """Return what becomes of an intent, by the checklist that its clearance names.

    Raises:
        PlanNotOffered: there is no such plan, or nobody but its vendor may know of it.

    """
    if context.offer is None or context.offer["version_state"] in UNSEEN:
        raise PlanNotOffered
    checklist_id = (context.clearance or {}).get("checklist_id")
    checklist = compiled_checklist(UUID(checklist_id)) if checklist_id else None
    return judge(intent, context, checklist, at=at)


def _row(
    intent: Intent, context: Known, *, actor: Member, at: datetime, key: Key | None
) -> dict[str, Any]:
    judged = judged_intent(intent, context, at=at)
    if intent.open_order is None and judged.amount_minor is not None:
        check_signing_limit(actor, judged.amount_minor)
    order_id = intent.open_order.pk if intent.open_order else uuid7()
    offer = context.offer or {}
    row: dict[str, Any] = {
        "order_id": order_id,
        "open": intent.open_order is not None,
        "buyer": intent.buyer_id,
        "vendor": offer["vendor_id"],
        "version": offer["version_id"],
        "plan": intent.plan_id,
        "demand": intent.demand_id,
        "offer_mode": offer["plan"]["offer_mode"],
        "purpose": intent.purpose,
        "territory": intent.territory,
        "term_days": intent.term_days,
        "volume": intent.volume,
        "redistribution": intent.redistribution,
        "derivation": intent.derivation,
        "price_limit": intent.price_limit_minor,
        "amount": judged.amount_minor,
        "buyer_fee": judged.buyer_fee_minor,
        "currency": offer["plan"]["currency"],
        "limited": offer["plan"]["seats"] is not None,
        "label": intent.label,
        "answer_by": _answer_by(intent, judged, at),
        "verdict": judged.verdict,
        "code": judged.code,
        "findings": judged.findings,
        "clearance": (context.clearance or {}).get("clearance_id"),
        "trade_id": uuid7(),
        "quote_number": intent.quote_number,
        "decision": _decision(order_id, judged, context, actor, at),
        "scope": key.scope if key else None,
        "key": key.key if key else None,
        "input_hash": key.input_hash if key else None,
    }
    if judged.verdict == "match":
        row |= _contract(intent, context, judged, row, actor=actor, at=at)
    return row


def _answer_by(intent: Intent, judged: Judgement, at: datetime) -> datetime | None:
    if intent.open_order is not None:
        return intent.open_order.answer_by
    if judged.verdict not in {"await", "negotiate"}:
        return None
    return at + timedelta(seconds=intent.answer_within_seconds or ANSWER_HOURS * 3600)


def _decision(
    order_id: UUID, judged: Judgement, context: Known, actor: Member, at: datetime
) -> dict[str, Any] | None:
    if judged.facts is None or context.clearance is None:
        return None
    return {
        "id": uuid7(),
        "kind": "order",
        "reference": order_id,
        "checklist_id": context.clearance["checklist_id"],
        "facts": judged.facts,
        "evidence": context.clearance["evidence"],
        "findings": judged.item_findings,
        "verdict": judged.item_verdict,
        "at": at,
        "actor_id": actor.user_id,
    }


def _contract(
    intent: Intent,
    context: Known,
    judged: Judgement,
    row: dict[str, Any],
    *,
    actor: Member,
    at: datetime,
) -> dict[str, Any]:
    offer, clearance = context.offer or {}, context.clearance or {}
    buyer = intent.buyer_assent or Party(intent.buyer_id, actor.user_id, at, "order")
    vendor = intent.vendor_assent or Party(
        UUID(str(offer["vendor_id"])), None, at, f"standing-offer:{offer['plan']['code']}"
    )
    names = ("clearance_id", "checklist_id", "checklist_code", "declaration_id", "decision_id")
    document = contract_document(
        Terms(
            trade_id=row["trade_id"],
            order_id=row["order_id"],
            offer=offer,
            purpose=intent.purpose,
            territory=intent.territory,
            term_days=intent.term_days,
            volume=intent.volume,
            redistribution=intent.redistribution,
            derivation=intent.derivation,
            amount_minor=judged.amount_minor or 0,
            buyer_fee_minor=judged.buyer_fee_minor,
            currency=row["currency"],
            fee=context.fee or {},
            clearance={name: clearance[name] for name in names},
            concluded_at=at,
        ),
        buyer,
        replace(vendor, organisation_id=UUID(str(offer["vendor_id"]))),
    )
    text, sha256 = frozen_contract(document)
    return {
        "contract_text": text,
        "contract_sha256": sha256,
        "buyer_assent": buyer.assent(),
        "vendor_assent": vendor.assent(),
    }


def _write(rows: Sequence[dict[str, Any]], *, actor: Member, at: datetime) -> list[dict[str, Any]]:
    decisions = [found for row in rows if (found := row.pop("decision")) is not None]
    reactions = {
        f"{subject}:{verb}": list(reactions_to(subject, verb))
        for subject, verb in (
            ("order", "place"),
            ("order", "match"),
            ("order", "refuse"),
            ("trade", "conclude"),
        )
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT answer FROM exchange_place("
            "%s::jsonb, %s::jsonb, %s::bigint, %s::uuid, %s::timestamptz, %s::jsonb)",
            [
                _ROWS.encode(rows),
                _ROWS.encode(decisions),
                actor.user_id,
                actor.organisation_id,
                at,
                json.dumps(reactions),
            ],
        )
        answers = [row[0] for row in cursor.fetchall()]
        if connection.in_atomic_block:
            # The deferred trigger judges here and not at the commit, where nobody could answer.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    found = [json.loads(answer) if isinstance(answer, str) else answer for answer in answers]
    by_id = {answer["id"]: answer for answer in found}
    return [by_id[str(row["order_id"])] for row in rows]
