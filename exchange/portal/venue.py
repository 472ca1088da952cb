"""Who is let in: the pages of the venue's administrators."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Malformed
from core.models import Capacity, Organisation
from core.services import organisations
from exchange.portal import look
from exchange.portal.edge import act, keyset, language, page, said, send, show
from exchange.portal.forms import CodeForm
from exchange.portal.pages.members import MemberRow
from exchange.portal.pages.venue import (
    ApplicationPage,
    ApplicationRow,
    ApplicationsPage,
    AskedCapacity,
    CapacityCard,
    NumberCheck,
)
from exchange.portal.pieces import Action, EmptyState, Link, Row, Section
from exchange.selectors.applications import (
    ApplicationSheet,
    Check,
    application_sheet,
    applications,
)
from exchange.templatetags import words
from exchange.templatetags.countries import country

# The public register of companies, whose codes begin with 9: there a name is compared by hand.
REGISTER = "https://www.gsxt.gov.cn/"
NEEDS_REASON = frozenset({"refuse", "suspend", "close", "withdraw"})
DANGER = frozenset({"refuse", "suspend", "close", "withdraw"})


@page()
def list_applications(request: Any) -> HttpResponse:
    """List the organisations that wait for a decision, or all of them."""
    every = request.GET.get("show") == "all"
    found, more = keyset(applications(request.member, waiting=not every), request)
    rows = tuple(_row(one) for one in found)
    filters = (
        Link(_("Waiting for a decision"), "/applications", current=not every),
        Link(_("All organisations"), "/applications?show=all", current=every),
    )
    query = ({"show": "all"} if every else {}) | {"after": more}
    shown = ApplicationsPage(
        rows=rows,
        filters=filters,
        more_url=f"/applications?{urlencode(query)}" if more else "",
        empty=None if rows else _nobody(every=every),
    )
    return show(request, "applications.html", shown)


def _nobody(*, every: bool) -> EmptyState:
    if every:
        return EmptyState(
            _("No organisation has applied yet"),
            _("Whoever signs up enters its organisation; it appears here at once."),
        )
    return EmptyState(
        _("Nobody waits for a decision"),
        _("New applications appear here."),
        (Link(_("All organisations"), "/applications?show=all"),),
    )


def _row(found: Organisation) -> ApplicationRow:
    return ApplicationRow(
        name=said(found.name_zh, found.name_en),
        url=f"/applications/{found.pk}",
        code=found.code,
        number=f"{found.country} {found.registry_number}",
        state=found.state,
        capacities=tuple(
            AskedCapacity(row.kind, row.state)
            for row in sorted(found.capacities.all(), key=lambda row: row.kind)
        ),
        applied_at=found.created_at,
    )


@page()
def application(request: Any, organisation_id: UUID) -> HttpResponse:
    """Show what an organisation stated, what its number tells, and what may be decided."""
    return _application(request, organisation_id)


def _application(request: Any, organisation_id: UUID, form: CodeForm | None = None) -> HttpResponse:
    sheet = application_sheet(organisation_id, request.member, language())
    found, base = sheet.organisation, f"/applications/{sheet.organisation.pk}"
    shown = ApplicationPage(
        name=said(found.name_zh, found.name_en),
        state=found.state,
        stated=_stated(found),
        checks=(*(_check(one) for one in sheet.checks), _namesakes(sheet)),
        register=Link(_("Look it up in the public register"), REGISTER)
        if found.country == "CN" and found.registry_number.startswith("9")
        else None,
        members=tuple(
            MemberRow(one.user.name, one.user.email, tuple(one.roles)) for one in sheet.members
        ),
        capacities=tuple(_capacity(row, sheet, base) for row in sheet.capacities),
        actions=tuple(_organisation_button(verb, base) for verb in sheet.verbs),
        timeline=look.timeline(sheet.events, sheet.names),
        code_url=f"{base}/code",
        list_url="/applications",
        exports_url="" if found.is_venue else f"/exports/{found.pk}",
        simulated=found.simulated,
    )
    form = form or CodeForm(initial={"code": found.code, "key": uuid4().hex})
    return show(request, "application.html", shown, form=form)


def _stated(found: Organisation) -> Section:
    return Section(
        _("What it stated"),
        (
            Row(_("Chinese name"), found.name_zh or None),
            Row(_("English name"), found.name_en or None),
            Row(_("Country"), country(found.country)),
            Row(_("Registry number"), found.registry_number, code=True),
            Row(_("Kind"), words.word("organisation_kind", found.kind)),
            Row(_("Controlled by foreigners"), look.yes_no(found.foreign_controlled)),
            Row(_("Region"), words.region(found.region) if found.region else None),
            Row(_("Applied on"), timezone.localtime(found.created_at).date().isoformat()),
        ),
    )


def _check(check: Check) -> NumberCheck:
    """Return a look at the number in the reader's words."""
    texts = {
        ("check-character", "passed"): _("The check character %(found)s is right."),
        ("check-character", "failed"): _("The check character %(found)s is wrong."),
        ("kind", "passed"): _("It begins with %(found)s, as codes of the kind stated do."),
        ("kind", "failed"): _("It begins with %(found)s, as codes of the kind stated do not."),
        ("area", "passed"): _("%(found)s is the area of a province."),
        ("area", "failed"): _("%(found)s is no area: no register has given this number out."),
        ("region", "passed"): _("The region stated is that of the number, %(found)s."),
        ("region", "failed"): _("The region stated is not that of the number, %(found)s."),
        ("form", "unknown"): _(
            "Numbers of this country cannot be checked here: ask for an extract of its register."
        ),
    }
    return NumberCheck(check.verdict, texts[check.name, check.verdict] % {"found": check.found})


def _namesakes(sheet: ApplicationSheet) -> NumberCheck:
    if not sheet.namesakes:
        return NumberCheck("passed", _("No other organisation here has its name."))
    numbers = _(", ").join(f"{one.country} {one.registry_number}" for one in sheet.namesakes)
    return NumberCheck(
        "failed", _("Others here have the same name: %(numbers)s.") % {"numbers": numbers}
    )


def _organisation_button(verb: str, base: str) -> Action:
    consequences = {
        "verify": _("It may then ask for capacities; it trades in none before you admit it."),
        "refuse": _("This is final: it cannot be verified later, and it reads the reason."),
        "suspend": _(
            "New orders for what it offers and by it stop at once; deliveries under way go on."
        ),
        "reinstate": _("What was suspended with it resumes, and it may trade again."),
        "close": _(
            "This is final: its clearances end and open orders for what it offers are refused; "
            "deliveries under way go on."
        ),
    }
    return look.button(
        "organisation",
        verb,
        f"{base}/{verb}",
        consequence=consequences[verb],
        asks_reason=True,
        reason_needed=verb in NEEDS_REASON,
        primary=verb == "verify",
        danger=verb in DANGER,
    )


def _capacity(row: Capacity, sheet: ApplicationSheet, base: str) -> CapacityCard:
    waits = row.state == "APPLIED" and sheet.organisation.state != "ACTIVE"
    return CapacityCard(
        kind=row.kind,
        state=row.state,
        applied_at=row.applied_at,
        actions=tuple(
            _capacity_button(row.kind, verb, base) for verb in sheet.capacity_verbs[row.kind]
        ),
        note=_("Verify the organisation first.") if waits else "",
    )


def _capacity_button(kind: str, verb: str, base: str) -> Action:
    consequences = {
        "admit": {
            "vendor": _("It may list products and sell from now on; its accounts are opened."),
            "buyer": _("It may order from now on; its accounts are opened."),
            "supplier": _(
                "Vendors may list its data under a mandate from now on; its accounts are opened."
            ),
        }.get(kind, _("It may act as this from now on; its accounts are opened.")),
        "refuse": _("It reads the reason, and may ask again."),
        "suspend": {
            "buyer": _("It can order no more until it is reinstated; deliveries under way go on."),
        }.get(
            kind,
            _("Orders for what it offers so stop until it is reinstated; deliveries go on."),
        ),
        "reinstate": _("What was suspended with it resumes."),
        "withdraw": _("It ends at once; to have it again, the organisation has to ask again."),
    }
    return look.button(
        "capacity",
        verb,
        f"{base}/capacities/{kind}/{verb}",
        consequence=consequences[verb],
        asks_reason=True,
        reason_needed=verb in NEEDS_REASON,
        danger=verb in DANGER,
    )


@page(methods=("POST",))
def decide(request: Any, organisation_id: UUID, verb: str) -> HttpResponse:
    """Verify, refuse, suspend, reinstate or close an organisation."""
    return act(
        request,
        lambda: organisations.decide_organisation(
            organisation_id=organisation_id,
            verb=verb,
            reason=_reason(request, verb),
            actor=request.member,
            at=request.at,
        ),
        f"/applications/{organisation_id}",
    )


@page(methods=("POST",))
def decide_capacity(request: Any, organisation_id: UUID, kind: str, verb: str) -> HttpResponse:
    """Admit, refuse, suspend, reinstate or withdraw a capacity."""
    return act(
        request,
        lambda: organisations.decide_capacity(
            organisation_id=organisation_id,
            kind=kind,
            verb=verb,
            reason=_reason(request, verb),
            actor=request.member,
            at=request.at,
        ),
        f"/applications/{organisation_id}",
    )


def _reason(request: Any, verb: str) -> str:
    reason = str(request.POST.get("reason", "")).strip()[:500]
    if verb in NEEDS_REASON and not reason:
        raise Malformed(fields={"reason": [_("A reason is needed.")]})
    return reason


@page(methods=("POST",))
def give_code(request: Any, organisation_id: UUID) -> HttpResponse:
    """Give an organisation the short code by which commands name it."""
    form = CodeForm(request.POST)
    sent = send(
        request,
        form,
        lambda given: organisations.give_code(
            organisation_id=organisation_id,
            code=given["code"],
            actor=request.member,
            at=request.at,
        ),
    )
    if sent.done:
        return redirect(f"/applications/{organisation_id}")
    return _application(request, organisation_id, form)
