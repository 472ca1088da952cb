"""Records about persons: consents and bases, impact assessments, anonymisation claims."""

from typing import Any
from uuid import UUID, uuid4

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance import services as compliance
from core.actors import why_not
from exchange.portal import look
from exchange.portal.edge import act, keyset, language, page, said, send, show, uuid_of
from exchange.portal.pages.records import NewRecordPage, RecordPage, RecordsPage
from exchange.portal.pieces import EmptyState, Link
from exchange.portal.record_forms import (
    AnonymisationForm,
    AssessmentForm,
    BasisForm,
    BindForm,
    RecordForm,
    WithdrawForm,
)
from exchange.portal.record_words import (
    RECORDS,
    about,
    left_of,
    note,
    record_file_link,
    record_row,
    sections_of,
)
from exchange.portal.vendor_forms import upload_of
from exchange.selectors.records import (
    RecordChoices,
    RecordSheet,
    record_choices,
    record_rows,
    record_sheet,
)
from exchange.services.handing_in import record_on_persons
from exchange.templatetags import words
from listings.models import Version

KINDS: dict[str, type[RecordForm]] = {
    "basis": BasisForm,
    "assessment": AssessmentForm,
    "anonymisation": AnonymisationForm,
}


@page()
def records(request: Any) -> HttpResponse:
    """List the records about persons, with the ways to record further ones."""
    found, more = keyset(record_rows(request.member), request)
    news: tuple[Link, ...] = ()
    if _may_record(request):
        news = tuple(
            Link(words.word("new_record", kind), f"{RECORDS}/new/{kind}") for kind in KINDS
        )
    empty = EmptyState(
        _("No record yet"),
        _(
            "Data about persons rest on a consent or another basis, an impact assessment, or a "
            "tested claim that nobody can be identified any more."
        ),
    )
    shown = RecordsPage(
        rows=tuple(record_row(row, request.at) for row in found),
        news=news,
        more_url=f"{RECORDS}?after={more}" if more else "",
        empty=None if found else empty,
    )
    return show(request, "personal_records.html", shown)


@page(methods=("GET", "POST"))
def new(request: Any, kind: str) -> HttpResponse:
    """Record a basis, an assessment or a claim; a refused form comes back as it was typed."""
    choices = record_choices(request.member, request.at)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = _form(kind, choices, *given)
    if request.method == "POST":
        sent = send(request, form, lambda _given: _recorded(request, kind, form))
        if sent.done:
            return redirect(f"{RECORDS}/{sent.answer['id']}")
    shown = NewRecordPage(
        kind=kind,
        title=words.word("new_record", kind),
        by=words.word("why_record", kind),
        submit_url=f"{RECORDS}/new/{kind}",
        list_url=RECORDS,
    )
    return show(request, "personal_record_new.html", shown, form=form)


@page()
def record(request: Any, record_id: UUID) -> HttpResponse:
    """Show one record: what it says, what rests on it, and what was withdrawn."""
    return _record(request, record_id)


@page(methods=("POST",))
def bind(request: Any, record_id: UUID) -> HttpResponse:
    """Let a version of one's own rest on a record."""
    sheet = record_sheet(record_id, request.member, request.at, language())
    form = _bind_form(sheet, request.POST)
    sent = send(
        request,
        form,
        lambda given: compliance.bind_record(
            record_id=record_id,
            version_id=uuid_of(given["version"], "version"),
            actor=request.member,
            at=request.at,
        ),
    )
    if sent.done:
        return redirect(f"{RECORDS}/{record_id}")
    return _record(request, record_id, sheet, bind=form)


@page(methods=("POST",))
def narrow(request: Any, record_id: UUID) -> HttpResponse:
    """Withdraw single purposes or kinds of recipient from a consent."""
    sheet = record_sheet(record_id, request.member, request.at, language())
    form = _narrow_form(sheet, request.POST)
    sent = send(
        request,
        form,
        lambda given: compliance.withdraw_record(
            record_id=record_id,
            purposes=given["purposes"],
            recipient_kinds=given["recipient_kinds"],
            reason=given["reason"],
            actor=request.member,
            at=request.at,
        ),
    )
    if sent.done:
        return redirect(f"{RECORDS}/{record_id}")
    return _record(request, record_id, sheet, narrow=form)


@page(methods=("POST",))
def withdraw(request: Any, record_id: UUID) -> HttpResponse:
    """Withdraw a whole record."""
    return act(
        request,
        lambda: compliance.withdraw_record(
            record_id=record_id,
            purposes=(),
            recipient_kinds=(),
            reason=request.POST.get("reason", "")[:500],
            actor=request.member,
            at=request.at,
        ),
        f"{RECORDS}/{record_id}",
    )


def _may_record(request: Any) -> bool:
    return not why_not(request.member, "record") and not request.member.is_venue


def _form(kind: str, choices: RecordChoices, *given: Any) -> Any:
    more: dict[str, Any] = {
        "initial": {"key": uuid4().hex},
        "versions": [_named(one) for one in choices.versions],
    }
    if kind == "basis":
        more["trustees"] = [
            (str(one.pk), said(one.name_zh, one.name_en)) for one in choices.trustees
        ]
        more["formers"] = [(str(one.pk), about(one)) for one in choices.formers]
    return KINDS[kind](*given, **more)


def _named(version: Version) -> tuple[str, str]:
    title = said(version.title_zh, version.title_en) or version.product.code
    return str(version.pk), f"{title} v{version.number}"


def _recorded(request: Any, kind: str, form: Any) -> dict[str, str]:
    given = form.cleaned_data
    basis: dict[str, Any] = {}
    if kind == "basis":
        named = {name: given[name] or None for name in ("trustee", "former")}
        basis = {
            f"{name}_id": uuid_of(value, name) if value else None for name, value in named.items()
        } | {"valid_until": form.ends_at()}
    made = record_on_persons(
        kind=kind,
        terms=form.terms(),
        file=upload_of(given["file"]),
        version_ids=[uuid_of(one, "versions") for one in given["versions"]],
        actor=request.member,
        at=request.at,
        basis=basis,
    )
    return {"id": str(made.pk)}


def _bind_form(sheet: RecordSheet, *given: Any) -> BindForm:
    named = [_named(one) for one in sheet.bindable]
    return BindForm(*given, versions=named, initial={"key": uuid4().hex}, auto_id="bind-%s")


def _narrow_form(sheet: RecordSheet, *given: Any) -> WithdrawForm:
    purposes, kinds = left_of(sheet.record)
    return WithdrawForm(
        *given,
        purposes=purposes,
        recipient_kinds=kinds,
        initial={"key": uuid4().hex},
        auto_id="narrow-%s",
    )


def _record(
    request: Any, record_id: UUID, sheet: RecordSheet | None = None, **bound: Form
) -> HttpResponse:
    sheet = sheet or record_sheet(record_id, request.member, request.at, language())
    row, base = sheet.record, f"{RECORDS}/{record_id}"
    holder = request.member.organisation_id in (row.organisation_id, row.trustee_id)
    may = holder and _may_record(request) and row.state != "WITHDRAWN"
    lists = sheet.bindable and not why_not(request.member, "list")
    forms: dict[str, Any] = {}
    if lists:
        forms["bind"] = _bind_form(sheet)
    if may and row.kind == "basis":
        forms["narrow"] = _narrow_form(sheet)
    shown = RecordPage(
        title=words.word("record_kind", row.kind),
        about=about(row),
        state=row.state,
        note=note(row, request.at),
        sections=sections_of(row),
        wording=row.document.get("wording", ""),
        file=record_file_link(row),
        versions=tuple(Link(_named(one)[1], f"/versions/{one.pk}") for one in sheet.versions),
        list_url=RECORDS,
        bind_url=f"{base}/bind",
        narrow_url=f"{base}/narrow",
        withdraw=_withdraw(sheet, base) if may else None,
        document_hash=row.document_hash,
        timeline=look.history(sheet.history),
    )
    return show(request, "personal_record.html", shown, **forms | bound)


def _withdraw(sheet: RecordSheet, base: str) -> Any:
    count = len(sheet.versions)
    if sheet.record.kind == "basis":
        consequence = ngettext(
            "New orders of %(n)d version stop at once, open ones are refused, deliveries stop, and "
            "buyers are asked to prove that they deleted the data.",
            "New orders of %(n)d versions stop at once, open ones are refused, deliveries stop, "
            "and buyers are asked to prove that they deleted the data.",
            count,
        ) % {"n": count}
    else:
        consequence = ngettext(
            "The clearance of %(n)d version that rests on it ends: new orders stop at once, "
            "deliveries under way go on.",
            "The clearances of %(n)d versions that rest on it end: new orders stop at once, "
            "deliveries under way go on.",
            count,
        ) % {"n": count}
    return look.button(
        "personal-record",
        "withdraw",
        f"{base}/withdraw",
        danger=True,
        asks_reason=True,
        consequence=consequence,
    )
