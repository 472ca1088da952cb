"""Example contents of the reviewer's pages."""

from typing import Any
from uuid import UUID

from compliance.selectors import DeskPerson
from exchange.portal.desk_forms import AbsenceForm, AnswersForm, HandForm, WriteForm
from exchange.portal.examples.vendor import sections
from exchange.portal.examples.vessel_calls import (
    HASH,
    HERE,
    ago,
    caution,
    deadline,
    file,
    restricted,
    say,
    supplier,
    timeline,
    title,
    unknown,
    vendor,
)
from exchange.portal.pages.review import (
    AbsenceRow,
    AbsencesPage,
    CaseShown,
    Difference,
    EvidenceRow,
    NoteShown,
    Proposal,
    QueuePage,
    QueueRow,
    ReviewerRow,
    ReviewPage,
)
from exchange.portal.pieces import Action, EmptyState, Link


def queue() -> QueuePage:
    """Return a review queue."""
    return QueuePage(
        rows=(
            QueueRow(
                title(), HERE, vendor(), "maker", 82, 0, 2, 1, 1, ago(5), deadline("review", 0)
            ),
            QueueRow(
                say("Company registration changes", "企业登记变更"),
                HERE,
                vendor(),
                "checker",
                55,
                0,
                1,
                0,
                0,
                ago(20),
                deadline("review", 3),
                say("Chen Mo", "陈默"),
            ),
            QueueRow(
                say("Opening hours of public toilets", "公共厕所开放时间"),
                HERE,
                supplier(),
                "maker",
                8,
                0,
                0,
                0,
                0,
                ago(40),
                deadline("review", 5),
                new_vendor=True,
            ),
        ),
        filters=(
            Link(say("All", "全部"), HERE, 12, current=True),
            Link(say("To propose", "待提出意见"), HERE, 8),
            Link(say("To confirm", "待复核"), HERE, 4),
        ),
        more_url=HERE,
    )


def people() -> tuple[DeskPerson, ...]:
    """Return two reviewers, one of them away."""
    first, second = say("Chen Mo", "陈默"), say("Wu Tong", "吴桐")
    return (
        DeskPerson(UUID(int=1), 1, first, True, 3, None, ""),
        DeskPerson(UUID(int=2), 2, second, False, 5, ago(0).date(), first),
    )


def forms() -> dict[str, Any]:
    """Return the forms beside a review."""
    return {
        "form": AnswersForm(questions=()),
        "hand": HandForm(people=people(), auto_id="hand-%s"),
        "write": WriteForm(auto_id="write-%s"),
    }


def absence_form() -> dict[str, Any]:
    """Return the form in which a senior reviewer notes an absence."""
    return {"form": AbsenceForm(people=people(), senior=True, me=UUID(int=1))}


def absences() -> AbsencesPage:
    """Return who reviews and who is away."""
    first, second = people()
    return AbsencesPage(
        reviewers=tuple(
            ReviewerRow(one.name, one.senior, one.open_count, one.away_until, one.stand_in)
            for one in (first, second)
        ),
        absences=(
            AbsenceRow(
                second.name,
                first.name,
                ago(48).date(),
                ago(0).date(),
                "",
                True,
                Action("absence", "cancel", HERE, danger=True),
            ),
        ),
        queue_url=HERE,
        left_url=HERE,
        left_count=2,
    )


def queue_empty() -> QueuePage:
    """Return a queue with nothing in it."""
    nothing = EmptyState(
        say("Nothing waits for you", "没有等你处理的审核"),
        say("New submissions appear here, riskiest first.", "新提交会出现在这里，风险高的在前。"),
        (Link(say("What was decided lately", "最近的决定"), HERE),),
    )
    return QueuePage(rows=(), empty=nothing)


def decision() -> ReviewPage:
    """Return a review as its maker sees it."""
    return ReviewPage(
        title=title(),
        code="DP-000123",
        number=4,
        vendor=Link(vendor(), HERE),
        supplier=Link(supplier(), HERE),
        stage="maker",
        risk=82,
        submitted_at=ago(5),
        deadline=deadline("review", 0),
        findings=(restricted(), unknown(), caution()),
        facts=sections(),
        evidence=(
            EvidenceRow(
                say("Number of the map review", "地图审图号"),
                vendor(),
                ago(30),
                note=say("No. 2026-0481", "审字 2026-0481 号"),
                finding="MAP-02",
                file=file("map-review.pdf"),
            ),
            EvidenceRow(
                say("Contract with the terminals", "与码头的合同"), vendor(), ago(300), "EXPIRED"
            ),
        ),
        differences=(
            Difference(
                say("Dictionary", "数据字典"),
                say("13 fields", "13 个字段"),
                say("14 fields: draught", "14 个字段：吃水"),
            ),
            Difference(
                say("Territories", "地域"),
                None,
                say("Hong Kong SAR", "香港特别行政区"),
                "widened",
            ),
        ),
        compared_with=say("version 3", "版本 3"),
        actions=(
            Action("review", "return", HERE),
            Action("review", "refuse", HERE, danger=True),
            Action("review", "approve", HERE, primary=True),
        ),
        checklist="2026.3",
        checklist_url=HERE,
        content_hash=HASH,
        position=1,
        waiting=12,
        next_url=HERE,
        queue_url=HERE,
        timeline=timeline(),
        case=CaseShown(
            say("Wu Tong", "吴桐"),
            Action("review", "take", HERE),
            HERE,
            "delegate",
            ago(0).date(),
            say("Chen Mo", "陈默"),
        ),
        notes=(
            NoteShown(
                "venue",
                say("The map number was looked up by telephone.", "审图号已电话核实。"),
                say("Chen Mo", "陈默"),
                ago(3),
            ),
        ),
        notes_url=HERE,
    )


def checking() -> ReviewPage:
    """Return a review that its maker cannot confirm."""
    return ReviewPage(
        title=title(),
        code="DP-000123",
        number=4,
        vendor=Link(vendor(), HERE),
        supplier=Link(vendor(), HERE),
        stage="checker",
        risk=55,
        submitted_at=ago(20),
        deadline=deadline("review", 3),
        findings=(),
        facts=sections()[:1],
        evidence=(),
        proposal=Proposal(
            "approve",
            say("Chen Mo", "陈默"),
            ago(2),
            say("Clause 7 allows resale; number checked.", "第 7 条允许转售；审图号已核对。"),
        ),
        may_not=say(
            "You prepared this decision. A colleague has to confirm it.",
            "这份意见由你提出，须由同事复核。",
        ),
        queue_url=HERE,
    )
