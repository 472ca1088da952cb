"""Example contents of the pages that anybody may read."""

from datetime import date

from exchange.portal.examples.vessel_calls import (
    AT,
    HASH,
    HERE,
    ago,
    badge,
    buyer,
    file,
    path,
    say,
    split,
    supplier,
    title,
    vendor,
    yuan,
)
from exchange.portal.pages.public import (
    CataloguePage,
    CatalogueRow,
    Check,
    DictionaryField,
    Figure,
    HistoryRow,
    HomePage,
    PermittedUse,
    PlanCard,
    Price,
    ProblemPage,
    ProductPage,
    Sample,
    SourceRow,
    Tier,
    Verification,
    VerifyPage,
)
from exchange.portal.pieces import (
    ClearanceBadge,
    EmptyState,
    Facet,
    FacetGroup,
    Link,
    Path,
    Problem,
    Row,
)


def rows() -> tuple[CatalogueRow, ...]:
    """Return lines of the catalogue, one of each kind of price."""
    return (
        CatalogueRow(
            code="DP-000123",
            title=title(),
            url=HERE,
            summary=say(
                "Every arrival and departure at 42 ports between Chongqing and Shanghai, with "
                "vessel class, draught and berth, one row an hour since 2019, corrected daily.",
                "重庆至上海 42 个港口的每次到离港：船型、吃水与泊位，自 2019 年起每小时一行，"
                "每日校正。",
            ),
            supplier=supplier(),
            vendor=vendor(),
            industry="G",
            form="dataset",
            grade="general",
            data_class="enterprise",
            updated_at=ago(5),
            badge=badge(),
            price=Price("subscription", yuan(500_000), period_days=365),
            delivery_modes=("download",),
            purposes=("research", "credit_risk"),
        ),
        CatalogueRow(
            code="DP-000207",
            title=say("Company registration changes", "企业登记变更"),
            url=HERE,
            summary=say(
                "One call returns all changes of one company.", "一次调用返回一家企业的全部变更。"
            ),
            supplier=vendor(),
            vendor=vendor(),
            industry="J",
            form="api",
            grade="general",
            data_class="public",
            updated_at=ago(76),
            badge=badge(),
            price=Price("per_call", yuan(9)),
            delivery_modes=("api",),
            purposes=("credit_risk", "compliance_check", "operations"),
            simulated=True,
        ),
        CatalogueRow(
            code="DP-000311",
            title=say("Air quality model of the delta", "三角洲空气质量模型"),
            url=HERE,
            summary=say(
                "A trained model with its validation report.", "训练好的模型，附验证报告。"
            ),
            supplier=supplier(),
            vendor=vendor(),
            industry="N",
            form="model",
            grade="",
            data_class="enterprise",
            updated_at=ago(900),
            badge=ClearanceBadge("SUSPENDED", cause="declaration-expired"),
            price=Price("negotiated"),
            purposes=("public_governance",),
        ),
        CatalogueRow(
            code="DP-000340",
            title=say("Opening hours of public toilets", "公共厕所开放时间"),
            url=HERE,
            summary=say("Open data, refreshed weekly.", "开放数据，每周更新。"),
            supplier=supplier(),
            vendor=supplier(),
            industry="S",
            form="dataset",
            grade="general",
            data_class="public",
            updated_at=ago(40),
            badge=badge(),
            price=Price("free"),
            purposes=("public_welfare", "research"),
        ),
    )


def home() -> HomePage:
    """Return the home page's contents."""
    return HomePage(
        figures=(
            Figure(
                say("Cleared products", "已准入产品"), 1_284, say("62 this week", "本周 62"), HERE
            ),
            Figure(say("Trades concluded", "已成交"), 20_417, say("since 2025", "自 2025 年起")),
            Figure(
                say("Refused, with reasons", "附理由拒绝"),
                3_058,
                say("what blocked how many", "各项阻断数"),
                HERE,
            ),
            Figure(
                say("Paid out by split", "按分配方案付出"),
                yuan(1_852_330_045),
                say("books balanced at 02:00", "02:00 账目平衡"),
                HERE,
            ),
        ),
        latest=rows()[:2],
        topics=(
            Link(say("Transport", "交通运输"), HERE, 214),
            Link(say("Finance", "金融"), HERE, 188),
            Link(say("Health", "卫生"), HERE, 41),
            Link(say("Public data", "公共数据"), HERE, 365),
        ),
    )


def facets() -> tuple[FacetGroup, ...]:
    """Return facets, one chosen, one capped."""
    return (
        FacetGroup(
            "industry",
            say("Industry", "行业"),
            (
                Facet(say("Transport, storage and post", "交通运输、仓储和邮政业"), HERE, 214),
                Facet(say("Finance", "金融业"), HERE, 1000, capped=True, chosen=True),
                Facet(say("Health and social work", "卫生和社会工作"), HERE, 41),
            ),
        ),
        FacetGroup(
            "form",
            say("Form", "形态"),
            (Facet(say("Dataset", "数据集"), HERE, 803), Facet(say("API", "数据接口"), HERE, 411)),
        ),
        FacetGroup(
            "purpose",
            say("Purpose", "用途"),
            (
                Facet(say("Research", "研究"), HERE, 640),
                Facet(say("Credit risk", "信用风险"), HERE, 222),
            ),
        ),
    )


def catalogue() -> CataloguePage:
    """Return a page of the catalogue."""
    return CataloguePage(
        query=say("port vessel", "港口"),
        rows=rows(),
        count=1000,
        count_capped=True,
        facets=facets(),
        chosen=(Link(say("Finance", "金融业"), HERE),),
        sorts=(
            Link(say("Best match", "最相关"), HERE, current=True),
            Link(say("Newest", "最新"), HERE),
            Link(say("Lowest price", "价格最低"), HERE),
        ),
        more_url=HERE,
    )


def catalogue_empty() -> CataloguePage:
    """Return a page of the catalogue that found nothing."""
    nothing = EmptyState(
        say("Nothing found for “glacier meltwater”", "没有找到“冰川融水”"),
        say(
            "Try fewer or other words. Or say what you need: vendors answer demands with quotes.",
            "换少一些或不同的词试试。也可以发布需求，数据商会来报价。",
        ),
        (
            Link(say("Publish a demand", "发布需求"), HERE),
            Link(say("The whole catalogue", "全部目录"), HERE),
        ),
    )
    return CataloguePage(
        say("glacier meltwater", "冰川融水"), (), 0, facets=facets(), empty=nothing
    )


def use() -> PermittedUse:
    """Return a permitted use."""
    return PermittedUse(
        purposes=("research", "credit_risk"),
        territories=("CN", "HK"),
        redistribution=False,
        derivation=True,
        term_days=365,
        buyer_types=("enterprise", "financial_institution"),
    )


def plans() -> tuple[PlanCard, ...]:
    """Return one plan of each offer mode, and one that this reader cannot order."""
    return (
        PlanCard(
            "YEAR",
            say("One year, all ports", "全部港口，一年"),
            Price("subscription", yuan(500_000), period_days=365),
            "standing",
            order_url=HERE,
        ),
        PlanCard(
            "CALLS",
            say("By call", "按次"),
            Price("per_call", yuan(10), per_count=100),
            "confirm",
            tiers=(Tier(10_001, yuan(8)), Tier(100_001, yuan(5))),
            minimum_count=1_000,
            confirm_hours=48,
            order_url=HERE,
        ),
        PlanCard(
            "SOLE",
            say("Exclusive licence", "独家许可"),
            Price("negotiated"),
            "negotiated",
            exclusive=True,
            seats=1,
            why_not=say("The one seat is taken.", "唯一席位已被占用。"),
            way_out=Link(say("Publish a demand", "发布需求"), HERE),
        ),
    )


def product() -> ProductPage:
    """Return a product page's contents."""
    first = rows()[0]
    return ProductPage(
        code=first.code,
        title=first.title,
        number=3,
        summary=first.summary,
        description=say(
            "Positions come from shore stations and are matched to port call declarations. Gaps "
            "longer than two hours are marked, never filled.\n\nVersion 3 adds draught.",
            "船位来自岸基台站，并与港口申报匹配。超过两小时的缺口只作标记，不作填补。"
            "\n\n第 3 版新增吃水。",
        ),
        vendor=Link(vendor(), HERE),
        supplier=Link(supplier(), HERE),
        industry="G54",
        form="dataset",
        grade="general",
        data_class="enterprise",
        badge=badge(),
        use=use(),
        plans=plans(),
        about=(
            Row(say("Time covered", "时间范围"), say("1 Jan 2019 to today", "2019年1月1日至今")),
            Row(say("Regions", "地区"), say("Chongqing to Shanghai", "重庆至上海")),
            Row(say("Updated", "更新频率"), say("Daily", "每日")),
            Row(say("Records", "记录数"), "21,880,114"),
            Row(say("Measured quality", "质量实测"), None),
        ),
        dictionary=(
            DictionaryField("mmsi", "string", say("Vessel identity", "船舶识别码"), "none"),
            DictionaryField("port_code", "string", say("Port, UN/LOCODE", "港口代码"), "none"),
            DictionaryField("arrived_at", "datetime", say("Arrival", "到港时间"), "none"),
            DictionaryField("draught_m", "decimal", say("Draught in metres", "吃水（米）"), ""),
        ),
        sample=Sample(
            ("mmsi", "port_code", "arrived_at", "draught_m"),
            (
                ("413•••112", "CNNTG", "2026-11-22 03:00", "7.4"),
                ("413•••980", "CNJIA", "2026-11-22 03:00", "6.1"),
            ),
            file("sample.csv"),
        ),
        sources=(
            SourceRow(
                say("Shore stations", "岸基台站"), "enterprise", "generated", "own_generation"
            ),
            SourceRow(
                say("Port call declarations", "港口申报"),
                "public",
                "shared",
                "authorised_operation",
            ),
        ),
        delivery_modes=("download",),
        split=split(say("Of an order of ¥ 5,000.00", "以 ¥ 5,000.00 的订单为例")),
        history=(
            HistoryRow(
                say("Version 3", "版本 3"), ago(480), "LISTED", say("adds draught", "新增吃水")
            ),
            HistoryRow(say("Version 2", "版本 2"), ago(5000), "DELISTED", url=HERE),
        ),
        releases=(HistoryRow("2026-11-22", ago(20), note="18.3 MB"),),
        path=Path(path(5).stations[:5]),
        own_url=HERE,
        simulated=True,
    )


def problem() -> ProblemPage:
    """Return the page of a refusal."""
    return ProblemPage(
        code="use-outside-permitted",
        title=say("The use is outside what is permitted", "用途超出许可范围"),
        status=422,
        meaning=say(
            "The order states a purpose, territory or term that the version does not permit. The "
            "permitted use is frozen with the version, and nobody can widen it for one order.",
            "订单所述用途、地域或期限不在该版本许可之内。许可用途随版本固定，不能为某一订单放宽。",
        ),
        way_out=say(
            "Order for a permitted purpose, or ask the vendor for a version that permits yours.",
            "改用许可内的用途下单，或请数据商发布许可你用途的版本。",
        ),
        related=(Link(say("No clearance", "没有交易准入"), HERE),),
    )


def refusal() -> Problem:
    """Return a refusal as it was met by a reader."""
    return Problem(
        code="not-found",
        title=say("There is nothing here, or it is not yours", "这里没有内容，或者它不属于你"),
        status=404,
        way_out=say(
            "Check the address, or sign in for the organisation it belongs to.",
            "请检查地址，或以它所属的组织登录。",
        ),
        request_id="0193-5f2a-77c1",
        links=(Link(say("Catalogue", "数据目录"), HERE),),
    )


def verified() -> VerifyPage:
    """Return a verification that holds."""
    return VerifyPage(
        "TC-2026-000481",
        Verification(
            "certificate",
            "TC-2026-000481",
            "IN_FORCE",
            ago(90),
            (
                Row(say("Product", "产品"), title()),
                Row(say("Vendor", "数据商"), vendor()),
                Row(say("Buyer", "买方"), buyer()),
            ),
            (
                Check("record", passed=True),
                Check("hash", passed=True),
                Check("signature", passed=True, detail="Ed25519 · 2026-01"),
                Check("log", passed=True, detail=say("entry 90,412", "第 90,412 条")),
                Check("state", passed=True, detail=date(2027, 3, 14).isoformat()),
            ),
            HASH,
        ),
        AT,
    )


def not_verified() -> VerifyPage:
    """Return a verification that fails."""
    return VerifyPage(
        "CT-2026-000007",
        Verification(
            "contract",
            "CT-2026-000007",
            "WITHDRAWN",
            ago(900),
            (Row(say("Product", "产品"), title()),),
            (
                Check("record", passed=True),
                Check("hash", passed=False, detail=say("the file was changed", "文件已被改动")),
                Check("signature", passed=True),
            ),
        ),
        AT,
    )
