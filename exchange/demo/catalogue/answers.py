"""The stand-in: it answers for vendors who are not here. Invariant: it answers blanks only.

A real listing says what is for sale, what it costs and who offers it; it does not say what a venue
has to ask. The stand-in answers by the tables below, at random but the same for the same listing.
One listing in ten keeps one question unanswered, so that the unknown blocks as it should.
docs/stand_in.md is made from these tables.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from listings.content import Special

SEED = "2026"
LEFT_PERCENT = 10

PERSONS = re.compile(
    "个人|自然人|手机|号码|身份|用户|会员|客户|居民|人口|人群|学生|患者|病例|医生|司机|驾驶|消费者|"
    "职工|参保|户籍|简历|求职|实名|二次号|画像"
)
ENTERPRISES = re.compile("企业|公司|工商|法人|招标|专利|产业")
PUBLIC = re.compile("政务|政府|公共数据|公共信用|公示|全市|全省|全国|法院|失信|行政|统计")


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, of which listings it is asked, and the answers with their weights per hundred."""

    path: str
    asked_of: str
    choices: tuple[tuple[Any, int], ...]


def always(path: str, value: Any, asked_of: str = "every") -> Answer:
    """Return the answer that is always the same."""
    return Answer(path, asked_of, ((value, 100),))


ANSWERS: tuple[Answer, ...] = (
    always("form", "dataset"),
    always("delivery_modes", ["download"]),
    Answer("grade", "every", (("general", 100),)),
    always("grade_determined_by", "self"),
    always("sources.data_class", "personal", "persons"),
    always("sources.data_class", "public", "public"),
    always("sources.data_class", "enterprise", "others"),
    Answer("sources.origin", "persons", (("generated", 60), ("contract", 30), ("scraped", 10))),
    Answer(
        "sources.origin", "public", (("authorised_operation", 50), ("open", 40), ("shared", 10))
    ),
    Answer(
        "sources.origin",
        "others",
        (("generated", 60), ("contract", 15), ("derived", 10), ("scraped", 10), ("fused", 5)),
    ),
    Answer(
        "sources.legal_basis",
        "persons",
        (("consent", 75), ("contract", 15), ("not_applicable", 10)),
    ),
    Answer(
        "sources.legal_basis", "public", (("authorised_operation", 60), ("public_disclosure", 40))
    ),
    Answer("sources.legal_basis", "others", (("own_generation", 70), ("contract", 30))),
    Answer("sources.resale_forbidden", "every", ((False, 96), (True, 4))),
    Answer("sources.disputed", "every", ((False, 98), (True, 2))),
    Answer("sources.raw", "every", ((False, 90), (True, 10))),
    Answer("sources.opened", "every", ((False, 50), (True, 50))),
    always("personal.contains", True, "persons"),
    always("personal.contains", False, "public"),
    always("personal.contains", False, "others"),
    Answer("personal.subjects_count", "persons", ((40, 30), (4_000, 40), (250_000, 30))),
    Answer(
        "personal.categories",
        "persons",
        (
            (["online_behaviour", "device"], 35),
            (["identity", "contact"], 25),
            (["transactions"], 15),
            (["whereabouts"], 15),
            (["health"], 10),
        ),
    ),
    Answer(
        "personal.consent_basis",
        "persons",
        (("separate_consent", 60), ("consent", 20), ("contract", 10), ("none", 10)),
    ),
    always("personal.consent_basis", "none", "public"),
    always("personal.consent_basis", "none", "others"),
    Answer("personal.anonymised", "persons", ((False, 60), (True, 40))),
    always("personal.anonymised", False, "public"),
    always("personal.anonymised", False, "others"),
    Answer("personal.identifies_alone", "persons", ((False, 80), (True, 20))),
    always("personal.identifies_alone", False, "public"),
    always("personal.identifies_alone", False, "others"),
    Answer("personal.minors", "persons", ((False, 95), (True, 5))),
    always("personal.minors", False, "public"),
    always("personal.minors", False, "others"),
    *(
        Answer(f"special.{name}", "every", ((False, 99), (True, 1)))
        for name in Special.__dataclass_fields__
        if name not in ("map_public", "credit_reporting")
    ),
    always("special.map_public", True),
    always("special.credit_reporting", False),
    always("permitted_use.purposes", ["research", "operations", "product_development"]),
    always("permitted_use.territories", ["CN"]),
    always("permitted_use.redistribution", False),
    always("permitted_use.derivation", True),
    always("permitted_use.term_days", 365),
)
# Questions that a submission may leave open and the checklist asks.
LEFT_OPEN = (
    "grade",
    "sources.data_class",
    "sources.origin",
    "sources.disputed",
    "sources.resale_forbidden",
    "personal.contains",
    "special.state_secret",
    "special.illegally_obtained",
    "special.trade_secret",
)


@dataclass(frozen=True, slots=True)
class Brings:
    """What evidence is brought when a fact of the content is so, in how many cases of a hundred."""

    when: str
    keys: tuple[str, ...]
    percent: int


EVIDENCE: tuple[Brings, ...] = (
    Brings(
        "personal",
        (
            "separate_consent",
            "pipia_report",
            "recipient_contract",
            "authorisation_evidence",
            "all_subject_consent",
        ),
        70,
    ),
    Brings("anonymised", ("anonymised",), 70),
    Brings("sensitive", ("specific_purpose_necessity",), 50),
    Brings(
        "authorised_operation",
        ("authorisation_agreement", "public_resource_registration", "price_cap"),
        70,
    ),
    Brings("shared", ("sharing_unit_consent",), 50),
    Brings("scraped", ("lawful_collection", "non_substitution"), 50),
    Brings("fused", ("co_party_consent",), 70),
    Brings("resale_forbidden", ("supplier_waiver",), 50),
)
STANDING_PERCENT = 50
SENSITIVE = ("whereabouts", "health", "biometric")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a listing says once the stand-in has answered."""

    kind: str
    content: dict[str, Any]
    plans: tuple[dict[str, Any], ...]
    evidence: tuple[str, ...]
    left_open: str


def stand_in(
    key: str, content: Mapping[str, Any], plans: Sequence[Mapping[str, Any]], *, holder: str
) -> Stated:
    """Return a listing with its blanks answered; `key` decides every throw.

    `holder` is the name that stands for who holds the data.
    """
    document = {name: _copied(value) for name, value in content.items()}
    kind = kind_of(document)
    left = _left_open(key, document)
    if not document.get("sources"):
        document["sources"] = [{}]
    for source in document["sources"]:
        source["name"] = source.get("name") or holder
        source["holder"] = source.get("holder") or holder
    for answer in ANSWERS:
        if answer.path != left and answer.asked_of in ("every", kind):
            _fill(document, answer, key)
    if not any((document.get("summary") or {}).values()):
        document["summary"] = document["title"]
    if document["form"] in ("dataset", "api") and not document.get("dictionary"):
        document["dictionary"] = dictionary(kind)
    return Stated(
        kind,
        document,
        _plans(key, document, plans),
        _evidence(key, document),
        left,
    )


def kind_of(document: Mapping[str, Any]) -> str:
    """Say what a listing is about: `persons`, `public` or `others`; a stated class decides."""
    stated = [source.get("data_class") for source in document.get("sources") or ()]
    spoken = " ".join(_texts(document))
    if "personal" in stated or (PERSONS.search(spoken) and not ENTERPRISES.search(spoken)):
        return "persons"
    return "public" if "public" in stated or PUBLIC.search(spoken) else "others"


def dictionary(kind: str) -> list[dict[str, Any]]:
    """Return the dictionary of the invented sample of a listing that states none."""
    fields = [
        ("record_no", "integer", "记录编号"),
        ("period", "date", "所属期间"),
        ("region", "string", "所属地区"),
        ("value", "decimal", "数值"),
    ]
    if kind == "persons":
        fields.insert(1, ("subject_code", "string", "主体代码（不可识别个人）"))
    return [
        {"name": name, "type": shape, "meaning": meaning, "sensitivity": "none"}
        for name, shape, meaning in fields
    ]


def sample(key: str, fields: Sequence[Mapping[str, Any]], rows: int) -> bytes:
    """Return an invented CSV with the fields of a dictionary."""
    chance = _chance(key, "sample")
    names = [str(one["name"]).replace(",", " ").replace("\n", " ") for one in fields]
    lines = [",".join(names)]
    for number in range(1, rows + 1):
        cells = [f"{number}"] + [f"V{chance.randint(1, 999)}" for _name in names[1:]]
        lines.append(",".join(cells))
    return ("\n".join(lines) + "\n").encode()


def _fill(document: dict[str, Any], answer: Answer, key: str) -> None:
    part, _, name = answer.path.rpartition(".")
    for place in _places(document, part):
        if place.get(name) in (None, []):
            values = [value for value, _weight in answer.choices]
            weights = [weight for _value, weight in answer.choices]
            place[name] = _copied(_chance(key, answer.path).choices(values, weights)[0])


def _places(document: dict[str, Any], part: str) -> list[dict[str, Any]]:
    if not part:
        return [document]
    found = document.setdefault(part, {})
    return list(found) if isinstance(found, list) else [found]


def _left_open(key: str, document: Mapping[str, Any]) -> str:
    """Return the question that stays open: one that the listing itself leaves open, or none."""
    chance = _chance(key, "left")
    if chance.randrange(100) >= LEFT_PERCENT:
        return ""
    is_open = [path for path in LEFT_OPEN if not _is_stated(document, path)]
    return chance.choice(is_open) if is_open else ""


def _is_stated(document: Mapping[str, Any], path: str) -> bool:
    part, _, name = path.rpartition(".")
    found = document.get(part) if part else document
    places = found if isinstance(found, list) else [found or {}]
    return any(place.get(name) is not None for place in places)


def _plans(
    key: str, document: Mapping[str, Any], plans: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], ...]:
    """Return the plans; a listing without a price is open to negotiation, never free."""
    if not plans:
        return ({"code": "P1", "kind": "negotiated", "offer_mode": "negotiated"},)
    classes = {source.get("data_class") for source in document["sources"]}
    careful = "personal" in classes or (document.get("personal") or {}).get("contains")
    standing = _chance(key, "mode").randrange(100) < STANDING_PERCENT
    mode = "standing" if standing and not careful and document.get("grade") == "general" else ""
    return tuple(
        {**plan, "offer_mode": mode} if mode and plan["kind"] != "negotiated" else dict(plan)
        for plan in plans
    )


def _evidence(key: str, document: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        name
        for brings in EVIDENCE
        if WHEN[brings.when](document)
        and _chance(key, f"evidence.{brings.when}").randrange(100) < brings.percent
        for name in brings.keys
    )


def _any_source(name: str, *values: Any) -> Callable[[Mapping[str, Any]], bool]:
    return lambda document: any(one.get(name) in values for one in document["sources"])


def _personal(name: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda document: bool((document.get("personal") or {}).get(name))


WHEN: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "personal": _personal("contains"),
    "anonymised": _personal("anonymised"),
    "sensitive": lambda document: bool(
        set((document.get("personal") or {}).get("categories") or ()) & set(SENSITIVE)
    ),
    "authorised_operation": lambda document: (
        _any_source("origin", "authorised_operation")(document)
        or _any_source("legal_basis", "authorised_operation")(document)
    ),
    "shared": _any_source("origin", "shared"),
    "scraped": _any_source("origin", "scraped"),
    "fused": _any_source("origin", "fused"),
    "resale_forbidden": _any_source("resale_forbidden", True),
}


def _texts(document: Mapping[str, Any]) -> list[str]:
    parts = [document.get(name) or {} for name in ("title", "summary")]
    return [text for part in parts for text in part.values() if text]


def _chance(key: str, what: str) -> random.Random:
    return random.Random(f"{SEED}:{key}:{what}")  # noqa: S311 (a stand-in, not a secret)


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list | tuple) else value
