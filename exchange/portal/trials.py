"""The pages of a trial: how far it is, and what a list would change, item by item."""

from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from compliance import services
from compliance.models import Trial, TrialFinding
from compliance.rules import finding_from_document
from compliance.selectors import (
    compiled,
    finding_texts,
    readable_checklist,
    readable_trial,
    trial_findings,
    trial_items,
)
from exchange.portal import look
from exchange.portal.edge import act, keyset, language, page, said, show
from exchange.portal.pages.author import FoundRow, ItemTrialRow, TrialPage
from exchange.portal.pieces import Action, FactValue, Link, Progress

_STATES = {
    "RUNNING": "running",
    "INTERRUPTED": "cancelled",
    "FINISHED": "done",
    "FAILED": "failed",
    "ABANDONED": "cancelled",
}


def item_url(base: str, code: str) -> str:
    """Return where an item of the list at `base` is."""
    return f"{base}/items/{quote(code, safe='')}"


@page()
def trial(request: Any, checklist_id: UUID, trial_id: UUID) -> HttpResponse:
    """Show what a list would newly block and what it would free, with the versions."""
    member = request.member
    found = readable_trial(checklist_id, trial_id, member)
    checklist = readable_checklist(checklist_id, member)
    base = f"/checklists/{checklist_id}"
    here = f"{base}/trials/{trial_id}"
    chosen = request.GET.get("item", "")[:40]
    # A NUL is in no item's code, and the database would not take it.
    chosen = "" if "\0" in chosen else chosen
    rows = trial_findings(checklist_id, trial_id, member)
    if chosen:
        rows = rows.filter(item=chosen)
    versions, more = keyset(rows, request, ("-blocks", "-freed", "id"))
    titles = {
        item["code"]: said(item["title_zh"], item["title_en"]) for item in _items(checklist, found)
    }
    query = ({"item": chosen} if chosen else {}) | {"after": more}
    shown = TrialPage(
        checklist=Link(checklist.code, base),
        state=found.state,
        at=found.at,
        progress=progress_of(found, base),
        blocked_count=found.blocked_count,
        freed_count=found.freed_count,
        against=Link(found.against.code, f"/checklists/{found.against_id}")
        if found.against
        else None,
        items=tuple(
            ItemTrialRow(
                item=one.item,
                title=titles.get(one.item, ""),
                url=f"{here}?{urlencode({'item': one.item})}#versions",
                item_url=item_url(base, one.item),
                blocked_count=one.blocked_count,
                freed_count=one.freed_count,
                noted_count=one.noted_count,
                chosen=one.item == chosen,
            )
            for one in trial_items(found)
        ),
        rows=tuple(_found(row, checklist, found) for row in versions),
        actions=_actions(found, base),
        fault=found.fault,
        chosen=chosen,
        all_url=here if chosen else "",
        more_url=f"{here}?{urlencode(query)}" if more else "",
    )
    return show(request, "trial.html", shown)


@page()
def progress(request: Any, checklist_id: UUID, trial_id: UUID) -> HttpResponse:
    """Return the bar alone, as the page renews it; at the end the whole page is renewed."""
    found = readable_trial(checklist_id, trial_id, request.member)
    bar = progress_of(found, f"/checklists/{checklist_id}")
    response = render(request, "parts/_progress.html", {"progress": bar})
    if bar.state != "running":
        response["HX-Refresh"] = "true"
    return response


@page(methods=("POST",))
def begin(request: Any, checklist_id: UUID) -> HttpResponse:
    """Run a list on trial once more over the catalogue as it is now."""
    return act(
        request,
        lambda: services.begin_trial(
            checklist_id=checklist_id, actor=request.member, at=request.at
        ),
        f"/checklists/{checklist_id}",
    )


@page(methods=("POST",))
def act_on_trial(request: Any, checklist_id: UUID, trial_id: UUID, verb: str) -> HttpResponse:
    """Interrupt a trial, or let it go on."""
    done = {"interrupt": services.interrupt_trial, "resume": services.resume_trial}[verb]
    return act(
        request,
        lambda: done(
            checklist_id=checklist_id, trial_id=trial_id, actor=request.member, at=request.at
        ),
        f"/checklists/{checklist_id}/trials/{trial_id}",
    )


def progress_of(trial: Trial, base: str) -> Progress:
    """Return how far a trial is, with its rate as it was until the last batch."""
    state = _STATES[trial.state]
    rate = left = None
    done = trial.versions_count
    if trial.worked_at is not None and done:
        seconds = max((trial.worked_at - trial.at).total_seconds(), 1)
        rate = max(int(done / seconds), 1)
        left = max(trial.total_count - done, 0) // rate
    cancel = look.button("trial", "interrupt", f"{base}/trials/{trial.pk}/interrupt")
    return Progress(
        label=_("Trial over the catalogue"),
        state=state,
        done=done,
        total=max(trial.total_count, done),
        url=f"{base}/trials/{trial.pk}/progress",
        per_second=rate,
        seconds_left=left,
        cancel=cancel if state == "running" else None,
        reason=look.coded("trial_fault", trial.fault) or "",
    )


def _items(checklist: Any, trial: Trial) -> list[dict[str, Any]]:
    former = trial.against.items["items"] if trial.against else []
    return [*former, *checklist.items["items"]]


def _found(row: TrialFinding, checklist: Any, trial: Trial) -> FoundRow:
    version = row.version
    # What would be freed speaks in the words of the list in force.
    spoken_by = trial.against if row.freed and trial.against else checklist
    told = finding_texts([finding_from_document(row.finding)], compiled(spoken_by), language())[0]
    return FoundRow(
        title=said(version.title_zh, version.title_en),
        url=f"/versions/{version.pk}",
        code=version.product.code,
        number=version.number,
        item=row.item,
        effect="blocked" if row.blocks else "freed" if row.freed else "noted",
        severity=told.severity,
        facts=tuple(FactValue(one.name, one.value, one.origin) for one in told.facts),
    )


def _actions(trial: Trial, base: str) -> tuple[Action, ...]:
    if trial.state == "INTERRUPTED":
        resume = look.button("trial", "resume", f"{base}/trials/{trial.pk}/resume", primary=True)
        return (resume,)
    return ()
