"""Example contents of the pages of checklists."""

from typing import Any

from compliance.rules import FieldChange, ItemChange, Piece
from exchange.portal.author_forms import CopyForm, ImportForm, ItemForm, ListingForm, ScheduleForm
from exchange.portal.examples.vessel_calls import HASH, HERE, ago, say, timeline, title, vendor
from exchange.portal.pages.author import (
    ChecklistPage,
    ChecklistRow,
    ChecklistsPage,
    DifferencesPage,
    ExampleOutcome,
    ExpressionShown,
    FoundRow,
    ItemCheckShown,
    ItemPage,
    ItemProblem,
    ItemRow,
    ItemTrialRow,
    ListProblem,
    TrialPage,
    TrialRow,
    TriedOn,
)
from exchange.portal.pieces import Action, FactValue, Lift, Link, Progress, Row, Section

WHEN = "product.form == 'dataset' && product.gradee == 'core'"


def _named() -> str:
    return say("Core data of the state", "国家核心数据")


def checklists() -> dict[str, Any]:
    """Return the lists of a venue, with the form that takes another venue's over."""
    rows = (
        ChecklistRow("2027.1", HERE, "TRIAL", ago(5), None, None, say("Harbour", "海港交易所")),
        ChecklistRow("2026.2", HERE, "IN_FORCE", ago(900), ago(800), None),
        ChecklistRow("2026.1", HERE, "SUPERSEDED", ago(2000), ago(1900), ago(800)),
    )
    return {"page": ChecklistsPage(rows, import_url=HERE), "take_over": ImportForm()}


def checklist() -> dict[str, Any]:
    """Return a list on trial that something keeps from it."""
    page = ChecklistPage(
        code="2027.1",
        state="TRIAL",
        dates=Section(say("Dates", "日期"), (Row(say("Drafted", "起草"), "2026-11-20"),)),
        items=(
            ItemRow("NS-03", _named(), HERE, "prohibited", "listing", "negative"),
            ItemRow("SS-02", _named(), HERE, "caution", "platform", "export", asked=True),
        ),
        evidence=(Section("site_visit", (Row("", say("a visit on site", "现场核查")),)),),
        actions=(Action("checklist", "revise", HERE),),
        trials=(TrialRow(HERE, "RUNNING", ago(1), 812, 12, 3, "2026.2"),),
        timeline=timeline(),
        compare=(Link("2026.2", HERE),),
        list_url=HERE,
        base_url=HERE,
        problems=(ListProblem("NS-03", say("Add an example.", "请补充示例。"), HERE),),
        running=Progress(say("Trial over the catalogue", "对照目录试运行"), "running", 812, 1284),
        origin=say("Taken over from Harbour.", "采用自海港交易所。"),
        why_not=say("A colleague has to schedule it.", "须由同事安排生效。"),
        new_item_url=HERE,
        items_hash=HASH,
    )
    forms = {"schedule": ScheduleForm(auto_id="schedule-%s"), "copy": CopyForm(auto_id="copy-%s")}
    return {"page": page, **forms}


def item() -> dict[str, Any]:
    """Return the editor of an item whose condition names no fact."""
    checked = ItemCheckShown(
        url=HERE,
        problems=(
            ItemProblem(
                say("Condition", "触发条件"),
                say("There is no fact product.gradee.", "没有事实 product.gradee。"),
                "item-when",
                29,
                1,
                30,
                ExpressionShown(WHEN[:29], WHEN[29:43], WHEN[43:]),
            ),
        ),
        examples=(
            ExampleOutcome(say("a catalogue", "目录"), "hit", "hit", holds=True),
            ExampleOutcome(say("none", "无"), "clear", "unknown", holds=False),
        ),
        tried=TriedOn(
            Link(title(), HERE),
            "hit",
            (FactValue("product.form", "dataset"), FactValue("product.grade", None)),
            (Lift(say("a visit on site", "现场核查")),),
        ),
    )
    page = ItemPage(
        code="NS-03",
        title=_named(),
        severity="prohibited",
        checklist=Link("2027.1", HERE),
        state="DRAFT",
        save_url=HERE,
        check_url=HERE,
        check=checked,
        next_url=HERE,
        writes=True,
    )
    form = ItemForm(item={"code": "NS-03", "when": WHEN}, auto_id="item-%s")
    return {"page": page, "form": form, "listing": ListingForm(auto_id="item-%s")}


def trial() -> dict[str, Any]:
    """Return a trial that is over."""
    return {
        "page": TrialPage(
            checklist=Link("2027.1", HERE),
            state="FINISHED",
            at=ago(1),
            progress=Progress(say("Trial", "试运行"), "done", 1284, 1284),
            blocked_count=12,
            freed_count=3,
            against=Link("2026.2", HERE),
            items=(ItemTrialRow("NS-03", _named(), HERE, HERE, 12, 3, 1),),
            rows=(
                FoundRow(
                    title(),
                    HERE,
                    "DP-000123",
                    4,
                    "NS-03",
                    "blocked",
                    "prohibited",
                    (FactValue(say("grade", "分级"), "core"),),
                ),
            ),
            actions=(),
        )
    }


def differences() -> dict[str, Any]:
    """Return what one list says otherwise than another."""
    field = FieldChange(
        "when", "a && b", "a && c", (Piece("a && "), Piece("b", "removed"), Piece("c", "added"))
    )
    change = ItemChange("NS-03", "changed", "", "", "prohibited", (field,))
    return {
        "page": DifferencesPage(
            before=Link("2026.2", HERE),
            after=Link("2027.1", HERE),
            items=({"change": change, "title": vendor()},),
            evidence=(),
            added_count=0,
            removed_count=0,
            changed_count=1,
            same_count=157,
            compare=(Link("2026.2", HERE, current=True),),
            action=HERE,
        )
    }
