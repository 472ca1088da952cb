"""API tokens: which programs act as a member, and what they may do."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.actors import PERMISSIONS, why_not
from core.models import ApiToken
from core.selectors import own_tokens
from core.services import people
from exchange.portal import look
from exchange.portal.edge import act, keyset, page, send, show
from exchange.portal.forms import TokenForm
from exchange.portal.pages.members import TokenRow, TokensPage
from exchange.portal.pieces import EmptyState


@page()
def tokens(request: Any) -> HttpResponse:
    """List one's own tokens, with the form to make one."""
    return _tokens(request)


@page(methods=("POST",))
def make(request: Any) -> HttpResponse:
    """Make a token; its secret is shown in this answer alone."""
    form = TokenForm(request.POST, acts=_acts(request))
    # The secret leaves by this list and not by the kept answer, where it would stay.
    secrets: list[str] = []
    sent = send(request, form, lambda given: secrets.append(_made(request, given)))
    if not sent.done:
        return _tokens(request, form=form)
    if not secrets:
        messages.warning(
            request,
            _("The secret was shown once, when the token was made. If it is lost, revoke it."),
        )
        return redirect("/tokens")
    return _tokens(request, secret=secrets[0])


@page(methods=("POST",))
def revoke(request: Any, token_id: UUID) -> HttpResponse:
    """Revoke one of one's own tokens at once."""
    return act(
        request,
        lambda: people.revoke_token(token_id=token_id, actor=request.member, at=request.at),
        "/tokens",
    )


def _made(request: Any, given: dict[str, Any]) -> str:
    return people.make_token(
        label=given["label"],
        scopes=given["scopes"],
        days=given["days"],
        actor=request.member,
        at=request.at,
    ).secret


def _acts(request: Any) -> list[str]:
    """Return what the reader itself may do, which is all that a token of it can do."""
    return [one for one in PERMISSIONS if not why_not(request.member, one)]


def _tokens(request: Any, *, form: TokenForm | None = None, secret: str = "") -> HttpResponse:
    member = request.member
    rows = (
        ApiToken.objects.none()
        if member.membership_id is None
        else own_tokens(member.membership_id)
    )
    found, more = keyset(rows, request)
    acts = _acts(request)
    empty = EmptyState(
        _("You have made no token yet"),
        _("A token lets a program of yours do what you may do, within bounds that you set."),
    )
    shown = TokensPage(
        rows=tuple(_row(request, one) for one in found),
        submit_url="/tokens/make",
        docs_url="/api/",
        secret=secret,
        try_it=f'curl -H "Authorization: Bearer {secret}" '
        f"{request.build_absolute_uri('/api/v1/me')}"
        if secret
        else "",
        more_url=f"/tokens?after={more}" if more else "",
        empty=None if found else empty,
    )
    if form is None and acts:
        form = TokenForm(acts=acts, initial={"key": uuid4().hex, "scopes": ["belong"]})
    return show(request, "tokens.html", shown, form=form)


def _row(request: Any, one: ApiToken) -> TokenRow:
    ended = ""
    if one.revoked_at is not None:
        ended = pgettext("token", "revoked")
    elif one.expires_at is not None and one.expires_at <= request.at:
        ended = _("run out")
    revoke_ = look.button(
        "token",
        "revoke",
        f"/tokens/{one.pk}/revoke",
        danger=True,
        consequence=_("What uses it is turned away from now on. Make another one for it first."),
    )
    return TokenRow(one.label, tuple(one.scopes), one.expires_at, ended, None if ended else revoke_)
