"""The content of a version: one frozen document. Invariant: unknown is None, never a guess.

`parse_content` reports every fault at once; `to_document` writes what is hashed and signed.
"""

# `of` declares a field and its shape; it is called once per class, which is what is wanted.
# ruff: noqa: RUF009

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from core.canonical import digest
from listings.content import vocabulary as v
from listings.content.shapes import (
    Choice,
    Count,
    Day,
    Identifier,
    Items,
    Part,
    Problem,
    Text,
    YesNo,
    gettext_noop,
    of,
    problem,
    to_json,
)


class ContentRefused(ValueError):
    """The document is not a version's content; `problems` says all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(item) for item in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Title:
    """A short text in Chinese, English or both."""

    zh: str | None = of(Text(200))
    en: str | None = of(Text(200))


@dataclass(frozen=True, slots=True)
class Summary:
    """A paragraph in Chinese, English or both."""

    zh: str | None = of(Text(4_000))
    en: str | None = of(Text(4_000))


@dataclass(frozen=True, slots=True)
class Description:
    """A long text in Chinese, English or both."""

    zh: str | None = of(Text(50_000))
    en: str | None = of(Text(50_000))


@dataclass(frozen=True, slots=True)
class DictionaryField:
    """One field of the data: its name, type, meaning and sensitivity."""

    name: str | None = of(Text(120))
    type: str | None = of(Text(60))
    meaning: str | None = of(Text(500))
    sensitivity: str | None = of(Choice(v.SENSITIVITIES))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which time and which regions the data are about."""

    time_from: date | None = of(Day())
    time_to: date | None = of(Day())
    regions: tuple[str, ...] = of(Items(Text(60), 200))


@dataclass(frozen=True, slots=True)
class Volume:
    """How much there is."""

    records: int | None = of(Count())
    bytes: int | None = of(Count())


@dataclass(frozen=True, slots=True)
class Source:
    """Where a part of the data comes from, and by what right it is used."""

    name: str | None = of(Text(200))
    data_class: str | None = of(Choice(v.DATA_CLASSES))
    origin: str | None = of(Choice(v.ORIGINS))
    legal_basis: str | None = of(Choice(v.LEGAL_BASES))
    holder: str | None = of(Text(200))
    resale_forbidden: bool | None = of(YesNo())
    disputed: bool | None = of(YesNo())
    raw: bool | None = of(YesNo())
    opened: bool | None = of(YesNo())
    upstream: str | None = of(
        Text(12, v.PRODUCT_CODE, gettext_noop("the code of a product here, such as DP-000123"))
    )


@dataclass(frozen=True, slots=True)
class Personal:
    """What is known about the personal information in the data."""

    contains: bool | None = of(YesNo())
    subjects_count: int | None = of(Count())
    categories: tuple[str, ...] = of(Items(Choice(v.PERSONAL_CATEGORIES), 40))
    sensitive_kinds: tuple[str, ...] = of(Items(Choice(v.SENSITIVE_KINDS), 40))
    minors: bool | None = of(YesNo())
    consent_basis: str | None = of(Choice(v.CONSENT_BASES))
    anonymised: bool | None = of(YesNo())
    identifies_alone: bool | None = of(YesNo())


@dataclass(frozen=True, slots=True)
class Special:
    """Facts that single laws ask about, each true, false or unknown."""

    state_secret: bool | None = of(YesNo())
    work_secret: bool | None = of(YesNo())
    core_catalogue: bool | None = of(YesNo())
    national_security_risk: bool | None = of(YesNo())
    aggregate_secret: bool | None = of(YesNo())
    human_genetic: bool | None = of(YesNo())
    map_or_survey: bool | None = of(YesNo())
    map_public: bool | None = of(YesNo())
    unit_level_statistics: bool | None = of(YesNo())
    credit_reporting: bool | None = of(YesNo())
    bank_insurance: bool | None = of(YesNo())
    public_place_images: bool | None = of(YesNo())
    public_security_video: bool | None = of(YesNo())
    trade_secret: bool | None = of(YesNo())
    third_party_ip: bool | None = of(YesNo())
    export_controlled: bool | None = of(YesNo())
    technology_restricted: bool | None = of(YesNo())
    automotive_important: bool | None = of(YesNo())
    illegally_obtained: bool | None = of(YesNo())
    substitutes_source: bool | None = of(YesNo())


@dataclass(frozen=True, slots=True)
class PermittedUse:
    """What a buyer may do. What is not listed is not permitted; no buyer types means any."""

    purposes: tuple[str, ...] = of(Items(Choice(v.PURPOSES), 20))
    territories: tuple[str, ...] = of(
        Items(Text(8, v.TERRITORY, gettext_noop("a territory such as CN, CN-SH or *")), 300)
    )
    redistribution: bool | None = of(YesNo())
    derivation: bool | None = of(YesNo())
    term_days: int | None = of(Count(most=36_500, least=1))
    buyer_types: tuple[str, ...] = of(Items(Choice(v.BUYER_TYPES), 20))


@dataclass(frozen=True, slots=True)
class AllocationLine:
    """Who gets which part of the revenue: a share in basis points or a fixed amount, or the rest.

    Fixed amounts are paid first, in order of `priority`; shares are of what is then left.
    """

    beneficiary: UUID | None = of(Identifier())
    role: str | None = of(Choice(v.ALLOCATION_ROLES))
    share_bp: int | None = of(Count(most=10_000))
    fixed_minor: int | None = of(Count())
    cap_minor: int | None = of(Count())
    priority: int = of(Count(most=1_000, default=100))
    remainder: bool = of(YesNo(default=False))


@dataclass(frozen=True, slots=True)
class VersionContent:
    """Everything a version says about what is offered, apart from its price plans and files."""

    title: Title = of(Part(Title))
    summary: Summary = of(Part(Summary))
    description: Description = of(Part(Description))
    industry: str | None = of(
        Text(3, v.INDUSTRY, gettext_noop("a section or division of GB/T 4754"))
    )
    topic: str | None = of(Text(100))
    grade: str | None = of(Choice(v.GRADES))
    grade_level: int | None = of(Count(most=4, least=1))
    grade_determined_by: str | None = of(Choice(v.DETERMINED_BY))
    form: str | None = of(Choice(v.FORMS))
    dictionary: tuple[DictionaryField, ...] = of(Items(Part(DictionaryField), 2_000))
    coverage: Coverage = of(Part(Coverage))
    update_frequency: str | None = of(Choice(v.FREQUENCIES))
    volume: Volume = of(Part(Volume))
    sources: tuple[Source, ...] = of(Items(Part(Source), 100))
    personal: Personal = of(Part(Personal))
    special: Special = of(Part(Special))
    permitted_use: PermittedUse = of(Part(PermittedUse))
    delivery_modes: tuple[str, ...] = of(Items(Choice(v.DELIVERY_MODES), 10))
    allocation: tuple[AllocationLine, ...] = of(Items(Part(AllocationLine), 100))
    rights: tuple[UUID, ...] = of(Items(Identifier(), 100))


CONTENT = Part(VersionContent)


def parse_content(raw: Any) -> VersionContent:
    """Return the content that the JSON object `raw` states; what it leaves out is unknown.

    Raises:
        ContentRefused: with every unknown field, wrong type, oversize text or list and number out
            of range, each at its path.

    """
    problems: list[Problem] = []
    content: VersionContent = CONTENT.parse(raw, "", problems)
    coverage = content.coverage
    if coverage.time_from and coverage.time_to and coverage.time_to < coverage.time_from:
        problems.append(problem("coverage.time_to", "order"))
    if content.industry and not known_industry(content.industry):
        expected = gettext_noop("a section or division of GB/T 4754")
        problems.append(problem("industry", "pattern", expected=expected))
    if problems:
        raise ContentRefused(problems)
    return content


def to_document(content: VersionContent) -> dict[str, Any]:
    """Return `content` as the JSON object that is stored, hashed and signed."""
    document: dict[str, Any] = to_json(content)
    return document


def part_digest(
    document: Mapping[str, Any],
    names: Iterable[str],
    plans: Sequence[Mapping[str, Any]] | None,
) -> str:
    """Return the hash of some parts of a content document, with the plans unless None."""
    return digest({"parts": {name: document.get(name) for name in names}, "plans": plans})


def content_schema() -> dict[str, Any]:
    """Return the JSON Schema of a content document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "VersionContent",
        **CONTENT.schema(),
        "type": "object",
    }


def known_industry(code: str) -> bool:
    """Return whether `code` is a section, or a division that lies in its section."""
    first, last, *_ = v.INDUSTRIES[code[0]]
    return len(code) == 1 or first <= int(code[1:]) <= last


def strictest_class(content: VersionContent) -> str | None:
    """Return the strictest data class of the sources; personal if any personal data are declared.

    None while no source states one.
    """
    if content.personal.contains:
        return "personal"
    stated = [source.data_class for source in content.sources if source.data_class]
    return max(stated, key=v.DATA_CLASSES.index) if stated else None


def content_digest(
    document: dict[str, Any], plans: Iterable[dict[str, Any]], files: Iterable[str]
) -> str:
    """Return the hash that a declaration is signed for: 64 hexadecimal digits.

    `document` is from `to_document`, `plans` are plan documents, `files` the SHA-256 of each file
    of the version. The order of plans and files does not matter.
    """
    ordered = sorted(plans, key=lambda plan: str(plan["code"]))
    return digest({"content": document, "plans": ordered, "files": sorted(files)})
