"""Example contents of what ends soon, and of what the venue attests."""

from typing import Any

from exchange.portal.examples.vessel_calls import (
    HASH,
    HERE,
    ago,
    deadline,
    restricted,
    say,
    title,
    unknown,
    vendor,
)
from exchange.portal.pages.public import ArticleText, DecisionPage, LawPage
from exchange.portal.pages.statistics import Bar, Chart, StatisticsLine, StatisticsPage
from exchange.portal.pages.watch import AttestationsPage, DutyRow, EndRow, EndsPage
from exchange.portal.pieces import Article, EmptyState, Link
from exchange.portal.statistics import MonthsForm
from exchange.portal.watch import AttestForm


def ends() -> EndsPage:
    """Return what ends soon, as the venue sees it."""
    return EndsPage(
        rows=(
            EndRow(
                say("Declaration and commitment", "声明和承诺"),
                title(),
                vendor(),
                deadline("declaration", 1),
                ((7, ago(140)), (1, ago(2))),
                Link(say("Sign the next declaration", "签署下一份声明"), HERE),
            ),
            EndRow(say("Clearance", "交易准入"), title(), vendor(), deadline("clearance", 24), ()),
        ),
        for_venue=True,
        more_url=HERE,
    )


def ends_empty() -> EndsPage:
    """Return the page where nothing ends."""
    empty = EmptyState(say("Nothing ends within 30 days", "30 天内没有到期事项"))
    return EndsPage(rows=(), for_venue=False, empty=empty)


def attestations() -> dict[str, Any]:
    """Return what the venue attests, with one answer missing."""
    duties = (
        DutyRow(
            "CON-01",
            say("No continuous bidding", "不得集中竞价"),
            say("Does the venue run no means of it?", "交易场所是否未设此类方式？"),
            "attested",
            (Article(say("E-Commerce Law", "电子商务法"), "46"),),
            say("The order book was looked for.", "已核对系统功能。"),
            say("Chen Mo", "陈默"),
            ago(900),
            deadline("end", 300),
        ),
        DutyRow(
            "CON-02",
            say("No market making", "不得做市"),
            say("Is there none?", "是否没有做市？"),
            "missing",
            (),
        ),
    )
    page = AttestationsPage(
        "2026.2", False, duties, (Link(f"CON-02 {duties[1].title}", HERE),), may_sign=True
    )
    forms = [AttestForm(initial={"item": one.item}, auto_id=f"{one.item}-%s") for one in duties]
    return {"page": page, "pairs": list(zip(duties, forms, strict=True))}


def statistics() -> dict[str, Any]:
    """Return a table by industry with its charts."""
    lines = (
        StatisticsLine("G", say("Transport", "交通运输"), 42, 7, 310, 12),
        StatisticsLine("J", say("Finance", "金融业"), 12, 5, None, None),
    )
    bars = (
        Bar(lines[0].label, say("screened 42, blocked 7", "审查 42，拦截 7"), 1000, 166, 0),
        Bar(lines[1].label, say("screened 12, blocked 5", "审查 12，拦截 5"), 285, 119, 34),
    )
    chart = Chart(
        "versions",
        say("Versions", "版本"),
        "; ".join(f"{bar.label}: {bar.says}" for bar in bars),
        say("screened", "审查"),
        say("blocked", "拦截"),
        bars,
        68,
    )
    page = StatisticsPage(
        "industry",
        say("Industry", "行业"),
        "2026-01",
        "2026-11",
        (Link(say("Industry", "行业"), HERE, current=True),),
        (chart,),
        lines,
        3,
        HERE,
        HERE,
    )
    return {"page": page, "form": MonthsForm(initial={"since": "2026-01", "until": "2026-11"})}


def decision() -> DecisionPage:
    """Return why a version was stopped."""
    return DecisionPage(
        title=title(),
        kind="listing",
        verdict="needs_evidence",
        tone="restricted",
        at=ago(5),
        of=Link(say("The version", "版本"), HERE),
        checklist="2026.2",
        checklist_hash=HASH,
        facts_hash=HASH,
        findings=(restricted(), unknown()),
    )


def law() -> LawPage:
    """Return an article that is held."""
    text = "处理个人信息应当遵循合法、正当、必要和诚信原则。"
    name = say("Personal Information Protection Law", "《个人信息保护法》")
    return LawPage(name, "个人信息保护法", "2021-08-20", (ArticleText("5", text),))
