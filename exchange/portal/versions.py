"""The page of a version: what is in the way, what lifts it, the declaration, and its verbs."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance import services as compliance
from compliance.errors import ContentChanged
from compliance.selectors import asked_template, evidence_kinds
from core.actors import why_not
from core.errors import StepUpNeeded
from exchange.portal import look
from exchange.portal.contents import sections_of
from exchange.portal.drafts import files_of, missing_links, right_label, steps_of
from exchange.portal.edge import act, confirm_first, language, page, said, send, show, told, uuid_of
from exchange.portal.pages.vendor import (
    DeclarationShown,
    EvidenceShown,
    ListChange,
    VendorNote,
    VersionPage,
)
from exchange.portal.pieces import Action, Finding, Link, Row, Section
from exchange.portal.record_words import RECORDS, record_row
from exchange.portal.vendor_forms import DeclarationForm, EvidenceForm, ReleaseForm, upload_of
from exchange.selectors.vendor import VersionSheet, version_sheet
from exchange.services.handing_in import give_filed_evidence
from exchange.templatetags import verbs
from exchange.templatetags.countries import chinese
from exchange.templatetags.portal import moment_text
from listings import services as listings
from listings.errors import VersionIncomplete
from listings.states import IN_THE_MAKING, ON_THE_MARKET

OPEN = (*IN_THE_MAKING, *ON_THE_MARKET)


@page()
def version(request: Any, version_id: UUID) -> HttpResponse:
    """Show what stands in the way of listing, and what would lift it."""
    return _version(request, version_id)


@page(methods=("POST",))
def act_on_version(request: Any, version_id: UUID, verb: str) -> HttpResponse:
    """Submit, revise, abandon or delist a version."""
    common = {"version_id": version_id, "actor": request.member, "at": request.at}
    reason = request.POST.get("reason", "")[:500]
    done = {
        "submit": lambda: listings.submit_version(**common),
        "revise": lambda: listings.revise_version(**common),
        "abandon": lambda: listings.abandon_version(**common),
        "delist": lambda: listings.delist_version(**common, reason=reason),
    }
    # What is missing stands on the page, each with the link to where it is filled in.
    return act(request, done[verb], f"/versions/{version_id}", listed=VersionIncomplete)


@page(methods=("POST",))
def sign(request: Any, version_id: UUID) -> HttpResponse:
    """Sign the statements that were shown, for the content that was shown and no other."""
    asked = asked_template(version_id, request.member, request.at)
    form = DeclarationForm(request.POST, asked=asked, auto_id="declaration-%s")
    sent = send(
        request,
        form,
        lambda given: compliance.sign_declaration(
            version_id=version_id,
            content_hash=given["content_hash"],
            template=given["template"],
            statements=form.assented(),
            valid_until=form.ends_at(),
            actor=request.member,
            at=request.at,
        ),
    )
    if sent.done:
        messages.success(request, _("The declaration is signed, for exactly this content."))
        return redirect(f"/versions/{version_id}#declaration")
    if isinstance(sent.refusal, StepUpNeeded):
        return confirm_first(request)
    if isinstance(sent.refusal, ContentChanged):
        # No tick is taken over: they were made for another content.
        messages.error(request, told(sent.refusal))
        return _version(request, version_id, status=409)
    return _version(request, version_id, sign=form)


@page(methods=("POST",))
def withdraw_declaration(request: Any, version_id: UUID, declaration_id: UUID) -> HttpResponse:
    """Withdraw one's declaration; the clearance that rests on it ends with it."""
    return act(
        request,
        lambda: compliance.withdraw_declaration(
            declaration_id=declaration_id,
            reason=request.POST.get("reason", "")[:2000],
            actor=request.member,
            at=request.at,
        ),
        f"/versions/{version_id}",
    )


@page(methods=("POST",))
def give_evidence(request: Any, version_id: UUID) -> HttpResponse:
    """Give what a finding asks for: a file, a note, or both."""
    kinds = [(key, key) for key in evidence_kinds(request.at)]
    named = [(one, one) for one in request.POST.getlist("report") if one]
    form = EvidenceForm(
        request.POST, request.FILES, kinds=kinds, reports=named, auto_id="evidence-%s"
    )
    sent = send(
        request,
        form,
        lambda given: give_filed_evidence(
            version_id=version_id,
            key=given["evidence"],
            file=upload_of(given["file"]),
            report_id=uuid_of(given["report"], "report") if given.get("report") else None,
            note=given["note"],
            valid_until=form.ends_at() if given["valid_until"] else None,
            actor=request.member,
            at=request.at,
        ),
    )
    if sent.done:
        messages.success(request, _("The evidence is given; the findings are looked at again."))
        return redirect(f"/versions/{version_id}#evidence")
    return _version(request, version_id, evidence=form)


@page(methods=("POST",))
def withdraw_evidence(request: Any, version_id: UUID, evidence_id: UUID) -> HttpResponse:
    """Withdraw one's evidence; a clearance that it carries ends with it."""
    return act(
        request,
        lambda: compliance.withdraw_evidence(
            evidence_id=evidence_id,
            reason=request.POST.get("reason", "")[:2000],
            actor=request.member,
            at=request.at,
        ),
        f"/versions/{version_id}#evidence",
    )


def _version(request: Any, version_id: UUID, *, status: int = 200, **bound: Any) -> HttpResponse:
    sheet = version_sheet(version_id, request.member, request.at, language())
    found, screened = sheet.version, sheet.screened
    base = f"/versions/{found.pk}"
    mine = found.product.vendor_id == request.member.organisation_id
    lists = mine and not why_not(request.member, "list")
    names = {str(one.pk): said(one.name_zh, one.name_en) for one in sheet.organisations}
    names |= {str(row.pk): right_label(row) for row in sheet.rights}
    plans = tuple(found.plans.all())
    edit = f"{base}/draft" if lists and found.state == "DRAFT" else ""
    open_ = found.state in OPEN
    forms = _forms(request, sheet, lists=lists, mine=mine, bound=bound)
    shown = VersionPage(
        code=found.product.code,
        title=said(found.title_zh, found.title_en) or found.product.code,
        number=found.number,
        state=found.state,
        steps=steps_of(found, sheet.missing, edit, declared=sheet.declaration is not None),
        findings=tuple(_finding(one, may_give=lists and open_) for one in screened.findings),
        sections=sections_of(
            found.content, names, plans[0].currency if plans else "CNY", edit_url=edit
        ),
        actions=_actions(sheet, lists=lists),
        screened_at=screened.at if screened.decision_id else None,
        checklist=screened.checklist_code,
        checklist_url=f"/checklists/{screened.checklist_id}" if screened.checklist_id else "",
        badge=look.badge(sheet.clearance),
        files=files_of(found, sheet.scans),
        plans=tuple(look.plan_card(plan) for plan in plans),
        timeline=look.history(sheet.history),
        content_hash=found.content_hash,
        public_url=f"/catalogue/{found.product_id}" if found.state == "LISTED" else "",
        other_versions=tuple(
            Link(
                _("Version %(n)d, %(state)s")
                % {"n": one.number, "state": verbs.state_look(one.state, "version")[0]},
                f"/versions/{one.pk}",
            )
            for one in sheet.others
        ),
        missing=missing_links(sheet.missing, edit),
        edit_url=edit,
        grading_url=f"{base}/grading",
        evidence=tuple(_given(sheet, line, base, may_withdraw=lists) for line in sheet.evidence),
        evidence_url=f"{base}/evidence",
        upload_url=f"{base}/files",
        declaration=_declaration(request, sheet, mine=mine) if open_ else None,
        declared=_declared(sheet),
        withdraw_declaration=_withdraw(request, sheet, base) if mine else None,
        decision_url=f"/decisions/{screened.decision_id}" if screened.decision_id else "",
        return_note=_return_note(sheet) if found.state == "DRAFT" else "",
        notes=tuple(VendorNote(one.text, one.at) for one in sheet.notes),
        records=tuple(record_row(row, request.at) for row in sheet.records),
        records_url=RECORDS if lists and open_ and _about_persons(sheet) else "",
        list_change=_list_change(sheet, may_give=lists and open_),
    )
    return show(request, "version.html", shown, status=status, **forms)


def _return_note(sheet: VersionSheet) -> str:
    """Return what the reviewers asked for, where they sent the draft back and it waits since."""
    returned = ""
    for event in sheet.history.events:
        if event.verb in ("return", "submit"):
            returned = event.reason if event.verb == "return" else ""
    return returned


def _about_persons(sheet: VersionSheet) -> bool:
    """Return whether the version says or shows that it is about persons."""
    content = sheet.version.content
    classes = {one.get("data_class") for one in content.get("sources") or ()}
    return (content.get("personal") or {}).get("contains") is True or "personal" in classes


def _list_change(sheet: VersionSheet, *, may_give: bool) -> ListChange | None:
    change = sheet.list_change
    if change is None:
        return None
    return ListChange(
        checklist=Link(change.checklist_code, f"/checklists/{change.checklist_id}"),
        effective_at=change.effective_at,
        in_force=change.in_force,
        kept=change.kept,
        findings=tuple(_finding(one, may_give=may_give) for one in change.findings),
    )


def _forms(
    request: Any, sheet: VersionSheet, *, lists: bool, mine: bool, bound: dict[str, Any]
) -> dict[str, Any]:
    """Return the forms that this reader may use, those that were refused as they were typed."""
    found, key = sheet.version, uuid4().hex
    forms: dict[str, Any] = {}
    signs = mine and not why_not(request.member, "sign") and sheet.declaration is None
    if signs and found.state in OPEN:
        first = {
            "key": key,
            "content_hash": found.content_hash,
            "template": sheet.asked.code,
            "valid_until": look.last_day(sheet.asked.longest_days, sheet.rests_until, request.at),
        }
        forms["sign"] = DeclarationForm(initial=first, asked=sheet.asked, auto_id="declaration-%s")
    if lists and found.state in OPEN:
        kinds = _kinds(sheet)
        asked = {"key": key, "evidence": request.GET.get("evidence", "")}
        reports = [(str(one.pk), _report_label(one)) for one in sheet.reports]
        forms["evidence"] = EvidenceForm(
            initial=asked, kinds=kinds, reports=reports, auto_id="evidence-%s"
        )
        if "evidence" in bound:
            bound["evidence"].fields["evidence"].choices = kinds
    if lists and found.state in ON_THE_MARKET:
        forms["upload"] = ReleaseForm(data_only=True, initial={"key": key}, auto_id="files-%s")
    return forms | bound


def _report_label(report: Any) -> str:
    provider = said(report.provider.name_zh, report.provider.name_en)
    return f"{report.title} · {provider} · {report.key}"


def _kinds(sheet: VersionSheet) -> list[Any]:
    """Return the evidence that a vendor can give, what the findings ask for first."""
    asked: dict[str, str] = {}
    for one in sheet.screened.findings:
        for evidence in one.evidence:
            if evidence.by == "vendor" and not evidence.given:
                asked.setdefault(evidence.key, f"{one.code} · {evidence.text}")
    rest = [
        (key, kind.zh if chinese() else kind.en)
        for key, kind in sheet.kinds.items()
        if kind.by == "vendor" and key not in asked
    ]
    return [
        (_("Asked for by a finding"), list(asked.items())),
        (_("Not asked for now"), rest),
    ]


def _finding(text: Any, *, may_give: bool) -> Finding:
    keys = {one.text: one.key for one in text.evidence if one.by == "vendor"}
    return look.finding(text, evidence_keys=keys if may_give else {})


def _given(sheet: VersionSheet, line: Any, base: str, *, may_withdraw: bool) -> EvidenceShown:
    kind = sheet.kinds.get(line.key)
    button = look.button(
        "evidence",
        "withdraw",
        f"{base}/evidence/{line.id}/withdraw",
        danger=True,
        asks_reason=True,
        consequence=_("A clearance that it carries ends: new orders stop at once."),
    )
    vendors = kind is not None and kind.by == "vendor" and line.state == "GIVEN"
    return EvidenceShown(
        title=(kind.zh if chinese() else kind.en) if kind else line.key,
        state=line.state,
        at=line.given_at,
        note=line.note,
        file=line.file_name,
        valid_until=line.valid_until,
        withdraw=button if vendors and may_withdraw else None,
    )


def _declaration(request: Any, sheet: VersionSheet, *, mine: bool) -> DeclarationShown | None:
    """Return the text to be signed, unless a declaration is in force for this content."""
    if sheet.declaration is not None:
        return None
    asked = sheet.asked
    reason = ""
    if not mine:
        reason = _("The vendor signs it.")
    elif why_not(request.member, "sign"):
        reason = _("An owner or signatory of your organisation has to sign it.")
    return DeclarationShown(
        title=asked.title_zh if chinese() else asked.title_en,
        preamble=asked.preamble_zh if chinese() else asked.preamble_en,
        closing=asked.closing_zh if chinese() else asked.closing_en,
        url=f"/versions/{sheet.version.pk}/sign",
        template=asked.code,
        why_not=reason,
    )


def _declared(sheet: VersionSheet) -> Section | None:
    found = sheet.declaration
    if found is None:
        return None
    return Section(
        _("Declaration"),
        (
            Row(_("Signed"), moment_text(found.signed_at)),
            Row(_("in force until"), moment_text(found.valid_until)),
            Row(_("Wording"), found.template, code=True),
            Row(_("For the content"), found.content_hash, code=True),
            Row(_("To read and check"), _("Its public page"), url=f"/declarations/{found.pk}"),
        ),
    )


def _withdraw(request: Any, sheet: VersionSheet, base: str) -> Action | None:
    found = sheet.declaration
    if found is None or why_not(request.member, "sign"):
        return None
    if sheet.version.state in ON_THE_MARKET:
        count = sheet.under_way
        consequence = ngettext(
            "New orders stop at once, and open orders are refused; %(n)d delivery under way goes "
            "on.",
            "New orders stop at once, and open orders are refused; %(n)d deliveries under way go "
            "on.",
            count,
        ) % {"n": count}
    else:
        consequence = _("Without a declaration in force the version cannot be listed.")
    return look.button(
        "declaration",
        "withdraw",
        f"{base}/declarations/{found.pk}/withdraw",
        danger=True,
        asks_reason=True,
        consequence=consequence,
    )


def _actions(sheet: VersionSheet, *, lists: bool) -> tuple[Action, ...]:
    if not lists:
        return ()
    found = sheet.version
    base, state = f"/versions/{found.pk}", found.state
    made = {
        "submit": look.button("version", "submit", f"{base}/submit", primary=True),
        "revise": look.button("version", "revise", f"{base}/revise", primary=True),
        "abandon": look.button(
            "version",
            "abandon",
            f"{base}/abandon",
            danger=True,
            consequence=_("It cannot be taken up again. An earlier version stays as it is."),
        ),
        "delist": look.button(
            "version",
            "delist",
            f"{base}/delist",
            danger=True,
            asks_reason=True,
            consequence=_("New orders stop at once; deliveries under way go on."),
        ),
    }
    offered = {
        "DRAFT": ("submit", "abandon"),
        "BLOCKED": ("revise",),
        "LISTED": ("delist",),
        "SUSPENDED": ("delist",),
    }
    actions = [made[verb] for verb in offered.get(state, ())]
    making = any(one.state in IN_THE_MAKING for one in (found, *sheet.others))
    if not making:
        where = f"/products/{found.product_id}/draft"
        actions.insert(0, look.button("version", "draft", where))
    return tuple(actions)
