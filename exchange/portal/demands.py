"""Demands: a need is published, offers are named with reasons, vendors quote, the buyer picks."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.money import Money
from core.service import require
from exchange.portal import look
from exchange.portal.edge import act, keyset, language, page, said, send, show, uuid_of
from exchange.portal.forms import AnswerForm, DemandForm, PickForm
from exchange.portal.pages.demands import (
    DemandPage,
    DemandQuoteRow,
    DemandRow,
    DemandsPage,
    NewDemandPage,
    ShortlistRow,
)
from exchange.portal.pieces import EmptyState, Link, Row, Section
from exchange.selectors.demands import DemandSheet, ListedOffer, demand_rows, demand_sheet
from exchange.selectors.pages import demand_page
from exchange.services import demands
from exchange.templatetags import words
from exchange.templatetags.portal import amount_text, industry

Bound = tuple[str, PickForm]


@page()
def list_demands(request: Any) -> HttpResponse:
    """List the organisation's own demands, or the open ones that a vendor may answer."""
    member = request.member
    buys, sells = "buyer" in member.capacities, "vendor" in member.capacities
    own = request.GET.get("side") == "buyer" or (buys and request.GET.get("side") != "vendor")
    found, more = keyset(demand_rows(member, request.at, own=own), request)
    side = "buyer" if own else "vendor"
    sides = (
        Link(_("Your demands"), "/demands?side=buyer", current=own),
        Link(_("Open demands"), "/demands?side=vendor", current=not own),
    )
    shown = DemandsPage(
        own=own,
        rows=tuple(_row(demand, own=own) for demand in found),
        sides=sides if buys else (),
        new_url="/demands/new" if buys else "",
        more_url=f"/demands?side={side}&after={more}" if more else "",
        empty=None if found else _nothing(own=own, sells=sells),
    )
    return show(request, "demands.html", shown)


def _nothing(*, own: bool, sells: bool) -> EmptyState:
    catalogue = Link(_("The whole catalogue"), "/catalogue")
    if own:
        return EmptyState(
            _("You have published no demand"),
            _("Say what you need: cleared offers are ranked for it, and vendors send quotes."),
            (Link(_("Publish a demand"), "/demands/new"), catalogue),
        )
    return EmptyState(
        _("Nobody asks for anything at present"),
        _("New demands appear here as buyers publish them."),
        (Link(_("Your products"), "/products"),) if sells else (catalogue,),
    )


def _row(demand: Any, *, own: bool) -> DemandRow:
    return DemandRow(
        title=demand.title,
        url=f"/demands/{demand.pk}",
        buyer=said(demand.buyer.name_zh, demand.buyer.name_en),
        purpose=demand.purpose,
        limit=_limit(demand),
        state=demand.state,
        published_at=demand.published_at,
        open_until=demand.open_until,
        quotes=demand.quotes_count if own else None,
        answered=False if own else demand.is_answered,
    )


def _limit(demand: Any) -> Money | None:
    minor = demand.price_limit_minor
    return None if minor is None else Money(minor, demand.currency)


@page(methods=("GET", "POST"))
def publish(request: Any) -> HttpResponse:
    """Publish a demand; a refused form comes back with what was typed.

    Who may not publish one reads why, and what to do, before filling anything in.
    """
    if request.method == "GET":
        require(request.member, "trade")
    form = DemandForm(request.POST or None, initial={"key": uuid4().hex})
    if request.method == "POST":
        sent = send(request, form, lambda given: _published(request, form.currency, given))
        if sent.done:
            return redirect(f"/demands/{sent.answer['id']}")
    return show(request, "demand_new.html", NewDemandPage("/demands/new"), form=form)


def _published(request: Any, currency: str, given: dict[str, Any]) -> dict[str, Any]:
    terms = {name: value for name, value in given.items() if name != "key"} | {"currency": currency}
    terms["price_limit_minor"] = terms.pop("price_limit")
    return {"id": demands.publish_demand(**terms, actor=request.member, at=request.at).pk}


@page()
def demand(request: Any, demand_id: UUID) -> HttpResponse:
    """Show what is needed, what answers it, and what the reader may do."""
    return _demand(request, demand_id)


@page(methods=("POST",))
def close(request: Any, demand_id: UUID) -> HttpResponse:
    """Close a demand: it takes no more answers."""
    return act(
        request,
        lambda: demands.close_demand(demand_id=demand_id, actor=request.member, at=request.at),
        f"/demands/{demand_id}",
    )


@page(methods=("POST",))
def answer(request: Any, demand_id: UUID) -> HttpResponse:
    """Answer a demand with a quote; a refused form comes back with what was typed."""
    posted = request.POST.get("plan", "")
    asked = demand_page(demand_id, request.member, request.at).demand
    form = AnswerForm(request.POST, plans=[(posted, posted)], currency=asked.currency)
    sent = send(
        request,
        form,
        lambda given: demands.answer_demand(
            demand_id=demand_id,
            plan_id=uuid_of(given["plan"], "plan"),
            amount_minor=given["price"],
            price_reason=given["price_reason"],
            note=given["note"],
            actor=request.member,
            at=request.at,
        ),
    )
    if sent.done:
        return redirect(f"/demands/{demand_id}")
    return _demand(request, demand_id, answer_form=form)


@page(methods=("POST",))
def pick(request: Any, demand_id: UUID, quote_id: UUID) -> HttpResponse:
    """Order by a vendor's quote: the gate judges as for any order, and its answer is shown."""
    form = PickForm(request.POST, auto_id=f"pick-{quote_id}-%s")
    sent = send(
        request,
        form,
        lambda given: demands.pick_quote(
            quote_id=quote_id,
            term_days=given["term_days"],
            volume=given["volume"],
            actor=request.member,
            at=request.at,
        ),
    )
    if sent.done:
        trade = sent.answer["trade_id"]
        return redirect(f"/trades/{trade}" if trade else f"/orders/{sent.answer['id']}")
    return _demand(request, demand_id, picked=(str(quote_id), form))


def _demand(
    request: Any,
    demand_id: UUID,
    *,
    answer_form: AnswerForm | None = None,
    picked: Bound | None = None,
) -> HttpResponse:
    sheet = demand_sheet(demand_id, request.member, request.at, language())
    row = sheet.page.demand
    own = row.buyer_id == request.member.organisation_id
    base = f"/demands/{row.pk}"
    quotes = tuple(_quote(quote, request.member, sheet, base) for quote in sheet.page.quotes)
    shown = DemandPage(
        title=row.title,
        state=row.state,
        own=own,
        buyer=said(row.buyer.name_zh, row.buyer.name_en),
        published_at=row.published_at,
        open_until=row.open_until,
        terms=_terms(row),
        shortlist_at=sheet.page.shortlist.made_at if sheet.page.shortlist else None,
        offers=tuple(_offer(one, place) for place, one in enumerate(sheet.offers, start=1)),
        left_out=tuple(_left_out(one) for one in sheet.left_out),
        quotes=quotes,
        orders=tuple(
            Link(
                f"{look.short(one.pk)} · {said(one.vendor.name_zh, one.vendor.name_en)}",
                f"/orders/{one.pk}",
            )
            for one in sheet.orders
        ),
        actions=(
            look.button(
                "demand",
                "close",
                f"{base}/close",
                consequence=_("It takes no more quotes. Orders under way go on."),
            ),
        )
        if sheet.may_pick
        else (),
        answer_url=f"{base}/quotes" if sheet.plans else "",
        why_no_answer=_("You have no other plan on offer to answer with.")
        if sheet.may_answer and not sheet.plans
        else "",
        timeline=look.history(sheet.history) if sheet.history else None,
        list_url="/demands?side=" + ("buyer" if own else "vendor"),
    )
    return show(
        request,
        "demand.html",
        shown,
        form=_answer_form(sheet, answer_form),
        quoted=_quoted(quotes, picked),
    )


def _answer_form(sheet: DemandSheet, bound: AnswerForm | None) -> AnswerForm | None:
    if not sheet.plans:
        return None
    plans = [(str(plan.pk), _plan_label(plan, entry)) for plan, entry in sheet.plans]
    if bound is not None:
        bound.fields["plan"].choices = plans  # type: ignore[attr-defined]
        return bound
    return AnswerForm(
        initial={"key": uuid4().hex}, plans=plans, currency=sheet.page.demand.currency
    )


def _plan_label(plan: Any, entry: Any) -> str:
    label = f"{said(entry.title_zh, entry.title_en)} · {plan.title or plan.code}"
    costs = look.price_text(plan)
    return f"{label} · {costs}" if costs else label


def _quoted(
    quotes: tuple[DemandQuoteRow, ...], picked: Bound | None
) -> tuple[tuple[DemandQuoteRow, PickForm | None], ...]:
    """Return each quote with the form to pick it, the one that was refused as it was typed."""
    rows: list[tuple[DemandQuoteRow, PickForm | None]] = []
    for quote in quotes:
        form: PickForm | None = None
        if picked is not None and picked[0] == quote.id:
            form = picked[1]
        elif quote.pick_url:
            form = PickForm(initial={"key": uuid4().hex}, auto_id=f"pick-{quote.id}-%s")
        rows.append((quote, form))
    return tuple(rows)


def _terms(row: Any) -> Section:
    limit = _limit(row)
    return Section(
        _("What is needed"),
        (
            Row(_("Words to look for"), row.words),
            Row(_("Industry"), industry(row.industry) if row.industry else _("Any")),
            Row(_("Form"), words.word("form", row.form) if row.form else _("Any")),
            Row(_("Purpose"), words.word("purpose", row.purpose)),
            Row(_("Territory"), words.word("territory", row.territory)),
            Row(_("Price limit"), amount_text(limit) if limit else _("Any price")),
        ),
    )


def _listed(one: ListedOffer, place: int, reasons: tuple[str, ...], points: int | None) -> Any:
    offer, entry = one.offer, one.entry
    return ShortlistRow(
        place=place,
        title=said(entry.title_zh, entry.title_en) if entry else offer["title"],
        vendor=said(entry.vendor.name_zh, entry.vendor.name_en) if entry else offer["vendor"],
        price=look.price(one.plan) if one.plan else None,
        offer_mode=offer["offer_mode"],
        reasons=reasons,
        points=points,
        url=f"/catalogue/{entry.product_id}" if entry else "",
        order_url=f"/order/{offer['plan']}" if entry else "",
    )


def _offer(one: ListedOffer, place: int) -> ShortlistRow:
    reasons = tuple(_reason(code) for code in one.offer["reasons"])
    row: ShortlistRow = _listed(one, place, reasons, one.offer["points"])
    return row


def _left_out(one: ListedOffer) -> ShortlistRow:
    row: ShortlistRow = _listed(one, 0, (words.word("cause", one.offer["reason"]),), None)
    return row


def _reason(code: str) -> str:
    """Return a reason of the rank in words; that of words found names them."""
    name, _colon, found = code.partition(":")
    if name == "words":
        return _("it speaks of %(words)s") % {"words": _(", ").join(found.split(","))}
    return words.word("shortlist_reason", name)


def _quote(quote: Any, member: Any, sheet: DemandSheet, base: str) -> DemandQuoteRow:
    return DemandQuoteRow(
        id=str(quote.pk),
        vendor=said(quote.vendor.name_zh, quote.vendor.name_en),
        mine=quote.vendor_id == member.organisation_id,
        plan=quote.plan.title or quote.plan.code,
        price=Money(quote.amount_minor, quote.plan.currency),
        reason=words.word("price_reason", quote.price_reason) if quote.price_reason else "",
        note=quote.note,
        at=quote.quoted_at,
        pick_url=f"{base}/pick/{quote.pk}" if sheet.may_pick else "",
    )
