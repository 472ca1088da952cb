"""Example contents of what ends soon, and of what the venue attests."""

from typing import Any

from exchange.portal.examples.vessel_calls import HERE, ago, deadline, say, title, vendor
from exchange.portal.pages.watch import AttestationsPage, DutyRow, EndRow, EndsPage
from exchange.portal.pieces import Article, EmptyState, Link
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
