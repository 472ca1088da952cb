"""The venue's yearly attestations. Invariant: a person signs, for what the list in force asks."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from compliance import selectors
from compliance.models import VenueAttestation
from core.actors import Member, signer
from core.errors import Forbidden, Malformed
from core.events import record
from core.service import service

YEAR = timedelta(days=365)


@service(may="attest")
def attest_venue(
    *, item: str, holds: bool, note: str, actor: Member, at: datetime
) -> VenueAttestation:
    """Answer for the venue one question that the list in force asks of it; good for a year.

    An answer is never changed: the next one takes its place.

    Raises:
        Malformed: the list asks the venue no such question, or no note says what was looked at.
        Forbidden: the venue's machinery cannot sign; an administrator does.
        NoChecklistInForce: nothing is asked yet.
    """
    if actor.system:
        raise Forbidden
    if not note.strip():
        raise Malformed(fields={"note": [_("say what was looked at")]})
    checklist = selectors.checklist_in_force(at)
    asked = {one.code: one for one in selectors.compiled(checklist).venue}
    if item not in asked:
        allowed = ", ".join(sorted(asked))
        raise Malformed(fields={"item": [_("must be among %(p)s") % {"p": allowed}]})
    row = VenueAttestation.objects.create(
        checklist=checklist,
        item=item,
        question={"en": asked[item].question_en, "zh": asked[item].question_zh},
        holds=holds,
        note=note.strip(),
        signed_by_id=signer(actor),
        at=at,
        valid_until=at + YEAR,
    )
    detail = {"item": item, "holds": holds, "valid_until": row.valid_until}
    record("venue-attestation", row.pk, "attest", actor=actor, at=at, reason=note, detail=detail)
    return row
