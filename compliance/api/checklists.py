"""Endpoints of checklists and their trials. Invariant: each calls one function."""

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
    "POST",
    "checklists/<uuid:checklist_id>/copy",
    summary="Draft a checklist from another (venue)",
    request=serializers.CopyIn,
    response=serializers.ChecklistOut,
    status=201,
)
def copy_checklist(request: Any, body: dict[str, Any], checklist_id: UUID) -> Any:
    """Draft a list with the items of another, under a code of its own."""
    return services.copy_checklist(
        checklist_id=checklist_id, **body, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    "checklists/import",
    summary="Take over another venue's checklist (venue)",
    request=serializers.ImportIn,
    response=serializers.ChecklistOut,
    status=201,
)
def import_checklist(request: Any, body: dict[str, Any]) -> Any:
    """Draft a list from a signed document, once its seal and all its examples hold.

    A refusal has `problems`, each with line (of the document indented by two spaces), field and
    reason.
    """
    text = selectors.exported_text(body.pop("document"))
    return services.import_checklist(text=text, **body, actor=request.member, at=request.at)


@endpoint(
    "GET",
    "checklists/<uuid:checklist_id>/export",
    summary="A checklist as a signed document",
    response=serializers.SealedOut,
    may_anonymous=True,
)
def export_checklist(request: Any, body: Any, checklist_id: UUID) -> Any:
    """Return a list signed with the venue's key (Ed25519 over RFC 8785 canonical JSON)."""
    return selectors.exported_checklist(checklist_id, request.member, request.at)


@endpoint(
    "GET",
    "checklists/<uuid:checklist_id>/differences/<uuid:other_id>",
    summary="What one checklist says otherwise than another",
    response=serializers.DifferencesOut,
    may_anonymous=True,
)
def compare_checklists(request: Any, body: Any, checklist_id: UUID, other_id: UUID) -> Any:
    """Return which items were added, removed and changed since the other list."""
    return selectors.differences(checklist_id, other_id, request.member)


@endpoint(
    "PUT",
    "checklists/<uuid:checklist_id>/items/<str:item_code>",
    summary="Write one item of a draft checklist (venue)",
    request=serializers.ItemIn,
    response=serializers.ChecklistOut,
)
def save_item(request: Any, body: dict[str, Any], checklist_id: UUID, item_code: str) -> Any:
    """Write one item in place of what was read, or as a new one."""
    return services.save_item(
        checklist_id=checklist_id,
        item_code=item_code,
        **body,
        actor=request.member,
        at=request.at,
    )


@endpoint(
    "POST",
    "checklists/<uuid:checklist_id>/items/<str:item_code>/remove",
    summary="Take one item out of a draft checklist (venue)",
    request=serializers.SeenIn,
    response=serializers.ChecklistOut,
)
def remove_item(request: Any, body: dict[str, Any], checklist_id: UUID, item_code: str) -> Any:
    """Take one item out of a draft."""
    return services.remove_item(
        checklist_id=checklist_id,
        item_code=item_code,
        **body,
        actor=request.member,
        at=request.at,
    )


@endpoint(
    "POST",
    "checklists/<uuid:checklist_id>/check-item",
    summary="Check an item while it is written (venue)",
    request=serializers.CheckItemIn,
    response=serializers.ItemCheckOut,
)
def check_item(request: Any, body: dict[str, Any], checklist_id: UUID) -> Any:
    """Say what is wrong with an item, run its examples, and try it on a version."""
    return selectors.check_item(checklist_id, **body, reader=request.member, at=request.at)


@endpoint(
    "PUT",
    "checklists/<uuid:checklist_id>/evidence/<str:key>",
    summary="Write a kind of evidence of a draft checklist (venue)",
    request=serializers.EvidenceKindIn,
    response=serializers.ChecklistOut,
)
def save_evidence_kind(request: Any, body: dict[str, Any], checklist_id: UUID, key: str) -> Any:
    """Word a kind of evidence that lifts of the list may name."""
    return services.save_evidence_kind(
        checklist_id=checklist_id, key=key, **body, actor=request.member, at=request.at
    )


@endpoint(
    "GET",
    "checklists/<uuid:checklist_id>/trials",
    summary="Trials of a checklist (venue)",
    response=serializers.TrialOut,
    many=True,
)
def list_trials(request: Any, body: Any, checklist_id: UUID) -> Any:
    """List the runs of a list over the catalogue, and how far each is."""
    rows = selectors.trials(checklist_id, request.member)
    return page_of(rows, request, key=("-at", "-id"))


@endpoint(
    "POST",
    "checklists/<uuid:checklist_id>/trials",
    summary="Run a checklist on trial once more (venue)",
    response=serializers.TrialOut,
    status=201,
)
def begin_trial(request: Any, body: Any, checklist_id: UUID) -> Any:
    """Run a list on trial over the catalogue as it is now."""
    return services.begin_trial(checklist_id=checklist_id, actor=request.member, at=request.at)


@endpoint(
    "GET",
    "checklists/<uuid:checklist_id>/trials/<uuid:trial_id>",
    summary="One trial of a checklist (venue)",
    response=serializers.TrialOut,
)
def read_trial(request: Any, body: Any, checklist_id: UUID, trial_id: UUID) -> Any:
    """Return how far a trial is, and what it would change."""
    return selectors.readable_trial(checklist_id, trial_id, request.member)


@endpoint(
    "GET",
    "checklists/<uuid:checklist_id>/trials/<uuid:trial_id>/findings",
    summary="What a trial found (venue)",
    response=serializers.TrialFindingOut,
    many=True,
)
def list_trial_findings(request: Any, body: Any, checklist_id: UUID, trial_id: UUID) -> Any:
    """List, version by version, what would newly be blocked and what freed."""
    rows = selectors.trial_findings(checklist_id, trial_id, request.member)
    return page_of(rows, request, key=("id",))


@endpoint(
    "POST",
    "checklists/<uuid:checklist_id>/trials/<uuid:trial_id>/interrupt",
    summary="Interrupt a trial (venue)",
    response=serializers.TrialOut,
)
def interrupt_trial(request: Any, body: Any, checklist_id: UUID, trial_id: UUID) -> Any:
    """Stop a trial behind the batch that runs."""
    return services.interrupt_trial(
        checklist_id=checklist_id, trial_id=trial_id, actor=request.member, at=request.at
    )


@endpoint(
    "POST",
    "checklists/<uuid:checklist_id>/trials/<uuid:trial_id>/resume",
    summary="Resume a trial (venue)",
    response=serializers.TrialOut,
)
def resume_trial(request: Any, body: Any, checklist_id: UUID, trial_id: UUID) -> Any:
    """Let an interrupted trial go on where it stopped."""
    return services.resume_trial(
        checklist_id=checklist_id, trial_id=trial_id, actor=request.member, at=request.at
    )
