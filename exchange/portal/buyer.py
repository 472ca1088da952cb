"""Orders, negotiations and trades, as the side that reads them sees them."""

from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.canonical import digest
from core.errors import DomainError, Malformed, NotFound
from core.money import Money
from core.services.idempotency import scope_of
from delivery import services as delivery
from exchange.models import Order, Trade
from exchange.portal import look
from exchange.portal.edge import act, language, page, said, shell_of, show
from exchange.portal.pages.trading import (
    Grant,
    NegotiationPage,
    OrderFormPage,
    OrderPage,
    OrderRow,
    OrdersPage,
    QuoteEntry,
    TradePage,
)
from exchange.portal.pieces import (
    EmptyState,
    FileLink,
    Link,
    Path,
    Problem,
    Row,
    Section,
    Total,
    TotalLine,
    split_bar,
)
from exchange.selectors import pages as selectors
from exchange.selectors.names import named_events
from exchange.selectors.offers import OfferedPlan, offered_plan
from exchange.selectors.orders import orders_of, trades_of, waiting_orders
from exchange.selectors.trading import TradeSheet, trade_sheet
from exchange.services import negotiations, orders, trades
from exchange.services.conclusion import Intent, Key
from exchange.templatetags.words import PURPOSES, TERRITORIES

Row_ = TypeVar("Row_", Order, Trade)
SHOWN = 50
PLACES = [(code, word) for code, word in TERRITORIES.items() if code != "*"]
MOST_DAYS = 3660
ORDER_PATH = ("ordered", "confirmed", "contracted", "delivered", "accepted", "settled")
ENDED = {"REFUSED", "DECLINED", "CANCELLED", "EXPIRED"}
INSPECTION_DAYS = 7


class OrderForm(forms.Form):
    """What a buyer says when ordering."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"),
        choices=list(PURPOSES.items()),
        help_text=gettext_lazy("What you will use the data for. It goes into the contract."),
    )
    territory = forms.ChoiceField(label=gettext_lazy("Territory"), choices=PLACES, initial="CN-SH")
    term_days = forms.IntegerField(
        label=gettext_lazy("Term in days"), min_value=1, max_value=MOST_DAYS, initial=30
    )
    volume = forms.IntegerField(
        label=gettext_lazy("Volume"), min_value=1, max_value=10**12, initial=1
    )
    redistribution = forms.BooleanField(label=gettext_lazy("We pass the data on"), required=False)
    derivation = forms.BooleanField(label=gettext_lazy("We make products from it"), required=False)
    label = forms.CharField(label=gettext_lazy("Your project"), max_length=60, required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)


class QuoteForm(forms.Form):
    """A price for the whole order, in the currency's main unit."""

    price = forms.DecimalField(
        label=gettext_lazy("Price"), min_value=0, max_digits=17, decimal_places=2
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=500,
    )


def _intent(request: Any, plan_id: UUID, terms: dict[str, Any]) -> Intent:
    if request.member.organisation_id is None:
        raise NotFound
    said_ = {name: value for name, value in terms.items() if name != "key"}
    return Intent(plan_id=plan_id, buyer_id=request.member.organisation_id, **said_)


@page(methods=("GET", "POST"))
def order_form(request: Any, plan_id: UUID) -> HttpResponse:
    """Show the total and the gate before signing; a posted form is the order."""
    offer = offered_plan(plan_id, request.at)
    first = {"key": uuid4().hex, "purpose": "research", "volume": offer.plan.minimum_count}
    form = OrderForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        return _place(request, offer, form)
    return show(request, "order_form.html", _form_page(request, offer, form), form=form)


def _place(request: Any, offer: OfferedPlan, form: OrderForm) -> HttpResponse:
    # The terms are part of the key: a second click is the same order, a corrected form a new one.
    terms = digest([request.path, sorted((k, str(v)) for k, v in form.cleaned_data.items())])
    click = form.cleaned_data["key"] or uuid4().hex
    key = Key(scope_of(request.member), f"page:{click[:32]}:{terms[:32]}", terms)
    try:
        answer = orders.place_orders(
            intents=[_intent(request, offer.plan.pk, form.cleaned_data)],
            key=key,
            actor=request.member,
            at=request.at,
        )[0]
    except DomainError as error:
        form.add_error(None, " ".join(filter(None, (str(error.title), str(error.detail)))))
        return show(request, "order_form.html", _form_page(request, offer, form), form=form)
    if answer["trade_id"]:
        return redirect(f"/trades/{answer['trade_id']}")
    return redirect(f"/orders/{answer['id']}")


@page(methods=("POST",))
def check_order(request: Any, plan_id: UUID) -> HttpResponse:
    """Return the gate and the total of the form as it stands, for the part beside it."""
    offer = offered_plan(plan_id, request.at)
    form = OrderForm(request.POST)
    context = {
        "shell": shell_of(request),
        "page": _form_page(request, offer, form),
        "form": form,
    }
    return render(request, "parts/_order_check.html", context)


def _form_page(request: Any, offer: OfferedPlan, form: OrderForm) -> OrderFormPage:
    terms: dict[str, Any] = {
        "purpose": "research",
        "territory": offer.territory,
        "term_days": 30,
        "volume": offer.plan.minimum_count,
    }
    if form.is_bound:
        form.is_valid()
        terms |= {k: v for k, v in getattr(form, "cleaned_data", {}).items() if k != "key"}
    checked = orders.checked_order(
        intent=_intent(request, offer.plan.pk, terms), actor=request.member, at=request.at
    )
    base = f"/order/{offer.plan.pk}"
    currency = checked["currency"]
    return OrderFormPage(
        product=said(offer.title_zh, offer.title_en),
        product_url=f"/catalogue/{offer.product_id}",
        vendor=said(offer.vendor_zh, offer.vendor_en),
        plan=look.plan_card(offer.plan),
        concludes=offer.plan.offer_mode,
        gate=look.gate(checked["findings"] if checked["verdict"] == "refuse" else ()),
        total=_total(
            checked["amount_minor"],
            checked["buyer_fee_minor"],
            currency,
            available=checked["available_minor"],
        ),
        submit_url=base,
        check_url=f"{base}/check",
        use=look.use_of(offer.content),
        inspection_days=INSPECTION_DAYS,
        signing_limit=None
        if request.member.signing_limit_minor is None
        else Money(request.member.signing_limit_minor, "CNY"),
    )


def _total(amount: int | None, fee: int, currency: str, *, available: int | None = None) -> Total:
    if amount is None:
        return Total((), None, note=_("The price is agreed in the negotiation."))
    return Total(
        lines=(
            TotalLine(_("Price"), Money(amount, currency)),
            TotalLine(_("Venue's fee"), Money(fee, currency)),
        ),
        total=Money(amount + fee, currency),
        available=None if available is None else Money(available, currency),
    )


@page()
def list_orders(request: Any) -> HttpResponse:
    """List one side's orders; those that wait for this side come first."""
    side = "vendor" if request.GET.get("side") == "vendor" else "buyer"
    own = None if request.member.is_venue else side
    found, more = _page(orders_of(request.member, side=own), request)
    rows = tuple(_order_row(request, order, side) for order in found)
    waiting = () if "after" in request.GET else waiting_orders(request.member, side)[:SHOWN]
    shown = OrdersPage(
        side=side,
        subject="order",
        rows=rows,
        waiting=tuple(_order_row(request, order, side) for order in waiting),
        more_url=f"/orders?side={side}&after={more}" if more else "",
        empty=None if rows else _nothing(),
    )
    return show(request, "orders.html", shown)


def _page(rows: QuerySet[Row_], request: Any) -> tuple[list[Row_], str]:
    """Return a page of rows, newest first, and where the next one begins ("" at the end)."""
    after = request.GET.get("after", "")
    if after:
        try:
            rows = rows.filter(pk__lt=UUID(after))
        except ValueError:
            raise Malformed(fields={"after": [_("is not a place in this list")]}) from None
    found = list(rows.order_by("-id")[: SHOWN + 1])
    return found[:SHOWN], str(found[SHOWN - 1].pk) if len(found) > SHOWN else ""


def _nothing() -> EmptyState:
    return EmptyState(_("Nothing here yet"), links=(Link(_("The whole catalogue"), "/catalogue"),))


def _order_row(request: Any, order: Any, side: str) -> OrderRow:
    other = order.buyer if side == "vendor" else order.vendor
    total = (
        None
        if order.amount_minor is None
        else Money(order.amount_minor + order.buyer_fee_minor, order.currency)
    )
    still_open = order.state in {"AWAITING", "NEGOTIATING"}
    return OrderRow(
        code=look.short(order.pk),
        title=said(order.version.title_zh, order.version.title_en),
        url=f"/orders/{order.pk}",
        other=said(other.name_zh, other.name_en),
        state=order.state,
        total=total,
        placed_at=order.placed_at,
        deadline=look.deadline("confirm", order.answer_by, request.at) if still_open else None,
    )


@page()
def order(request: Any, order_id: UUID) -> HttpResponse:
    """Show where an order stands, what was found, and what may be done."""
    found = selectors.order_page(order_id, request.member, request.at)
    row = found.order
    side = "vendor" if request.member.organisation_id == row.vendor_id else "buyer"
    other = row.buyer if side == "vendor" else row.vendor
    base = f"/orders/{row.pk}"
    asks = {"decline", "cancel"}
    shown = OrderPage(
        code=look.short(row.pk),
        state=row.state,
        side=side,
        product=Link(
            said(row.version.title_zh, row.version.title_en),
            f"/catalogue/{row.version.product_id}",
        ),
        other=Link(said(other.name_zh, other.name_en), ""),
        terms=_terms(row),
        total=_total(row.amount_minor, row.buyer_fee_minor, row.currency),
        path=_order_path(row),
        timeline=look.history(named_events("order", row.pk, language())),
        placed_at=row.placed_at,
        placed_by="",
        actions=tuple(
            look.button(
                "order",
                verb,
                f"{base}/{verb}",
                primary=verb == "confirm",
                danger=verb in asks,
                asks_reason=verb in asks,
            )
            for verb in found.verbs
            if verb not in {"accept", "quote"}
        ),
        deadline=look.deadline("confirm", row.answer_by, request.at)
        if row.state in {"AWAITING", "NEGOTIATING"}
        else None,
        gate=look.gate(row.findings) if row.state == "REFUSED" else None,
        refusal=_refusal(row) if row.state == "REFUSED" else None,
        trade_url=f"/trades/{row.trade.pk}" if hasattr(row, "trade") else "",
        negotiation_url=f"{base}/negotiation" if row.offer_mode == "negotiated" else "",
    )
    return show(request, "order.html", shown)


def _refusal(row: Any) -> Problem:
    reasons = [look.reason_text(str(one.get("refusal", ""))) for one in row.findings]
    return Problem(
        code=row.refusal_code,
        title=_("The order is not cleared"),
        status=422,
        detail=_("What stands in the way: %(reasons)s.") % {"reasons": ", ".join(reasons)},
        way_out=_("See what each finding asks for; an order can be placed again at any time."),
        links=(Link(_("Order again"), f"/order/{row.plan_id}"),),
    )


def _terms(row: Any) -> Section:
    return Section(
        _("Terms"),
        (
            Row(_("Purpose"), str(PURPOSES.get(row.purpose, row.purpose))),
            Row(_("Territory"), str(TERRITORIES.get(row.territory, row.territory))),
            Row(_("Term in days"), str(row.term_days)),
            Row(_("Volume"), f"{row.volume:,}"),
            Row(_("Passing on"), look.yes_no(row.redistribution)),
            Row(_("Derived products"), look.yes_no(row.derivation)),
        ),
    )


def _order_path(row: Any, trade: Any = None) -> Path:
    trade = trade or getattr(row, "trade", None)
    passed = {"ordered": row.placed_at}
    if trade is not None:
        passed |= {
            "confirmed": trade.matched_at,
            "contracted": trade.matched_at,
            "delivered": trade.matched_at if trade.inspect_until else None,
            "accepted": trade.accepted_at,
            "settled": trade.settled_at,
        }
    stopped = "confirmed" if row.state in ENDED else ""
    if trade is not None and trade.state == "REFUNDED":
        stopped = "accepted"
    return look.path(passed, ORDER_PATH, stopped)


@page(methods=("POST",))
def act_on_order(request: Any, order_id: UUID, verb: str) -> HttpResponse:
    """Confirm, decline or cancel an order, quote or accept a price."""
    common: dict[str, Any] = {"order_id": order_id, "actor": request.member, "at": request.at}
    reason = request.POST.get("reason", "")[:500]
    verbs = {
        "confirm": lambda: orders.confirm_order(**common),
        "decline": lambda: orders.decline_order(**common, reason=reason),
        "cancel": lambda: orders.cancel_order(**common, reason=reason),
        "accept": lambda: negotiations.accept_quote(**common, number=_whole(request, "number")),
        "quote": lambda: negotiations.quote_price(
            **common, amount_minor=_minor(request), note=request.POST.get("note", "")[:500]
        ),
    }
    back = f"/orders/{order_id}"
    return act(request, verbs[verb], f"{back}/negotiation" if verb == "quote" else back)


def _whole(request: Any, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Malformed(fields={name: [_("must be a whole number")]})
    return int(text)


def _minor(request: Any) -> int:
    try:
        amount = Decimal(request.POST.get("price", "")) * 100
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0 or amount != int(amount) or amount > 10**17:
        raise Malformed(fields={"price": [_("must be an amount with at most two decimals")]})
    return int(amount)


@page()
def negotiation(request: Any, order_id: UUID) -> HttpResponse:
    """Show what is on the table and whose turn it is."""
    found = selectors.order_page(order_id, request.member, request.at)
    row = found.order
    side = "vendor" if request.member.organisation_id == row.vendor_id else "buyer"
    names = {
        "buyer": said(row.buyer.name_zh, row.buyer.name_en),
        "vendor": said(row.vendor.name_zh, row.vendor.name_en),
    }
    base, newest = f"/orders/{row.pk}", found.quotes[-1] if found.quotes else None
    entries = tuple(
        QuoteEntry(
            party=names[quote.side],
            mine=quote.side == side,
            at=quote.quoted_at,
            price=Money(quote.amount_minor, row.currency),
            terms=(),
            state="open" if quote is newest and row.state == "NEGOTIATING" else "replaced",
            note=quote.note,
        )
        for quote in found.quotes
    )
    actions = []
    if "accept" in found.verbs and newest is not None:
        number = (("number", str(newest.number)),)
        actions.append(
            look.button("order", "accept", f"{base}/accept", fields=number, primary=True)
        )
    may_quote = "quote" in found.verbs
    shown = NegotiationPage(
        code=look.short(row.pk),
        state=row.state,
        side=side,
        product=Link(
            said(row.version.title_zh, row.version.title_en),
            f"/catalogue/{row.version.product_id}",
        ),
        other=names["buyer" if side == "vendor" else "vendor"],
        order_url=base,
        turn="mine" if may_quote else "theirs",
        quotes=entries,
        actions=tuple(actions),
        counter_url=f"{base}/quote" if may_quote else "",
    )
    form = {"form": QuoteForm()} if may_quote else {}
    return show(request, "negotiation.html", shown, **form)


@page()
def list_trades(request: Any) -> HttpResponse:
    """List the trades of an organisation, or all for the venue."""
    found, more = _page(trades_of(request.member), request)
    side = "vendor" if "vendor" in request.member.capacities else "buyer"
    own = request.member.organisation_id
    rows = tuple(_trade_row(trade, "buyer" if trade.buyer_id == own else side) for trade in found)
    shown = OrdersPage(
        side=side,
        subject="trade",
        rows=rows,
        more_url=f"/trades?after={more}" if more else "",
        empty=None if rows else _nothing(),
    )
    return show(request, "orders.html", shown)


def _trade_row(trade: Any, side: str) -> OrderRow:
    other = trade.buyer if side == "vendor" else trade.vendor
    return OrderRow(
        code=look.short(trade.pk),
        title=said(trade.version.title_zh, trade.version.title_en),
        url=f"/trades/{trade.pk}",
        other=said(other.name_zh, other.name_en),
        state=trade.state,
        total=Money(trade.amount_minor + trade.buyer_fee_minor, trade.currency),
        placed_at=trade.matched_at,
    )


@page()
def trade(request: Any, trade_id: UUID) -> HttpResponse:
    """Show where the data is and where the money is."""
    sheet = trade_sheet(trade_id, request.member, request.at)
    row, base = sheet.page.trade, f"/trades/{trade_id}"
    side = "vendor" if request.member.organisation_id == row.vendor_id else "buyer"
    asks, paid = {"dispute", "refund", "dismiss"}, _money(row)
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
        path=_order_path(row.order, row),
        price=paid.price,
        held=paid.held,
        settled=paid.settled,
        refunded=paid.refunded,
        timeline=look.history(named_events("trade", row.pk, language())),
        terms=_terms(row.order),
        grant=_grant(request, sheet),
        split=_split(sheet),
        actions=tuple(
            look.button(
                "trade",
                verb,
                f"{base}/{verb}",
                primary=verb == "accept",
                danger=verb in asks,
                asks_reason=verb in asks,
                reason_needed=verb in asks,
            )
            for verb in sheet.page.verbs
        ),
        deadline=look.deadline("inspect", row.inspect_until, request.at)
        if row.state == "DELIVERING"
        else None,
        contract_hash=sheet.page.contract_sha256,
        contract_url=f"{base}/contract",
        dispute=None
        if sheet.page.dispute is None
        else Section(
            _("Dispute"),
            (
                Row(_("Ground"), sheet.page.dispute.ground),
                Row(_("Decision"), sheet.page.dispute.reason or None),
            ),
        ),
    )
    return show(request, "trade.html", shown)


class _Paid(NamedTuple):
    price: Money
    held: Money
    settled: Money
    refunded: Money


def _money(row: Any) -> _Paid:
    total = row.amount_minor + row.buyer_fee_minor
    refunded = total if row.state == "REFUNDED" else row.refunded_minor
    settled = total - refunded if row.state == "SETTLED" else 0
    parts = (total, total - refunded - settled, settled, refunded)
    return _Paid(*(Money(minor, row.currency) for minor in parts))


def _grant(request: Any, sheet: TradeSheet) -> Grant | None:
    if sheet.grant is None:
        return None
    own = request.member.organisation_id == sheet.page.trade.buyer_id
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
                f"{base}/{file.release_id}" if own else "",
            )
            for file in sheet.files
        ),
    )


def _split(sheet: TradeSheet) -> Any:
    found = sheet.split
    if found is None or not found.lines or found.buyer_fee_minor is None:
        return None
    fee = (found.buyer_fee_minor or 0) + (found.vendor_fee_minor or 0)
    lines: list[tuple[str, str, Money, int | None]] = [
        (_("Venue"), "venue_fee", Money(fee, found.currency), None)
    ]
    lines += [
        (line.beneficiary, line.role, Money(line.amount_minor, found.currency), line.share_bp)
        for line in found.lines
        if line.beneficiary_id is not None
    ]
    return split_bar(lines) if sum(line[2].minor for line in lines) else None


@page()
def download(request: Any, trade_id: UUID, release_id: UUID) -> HttpResponse:
    """Make a link to one file of a trade and lead to it."""
    found = selectors.trade_page(trade_id, request.member)
    if found.grant is None:
        raise NotFound
    made = delivery.make_link(
        grant_id=found.grant, release_id=release_id, actor=request.member, at=request.at
    )
    return redirect(f"/download/{made.token}")


@page()
def contract(request: Any, trade_id: UUID) -> HttpResponse:
    """Return the frozen contract, exactly the bytes that were hashed."""
    found = selectors.trade_page(trade_id, request.member)
    return HttpResponse(
        found.trade.contract.text,
        content_type="application/json",
        headers={"Content-Disposition": f'inline; filename="contract-{trade_id}.json"'},
    )


@page(methods=("POST",))
def act_on_trade(request: Any, trade_id: UUID, verb: str) -> HttpResponse:
    """Accept or dispute a delivery; the venue refunds, or dismisses a dispute."""
    common: dict[str, Any] = {"trade_id": trade_id, "actor": request.member, "at": request.at}
    reason = request.POST.get("reason", "").strip()[:2000]
    if verb != "accept" and not reason:
        messages.error(request, _("A reason is needed."))
        return redirect(f"/trades/{trade_id}")
    verbs = {
        "accept": lambda: trades.accept_trade(**common),
        "dispute": lambda: trades.dispute_trade(**common, ground=reason),
        "refund": lambda: trades.refund_trade(**common, reason=reason),
        "dismiss": lambda: trades.decide_dispute(**common, refund_minor=0, reason=reason),
    }
    return act(request, verbs[verb], f"/trades/{trade_id}")
