"""Cases on declarations: opened by a reviewer, answered, and decided by another."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance import services as compliance
from compliance.errors import InterestedParty, NotHeardYet
from compliance.grounds import GROUNDS
from compliance.selectors import readable_declarations
from compliance.statements import template_of_document
from core.errors import FourEyes
from exchange.portal import look
from exchange.portal.declaration_forms import AnswerBreachForm, BreachForm, DecideBreachForm
from exchange.portal.declarations import breach_row, shown_declaration
from exchange.portal.edge import keyset, language, page, said, send, show
from exchange.portal.pages.declarations import BreachesPage, BreachPage
from exchange.portal.pieces import EmptyState, Row
from exchange.portal.vendor_forms import upload_of
from exchange.selectors.declarations import BreachSheet, breach_list, breach_sheet
from exchange.services.handing_in import open_filed_breach
from exchange.templatetags.countries import chinese
from exchange.templatetags.portal import moment_text

ORDER = ("-opened_at", "-id")
VERBS = ("confirm", "dismiss")
# The cells of the table of grounds, in words.
OPEN_ORDERS = {
    "refuse": gettext_lazy("Open orders are refused; the money held for them is released."),
    "wait": gettext_lazy("Open orders wait."),
}
DELIVERIES = {
    "go_on": gettext_lazy("Deliveries under way go on."),
    "stop": gettext_lazy("Deliveries under way stop."),
}
DELIVERED = {
    "stay": gettext_lazy("What was delivered stays."),
    "recall": gettext_lazy("What was delivered is asked back, or its deletion is to be proved."),
    "delete": gettext_lazy("Buyers are told, and asked to prove that they deleted it."),
}


@page()
def breaches(request: Any) -> HttpResponse:
    """List the cases on one's declarations; all of them for reviewers."""
    rows, more = keyset(breach_list(request.member), request, ORDER)
    shown = BreachesPage(
        rows=tuple(breach_row(one) for one in rows),
        more_url=f"/breaches?after={more}" if more else "",
        empty=None
        if rows
        else EmptyState(
            _("No case is known"),
            _("Where a reviewer finds a declaration untrue, the case stands here."),
        ),
    )
    return show(request, "breaches.html", shown)


@page()
def breach(request: Any, breach_id: UUID) -> HttpResponse:
    """Show a case: what was found, what it rests on, what was answered, what came of it."""
    return _breach(request, breach_id)


@page(methods=("POST",))
def open_breach(request: Any, declaration_id: UUID) -> HttpResponse:
    """Open a case on a declaration."""
    known = readable_declarations(request.member).filter(pk=declaration_id).first()
    coded = (
        template_of_document(known.document["template"], chinese=chinese()).coded if known else []
    )
    form = BreachForm(request.POST, request.FILES, statements=coded, auto_id="breach-%s")
    sent = send(
        request,
        form,
        lambda given: open_filed_breach(
            declaration_id=declaration_id,
            statements=given["statements"],
            reason=given["reason"],
            evidence=given["evidence"],
            file=upload_of(given["file"]),
            actor=request.member,
            at=request.at,
        ),
    )
    if sent.done:
        messages.success(request, _("The case is open; the one who declared has been asked."))
        return redirect(f"/declarations/{declaration_id}#breaches")
    return shown_declaration(request, declaration_id, form)


@page(methods=("POST",))
def answer(request: Any, breach_id: UUID) -> HttpResponse:
    """Answer a case on one's own declaration."""
    form = AnswerBreachForm(request.POST, auto_id="answer-%s")
    sent = send(
        request,
        form,
        lambda given: compliance.answer_breach(
            breach_id=breach_id, answer=given["answer"], actor=request.member, at=request.at
        ),
    )
    if sent.done:
        messages.success(request, _("Your answer is with the venue, and is decided with the case."))
        return redirect(f"/breaches/{breach_id}")
    return _breach(request, breach_id, answer=form)


@page(methods=("POST",))
def decide(request: Any, breach_id: UUID, verb: str) -> HttpResponse:
    """Confirm or dismiss a colleague's case."""
    form = DecideBreachForm(request.POST, auto_id="decide-%s")
    done = {"confirm": compliance.confirm_breach, "dismiss": compliance.dismiss_breach}[verb]
    sent = send(
        request,
        form,
        lambda given: done(
            breach_id=breach_id, decision=given["decision"], actor=request.member, at=request.at
        ),
    )
    if sent.done:
        return redirect(f"/breaches/{breach_id}")
    return _breach(request, breach_id, decide=form)


def _breach(request: Any, breach_id: UUID, **bound: Any) -> HttpResponse:
    sheet = breach_sheet(breach_id, request.member, request.at, language())
    found = sheet.breach
    about = found.declaration
    texts = dict(template_of_document(about.document["template"], chinese=chinese()).coded)
    base = f"/breaches/{found.pk}"
    shown = BreachPage(
        title=breach_row(found).title,
        state=found.state,
        declaration_url=f"/declarations/{about.pk}",
        rows=_facts(found),
        statements=tuple(texts.get(code, code) for code in found.statements),
        consequences=_consequences(found),
        answer_url=f"{base}/answer",
        confirm_url=f"{base}/confirm",
        dismiss_url=f"{base}/dismiss",
        file_url=f"/api/v1/breaches/{found.pk}/file" if found.file else "",
        file=found.file.name if found.file else "",
        heard=_heard(sheet),
        why_not=_why_not(sheet.why_not_decide),
        timeline=look.history(sheet.history),
    )
    forms: dict[str, Any] = {}
    if sheet.may_answer:
        forms["answer"] = AnswerBreachForm(initial={"key": uuid4().hex}, auto_id="answer-%s")
    if sheet.may_decide and sheet.why_not_decide in ("", "not-heard-yet"):
        forms["decide"] = DecideBreachForm(initial={"key": uuid4().hex}, auto_id="decide-%s")
    return show(request, "breach.html", shown, **(forms | bound))


def _why_not(code: str) -> str:
    kind = {one.code: one for one in (FourEyes, InterestedParty, NotHeardYet)}.get(code)
    return "" if kind is None else f"{kind.title}{_('. ')}{kind.way_out}"


def _facts(found: Any) -> tuple[Row, ...]:
    declared = found.declaration.organisation
    rows = [
        Row(_("Declared by"), said(declared.name_zh, declared.name_en)),
        Row(_("What was found"), found.reason),
        Row(_("What it rests on"), found.evidence),
        Row(_("Case opened"), moment_text(found.opened_at)),
        Row(_("Answer by"), moment_text(found.answer_until)),
    ]
    if found.answer:
        rows.append(Row(_("Answer"), f"{found.answer} ({moment_text(found.answered_at)})"))
    if found.decision:
        rows.append(Row(_("Decision"), f"{found.decision} ({moment_text(found.decided_at)})"))
    return tuple(rows)


def _heard(sheet: BreachSheet) -> str:
    """Return how the one who declared is heard, as it stands."""
    found = sheet.breach
    if found.state == "OPEN" and sheet.mine:
        return _(
            "You can answer until %(t)s. Nothing ends before another reviewer has read the answer, "
            "or that time has passed."
        ) % {"t": moment_text(found.answer_until)}
    if found.state == "CONFIRMED" and sheet.mine:
        return _(
            "The breach counts for 24 months. Against the decision you can turn to the venue's "
            "complaints desk, to the competent authority, or to a court."
        )
    return ""


def _consequences(found: Any) -> tuple[str, ...]:
    """Return what a confirmed breach leads to: the row of its ground in the table, in words."""
    of_report = found.declaration.report_id is not None
    effects = GROUNDS["evidence-withdrawn" if of_report else "declaration-breached"]
    texts = [_("New orders stop at once.")]
    if of_report:
        texts.insert(
            0, _("The report lifts nothing any more; what rested on it is screened again at once.")
        )
    texts += [
        str(OPEN_ORDERS[effects.open_orders]),
        str(DELIVERIES[effects.deliveries]),
        str(DELIVERED[effects.delivered]),
    ]
    if not of_report:
        texts.append(_("The breach counts against the one who declared for 24 months."))
    return tuple(texts)
