"""Reports of service providers: what one made, what it stands by, and what it withdraws."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from exchange.portal import look
from exchange.portal.declaration_forms import ReportForm
from exchange.portal.edge import keyset, page, said, send, show
from exchange.portal.pages.declarations import ReportRow, ReportsPage
from exchange.portal.pieces import EmptyState
from exchange.portal.vendor_forms import given_file
from exchange.selectors.declarations import ReportList, report_list
from exchange.services.handing_in import hand_in_filed_report
from exchange.templatetags.countries import chinese

ORDER = ("-at", "-id")


@page()
def reports(request: Any) -> HttpResponse:
    """List the reports that one made, or that are on one's products."""
    return _reports(request, report_list(request.member, request.at))


@page(methods=("POST",))
def hand_in(request: Any) -> HttpResponse:
    """Hand in a report; it lifts nothing before it is declared."""
    found = report_list(request.member, request.at)
    form = _form(found, request.POST, request.FILES)
    sent = send(
        request,
        form,
        lambda given: hand_in_filed_report(
            product=given["product"],
            key=given["evidence"],
            title=given["title"],
            file=given_file(given["file"]),
            actor=request.member,
            at=request.at,
        ),
    )
    if sent.done:
        messages.success(
            request,
            _("The report is handed in. Sign the declaration on it: without, it lifts nothing."),
        )
        return redirect("/reports")
    return _reports(request, found, form)


def _reports(request: Any, found: ReportList, form: ReportForm | None = None) -> HttpResponse:
    rows, more = keyset(found.rows, request, ORDER)
    empty = EmptyState(
        _("No reports yet"),
        _(
            "A law firm, an auditor or an assessor that the venue admits as a service provider "
            "hands in its reports here, and stands by them."
        ),
    )
    shown = ReportsPage(
        rows=tuple(_row(request, row, found) for row in rows),
        submit_url="/reports/hand-in",
        more_url=f"/reports?after={more}" if more else "",
        empty=None if rows else empty,
    )
    if form is None and found.may_hand_in:
        form = _form(found)
    return show(request, "reports.html", shown, form=form)


def _form(found: ReportList, *given: Any) -> ReportForm:
    kinds = [
        (key, f"{kind.zh if chinese() else kind.en}")
        for key, kind in found.kinds.items()
        if kind.by == "vendor"
    ]
    return ReportForm(*given, initial={"key": uuid4().hex}, kinds=kinds, auto_id="report-%s")


def _row(request: Any, row: Any, found: ReportList) -> ReportRow:
    kind = found.kinds.get(row.key)
    mine = row.provider_id == request.member.organisation_id
    declared = bool(row.standing_id) and row.declared_until > request.at
    state = row.declaration_state or "NONE"
    if state == "IN_FORCE" and not declared:
        state = "EXPIRED"
    withdraw = look.button(
        "declaration",
        "withdraw",
        f"/declarations/{row.standing_id}/withdraw",
        danger=True,
        asks_reason=True,
        consequence=_(
            "The report lifts nothing any more. What rested on it is screened again at once: new "
            "orders stop, deliveries under way go on."
        ),
    )
    return ReportRow(
        title=row.title,
        product=row.product.code,
        provider=said(row.provider.name_zh, row.provider.name_en),
        evidence=(kind.zh if chinese() else kind.en) if kind else row.key,
        at=row.at,
        state="IN_FORCE" if declared else state,
        declared_until=row.declared_until if declared else None,
        file_url=f"/api/v1/reports/{row.pk}/file",
        file=row.file.name,
        sha256=row.sha256,
        declaration_url=f"/declarations/{row.declaration_id}" if row.declaration_id else "",
        declare_url=f"/reports/{row.pk}/declare" if mine and found.may_hand_in else "",
        withdraw=withdraw if mine and declared else None,
    )
