"""The reviewer's pages: the queue by risk, and one page to decide on."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance import services
from compliance.models.reviews import REVIEW_DAYS
from compliance.selectors import (
    QUEUE_ORDER,
    DeskPerson,
    EvidenceLine,
    QuestionLine,
    desk_counts,
    desk_people,
    desk_queue,
    review_page,
)
from compliance.states import OPEN_REVIEW
from core.calendar import announced
from exchange.portal import look
from exchange.portal.desk_forms import AnswersForm, HandForm, NoteForm, WriteForm
from exchange.portal.differing import differences
from exchange.portal.edge import act, keyset, language, page, said, send, show
from exchange.portal.gradings import grading_rows
from exchange.portal.pages.review import (
    CaseShown,
    EvidenceRow,
    NoteShown,
    Proposal,
    QueuePage,
    QueueRow,
    ReviewPage,
)
from exchange.portal.pieces import Action, EmptyState, FileLink, Link, Row, Section
from exchange.portal.record_words import record_row
from exchange.templatetags import words
from exchange.templatetags.portal import moment_text, words_of

PROPOSALS = ("approve", "refuse", "return")
VIEWS: dict[str, Any] = {
    "all": gettext_lazy("All"),
    "mine": gettext_lazy("Mine"),
    "free": gettext_lazy("Nobody's"),
    "to-propose": gettext_lazy("To propose"),
    "to-confirm": gettext_lazy("To confirm"),
    "overdue": gettext_lazy("Overdue"),
    "absent": gettext_lazy("Of who is away"),
}


@page()
def queue(request: Any) -> HttpResponse:
    """List what waits for a decision, the riskiest first; a view shows a part of it."""
    view = request.GET.get("view", "all")
    view = view if view in VIEWS else "all"
    counts = desk_counts(request.member, request.at)
    found, more = keyset(desk_queue(request.member, request.at, view), request, QUEUE_ORDER)
    asked = {} if view == "all" else {"view": view}
    filters = tuple(
        Link(
            str(label),
            "/reviews" if name == "all" else f"/reviews?view={name}",
            counts[name],
            current=name == view,
        )
        for name, label in VIEWS.items()
    )
    rows = tuple(_row(request, review) for review in found)
    years = {row.deadline.at.year for row in rows}
    shown = QueuePage(
        rows=rows,
        filters=filters,
        more_url=f"/reviews?{urlencode({**asked, 'after': more})}" if more else "",
        empty=None if found else _nothing(view),
        absences_url="/absences",
        unannounced=min((year for year in years if not announced(year)), default=0),
    )
    return show(request, "queue.html", shown)


def _nothing(view: str) -> EmptyState:
    if view == "all":
        return EmptyState(_("Nothing waits for a decision"), _("New submissions appear here."))
    return EmptyState(
        _("Nothing here"),
        _("No open review is in this view."),
        (Link(_("All open reviews"), "/reviews"),),
    )


def _row(request: Any, review: Any) -> QueueRow:
    found: dict[str, int] = {}
    for one in review.decision.findings:
        if one.get("status") != "lifted":
            severity = "unknown" if one["status"] == "unknown" else one["severity"]
            found[severity] = found.get(severity, 0) + 1
    vendor = review.version.product.vendor
    due = look.desk_deadline("review", review.queued_at, REVIEW_DAYS, request.at)
    return QueueRow(
        title=said(review.version.title_zh, review.version.title_en),
        url=f"/reviews/{review.pk}",
        vendor=said(vendor.name_zh, vendor.name_en),
        stage="checker" if review.state == "PROPOSED" else "maker",
        risk=review.risk,
        prohibited=found.get("prohibited", 0),
        restricted=found.get("restricted", 0),
        unknown=found.get("unknown", 0),
        caution=found.get("caution", 0),
        submitted_at=review.queued_at,
        deadline=due,
        assigned=str(review.assigned or ""),
    )


@page()
def review(request: Any, review_id: UUID) -> HttpResponse:
    """Show facts, findings and evidence side by side, and what this reader may decide."""
    return _review(request, review_id)


def _review(request: Any, review_id: UUID, **bound: Any) -> HttpResponse:
    found = review_page(review_id, reader=request.member, at=request.at, language=language())
    due = look.desk_deadline("review", found.queued_at, REVIEW_DAYS, request.at)
    names = {one: said(zh, en) for one, (zh, en) in found.sharing.items()}
    base, open_ = f"/reviews/{found.id}", found.state in OPEN_REVIEW
    shown = ReviewPage(
        title=said(found.findings.title_zh, found.findings.title_en),
        code=found.findings.product_code,
        number=found.findings.number,
        vendor=Link(said(found.vendor_zh, found.vendor_en), ""),
        supplier=Link(said(found.supplier_zh, found.supplier_en), ""),
        stage="checker" if found.state == "PROPOSED" else "maker",
        risk=found.risk,
        submitted_at=found.queued_at,
        deadline=due,
        findings=tuple(look.finding(one) for one in found.findings.findings),
        facts=_facts(found),
        evidence=tuple(_evidence(found, line) for line in found.evidence),
        differences=differences(found.differences, names),
        compared_with=_("version %(n)d") % {"n": found.compared_with}
        if found.compared_with
        else "",
        proposal=_proposal(found),
        records=tuple(record_row(row, request.at) for row in found.records),
        actions=_actions(found),
        may_not=_may_not(found) if open_ else "",
        checklist=found.findings.checklist_code,
        checklist_url=f"/checklists/{found.findings.checklist_id}",
        content_hash=found.findings.content_hash,
        position=found.place.position,
        waiting=found.place.waiting if open_ else 0,
        next_url=f"/reviews/{found.place.following}" if found.place.following else "",
        previous_url=f"/reviews/{found.place.previous}" if found.place.previous else "",
        queue_url="/reviews",
        timeline=look.timeline(
            found.events, who={pk: said(zh, en) for pk, (zh, en) in found.who.items()}
        ),
        case=_case(found, base) if open_ else None,
        notes=tuple(NoteShown(one.audience, one.text, one.by, one.at) for one in found.notes),
        notes_url=f"{base}/notes",
    )
    forms = {
        "form": _form(found, initial={"key": uuid4().hex}),
        "hand": HandForm(people=_others(found), initial={"key": uuid4().hex}, auto_id="hand-%s"),
        "write": WriteForm(initial={"key": uuid4().hex}, auto_id="write-%s"),
    }
    return show(request, "review.html", shown, **(forms | bound))


def _may_not(found: Any) -> str:
    """Return why the reader cannot take the step that comes next, or ""."""
    if not found.why_not or "propose" in found.verbs:
        return ""
    return words.word("closed_to", found.why_not)


def _form(found: Any, *given: Any, **more: Any) -> NoteForm:
    """Return the form of the decision: with its questions where one is proposed."""
    if "propose" in found.verbs:
        return AnswersForm(*given, questions=found.questions, **more)
    return NoteForm(*given, **more)


def _others(found: Any) -> list[DeskPerson]:
    """Return to whom the case may go: whoever has it already is not among them."""
    return [one for one in found.people if one.name != found.assigned]


def _case(found: Any, base: str) -> CaseShown:
    holder = next((one for one in found.people if one.name == found.assigned), None)
    takes = found.yours and not found.mine and found.why_not in ("", "senior-reviewer-needed")
    hands = found.yours or found.may_reassign
    verb = "delegate" if found.yours else "reassign"
    return CaseShown(
        assigned=found.assigned,
        take=look.button("review", "take", f"{base}/take") if takes else None,
        hand_url=f"{base}/{verb}" if hands and _others(found) else "",
        hand_verb=verb,
        away_until=holder.away_until if holder else None,
        stand_in=holder.stand_in if holder else "",
    )


def _proposal(found: Any) -> Proposal | None:
    if not found.proposal or found.proposed_at is None:
        return None
    return Proposal(
        found.proposal,
        found.maker_name,
        found.proposed_at,
        found.note,
        tuple(map(_answer, found.questions)),
    )


def _evidence(found: Any, line: EvidenceLine) -> EvidenceRow:
    kind = found.kinds.get(line.key)
    file = None
    if line.file_id is not None:
        file = FileLink(line.file_name, line.file_type, line.file_bytes, line.file_sha256)
    return EvidenceRow(
        title=said(kind.zh, kind.en) if kind else line.key,
        given_by=said(found.vendor_zh, found.vendor_en),
        at=line.given_at,
        state=line.state,
        note=line.note,
        file=file,
        valid_until=line.valid_until.date() if line.valid_until else None,
    )


def _answer(line: QuestionLine) -> Row:
    """Return a question with what the maker answered, for the checker to confirm."""
    said = look.yes_no(line.yes)
    return Row(f"{line.item} {line.question}", f"{said} · {line.note}" if said else None)


def _facts(found: Any) -> tuple[Section, ...]:
    content = found.content
    use = look.use_of(content)
    personal = content.get("personal") or {}
    scans = tuple(Row(scan.file_name, _scanned(scan)) for scan in found.scans) or (
        Row(_("Sample"), None),
    )
    signed = found.declaration
    declared = (
        Row(_("Signed"), moment_text(signed.signed_at) if signed else None),
        Row(_("in force until"), moment_text(signed.valid_until) if signed else None),
        Row(_("Wording"), signed.template if signed else None, code=True),
    )
    return (
        Section(
            _("What it is"),
            (
                Row(_("Grade"), look.coded("grade", content.get("grade"))),
                Row(_("Form"), look.coded("form", content.get("form"))),
                Row(_("Personal data"), look.yes_no(personal.get("contains"))),
                Row(_("Persons"), str(personal.get("subjects_count", "")) or None),
            ),
        ),
        Section(_("Grading"), grading_rows(found.grading, found.findings.content_hash)),
        Section(_("Sample scan"), scans),
        Section(
            _("Use"),
            (
                Row(_("Purposes"), words_of(use.purposes, "purpose") or None),
                Row(_("Territories"), words_of(use.territories, "territory") or None),
                Row(_("Passing on"), look.yes_no(use.redistribution)),
            ),
        ),
        Section(_("Declaration"), declared),
    )


def _scanned(scan: Any) -> str:
    """Return what the scan of a sample found: kinds, and in which columns; never a value."""
    if not scan.kinds:
        return scan.reason or _("nothing personal found")
    columns = _(", ").join(map(str, scan.columns))
    return (
        f"{words_of(scan.kinds, 'scan_kind')}{_(': ')}{columns}"
        if columns
        else words_of(scan.kinds, "scan_kind")
    )


def _actions(found: Any) -> tuple[Action, ...]:
    base = f"/reviews/{found.id}"
    if "propose" in found.verbs:
        return tuple(
            Action(
                "review", verb, f"{base}/{verb}", primary=verb == "approve", danger=verb == "refuse"
            )
            for verb in PROPOSALS
        )
    return tuple(
        Action("review", verb, f"{base}/{verb}", primary=verb == "confirm")
        for verb in ("confirm", "reject")
        if verb in found.verbs
    )


@page(methods=("POST",))
def decide(request: Any, review_id: UUID, verb: str) -> HttpResponse:
    """Propose, confirm or reject a decision."""
    found = review_page(review_id, reader=request.member, at=request.at, language=language())
    form = _form(found, request.POST)
    common: dict[str, Any] = {
        "review_id": review_id,
        "actor": request.member,
        "at": request.at,
    }

    def done(given: dict[str, Any]) -> Any:
        if verb == "confirm":
            return services.confirm_review(**common)
        if verb == "reject":
            return services.reject_review(**common, reason=given["note"])
        return services.propose_review(
            **common,
            proposal=verb,
            note=given["note"],
            answers=form.answers() if isinstance(form, AnswersForm) else (),
            internal_note=given.get("internal_note", ""),
        )

    if send(request, form, done).done:
        return redirect(f"/reviews/{review_id}")
    return _review(request, review_id, form=form)


@page(methods=("POST",))
def take(request: Any, review_id: UUID) -> HttpResponse:
    """Take the case."""
    return act(
        request,
        lambda: services.take_review(review_id=review_id, actor=request.member, at=request.at),
        f"/reviews/{review_id}",
    )


@page(methods=("POST",))
def hand(request: Any, review_id: UUID, verb: str) -> HttpResponse:
    """Hand the case to a colleague, or as a senior reviewer give it to another."""
    people = desk_people(request.at)
    form = HandForm(request.POST, people=people, auto_id="hand-%s")
    done = services.delegate_review if verb == "delegate" else services.reassign_review
    sent = send(
        request,
        form,
        lambda given: done(
            review_id=review_id,
            to=UUID(given["to"]),
            reason=given["reason"],
            actor=request.member,
            at=request.at,
        ),
    )
    if sent.done:
        return redirect(f"/reviews/{review_id}")
    return _review(request, review_id, hand=form)


@page(methods=("POST",))
def write(request: Any, review_id: UUID) -> HttpResponse:
    """Write a note beside the review: for the venue alone, or for the vendor too."""
    form = WriteForm(request.POST, auto_id="write-%s")
    sent = send(
        request,
        form,
        lambda given: services.note_review(
            review_id=review_id,
            audience=given["audience"],
            text=given["text"],
            actor=request.member,
            at=request.at,
        ),
    )
    if sent.done:
        return redirect(f"/reviews/{review_id}#notes")
    return _review(request, review_id, write=form)
