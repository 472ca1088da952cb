"""The pages of checklists: their versions, one list with its life, what differs between two."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from compliance import services
from compliance.errors import ChecklistExamplesFail, ChecklistNotValid
from compliance.models import ChecklistVersion
from compliance.selectors import (
    differences,
    exported_checklist,
    exported_text,
    readable_checklist,
    readable_checklists,
)
from core.actors import why_not
from core.errors import DomainError
from exchange.portal import look
from exchange.portal.author_forms import CopyForm, EvidenceKindForm, ImportForm, ScheduleForm
from exchange.portal.edge import act, keyset, language, page, said, send, show, uuid_of
from exchange.portal.forms import KeyedForm
from exchange.portal.pages.author import (
    ChecklistPage,
    ChecklistRow,
    ChecklistsPage,
    DifferencesPage,
    ItemRow,
    ListProblem,
    TrialRow,
)
from exchange.portal.pieces import Action, EmptyState, Link, Row, Section
from exchange.portal.trials import item_url, progress_of
from exchange.selectors.checklists import ChecklistSheet, checklist_sheet
from exchange.templatetags import checklist_words, verbs, words
from exchange.templatetags.portal import moment_text

VERBS = ("try", "revise", "recall")


@page(signed_in=False)
def list_checklists(request: Any) -> HttpResponse:
    """List the lists that bind, did or will; for authors drafts and trials too."""
    return _list(request)


def _list(request: Any, **bound: Any) -> HttpResponse:
    found, more = keyset(readable_checklists(request.member), request)
    empty = EmptyState(_("No checklist yet"), _("The first list is loaded when the venue opens."))
    shown = ChecklistsPage(
        rows=tuple(_row(one) for one in found),
        more_url=f"/checklists?{urlencode({'after': more})}" if more else "",
        empty=None if found else empty,
        import_url="/checklists/import",
    )
    forms: dict[str, Any] = {}
    if not why_not(request.member, "author"):
        forms["take_over"] = ImportForm(initial={"key": uuid4().hex}, auto_id="import-%s")
    return show(request, "checklists.html", shown, **(forms | bound))


def _row(found: ChecklistVersion) -> ChecklistRow:
    return ChecklistRow(
        code=found.code,
        url=f"/checklists/{found.pk}",
        state=found.state,
        created_at=found.created_at,
        effective_at=found.effective_at,
        superseded_at=found.superseded_at,
        origin=(found.origin or {}).get("venue", ""),
    )


@page(methods=("POST",))
def import_checklist(request: Any) -> HttpResponse:
    """Take over a list that another venue signed, as a draft."""
    form = ImportForm(request.POST, request.FILES, auto_id="import-%s")
    sent = send(
        request,
        form,
        lambda given: {
            "id": str(
                services.import_checklist(
                    text=form.text(),
                    code=given["code"],
                    key=given["signed_by"],
                    actor=request.member,
                    at=request.at,
                ).pk
            )
        },
    )
    if sent.done:
        messages.success(request, _("The signature and all examples hold; it is a draft now."))
        return redirect(f"/checklists/{sent.answer['id']}")
    return _list(request, take_over=form)


@page(signed_in=False)
def checklist(request: Any, checklist_id: UUID) -> HttpResponse:
    """Show a list with its items, and what becomes of it."""
    return _checklist(request, checklist_id)


@page(methods=("POST",))
def act_on_checklist(request: Any, checklist_id: UUID, verb: str) -> HttpResponse:
    """Put a draft on trial, take it back, or recall a scheduled list."""
    common: dict[str, Any] = {
        "checklist_id": checklist_id,
        "actor": request.member,
        "at": request.at,
    }
    done = {
        "try": lambda: services.try_checklist(**common),
        "revise": lambda: services.revise_checklist(**common),
        "recall": lambda: services.recall_checklist(**common),
    }
    if verb != "try":
        return act(request, done[verb], f"/checklists/{checklist_id}")
    sent = send(request, KeyedForm(request.POST), lambda _given: _plain(done["try"]()))
    if isinstance(sent.refusal, ChecklistExamplesFail):
        return _checklist(request, checklist_id, refusal=sent.refusal)
    if sent.refusal is not None:
        messages.error(request, str(sent.refusal.detail or sent.refusal.title))
    return redirect(f"/checklists/{checklist_id}")


def _plain(_row: Any) -> None:
    return None


@page(methods=("POST",))
def schedule(request: Any, checklist_id: UUID) -> HttpResponse:
    """Set when a list takes force; who wrote any of it cannot."""
    form = ScheduleForm(request.POST, auto_id="schedule-%s")
    sent = send(
        request,
        form,
        lambda given: _plain(
            services.schedule_checklist(
                checklist_id=checklist_id,
                effective_at=given["effective_at"],
                actor=request.member,
                at=request.at,
            )
        ),
    )
    if sent.done:
        messages.success(request, _("It is scheduled; the live clearances are run again now."))
        return redirect(f"/checklists/{checklist_id}")
    return _checklist(request, checklist_id, schedule=form)


@page(methods=("POST",))
def copy(request: Any, checklist_id: UUID) -> HttpResponse:
    """Draft a list that begins with the items of this one."""
    form = CopyForm(request.POST, auto_id="copy-%s")
    sent = send(
        request,
        form,
        lambda given: {
            "id": str(
                services.copy_checklist(
                    checklist_id=checklist_id,
                    code=given["code"],
                    actor=request.member,
                    at=request.at,
                ).pk
            )
        },
    )
    if sent.done:
        return redirect(f"/checklists/{sent.answer['id']}")
    return _checklist(request, checklist_id, copy=form)


@page(methods=("POST",))
def save_evidence_kind(request: Any, checklist_id: UUID) -> HttpResponse:
    """Word a kind of evidence that lifts of this list may name."""
    form = EvidenceKindForm(request.POST, auto_id="evidence-%s")
    sent = send(
        request,
        form,
        lambda given: _plain(
            services.save_evidence_kind(
                checklist_id=checklist_id,
                key=given["evidence_key"],
                en=given["en"],
                zh=given["zh"],
                by=given["by"],
                actor=request.member,
                at=request.at,
            )
        ),
    )
    if sent.done:
        return redirect(f"/checklists/{checklist_id}#evidence")
    return _checklist(request, checklist_id, evidence=form)


@page(signed_in=False)
def export(request: Any, checklist_id: UUID) -> HttpResponse:
    """Hand out a list as a document signed with the venue's key."""
    document = exported_checklist(checklist_id, request.member, request.at)
    response = HttpResponse(exported_text(document), content_type="application/json")
    name = "".join(c for c in document["signed"]["checklist"]["code"] if c.isalnum() or c in ".-")
    response["Content-Disposition"] = f'attachment; filename="checklist-{name[:40]}.json"'
    return response


@page(signed_in=False)
def compare(request: Any, checklist_id: UUID) -> HttpResponse:
    """Show what one list says otherwise than another."""
    other_id = uuid_of(request.GET.get("other", ""), "other")
    found = differences(checklist_id, other_id, request.member)
    sheet = checklist_sheet(checklist_id, request.member, language())
    other = readable_checklist(other_id, request.member)
    counts = dict.fromkeys(("added", "removed", "changed"), 0)
    for one in found.items:
        counts[one.change] += 1
    shown = DifferencesPage(
        before=Link(other.code, f"/checklists/{other.pk}"),
        after=Link(sheet.checklist.code, f"/checklists/{checklist_id}"),
        items=tuple(
            {"change": one, "title": said(one.title_zh, one.title_en)} for one in found.items
        ),
        evidence=found.evidence,
        added_count=counts["added"],
        removed_count=counts["removed"],
        changed_count=counts["changed"],
        same_count=found.same_count,
        compare=_others(sheet, other.pk),
        action=f"/checklists/{checklist_id}/compare",
    )
    return show(request, "checklist_differences.html", shown)


def _checklist(
    request: Any,
    checklist_id: UUID,
    *,
    refusal: DomainError | None = None,
    **bound: Any,
) -> HttpResponse:
    sheet = checklist_sheet(checklist_id, request.member, language())
    found, base = sheet.checklist, f"/checklists/{checklist_id}"
    draft = sheet.writes and found.state == "DRAFT"
    running = next((one for one in sheet.trials if one.state in ("RUNNING", "INTERRUPTED")), None)
    shown = ChecklistPage(
        code=found.code,
        state=found.state,
        dates=_dates(sheet),
        items=tuple(_item_row(one, base) for one in sheet.items),
        evidence=tuple(
            Section(
                key,
                (
                    Row(_("Wording"), said(kind["zh"], kind["en"])),
                    Row(_("Who can give it"), words.word("giver", kind["by"])),
                ),
            )
            for key, kind in sorted(sheet.evidence.items())
        ),
        actions=_actions(sheet, base),
        trials=tuple(_trial_row(one, base) for one in sheet.trials),
        timeline=look.history(sheet.history),
        compare=_others(sheet, None),
        list_url="/checklists",
        base_url=base,
        problems=_problems(sheet, refusal, base),
        running=progress_of(running, base) if running else None,
        origin=_origin(found),
        why_not=_why_not(sheet),
        new_item_url=f"{base}/items/new" if draft else "",
        items_hash=found.items_hash,
    )
    status = refusal.status if refusal else 200
    return show(request, "checklist.html", shown, status=status, **_forms(sheet, bound))


def _forms(sheet: ChecklistSheet, bound: dict[str, Any]) -> dict[str, Any]:
    """Return the forms that this reader may use, those that were refused as they were typed."""
    forms: dict[str, Any] = {}
    first = {"key": uuid4().hex}
    if sheet.writes:
        forms["copy"] = CopyForm(initial=first, auto_id="copy-%s")
    if sheet.may_schedule and "schedule" in sheet.verbs:
        forms["schedule"] = ScheduleForm(initial=first, auto_id="schedule-%s")
    if sheet.writes and sheet.checklist.state == "DRAFT":
        forms["evidence"] = EvidenceKindForm(initial=first, auto_id="evidence-%s")
    return forms | bound


def _dates(sheet: ChecklistSheet) -> Section:
    found = sheet.checklist
    rows = [Row(_("Drafted"), moment_text(found.created_at))]
    if sheet.writer:
        rows.append(Row(_("Drafted by"), sheet.writer))
    for label, moment in (
        (_("Takes force"), found.effective_at),
        (_("Vendors told"), found.announced_at),
        (_("Superseded"), found.superseded_at),
    ):
        if moment is not None:
            rows.append(Row(label, moment_text(moment)))
    return Section(_("Dates"), tuple(rows))


def _item_row(item: dict[str, Any], base: str) -> ItemRow:
    return ItemRow(
        code=item["code"],
        title=said(item["title_zh"], item["title_en"]),
        url=item_url(base, item["code"]),
        severity=item["severity"],
        scope=item["scope"],
        list=item["list"],
        asked=item.get("kind") == "attestation",
    )


def _trial_row(trial: Any, base: str) -> TrialRow:
    return TrialRow(
        url=f"{base}/trials/{trial.pk}",
        state=trial.state,
        at=trial.at,
        versions_count=trial.versions_count,
        blocked_count=trial.blocked_count,
        freed_count=trial.freed_count,
        against=trial.against.code if trial.against else "",
    )


def _others(sheet: ChecklistSheet, chosen: UUID | None) -> tuple[Link, ...]:
    return tuple(
        Link(
            f"{one.code} · {verbs.state_look(one.state, 'checklist')[0]}",
            str(one.pk),
            current=one.pk == chosen,
        )
        for one in sheet.others
    )


def _origin(found: ChecklistVersion) -> str:
    origin = found.origin
    if not origin:
        return ""
    return _("Taken over from %(venue)s (%(url)s): its list %(code)s, signed with key %(key)s.") % {
        "venue": origin["venue"] or "–",
        "url": origin["url"] or "–",
        "code": origin["code"],
        "key": origin["key_id"],
    }


def _why_not(sheet: ChecklistSheet) -> str:
    if sheet.writes and "schedule" in sheet.verbs and not sheet.may_schedule:
        return _("You wrote in this list; a colleague who did not has to schedule it.")
    return ""


def _problems(
    sheet: ChecklistSheet, refusal: DomainError | None, base: str
) -> tuple[ListProblem, ...]:
    """Return what keeps a list from its trial, each with the item to go to."""
    if not isinstance(refusal, ChecklistExamplesFail | ChecklistNotValid):
        return ()
    codes = {item["code"] for item in sheet.items}
    problems = []
    for path, texts in refusal.fields.items():
        item, _dot, field = path.partition(".")
        known = item in codes
        where = f"{item} · {checklist_words.item_field(field)}" if known else path
        url = item_url(base, item) if known else ""
        problems += [ListProblem(where, str(text), url) for text in texts]
    return tuple(problems)


def _actions(sheet: ChecklistSheet, base: str) -> tuple[Action, ...]:
    consequences = {
        "try": _(
            "All examples are tried, then the list is run over the whole catalogue. Nothing there "
            "changes; the items cannot be changed meanwhile."
        ),
        "revise": _("Its items can be changed again; a trial that runs is abandoned."),
        "recall": _(
            "It does not take force and cannot be taken up again; what was prepared for it ends."
        ),
    }
    return tuple(
        look.button(
            "checklist",
            verb,
            f"{base}/{verb}",
            consequence=consequences[verb],
            primary=verb == "try",
            danger=verb == "recall",
        )
        for verb in VERBS
        if verb in sheet.verbs
    )
