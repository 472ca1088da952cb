"""Why an order is not cleared, in words. Invariant: every finding that was stored is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    decision_id: UUID | None = None


def told_findings(
    findings: Sequence[Mapping[str, Any]], checklist_id: UUID | None, language: str
) -> ToldRefusal:
    """Return the findings of a gate in words; `checklist_id` is the list they come from."""
    items: list[Mapping[str, Any]] = []
    reasons: list[Reason] = []
    for one in findings:
        if _is_item(one) and checklist_id is not None:
            items.append(one)
        elif one.get("refusal") or one.get("code"):
            code = one.get("refusal") or one["code"]
            reasons.append(Reason(code, tuple((one.get("facts") or {}).items())))
    texts: tuple[FindingText, ...] = ()
    if items and checklist_id is not None:
        found = [finding_from_document(one) for one in items]
        texts = finding_texts(found, compiled_checklist(checklist_id), language)
    return ToldRefusal(tuple(one for one in texts if one.blocks), tuple(reasons))


def _is_item(finding: Mapping[str, Any]) -> bool:
    """Whether it is of an item. What SQL found where it wrote the order is a bare code."""
    return bool(finding.get("code") and finding.get("severity"))


def told_refusal(order: Order, language: str) -> ToldRefusal:
    """Return why an order was refused, in words; empty for one that was not. One statement."""
    if order.state != OrderState.REFUSED:
        return ToldRefusal()
    judged = _lists([order.pk]).get(order.pk)
    told = _told(order.findings, order.refusal_code, judged[0] if judged else None, language)
    return replace(told, decision_id=judged[1]) if judged else told


def told_answers(answers: Sequence[Mapping[str, Any]], language: str) -> list[ToldRefusal]:
    """Return why each order that was answered is refused; one statement if any is."""
    refused = [UUID(str(one["id"])) for one in answers if one["state"] == OrderState.REFUSED]
    lists = _lists(refused) if refused else {}
    return [
        _told(one["findings"], one["code"], lists.get(UUID(str(one["id"])), (None,))[0], language)
        if one["state"] == OrderState.REFUSED
        else ToldRefusal()
        for one in answers
    ]


def told_check(checked: Mapping[str, Any], language: str) -> ToldRefusal:
    """Return why an order that was checked would be refused; empty where it would not be."""
    if checked["verdict"] != "refuse":
        return ToldRefusal()
    checklist_id = UUID(checked["checklist_id"]) if checked["checklist_id"] else None
    return _told(checked["findings"], checked["code"], checklist_id, language)


def _told(
    findings: Sequence[Mapping[str, Any]], code: str, checklist_id: UUID | None, language: str
) -> ToldRefusal:
    told = told_findings(findings, checklist_id, language)
    return told if told.items or told.reasons else ToldRefusal(reasons=(Reason(code),))


def _lists(order_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    """Return what each order was last judged by: order → list and decision."""
    rows = Decision.objects.filter(kind="order", reference__in=order_ids).order_by("at", "id")
    found = rows.values_list("reference", "checklist_id", "pk")
    return {order: (checklist, decision) for order, checklist, decision in found}
