"""One decision, explained at its own address. Invariant: it is what was stored, and made again.

Its parties read it: of a version its vendor and supplier, of an order its buyer and vendor, and the
venue all. What it says never changes; whether it comes out the same is reckoned when it is read.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from compliance.models import Decision
from compliance.rules import finding_from_document
from compliance.selectors import compiled, finding_texts, replay_one
from compliance.selectors.decisions import FindingText
from core.actors import Member
from core.errors import NotFound
from exchange.selectors.orders import own_order
from exchange.selectors.refusals import Reason, told_refusal
from listings.selectors import own_version


@dataclass(frozen=True, slots=True)
class Explained:
    """A decision in words: what was found, by which list and facts, and whether it still comes out.

    `reference` is the version or, of an `order`, the order. `reasons` are those of a refused order
    that are no items of the checklist. `differs` names what does not come out the same.
    """

    id: UUID
    kind: str
    reference: UUID
    of_zh: str
    of_en: str
    verdict: str
    at: datetime
    checklist_code: str
    checklist_hash: str
    facts_hash: str
    findings: tuple[FindingText, ...]
    reasons: tuple[Reason, ...]
    currency: str
    differs: tuple[str, ...]


def explained(decision_id: UUID, reader: Member, language: str) -> Explained:
    """Return a decision that concerns the reader, in words.

    Raises:
        NotFound: there is none, or it concerns others.

    """
    row = Decision.objects.select_related("checklist").filter(pk=decision_id).first()
    if row is None:
        raise NotFound
    reasons: tuple[Reason, ...] = ()
    currency = "CNY"
    if row.kind == "order":
        order = own_order(row.reference, reader)
        version, currency = order.version, order.currency
        reasons = told_refusal(order, language).reasons
    else:
        version = own_version(row.reference, reader)
    found = [finding_from_document(one) for one in row.findings]
    return Explained(
        id=row.pk,
        kind=row.kind,
        reference=row.reference,
        of_zh=version.title_zh,
        of_en=version.title_en,
        verdict=row.verdict,
        at=row.at,
        checklist_code=row.checklist.code,
        checklist_hash=row.checklist.items_hash,
        facts_hash=row.facts_hash,
        findings=finding_texts(found, compiled(row.checklist), language),
        reasons=reasons,
        currency=currency,
        differs=tuple(one.what for one in replay_one(row.pk).mismatches),
    )
