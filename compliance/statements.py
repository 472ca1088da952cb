"""Templates of the declaration and commitment. Invariant: a template once used stays as it is.

Templates are versioned data in `statements.json`, in both languages, under four heads: source,
rights, quality and use. A change of wording is a new template with a new code.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, Literal

FILE = Path(__file__).with_name("statements.json")
CHINA = timezone(timedelta(hours=8), "China")
Condition = Literal["always", "personal", "scraped", "upstream", "public"]
# What is said of every seal, so that nobody takes it for a signature of the one who declares.
PLATFORM_MEANS = {
    "en": "The seal is the venue's own: it attests that a member who may sign assented to this "
    "document at this time, having proved to be there. It is not the organisation's signature.",
    "zh": "本签章由交易场所以自有密钥作出，只证明有权签署的成员经身份复核后，"
    "在所载时间同意了本文件；它不是声明方自己的电子签名。",
}
OUTSIDE_MEANS = {
    "en": "The organisation signed this document itself, outside the venue, with its own key. The "
    "venue's seal is over the receipt: it attests when the signature came in, and that two of its "
    "staff had registered the key for this organisation.",
    "zh": "本文件由声明方在交易场所之外用自有密钥签署。交易场所的签章只加在收讫回执上，"
    "证明何时收到该签名，以及该密钥经交易场所两名工作人员复核后为该组织登记。",
}
# Evidence that is a contract or an authorisation by which the data were come by: a declaration
# holds no longer than any of them.
CONTRACTS = (
    "source_contract",
    "authorisation_agreement",
    "principal_contract",
    "right_holder_authorisation",
    "sharing_unit_consent",
    "supplier_waiver",
    "co_party_consent",
    "sponsor",
)
_FROM_OTHERS = {"contract", "entrusted", "fused", "shared", "authorised_operation"}


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence to assent to; `when` says which products it is asked of."""

    code: str
    when: Condition
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Head:
    """One of the four heads, with its statements."""

    code: str
    title_en: str
    title_zh: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """One wording of the declaration, usable from `valid_from` until a later one replaces it."""

    code: str
    kind: Literal["listing", "report"]
    valid_from: date
    longest_days: int
    title_en: str
    title_zh: str
    preamble_en: str
    preamble_zh: str
    closing_en: str
    closing_zh: str
    heads: tuple[Head, ...]


@cache
def templates() -> tuple[Template, ...]:
    """Return every template, oldest first."""
    read = json.loads(FILE.read_text(encoding="utf-8"))
    return tuple(sorted(map(_template, read), key=lambda one: one.valid_from))


def template_at(at: datetime, kind: str = "listing") -> Template:
    """Return the template of a kind that is in use at `at`, in the calendar of China.

    Raises:
        LookupError: none is in use that early.

    """
    day = at.astimezone(CHINA).date()
    usable = [one for one in templates() if one.kind == kind and one.valid_from <= day]
    if not usable:
        raise LookupError(f"no declaration template on {day}")
    return usable[-1]


def asked_of(template: Template, content: Mapping[str, Any]) -> Template:
    """Return `template` with the statements that a version of this content has to make."""
    holds = _conditions(content)
    heads = tuple(
        replace(head, statements=tuple(one for one in head.statements if one.when in holds))
        for head in template.heads
    )
    return replace(template, heads=heads)


def codes(template: Template) -> tuple[str, ...]:
    """Return the codes of all statements, in their order."""
    return tuple(one.code for head in template.heads for one in head.statements)


@dataclass(frozen=True, slots=True)
class Told:
    """The wording that was sealed, in one language. `coded` are (code, text) of all statements."""

    title: str
    preamble: str
    closing: str
    heads: tuple[tuple[str, tuple[str, ...]], ...]
    coded: list[tuple[str, str]]


def template_of_document(document: Mapping[str, Any], *, chinese: bool) -> Told:
    """Return the wording that a declaration holds, whatever the templates of today say."""
    tongue = "zh" if chinese else "en"
    return Told(
        title=document["title"][tongue],
        preamble=document["preamble"][tongue],
        closing=document["closing"][tongue],
        heads=tuple(
            (head["title"][tongue], tuple(one[tongue] for one in head["statements"]))
            for head in document["heads"]
            if head["statements"]
        ),
        coded=[
            (one["code"], one[tongue]) for head in document["heads"] for one in head["statements"]
        ],
    )


def template_document(template: Template) -> dict[str, Any]:
    """Return the wording as the JSON object that is sealed."""
    return {
        "code": template.code,
        "title": {"en": template.title_en, "zh": template.title_zh},
        "preamble": {"en": template.preamble_en, "zh": template.preamble_zh},
        "heads": [
            {
                "code": head.code,
                "title": {"en": head.title_en, "zh": head.title_zh},
                "statements": [
                    {"code": one.code, "en": one.en, "zh": one.zh} for one in head.statements
                ],
            }
            for head in template.heads
        ],
        "closing": {"en": template.closing_en, "zh": template.closing_zh},
    }


def _template(row: Mapping[str, Any]) -> Template:
    heads = tuple(
        Head(
            head["code"],
            head["title_en"],
            head["title_zh"],
            tuple(Statement(**one) for one in head["statements"]),
        )
        for head in row["heads"]
    )
    values = {**row, "valid_from": date.fromisoformat(row["valid_from"]), "heads": heads}
    return Template(**values)


def _conditions(content: Mapping[str, Any]) -> set[str]:
    """Return which conditions hold; what is not stated asks for the statement as well."""
    sources = content.get("sources") or []
    origins = {source.get("origin") for source in sources}
    classes = {source.get("data_class") for source in sources}
    contains = (content.get("personal") or {}).get("contains")
    holds = {
        "always": True,
        "personal": contains is not False or "personal" in classes,
        "scraped": bool(origins & {"scraped", None}),
        "upstream": bool(origins & (_FROM_OTHERS | {None})),
        "public": bool(classes & {"public", None}),
    }
    return {name for name, true in holds.items() if true}
