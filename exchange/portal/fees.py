"""What the venue charges: fee schedules, for everybody to read and for administrators to set."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.actors import why_not
from core.errors import NotFound
from core.money import CURRENCIES, Money
from exchange.portal.edge import keyset, page, send, show
from exchange.portal.forms import FeesForm
from exchange.portal.pages.venue import FeeRow, FeesPage
from exchange.portal.pieces import EmptyState, Link
from exchange.portal.vendor_forms import start_of
from exchange.templatetags.portal import amount_text, share
from settlement.fees import BUYER, VENDOR
from settlement.models import FeeSchedule
from settlement.selectors import fee_schedules
from settlement.services import set_fee_schedule

USUAL = "CNY"


@page(signed_in=False)
def fees(request: Any) -> HttpResponse:
    """List what the venue charges, will charge and charged, the latest first."""
    chosen = request.GET.get("currency", "")
    if chosen and chosen not in CURRENCIES:
        raise NotFound
    return _fees(request, chosen)


@page(methods=("POST",))
def set_fees(request: Any, currency: str) -> HttpResponse:
    """Set the fees of a currency from the beginning of a day on, in the venue's zone."""
    if currency not in CURRENCIES:
        raise NotFound
    form = FeesForm(request.POST, currency=currency)
    sent = send(
        request,
        form,
        lambda given: set_fee_schedule(
            currency=currency,
            effective_from=start_of(given["effective_from"]),
            lines=form.lines(),
            actor=request.member,
            at=request.at,
        ),
    )
    if not sent.done:
        return _fees(request, currency, form)
    return redirect(f"/fees?currency={currency}")


def _fees(request: Any, chosen: str, form: FeesForm | None = None) -> HttpResponse:
    found, more = keyset(fee_schedules(chosen or None), request, ("-effective_from", "-id"))
    currency = chosen or USUAL
    shown = FeesPage(
        rows=tuple(_row(one, request.at) for one in found),
        filters=(
            Link(_("All currencies"), "/fees", current=not chosen),
            *(Link(one, f"/fees?currency={one}", current=one == chosen) for one in CURRENCIES),
        ),
        currency=currency,
        submit_url=f"/fees/{currency}/set",
        more_url="/fees?" + urlencode({"currency": chosen, "after": more}) if more else "",
        empty=None if found else _none(chosen),
    )
    if form is None and not why_not(request.member, "admit"):
        form = FeesForm(currency=currency, initial={"key": uuid4().hex})
    return show(request, "fees.html", shown, form=form)


def _none(chosen: str) -> EmptyState:
    every = (Link(_("All currencies"), "/fees"),) if chosen else ()
    return EmptyState(
        _("No fees are set"),
        _("No order with a price in a currency is matched before the venue has set its fees."),
        every,
    )


def _row(schedule: FeeSchedule, at: datetime) -> FeeRow:
    state = "IN_FORCE"
    if schedule.effective_from > at:
        state = "SCHEDULED"
    elif schedule.effective_until is not None and schedule.effective_until <= at:
        state = "ENDED"
    lines = {
        side: tuple(
            _fee(line, schedule.currency) for line in schedule.lines if line["side"] == side
        )
        for side in (VENDOR, BUYER)
    }
    return FeeRow(
        currency=schedule.currency,
        state=state,
        begins=schedule.effective_from,
        ends=schedule.effective_until,
        vendor=lines[VENDOR],
        buyer=lines[BUYER],
    )


def _fee(line: dict[str, Any], currency: str) -> str:
    """Return one fee in words: its rate, and what it is at least and at most."""
    parts = [share(line["rate_bp"])]
    if line.get("floor_minor"):
        parts.append(
            _("at least %(amount)s") % {"amount": amount_text(Money(line["floor_minor"], currency))}
        )
    if line.get("cap_minor") is not None:
        parts.append(
            _("at most %(amount)s") % {"amount": amount_text(Money(line["cap_minor"], currency))}
        )
    return pgettext("bounds", ", ").join(parts)
