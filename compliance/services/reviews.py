"""Review by maker and checker. Invariant: two disinterested people decide, on findings as they are.

An approval runs the list once more: what changed since the proposal is not approved by it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from compliance import selectors
from compliance.errors import (
    FindingsChanged,
    NoDeclaration,
    NotCleared,
    SeniorNeeded,
)
from compliance.models import ChecklistVersion, Clearance, Review
from compliance.rules import BLOCKING, verdict
from compliance.selectors import Judged
from compliance.services.clearances import fall, grant
from compliance.services.desk import require_case, write_note
from compliance.services.screening import record_decisions, refresh_review
from compliance.states import REVIEW, ChecklistState, ClearanceState
from core.actors import Member
from core.errors import Conflict, FourEyes, Malformed
from core.service import service
from listings import selectors as listed
from listings import services as listings
from listings.models import Version
from listings.states import VersionState

PROPOSALS = ("approve", "refuse", "return")


@service(may="review")
def propose_review(
    *,
    review_id: UUID,
    proposal: str,
    note: str,
    answers: Sequence[Mapping[str, Any]] = (),
    internal_note: str = "",
    actor: Member,
    at: datetime,
) -> Review:
    """Propose to approve, refuse or return a version, with a note to its vendor.

    `answers` are to the questions that only a person can answer: `item`, `yes` and `note` of each.
    `internal_note` is for the venue alone. The vendor reads `note` once a colleague confirms it.

    Raises:
        Malformed: there is no such proposal, no note to say why not, or no such question.
        NotCleared: what the checklist blocks, or a question that is not answered yes, cannot be
            approved.
        InterestedParty: the actor belongs, or belonged, to a party to it.
        CaseOfAnother: another reviewer has the case.
        Conflict: a version on the market cannot be returned for changes.
        IllegalTransition: it was proposed or decided already.
    """
    if proposal not in PROPOSALS:
        allowed = ", ".join(PROPOSALS)
        raise Malformed(fields={"proposal": [_("must be among %(p)s") % {"p": allowed}]})
    if proposal != "approve" and not note.strip():
        raise Malformed(fields={"note": [_("say what the vendor has to know")]})
    review = selectors.locked_review(review_id)
    selectors.require_disinterested(actor, review.version)
    require_case(review, actor, at)
    if proposal == "return" and review.version.state != VersionState.IN_REVIEW:
        raise Conflict(_("A version on the market cannot be changed; refuse it, or approve it."))
    if proposal == "approve" and review.decision.verdict in BLOCKING:
        raise NotCleared(
            verdict=review.decision.verdict, findings=selectors.decision_told(review.decision)
        )
    said = _answers(review, answers, at)
    open_questions = selectors.attestation_findings(review.decision, said, at)
    if proposal == "approve" and verdict(open_questions) in BLOCKING:
        checklist = selectors.compiled(review.decision.checklist)
        findings = selectors.told(open_questions, checklist)
        raise NotCleared(verdict=verdict(open_questions), findings=findings)
    if internal_note.strip():
        write_note(review, "venue", internal_note, actor, at)
    return REVIEW.move(
        review,
        "propose",
        actor=actor,
        at=at,
        reason=note,
        detail={"proposal": proposal},
        proposal=proposal,
        note=note,
        answers=said,
        maker_id=actor.user_id,
        maker_senior="senior_reviewer" in actor.roles,
        proposed_at=at,
        # It waits for any colleague now, unless the maker hands it to one.
        assigned_id=None,
        assigned_at=None,
    )


@service(may="review")
def confirm_review(*, review_id: UUID, actor: Member, at: datetime) -> Review:
    """Confirm a colleague's proposal; it takes effect at once, in this transaction.

    Raises:
        FourEyes: the actor proposed it.
        InterestedParty: the actor belongs, or belonged, to a party to it.
        CaseOfAnother: another reviewer has the case.
        SeniorNeeded: a caution needs a senior reviewer among the two.
        NotCleared, FindingsChanged: the checklist now says something else.
        NoDeclaration: no declaration is in force for exactly this content.
        IllegalTransition: it is not proposed, or a colleague was first.
    """
    review = selectors.locked_review(review_id)
    REVIEW.after(review.state, "confirm")
    if review.maker_id == actor.user_id:
        raise FourEyes
    version = listed.locked_version(review.version_id)
    selectors.require_disinterested(actor, version)
    require_case(review, actor, at)
    senior = "senior_reviewer" in actor.roles
    result = _as_it_is(review, version, at) if review.proposal == "approve" else None
    needs_senior = review.needs_senior or (result is not None and result.verdict == "caution")
    if result is not None and needs_senior and not (senior or review.maker_senior):
        raise SeniorNeeded
    REVIEW.move(
        review,
        "confirm",
        actor=actor,
        at=at,
        reason=review.note,
        detail={"proposal": review.proposal},
        checker_id=actor.user_id,
        checker_senior=senior,
        decided_at=at,
        needs_senior=needs_senior,
    )
    _tell_vendor(review, actor, at)
    if result is not None:
        _approve(review, version, result, actor=actor, at=at)
    elif version.state == VersionState.IN_REVIEW:
        # A version on the market that is refused a further clearance keeps the one it has.
        leave = listings.refuse_version if review.proposal == "refuse" else listings.return_version
        leave(version_id=version.pk, reason=review.note, actor=actor, at=at)
    return review


@service(may="review")
def reject_review(*, review_id: UUID, reason: str, actor: Member, at: datetime) -> Review:
    """Reject a proposal: the version goes back into the queue, screened as it is now.

    The maker may take a proposal back in the same way.

    Raises:
        Malformed: no reason is given.
        InterestedParty: the actor belongs, or belonged, to a party to it.
        CaseOfAnother: another reviewer has the case, and the actor did not propose it.
        IllegalTransition: it is not proposed.
    """
    if not reason.strip():
        raise Malformed(fields={"reason": [_("is needed")]})
    review = selectors.locked_review(review_id)
    selectors.require_disinterested(actor, review.version)
    if review.maker_id != actor.user_id:
        require_case(review, actor, at)
    REVIEW.move(
        review,
        "reject",
        actor=actor,
        at=at,
        reason=reason,
        proposal="",
        note="",
        answers={},
        maker_id=None,
        maker_senior=False,
        proposed_at=None,
        assigned_id=None,
        assigned_at=None,
    )
    checklist = _list_for(review, at)
    result = selectors.judged([review.version_id], checklist, at)[review.version_id]
    decisions = record_decisions(
        [result], kind="listing", actor=actor, at=at, previous=review.decision
    )
    refresh_review(review, result, decisions[review.version_id])
    return review


@service(may="review")
def close_reviews(*, version_ids: list[UUID], actor: Member, at: datetime) -> list[UUID]:
    """Close the open reviews of versions that left review or the market by another way."""
    rows = Review.objects.filter(version__in=version_ids).exclude(
        version__state__in=[VersionState.IN_REVIEW, VersionState.LISTED, VersionState.SUSPENDED]
    )
    return REVIEW.move_all(rows, "close", actor=actor, at=at)


def _tell_vendor(review: Review, actor: Member, at: datetime) -> None:
    """Write the maker's note where the vendor reads it, now that two have decided on it."""
    if review.note.strip():
        write_note(review, "vendor", review.note, actor, at, by=review.maker_id)


def _approve(
    review: Review, version: Version, result: Judged, *, actor: Member, at: datetime
) -> None:
    declaration = selectors.locked_standing_declaration(version, at)
    if declaration is None:
        raise NoDeclaration(content_hash=version.content_hash)
    decision = record_decisions(
        [result], kind="review", actor=actor, at=at, previous=review.decision
    )[version.pk]
    if version.state == VersionState.IN_REVIEW:
        left = list(
            Version.objects.filter(
                product=version.product_id,
                state__in=[VersionState.LISTED, VersionState.SUSPENDED],
            ).values_list("pk", flat=True)
        )
        listings.list_version(version_id=version.pk, actor=actor, at=at)
        rows = selectors.open_clearances().filter(version__in=left)
        fall(rows, "delisted", actor=actor, at=at)
    elif version.state == VersionState.SUSPENDED:
        listings.resume_version(version_id=version.pk, reason=review.note, actor=actor, at=at)
    former = _live(version)
    grant(result, decision, declaration, former=former, actor=actor, at=at)


def _as_it_is(review: Review, version: Version, at: datetime) -> Judged:
    """Run the list over the version as it stands now, with what it rests on locked.

    Raises:
        NotCleared: something stands in the way.
        FindingsChanged: an item speaks that did not when it was proposed.
    """
    selectors.lock_what_it_rests_on(version)
    judged = selectors.judged([version.pk], _list_for(review, at), at)[version.pk]
    result = selectors.answered(judged, review.answers, at)
    findings = selectors.told(result.findings, result.checklist)
    if result.blocked:
        raise NotCleared(verdict=result.verdict, findings=findings)
    proposed_on = {finding["code"] for finding in review.decision.findings}
    if not result.codes <= proposed_on:
        raise FindingsChanged(findings=findings)
    return result


def _answers(
    review: Review, answers: Sequence[Mapping[str, Any]], at: datetime
) -> dict[str, dict[str, Any]]:
    """Return answers as they are kept: code of the question → yes and note.

    Raises:
        Malformed: a question is not asked of this version, is answered twice, or without a note.
    """
    asked = {one.code for one in selectors.attestation_findings(review.decision, {}, at)}
    wrong: dict[str, list[str]] = {}
    said: dict[str, dict[str, Any]] = {}
    for answer in answers:
        code, note = answer["item"], answer["note"].strip()
        if code not in asked:
            wrong.setdefault(code, []).append(_("is not asked of this version"))
        if code in said:
            wrong.setdefault(code, []).append(_("is answered twice"))
        if not note:
            wrong.setdefault(code, []).append(_("say in the note what you looked at"))
        said[code] = {"yes": answer["yes"], "note": note}
    if wrong:
        raise Malformed(fields=wrong)
    return said


def _list_for(review: Review, at: datetime) -> ChecklistVersion:
    """Return the list to decide by: the scheduled one if the review is about what it will bring."""
    checklist = review.decision.checklist
    scheduled = checklist.state == ChecklistState.SCHEDULED
    if scheduled and _live(review.version) is not None:
        return checklist
    return selectors.checklist_in_force(at)


def _live(version: Version) -> Clearance | None:
    return Clearance.objects.filter(version=version, state=ClearanceState.LIVE).first()
