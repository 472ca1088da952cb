"""One item of a checklist: to be read, and in a draft to be written, checked and tried."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from compliance import services
from compliance.facts import LISTING_TOPICS, ORDER_TOPICS, facts_of
from compliance.facts.names import ANSWERS, NAMES
from compliance.rules import ItemCheck, Problem, Tried
from compliance.selectors import Listing, check_item, item_hash, listings_for, problem_text
from core.errors import NotFound
from core.service import require
from exchange.portal import look
from exchange.portal.author_forms import ItemForm, ListingForm
from exchange.portal.edge import act, language, page, said, send, show
from exchange.portal.pages.author import (
    ExampleOutcome,
    ExpressionShown,
    FactRow,
    FactTopic,
    ItemCheckShown,
    ItemPage,
    ItemProblem,
    TriedOn,
)
from exchange.portal.pieces import FactValue, Lift, Link, Row, Section
from exchange.portal.trials import item_url
from exchange.selectors.checklists import ChecklistSheet, checklist_sheet
from exchange.templatetags import checklist_words, words

NEW = "new"
FRAGMENT = "HTTP_X_FRAGMENT"
EXPRESSIONS = ("when", "lift")
BLANK: dict[str, Any] = {
    "code": "",
    "severity": "restricted",
    "scope": "listing",
    "list": "negative",
    "kind": "rule",
    "territory": "CN",
    "basis": "law",
}


@page(signed_in=False)
def item(request: Any, checklist_id: UUID, item_code: str) -> HttpResponse:
    """Show an item; in a draft, to who may write it, with the editor."""
    sheet = checklist_sheet(checklist_id, request.member, language())
    return _page(request, sheet, item_code)


@page(methods=("POST",))
def save_item(request: Any, checklist_id: UUID, item_code: str) -> HttpResponse:
    """Save an item of a draft; it may still be wrong, and then the page says what is."""
    sheet = checklist_sheet(checklist_id, request.member, language())
    form = ItemForm(request.POST, auto_id="item-%s")
    sent = send(
        request,
        form,
        lambda given: _saved(
            services.save_item(
                checklist_id=checklist_id,
                item_code=given["code"] if item_code == NEW else item_code,
                item=form.document(),
                seen_hash=given["seen_hash"],
                actor=request.member,
                at=request.at,
            )
        ),
    )
    if sent.done:
        messages.success(request, _("The item is saved in the draft."))
        return redirect(item_url(f"/checklists/{checklist_id}", form.cleaned_data["code"]))
    return _page(request, sheet, item_code, form=form)


def _saved(_row: Any) -> None:
    return None


@page(methods=("POST",))
def remove_item(request: Any, checklist_id: UUID, item_code: str) -> HttpResponse:
    """Take an item out of a draft."""
    return act(
        request,
        lambda: services.remove_item(
            checklist_id=checklist_id,
            item_code=item_code,
            seen_hash=request.POST.get("seen_hash", "")[:64],
            actor=request.member,
            at=request.at,
        ),
        f"/checklists/{checklist_id}",
    )


@page(methods=("POST",))
def check(request: Any, checklist_id: UUID, item_code: str) -> HttpResponse:
    """Say what is wrong with an item, run its examples, try it on a listing; nothing is stored.

    The editor asks for the answer alone while one types; without a script the whole page comes.
    """
    require(request.member, "author")
    sheet = checklist_sheet(checklist_id, request.member, language())
    form = ItemForm(request.POST, auto_id="item-%s")
    shown = replace(_checked(request, sheet, form), url=request.path)
    if FRAGMENT in request.META:
        return render(request, "parts/_item_check.html", {"check": shown})
    return _page(request, sheet, item_code, form=form, shown=shown)


def _checked(request: Any, sheet: ChecklistSheet, form: ItemForm) -> ItemCheckShown:
    wanted = ListingForm(request.POST)
    if not form.is_valid() or not wanted.is_valid():
        unreadable = tuple(
            ItemProblem(
                str(form.fields[name].label if name in form.fields else ""), str(text), name
            )
            for one in (form, wanted)
            for name, texts in one.errors.items()
            for text in texts
        )
        return ItemCheckShown(unreadable=unreadable)
    said_ = wanted.cleaned_data["listing"]
    found = listings_for(said_, request.member) if said_ else []
    chosen = found[0] if len(found) == 1 else None
    document = form.document()
    result = check_item(
        sheet.checklist.pk,
        document,
        chosen.version_id if chosen else None,
        reader=request.member,
        at=request.at,
    )
    return ItemCheckShown(
        problems=tuple(_problem(one, document, form) for one in result.problems),
        examples=tuple(
            ExampleOutcome(one.name, one.wanted, one.got, one.holds, one.fault)
            for one in result.examples
        ),
        tried=_tried(result, chosen, sheet),
        choices=tuple(Link(_named(one), one.product_code) for one in found)
        if chosen is None
        else (),
        no_listing=said_ if said_ and not found else "",
    )


def _problem(found: Problem, document: Mapping[str, Any], form: ItemForm) -> ItemProblem:
    path, _colon, place = found.field.partition(":")
    text = problem_text(found)
    where = checklist_words.item_field(path)
    name = form.field_at(path)
    field = f"item-{name}" if name else ""
    if path not in EXPRESSIONS or not place.isdecimal():
        return ItemProblem(where, text, field)
    source, at = document[path], int(place)
    line = source.count("\n", 0, at) + 1
    column = at - (source.rfind("\n", 0, at) + 1) + 1
    return ItemProblem(where, text, field, at, line, column, _marked(source, at))


def _marked(source: str, at: int) -> ExpressionShown:
    """Return an expression with the word that begins at `at` marked; at its end a space."""
    end = at + 1
    while end < len(source) and (source[end].isalnum() or source[end] in "_."):
        end += 1
    return ExpressionShown(source[:at], source[at:end] or " ", source[end:])


def _tried(result: ItemCheck, listing: Listing | None, sheet: ChecklistSheet) -> TriedOn | None:
    if listing is None or result.tried is None:
        return None
    tried: Tried = result.tried
    return TriedOn(
        listing=Link(_named(listing), f"/versions/{listing.version_id}"),
        status=tried.status,
        facts=(
            *(FactValue(_fact_name(path), _value(value)) for path, value in tried.facts),
            *(FactValue(_fact_name(path), None) for path in tried.missing),
        ),
        lifts=(
            *(Lift(_wording(sheet, key), given=True) for key in tried.lifted_by),
            *(Lift(_wording(sheet, key)) for key in tried.lacking),
        ),
    )


def _named(listing: Listing) -> str:
    title = said(listing.title_zh, listing.title_en)
    return f"{listing.product_code} v{listing.number} · {title}"


def _fact_name(path: str) -> str:
    names = NAMES.get(path)
    return f"{said(names[1], names[0])} ({path})" if names else path


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return said(ANSWERS[value][1], ANSWERS[value][0])
    if isinstance(value, list | tuple):
        return _(", ").join(map(str, value)) or _("none")
    return str(value) or _("none")


def _wording(sheet: ChecklistSheet, key: str) -> str:
    kind = sheet.evidence.get(key)
    return said(kind["zh"], kind["en"]) if kind else key


def _page(
    request: Any,
    sheet: ChecklistSheet,
    item_code: str,
    *,
    form: ItemForm | None = None,
    shown: ItemCheckShown | None = None,
) -> HttpResponse:
    found = sheet.checklist
    base = f"/checklists/{found.pk}"
    codes = [one["code"] for one in sheet.items]
    writes = sheet.writes and found.state == "DRAFT"
    if item_code not in codes and not (writes and item_code == NEW):
        raise NotFound
    place = codes.index(item_code) if item_code in codes else None
    one = BLANK if place is None else sheet.items[place]
    here = item_url(base, item_code)
    page_ = ItemPage(
        code=one["code"],
        title=said(one.get("title_zh", ""), one.get("title_en", "")) or _("A new item"),
        severity=one["severity"],
        checklist=Link(found.code, base),
        state=found.state,
        save_url=f"{here}/save" if writes else "",
        check_url=f"{here}/check" if sheet.writes else "",
        sections=() if writes or place is None else _sections(one),
        when=one.get("when", ""),
        lift=one.get("lift", ""),
        examples=tuple(one.get("examples", ())),
        sources=tuple(one.get("sources", ())),
        check=shown,
        facts=_topics() if writes else (),
        remove=_remove(one, here) if writes and place is not None else None,
        previous_url=item_url(base, codes[place - 1]) if place else "",
        next_url=item_url(base, codes[place + 1])
        if place is not None and place + 1 < len(codes)
        else "",
        writes=writes,
    )
    forms: dict[str, Any] = {"form": form} if form is not None and sheet.writes else {}
    if sheet.writes:
        forms["listing"] = ListingForm(
            request.POST if shown is not None else None, auto_id="item-%s"
        )
    if form is None and sheet.writes:
        seen = item_hash(one) if place is not None else ""
        first = {"key": uuid4().hex, "seen_hash": seen}
        forms["form"] = ItemForm(item=one, initial=first, auto_id="item-%s")
    return show(request, "item.html", page_, **forms)


def _remove(one: Mapping[str, Any], here: str) -> Any:
    return look.button(
        "checklist",
        "remove_item",
        f"{here}/remove",
        consequence=_("The draft is without it from now on; other lists keep it."),
        danger=True,
        fields=(("seen_hash", item_hash(one)),),
    )


def _sections(one: Mapping[str, Any]) -> tuple[Section, ...]:
    """Return what an item says, where it cannot be written."""

    def row(name: str, value: Any, *, code: bool = False) -> Row:
        return Row(checklist_words.item_field(name), str(value) if value else "–", code=code)

    asked = [row(name, one.get(name)) for name in ("question_en", "question_zh")]
    rule = [
        row("title_en", one["title_en"]),
        row("title_zh", one["title_zh"]),
        row("severity", words.word("severity", one["severity"])),
        row("scope", words.word("scope", one["scope"])),
        row("list", words.word("checklist_list", one["list"])),
        row("category", one["category"]),
        *(asked if one.get("kind") == "attestation" else []),
        row("exit_path_en", one["exit_path_en"]),
        row("exit_path_zh", one["exit_path_zh"]),
    ]
    reach = [
        row("valid_from", one.get("valid_from")),
        row("valid_to", one.get("valid_to")),
        row("territory", one.get("territory"), code=True),
        row("zone", one.get("zone"), code=True),
        row("evidence", ", ".join(one.get("evidence", ())), code=True),
        row("refusal", one.get("refusal"), code=True),
        row("covers", ", ".join(one.get("covers", ())), code=True),
    ]
    return (
        Section(_("What it says"), tuple(rule)),
        Section(_("When and where it binds"), tuple(reach)),
    )


def _topics() -> tuple[FactTopic, ...]:
    """Return every fact that a condition may look at, topic by topic."""
    topics = {**LISTING_TOPICS, **ORDER_TOPICS}
    return tuple(
        FactTopic(
            name,
            tuple(
                FactRow(
                    f"{name}.{fact.name}",
                    said(*reversed(NAMES[f"{name}.{fact.name}"])),
                    fact.kind,
                    ", ".join(fact.values),
                )
                for fact in facts_of(topic).values()
            ),
        )
        for name, topic in topics.items()
    )
