"""Example contents of the pages of the venue's administrators, and of tokens."""

from typing import Any

from exchange.portal.examples.vessel_calls import HERE, ago, buyer, say, timeline, vendor
from exchange.portal.forms import TokenForm
from exchange.portal.pages.members import MemberRow, TokenRow, TokensPage
from exchange.portal.pages.venue import (
    ApplicationPage,
    ApplicationRow,
    ApplicationsPage,
    AskedCapacity,
    CapacityCard,
    FeeRow,
    FeesPage,
    NumberCheck,
)
from exchange.portal.pieces import Action, EmptyState, Link, Row, Section

NUMBER = "91999999000000123K"


def _filters() -> tuple[Link, ...]:
    return (
        Link(say("Waiting for a decision", "等待决定"), HERE, current=True),
        Link(say("All organisations", "全部组织"), HERE),
    )


def applications() -> ApplicationsPage:
    """Return organisations that wait for a decision."""
    return ApplicationsPage(
        rows=(
            ApplicationRow(buyer(), HERE, "", f"CN {NUMBER}", "APPLIED", (), ago(3)),
            ApplicationRow(
                vendor(),
                HERE,
                "HARBOUR",
                f"CN {NUMBER}",
                "ACTIVE",
                (AskedCapacity("supplier", "ADMITTED"), AskedCapacity("vendor", "APPLIED")),
                ago(60),
            ),
        ),
        filters=_filters(),
    )


def applications_empty() -> ApplicationsPage:
    """Return the page of a venue that has decided on everybody."""
    return ApplicationsPage(
        rows=(),
        filters=_filters(),
        empty=EmptyState(say("Nobody waits for a decision", "没有等待决定的申请")),
    )


def _currencies() -> tuple[Link, ...]:
    return (
        Link(say("All currencies", "全部币种"), HERE, current=True),
        Link("CNY", HERE),
        Link("USD", HERE),
    )


def fees() -> FeesPage:
    """Return fees in force, fees to come, and fees that ended."""
    vendor_, buyer_ = say("2.5%, at most ¥ 50,000", "2.5%，最高 ¥ 50,000"), "0.5%"
    return FeesPage(
        rows=(
            FeeRow("CNY", "SCHEDULED", ago(-20), None, (vendor_,), (buyer_,)),
            FeeRow("CNY", "IN_FORCE", ago(90), ago(-20), ("2%", "0.2%"), ()),
            FeeRow("CNY", "ENDED", ago(300), ago(90), ("3%",), ("1%",)),
        ),
        filters=_currencies(),
        currency="CNY",
        submit_url=HERE,
    )


def fees_empty() -> FeesPage:
    """Return the page of a venue that has set no fees."""
    return FeesPage(
        rows=(),
        filters=_currencies(),
        currency="CNY",
        submit_url=HERE,
        empty=EmptyState(say("No fees are set", "尚未制定费率")),
    )


def application() -> ApplicationPage:
    """Return an organisation that is verified and asks to be admitted."""
    return ApplicationPage(
        name=vendor(),
        state="ACTIVE",
        stated=Section(
            say("What it stated", "申请内容"),
            (
                Row(say("Country", "国家或地区"), say("China", "中国")),
                Row(say("Registry number", "登记号"), NUMBER, code=True),
                Row(say("Region", "地区"), None),
            ),
        ),
        checks=(
            NumberCheck("passed", say("The check character K is right.", "校验码 K 正确。")),
            NumberCheck("failed", say("999999 is no area.", "999999 不是行政区划代码。")),
            NumberCheck("unknown", say("Its register is unknown.", "登记机关不明。")),
        ),
        register=None,
        members=(MemberRow(say("Li Wen", "李雯"), "li.wen@example.com", ("owner", "signatory")),),
        capacities=(
            CapacityCard(
                "vendor",
                "APPLIED",
                ago(5),
                (
                    Action(
                        "capacity",
                        "admit",
                        HERE,
                        consequence=say("It may list products.", "该组织可以登记产品。"),
                    ),
                    Action("capacity", "refuse", HERE, danger=True, asks_reason=True),
                ),
            ),
        ),
        actions=(
            Action(
                "organisation",
                "suspend",
                HERE,
                consequence=say("New orders stop at once.", "新订单立即停止。"),
                asks_reason=True,
                reason_needed=True,
                danger=True,
            ),
        ),
        timeline=timeline(),
        code_url=HERE,
        list_url=HERE,
        simulated=True,
    )


def tokens() -> dict[str, Any]:
    """Return a token that was just made, beside one that is no longer good."""
    revoke = Action("token", "revoke", HERE, danger=True, consequence=say("It stops.", "停用。"))
    rows = (
        TokenRow(say("Nightly import", "夜间导入"), ("belong", "trade"), ago(-40_000), "", revoke),
        TokenRow(say("A trial", "试用"), ("belong",), ago(9_000), say("revoked", "已停用"), None),
    )
    shown = TokensPage(rows, HERE, HERE, "dbt_example", 'curl -H "Authorization: Bearer dbt_…"')
    return {"page": shown, "form": TokenForm({}, acts=["belong", "trade"])}


def tokens_empty() -> dict[str, Any]:
    """Return the page of a person who has made no token and may make none."""
    empty = EmptyState(say("You have made no token yet", "你还没有令牌"))
    return {"page": TokensPage((), HERE, HERE, empty=empty), "form": None}
