"""The statement of an organisation's custody. Invariant: closing = opening + in − out."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from core.errors import NotFound
from core.money import Money
from exchange.portal.edge import page, shell_of, show
from exchange.portal.pages.trading import StatementLine, StatementPage
from exchange.portal.pieces import EmptyState, Link
from settlement import selectors

DAYS = 31
KINDS = ("custody", "payable", "held", "payout")
CURRENCY = "CNY"


@page()
def statement(request: Any) -> HttpResponse:
    """Show one account of the organisation over the last month."""
    kind = request.GET.get("account", "")
    if kind not in KINDS:
        kind = "custody" if "buyer" in request.member.capacities else "payable"
    since, until = request.at - timedelta(days=DAYS), request.at
    held = {row.kind: row.balance_minor for row in selectors.own_balances(request.member)}
    if kind not in held:
        raise NotFound(_("Your organisation has no account yet."))
    found = selectors.statement(
        request.member, kind=kind, currency=CURRENCY, since=since, until=until
    )
    incoming = sum(line.change_minor for line in found.lines if line.change_minor > 0)
    outgoing = -sum(line.change_minor for line in found.lines if line.change_minor < 0)
    shown = StatementPage(
        organisation=shell_of(request).organisation,
        currency=CURRENCY,
        period_from=since.date(),
        period_to=until.date(),
        opening=_money(found.opening_minor),
        incoming=_money(incoming),
        outgoing=_money(outgoing),
        closing=_money(found.closing_minor),
        held=_money(held.get("held", 0)),
        lines=tuple(
            StatementLine(
                at=line.booked_at,
                code=line.code,
                reference=line.reference,
                incoming=_money(line.change_minor) if line.change_minor > 0 else None,
                outgoing=_money(-line.change_minor) if line.change_minor < 0 else None,
                balance=_money(line.balance_minor),
            )
            for line in reversed(found.lines)
        ),
        periods=tuple(Link(one, f"/statement?account={one}", current=one == kind) for one in KINDS),
        empty=None if found.lines else EmptyState(_("No movement in this time")),
    )
    return show(request, "statement.html", shown)


def _money(minor: int) -> Money:
    return Money(minor, CURRENCY)
