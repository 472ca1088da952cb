"""Endpoints of checklists. Invariant: each calls one function."""

from typing import Any
from uuid import UUID

from compliance import selectors, serializers, services
from core.api import endpoint, page_of


@endpoint(
    "GET",
    "checklists/in-force",
    summary="The checklist in force",
    response=serializers.ChecklistOut,
    may_anonymous=True,
)
def read_checklist_in_force(request: Any, body: Any) -> Any:
    """Return the list that every listing and every order is judged by now."""
    return selectors.checklist_in_force(request.at)


@endpoint(
    "GET",
    "checklists",
    summary="Checklists",
    response=serializers.ChecklistLineOut,
    many=True,
    may_anonymous=True,
)
def list_checklists(request: Any, body: Any) -> Any:
    """List the lists that are, were or will be binding; for authors drafts and trials too."""
    return page_of(selectors.readable_checklists(request.member), request)


@endpoint(
    "GET",
    "checklists/<uuid:checklist_id>",
    summary="One checklist with its items",
    response=serializers.ChecklistOut,
    may_anonymous=True,
)
def read_checklist(request: Any, body: Any, checklist_id: UUID) -> Any:
    """Return a list with all its items."""
    return selectors.readable_checklist(checklist_id, request.member)


@endpoint(
    "POST",
    "checklists",
    summary="Draft a checklist (venue)",
    request=serializers.ChecklistIn,
    response=serializers.ChecklistOut,
    status=201,
)
def draft_checklist(request: Any, body: dict[str, Any]) -> Any:
    """Draft a list from a document; its examples are tried before its trial."""
    return services.draft_checklist(**body, actor=request.member, at=request.at)


@endpoint(
    "PUT",
    "checklists/<uuid:checklist_id>",
    summary="Save a draft checklist (venue)",
    request=serializers.ChecklistIn,
    response=serializers.ChecklistOut,
)
def save_checklist(request: Any, body: dict[str, Any], checklist_id: UUID) -> Any:
    """Replace the items of a draft."""
    return services.save_checklist(
        checklist_id=checklist_id, **body, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    "checklists/<uuid:checklist_id>/try",
    summary="Try a checklist (venue)",
    response=serializers.ChecklistLineOut,
)
def try_checklist(request: Any, body: Any, checklist_id: UUID) -> Any:
    """Validate a draft with all its examples; the trial over the live catalogue follows."""
    return services.try_checklist(checklist_id=checklist_id, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "checklists/<uuid:checklist_id>/revise",
    summary="Take a checklist back into draft (venue)",
    response=serializers.ChecklistLineOut,
)
def revise_checklist(request: Any, body: Any, checklist_id: UUID) -> Any:
    """Take a list from its trial back into draft."""
    return services.revise_checklist(checklist_id=checklist_id, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "checklists/<uuid:checklist_id>/schedule",
    summary="Schedule a checklist (venue)",
    request=serializers.ScheduleIn,
    response=serializers.ChecklistLineOut,
)
def schedule_checklist(request: Any, body: dict[str, Any], checklist_id: UUID) -> Any:
    """Set when a list that was tried takes force; its author cannot."""
    return services.schedule_checklist(
        checklist_id=checklist_id, **body, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    "checklists/<uuid:checklist_id>/recall",
    summary="Recall a scheduled checklist (venue)",
    response=serializers.ChecklistLineOut,
)
def recall_checklist(request: Any, body: Any, checklist_id: UUID) -> Any:
    """Take a scheduled list back before it takes force; another is drafted in its place."""
    return services.recall_checklist(checklist_id=checklist_id, actor=request.member, at=request.at)


@endpoint(
    "GET",
    "checklists/<uuid:checklist_id>/trials",
    summary="Trials of a checklist (venue)",
    response=serializers.TrialOut,
    many=True,
)
def list_trials(request: Any, body: Any, checklist_id: UUID) -> Any:
    """List what a list would newly say of the live catalogue, run by run."""
    rows = selectors.trials(checklist_id, request.member)
    return page_of(rows, request, key=("-at", "-id"))
