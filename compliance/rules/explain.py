"""A finding in plain words. Invariant: what happened, why, what would change it, and who can.

In English or Chinese, from the item's own wording and the names of facts; nothing is made up.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from compliance.facts import fact_at
from compliance.facts.names import ANSWERS, NAMES, SUPPLIERS, UNKNOWN
from compliance.rules.checklist import Checklist
from compliance.rules.findings import Finding
from compliance.rules.item import EvidenceKind, Item, Source
from compliance.rules.language import stage_of

Language = Literal["en", "zh"]

_WHAT = {
    "hit": ("Not cleared: {code} {title}", "未通过：{code} {title}"),
    "unknown": ("Cannot be decided: {code} {title}", "无法判断：{code} {title}"),
    "lifted": ("Lifted: {code} {title}", "已解除：{code} {title}"),
    "caution": (
        "Needs a senior reviewer: {code} {title}",
        "需资深审查员复核：{code} {title}",
    ),
}
_UNANSWERED = ("Not answered yet: {code} {title}", "尚未回答：{code} {title}")
_ANSWER = ("Answer: {question}", "回答：{question}")
_STATE = ("State what is not known: {names}", "补充未知事实：{names}")
_GIVE = ("Give evidence: {lift}", "提交证据：{lift}")
_GIVEN = ("Lifted by: {evidence}", "解除依据：{evidence}")
_OR = (" Or: ", "或者：")
_BY_STAGE = {"listing": ("vendor",), "order": ("buyer",)}
_REFERENCE = re.compile(r"(!?)\s*\b([a-z_]+)\.([a-z_0-9]+)\b")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finding told in one language.

    `facts` are (path, name, value) as text, `evidence` what is lacking as (key, wording, giver).
    """

    code: str
    severity: str
    status: str
    what: str
    why: str
    change: str
    who: str
    sources: tuple[Source, ...]
    facts: tuple[tuple[str, str, str], ...]
    evidence: tuple[tuple[str, str, str], ...]


def explain(finding: Finding, checklist: Checklist, language: str = "en") -> Explanation:
    """Return `finding` in words; `checklist` is the one it was found with.

    `language` is en or zh, or a tag that begins so; any other is told in English.

    Raises:
        KeyError: the checklist has no such item.

    """
    item = checklist.item(finding.code)
    kinds = {kind.key: kind for kind in checklist.document.evidence}
    one = 1 if language.casefold().startswith("zh") else 0
    evidence = tuple(
        (key, _wording(kinds[key], one), _name_of(kinds[key].by, one)) for key in finding.lacking
    )
    return Explanation(
        code=item.code,
        severity=item.severity,
        status=finding.status,
        what=_what(finding, item, one),
        why=_why(finding, item, one),
        change=_change(finding, item, kinds, one),
        who=_who(finding, item, kinds, one),
        sources=item.sources,
        facts=_facts(finding, one),
        evidence=evidence,
    )


def _what(finding: Finding, item: Item, one: int) -> str:
    hit = finding.status == "hit" and item.severity == "caution"
    title = item.title_zh if one else item.title_en
    said = _WHAT["caution" if hit else finding.status]
    if finding.status == "unknown" and item.kind == "attestation":
        said = _UNANSWERED
    return _end(said[one], one, code=item.code, title=title)


def _why(finding: Finding, item: Item, one: int) -> str:
    stated = _joined(
        [f"{name}{_colon(one)}{value}" for _, name, value in _facts(finding, one)], one
    )
    law = _joined([_law(source, one) for source in item.sources], one)
    return " ".join(_end("{text}", one, text=text) for text in (stated, law) if text)


def _facts(finding: Finding, one: int) -> tuple[tuple[str, str, str], ...]:
    known = [(path, NAMES[path][one], _value(value, one)) for path, value in finding.facts]
    missing = [(path, NAMES[path][one], UNKNOWN[one]) for path in finding.missing]
    return (*known, *missing)


def _value(value: Any, one: int) -> str:
    if isinstance(value, bool):
        return ANSWERS[value][one]
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, tuple | list):
        return ("、" if one else ", ").join(map(str, value)) or ("无" if one else "none")
    return str(value) or ("无" if one else "none")


def _law(source: Source, one: int) -> str:
    quote = f"“{source.quote}”" if source.quote else ""
    numbered = source.article[:1].isdecimal()
    if one:
        article = f"第 {source.article} 条" if numbered else source.article
        return _colon(one).join(
            part for part in (f"《{source.instrument}》{article}", quote) if part
        )
    article = f"art. {source.article}" if numbered else source.article
    return _colon(one).join(part for part in (f"{source.instrument} {article}", quote) if part)


def _change(finding: Finding, item: Item, kinds: dict[str, EvidenceKind], one: int) -> str:
    exit_path = item.exit_path_zh if one else item.exit_path_en
    if finding.status == "lifted":
        given = [_wording(kinds[key], one) for key in finding.lifted_by]
        return _end(_GIVEN[one], one, evidence=_joined(given, one))
    ways = []
    if finding.status == "unknown" and item.kind == "attestation":
        question = item.question_zh if one else item.question_en
        ways.append(_end(_ANSWER[one], one, question=question))
    elif finding.status == "unknown":
        missing = _joined([NAMES[path][one] for path in finding.missing], one)
        ways.append(_end(_STATE[one], one, names=missing))
    if item.lift:
        ways.append(_end(_GIVE[one], one, lift=lift_in_words(item, kinds, one)))
    ways.append(_end("{text}", one, text=exit_path))
    return _OR[one].join(ways)


def lift_in_words(item: Item, kinds: dict[str, EvidenceKind], one: int) -> str:
    """Return the lift of `item` with the wording of evidence and the names of facts in it."""

    def named(match: re.Match[str]) -> str:
        denied, topic, name = match.groups()
        said = _wording(kinds[name], one) if topic == "evidence" else NAMES[f"{topic}.{name}"][one]
        return (("非" if one else "not ") if denied else "") + said

    said = _REFERENCE.sub(named, item.lift)
    either, both = ("，或", "，并") if one else ("; or ", "; and ")
    said = re.sub(r"\s*\|\|\s*", either, re.sub(r"\s*&&\s*", both, said))
    return said.replace("(", "（").replace(")", "）") if one else said


def _who(finding: Finding, item: Item, kinds: dict[str, EvidenceKind], one: int) -> str:
    able: list[str] = []
    if finding.status == "unknown" and item.kind == "attestation":
        able.append(item.asked_of)
    elif finding.status == "unknown":
        for path in finding.missing:
            fact = fact_at(path)
            able += fact.suppliers if fact else ()
    able += [kinds[key].by for key in finding.lacking]
    stage = stage_of(path.partition(".")[0] for path in (*dict(finding.facts), *finding.missing))
    able = able or list(_BY_STAGE[stage or "listing"])
    return _joined(list(dict.fromkeys(_name_of(one_able, one) for one_able in able)), one)


def _name_of(supplier: str, one: int) -> str:
    return SUPPLIERS[supplier][one]


def _wording(kind: EvidenceKind, one: int) -> str:
    return kind.zh if one else kind.en


def _joined(parts: list[str], one: int) -> str:
    return ("；" if one else "; ").join(parts)


def _colon(one: int) -> str:
    return "：" if one else ": "


def _end(template: str, one: int, **values: str) -> str:
    """Return the sentence with one full stop of its language at its end."""
    text = template.format(**values).rstrip()
    return text if text.endswith(("。", ".", "？", "?")) else text + ("。" if one else ".")
