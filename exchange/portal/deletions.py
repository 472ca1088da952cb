"""What a buyer is asked to delete or give back, on the page of its trade."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.actors import Member, why_not
from delivery.models import Deletion
from delivery.services import deletions
from delivery.states import DELETION
from exchange.portal import look
from exchange.portal.edge import act, page
from exchange.portal.pages.trading import DeletionNotice
from exchange.portal.pieces import Action, Row, Section
from exchange.selectors.trading import TradeSheet

VERBS = ("prove", "return", "accept")
SAYS = {"prove", "return"}


def notices(sheet: TradeSheet, reader: Member, at: Any) -> tuple[DeletionNotice, ...]:
    """Return what is asked of one trade, with the verbs that are open to this reader."""
    return tuple(_notice(one, sheet, reader, at) for one in sheet.deletions)


def _notice(one: Deletion, sheet: TradeSheet, reader: Member, at: Any) -> DeletionNotice:
    trade = sheet.page.trade
    asked = (
        _("Delete the data, every copy of it")
        if one.kind == "delete"
        else _("Give the data back and keep no copy")
    )
    rows = [
        Row(_("What is asked"), asked),
        Row(_("Why"), look.reason_text(one.ground)),
        Row(_("What the buyer states"), one.statement or None),
        Row(_("Why the proof was returned"), one.objection or None),
        Row(_("Signed by the venue with key"), one.key_id or None),
    ]
    return DeletionNotice(
        id=one.pk,
        kind=one.kind,
        state=one.state,
        what=Section(_("Data that may not be kept"), tuple(row for row in rows if row.value)),
        deadline=look.deadline("delete", one.due_at, at) if one.state == "ASKED" else None,
        actions=tuple(
            _button(verb, f"/trades/{trade.pk}/deletions/{one.pk}/{verb}")
            for verb in DELETION.verbs(one.state)
            if _may(verb, reader, trade.buyer_id)
        ),
    )


def _may(verb: str, reader: Member, buyer_id: UUID) -> bool:
    if verb == "prove":
        own = reader.organisation_id == buyer_id
        return own and why_not(reader, "trade") in {"", "capacity", "suspended"}
    return not why_not(reader, "review")


def _button(verb: str, url: str) -> Action:
    consequence = {
        "prove": _("You state to the venue what was deleted or given back, where, how and when."),
        "return": _("The buyer reads why and has to give another proof."),
        "accept": _("The venue signs that the proof was given; nothing more is asked."),
    }[verb]
    return look.button(
        "deletion",
        verb,
        url,
        primary=verb != "return",
        danger=verb == "return",
        asks_reason=verb in SAYS,
        reason_needed=verb in SAYS,
        consequence=consequence,
    )


@page(methods=("POST",))
def act_on_deletion(request: Any, trade_id: UUID, deletion_id: UUID, verb: str) -> HttpResponse:
    """Give a proof as the buyer; return or accept it as a reviewer."""
    back = f"/trades/{trade_id}"
    common: dict[str, Any] = {
        "deletion_id": deletion_id,
        "actor": request.member,
        "at": request.at,
    }
    words = request.POST.get("reason", "").strip()[:2000]
    if verb == "return" and not words:
        messages.error(request, _("A reason is needed."))
        return redirect(back)
    verbs = {
        "prove": lambda: deletions.prove_deletion(**common, statement=words, file_id=None),
        "return": lambda: deletions.return_deletion(**common, reason=words[:500]),
        "accept": lambda: deletions.accept_deletion(**common),
    }
    return act(request, verbs[verb], back)
