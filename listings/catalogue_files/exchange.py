"""Listings of Chinese data exchanges. Invariant: only what a listing itself says is taken over.

One row has the fields that all exchanges share (`id`, `title`, `description`, `provider`,
`price_raw`, …) and, under `raw`, what the exchange itself published. Fields that were derived by
whoever collected the rows (`price_mode`, `price_cny_per_dadada`, `category_aws`) are not read:
there a missing price has become "free" and 0.
"""

import re
from collections.abc import Mapping
from typing import Any

from listings.catalogue_files.drafts import (
    Draft,
    RowRefused,
    checked,
    in_its_language,
    needed_text,
    priced_plan,
    stated_price,
    stated_text,
)
from listings.catalogue_files.industries import industry_of
from listings.content.shapes import gettext_noop
from listings.prices import Price, PriceRefused, read_price

GRADES = {"核心数据": "core", "重要数据": "important", "一般数据": "general", "待完善": "pending"}
LEVELS = {"一级": 1, "二级": 2, "三级": 3, "四级": 4}
FORMS = {
    "数据集": "dataset",
    "API": "api",
    "API数据": "api",
    "数据API": "api",
    "数据报告": "report",
    "数据分析报告": "report",
    "模型算法": "model",
}
FREQUENCIES = {
    **dict.fromkeys(("实时", "实时更新", "秒级别", "real-time"), "real_time"),
    **dict.fromkeys(("日", "每日", "每日更新", "daily"), "daily"),
    **dict.fromkeys(("周", "每周", "每周更新", "weekly"), "weekly"),
    **dict.fromkeys(("月", "每月", "每月更新", "monthly"), "monthly"),
    **dict.fromkeys(("季", "季度", "每季度更新", "quarterly"), "quarterly"),
    **dict.fromkeys(("年", "每年", "每年更新", "yearly"), "yearly"),
    **dict.fromkeys(("按需", "按需更新", "on-demand"), "on_demand"),
    **dict.fromkeys(("不定时更新", "不定期更新", "irregular"), "irregular"),
    **dict.fromkeys(("一次性", "不更新"), "once"),
}
BYTES = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "PB": 10**15}
# 公共数据 is stated outright; 社会数据 may be an enterprise's or about persons, so it says neither.
DATA_CLASSES = {"公共数据": "public"}

NO_RESALE = re.compile(
    r"不(?:得|可|能够|能)[^。；;\n]{0,20}"
    r"(?:转让|转售|出租|出售|售卖|(?:提供|转发)[^。；;\n]{0,4}给?(?:其他|第三方))"
    r"|不(?:得|可)[^。；;\n]{0,12}第三方[^。；;\n]{0,4}提供"
    r"|禁止[^。；;\n]{0,10}(?:售卖|转售|转让)"
    r"|未经同意不得[^。；;\n]{0,12}(?:转让|出售)"
)
CHINA_ONLY = re.compile(r"(?:仅限|只限|仅)[^。；;\n]{0,6}(?:中华人民共和国境内|中国境内|国内)")

# What has no place in the content is kept under the name of what the exchange calls it.
KEPT = {
    "exchange": "来源平台",
    "provider": "提供方",
    "limit": "使用限制",
    "target_user": "适用对象",
    "application": "应用场景",
    "offer_type": "交付方式",
    "delivery_type": "交付方式",
    "settlement_interval": "结算方式",
    "update_frequency": "更新频率",
    "data_size": "数据规模",
    "data_form": "数据形态",
    "sample_time": "样例时间",
    "management": "数据类别",
    "classification": "数据分级",
    "version": "来源版本",
    "price_type": "计费说明",
    "api_info": "接口说明",
    "url": "来源链接",
    "cur_url": "来源链接",
}
FIELDS = {
    "title": "title",
    "summary": "description",
    "description": "description",
    "industry": "raw.category",
    "topic": "raw.category",
    "coverage": "coverage",
    "volume": "raw.data_size",
    "sources": "provider",
    "plans": "price_raw",
}
PACKAGE = re.compile(r"¥\s*(?P<price>[0-9.,]+)\s*/\s*(?P<size>[0-9]+\s*[^\s|]+)\s*\|")


def exchange_draft(row: Mapping[str, Any]) -> Draft:
    """Return the draft of one listing.

    Raises:
        RowRefused: identity, title or price cannot be understood, or a value is malformed.

    """
    source_ref = needed_text(row, "id", 200)
    title = needed_text(row, "title", 200)
    raw = row.get("raw") or {}
    if not isinstance(raw, Mapping):
        raise RowRefused("raw", gettext_noop("has to be an object"))
    texts = {name: stated_text(raw, name, "raw.") for name in KEPT if name in raw}
    texts |= {name: stated_text(row, name) for name in ("exchange", "provider")}
    # The grade is the one field in which "unfinished" is a statement of its own.
    if raw.get("classification") == "待完善":
        texts["classification"] = "待完善"
    outline = stated_text(raw, "outline", "raw.") or stated_text(row, "description")
    category = stated_text(raw, "category", "raw.").replace("\r", "").replace("\n", "")
    form = _form(raw)
    grade, level = _grade(row, raw)
    limit = texts.get("limit", "")
    content = {
        "title": in_its_language(title),
        "summary": in_its_language(outline),
        "description": in_its_language(_description(row, raw, texts)),
        "industry": industry_of(category),
        "topic": re.split("[, ]", category)[0] or None,
        "grade": grade,
        "grade_level": level,
        "grade_determined_by": "self" if grade in ("core", "important", "general") else None,
        "form": form,
        "coverage": {"regions": [stated_text(row, "coverage")]},
        "update_frequency": FREQUENCIES.get(_frequency(row, texts)),
        "volume": _volume(texts.get("data_size", "")),
        "sources": _sources(texts),
        "permitted_use": {
            "territories": ["CN"] if CHINA_ONLY.search(limit) else [],
            "redistribution": False if NO_RESALE.search(limit) else None,
        },
        "delivery_modes": _delivery(texts, form),
    }
    return checked(Draft(source_ref, content, tuple(_plans(row, texts))), FIELDS)


def _form(raw: Mapping[str, Any]) -> str | None:
    for name in ("subdivision_type", "type", "data_type"):
        form = FORMS.get(stated_text(raw, name, "raw."))
        if form:
            return form
    return None


def _grade(row: Mapping[str, Any], raw: Mapping[str, Any]) -> tuple[str | None, int | None]:
    """Return grade and level. A field states a grade when its value is one, in whatever field."""
    stated = [raw.get("classification"), *raw.values(), *row.values()]
    for value in stated:
        word, _sign, level = value.partition("-") if isinstance(value, str) else ("", "", "")
        grade = GRADES.get(word.strip())
        if grade and (grade != "pending" or value is raw.get("classification")):
            return grade, LEVELS.get(level.strip().removesuffix("数据"))
    return None, None


def _frequency(row: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """Return the stated frequency. In the shared field "no-update" stands for nothing stated."""
    if "update_frequency" in texts:
        return texts["update_frequency"]
    return stated_text(row, "update_frequency").replace("no-update", "")


def _volume(text: str) -> dict[str, int | None]:
    match = re.fullmatch(r"([0-9]{1,15})\s*(条|KB|MB|GB|TB|PB)", text)
    if match is None:
        return {}
    number, unit = int(match[1]), match[2]
    return {"records": number} if unit == "条" else {"bytes": number * BYTES[unit]}


def _sources(texts: Mapping[str, str]) -> list[dict[str, Any]]:
    provider = texts.get("provider") or None
    data_class = DATA_CLASSES.get(texts.get("management", ""))
    if not provider and not data_class:
        return []
    return [{"name": provider, "holder": provider, "data_class": data_class}]


def _delivery(texts: Mapping[str, str], form: str | None) -> list[str]:
    """Return the delivery mode of what is delivered on the platform and is a file or an API."""
    stated = f"{texts.get('offer_type', '')} {texts.get('delivery_type', '')}"
    if "平台内交付" not in stated and "平台交付" not in stated.split():
        return []
    return {"api": ["api"], "dataset": ["download"], "report": ["download"]}.get(form or "", [])


def _description(row: Mapping[str, Any], raw: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    parts = [
        stated_text(row, "description"),
        stated_text(raw, "description", "raw."),
        stated_text(raw, "detail", "raw."),
        stated_text(raw, "detail_description", "raw."),
    ]
    kept = [f"{label}：{texts[name]}" for name, label in KEPT.items() if texts.get(name)]
    return "\n\n".join([*dict.fromkeys(part for part in parts if part), "\n".join(kept)])


def _plans(row: Mapping[str, Any], texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the plan of the price, and one for each package that its billing table offers."""
    try:
        price = read_price(stated_price(row, "price_raw"))
    except PriceRefused as refusal:
        raise RowRefused("price_raw", str(refusal)) from None
    plans = [priced_plan("P1", price)] if price else []
    for match in PACKAGE.finditer(texts.get("price_type", "")):
        try:
            package = read_price(f"{match['price']}元/{match['size']}")
        except PriceRefused as refusal:
            raise RowRefused("raw.price_type", str(refusal)) from None
        if package and not _is_single(package):
            title = f"¥{match['price']}/{match['size']}"
            plan = priced_plan(f"P{len(plans) + 1}", package, title)
            if package.kind == "per_call":
                plan["minimum_count"] = package.per_count
            plans.append(plan)
    return plans


def _is_single(package: Price) -> bool:
    """Return whether a package is one call, which the price itself states already."""
    return package.kind == "per_call" and package.per_count == 1
