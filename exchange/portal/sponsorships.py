"""Sponsorships: a vendor proposes to list for a supplier, which accepts or declines."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.actors import why_not
from core.errors import Conflict, Malformed, NotFound
from exchange.portal import look
from exchange.portal.edge import act, keyset, page, said, send, show
from exchange.portal.pages.vendor import SponsorshipRow, SponsorshipsPage
from exchange.portal.pieces import Action, EmptyState, Link
from exchange.portal.vendor_forms import MandateForm, upload_of
from exchange.selectors.sponsorships import sponsorships_sheet, supplier_named
from exchange.services.handing_in import propose_mandated_sponsorship
from exchange.templatetags.portal import moment_text
from listings import services as listings
from listings.models import Sponsorship
from listings.states import SPONSORSHIP

VERBS = {
    "accept": listings.accept_sponsorship,
    "decline": listings.decline_sponsorship,
    "withdraw": listings.withdraw_sponsorship,
}
# The word for ending what was only proposed is the supplier's own.
OF_SIDES = {"supplier": ("accept", "decline", "withdraw"), "vendor": ("withdraw",)}


@page()
def list_sponsorships(request: Any) -> HttpResponse:
    """List for whom the organisation lists, and who lists for it; what waits comes first."""
    return _sponsorships(request)


@page(methods=("POST",))
def propose(request: Any) -> HttpResponse:
    """Propose to list for a supplier; a refused form comes back with what was typed."""
    form = MandateForm(request.POST, request.FILES)
    sent = send(request, form, lambda given: _proposed(request, form, given))
    if sent.done:
        return redirect("/sponsorships")
    return _sponsorships(request, form)


def _proposed(request: Any, form: MandateForm, given: dict[str, Any]) -> None:
    mandate = upload_of(given["mandate"])
    assert mandate is not None
    propose_mandated_sponsorship(
        supplier_id=_supplier(given["supplier"]),
        mandate=mandate,
        valid_until=form.ends_at(),
        actor=request.member,
        at=request.at,
    )


def _supplier(text: str) -> UUID:
    try:
        return supplier_named(text).pk
    except NotFound:
        told = _("No admitted supplier of the venue has this number or code. Ask it for its own.")
    except Conflict as error:
        told = str(error.detail)
    raise Malformed(fields={"supplier_id": [told]})


@page(methods=("POST",))
def act_on_sponsorship(request: Any, sponsorship_id: UUID, verb: str) -> HttpResponse:
    """Accept, decline or withdraw a sponsorship."""
    return act(
        request,
        lambda: VERBS[verb](sponsorship_id=sponsorship_id, actor=request.member, at=request.at),
        "/sponsorships",
    )


def _sponsorships(request: Any, form: MandateForm | None = None) -> HttpResponse:
    sheet = sponsorships_sheet(request.member)
    found, more = keyset(sheet.rows, request)
    may_propose = not why_not(request.member, "list")
    asked = {one.pk for one in sheet.waiting}
    shown = SponsorshipsPage(
        waiting=tuple(_row(request, one) for one in sheet.waiting),
        rows=tuple(_row(request, one) for one in found if one.pk not in asked),
        submit_url="/sponsorships/propose",
        more_url=f"/sponsorships?after={more}" if more else "",
        empty=None if found else _none(may_propose=may_propose),
    )
    if form is None and may_propose:
        form = MandateForm(initial={"key": uuid4().hex})
    return show(request, "sponsorships.html", shown, form=form)


def _none(*, may_propose: bool) -> EmptyState:
    title = _("No sponsorship yet")
    if may_propose:
        return EmptyState(
            title, _("Your own data need none. To list a supplier's, propose one below.")
        )
    return EmptyState(
        title,
        _(
            "A supplier that is no vendor lists through one. Give a vendor your registry number "
            "and a signed mandate: what it proposes then appears here for you to accept."
        ),
        (Link(_("Your organisation"), "/organisation"),),
    )


def _row(request: Any, found: Sponsorship) -> SponsorshipRow:
    own = request.member.organisation_id
    side = {found.vendor_id: "vendor", found.supplier_id: "supplier"}.get(own, "venue")
    may = not why_not(request.member, "sign")
    verbs = [one for one in SPONSORSHIP.verbs(found.state) if one in OF_SIDES.get(side, ())]
    if "decline" in verbs:
        verbs.remove("withdraw")
    return SponsorshipRow(
        side=side,
        vendor=said(found.vendor.name_zh, found.vendor.name_en),
        supplier=said(found.supplier.name_zh, found.supplier.name_en),
        mandate=found.mandate.name,
        mandate_url=f"/api/v1/sponsorships/{found.pk}/mandate",
        proposed_at=found.proposed_at,
        valid_until=found.valid_until,
        state=found.state,
        actions=tuple(_button(verb, found) for verb in verbs) if may else (),
    )


def _button(verb: str, found: Sponsorship) -> Action:
    vendor = said(found.vendor.name_zh, found.vendor.name_en)
    consequences = {
        "accept": _(
            "%(vendor)s may list products made of your data until %(day)s; each still cites rights "
            "recorded in it. You can withdraw at any time."
        )
        % {"vendor": vendor, "day": moment_text(found.valid_until)},
        "decline": _("%(vendor)s cannot list your data; it may propose again.")
        % {"vendor": vendor},
        "withdraw": _(
            "What is listed under it is cleared no more: new orders stop at once, deliveries under "
            "way go on."
        ),
    }
    return look.button(
        "sponsorship",
        verb,
        f"/sponsorships/{found.pk}/{verb}",
        consequence=consequences[verb],
        primary=verb == "accept",
        danger=verb != "accept",
    )
