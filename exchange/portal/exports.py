"""What leaves the mainland, year by year, and the register that decides which way it may go."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from compliance import selectors
from compliance import services as compliance
from compliance.models import RegisterKind
from compliance.rules import CHINA
from compliance.selectors import ExportYear
from core.actors import why_not
from core.errors import Malformed, NotFound
from core.service import organisation_of
from exchange.portal.edge import keyset, page, said, send, show
from exchange.portal.pages.exports import (
    BoundRow,
    CountLine,
    EntryRow,
    ExporterRow,
    ExportersPage,
    ExportsPage,
    LedgerRow,
)
from exchange.portal.pieces import EmptyState, Link
from exchange.portal.register_forms import PATHS, RegisterForm, says

YEARS = 3


@page()
def exports(request: Any) -> HttpResponse:
    """Show the year of one's own organisation; the venue sees who exports."""
    if request.member.is_venue:
        return _exporters(request)
    return _exports(request, organisation_of(request.member))


@page()
def exporter(request: Any, organisation_id: UUID) -> HttpResponse:
    """Show one exporter's year, and the register, to which the venue adds."""
    return _exports(request, organisation_id)


@page(methods=("POST",))
def record(request: Any, organisation_id: UUID) -> HttpResponse:
    """Enter a fact in the register of an organisation."""
    kind = request.POST.get("kind", "")
    if kind not in RegisterKind.values:
        raise Malformed(fields={"kind": [_("is no kind of entry")]})
    form = _form(request, organisation_id, kind, request.POST)
    sent = send(
        request,
        form,
        lambda _given: _recorded(request, organisation_id, form),
    )
    if sent.done:
        messages.success(request, _("The entry is recorded."))
        return redirect(f"/exports/{organisation_id}")
    return _exports(request, organisation_id, form)


def _recorded(request: Any, organisation_id: UUID, form: RegisterForm) -> None:
    compliance.record_register_entry(
        organisation_id=organisation_id, entry=form.entry(), actor=request.member, at=request.at
    )


def _year(request: Any) -> int:
    text = request.GET.get("year", "")
    if not text:
        return int(request.at.astimezone(CHINA).year)
    if not text.isascii() or not text.isdecimal() or len(text) != 4:
        raise Malformed(fields={"year": [_("must be a year, as 2026")]})
    return int(text)


def _years(request: Any, base: str, shown: int) -> tuple[Link, ...]:
    this = request.at.astimezone(CHINA).year
    return tuple(
        Link(str(year), f"{base}?year={year}", current=year == shown)
        for year in range(this, this - YEARS, -1)
    )


def _exporters(request: Any) -> HttpResponse:
    year = _year(request)
    found, more = keyset(
        selectors.exporters_of_year(request.member, year), request, ("exporter_id", "id")
    )
    empty = EmptyState(
        _("Nobody has sent personal data abroad in %(year)s") % {"year": year},
        _("What is sold abroad appears here. Registers are kept for each organisation."),
        (Link(_("All organisations"), "/applications?show=all"),),
    )
    shown = ExportersPage(
        year=year,
        years=_years(request, "/exports", year),
        rows=tuple(
            ExporterRow(
                name=said(one.exporter.name_zh, one.exporter.name_en),
                url=f"/exports/{one.exporter_id}?year={year}",
                reserved=one.reserved_persons,
                committed=one.committed_persons,
                reserved_sensitive=one.reserved_sensitive,
                committed_sensitive=one.committed_sensitive,
            )
            for one in found
        ),
        more_url=f"/exports?{urlencode({'year': year, 'after': more})}" if more else "",
        empty=None if found else empty,
    )
    return show(request, "exporters.html", shown)


def _exports(request: Any, organisation_id: UUID, form: RegisterForm | None = None) -> HttpResponse:
    year, member = _year(request), request.member
    found = selectors.export_year(organisation_id, member, request.at, year)
    rows, more = keyset(
        selectors.exports_of_year(organisation_id, member, year), request, ("-at", "-id")
    )
    base = (
        "/exports" if member.organisation_id == organisation_id else f"/exports/{organisation_id}"
    )
    may_record = not why_not(member, "admit")
    kind = request.GET.get("kind", "")
    if form is None and may_record and kind:
        form = _form(request, organisation_id, kind)
    empty = EmptyState(
        _("Nothing was sold abroad in %(year)s") % {"year": year},
        _("What takes personal data out of the mainland is entered when it is matched."),
    )
    shown = ExportsPage(
        organisation=said(found.organisation.name_zh, found.organisation.name_en),
        year=year,
        table=found.table,
        years=_years(request, base, year),
        counts=_counts(found),
        bounds=tuple(_bound(found, one) for one in found.bounds),
        entries=tuple(_entry(one) for one in found.entries),
        missing=tuple(str(kind.label) for kind in found.missing),
        rows=tuple(_row(one) for one in rows),
        empty=None if rows else empty,
        more_url=f"{base}?{urlencode({'year': year, 'after': more})}" if more else "",
        list_url="/exports" if member.is_venue else "",
        record=tuple(
            Link(str(one.label), f"{base}?kind={one.value}#record", current=one.value == kind)
            for one in RegisterKind
        )
        if may_record
        else (),
        recording=str(RegisterKind(form.kind_).label) if form else "",
        submit_url=f"{base}/register",
    )
    return show(request, "exports.html", shown, form=form)


def _form(request: Any, organisation_id: UUID, kind: str, *given: Any) -> RegisterForm:
    """Return the form for one kind of entry.

    Raises:
        NotFound: there is no such kind.

    """
    if kind not in RegisterKind.values:
        raise NotFound
    today = request.at.astimezone(CHINA).date()
    first = today.replace(month=1, day=1) if kind == RegisterKind.EXPORTS_ELSEWHERE else today
    return RegisterForm(
        *given,
        kind=kind,
        products=[
            (str(one.pk), one.code) for one in selectors.products_for_register(organisation_id)
        ],
        initial={"key": uuid4().hex, "kind": kind, "valid_from": first},
    )


def _counts(found: ExportYear) -> tuple[CountLine, ...]:
    lines = (
        (_("Reserved: sold, not fetched yet"), found.reserved, False),
        (_("Handed over"), found.committed, False),
        (_("Left by other ways"), found.elsewhere, False),
        (_("Together"), found.total, True),
    )
    return tuple(
        CountLine(
            label,
            None if counts is None else counts.persons,
            None if counts is None else counts.sensitive_persons,
            total,
        )
        for label, counts, total in lines
    )


def _bound(found: ExportYear, one: selectors.BoundLeft) -> BoundRow:
    used = None
    if found.total is not None:
        used = found.total.sensitive_persons if one.sensitive else found.total.persons
    return BoundRow(
        counted=_("persons of sensitive information") if one.sensitive else _("persons"),
        bound=one.count,
        path=str(PATHS[one.path.value]),
        used=used,
        left=one.left,
    )


def _entry(one: Any) -> EntryRow:
    about = str(RegisterKind(one.kind).label)
    return EntryRow(
        about=f"{about} · {one.product.code}" if one.product else about,
        says=says(one),
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        basis=one.basis,
    )


def _row(one: Any) -> LedgerRow:
    return LedgerRow(
        at=one.at,
        kind=one.get_kind_display(),
        persons=one.persons,
        sensitive=one.sensitive_persons,
        reference=str(one.reference)[:8],
        url=f"/trades/{one.reference}",
    )
