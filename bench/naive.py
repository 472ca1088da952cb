"""Placing an order the way it is first written: objects read and saved one by one, in one atomic.

It does the same checks and leaves the same rows; the judgement is the very same pure function.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from compliance.models import Clearance, Decision
from compliance.selectors import compiled_checklist
from core.actors import Member
from core.canonical import digest, plain
from core.ids import uuid7
from core.models import Capacity, Event, IdempotencyKey, Organisation, Work
from exchange.contracts import Party, Terms, contract_document, frozen_contract
from exchange.judging import Known, judge
from exchange.models import Contract, Order, Trade
from exchange.services.conclusion import Intent
from listings.models import Plan
from settlement.models import Account, FeeSchedule, Hold, PostingGroup, Transfer


def place(intent: Intent, known: Known, actor: Member, key: str, at: datetime) -> Trade:
    """Place one order; `known` is what the judgement reads, gathered beforehand."""
    with transaction.atomic():
        assert not IdempotencyKey.objects.filter(scope=actor.membership_id, key=key).exists()
        plan = Plan.objects.get(pk=intent.plan_id)
        version = plan.version
        product = version.product
        assert product.vendor.state == product.supplier.state == "ACTIVE"
        buyer = Organisation.objects.get(pk=intent.buyer_id)
        assert Capacity.objects.filter(organisation=buyer, kind="buyer", state="ADMITTED").exists()
        vendors = Capacity.objects.filter(organisation=product.vendor, kind="vendor")
        assert vendors.filter(state="ADMITTED").exists()
        clearance = Clearance.objects.select_for_update().get(version=version, state="LIVE")
        assert clearance.declaration.state == "IN_FORCE"
        assert clearance.checklist.state == "IN_FORCE"
        schedule = FeeSchedule.objects.filter(currency=plan.currency, effective_until=None).get()
        before = Trade.objects.filter(buyer=buyer, version=version).count()
        accounts = {
            row.kind: row for row in Account.objects.filter(organisation=buyer, currency="CNY")
        }
        judged = judge(intent, known, compiled_checklist(clearance.checklist_id), at=at)
        assert judged.verdict == "match", (judged.findings, before, schedule.pk)
        amount = judged.amount_minor or 0
        total = amount + judged.buyer_fee_minor
        order = Order.objects.create(
            buyer=buyer,
            vendor=product.vendor,
            version=version,
            plan=plan,
            offer_mode=plan.offer_mode,
            purpose=intent.purpose,
            territory=intent.territory,
            term_days=intent.term_days,
            volume=intent.volume,
            amount_minor=amount,
            buyer_fee_minor=judged.buyer_fee_minor,
            currency=plan.currency,
            state="MATCHED",
            placed_by_id=actor.user_id,
            placed_at=at,
        )
        trade = Trade.objects.create(
            order=order,
            buyer=buyer,
            vendor=product.vendor,
            version=version,
            plan=plan,
            clearance=clearance,
            amount_minor=amount,
            buyer_fee_minor=judged.buyer_fee_minor,
            currency=plan.currency,
            state="FUNDED",
            matched_at=at,
        )
        _contract(trade, intent, known, actor, at)
        _money(trade, accounts, total, at)
        for subject, row, verb, after in (
            ("order", order, "match", "MATCHED"),
            ("trade", trade, "conclude", "FUNDED"),
        ):
            event = Event.objects.create(
                subject=subject,
                subject_id=row.pk,
                verb=verb,
                after=after,
                actor_id=actor.user_id,
                organisation_id=actor.organisation_id,
                at=at,
            )
            if subject == "trade":
                Work.objects.create(event=event, reaction="deliver", retry_at=at)
        Decision.objects.create(
            kind="order",
            reference=order.pk,
            checklist=clearance.checklist,
            facts=judged.facts,
            evidence=[],
            findings=judged.item_findings,
            verdict=judged.item_verdict,
            at=at,
            actor_id=actor.user_id,
        )
        IdempotencyKey.objects.create(
            scope=actor.membership_id,
            key=key,
            input_hash=digest(key),
            status=201,
            body=plain({"id": order.pk, "state": order.state, "trade_id": trade.pk}),
            created_at=at,
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return trade


def _contract(trade: Trade, intent: Intent, known: Known, actor: Member, at: datetime) -> None:
    offer, clearance = known.offer or {}, known.clearance or {}
    names = ("clearance_id", "checklist_id", "checklist_code", "declaration_id", "decision_id")
    document = contract_document(
        Terms(
            trade_id=trade.pk,
            order_id=trade.order_id,
            offer=offer,
            purpose=intent.purpose,
            territory=intent.territory,
            term_days=intent.term_days,
            volume=intent.volume,
            redistribution=False,
            derivation=False,
            amount_minor=trade.amount_minor,
            buyer_fee_minor=trade.buyer_fee_minor,
            currency=trade.currency,
            fee=known.fee or {},
            clearance={name: clearance[name] for name in names},
            concluded_at=at,
        ),
        buyer := Party(intent.buyer_id, actor.user_id, at, "order"),
        vendor := Party(UUID(str(offer["vendor_id"])), None, at, "standing-offer"),
    )
    text, hashed = frozen_contract(document)
    Contract.objects.create(
        trade=trade,
        text=text,
        sha256=hashed,
        buyer_assent=buyer.assent(),
        vendor_assent=vendor.assent(),
        concluded_at=at,
    )


def _money(trade: Trade, accounts: dict[str, Any], total: int, at: datetime) -> None:
    reference = str(trade.pk)
    group = PostingGroup.objects.create(
        reference=f"hold:{reference}",
        code="hold",
        input_hash=sha256(reference.encode()).hexdigest(),
        booked_at=at,
    )
    Hold.objects.create(
        id=uuid7(),
        reference=reference,
        organisation_id=trade.buyer_id,
        currency=trade.currency,
        amount_minor=total,
        created_at=at,
    )
    Transfer.objects.create(
        group=group,
        line=1,
        debit=accounts["custody"],
        credit=accounts["held"],
        amount_minor=total,
        currency=trade.currency,
        code="hold",
        booked_at=at,
    )
