"""Trades: where the data is, where the money is, and the contract that says so."""

from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.errors import DomainError, NotFound
from core.money import Money
from exchange.portal import look
from exchange.portal.buyer import nothing, order_path, terms_of
from exchange.portal.deletions import notices
from exchange.portal.edge import act, do_once, keyset, language, page, said, show, told
from exchange.portal.forms import DecisionForm
from exchange.portal.pages.trading import Grant, OrderRow, OrdersPage, TradePage
from exchange.portal.pieces import (
    FileLink,
    Link,
    Part,
    Row,
    Section,
    SplitBar,
    Timeline,
    TimelineEntry,
    split_bar,
)
from exchange.selectors.orders import own_trade, trades_of
from exchange.selectors.trading import TradeSheet, trade_sheet
from exchange.services import trades
from exchange.templatetags.portal import amount_text

NEEDS_REASON = {"dispute", "refund"}


@page()
def list_trades(request: Any) -> HttpResponse:
    """List the trades of an organisation, one side of them or both, or all for the venue."""
    member, side = request.member, request.GET.get("side", "")
    both = {"vendor", "buyer"} <= member.capacities
    if side not in {"vendor", "buyer"} or member.is_venue:
        side = ""
    found, more = keyset(trades_of(member, side=side or None), request)
    query = f"side={side}&" if side else ""
    shown = OrdersPage(
        side=side or ("venue" if member.is_venue else "both" if both else _side_of(member)),
        subject="trade",
        rows=tuple(_trade_row(trade, member.organisation_id, member.is_venue) for trade in found),
        states=_sides(side) if both else (),
        more_url=f"/trades?{query}after={more}" if more else "",
        empty=None if found else nothing(),
    )
    return show(request, "orders.html", shown)


def _side_of(member: Any) -> str:
    return "vendor" if "vendor" in member.capacities else "buyer"


def _sides(side: str) -> tuple[Link, ...]:
    return (
        Link(_("All"), "/trades", current=not side),
        Link(_("Bought"), "/trades?side=buyer", current=side == "buyer"),
        Link(_("Sold"), "/trades?side=vendor", current=side == "vendor"),
    )


def _trade_row(trade: Any, own: UUID | None, for_venue: bool) -> OrderRow:
    buyer = said(trade.buyer.name_zh, trade.buyer.name_en)
    vendor = said(trade.vendor.name_zh, trade.vendor.name_en)
    other = vendor if trade.buyer_id == own else buyer
    return OrderRow(
        code=look.short(trade.pk),
        title=said(trade.version.title_zh, trade.version.title_en),
        url=f"/trades/{trade.pk}",
        other=f"{vendor} → {buyer}" if for_venue else other,
        state=trade.state,
        total=Money(trade.amount_minor + trade.buyer_fee_minor, trade.currency),
        placed_at=trade.matched_at,
        side="" if for_venue else "buyer" if trade.buyer_id == own else "vendor",
    )


@page()
def trade(request: Any, trade_id: UUID) -> HttpResponse:
    """Show where the data is and where the money is."""
    return _trade(request, trade_id)


def _trade(request: Any, trade_id: UUID, form: DecisionForm | None = None) -> HttpResponse:
    sheet = trade_sheet(trade_id, request.member, request.at, language())
    row, base = sheet.page.trade, f"/trades/{trade_id}"
    own = request.member.organisation_id
    side = "vendor" if own == row.vendor_id else "buyer" if own == row.buyer_id else "venue"
    paid = _money(sheet)
    decides = "dismiss" in sheet.page.verbs
    shown = TradePage(
        code=look.short(row.pk),
        state=row.state,
        side=side,
        product=Link(
            said(row.version.title_zh, row.version.title_en),
            f"/catalogue/{row.version.product_id}",
        ),
        buyer=said(row.buyer.name_zh, row.buyer.name_en),
        vendor=said(row.vendor.name_zh, row.vendor.name_en),
        path=order_path(row.order, row),
        price=Money(row.amount_minor, row.currency),
        fee=Money(row.buyer_fee_minor, row.currency),
        total=paid.total,
        held=paid.held,
        settled=paid.settled,
        refunded=paid.refunded,
        timeline=_timeline(sheet),
        terms=terms_of(row.order),
        grant=_grant(sheet, buys=side == "buyer"),
        split=_split(sheet),
        actions=()
        if decides
        else tuple(
            look.button(
                "trade",
                verb,
                f"{base}/{verb}",
                primary=verb == "accept",
                danger=verb in NEEDS_REASON,
                asks_reason=verb in NEEDS_REASON,
                reason_needed=verb in NEEDS_REASON,
                consequence=_consequence(verb, paid.held),
            )
            for verb in sheet.page.verbs
        ),
        deadline=look.deadline("inspect", row.inspect_until, request.at)
        if row.state == "DELIVERING"
        else None,
        contract_hash=sheet.page.contract_sha256,
        contract_url=f"{base}/contract",
        dispute=_dispute(sheet),
        decide_url=f"{base}/decide" if decides else "",
        deletions=notices(sheet, request.member, request.at),
    )
    if decides and form is None:
        form = DecisionForm(
            most=shown.price,
            initial={"key": uuid4().hex, "refund": "0"},
            currency=row.currency,
        )
    elif form is not None:
        form["refund"].help_text = DecisionForm(most=shown.price).fields["refund"].help_text
    return show(request, "trade.html", shown, form=form if decides else None)


def _consequence(verb: str, held: Money) -> str:
    amount = amount_text(held)
    return {
        "accept": _("You confirm that the data is as agreed. %(held)s is settled with the vendor."),
        "dispute": _("%(held)s stays held until the venue decides. Say what is not as agreed."),
        "refund": _("%(held)s goes back to the buyer and its access to the data ends."),
    }.get(verb, "") % {"held": amount}


class _Paid(NamedTuple):
    total: Money
    held: Money
    settled: Money
    refunded: Money


def _money(sheet: TradeSheet) -> _Paid:
    """Return what the buyer put up and where it is; the last three sum to the first."""
    row, split = sheet.page.trade, sheet.split
    total = row.amount_minor + row.buyer_fee_minor
    settled = 0
    if row.state == "SETTLED" and split is not None and split.total_minor is not None:
        # After a refund in part the buyer's fee is less too: what is over goes back with it.
        settled = split.total_minor
    elif row.state == "SETTLED":
        settled = total - row.refunded_minor
    refunded = row.refunded_minor
    if row.state == "REFUNDED":
        refunded = total
    elif row.state == "SETTLED":
        refunded = total - settled
    parts = (total, total - refunded - settled, settled, refunded)
    return _Paid(*(Money(minor, row.currency) for minor in parts))


def _dispute(sheet: TradeSheet) -> Section | None:
    dispute, row = sheet.page.dispute, sheet.page.trade
    if dispute is None:
        return None
    rows = [Row(_("Ground of the dispute"), dispute.ground)]
    if dispute.decided_at is not None:
        refund = amount_text(Money(dispute.refund_minor, row.currency))
        if not dispute.refund_minor:
            outcome = _("Dismissed: nothing is refunded.")
        elif dispute.refund_minor < row.amount_minor:
            outcome = _("Upheld in part: %(refund)s refunded, the rest settled.")
        else:
            outcome = _("Upheld: %(refund)s refunded, the whole price.")
        rows += [
            Row(_("Outcome"), outcome % {"refund": refund}),
            Row(_("Reason of the decision"), dispute.reason or None),
        ]
    return Section(_("Dispute"), tuple(rows))


def _timeline(sheet: TradeSheet) -> Timeline:
    """Return the history; a dispute that was upheld in part is not told as dismissed."""
    shown = look.history(sheet.history)
    dispute = sheet.page.dispute
    if dispute is None or not dispute.refund_minor:
        return shown
    return Timeline(tuple(_retold(one) for one in shown.entries), shown.kinds, shown.more_url)


def _retold(entry: TimelineEntry) -> TimelineEntry:
    if entry.verb != "dismiss":
        return entry
    return TimelineEntry(
        id=entry.id,
        subject=entry.subject,
        verb="refund-in-part",
        at=entry.at,
        who=entry.who,
        reason=entry.reason,
        before=entry.before,
        after=entry.after,
    )


def _grant(sheet: TradeSheet, *, buys: bool) -> Grant | None:
    if sheet.grant is None:
        return None
    base = f"/trades/{sheet.page.trade.pk}/download"
    return Grant(
        state=sheet.grant.state,
        used=sheet.grant.download_count,
        allowed=sheet.grant.max_downloads,
        expires_at=sheet.grant.expires_at,
        files=tuple(
            FileLink(
                file.name,
                file.media_type,
                file.size_bytes,
                file.sha256,
                post_url=f"{base}/{file.release_id}" if buys else "",
            )
            for file in sheet.files
        ),
    )


def _split(sheet: TradeSheet) -> SplitBar | None:
    """Return who gets what; a buyer reads what goes to the venue and what to the vendor's side."""
    found, row = sheet.split, sheet.page.trade
    if found is None or found.buyer_fee_minor is None or not found.price_minor:
        return None
    currency = found.currency
    if not found.whole:
        vendor = said(row.vendor.name_zh, row.vendor.name_en)
        return split_bar(
            [
                (_("Venue"), "venue_fee", Money(found.buyer_fee_minor, currency), None, ""),
                (vendor, "price", Money(found.price_minor, currency), None, ""),
            ],
            note=_("The vendor shares the price with those behind the data, as the contract says."),
        )
    fee = found.buyer_fee_minor + (found.vendor_fee_minor or 0)
    lines: list[Part] = [(_("Venue"), "venue_fee", Money(fee, currency), None, "")]
    lines += [
        (
            line.beneficiary or _("Public-interest fund"),
            line.role,
            Money(line.amount_minor, currency),
            line.share_bp,
            "rest" if line.is_remainder and line.fixed_minor is None else "fixed",
        )
        for line in found.lines
    ]
    return split_bar(lines)


@page(methods=("POST",))
def download(request: Any, trade_id: UUID, release_id: UUID) -> HttpResponse:
    """Make a link to one file of a trade and lead to it."""
    made = trades.make_link(
        trade_id=trade_id, release_id=release_id, actor=request.member, at=request.at
    )
    return redirect(f"/download/{made.token}")


@page(methods=("POST",))
def act_on_trade(request: Any, trade_id: UUID, verb: str) -> HttpResponse:
    """Accept or dispute a delivery; the venue refunds what is not delivered."""
    common: dict[str, Any] = {"trade_id": trade_id, "actor": request.member, "at": request.at}
    reason = request.POST.get("reason", "").strip()[:2000]
    if verb in NEEDS_REASON and not reason:
        messages.error(request, _("A reason is needed."))
        return redirect(f"/trades/{trade_id}")
    verbs = {
        "accept": lambda: trades.accept_trade(**common),
        "dispute": lambda: trades.dispute_trade(**common, ground=reason),
        "refund": lambda: trades.refund_trade(**common, reason=reason),
    }
    return act(request, verbs[verb], f"/trades/{trade_id}")


@page(methods=("POST",))
def decide(request: Any, trade_id: UUID) -> HttpResponse:
    """Decide a dispute: nothing, a part or the whole goes back; a refused form keeps its words."""
    form = DecisionForm(request.POST, currency=own_trade(trade_id, request.member).currency)
    if form.is_valid():
        try:
            do_once(
                request,
                lambda: trades.decide_dispute(
                    trade_id=trade_id,
                    refund_minor=form.cleaned_data["refund"],
                    reason=form.cleaned_data["reason"],
                    actor=request.member,
                    at=request.at,
                ),
            )
        except NotFound:
            raise
        except DomainError as error:
            form.add_error("refund", told(error))
        else:
            return redirect(f"/trades/{trade_id}")
    return _trade(request, trade_id, form)
