"""For whom a person acts: its organisations, their capacities, and invitations to them."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.api.authentication import SESSION_KEY
from core.errors import NotFound
from core.models import Membership
from core.services import organisations, people
from exchange.portal import look
from exchange.portal.edge import act, page, said, send, show, uuid_of
from exchange.portal.forms import ApplyForm, CapacityForm, InviteForm
from exchange.portal.pages.members import (
    Acting,
    CapacityRow,
    InvitationPage,
    MemberRow,
    OrganisationPage,
)
from exchange.portal.pieces import Action, Row, Section
from exchange.selectors.members import MemberSheet, member_sheet, open_invitation, own_membership
from exchange.templatetags import words
from exchange.templatetags.countries import country

TRADING_CAPACITIES = ("vendor", "supplier", "buyer")


@page()
def organisation(request: Any) -> HttpResponse:
    """Show for whom the reader acts, what it may do there, and whom else it may act for."""
    return _organisation(request)


def _organisation(
    request: Any, *, invited: tuple[str, str] = ("", ""), **forms: Any
) -> HttpResponse:
    sheet = member_sheet(request.member)
    held = {row.kind for row in sheet.capacities if row.state in {"APPLIED", "ADMITTED"}}
    shown = OrganisationPage(
        about=_about(sheet),
        state=sheet.organisation.state if sheet.organisation else "",
        is_venue=request.member.is_venue,
        acting=tuple(
            Acting(
                id=str(one.organisation_id),
                name=said(one.organisation.name_zh, one.organisation.name_en),
                roles=tuple(one.roles),
                state=one.organisation.state,
                current=one.organisation_id == request.member.organisation_id,
            )
            for one in sheet.memberships
        ),
        capacities=tuple(
            CapacityRow(row.kind, row.state, sheet.reasons.get(row.pk, ""))
            for row in sheet.capacities
        ),
        members=tuple(
            MemberRow(one.user.name, one.user.email, tuple(one.roles), _ending(request, sheet, one))
            for one in sheet.members
        ),
        invited_url=invited[1],
        invited=invited[0],
        reason=sheet.reasons.get(sheet.organisation.pk, "") if sheet.organisation else "",
    )
    wanted = [kind for kind in TRADING_CAPACITIES if kind not in held]
    key = {"key": uuid4().hex}
    if not request.member.is_venue:
        forms.setdefault("apply", ApplyForm(initial=key, auto_id="apply-%s"))
    if sheet.may_manage and wanted and not request.member.is_venue:
        forms.setdefault("capacity", CapacityForm(kinds=wanted, initial=key, auto_id="capacity-%s"))
    if sheet.may_manage:
        forms.setdefault(
            "invite",
            InviteForm(venue=request.member.is_venue, initial=key, auto_id="invite-%s"),
        )
    return show(request, "organisation.html", shown, **forms)


def _ending(request: Any, sheet: MemberSheet, one: Membership) -> Action | None:
    if not sheet.may_manage or one.pk == request.member.membership_id:
        return None
    return look.button(
        "membership",
        "end",
        f"/organisation/members/{one.pk}/end",
        danger=True,
        consequence=_("This person acts for your organisation no longer, nor do its API tokens."),
    )


def _about(sheet: MemberSheet) -> Section | None:
    found = sheet.organisation
    if found is None:
        return None
    return Section(
        said(found.name_zh, found.name_en),
        (
            Row(_("Chinese name"), found.name_zh or None),
            Row(_("English name"), found.name_en or None),
            Row(_("Kind"), words.word("organisation_kind", found.kind)),
            Row(_("Country"), country(found.country)),
            Row(_("Registry number"), found.registry_number, code=True),
        ),
    )


@page(methods=("POST",))
def choose(request: Any) -> HttpResponse:
    """Act for another of one's organisations from now on."""
    wanted = uuid_of(request.POST.get("organisation", ""), "organisation")
    found = own_membership(request.member, wanted)
    request.session[SESSION_KEY] = str(found.organisation_id)
    return redirect("/organisation")


@page(methods=("POST",))
def apply(request: Any) -> HttpResponse:
    """Enter an organisation for the venue to verify; a refused form keeps what was typed."""
    form = ApplyForm(request.POST, auto_id="apply-%s")
    sent = send(request, form, lambda given: _applied(request, given))
    if sent.done:
        request.session[SESSION_KEY] = sent.answer["id"]
        return redirect("/organisation")
    return _organisation(request, apply=form)


def _applied(request: Any, given: dict[str, Any]) -> dict[str, Any]:
    terms = {name: value for name, value in given.items() if name != "key"}
    made = organisations.apply_for_organisation(**terms, actor=request.member, at=request.at)
    return {"id": made.pk}


@page(methods=("POST",))
def apply_for_capacity(request: Any) -> HttpResponse:
    """Ask the venue to admit the organisation as vendor, supplier or buyer."""
    form = CapacityForm(request.POST, kinds=TRADING_CAPACITIES, auto_id="capacity-%s")
    sent = send(
        request,
        form,
        lambda given: organisations.apply_for_capacity(
            kind=given["kind"], actor=request.member, at=request.at
        ),
    )
    if sent.done:
        return redirect("/organisation")
    return _organisation(request, capacity=form)


@page(methods=("POST",))
def invite(request: Any) -> HttpResponse:
    """Ask a person in; the link that lets it in is shown to the one who asks, once."""
    form = InviteForm(request.POST, venue=request.member.is_venue, auto_id="invite-%s")
    sent = send(request, form, lambda given: _invited(request, given))
    if not sent.done:
        return _organisation(request, invite=form)
    # The answer is kept without the key, which is made again for whoever sends the form again.
    key = people.key_of(UUID(sent.answer["id"]))
    link = request.build_absolute_uri(f"/invitations/{key}")
    return _organisation(request, invited=(form.cleaned_data["email"], link))


def _invited(request: Any, given: dict[str, Any]) -> dict[str, Any]:
    made = people.invite_member(
        email=given["email"],
        roles=given["roles"],
        signing_limit_minor=given["signing_limit"],
        actor=request.member,
        at=request.at,
    )
    return {"id": made.row.pk}


@page(methods=("POST",))
def end(request: Any, membership_id: UUID) -> HttpResponse:
    """End another member's rights at once."""
    return act(
        request,
        lambda: people.end_membership(
            membership_id=membership_id, actor=request.member, at=request.at
        ),
        "/organisation",
    )


@page(methods=("GET", "POST"))
def invitation(request: Any, key: str) -> HttpResponse:
    """Show who asks the reader in; a post accepts it, and the reader acts for it from then on."""
    if request.method == "POST":
        made = people.accept_invitation(key=key, actor=request.member, at=request.at)
        request.session[SESSION_KEY] = str(made.organisation_id)
        return redirect("/organisation")
    try:
        found = open_invitation(key, request.member, request.at)
    except NotFound:
        raise NotFound(
            _("No open invitation to your address has this key: it may have run out or been used.")
        ) from None
    shown = InvitationPage(
        organisation=said(found.organisation.name_zh, found.organisation.name_en),
        by=str(found.invited_by or ""),
        roles=tuple(found.roles),
        expires_at=found.expires_at,
        accept_url=request.path,
        key=uuid4().hex,
    )
    return show(request, "invitation.html", shown)
