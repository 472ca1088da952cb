"""The statement of an organisation's accounts. Invariant: closing = opening + in − out."""

import csv
import io
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Malformed
from core.money import CURRENCIES, Money
from exchange.portal import look
from exchange.portal.edge import language, page, show
from exchange.portal.forms import SpanForm
from exchange.portal.pages.trading import StatementLine, StatementPage
from exchange.portal.pieces import EmptyState, Link, Row, Section
from exchange.selectors.statements import StatementSheet, statement_sheet
from exchange.templatetags import trading_words, words
from settlement.selectors import Statement
from settlement.selectors.statements import StatementLine as BookedLine

DAYS = 31
# The part of the statement that says how to pay in, on the account that it pays into.
PAY_IN = "/statement?account=custody-CNY#pay-in"
NO_MONEY = Money(0, "CNY")
# References of postings that are about a trade: the rest of them is its identifier.
OF_TRADES = {"hold", "settle", "release", "void"}
BOM = "\ufeff"
# A spreadsheet reads a text that begins so as a formula; a quote before it keeps it a text.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


@page()
def statement(request: Any) -> HttpResponse:
    """Show one account of the organisation over the days chosen, at first the last month."""
    form, sheet = _sheet(request)
    shown = _statement_page(form, sheet)
    if "buyer" in request.member.capacities:
        shown = replace(shown, pay_in=_pay_in(sheet))
    return show(request, "statement.html", shown, form=form)


@page()
def statement_csv(request: Any) -> HttpResponse:
    """Return exactly the lines that the page shows, for a spreadsheet."""
    form, sheet = _sheet(request)
    found = sheet.statement
    if not form.is_valid() or found is None:
        raise Malformed(fields={"since": [_("choose an account and two days")]})
    name = (
        f"statement-{found.kind}-{found.currency}-{form['since'].value()}-{form['until'].value()}"
    )
    return HttpResponse(
        BOM + _csv(found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _sheet(request: Any) -> tuple[SpanForm, StatementSheet]:
    today = timezone.localtime(request.at).date()
    usual = {"since": today - timedelta(days=DAYS), "until": today}
    given = {"account": request.GET.get("account", "")}
    given |= {name: request.GET.get(name) or day.isoformat() for name, day in usual.items()}
    form = SpanForm(given)
    days = form.cleaned_data if form.is_valid() else usual
    sheet = statement_sheet(
        request.member,
        account=form.cleaned_data.get("account", ""),
        since=_midnight(days["since"]),
        until=_midnight(days["until"] + timedelta(days=1)),
        language=language(),
    )
    return form, sheet


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


def _pay_in(sheet: StatementSheet) -> Section:
    """Return what a transfer into custody has to say."""
    payer = sheet.pay_in.code or sheet.pay_in.reference
    where = str(settings.CUSTODY_ACCOUNT).replace("{code}", payer)
    return Section(
        _("How to pay in"),
        (
            Row(_("Custody account"), where or _("Ask the venue for the account at its bank.")),
            Row(_("Your sub-account"), sheet.pay_in.sub_account, code=True),
            Row(_("Payment reference"), sheet.pay_in.reference, code=True),
        ),
    )


def _statement_page(form: SpanForm, sheet: StatementSheet) -> StatementPage:
    found = sheet.statement
    if found is None:
        return StatementPage(
            organisation=sheet.organisation,
            currency="CNY",
            period_from=timezone.localdate(),
            period_to=timezone.localdate(),
            opening=NO_MONEY,
            incoming=NO_MONEY,
            outgoing=NO_MONEY,
            closing=NO_MONEY,
            held=None,
            lines=(),
            empty=EmptyState(
                _("Your organisation has no account yet"),
                _("The venue opens its accounts when it admits the first capacity."),
                (Link(_("The whole catalogue"), "/catalogue"),),
            ),
        )
    changes = [line.change_minor for line in found.lines]
    last = timezone.localtime(found.until - timedelta(seconds=1)).date()
    first = timezone.localtime(found.since).date()
    span = {"since": first.isoformat(), "until": last.isoformat()}
    account = f"{found.kind}-{found.currency}"
    several = len({row.currency for row in sheet.accounts}) > 1
    query = urlencode({"account": account, **span})
    return StatementPage(
        organisation=sheet.organisation,
        currency=found.currency,
        period_from=first,
        period_to=last,
        opening=Money(found.opening_minor, found.currency),
        incoming=Money(sum(one for one in changes if one > 0), found.currency),
        outgoing=Money(-sum(one for one in changes if one < 0), found.currency),
        closing=Money(found.closing_minor, found.currency),
        held=Money(sheet.held_minor, found.currency) if found.kind == "custody" else None,
        lines=tuple(_line(line, found) for line in reversed(found.lines)),
        account=words.word("account", found.kind),
        accounts=tuple(
            Link(
                words.word("account", row.kind) + (f" · {row.currency}" if several else ""),
                "/statement?" + urlencode({"account": f"{row.kind}-{row.currency}", **span}),
                current=f"{row.kind}-{row.currency}" == account,
            )
            for row in sheet.accounts
        ),
        exports=(Link(_("Download as CSV"), f"/statement.csv?{query}"),) if form.is_valid() else (),
        empty=None if found.lines else EmptyState(_("No movement in this time")),
    )


def _line(line: BookedLine, found: Statement) -> StatementLine:
    reference, url = _reference(line.reference)
    change = Money(abs(line.change_minor), found.currency)
    return StatementLine(
        at=line.booked_at,
        what=_what(line, found.kind),
        reference=reference,
        incoming=change if line.change_minor > 0 else None,
        outgoing=change if line.change_minor < 0 else None,
        balance=Money(line.balance_minor, found.currency),
        url=url,
        note=line.reason,
    )


def _what(line: BookedLine, kind: str) -> str:
    way = "in" if line.change_minor > 0 else "out"
    exact = f"{kind}-{line.code}-{way}"
    return words.word("ledger", exact if exact in trading_words.LEDGER else line.code)


def _reference(text: str) -> tuple[str, str]:
    """Return what a reference is called, and where it leads: a trade has a page."""
    kind, _colon, rest = text.partition(":")
    if kind in OF_TRADES:
        try:
            trade = UUID(rest.partition(":")[0])
        except ValueError:
            return rest, ""
        return look.short(trade), f"/trades/{trade}"
    return rest or text, ""


def _csv(found: Statement) -> str:
    text = io.StringIO(newline="")
    write = csv.writer(text).writerow
    heads = (_("When"), _("What"), _("Reference"), _("Note"), _("In"), _("Out"), _("Balance"))
    write([*heads, _("Currency")])
    write(["", _("Opening balance"), "", "", "", "", *_amounts(found, found.opening_minor)])
    for line in found.lines:
        change = _amount(abs(line.change_minor), found.currency)
        write(
            [
                timezone.localtime(line.booked_at).isoformat(timespec="seconds"),
                guarded(_what(line, found.kind)),
                guarded(line.reference),
                guarded(line.reason),
                change if line.change_minor > 0 else "",
                change if line.change_minor < 0 else "",
                *_amounts(found, line.balance_minor),
            ]
        )
    write(["", _("Closing balance"), "", "", "", "", *_amounts(found, found.closing_minor)])
    return text.getvalue()


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _amounts(found: Statement, minor: int) -> tuple[str, str]:
    return _amount(minor, found.currency), found.currency


def _amount(minor: int, currency: str) -> str:
    decimals = CURRENCIES[currency]
    whole, part = divmod(abs(minor), 10**decimals)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole}.{part:0{decimals}d}" if decimals else f"{sign}{whole}"
