"""Rights records: what the venue keeps of the rights in data, recorded with their proof."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.actors import why_not
from exchange.portal import look
from exchange.portal.edge import act, keyset, page, said, send, show, uuid_of
from exchange.portal.pages.vendor import RightRow, RightsPage
from exchange.portal.pieces import EmptyState
from exchange.portal.vendor_forms import RightForm, start_of, upload_of
from exchange.selectors.drafts import RightsSheet, rights_sheet
from exchange.services.handing_in import record_proven_right
from exchange.templatetags import words
from listings import services as listings


@page()
def rights(request: Any) -> HttpResponse:
    """List the rights in one's own data and one's suppliers', with the form to record one."""
    return _rights(request, rights_sheet(request.member, request.at))


@page(methods=("POST",))
def record(request: Any) -> HttpResponse:
    """Record a right; a refused form comes back with what was typed."""
    number = request.POST.get("holder_number", "").strip()
    sheet = rights_sheet(request.member, request.at, numbers=[number] if number else ())
    form = _form(sheet, request.POST, request.FILES)
    sent = send(request, form, lambda given: _recorded(request, form, given))
    if sent.done:
        messages.success(request, _("The right is recorded."))
        return redirect("/rights")
    return _rights(request, sheet, form)


@page(methods=("POST",))
def withdraw(request: Any, rights_record_id: UUID) -> HttpResponse:
    """Withdraw the record of a right in one's own data."""
    return act(
        request,
        lambda: listings.withdraw_right(
            rights_record_id=rights_record_id, actor=request.member, at=request.at
        ),
        "/rights",
    )


def _recorded(request: Any, form: RightForm, given: dict[str, Any]) -> None:
    record_proven_right(
        supplier_id=uuid_of(given["supplier"], "supplier"),
        kind=given["kind"],
        holder_id=uuid_of(given["holder"], "holder"),
        certificate_code=given["certificate_code"],
        proof=upload_of(given["proof"]),
        valid_from=start_of(given["valid_from"]),
        valid_until=form.ends_at(),
        actor=request.member,
        at=request.at,
    )


def _rights(request: Any, sheet: RightsSheet, form: RightForm | None = None) -> HttpResponse:
    found, more = keyset(sheet.rows, request)
    may_record = not why_not(request.member, "record") and not request.member.is_venue
    empty = EmptyState(
        _("No right is recorded yet"),
        _("A version rests on rights in its data: to hold, to process and use, to operate."),
    )
    shown = RightsPage(
        rows=tuple(_row(request, row, may_withdraw=may_record) for row in found),
        submit_url="/rights/record",
        more_url=f"/rights?after={more}" if more else "",
        empty=None if found else empty,
    )
    if form is None and may_record:
        form = _form(sheet)
    return show(request, "rights.html", shown, form=form)


def _form(sheet: RightsSheet, *given: Any) -> RightForm:
    parties = [one for one in (sheet.own, *sheet.suppliers) if one is not None]
    named = [(str(one.pk), said(one.name_zh, one.name_en)) for one in parties]
    return RightForm(
        *given, initial={"key": uuid4().hex}, organisations=named, numbers=sheet.numbers
    )


def _row(request: Any, row: Any, *, may_withdraw: bool) -> RightRow:
    own = row.supplier_id == request.member.organisation_id and row.state == "RECORDED"
    withdraw_ = look.button(
        "rights-record",
        "withdraw",
        f"/rights/{row.pk}/withdraw",
        danger=True,
        consequence=_(
            "What was cleared on it ends: new orders stop at once, deliveries under way go on. A "
            "right that still exists has to be recorded again."
        ),
    )
    return RightRow(
        kind=words.word("right_kind", row.kind),
        supplier=said(row.supplier.name_zh, row.supplier.name_en),
        holder=said(row.holder.name_zh, row.holder.name_en),
        proof=row.certificate_code or (row.proof.name if row.proof else ""),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        state=row.state,
        withdraw=withdraw_ if own and may_withdraw else None,
    )
