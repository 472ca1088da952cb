"""The reviewer's pages: the queue by risk, and one page to decide on."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance import services
from compliance.selectors import QUEUE_ORDER, QuestionLine, review_page, review_queue
from core.actors import Member
from core.errors import Malformed
from exchange.portal import look
from exchange.portal.edge import act, keyset, language, page, said, show
from exchange.portal.gradings import grading_rows
from exchange.portal.pages.review import (
    EvidenceRow,
    Proposal,
    QueuePage,
    QueueRow,
    ReviewPage,
)
from exchange.portal.pieces import Action, EmptyState, Link, Row, Section
from exchange.templatetags.portal import words_of

# Working days that a review may take.
DESK_DAYS = 5
MOST_CODE, MOST_NOTE = 40, 1000
PROPOSALS = {"approve": "approve", "refuse": "refuse", "return": "return"}


class NoteForm(forms.Form):
    """What a reviewer writes beside a decision."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=2000,
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False)


class AnswersForm(NoteForm):
    """The note, and an answer to each question that only a person can answer.

    The browser asks for an answer before an approval; whether one is needed the service decides.
    """

    def __init__(self, questions: Sequence[QuestionLine], **arguments: Any) -> None:
        super().__init__(**arguments)
        self._items = [line.item for line in questions]
        for line in questions:
            self.fields[f"yes_{line.item}"] = forms.ChoiceField(
                label=f"{line.item} {line.question}",
                help_text=_("Evidence on file stands for an answer.") if line.lifted else "",
                choices=[("yes", _("yes")), ("no", _("no"))],
                required=not line.lifted,
                widget=forms.RadioSelect,
            )
            self.fields[f"why_{line.item}"] = forms.CharField(
                label=_("What you looked at"),
                max_length=MOST_NOTE,
                required=not line.lifted,
            )

    def asked(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Yield the two fields of each question."""
        for item in self._items:
            yield self[f"yes_{item}"], self[f"why_{item}"]


@page()
def queue(request: Any) -> HttpResponse:
    """List what waits for a decision, the riskiest first."""
    found, more = keyset(review_queue(request.member), request, QUEUE_ORDER)
    empty = EmptyState(_("Nothing waits for a decision"), _("New submissions appear here."))
    shown = QueuePage(
        rows=tuple(_row(request, review) for review in found),
        more_url=f"/reviews?{urlencode({'after': more})}" if more else "",
        empty=None if found else empty,
    )
    return show(request, "queue.html", shown)


def _row(request: Any, review: Any) -> QueueRow:
    found: dict[str, int] = {}
    for one in review.decision.findings:
        if one.get("status") != "lifted":
            severity = "unknown" if one["status"] == "unknown" else one["severity"]
            found[severity] = found.get(severity, 0) + 1
    vendor = review.version.product.vendor
    due = look.desk_deadline("review", review.queued_at, DESK_DAYS, request.at)
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
    )


@page()
def review(request: Any, review_id: UUID) -> HttpResponse:
    """Show facts, findings and evidence side by side, and what this reader may decide."""
    found = review_page(review_id, reader=request.member, at=request.at, language=language())
    due = look.desk_deadline("review", found.queued_at, DESK_DAYS, request.at)
    proposal = None
    if found.proposal and found.proposed_at is not None:
        proposal = Proposal(
            found.proposal,
            found.maker_name,
            found.proposed_at,
            found.note,
            tuple(map(_answer, found.questions)),
        )
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
        evidence=tuple(
            EvidenceRow(line.key, "", line.given_at, line.state, line.note)
            for line in found.evidence
        ),
        proposal=proposal,
        actions=_actions(found),
        may_not=_(found.why_not) if found.why_not else "",
        checklist=found.findings.checklist_code,
        content_hash=found.findings.content_hash,
        queue_url="/reviews",
        timeline=look.timeline(found.events),
    )
    questions = found.questions if "propose" in found.verbs else ()
    form = AnswersForm(questions, initial={"key": uuid4().hex})
    return show(request, "review.html", shown, form=form)


def _answer(line: QuestionLine) -> Row:
    """Return a question with what the maker answered, for the checker to confirm."""
    said = look.yes_no(line.yes)
    return Row(f"{line.item} {line.question}", f"{said} · {line.note}" if said else None)


def _facts(found: Any) -> tuple[Section, ...]:
    content = found.content
    use = look.use_of(content)
    personal = content.get("personal") or {}
    scans = tuple(
        Row(scan.file_name, ", ".join(scan.kinds) or _("nothing personal found"))
        for scan in found.scans
    )
    declared = found.declaration.valid_until.date().isoformat() if found.declaration else None
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
        Section(_("Declaration"), (Row(_("in force until"), declared),)),
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
    return act(request, lambda: _decide(request, review_id, verb), f"/reviews/{review_id}")


def _decide(request: Any, review_id: UUID, verb: str) -> None:
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise Malformed(fields={"note": form.errors.get("note", [])})
    note, member = form.cleaned_data["note"], _member(request)
    common: dict[str, Any] = {"review_id": review_id, "actor": member, "at": request.at}
    if verb in PROPOSALS:
        answers = _answers(request.POST)
        services.propose_review(**common, proposal=PROPOSALS[verb], note=note, answers=answers)
    elif verb == "confirm":
        services.confirm_review(**common)
    else:
        services.reject_review(**common, reason=note)


def _answers(posted: Any) -> list[dict[str, Any]]:
    """Return the answers that a form brought; a question without yes or no is not answered."""
    return [
        {
            "item": name.removeprefix("yes_")[:MOST_CODE],
            "yes": posted[name] == "yes",
            "note": posted.get(f"why_{name.removeprefix('yes_')}", "")[:MOST_NOTE],
        }
        for name in posted
        if name.startswith("yes_") and posted[name] in ("yes", "no")
    ]


def _member(request: Any) -> Member:
    member: Member = request.member
    return member
