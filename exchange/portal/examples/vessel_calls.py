"""The example product, hourly vessel calls, and what surrounds it. Invariant: nothing is true."""

from datetime import UTC, date, datetime, timedelta

from core.money import Money
from exchange.portal.pieces import (
    Article,
    ClearanceBadge,
    Deadline,
    FactValue,
    FileLink,
    Finding,
    GateStep,
    GateStrip,
    Lift,
    Link,
    Path,
    Row,
    Section,
    SplitBar,
    Station,
    Timeline,
    TimelineEntry,
    Total,
    TotalLine,
    split_bar,
)
from exchange.templatetags.countries import chinese

AT = datetime(2026, 11, 23, 6, 5, 12, tzinfo=UTC)
HASH = "9f2c4be1d70a53c6b8f14a2e6d3390c57be8a1f04c2d9e6b75a8301fd4ce21b7"
HERE = "#example"


def say(english: str, chinese_text: str) -> str:
    """Return the text in the reader's language."""
    return chinese_text if chinese() else english


def yuan(minor: int) -> Money:
    """Return an amount in fen."""
    return Money(minor, "CNY")


def ago(hours: int) -> datetime:
    """Return the moment some hours before the example's own."""
    return AT - timedelta(hours=hours)


def vendor() -> str:
    """Return the example vendor."""
    return say("Blue Harbour Data (fictional)", "蓝港数据（虚构）")


def supplier() -> str:
    """Return the example supplier."""
    return say("Linjiang Port Group (fictional)", "临江港务集团（虚构）")


def buyer() -> str:
    """Return the example buyer."""
    return say("Southbank Freight Insurance (fictional)", "南岸货运保险（虚构）")


def title() -> str:
    """Return the example product."""
    return say("Vessel calls at Yangtze ports, hourly", "长江港口船舶到离港记录（小时级）")


def badge() -> ClearanceBadge:
    """Return a live clearance with all its evidence."""
    return ClearanceBadge(
        state="LIVE",
        checklist="2026.3",
        valid_until=date(2027, 3, 14),
        declaration_by=vendor(),
        declaration_at=ago(500),
        declaration_url=HERE,
        decision_at=ago(480),
        decision_url=HERE,
        reviewers=("reviewer", "senior_reviewer"),
        content_hash=HASH,
        verify_url=HERE,
    )


def prohibited() -> Finding:
    """Return a finding that nothing lifts."""
    return Finding(
        severity="prohibited",
        code="PI-04",
        title=say("Personal data without a lawful basis", "没有合法性基础的个人信息"),
        text=say(
            "The sample's column 联系电话 holds mobile numbers in 98 % of rows, and no basis is "
            "declared.",
            "样本的“联系电话”一列有 98% 的行是手机号码，而未声明任何合法性基础。",
        ),
        facts=(
            FactValue(
                say("Mobile numbers in the sample", "样本中的手机号码"), say("98 %", "98%"), "scan"
            ),
            FactValue(say("Consent basis", "同意依据"), None, "vendor"),
        ),
        articles=(
            Article(
                say("Personal Information Protection Law", "个人信息保护法"),
                "13",
                "符合下列情形之一的，个人信息处理者方可处理个人信息",
            ),
        ),
        lifts=(
            Lift(
                say("Declare the basis and attach evidence", "声明合法性基础，并附上证据"), url=HERE
            ),
            Lift(say("Remove the column", "删除该列"), url=HERE),
        ),
        who=say("an editor of your organisation", "你所在组织的编辑"),
    )


def restricted() -> Finding:
    """Return a finding whose evidence is partly given."""
    return Finding(
        severity="restricted",
        code="MAP-02",
        title=say("Surveying results need a review of the map", "测绘成果须经地图审核"),
        text=say("Positions are given to 5 decimals.", "位置数据精确到小数点后 5 位。"),
        facts=(FactValue(say("Map or survey data", "地图或测绘数据"), say("yes", "是"), "vendor"),),
        articles=(Article(say("Map Management Regulations", "地图管理条例"), "15"),),
        lifts=(
            Lift(say("Number of the map review", "地图审图号"), given=True),
            Lift(say("Consent of the surveying unit", "测绘单位同意书"), url=HERE),
        ),
        who=say("the supplier, through you", "数据提供方，由你代为提交"),
        state="given",
    )


def unknown() -> Finding:
    """Return a finding that rests on a fact nobody stated."""
    return Finding(
        severity="unknown",
        code="SRC-03",
        title=say("Whether resale is allowed is not stated", "未说明是否允许转售"),
        text=say(
            "Source 2, “terminal operators' feeds”, does not say whether its contract forbids "
            "resale. What is unknown blocks.",
            "第 2 个来源“码头经营人数据”没有说明合同是否禁止转售。未知即阻断。",
        ),
        facts=(FactValue(say("Resale forbidden", "禁止转售"), None, "vendor"),),
        lifts=(Lift(say("Answer it for source 2", "为第 2 个来源作答"), url=HERE),),
        who=say("an editor of your organisation", "你所在组织的编辑"),
    )


def caution() -> Finding:
    """Return a warning that does not block."""
    return Finding(
        severity="caution",
        code="AGG-01",
        title=say("Joined with port plans it may say more", "与港口规划合并后可能推出更多信息"),
        exit_path=say(
            "A senior reviewer looks at it; nothing for you to do.",
            "由高级审核员复核，你无须处理。",
        ),
        state="stands",
    )


def gate_failed() -> GateStrip:
    """Return a gate that one check does not pass."""
    passed = ("clearance", "declaration", "territory", "volume", "buyer", "price", "funds")
    reason = say(
        "Marketing is not among the purposes this version permits.",
        "“营销”不在本版本许可的用途之内。",
    )
    steps = [GateStep(name, "passed") for name in passed]
    permitted = say("See what is permitted", "查看许可用途")
    steps.insert(2, GateStep("purpose", "failed", reason, HERE, permitted))
    return GateStrip(tuple(steps))


def gate_passed() -> GateStrip:
    """Return a gate that all checks pass."""
    names = ("clearance", "declaration", "purpose", "territory", "volume", "buyer")
    return GateStrip(tuple(GateStep(name, "passed") for name in (*names, "price", "funds")))


def gate_waiting() -> GateStrip:
    """Return a gate of a form that is half filled."""
    done, ahead = ("clearance", "declaration"), ("purpose", "territory", "volume", "price", "funds")
    return GateStrip(
        tuple(GateStep(name, "passed") for name in done)
        + tuple(GateStep(name, "waiting") for name in ahead)
    )


def split(note: str = "") -> SplitBar:
    """Return how 5,000.00 is split."""
    return split_bar(
        [
            (say("The venue", "交易场所"), "venue_fee", yuan(12_500), 250),
            (supplier(), "holding", yuan(268_125), 5_500),
            (vendor(), "processing", yuan(146_250), 3_000),
            (say("Port Statistics Office", "港口统计处"), "public_budget", yuan(48_750), 1_000),
            (
                say("Public-interest fund", "公益基金"),
                "public_interest_fund",
                yuan(24_375),
                500,
            ),
        ],
        note=note,
    )


def path(reached: int, *, stopped: bool = False) -> Path:
    """Return the path of a trade that has reached a station, or is stopped there."""
    names: tuple[str, ...] = (
        "recorded",
        "declared",
        "screened",
        "reviewed",
        "cleared",
        "ordered",
        "contracted",
    )
    names += ("delivered", "accepted", "settled", "paid")
    stations = []
    for number, name in enumerate(names):
        if number < reached:
            actor = vendor() if number < 2 else ""
            stations.append(Station(name, "done", ago(600 - 40 * number), actor, HERE))
        elif number == reached:
            stations.append(Station(name, "stopped" if stopped else "current"))
        else:
            stations.append(Station(name, "ahead"))
    return Path(tuple(stations))


def timeline() -> Timeline:
    """Return the events of a trade."""
    officer = say("Chen Mo, reviewer", "陈默，审核员")
    return Timeline(
        entries=(
            TimelineEntry(905, "grant", "access", ago(1), buyer(), "vessel-calls-2026-11-22.csv"),
            TimelineEntry(871, "trade", "deliver", ago(5), before="FUNDED", after="DELIVERING"),
            TimelineEntry(870, "order", "match", ago(5), before="PLACED", after="MATCHED"),
            TimelineEntry(869, "order", "place", ago(5), say("Li Wen", "李雯"), after="PLACED"),
            TimelineEntry(
                411,
                "clearance",
                "resume",
                ago(200),
                officer,
                say("Licence renewed, copy seen", "许可证已续期，已查看副本"),
                "SUSPENDED",
                "LIVE",
            ),
        ),
        kinds=(
            Link(say("All", "全部"), HERE, 5, current=True),
            Link(say("States", "状态"), HERE, 4),
            Link(say("Downloads", "下载"), HERE, 1),
        ),
        more_url=HERE,
    )


def deadline(what: str, days_left: int) -> Deadline:
    """Return a deadline some days ahead."""
    return Deadline(what, AT + timedelta(days=days_left + 1), days_left)


def file(name: str = "vessel-calls-2026-11-22.csv") -> FileLink:
    """Return a file of 18 MB."""
    return FileLink(name, "text/csv", 18_342_114, HASH, HERE, ago(20))


def terms() -> Section:
    """Return what an order asks for."""
    return Section(
        say("What was ordered", "订购内容"),
        (
            Row(say("Plan", "价格方案"), say("One year, all ports", "全部港口，一年")),
            Row(say("Purpose", "用途"), say("Credit risk", "信用风险")),
            Row(say("Territory", "地域"), say("Mainland China", "中国内地")),
            Row(say("Term", "期限"), say("365 days", "365 天")),
            Row(say("Cost centre", "成本中心"), None),
        ),
    )


def total(available: int = 1_200_000) -> Total:
    """Return the total of an order of 5,000.00."""
    return Total(
        (
            TotalLine(say("One year, all ports", "全部港口，一年"), yuan(500_000)),
            TotalLine(
                say("Venue's fee", "交易场所服务费"),
                yuan(0),
                say("paid by the vendor's side, 2.5\u202f%", "由数据商一方承担，2.5%"),
            ),
            TotalLine(
                say("Tax", "税"),
                None,
                say("each supplier invoices its own", "由各提供方自行开票"),
            ),
        ),
        yuan(500_000),
        yuan(available),
        HERE,
    )
