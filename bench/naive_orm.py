"""Placing an order as Django is usually written: one model at a time, in one transaction.

It does all that `place_orders` does and no more: the same gate, contract and rows, with the
guards of the database on. What is naive is only how it talks to the database.
"""

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from compliance.facts import to_document
from compliance.models import ChecklistVersion, Clearance, Decision
from compliance.selectors import compiled_checklist
from core.actors import Member
from core.canonical import digest, plain
from core.events import record
from core.ids import uuid7
from core.models import Capacity, IdempotencyKey, Organisation
from exchange.contracts import Party, Terms, contract_document, frozen_contract
from exchange.judging import Judgement, Known, judge
from exchange.models import Contract, Order, Trade
from exchange.services.conclusion import Intent, Key
from listings.models import Plan
from settlement.models import Account, Balance, FeeSchedule, Hold, PostingGroup, Transfer


class NotMatched(Exception):
    """The gate refused: the bench places only what is matched."""


@transaction.atomic
def place(intent: Intent, key: Key, *, actor: Member, at: datetime) -> Trade:
    """Place one order that is matched at once."""
    if IdempotencyKey.objects.filter(scope=key.scope, key=key.key).exists():
        raise NotMatched("answered before")
    plan = Plan.objects.get(pk=intent.plan_id)
    buyer = Organisation.objects.get(pk=intent.buyer_id)
    clearance = (
        Clearance.objects.select_for_update()
        .filter(version=plan.version, state="LIVE", valid_from__lte=at, valid_until__gt=at)
        .first()
    )
    in_force = (
        ChecklistVersion.objects.defer("items")
        .filter(state="IN_FORCE", effective_at__lte=at)
        .first()
    )
    if clearance is None or in_force is None or clearance.checklist_id != in_force.pk:
        raise NotMatched("not cleared")
    if clearance.declaration.state != "IN_FORCE" or clearance.declaration.valid_until <= at:
        raise NotMatched("declaration")
    fee = FeeSchedule.objects.filter(currency=plan.currency, effective_from__lte=at).latest(
        "effective_from"
    )
    custody = Account.objects.get(organisation=buyer, currency=plan.currency, kind="custody")
    held = Account.objects.get(organisation=buyer, currency=plan.currency, kind="held")
    balances = {
        account.pk: Balance.objects.select_for_update().get(account=account)
        for account in sorted((custody, held), key=lambda account: account.pk)
    }
    known = Known(
        offer=_offer(plan),
        clearance=_clearance(clearance, in_force.code),
        available_minor=balances[custody.pk].minor,
        fee=_fee(fee),
        buyer=_buyer(buyer),
        orders_last_year=Trade.objects.filter(
            buyer=buyer, version=plan.version, matched_at__gt=at.replace(year=at.year - 1)
        ).count(),
    )
    judged = judge(intent, known, compiled_checklist(clearance.checklist_id), at=at)
    if judged.verdict != "match":
        raise NotMatched(judged.code)
    order = _order(intent, plan, judged, actor, at)
    trade = _trade(order, clearance, at)
    contract = _contract(intent, trade, known, judged, actor, at)
    _hold(trade, custody, held, at)
    _decision(order, clearance, judged, actor, at)
    record("order", order.pk, "match", before="PLACED", after="MATCHED", actor=actor, at=at)
    record("trade", trade.pk, "conclude", after="FUNDED", actor=actor, at=at)
    IdempotencyKey.objects.create(
        scope=key.scope,
        key=key.key,
        input_hash=key.input_hash,
        status=201,
        body=_answer(order, trade, contract),
        created_at=at,
    )
    return trade


def _admitted(organisation: Organisation, kind: str) -> str:
    capacity = Capacity.objects.filter(organisation=organisation, kind=kind).first()
    return capacity.state if capacity else ""


def _offer(plan: Plan) -> dict[str, Any]:
    version = plan.version
    product = version.product
    content = version.content
    return {
        "plan_id": str(plan.pk),
        "version_id": str(version.pk),
        "product_id": str(product.pk),
        "vendor_id": str(product.vendor_id),
        "supplier_id": str(product.supplier_id),
        "version_state": version.state,
        "content_hash": version.content_hash,
        "plan": {field.attname: getattr(plan, field.attname) for field in Plan._meta.fields},
        "permitted_use": content["permitted_use"],
        "allocation": content["allocation"],
        "data_class": version.data_class,
        "grade": version.grade,
        "delivery_modes": content["delivery_modes"],
        "title_zh": version.title_zh,
        "title_en": version.title_en,
        "vendor_state": product.vendor.state,
        "supplier_state": product.supplier.state,
        "vendor_capacity_state": _admitted(product.vendor, "vendor"),
        "simulated": product.simulated,
    }


def _clearance(clearance: Clearance, code: str) -> dict[str, Any]:
    return {
        "clearance_id": str(clearance.pk),
        "declaration_id": str(clearance.declaration_id),
        "checklist_id": str(clearance.checklist_id),
        "checklist_code": code,
        "decision_id": str(clearance.decision_id),
        "facts": json.dumps(clearance.facts),
        "evidence": clearance.evidence,
        "cleared": True,
        "cause": None,
    }


def _fee(schedule: FeeSchedule) -> dict[str, Any]:
    return {
        "schedule": str(schedule.pk),
        "currency": schedule.currency,
        "effective_from": schedule.effective_from.isoformat(),
        "lines": schedule.lines,
    }


def _buyer(buyer: Organisation) -> dict[str, Any]:
    return {
        "id": str(buyer.pk),
        "kind": buyer.kind,
        "country": buyer.country,
        "foreign_controlled": buyer.foreign_controlled,
        "is_venue": buyer.is_venue,
        "may": buyer.state == "ACTIVE" and _admitted(buyer, "buyer") == "ADMITTED",
    }


def _order(intent: Intent, plan: Plan, judged: Judgement, actor: Member, at: datetime) -> Order:
    return Order.objects.create(
        buyer_id=intent.buyer_id,
        vendor=plan.version.product.vendor,
        version=plan.version,
        plan=plan,
        offer_mode=plan.offer_mode,
        purpose=intent.purpose,
        territory=intent.territory,
        term_days=intent.term_days,
        volume=intent.volume,
        amount_minor=judged.amount_minor,
        buyer_fee_minor=judged.buyer_fee_minor,
        currency=plan.currency,
        state="MATCHED",
        findings=judged.findings,
        placed_by_id=actor.user_id,
        placed_at=at,
    )


def _trade(order: Order, clearance: Clearance, at: datetime) -> Trade:
    return Trade.objects.create(
        order=order,
        buyer_id=order.buyer_id,
        vendor_id=order.vendor_id,
        version_id=order.version_id,
        plan_id=order.plan_id,
        clearance=clearance,
        amount_minor=order.amount_minor or 0,
        buyer_fee_minor=order.buyer_fee_minor,
        currency=order.currency,
        state="FUNDED",
        matched_at=at,
    )


def _contract(
    intent: Intent, trade: Trade, known: Known, judged: Judgement, actor: Member, at: datetime
) -> Contract:
    clearance = known.clearance or {}
    names = ("clearance_id", "checklist_id", "checklist_code", "declaration_id", "decision_id")
    buyer = Party(trade.buyer_id, actor.user_id, at, "order")
    vendor = Party(trade.vendor_id, None, at, "standing-offer:P1")
    text, sha256 = frozen_contract(
        contract_document(
            Terms(
                trade_id=trade.pk,
                order_id=trade.order_id,
                offer=known.offer or {},
                purpose=intent.purpose,
                territory=intent.territory,
                term_days=intent.term_days,
                volume=intent.volume,
                redistribution=intent.redistribution,
                derivation=intent.derivation,
                amount_minor=judged.amount_minor or 0,
                buyer_fee_minor=judged.buyer_fee_minor,
                currency=trade.currency,
                fee=known.fee or {},
                clearance={name: clearance[name] for name in names},
                concluded_at=at,
            ),
            buyer,
            vendor,
        )
    )
    return Contract.objects.create(
        trade=trade,
        text=text,
        sha256=sha256,
        buyer_assent=buyer.assent(),
        vendor_assent=vendor.assent(),
        concluded_at=at,
    )


def _hold(trade: Trade, custody: Account, held: Account, at: datetime) -> None:
    """Reserve the money; the journal's own trigger moves the two balances."""
    amount = trade.amount_minor + trade.buyer_fee_minor
    reference = str(trade.pk)
    group = PostingGroup.objects.create(
        reference=f"hold:{reference}",
        code="hold",
        input_hash=digest(["hold", reference, trade.buyer_id, amount, trade.currency]),
        booked_at=at,
    )
    Hold.objects.create(
        reference=reference,
        organisation_id=trade.buyer_id,
        currency=trade.currency,
        amount_minor=amount,
        created_at=at,
    )
    Transfer.objects.create(
        group=group,
        line=1,
        debit=custody,
        credit=held,
        amount_minor=amount,
        currency=trade.currency,
        code="hold",
        booked_at=at,
    )


def _decision(
    order: Order, clearance: Clearance, judged: Judgement, actor: Member, at: datetime
) -> None:
    assert judged.facts is not None
    Decision.objects.create(
        id=uuid7(),
        kind="order",
        reference=order.pk,
        checklist_id=clearance.checklist_id,
        facts=to_document(judged.facts),
        evidence=clearance.evidence,
        findings=judged.item_findings,
        verdict=judged.item_verdict,
        at=at,
        actor_id=actor.user_id,
    )


def _answer(order: Order, trade: Trade, contract: Contract) -> dict[str, Any]:
    document: dict[str, Any] = plain(
        {
            "id": order.pk,
            "state": order.state,
            "code": "",
            "findings": order.findings,
            "amount_minor": order.amount_minor,
            "buyer_fee_minor": order.buyer_fee_minor,
            "total_minor": trade.amount_minor + trade.buyer_fee_minor,
            "currency": order.currency,
            "trade_id": trade.pk,
            "contract_sha256": contract.sha256,
            "placed_at": order.placed_at,
            "answer_by": None,
        }
    )
    return document
