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
    response=serializers.QueuedReviewOut,
    many=True,
)
def list_reviews(request: Any, body: Any) -> Any:
    """List the versions that wait for a decision, the riskiest first."""
    rows = selectors.review_queue(request.member)
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
