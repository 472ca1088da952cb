"""Example contents of the pages of records about persons."""

from typing import Any

from exchange.portal.examples.vessel_calls import HASH, HERE, ago, file, say, timeline, title
from exchange.portal.pages.records import NewRecordPage, RecordPage, RecordRow, RecordsPage
from exchange.portal.pieces import Action, EmptyState, Link, Row, Section
from exchange.portal.record_forms import BasisForm, BindForm, WithdrawForm

PURPOSES, KINDS = ("research", "credit_risk"), ("enterprise", "financial_institution")


def members() -> str:
    """Return the class of persons that the examples are about."""
    return say("Adult members who joined in 2025", "2025 年入会的成年会员")


def rows() -> tuple[RecordRow, ...]:
    """Return a record of each kind, one of them with a note."""
    basis, claim = say("Consent", "同意"), say("Anonymisation claim", "匿名化主张")
    untested = say("No test bears it out.", "没有测试支持。")
    return (
        RecordRow(basis, members(), HERE, "IN_FORCE", ago(-900_000), ago(9_000), 2),
        RecordRow(claim, "k = 50", HERE, "IN_FORCE", ago(-900_000), ago(900), 0, untested),
        RecordRow(basis, members(), HERE, "WITHDRAWN", ago(-900_000), ago(90_000), 1),
    )


def records() -> dict[str, Any]:
    """Return the list with the ways to record further ones."""
    new = (Link(say("Record a consent", "登记同意"), HERE), Link(say("Assess", "登记评估"), HERE))
    return {"page": RecordsPage(rows(), new)}


def records_empty() -> dict[str, Any]:
    """Return the list of an organisation that has recorded nothing and may not."""
    return {"page": RecordsPage((), empty=EmptyState(say("No record yet", "还没有记录")))}


def new_record() -> dict[str, Any]:
    """Return the form of a consent, refused."""
    form = BasisForm({"purposes": ["research"]}, versions=[("v", title())], trustees=[], formers=[])
    shown = NewRecordPage("basis", say("Record a consent", "登记同意"), members(), HERE, HERE)
    return {"page": shown, "form": form}


def record() -> dict[str, Any]:
    """Return a consent of which a part was withdrawn."""
    carries = Section(
        say("What it carries", "依据"), (Row(say("Purposes", "用途"), say("Research", "研究")),)
    )
    shown = RecordPage(
        title=say("Consent", "同意"),
        about=members(),
        state="IN_FORCE",
        sections=(carries,),
        versions=(Link(title(), HERE),),
        list_url=HERE,
        note=say("A part of it was withdrawn.", "已有一部分被撤回。"),
        wording=say("I agree that …", "本人单独同意……"),
        file=file(),
        bind_url=HERE,
        narrow_url=HERE,
        withdraw=Action("personal-record", "withdraw", HERE, danger=True, consequence=title()),
        document_hash=HASH,
        timeline=timeline(),
    )
    return {
        "page": shown,
        "bind": BindForm(versions=[("v", title())], auto_id="bind-%s"),
        "narrow": WithdrawForm(purposes=PURPOSES, recipient_kinds=KINDS, auto_id="narrow-%s"),
    }
