"""Orders and negotiations, as the side that reads them sees them."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.canonical import digest
from core.errors import DomainError, Malformed
from core.money import Money
from core.services.idempotency import scope_of
from exchange.errors import PlanNotOffered
from exchange.portal import look
from exchange.portal.edge import (
    SHOWN,
    act,
    keyset,
    language,
    page,
    said,
    send,
    shell_of,
    show,
    told,
    uuid_of,
)
from exchange.portal.forms import OrderForm, QuoteForm
from exchange.portal.money import PAY_IN
from exchange.portal.pages.trading import (
    NegotiationPage,
    OrderFormPage,
    OrderPage,
    OrderRow,
    OrdersPage,
    QuoteEntry,
)
from exchange.portal.pieces import (
    Action,
    EmptyState,
    Link,
    Path,
    Problem,
    Row,
    Section,
    Total,
    TotalLine,
)
from exchange.selectors import pages as selectors
from exchange.selectors.orders import orders_of, own_order, waiting_orders
from exchange.selectors.refusals import ToldRefusal
from exchange.selectors.trading import order_sheet
from exchange.services import negotiations, orders
from exchange.services.conclusion import Intent, Key
from exchange.services.previews import Preview, previewed_order
from exchange.services.trades import INSPECTION_DAYS
from exchange.templatetags import words
from exchange.templatetags.content_words import PURPOSES

ORDER_PATH = ("ordered", "confirmed", "contracted", "delivered", "accepted", "settled")
# A standing offer has nothing to confirm: it concludes with the order.
STANDING_PATH = tuple(name for name in ORDER_PATH if name != "confirmed")
ENDS = {
    "REFUSED": "refused",
    "DECLINED": "declined",
    "CANCELLED": "cancelled",
    "EXPIRED": "expired",
    "REFUNDED": "refunded",
}


@page(methods=("GET", "POST"))
def order_form(request: Any, plan_id: UUID) -> HttpResponse:
    """Show the total and the gate before signing; a posted form is the order.

    `refused` in the address is an order that was refused: its terms and findings are shown again.
    """
    if request.method == "POST":
        form = OrderForm(request.POST)
        return _place(request, plan_id, form) if form.is_valid() else _form(request, plan_id, form)
    refused = request.GET.get("refused", "")
    try:
        return _form(request, plan_id, refused=uuid_of(refused, "refused") if refused else None)
    except PlanNotOffered:
        # What was refused may have left the market meanwhile; the order still tells why.
        if refused:
            return redirect(f"/orders/{refused}")
        raise


def _place(request: Any, plan_id: UUID, form: OrderForm) -> HttpResponse:
    # The terms are part of the key: a second click is the same order, a corrected form a new one.
    terms = digest([request.path, sorted((k, str(v)) for k, v in form.cleaned_data.items())])
    click = form.cleaned_data["key"] or uuid4().hex
    key = Key(scope_of(request.member), f"page:{click[:32]}:{terms[:32]}", terms)
    wanted = {name: value for name, value in form.cleaned_data.items() if name != "key"}
    intent = Intent(plan_id=plan_id, buyer_id=request.member.organisation_id, **wanted)
    try:
        answer = orders.place_orders(
            intents=[intent], key=key, actor=request.member, at=request.at
        )[0]
    except DomainError as error:
        form.add_error(None, told(error))
        return _form(request, plan_id, form)
    if answer["trade_id"]:
        return redirect(f"/trades/{answer['trade_id']}")
    if answer["state"] == "REFUSED":
        return redirect(f"/order/{plan_id}?refused={answer['id']}")
    return redirect(f"/orders/{answer['id']}")


def _form(
    request: Any, plan_id: UUID, form: OrderForm | None = None, *, refused: UUID | None = None
) -> HttpResponse:
    preview = _preview(request, plan_id, form, refused)
    form = form or OrderForm(initial={**preview.terms, "key": uuid4().hex})
    return show(request, "order_form.html", _form_page(request, preview), form=form)


def _preview(
    request: Any, plan_id: UUID, form: OrderForm | None, refused: UUID | None = None
) -> Preview:
    return previewed_order(
        plan_id=plan_id,
        terms=form.cleaned_data if form is not None else {},
        refused_id=refused,
        language=language(),
        actor=request.member,
        at=request.at,
    )


@page(methods=("POST",))
def check_order(request: Any, plan_id: UUID) -> HttpResponse:
    """Return the gate, its findings and the total of the form as it stands, for the part beside."""
    form = OrderForm(request.POST)
    form.is_valid()
    shown = _form_page(request, _preview(request, plan_id, form))
    context = {"shell": shell_of(request), "page": shown, "form": form, "live": True}
    return render(request, "parts/_order_check.html", context)


def _form_page(request: Any, preview: Preview) -> OrderFormPage:
    offer = preview.offer
    base = f"/order/{offer.plan.pk}"
    limit = request.member.signing_limit_minor
    return OrderFormPage(
        product=said(offer.title_zh, offer.title_en),
        product_url=f"/catalogue/{offer.product_id}",
        vendor=said(offer.vendor_zh, offer.vendor_en),
        plan=look.plan_card(offer.plan),
        concludes=offer.plan.offer_mode,
        gate=look.gate(preview.findings, priced=preview.amount_minor is not None),
        findings=look.findings(preview.told, preview.currency),
        total=total_of(
            preview.amount_minor,
            preview.buyer_fee_minor,
            preview.currency,
            available=preview.available_minor,
            top_up_url=PAY_IN,
        ),
        submit_url=base,
        check_url=f"{base}/check",
        use=look.use_of(offer.content),
        inspection_days=INSPECTION_DAYS,
        refused=None
        if preview.refused is None
        else Link(look.short(preview.refused.pk), f"/orders/{preview.refused.pk}"),
        signing_limit=None if limit is None else Money(limit, "CNY"),
    )


def total_of(
    amount: int | None,
    fee: int,
    currency: str,
    *,
    available: int | None = None,
    top_up_url: str = "",
) -> Total:
    """Return price, fee and their sum; a price not agreed yet has a note instead."""
    if amount is None:
        return Total((), None, note=_("The price is agreed in the negotiation."))
    return Total(
        lines=(
            TotalLine(_("Price"), Money(amount, currency)),
            TotalLine(_("Venue's fee"), Money(fee, currency)),
        ),
        total=Money(amount + fee, currency),
        available=None if available is None else Money(available, currency),
        top_up_url=top_up_url,
    )


@page()
def list_orders(request: Any) -> HttpResponse:
    """List one side's orders; those that wait for this side come first."""
    side = _asked_side(request)
    own = None if request.member.is_venue else side
    found, more = keyset(orders_of(request.member, side=own), request)
    rows = tuple(_order_row(request, order, side) for order in found)
    waiting = () if "after" in request.GET else waiting_orders(request.member, side)[:SHOWN]
    sides = (
        Link(_("Orders placed"), "/orders?side=buyer", current=side == "buyer"),
        Link(_("Orders received"), "/orders?side=vendor", current=side == "vendor"),
    )
    shown = OrdersPage(
        side=side,
        subject="order",
        rows=rows,
        waiting=tuple(_order_row(request, order, side) for order in waiting),
        states=sides if {"vendor", "buyer"} <= request.member.capacities else (),
        more_url=f"/orders?side={side}&after={more}" if more else "",
        empty=None if rows else nothing(),
    )
    return show(request, "orders.html", shown)


def _asked_side(request: Any) -> str:
    """Return the side asked for, else the one that the reader's organisation is on."""
    side = request.GET.get("side", "")
    if side in {"vendor", "buyer"}:
        return str(side)
    return "buyer" if "buyer" in request.member.capacities else "vendor"


def nothing() -> EmptyState:
    """Return what stands where a list is empty."""
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
    sheet = order_sheet(order_id, request.member, request.at, language())
    found, row = sheet.page, sheet.page.order
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
        terms=terms_of(row),
        total=total_of(row.amount_minor, row.buyer_fee_minor, row.currency),
        path=order_path(row),
        timeline=look.history(sheet.history),
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
        gate=look.gate(row.findings, priced=row.amount_minor is not None)
        if row.state == "REFUSED"
        else None,
        refusal=_refusal(row, side, sheet.told) if row.state == "REFUSED" else None,
        trade_url=f"/trades/{row.trade.pk}" if hasattr(row, "trade") else "",
        negotiation_url=f"{base}/negotiation" if row.offer_mode == "negotiated" else "",
    )
    return show(request, "order.html", shown)


def _refusal(row: Any, side: str, told: ToldRefusal) -> Problem:
    findings = look.findings(told, row.currency)
    links = []
    if told.decision_id is not None:
        links.append(Link(_("This decision at its own address"), f"/decisions/{told.decision_id}"))
    again = Link(_("Correct and order again"), f"/order/{row.plan_id}?refused={row.pk}")
    return Problem(
        code=row.refusal_code,
        title=_("The order is not cleared"),
        status=422,
        detail=_("What stands in the way: %(reasons)s.")
        % {"reasons": _(", ").join(dict.fromkeys(one.title for one in findings))},
        findings=findings,
        way_out=_("See what each finding asks for; an order can be placed again at any time."),
        links=(*((again,) if side == "buyer" else ()), *links),
    )


def terms_of(row: Any) -> Section:
    """Return what was ordered, as rows."""
    return Section(
        _("Terms"),
        (
            Row(_("Purpose"), str(PURPOSES.get(row.purpose, row.purpose))),
            Row(_("Territory"), words.word("territory", row.territory)),
            Row(_("Term in days"), str(row.term_days)),
            Row(_("Volume"), f"{row.volume:,}"),
            Row(_("Passing on"), look.yes_no(row.redistribution)),
            Row(_("Derived products"), look.yes_no(row.derivation)),
            *_foreign(row),
        ),
    )


def _foreign(row: Any) -> tuple[Row, ...]:
    """Return what the buyer said of foreign courts, where it said anything."""
    if row.foreign_judicial_request is None:
        return ()
    said_ = look.yes_no(row.foreign_judicial_request)
    return (Row(_("For a foreign court or law enforcement body"), said_),)


def order_path(row: Any, trade: Any = None) -> Path:
    """Return how far an order and its trade have come; what ended early ends with how it did."""
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
    stations = STANDING_PATH if row.offer_mode == "standing" else ORDER_PATH
    end = ENDS.get(row.state if trade is None else trade.state, "")
    if end:
        stations = (*(name for name in stations if passed.get(name)), end)
    return look.path(passed, stations, stopped=end)


@page(methods=("POST",))
def act_on_order(request: Any, order_id: UUID, verb: str) -> HttpResponse:
    """Confirm, decline or cancel an order, or accept a price."""
    common: dict[str, Any] = {"order_id": order_id, "actor": request.member, "at": request.at}
    reason = request.POST.get("reason", "").strip()[:500]
    verbs = {
        "confirm": lambda: orders.confirm_order(**common),
        "decline": lambda: orders.decline_order(**common, reason=reason),
        "cancel": lambda: orders.cancel_order(**common, reason=reason),
        "accept": lambda: negotiations.accept_quote(**common, number=_whole(request, "number")),
    }
    return act(request, verbs[verb], f"/orders/{order_id}")


@page(methods=("POST",))
def quote(request: Any, order_id: UUID) -> HttpResponse:
    """Quote or counter; a form that is refused comes back with what was typed."""
    form = QuoteForm(request.POST, currency=own_order(order_id, request.member).currency)
    sent = send(
        request,
        form,
        lambda given: negotiations.quote_price(
            order_id=order_id,
            amount_minor=given["price"],
            note=given["note"],
            actor=request.member,
            at=request.at,
        ),
    )
    if sent.done:
        return redirect(f"/orders/{order_id}/negotiation")
    return _negotiation(request, order_id, form)


def _whole(request: Any, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Malformed(fields={name: [_("must be a whole number")]})
    return int(text)


@page()
def negotiation(request: Any, order_id: UUID) -> HttpResponse:
    """Show what is on the table and whose turn it is."""
    return _negotiation(request, order_id)


def _quote_state(order_state: str) -> str:
    """Return what became of the newest quote of an order in `order_state`."""
    return {"NEGOTIATING": "OFFERED", "MATCHED": "ACCEPTED"}.get(order_state, "CLOSED")


def _negotiation(request: Any, order_id: UUID, form: QuoteForm | None = None) -> HttpResponse:
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
            state=_quote_state(row.state) if quote is newest else "COUNTERED",
            note=quote.note,
        )
        for quote in found.quotes
    )
    actions: list[Action] = []
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
        terms=terms_of(row),
    )
    if form is None and may_quote:
        form = QuoteForm(initial={"key": uuid4().hex}, currency=row.currency)
    return show(request, "negotiation.html", shown, form=form)
