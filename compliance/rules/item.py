"""One item of the checklist, and the document it is kept in. Invariant: an item is only data.

`read_document` gives the items of a checklist document; what it cannot read it names, and it
decides nothing about what the items say: that is `validate`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from typing import Any, Literal

from compliance.rules.problems import gettext_noop

LISTS = ("negative", "caution", "export")
SEVERITIES = ("prohibited", "restricted", "caution")
SCOPES = (
    "listing",
    "order",
    "export",
    "price",
    "party",
    "use",
    "registration",
    "conduct",
    "platform",
)
KINDS = ("rule", "attestation")
ASKED_OF = ("reviewer", "venue")
BASES = ("law", "venue_rule")
EXPECTATIONS = ("hit", "clear", "unknown", "lifted")
ANSWERS = ("", "yes", "no")
SUPPLIERS_OF_EVIDENCE = ("vendor", "buyer", "venue")
LAW_FORCES = ("in_force", "venue_rule")

Severity = Literal["prohibited", "restricted", "caution"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where an item comes from. `quote` stands word for word in that article, or is empty.

    `force` is venue_rule when the instrument has lapsed or is a draft and the venue keeps the rule
    as its own.
    """

    instrument: str
    version: str
    article: str
    quote: str = ""
    force: str = "in_force"


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """A kind of evidence that lifts need, in both languages, and who can give it."""

    key: str
    en: str
    zh: str
    by: str


@dataclass(frozen=True, slots=True)
class Example:
    """A case of the item: facts over those of an ordinary clear product or order.

    `answer` is what the one who is asked said: yes, no, or nothing yet.
    """

    name: str
    expect: str
    facts: Mapping[str, Any]
    evidence: tuple[str, ...] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One rule. `when` says what it is about, `lift` which evidence releases it (CEL).

    An item of the kind attestation is what only a person can judge: `question` is put to
    `asked_of`, and yes clears it. A reviewer is asked of each version that `when` does not rule
    out, of every one if it is empty; the venue is asked once a year, and never of a listing.

    `basis` is venue_rule if no instrument of it is in force and the venue keeps it as its own:
    `note` says why. `always_known` says why none of its facts can be unknown, if none can.
    `covers` names rows of the field's reference list; `asks` the vendor's bare yes-or-no answers
    it rests on and `rests_on` everyone its facts come from; `refusal` the code an order is refused
    with. `zone` limits an export item to exporters of that zone; `territory` says where its
    instrument binds. It runs from `valid_from` to `valid_to`, both included.
    """

    code: str
    list: str
    category: str
    severity: Severity
    scope: str
    title_en: str
    title_zh: str
    exit_path_en: str
    exit_path_zh: str
    sources: tuple[Source, ...]
    when: str = ""
    lift: str = ""
    kind: str = "rule"
    asked_of: str = ""
    question_en: str = ""
    question_zh: str = ""
    basis: str = "law"
    note_en: str = ""
    note_zh: str = ""
    always_known_en: str = ""
    always_known_zh: str = ""
    covers: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    refusal: str = ""
    zone: str = ""
    territory: str = "CN"
    valid_from: date = date(2021, 1, 1)
    valid_to: date | None = None
    examples: tuple[Example, ...] = field(default=())

    def in_force_on(self, day: date) -> bool:
        """Return whether the item is to be run on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class ChecklistDocument:
    """All items of one checklist version, with the wording of the evidence that lifts need."""

    code: str
    facts_version: str
    evidence: tuple[EvidenceKind, ...]
    items: tuple[Item, ...]


class ItemUnreadable(ValueError):
    """A checklist document is not of the right shape; `path` says where."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(f"{path}: {what}")
        self.path, self.what = path, what


def read_document(document: Mapping[str, Any]) -> ChecklistDocument:
    """Return the checklist that the JSON object `document` states.

    Raises:
        ItemUnreadable: a field is missing, unknown, or of another type.

    """
    known = {"code", "facts_version", "evidence", "items"}
    _only(document, known, known, "")
    kinds = document["evidence"]
    if not isinstance(kinds, Mapping):
        raise ItemUnreadable("evidence", gettext_noop("this has to be an object of evidence kinds"))
    items = document["items"]
    if not isinstance(items, list):
        raise ItemUnreadable("items", gettext_noop("this has to be a list of items"))
    return ChecklistDocument(
        code=_text(document, "code", ""),
        facts_version=_text(document, "facts_version", ""),
        evidence=tuple(_kind(key, one, f"evidence.{key}") for key, one in kinds.items()),
        items=tuple(read_item(one, f"items.{number}") for number, one in enumerate(items)),
    )


_NEEDED = {one.name for one in fields(Item) if one.default is MISSING}


def read_item(document: Any, path: str = "item") -> Item:
    """Return the item that the JSON object `document` states.

    Raises:
        ItemUnreadable: a field is missing, unknown, or of another type.

    """
    names = {one.name for one in fields(Item)}
    _only(document, names, _NEEDED, path)
    values: dict[str, Any] = {}
    for name, value in document.items():
        where = f"{path}.{name}"
        if name == "sources":
            values[name] = tuple(_source(one, where) for one in _list(value, where))
        elif name == "examples":
            values[name] = tuple(_example(one, where) for one in _list(value, where))
        elif name in ("covers", "asks", "rests_on", "evidence"):
            values[name] = _words(value, where)
        elif name == "valid_to" and value is None:
            values[name] = None
        elif name in ("valid_from", "valid_to"):
            values[name] = _day(value, where)
        else:
            values[name] = _text(document, name, path)
    return Item(**values)


def item_document(item: Item) -> dict[str, Any]:
    """Return the JSON object of `item`."""
    document: dict[str, Any] = {}
    for one in fields(Item):
        value = getattr(item, one.name)
        if one.name in ("sources", "examples"):
            value = [
                {part.name: _plain(getattr(row, part.name)) for part in fields(row)}
                for row in value
            ]
        document[one.name] = _plain(value)
    return document


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def _only(document: Any, known: set[str], needed: set[str], path: str) -> None:
    if not isinstance(document, Mapping):
        raise ItemUnreadable(path or "document", gettext_noop("this has to be an object"))
    for name in document:
        if name not in known:
            raise ItemUnreadable(
                f"{path}.{name}".strip("."), gettext_noop("there is no such field")
            )
    for name in sorted(needed):
        if name not in document:
            raise ItemUnreadable(f"{path}.{name}".strip("."), gettext_noop("this is needed"))


def _text(document: Mapping[str, Any], name: str, path: str) -> str:
    value = document[name]
    if not isinstance(value, str):
        raise ItemUnreadable(f"{path}.{name}".strip("."), gettext_noop("this has to be text"))
    return value


def _list(value: Any, path: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise ItemUnreadable(path, gettext_noop("this has to be a list"))
    return value


def _words(value: Any, path: str) -> tuple[str, ...]:
    words = _list(value, path)
    if not all(isinstance(word, str) for word in words):
        raise ItemUnreadable(path, gettext_noop("this has to be a list of texts"))
    return tuple(words)


def _day(value: Any, path: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ItemUnreadable(
            path, gettext_noop("this has to be a date such as 2026-01-31")
        ) from None


def _source(document: Any, path: str) -> Source:
    needed = {"instrument", "version", "article"}
    _only(document, needed | {"quote", "force"}, needed, path)
    return Source(**{name: _text(document, name, path) for name in document})


def _kind(key: str, document: Any, path: str) -> EvidenceKind:
    needed = {"en", "zh", "by"}
    _only(document, needed, needed, path)
    return EvidenceKind(key, **{name: _text(document, name, path) for name in document})


def _example(document: Any, path: str) -> Example:
    needed = {"name", "expect", "facts"}
    _only(document, needed | {"evidence", "answer"}, needed, path)
    if not isinstance(document["facts"], Mapping):
        raise ItemUnreadable(f"{path}.facts", gettext_noop("this has to be an object of facts"))
    return Example(
        name=_text(document, "name", path),
        expect=_text(document, "expect", path),
        facts=document["facts"],
        evidence=_words(document.get("evidence", ()), f"{path}.evidence"),
        answer=_text(document, "answer", path) if "answer" in document else "",
    )
