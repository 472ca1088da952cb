"""Letters to vendors about a list. Invariant: each says which items are new and what lifts them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from compliance.models import ChangeNotice
from compliance.selectors import VersionChange, changed_versions, version_changes
from core.models import Membership
from listings.models import Version

# Who writes products reads what stands in their way.
READERS = ("owner", "editor")
MOST_VERSIONS = 20

_WORDS = {
    "en": {
        "ahead": "Checklist {code} takes force on {when}. "
        "It changes something for {n} of your versions.",
        "in_force": "Checklist {code} took force on {when}. "
        "It changed something for {n} of your versions.",
        "kept": "stays cleared",
        "lost_ahead": "not cleared from then on: no new orders until it is cleared again",
        "lost": "not cleared any more: no new orders until it is cleared again",
        "again": "A reviewer looks at it again; you need do nothing.",
        "lifts": "What changes it: {change}",
        "more": "… and {n} more, on your products' pages: {link}",
    },
    "zh": {
        "ahead": "清单 {code} 将于 {when} 生效，你有 {n} 个版本受影响。",
        "in_force": "清单 {code} 已于 {when} 生效，你有 {n} 个版本受影响。",
        "kept": "交易准入不变",
        "lost_ahead": "届时失去交易准入：重新获准之前不接受新订单",
        "lost": "已失去交易准入：重新获准之前不接受新订单",
        "again": "审查员会重新审查，你无须操作。",
        "lifts": "如何改变：{change}",
        "more": "……另有 {n} 个版本，见你的产品页面：{link}",
    },
}


class Letter(NamedTuple):
    """One mail, in English and Chinese, to the people of one organisation."""

    to: tuple[str, ...]
    subject: str
    text: str


def change_letters(notice_ids: Collection[UUID], at: datetime) -> list[Letter]:
    """Return a letter in both languages to each vendor that has one of these notices."""
    rows = ChangeNotice.objects.filter(pk__in=notice_ids).select_related(
        "checklist", "organisation"
    )
    lists = {row.checklist_id: changed_versions(row.checklist_id) for row in rows}
    letters = []
    for row in rows:
        versions = lists[row.checklist_id].get(row.organisation_id, [])
        to = _addresses(row.organisation_id)
        if versions and to:
            letters.append(_letter(row, versions, to, at))
    return letters


@dataclass(frozen=True, slots=True)
class _Title:
    code: str
    zh: str
    en: str


def _addresses(organisation_id: UUID) -> tuple[str, ...]:
    members = Membership.objects.filter(organisation=organisation_id, is_active=True)
    rows = members.filter(roles__overlap=list(READERS)).order_by("created_at", "pk")
    return tuple(dict.fromkeys(rows.values_list("user__email", flat=True)))


def _letter(
    notice: ChangeNotice, versions: list[UUID], to: tuple[str, ...], at: datetime
) -> Letter:
    code = notice.checklist.code
    titles = {
        pk: _Title(product, zh, en)
        for pk, product, zh, en in Version.objects.filter(pk__in=versions).values_list(
            "pk", "product__code", "title_zh", "title_en"
        )
    }
    told = versions[:MOST_VERSIONS]
    parts = []
    for language in ("en", "zh"):
        changes = version_changes(notice.checklist_id, told, at, language)
        parts.append(_told(notice, changes, titles, len(versions), language))
    subject = {
        "ahead": f"Checklist {code} will change something for you · 清单 {code} 即将生效",
        "in_force": f"Checklist {code} has taken force · 清单 {code} 已生效",
    }[notice.phase]
    return Letter(to, subject, "\n\n----\n\n".join(parts) + "\n")


def _told(
    notice: ChangeNotice,
    changes: list[VersionChange],
    titles: dict[UUID, _Title],
    count: int,
    language: str,
) -> str:
    words = _WORDS[language]
    effective = notice.checklist.effective_at
    when = f"{timezone.localtime(effective):%Y-%m-%d %H:%M %Z}" if effective else ""
    lines = [words[notice.phase].format(code=notice.checklist.code, when=when, n=count)]
    for one in changes:
        title = titles[one.version_id]
        named = (title.zh or title.en) if language == "zh" else (title.en or title.zh)
        lost = "lost_ahead" if notice.phase == "ahead" else "lost"
        lines += ["", f"{title.code} {named} — {words['kept' if one.kept else lost]}"]
        lines.append(f"{settings.BASE_URL}/versions/{one.version_id}")
        for finding in one.findings:
            lines.append(f"- {finding.what}")
            lines.append(f"  {words['lifts'].format(change=finding.change)}")
        if not one.kept and not any(finding.blocks for finding in one.findings):
            lines.append(words["again"])
    if count > len(changes):
        link = f"{settings.BASE_URL}/products"
        lines += ["", words["more"].format(n=count - len(changes), link=link)]
    return "\n".join(lines)
