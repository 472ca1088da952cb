"""Endpoints of findings, reviews and clearances. Invariant: each calls one function."""

from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from compliance import selectors, serializers, services
from compliance.facts import json_schema
from core.api import endpoint, page_of


@endpoint(
    "GET",
    "facts-schema",
    summary="The facts that checklist items look at",
    may_anonymous=True,
)
def read_facts_schema(request: Any, body: Any) -> Any:
    """Return the JSON Schema of facts: meaning, who supplies each, what null means."""
    return json_schema()


@endpoint(
    "GET",
    "versions/<uuid:version_id>/findings",
    summary="What stands in the way of a version",
    response=serializers.VersionFindingsOut,
)
def read_findings(request: Any, body: Any, version_id: UUID) -> Any:
    """Return the findings of the last screening; of a draft those it would have now."""
    return selectors.version_findings(
        version_id, reader=request.member, at=request.at, language=get_language() or "en"
    )


@endpoint(
    "GET",
    "reviews",
    summary="The review queue (venue)",
    query=serializers.QueueIn,
    response=serializers.QueuedReviewOut,
    many=True,
)
def list_reviews(request: Any, body: Any) -> Any:
    """List the versions that wait for a decision, or those of a view, the riskiest first."""
    rows = selectors.desk_queue(request.member, request.at, body["view"])
    return page_of(rows, request, key=selectors.QUEUE_ORDER)


@endpoint(
    "GET",
    "reviews/<uuid:review_id>",
    summary="One review (venue)",
    response=serializers.ReviewPageOut,
)
def read_review(request: Any, body: Any, review_id: UUID) -> Any:
    """Return everything that two reviewers need to decide."""
    return selectors.review_page(
        review_id, reader=request.member, at=request.at, language=get_language() or "en"
    )


@endpoint(
    "GET",
    "desk",
    summary="How the review desk stands (venue)",
    response=serializers.DeskPageOut,
)
def read_desk(request: Any, body: Any) -> Any:
    """Return how much each view of the queue holds, who reviews, and who is away."""
    return selectors.desk_page(request.member, request.at)


@endpoint(
    "POST",
    "reviews/<uuid:review_id>/take",
    summary="Take a case (venue)",
    response=serializers.ReviewOut,
)
def take_review(request: Any, body: Any, review_id: UUID) -> Any:
    """Take a case that nobody has, or one of a reviewer whom you stand in for."""
    return services.take_review(review_id=review_id, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "reviews/<uuid:review_id>/delegate",
    summary="Hand a case to a colleague (venue)",
    request=serializers.HandingIn,
    response=serializers.ReviewOut,
)
def delegate_review(request: Any, body: dict[str, Any], review_id: UUID) -> Any:
    """Hand a case that is yours, or nobody's, to a colleague who is there."""
    return services.delegate_review(
        review_id=review_id, **body, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    "reviews/<uuid:review_id>/reassign",
    summary="Give a case to another reviewer (venue)",
    request=serializers.HandingIn,
    response=serializers.ReviewOut,
)
def reassign_review(request: Any, body: dict[str, Any], review_id: UUID) -> Any:
    """Give a case to another reviewer, whoever has it; a senior reviewer does."""
    return services.reassign_review(
        review_id=review_id, **body, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    "reviews/<uuid:review_id>/notes",
    summary="Write a note beside a review (venue)",
    request=serializers.NoteIn,
    response=serializers.ReviewNoteOut,
    status=201,
)
def note_review(request: Any, body: dict[str, Any], review_id: UUID) -> Any:
    """Write a note for the venue alone, or for the vendor too."""
    return services.note_review(review_id=review_id, **body, actor=request.member, at=request.at)


@endpoint(
    "GET",
    "versions/<uuid:version_id>/notes",
    summary="What reviewers wrote to the vendor",
    response=serializers.NoteOut,
    many=True,
)
def list_version_notes(request: Any, body: Any, version_id: UUID) -> Any:
    """List what reviewers wrote to the vendor of a version, the latest first."""
    rows = selectors.notes_to_vendor(version_id, request.member)
    return page_of(rows, request, key=("-at", "-id"))


@endpoint(
    "POST",
    "absences",
    summary="Note an absence (venue)",
    request=serializers.AbsenceIn,
    response=serializers.AbsenceOut,
    status=201,
)
def note_absence(request: Any, body: dict[str, Any]) -> Any:
    """Note on which days you are away, and who stands in; a senior reviewer may for others."""
    return services.note_absence(**body, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "absences/<uuid:absence_id>/cancel",
    summary="Cancel an absence (venue)",
    response=serializers.AbsenceOut,
)
def cancel_absence(request: Any, body: Any, absence_id: UUID) -> Any:
    """Cancel an absence: the reviewer is there after all."""
    return services.cancel_absence(absence_id=absence_id, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "reviews/<uuid:review_id>/propose",
    summary="Propose a decision (venue)",
    request=serializers.ProposalIn,
    response=serializers.ReviewOut,
)
def propose_review(request: Any, body: dict[str, Any], review_id: UUID) -> Any:
    """Propose to approve, refuse or return a version; a colleague has to confirm."""
    return services.propose_review(review_id=review_id, **body, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "reviews/<uuid:review_id>/confirm",
    summary="Confirm a proposal (venue)",
    response=serializers.ReviewOut,
)
def confirm_review(request: Any, body: Any, review_id: UUID) -> Any:
    """Confirm a colleague's proposal; an approval lists and clears the version at once."""
    return services.confirm_review(review_id=review_id, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "reviews/<uuid:review_id>/reject",
    summary="Reject a proposal (venue)",
    request=serializers.CompulsoryReasonIn,
    response=serializers.ReviewOut,
)
def reject_review(request: Any, body: dict[str, Any], review_id: UUID) -> Any:
    """Send a version back into the queue; it is screened again as it is now."""
    return services.reject_review(review_id=review_id, **body, actor=request.member, at=request.at)


@endpoint(
    "GET",
    "versions/<uuid:version_id>/clearance",
    summary="Whether a version may be traded, and what says so",
    response=serializers.ClearancePageOut,
    may_anonymous=True,
)
def read_clearance(request: Any, body: Any, version_id: UUID) -> Any:
    """Return the clearance of a version that is or was on the market."""
    return selectors.public_clearance(version_id, request.at)


@endpoint(
    "GET",
    "clearances",
    summary="Clearances of your products",
    response=serializers.ClearanceOut,
    many=True,
)
def list_clearances(request: Any, body: Any) -> Any:
    """List the clearances of what you offer or supply, newest first."""
    rows = selectors.readable_clearances(request.member)
    return page_of(rows, request, key=("-valid_from", "-id"))


@endpoint(
    "POST",
    "clearances/<uuid:clearance_id>/suspend",
    summary="Suspend or end a clearance (venue)",
    request=serializers.SuspensionIn,
    response=serializers.ClearanceOut,
)
def suspend_clearance(request: Any, body: dict[str, Any], clearance_id: UUID) -> Any:
    """Take a clearance away on a ground: `venue` suspends it, the graver ones end it."""
    return services.suspend_clearance(
        clearance_id=clearance_id, **body, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    "clearances/<uuid:clearance_id>/resume",
    summary="Resume a clearance (venue)",
    request=serializers.CompulsoryReasonIn,
    response=serializers.ClearanceOut,
)
def resume_clearance(request: Any, body: dict[str, Any], clearance_id: UUID) -> Any:
    """Put a suspended clearance back into force, if all else that it rests on stands."""
    return services.resume_clearance(
        clearance_id=clearance_id, **body, actor=request.member, at=request.at
    )
