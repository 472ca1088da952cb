"""Why an order is not cleared, in words. Invariant: every finding that was stored is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from compliance.models import Decision
from compliance.rules import finding_from_document
from compliance.selectors import compiled_checklist
from compliance.selectors.decisions import FindingText, finding_texts
from exchange.models import Order
from exchange.states import OrderState


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that is no item of the checklist: money, price, volume, standing. `code` is its."""

    code: str
    facts: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ToldRefusal:
    """What stands in an order's way: the items of the checklist, and what is no item."""

    items: tuple[FindingText, ...] = ()
    reasons: tuple[Reason, ...] = ()


def told_findings(
    findings: Sequence[Mapping[str, Any]], checklist_id: UUID | None, language: str
) -> ToldRefusal:
    """Return the findings of a gate in words; `checklist_id` is the list they come from."""
    items: list[Mapping[str, Any]] = []
    reasons: list[Reason] = []
    for one in findings:
        if one.get("code") and checklist_id is not None:
            items.append(one)
        elif one.get("refusal"):
            reasons.append(Reason(one["refusal"], tuple((one.get("facts") or {}).items())))
    texts: tuple[FindingText, ...] = ()
    if items and checklist_id is not None:
        found = [finding_from_document(one) for one in items]
        texts = finding_texts(found, compiled_checklist(checklist_id), language)
    return ToldRefusal(tuple(one for one in texts if one.blocks), tuple(reasons))


def told_refusal(order: Order, language: str) -> ToldRefusal:
    """Return why an order was refused, in words; empty for one that was not. One statement."""
    if order.state != OrderState.REFUSED:
        return ToldRefusal()
    decision = Decision.objects.filter(kind="order", reference=order.pk).order_by("-at", "-id")
    checklist_id = decision.values_list("checklist_id", flat=True).first()
    told = told_findings(order.findings, checklist_id, language)
    if told.items or told.reasons:
        return told
    return ToldRefusal(reasons=(Reason(order.refusal_code),))
