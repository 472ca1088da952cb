"""Declarations as pages: one's own, one to check by anybody, and signing again or outside."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance import services as compliance
from compliance.errors import ContentChanged
from compliance.statements import template_of_document
from core.canonical import canonical
from core.errors import StepUpNeeded
from exchange.portal import look
from exchange.portal.declaration_forms import BreachForm, OutsideForm, SignedForm
from exchange.portal.edge import (
    act,
    confirm_first,
    keyset,
    language,
    page,
    said,
    send,
    show,
    told,
)
from exchange.portal.pages.declarations import (
    BreachRow,
    CheckShown,
    DeclarationPage,
    DeclarationRow,
    DeclarationsPage,
    DeclarePage,
    HeadShown,
)
from exchange.portal.pieces import EmptyState, Link, Row
from exchange.portal.vendor_forms import DeclarationForm
from exchange.selectors.declarations import (
    DeclarationSheet,
    DeclareSheet,
    declaration_list,
    declaration_sheet,
    declare_report_sheet,
    declare_version_sheet,
)
from exchange.templatetags import words
from exchange.templatetags.countries import chinese
from exchange.templatetags.portal import moment_text

ORDER = ("-signed_at", "-id")


@page()
def declarations(request: Any) -> HttpResponse:
    """List one's declarations, and first of all those that end soon."""
    found = declaration_list(request.member, request.at)
    rows, more = keyset(found.rows, request, ORDER)
    may_sign = not request.member.is_venue
    links = [Link(_("Your own keys"), "/keys"), Link(_("Cases on declarations"), "/breaches")]
    shown = DeclarationsPage(
        ending=tuple(_row(request, one, may_renew=may_sign) for one in found.ending),
        rows=tuple(_row(request, one, may_renew=False) for one in rows),
        links=tuple(links),
        more_url=f"/declarations?after={more}" if more else "",
        empty=None
        if rows
        else EmptyState(
            _("Nothing is declared yet"),
            _("A declaration is signed on the page of a version, or of a report."),
        ),
    )
    return show(request, "declarations.html", shown)


@page(signed_in=False)
def declaration(request: Any, declaration_id: UUID) -> HttpResponse:
    """Show a declaration as anybody may read and check it."""
    return shown_declaration(request, declaration_id)


@page(methods=("POST",))
def withdraw(request: Any, declaration_id: UUID) -> HttpResponse:
    """Withdraw one's declaration; what rests on it ends with it."""
    return act(
        request,
        lambda: compliance.withdraw_declaration(
            declaration_id=declaration_id,
            reason=request.POST.get("reason", "")[:2000],
            actor=request.member,
            at=request.at,
        ),
        f"/declarations/{declaration_id}",
    )


@page(methods=("GET", "POST"))
def declare_version(request: Any, version_id: UUID) -> HttpResponse:
    """Sign for a version, anew where a declaration is in force: here, or outside with one's key."""
    sheet = declare_version_sheet(version_id, request.member, request.at)
    return _declare(request, sheet, f"/versions/{version_id}/declare", f"/versions/{version_id}")


@page(methods=("GET", "POST"))
def declare_report(request: Any, report_id: UUID) -> HttpResponse:
    """Sign for a report of one's own."""
    sheet = declare_report_sheet(report_id, request.member, request.at)
    return _declare(request, sheet, f"/reports/{report_id}/declare", "/reports")


@page(methods=("POST",))
def version_document(request: Any, version_id: UUID) -> HttpResponse:
    """Give out the document on a version that one's own key is to sign."""
    sheet = declare_version_sheet(version_id, request.member, request.at)
    return _document(request, sheet, f"/versions/{version_id}/declare", f"/versions/{version_id}")


@page(methods=("POST",))
def report_document(request: Any, report_id: UUID) -> HttpResponse:
    """Give out the document on a report that one's own key is to sign."""
    sheet = declare_report_sheet(report_id, request.member, request.at)
    return _document(request, sheet, f"/reports/{report_id}/declare", "/reports")


@page(methods=("POST",))
def hand_in_version(request: Any, version_id: UUID) -> HttpResponse:
    """Take the signature of one's own key on the document of a version."""
    sheet = declare_version_sheet(version_id, request.member, request.at)
    return _hand_in(request, sheet, f"/versions/{version_id}/declare", f"/versions/{version_id}")


@page(methods=("POST",))
def hand_in_report(request: Any, report_id: UUID) -> HttpResponse:
    """Take the signature of one's own key on the document of a report."""
    sheet = declare_report_sheet(report_id, request.member, request.at)
    return _hand_in(request, sheet, f"/reports/{report_id}/declare", "/reports")


def _declare(request: Any, sheet: DeclareSheet, base: str, over: str) -> HttpResponse:
    if request.method == "GET":
        return _form_page(request, sheet, base, over)
    form = DeclarationForm(request.POST, asked=sheet.asked, auto_id="declaration-%s")
    sent = send(request, form, lambda given: _signed(request, sheet, form, given))
    if sent.done:
        messages.success(request, _("The declaration is signed, for exactly this content."))
        return redirect("/reports" if sheet.report else f"{over}#declaration")
    if isinstance(sent.refusal, StepUpNeeded):
        return confirm_first(request)
    if isinstance(sent.refusal, ContentChanged):
        messages.error(request, told(sent.refusal))
        return _form_page(request, sheet, base, over, status=409)
    return _form_page(request, sheet, base, over, sign=form)


def _signed(request: Any, sheet: DeclareSheet, form: DeclarationForm, given: Any) -> None:
    terms = {
        "content_hash": given["content_hash"],
        "template": given["template"],
        "statements": form.assented(),
        "valid_until": form.ends_at(),
        "actor": request.member,
        "at": request.at,
    }
    if sheet.report is not None:
        compliance.sign_report(report_id=sheet.report.pk, **terms)
    else:
        assert sheet.version is not None
        compliance.sign_declaration(version_id=sheet.version.pk, **terms)


def _document(request: Any, sheet: DeclareSheet, base: str, over: str) -> HttpResponse:
    form = OutsideForm(request.POST, asked=sheet.asked, keys=_keys(sheet), auto_id="outside-%s")
    made: list[bytes] = []
    sent = send(request, form, lambda given: made.append(_prepared(request, sheet, form, given)))
    if not made:
        return _form_page(request, sheet, base, over, outside=form)
    assert sent.done
    answer = HttpResponse(made[0], content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="declaration-to-sign.json"'
    return answer


def _prepared(request: Any, sheet: DeclareSheet, form: OutsideForm, given: Any) -> bytes:
    document = compliance.prepare_declaration(
        version_id=sheet.version.pk if sheet.version else None,
        report_id=sheet.report.pk if sheet.report else None,
        content_hash=given["content_hash"],
        template=given["template"],
        statements=form.assented(),
        valid_until=form.ends_at(),
        thumbprint=given["thumbprint"],
        actor=request.member,
        at=request.at,
    )
    return canonical(document)


def _hand_in(request: Any, sheet: DeclareSheet, base: str, over: str) -> HttpResponse:
    form = SignedForm(request.POST, request.FILES, auto_id="signed-%s")
    sent = send(
        request,
        form,
        lambda given: compliance.hand_in_declaration(
            version_id=sheet.version.pk if sheet.version else None,
            report_id=sheet.report.pk if sheet.report else None,
            document=given["document"],
            signature=given["signature"],
            actor=request.member,
            at=request.at,
        ),
    )
    if sent.done:
        messages.success(request, _("The signature of your own key is taken."))
        return redirect("/reports" if sheet.report else f"{over}#declaration")
    return _form_page(request, sheet, base, over, signed=form)


def _form_page(
    request: Any,
    sheet: DeclareSheet,
    base: str,
    over: str,
    *,
    status: int = 200,
    **bound: Any,
) -> HttpResponse:
    asked, standing = sheet.asked, sheet.standing
    first = {
        "key": uuid4().hex,
        "content_hash": sheet.content_hash,
        "template": asked.code,
        "valid_until": look.last_day(asked.longest_days, sheet.rests_until, request.at),
    }
    keys = _keys(sheet)
    forms: dict[str, Any] = {
        "sign": DeclarationForm(initial=first, asked=asked, auto_id="declaration-%s")
    }
    if keys:
        forms["outside"] = OutsideForm(
            initial=first | {"key": uuid4().hex}, asked=asked, keys=keys, auto_id="outside-%s"
        )
        forms["signed"] = SignedForm(initial={"key": uuid4().hex}, auto_id="signed-%s")
    note = ""
    if standing is not None:
        note = _(
            "The one in force ends on %(until)s. A new one on the same content renews it: what was "
            "cleared on it goes on without a review, if nothing else has changed."
        ) % {"until": moment_text(standing.valid_until)}
    shown = DeclarePage(
        title=_("Renew the declaration") if standing else _("Sign the declaration"),
        about=_about(sheet.version, sheet.report),
        over_url=over,
        text_title=asked.title_zh if chinese() else asked.title_en,
        template=asked.code,
        preamble=asked.preamble_zh if chinese() else asked.preamble_en,
        closing=asked.closing_zh if chinese() else asked.closing_en,
        content_hash=sheet.content_hash,
        url=base,
        document_url=f"{base}/document",
        signed_url=f"{base}/signature",
        standing=note,
        keys=tuple(Link(label, "/keys") for _code, label in keys),
    )
    return show(request, "declare.html", shown, status=status, **(forms | bound))


def _keys(sheet: DeclareSheet) -> list[tuple[str, str]]:
    return [(key.thumbprint, f"{key.algorithm} · {key.thumbprint[:12]}…") for key in sheet.keys]


def _about(version: Any, report: Any) -> str:
    if version is not None:
        named = said(version.title_zh, version.title_en) or version.product.code
        return f"{version.product.code} v{version.number} · {named}"
    return f"{report.product.code} · {report.title}"


def _row(request: Any, one: Any, *, may_renew: bool) -> DeclarationRow:
    where = f"/versions/{one.version_id}" if one.version_id else f"/reports/{one.report_id}"
    own = one.organisation_id == request.member.organisation_id
    days = (timezone.localdate(one.valid_until) - timezone.localdate(request.at)).days
    return DeclarationRow(
        title=_about(one.version, one.report),
        url=f"/declarations/{one.pk}",
        state="EXPIRED" if one.state == "IN_FORCE" and one.valid_until <= request.at else one.state,
        attestation=one.get_attestation_display(),
        signed_at=one.signed_at,
        valid_until=one.valid_until,
        days_left=max(days, 0),
        renew_url=f"{where}/declare" if may_renew and own else "",
    )


def shown_declaration(
    request: Any, declaration_id: UUID, breach: BreachForm | None = None
) -> HttpResponse:
    """Show a declaration, with the form of a case as it was typed."""
    sheet = declaration_sheet(declaration_id, request.member, request.at, language())
    row, checked = sheet.declaration, sheet.checked
    document = row.document
    base = f"/declarations/{row.pk}"
    template = template_of_document(document["template"], chinese=chinese())
    api = f"/api/v1/declarations/{row.pk}/verification"
    site = settings.BASE_URL
    means = document.get("attestation_means", {})
    shown = DeclarationPage(
        title=template.title,
        about=_about(row.version, row.report),
        state=checked["state"],
        holds=checked["signature_valid"],
        means=means.get("zh" if chinese() else "en", ""),
        rows=_facts(row, checked),
        preamble=template.preamble,
        closing=template.closing,
        heads=tuple(HeadShown(title, texts) for title, texts in template.heads),
        checks=tuple(
            CheckShown(words.word("seal_check", one["name"]), one["passed"])
            for one in checked["checks"]
        ),
        content_hash=row.content_hash,
        proof_url=api,
        keys_url="/.well-known/jwks.json",
        command=f"curl -so declaration.json {site}{api}\n"
        f"curl -so keys.json {site}/.well-known/jwks.json\n"
        "python manage.py verify_declaration declaration.json --keys keys.json",
        actions=_actions(sheet, base),
        renew_url=_renew_url(sheet),
        breaches=tuple(breach_row(one) for one in sheet.breaches),
        breach_url=f"{base}/breaches",
        timeline=look.history(sheet.history) if sheet.history else None,
    )
    forms: dict[str, Any] = {}
    open_case = any(one.state in ("OPEN", "ANSWERED") for one in sheet.breaches)
    if sheet.may_open and row.state != "BREACHED" and not open_case:
        forms["breach"] = breach or BreachForm(
            statements=template.coded, initial={"key": uuid4().hex}, auto_id="breach-%s"
        )
    return show(request, "declaration.html", shown, **forms)


def breach_row(one: Any) -> BreachRow:
    """Return a line of cases."""
    about = one.declaration
    return BreachRow(
        title=_about(about.version, about.report),
        url=f"/breaches/{one.pk}",
        state=one.state,
        opened_at=one.opened_at,
        until=one.answer_until,
    )


def _facts(row: Any, checked: dict[str, Any]) -> tuple[Row, ...]:
    declared = row.document["organisation"]
    outside = row.attestation == "organisation"
    signer = words.word("attestation", row.attestation)
    rows = [
        Row(_("Declared by"), said(declared["name_zh"], declared["name_en"])),
        Row(
            _("Registry number"), f"{declared['country']} {declared['registry_number']}", code=True
        ),
        Row(_("About"), _about(row.version, row.report)),
        Row(_("Signed"), moment_text(row.signed_at)),
        Row(_("Good until"), moment_text(row.valid_until)),
        Row(_("Whose signature"), signer),
    ]
    if outside:
        rows.append(Row(_("Key"), row.document["signing_key"]["thumbprint"], code=True))
    elif row.confirmed_at:
        proof = words.word("proof", row.confirmed_by)
        rows.append(Row(_("Proved to be there"), f"{moment_text(row.confirmed_at)} · {proof}"))
    rows += [
        Row(_("Wording"), row.template, code=True),
        Row(_("For the content"), row.content_hash, code=True),
        Row(_("Venue's key"), checked["key_id"], code=True),
    ]
    if row.former_id:
        rows.append(
            Row(_("Renews"), str(row.former_id)[-12:], url=f"/declarations/{row.former_id}")
        )
    return tuple(rows)


def _renew_url(sheet: DeclarationSheet) -> str:
    row = sheet.declaration
    if not sheet.may_sign or sheet.checked["state"] == "BREACHED" or sheet.renewed:
        return ""
    if row.version is not None:
        open_ = row.version.content_hash == row.content_hash
        return f"/versions/{row.version_id}/declare" if open_ else ""
    return f"/reports/{row.report_id}/declare"


def _actions(sheet: DeclarationSheet, base: str) -> tuple[Any, ...]:
    if not sheet.may_sign or sheet.checked["state"] != "IN_FORCE":
        return ()
    if sheet.declaration.report_id is not None:
        consequence = _(
            "The report lifts nothing any more. What rested on it is screened again at once: new "
            "orders stop, deliveries under way go on."
        )
    else:
        consequence = _(
            "New orders stop at once, and open orders are refused; deliveries under way go on. "
            "Every declaration of yours on the same content is withdrawn with it."
        )
    return (
        look.button(
            "declaration",
            "withdraw",
            f"{base}/withdraw",
            danger=True,
            asks_reason=True,
            consequence=consequence,
        ),
    )
