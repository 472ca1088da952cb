"""Who has which case. Invariant: a case that somebody has is that reviewer's, or its stand-in's.

What a reviewer writes for the venue alone is in no event and on no page of the vendor.
"""

from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext as _

from compliance import selectors
from compliance.errors import CaseOfAnother
from compliance.models import Absence, Review, ReviewNote
from compliance.states import ABSENCE, OPEN_REVIEW, ReviewState
from core.actors import Member, signer, why_not
from core.errors import Conflict, Forbidden, Malformed
from core.events import record
from core.models import Membership
from core.service import service

AUDIENCES = ("venue", "vendor")
LONGEST_DAYS = 366


@service(may="review")
def take_review(*, review_id: UUID, actor: Member, at: datetime) -> Review:
    """Take a case that nobody has, or that an absent colleague has whom the actor stands in for.

    Raises:
        CaseOfAnother: another reviewer has it.
        Malformed: the actor proposed it, or has an interest in it.
        Conflict: it is decided or closed.
    """
    review = _open_review(review_id)
    require_case(review, actor, at)
    _require_fit(review, signer(actor), "review")
    return _give(review, signer(actor), "take", "", actor, at)


@service(may="review")
def delegate_review(
    *, review_id: UUID, to: UUID, reason: str, actor: Member, at: datetime
) -> Review:
    """Hand a case to a colleague, with the reason; `to` is the colleague's membership.

    Raises:
        CaseOfAnother: another reviewer has it.
        Malformed: no reason is given, or the colleague cannot have it: the field says why.
        Conflict: it is decided or closed.
    """
    review = _open_review(review_id)
    require_case(review, actor, at)
    return _hand(review, to, reason, "delegate", actor, at)


@service(may="reassign")
def reassign_review(
    *, review_id: UUID, to: UUID, reason: str, actor: Member, at: datetime
) -> Review:
    """Give a case to another reviewer, whoever has it, with the reason; a senior reviewer does.

    Raises:
        Malformed: no reason is given, or the reviewer cannot have it: the field says why.
        Conflict: it is decided or closed.
    """
    return _hand(_open_review(review_id), to, reason, "reassign", actor, at)


@service(may="review")
def note_review(
    *, review_id: UUID, audience: str, text: str, actor: Member, at: datetime
) -> ReviewNote:
    """Write a note beside a review: for the venue alone, or for its vendor too.

    Raises:
        Malformed: there is no such audience, or nothing is written.
        InterestedParty: the actor belongs, or belonged, to a party to it.
    """
    if audience not in AUDIENCES:
        allowed = ", ".join(AUDIENCES)
        raise Malformed(fields={"audience": [_("must be among %(p)s") % {"p": allowed}]})
    if not text.strip():
        raise Malformed(fields={"text": [_("is needed")]})
    review = selectors.locked_review(review_id)
    selectors.require_disinterested(actor, review.version)
    return write_note(review, audience, text, actor, at)


@service(may="review")
def note_absence(
    *,
    first_day: date,
    last_day: date,
    stand_in: UUID,
    note: str,
    reviewer: UUID | None = None,
    actor: Member,
    at: datetime,
) -> Absence:
    """Note on which days a reviewer is away, both included, and who stands in meanwhile.

    `reviewer` and `stand_in` are memberships; None is the actor itself. Another reviewer's
    absence is noted by a senior one.

    Raises:
        Malformed: the days are not in order, are past or too many, or the stand-in cannot stand in.
        Forbidden: it is another's, and the actor is no senior reviewer.
        Conflict: it has a day in common with another absence of the same reviewer.
    """
    away = signer(actor) if reviewer is None else _reviewer(reviewer, "reviewer").user_id
    if away != actor.user_id and why_not(actor, "reassign"):
        raise Forbidden(_("A senior reviewer notes the absence of another."))
    stands = _reviewer(stand_in, "stand_in").user_id
    # Locked in the order of the persons, so that two notes at once cannot cross each other.
    people = selectors.locked_people({away, stands})
    wrong = _wrong_days(first_day, last_day, at)
    if stands == away:
        wrong["stand_in"] = [_("must be another reviewer")]
    elif selectors.overlapping_absence(stands, first_day, last_day) is not None:
        wrong["stand_in"] = [_("is away on some of these days")]
    if wrong:
        raise Malformed(fields=wrong)
    if selectors.overlapping_absence(away, first_day, last_day) is not None:
        raise Conflict(_("Some of these days are in another absence already; cancel that first."))
    row = Absence.objects.create(
        reviewer=people[away],
        stand_in=people[stands],
        first_day=first_day,
        last_day=last_day,
        note=note.strip(),
        noted_by_id=signer(actor),
        noted_at=at,
    )
    detail = {
        "reviewer": away,
        "stand_in": stands,
        "first_day": first_day.isoformat(),
        "last_day": last_day.isoformat(),
    }
    record("absence", row.pk, "note", after=row.state, actor=actor, at=at, detail=detail)
    return row


@service(may="review")
def cancel_absence(*, absence_id: UUID, actor: Member, at: datetime) -> Absence:
    """Cancel an absence: the reviewer is there after all, from now on.

    Raises:
        Forbidden: it is another's, and the actor is no senior reviewer.
        IllegalTransition: it was cancelled already.
    """
    row = selectors.locked_absence(absence_id)
    if row.reviewer_id != actor.user_id and why_not(actor, "reassign"):
        raise Forbidden(_("A senior reviewer cancels the absence of another."))
    return ABSENCE.move(row, "cancel", actor=actor, at=at)


def require_case(review: Review, actor: Member, at: datetime) -> None:
    """Refuse unless the case is the actor's, nobody's, or one that the actor stands in for.

    Raises:
        CaseOfAnother: it is not.
    """
    if review.assigned_id in (None, actor.user_id):
        return
    if not selectors.has_case(actor.user_id, review, selectors.stand_ins(at)):
        raise CaseOfAnother(_("%(name)s has it.") % {"name": review.assigned})


def write_note(
    review: Review, audience: str, text: str, actor: Member, at: datetime, by: int | None = None
) -> ReviewNote:
    """Keep a note; its event says for whom it is and what its hash is, and not what it says.

    `by` is who wrote it, where that is not the actor.
    """
    row = ReviewNote.objects.create(
        review=review, audience=audience, text=text.strip(), by_id=by or signer(actor), at=at
    )
    hashed = sha256(row.text.encode()).hexdigest()
    detail = {"note": row.pk, "audience": audience, "sha256": hashed}
    record("review", review.pk, f"note_{audience}", actor=actor, at=at, detail=detail)
    return row


def _open_review(review_id: UUID) -> Review:
    review = selectors.locked_review(review_id)
    if review.state not in OPEN_REVIEW:
        raise Conflict(_("This review is decided or closed; nobody has to look at it any more."))
    return review


def _hand(review: Review, to: UUID, reason: str, verb: str, actor: Member, at: datetime) -> Review:
    if not reason.strip():
        raise Malformed(fields={"reason": [_("is needed")]})
    person = _reviewer(to, "to")
    _require_fit(review, person.user_id, "to")
    absence = selectors.absence_today(person.user_id, at)
    if absence is not None:
        said = _("is away until %(day)s; %(name)s stands in")
        told = said % {"day": absence.last_day.isoformat(), "name": absence.stand_in}
        raise Malformed(fields={"to": [told]})
    return _give(review, person.user_id, verb, reason, actor, at)


def _require_fit(review: Review, user_id: int, field: str) -> None:
    """Refuse whoever could not decide on the case at its present stage.

    Raises:
        Malformed: the field says why.
    """
    if review.state == ReviewState.PROPOSED and review.maker_id == user_id:
        raise Malformed(fields={field: [_("proposed it, and cannot confirm it")]})
    if selectors.has_interest(user_id, review.version):
        raise Malformed(fields={field: [_("belongs, or belonged, to a party to it")]})


def _reviewer(membership_id: UUID, field: str) -> Membership:
    found = selectors.reviewer_by(membership_id)
    if found is None:
        raise Malformed(fields={field: [_("is no reviewer of the venue")]})
    return found


def _give(
    review: Review, user_id: int, verb: str, reason: str, actor: Member, at: datetime
) -> Review:
    before = review.assigned_id
    Review.objects.filter(pk=review.pk).update(assigned=user_id, assigned_at=at)
    review.assigned_id, review.assigned_at = user_id, at
    detail = {"from": before, "to": user_id}
    record("review", review.pk, verb, actor=actor, at=at, reason=reason.strip(), detail=detail)
    return review


def _wrong_days(first_day: date, last_day: date, at: datetime) -> dict[str, list[str]]:
    if last_day < first_day:
        return {"last_day": [_("must not be before the first day")]}
    if last_day < selectors.today(at):
        return {"last_day": [_("is past")]}
    if (last_day - first_day).days >= LONGEST_DAYS:
        return {"last_day": [_("must be within %(n)d days") % {"n": LONGEST_DAYS}]}
    return {}
