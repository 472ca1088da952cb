"""The ledger of what leaves the mainland, and the register of its parties.

Invariant: a reservation ends once, by a hand-over or by a release; an entry is never changed.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from compliance import selectors
from compliance.facts import ZONE_LIST_PARTS
from compliance.models import ExportKind, ExportRow, RegisterEntry, RegisterKind
from compliance.models.exports import ANSWERS, OF_A_PRODUCT
from compliance.rules import CHINA
from core.actors import Member, signer
from core.errors import Malformed, NotFound
from core.events import record, record_many
from core.models import Organisation
from core.service import service
from listings.models import Product

# The routes that a zone's list can name for data that stand on it.
ROUTES = ("security_assessment", "standard_contract_or_certification")


ZONE = re.compile(r"CN-[A-Z]{2}")


@service
def commit_exports(*, references: Collection[UUID], actor: Member, at: datetime) -> list[UUID]:
    """Enter as handed over what is reserved for some trades; return the rows that this ended.

    What is handed over counts in the year in which it is.
    """
    return _end(references, ExportKind.COMMIT, actor=actor, at=at)


@service
def release_exports(*, references: Collection[UUID], actor: Member, at: datetime) -> list[UUID]:
    """Release what is reserved for trades under which nothing will be handed over any more."""
    return _end(references, ExportKind.RELEASE, actor=actor, at=at)


def _end(
    references: Collection[UUID], kind: ExportKind, *, actor: Member, at: datetime
) -> list[UUID]:
    if not actor.system:
        raise NotFound
    reserved = selectors.locked_reservations(references)
    ExportRow.objects.bulk_create(
        ExportRow(
            exporter_id=one.exporter_id,
            year=at.astimezone(CHINA).year,
            kind=kind,
            persons=one.persons,
            sensitive_persons=one.sensitive_persons,
            reference=one.reference,
            at=at,
        )
        for one in reserved
    )
    ended = [one.pk for one in reserved]
    record_many("export", ended, kind.value, actor=actor, at=at)
    return ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is entered in the register, and for which days of China."""

    kind: str
    answer: str
    basis: str
    valid_from: date
    valid_until: date | None = None
    product_id: UUID | None = None
    zone: str = ""
    route: str = ""
    parts: tuple[str, ...] = ()
    persons: int | None = None
    sensitive_persons: int | None = None


@service(may="admit")
def record_register_entry(
    *, organisation_id: UUID, entry: Entry, actor: Member, at: datetime
) -> RegisterEntry:
    """Enter in the register what the venue has established of an organisation or its product.

    An entry is never changed: the next one of its kind takes its place on the days it names.

    Raises:
        NotFound: there is no such organisation.
        Malformed: the parts of the entry do not go together, or the product is not its own.

    """
    if not Organisation.objects.filter(pk=organisation_id, is_venue=False).exists():
        raise NotFound
    wrong = _wrong(entry, organisation_id)
    if wrong:
        raise Malformed(fields=wrong)
    if entry.kind == RegisterKind.EXPORTS_ELSEWHERE:
        # An order that counts on the number before it comes first, or reads the new one.
        selectors.lock_exporter(organisation_id)
    row = RegisterEntry.objects.create(
        organisation_id=organisation_id,
        kind=entry.kind,
        product_id=entry.product_id,
        answer=entry.answer,
        zone=entry.zone,
        route=entry.route,
        parts=list(entry.parts),
        persons=entry.persons,
        sensitive_persons=entry.sensitive_persons,
        valid_from=entry.valid_from,
        valid_until=entry.valid_until,
        basis=entry.basis.strip(),
        recorded_by_id=signer(actor),
        at=at,
    )
    detail = {"organisation": organisation_id, "kind": entry.kind, "answer": entry.answer}
    record("register-entry", row.pk, "record", actor=actor, at=at, reason=row.basis, detail=detail)
    return row


def _wrong(entry: Entry, organisation_id: UUID) -> dict[str, list[str]]:
    """Return what does not go together, by field."""
    wrong: dict[str, list[str]] = {}
    if entry.answer not in ANSWERS.get(entry.kind, ()):
        allowed = ", ".join(ANSWERS.get(entry.kind, ()))
        wrong["answer"] = [_("must be among %(p)s") % {"p": allowed}]
    if not entry.basis.strip():
        wrong["basis"] = [_("say which register, notice or statement it rests on")]
    if entry.valid_until is not None and entry.valid_until <= entry.valid_from:
        wrong["valid_until"] = [_("must be later than the first day")]
    wrong |= _wrong_product(entry, organisation_id) | _wrong_zone(entry) | _wrong_counts(entry)
    return wrong


def _wrong_product(entry: Entry, organisation_id: UUID) -> dict[str, list[str]]:
    if entry.kind not in OF_A_PRODUCT:
        if entry.product_id is not None:
            return {"product_id": [_("this is about the organisation, not about one product")]}
        return {}
    if entry.product_id is None:
        return {"product_id": [_("name the product that this is about")]}
    own = Product.objects.filter(pk=entry.product_id)
    if not (
        own.filter(vendor=organisation_id).exists() or own.filter(supplier=organisation_id).exists()
    ):
        return {"product_id": [_("is no product of this organisation")]}
    return {}


def _wrong_zone(entry: Entry) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if entry.answer == "in" and not ZONE.fullmatch(entry.zone):
        wrong["zone"] = [_("name the zone by its code, such as CN-SH")]
    if entry.answer != "in" and entry.zone:
        wrong["zone"] = [_("only where it is in a zone")]
    listed = entry.answer == "on_list"
    if listed and entry.route not in ROUTES:
        wrong["route"] = [_("must be among %(p)s") % {"p": ", ".join(ROUTES)}]
    if not listed and entry.route:
        wrong["route"] = [_("only for data that stand on the list")]
    if entry.parts and (not listed or not set(entry.parts) <= set(ZONE_LIST_PARTS)):
        wrong["parts"] = [_("must be among %(p)s") % {"p": ", ".join(ZONE_LIST_PARTS)}]
    return wrong


def _wrong_counts(entry: Entry) -> dict[str, list[str]]:
    given = {"persons": entry.persons, "sensitive_persons": entry.sensitive_persons}
    if entry.kind == RegisterKind.EXPORTS_ELSEWHERE:
        wrong = {name: [_("a number is needed")] for name, count in given.items() if count is None}
        if entry.valid_until is not None and entry.valid_until.year > entry.valid_from.year + 1:
            wrong["valid_until"] = [_("a count is of one calendar year")]
        return wrong
    text = _("only for what left by other ways")
    return {name: [text] for name, count in given.items() if count is not None}
