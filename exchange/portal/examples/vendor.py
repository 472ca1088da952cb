"""Example contents of the vendor's pages."""

from dataclasses import replace
from typing import Any

from compliance.statements import template_at
from exchange.portal.contents import TITLES
from exchange.portal.draft_forms import SECTIONS, DraftContents, SectionForm
from exchange.portal.examples.public import plans
from exchange.portal.examples.vessel_calls import (
    AT,
    HASH,
    HERE,
    ago,
    badge,
    buyer,
    caution,
    deadline,
    file,
    path,
    prohibited,
    restricted,
    say,
    split,
    timeline,
    title,
    unknown,
    vendor,
    yuan,
)
from exchange.portal.pages.public import Price
from exchange.portal.pages.vendor import (
    DeclarationShown,
    DraftPage,
    EvidenceShown,
    NewProductPage,
    RightRow,
    RightsPage,
    SectionShown,
    SponsorshipRow,
    SponsorshipsPage,
    Step,
    VendorNote,
    VendorProductRow,
    VendorProductsPage,
    VersionPage,
)
from exchange.portal.pieces import Action, EmptyState, Link, Progress, Row, Section
from exchange.portal.vendor_forms import (
    DeclarationForm,
    EvidenceForm,
    MandateForm,
    ReleaseForm,
    RightForm,
    SupplierForm,
)


def running() -> Progress:
    """Return an import under way."""
    return Progress(
        label=say("Import of exchange-listings.jsonl", "导入 exchange-listings.jsonl"),
        state="running",
        done=934,
        total=1_506,
        per_second=212,
        seconds_left=3,
        refused=11,
        refused_url=HERE,
        cancel=Action("import", "cancel", HERE),
    )


def products() -> VendorProductsPage:
    """Return a vendor's list."""
    return VendorProductsPage(
        rows=(
            VendorProductRow(
                "DP-000123",
                title(),
                HERE,
                3,
                "LISTED",
                0,
                ago(20),
                Price("subscription", yuan(500_000), period_days=365),
                4,
                deadline("declaration", 2),
            ),
            VendorProductRow(
                "DP-000207",
                say("Company registration changes", "企业登记变更"),
                HERE,
                1,
                "BLOCKED",
                3,
                ago(2),
                Price("per_call", yuan(9)),
            ),
            VendorProductRow(
                "DP-000311",
                say("Air quality model of the delta", "三角洲空气质量模型"),
                HERE,
                2,
                "DRAFT",
                0,
                ago(90),
            ),
            VendorProductRow(
                "DP-000340",
                say("Opening hours of public toilets", "公共厕所开放时间"),
                HERE,
                1,
                "IN_REVIEW",
                0,
                ago(30),
                Price("free"),
                0,
                deadline("review", 5),
            ),
        ),
        states=(
            Link(say("All", "全部"), HERE, 41, current=True),
            Link(say("Listed", "已挂牌"), HERE, 28),
            Link(say("Blocked", "被阻断"), HERE, 3),
            Link(say("Drafts", "草稿"), HERE, 10),
        ),
        imports=(running(),),
        new_url=HERE,
        more_url=HERE,
    )


def products_empty() -> VendorProductsPage:
    """Return the list of a vendor that has just been admitted."""
    nothing = EmptyState(
        say("You have not described a product yet", "你还没有描述任何产品"),
        say(
            "Begin with what is in the data and where it comes from. The checklist tells you at "
            "once what stands in the way of listing.",
            "先说明数据里有什么、从哪里来。清单会立刻告诉你挂牌还差什么。",
        ),
        (
            Link(say("Describe a new product", "描述新产品"), HERE),
            Link(say("Import a catalogue", "导入目录"), HERE),
        ),
    )
    return VendorProductsPage(rows=(), new_url=HERE, empty=nothing)


def steps(current: int) -> tuple[Step, ...]:
    """Return the steps of a version, with one of them current."""
    names = ("describe", "sources", "personal", "use", "files", "split", "declaration")
    return tuple(
        Step(
            name,
            "done" if number < current else "current" if number == current else "ahead",
            HERE,
            say("62 % scanned", "已扫描 62%") if name == "files" else "",
        )
        for number, name in enumerate(names)
    )


def sections() -> tuple[Section, ...]:
    """Return what a version says of itself."""
    return (
        Section(
            say("Description", "描述"),
            (
                Row(
                    say("Industry", "行业"),
                    say("Transport, storage and post", "交通运输、仓储和邮政业"),
                ),
                Row(say("Form", "形态"), say("Dataset", "数据集")),
                Row(
                    say("Grade", "分级"),
                    say("General data, graded by the vendor", "一般数据，数据商自定"),
                ),
            ),
            HERE,
        ),
        Section(
            say("Source 2", "来源 2"),
            (
                Row(say("Name", "名称"), say("Terminal operators' feeds", "码头经营人数据")),
                Row(say("Legal basis", "合法性基础"), say("Contract", "合同")),
                Row(say("Resale forbidden", "禁止转售"), None),
            ),
            HERE,
        ),
    )


def blocked() -> VersionPage:
    """Return a version that the checklist blocks."""
    return VersionPage(
        code="DP-000123",
        title=title(),
        number=4,
        state="BLOCKED",
        steps=steps(4),
        findings=(prohibited(), restricted(), unknown(), caution()),
        sections=sections(),
        actions=(
            Action("version", "revise", HERE, primary=True),
            Action(
                "version",
                "abandon",
                HERE,
                consequence=say(
                    "The draft and its evidence are closed. Version 3 stays listed.",
                    "草稿及其证据将关闭。版本 3 继续挂牌。",
                ),
                asks_reason=True,
                danger=True,
            ),
        ),
        screened_at=ago(1),
        checklist="2026.3",
        checklist_url=HERE,
        scan=Progress(
            say("Sample scan: 9 of 14 columns", "样本扫描：14 列中已扫 9 列"), "running", 62, 100
        ),
        files=(file(),),
        plans=(replace(plans()[0], order_url=""),),
        split=split(say("Of an order of ¥ 5,000.00", "以 ¥ 5,000.00 的订单为例")),
        path=path(2, stopped=True),
        timeline=timeline(),
        content_hash=HASH,
        other_versions=(Link(say("Version 3, listed", "版本 3，已挂牌"), HERE),),
        missing=(Link(say("Sources: needed", "数据来源：需要填写"), HERE),),
        edit_url=HERE,
        evidence=(
            EvidenceShown(
                say("the contract with the terminals", "与码头的合同"),
                "GIVEN",
                ago(2),
                file="c.pdf",
            ),
        ),
        evidence_url=HERE,
        declaration=_declaration(),
        notes=(VendorNote(say("The number of the map is missing.", "缺少审图号。"), ago(2)),),
        return_note=say(
            "State whether terminal operators allow resale; attach the clause.",
            "请说明码头经营人是否允许转售，并附上条款。",
        ),
    )


def listed() -> VersionPage:
    """Return a version that is listed."""
    return VersionPage(
        code="DP-000123",
        title=title(),
        number=3,
        state="LISTED",
        steps=steps(7),
        findings=(),
        sections=sections()[:1],
        actions=(
            Action(
                "declaration",
                "withdraw",
                HERE,
                consequence=say(
                    "New orders stop at once; 3 deliveries under way go on.",
                    "新订单立即停止；正在进行的 3 笔交付继续。",
                ),
                asks_reason=True,
                reason_needed=True,
                danger=True,
            ),
        ),
        screened_at=ago(490),
        checklist="2026.3",
        badge=badge(),
        deadline=deadline("declaration", 2),
        content_hash=HASH,
        public_url=HERE,
        path=path(5),
    )


def _declaration() -> DeclarationShown:
    asked = template_at(AT)
    return DeclarationShown(
        say(asked.title_en, asked.title_zh),
        say(asked.preamble_en, asked.preamble_zh),
        say(asked.closing_en, asked.closing_zh),
        HERE,
        asked.code,
    )


def version_forms() -> dict[str, Any]:
    """Return the forms beside a version, the declaration with nothing ticked."""
    kinds = [("consent", say("the consent", "同意"))]
    asked = template_at(AT)
    return {
        "sign": DeclarationForm({}, asked=asked, auto_id="declaration-%s"),
        "evidence": EvidenceForm(kinds=kinds, auto_id="evidence-%s"),
        "upload": ReleaseForm(data_only=True, auto_id="files-%s"),
    }


def draft() -> dict[str, Any]:
    """Return the editor of a draft with one section refused."""
    contents = DraftContents(
        content={
            "title": {"zh": "集装箱船舶靠泊", "en": "Vessel calls"},
            "dictionary": [{"name": "berth", "type": "text"}] * 200,
            "sources": [{"name": say("feeds", "数据"), "origin": "contract"}],
        },
        plans=[{"code": "P1", "kind": "one_off", "price_minor": 500_000, "currency": "CNY"}],
        rights=[("r", say("Right to hold", "数据资源持有权"))],
        organisations=[("o", vendor())],
    )
    forms = []
    for name in SECTIONS:
        bad = {"count": "1", "personal.subjects_count": "many"} if name == "personal" else None
        form = SectionForm(bad, name=name, draft=contents)
        pages = (Link("1–80", HERE, current=True), Link("81–160", HERE)) if form.first else ()
        shown = SectionShown(
            name, str(TITLES[name]), HERE, pages=pages, as_table=name == "dictionary"
        )
        forms.append((shown, form))
    page = DraftPage("DP-000123", title(), 4, HERE, steps(1)[:6], (file(),), HERE)
    return {"page": page, "forms": forms, "upload": ReleaseForm(auto_id="files-%s")}


def new_product() -> dict[str, Any]:
    """Return the question that a new product begins with."""
    form = SupplierForm(suppliers=[("o", vendor())])
    return {"page": NewProductPage(HERE, HERE), "form": form}


def rights() -> dict[str, Any]:
    """Return rights records with the form to record one."""
    row = RightRow(
        say("Right to hold", "数据资源持有权"),
        vendor(),
        vendor(),
        "contract.pdf",
        ago(900),
        ago(-9_000),
        "RECORDED",
        Action("rights-record", "withdraw", HERE, danger=True, consequence=title()),
    )
    form = RightForm({}, organisations=[("o", vendor())], numbers={})
    return {"page": RightsPage((row,), HERE), "form": form}


def rights_empty() -> dict[str, Any]:
    """Return the rights of an organisation that has recorded none and may not."""
    empty = EmptyState(say("No right is recorded yet", "还没有登记权利"))
    return {"page": RightsPage((), HERE, empty=empty), "form": None}


def sponsorships() -> dict[str, Any]:
    """Return a sponsorship that waits for the supplier and one in force, with the form."""

    def row(state: str, *verbs: str) -> SponsorshipRow:
        return SponsorshipRow(
            "supplier",
            buyer(),
            vendor(),
            "mandate.pdf",
            HERE,
            ago(30),
            ago(-9_000),
            state,
            tuple(
                Action("sponsorship", verb, HERE, consequence=title(), primary=verb == "accept")
                for verb in verbs
            ),
        )

    waiting, in_force = row("PROPOSED", "accept", "decline"), row("IN_FORCE", "withdraw")
    return {"page": SponsorshipsPage((waiting,), (in_force,), HERE), "form": MandateForm({})}


def sponsorships_empty() -> dict[str, Any]:
    """Return the page of a supplier for which nobody lists yet."""
    empty = EmptyState(say("No sponsorship yet", "还没有挂牌保荐"))
    return {"page": SponsorshipsPage((), (), HERE, empty=empty), "form": None}
