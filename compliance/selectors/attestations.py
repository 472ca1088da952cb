"""What the venue attests of itself, as it stands. Invariant: silence is not an attestation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from compliance.models import VenueAttestation
from compliance.rules import CHINA, Item, Source
from compliance.selectors.checklists import checklist_in_force, compiled
from core.actors import NOBODY, Member

Standing = Literal["missing", "expired", "denied", "attested"]


@dataclass(frozen=True, slots=True)
class VenueDuty:
    """One question that the list in force asks of the venue, and its last answer.

    `state` is attested only while a yes is in force; a no is denied.
    """

    item: str
    title_en: str
    title_zh: str
    question_en: str
    question_zh: str
    basis: str
    sources: tuple[Source, ...]
    state: Standing
    note: str
    signed_by: str
    attested_at: datetime | None
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class VenueStanding:
    """Everything that the list in force asks of the venue; `complete` if all of it is attested."""

    checklist_code: str
    complete: bool
    duties: tuple[VenueDuty, ...]


def venue_standing(at: datetime, reader: Member = NOBODY) -> VenueStanding:
    """Return what the venue has to attest and what it has attested, as it stands at `at`.

    Who signed is told to the venue's own people: to others the venue has.

    Raises:
        NoChecklistInForce: nothing is asked yet.

    """
    checklist = compiled(checklist_in_force(at))
    day = at.astimezone(CHINA).date()
    last = {
        row.item: row
        for row in VenueAttestation.objects.filter(at__lte=at)
        .select_related("signed_by")
        .order_by("item", "-at", "-id")
        .distinct("item")
    }
    duties = tuple(
        _duty(item, last.get(item.code), at, named=reader.is_venue or reader.system)
        for item in checklist.venue
        if item.in_force_on(day)
    )
    complete = all(duty.state == "attested" for duty in duties)
    return VenueStanding(checklist.code, complete, duties)


def _duty(item: Item, row: VenueAttestation | None, at: datetime, *, named: bool) -> VenueDuty:
    return VenueDuty(
        item=item.code,
        title_en=item.title_en,
        title_zh=item.title_zh,
        question_en=item.question_en,
        question_zh=item.question_zh,
        basis=item.basis,
        sources=item.sources,
        state=_state(row, at),
        note=row.note if row else "",
        signed_by=str(row.signed_by) if row and named else "",
        attested_at=row.at if row else None,
        valid_until=row.valid_until if row else None,
    )


def _state(row: VenueAttestation | None, at: datetime) -> Standing:
    if row is None:
        return "missing"
    if row.valid_until <= at:
        return "expired"
    return "attested" if row.holds else "denied"
