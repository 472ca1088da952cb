"""Organisations' own keys: proposed by their owners, registered by two of the venue."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from compliance import services as compliance
from core.canonical import canonical
from core.errors import StepUpNeeded
from core.signing import KeyUnreadable, certificate_facts
from exchange.portal import look
from exchange.portal.declaration_forms import SigningKeyForm
from exchange.portal.edge import act, confirm_first, keyset, page, said, send, show
from exchange.portal.pages.declarations import KeyCard, KeysPage
from exchange.portal.pieces import Action, EmptyState, Row
from exchange.selectors.declarations import KeyList, key_list
from exchange.templatetags.portal import moment_text

ORDER = ("-proposed_at", "-id")
VERBS = ("check", "confirm", "refuse", "revoke")


@page()
def keys(request: Any) -> HttpResponse:
    """List one's own keys, or all of them for the venue."""
    return _keys(request, key_list(request.member))


@page(methods=("POST",))
def propose(request: Any) -> HttpResponse:
    """Propose a key of one's own, with its first signature."""
    found = key_list(request.member)
    form = SigningKeyForm(request.POST, auto_id="key-%s")
    sent = send(
        request,
        form,
        lambda given: compliance.propose_key(
            jwk=given["jwk"],
            certificate=given["certificate"],
            proof=given["proof"],
            actor=request.member,
            at=request.at,
        ),
    )
    if isinstance(sent.refusal, StepUpNeeded):
        return confirm_first(request)
    if sent.done:
        messages.success(request, _("The key is proposed; two of the venue's staff look at it."))
        return redirect("/keys")
    return _keys(request, found, form)


@page(methods=("POST",))
def decide(request: Any, key_id: UUID, verb: str) -> HttpResponse:
    """Check, confirm, refuse or revoke a key."""
    common = {"key_id": key_id, "actor": request.member, "at": request.at}
    reason = request.POST.get("reason", "")[:500]
    done = {
        "check": lambda: compliance.check_key(**common, note=reason),
        "confirm": lambda: compliance.confirm_key(**common),
        "refuse": lambda: compliance.refuse_key(**common, reason=reason),
        "revoke": lambda: compliance.revoke_key(**common, reason=reason),
    }
    return act(request, done[verb], "/keys")


def _keys(request: Any, found: KeyList, form: SigningKeyForm | None = None) -> HttpResponse:
    rows, more = keyset(found.rows, request, ORDER)
    shown = KeysPage(
        keys=tuple(_card(found, row) for row in rows),
        submit_url="/keys/propose",
        possession=canonical(found.possession).decode() if found.may_propose else "",
        more_url=f"/keys?after={more}" if more else "",
        empty=None
        if rows
        else EmptyState(
            _("No key is known yet"),
            _("An organisation can sign its declarations outside, with a key that it alone holds."),
        ),
    )
    if form is None and found.may_propose:
        form = SigningKeyForm(initial={"key": uuid4().hex}, auto_id="key-%s")
    return show(request, "signing_keys.html", shown, form=form)


def _card(found: KeyList, row: Any) -> KeyCard:
    facts = [
        Row(_("Kind of key"), row.get_algorithm_display()),
        Row(_("Proposed"), moment_text(row.proposed_at)),
    ]
    if row.registered_at:
        facts.append(Row(_("Registered"), moment_text(row.registered_at)))
    if row.valid_until:
        facts.append(Row(_("Good until"), moment_text(row.valid_until)))
    facts += _certificate(row.certificate)
    if row.note:
        facts.append(Row(_("What the venue looked at"), row.note))
    return KeyCard(
        thumbprint=row.thumbprint,
        organisation=said(row.organisation.name_zh, row.organisation.name_en),
        state=row.state,
        rows=tuple(facts),
        actions=_actions(found, row),
    )


def _certificate(pem: str) -> list[Row]:
    """Return what a certificate says of itself; whether to believe it, a person decides."""
    if not pem:
        return []
    try:
        facts = certificate_facts(pem)
    except KeyUnreadable:
        return []
    issuer = _("itself: nobody vouches for it") if facts.self_signed else facts.issuer
    return [
        Row(_("Certificate of"), facts.subject),
        Row(_("Issued by"), issuer),
        Row(_("Serial number"), facts.serial, code=True),
        Row(_("SHA-256 of the certificate"), facts.sha256, code=True),
    ]


def _actions(found: KeyList, row: Any) -> tuple[Action, ...]:
    base = f"/keys/{row.pk}"
    revoke = look.button(
        "organisation-key",
        "revoke",
        f"{base}/revoke",
        danger=True,
        asks_reason=True,
        consequence=_(
            "Nothing that it signs is taken any more, and it is never registered again. What it "
            "signed before goes on: withdraw those declarations if you doubt them."
        ),
    )
    if row.state in ("REFUSED", "REVOKED"):
        return ()
    if not found.may_admit:
        return (revoke,) if found.may_propose else ()
    check = look.button(
        "organisation-key",
        "check",
        f"{base}/check",
        asks_reason=True,
        reason_needed=True,
        consequence=_("Say by what you saw that the key is theirs. A colleague then confirms it."),
    )
    confirm = look.button(
        "organisation-key",
        "confirm",
        f"{base}/confirm",
        consequence=_("From now on its signatures count as the organisation's own."),
    )
    refuse = look.button(
        "organisation-key",
        "refuse",
        f"{base}/refuse",
        danger=True,
        asks_reason=True,
        reason_needed=True,
        consequence=_("The organisation reads why, and can propose it anew."),
    )
    offered = {"PROPOSED": (check, refuse), "CHECKED": (confirm, refuse), "REGISTERED": (revoke,)}
    return offered[row.state]
