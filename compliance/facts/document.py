"""Facts as documents: what is stored, what CEL sees, and the schema of both.

Invariant: a stored document gives back equal facts, and an unknown fact is not in the context.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, TypeVar

from compliance.facts.derive import ListingFacts, outside_mainland
from compliance.facts.fields import MOST_COUNT, Fact, Topic, facts_of, storable
from compliance.facts.listing import (
    PersonalFacts,
    ProductFacts,
    ScanFacts,
    SourceFacts,
    SpecialFacts,
    TextFacts,
)
from compliance.facts.order import (
    BuyerFacts,
    ClearedFacts,
    ExportFacts,
    FitFacts,
    TermsFacts,
    TogetherFacts,
)
from compliance.facts.terms import PartyFacts, PriceFacts, RightsFacts, UseFacts

# Raised whenever a fact is added, renamed or derived differently; stored with every decision.
FACTS_VERSION = "2026.3"

LISTING_TOPICS: dict[str, type[Topic]] = {
    "product": ProductFacts,
    "sources": SourceFacts,
    "personal": PersonalFacts,
    "special": SpecialFacts,
    "text": TextFacts,
    "scan": ScanFacts,
    "rights": RightsFacts,
    "parties": PartyFacts,
    "use": UseFacts,
    "price": PriceFacts,
}
ORDER_TOPICS: dict[str, type[Topic]] = {
    "cleared": ClearedFacts,
    "order": TermsFacts,
    "buyer": BuyerFacts,
    "fit": FitFacts,
    "export": ExportFacts,
    "together": TogetherFacts,
}
TOPICS = LISTING_TOPICS | ORDER_TOPICS

F = TypeVar("F")


class FactsRefused(ValueError):
    """A document is not one of facts; the message says where and why."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """Everything that the gate knows about one order, topic by topic."""

    cleared: ClearedFacts
    order: TermsFacts
    buyer: BuyerFacts
    fit: FitFacts
    export: ExportFacts
    together: TogetherFacts


Facts = ListingFacts | OrderFacts


def to_context(facts: Facts) -> dict[str, dict[str, Any]]:
    """Return the variables of CEL: topic → fact → value, unknown facts left out."""
    return {
        topic: {
            name: value
            for name in facts_of(TOPICS[topic])
            if (value := getattr(part, name)) is not None
        }
        for topic in facts.__dataclass_fields__
        if (part := getattr(facts, topic)) is not None
    }


def to_document(facts: Facts) -> dict[str, Any]:
    """Return `facts` as the JSON object that a decision stores; unknown facts are null."""
    document: dict[str, Any] = {"version": FACTS_VERSION}
    for topic in facts.__dataclass_fields__:
        document[topic] = topic_document(topic, getattr(facts, topic))
    return document


def topic_document(topic: str, facts: Topic) -> dict[str, Any]:
    """Return the facts of one topic as `to_document` has them."""
    names, values_of = _reader(topic)
    return {
        name: list(value) if type(value) is tuple else value
        for name, value in zip(names, values_of(facts), strict=True)
    }


def order_text(facts: OrderFacts, cleared: str) -> str:
    """Return `to_document` of an order's facts as JSON text; `cleared` is its part of that name.

    That part is the clearance's own text, so that it need not be written again.
    """
    document = {
        topic: dict(zip(names, values_of(getattr(facts, topic)), strict=True))
        for topic in ("order", "buyer", "fit", "export", "together")
        for names, values_of in (_reader(topic),)
    }
    return f'{{"version":"{FACTS_VERSION}","cleared":{cleared},{_JSON.encode(document)[1:]}'


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@cache
def _reader(topic: str) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """Return the names of a topic's facts and what reads them all at once."""
    names = tuple(facts_of(TOPICS[topic]))
    return names, attrgetter(*names)


def listing_from_document(document: Mapping[str, Any]) -> ListingFacts:
    """Return the facts of a listing that `document` stores.

    Raises:
        FactsRefused: a topic or fact is not known, or a value is of another type.

    """
    return _from_document(ListingFacts, document)


def order_from_document(document: Mapping[str, Any]) -> OrderFacts:
    """Return the facts of an order that `document` stores.

    Raises:
        FactsRefused: a topic or fact is not known, or a value is of another type.

    """
    return _from_document(OrderFacts, document)


def cleared_facts(facts: ListingFacts) -> ClearedFacts:
    """Return what a clearance of a version with `facts` carries to the gate."""
    special, personal, use = facts.special, facts.personal, facts.use
    carried = {
        name: getattr(special, name)
        for name in facts_of(ClearedFacts)
        if name in facts_of(SpecialFacts)
    }
    return ClearedFacts(
        data_class=facts.product.data_class,
        grade=facts.product.grade,
        form=facts.product.form,
        personal=personal.present,
        sensitive=personal.sensitive,
        consent_basis=personal.consent_basis,
        subjects_count=personal.subjects_count,
        public=facts.sources.any_public,
        purposes=use.purposes,
        territories=use.territories,
        redistribution=use.redistribution,
        derivation=use.derivation,
        term_days=use.term_days,
        buyer_types=use.buyer_types,
        withdrawn_purposes=personal.withdrawn_purposes or (),
        withdrawn_recipients=personal.withdrawn_recipients or (),
        zone=facts.parties.zone,
        **carried,
    )


def cleared_document(facts: ListingFacts) -> dict[str, Any]:
    """Return the JSON object of `cleared_facts`, to be stored with the clearance."""
    cleared = cleared_facts(facts)
    return {name: _plain(getattr(cleared, name)) for name in facts_of(ClearedFacts)}


def cleared_from_document(document: Mapping[str, Any]) -> ClearedFacts:
    """Return the facts that a clearance stores.

    Raises:
        FactsRefused: a fact is not known, or a value is of another type.

    """
    return _topic(ClearedFacts, "cleared", document)


@lru_cache(maxsize=4096)
def cleared_from_text(text: str) -> ClearedFacts:
    """Return the facts that a clearance stores as the JSON text `text`.

    The text is all that it depends on, and clearances have few different ones.

    Raises:
        FactsRefused: a fact is not known, or a value is of another type.

    """
    return cleared_from_document(json.loads(text))


def reaches_abroad(territory: str | None, country: str | None) -> bool | None:
    """Return whether an order takes data out of the mainland: its territory or its buyer."""
    if territory is not None and outside_mainland(territory):
        return True
    if country is not None and country != "CN":
        return True
    return None if territory is None or country is None else False


@cache
def fact_at(path: str) -> Fact | None:
    """Return the description of the fact `topic.name`, or None if there is none."""
    topic, _, name = path.partition(".")
    return facts_of(TOPICS[topic]).get(name) if topic in TOPICS else None


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of stored facts, with meaning, supplier and what null means."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts",
        "$comment": f"facts version {FACTS_VERSION}",
        "oneOf": [_schema("ListingFacts", LISTING_TOPICS), _schema("OrderFacts", ORDER_TOPICS)],
    }


def _schema(title: str, topics: Mapping[str, type[Topic]]) -> dict[str, Any]:
    return {
        "title": title,
        "type": "object",
        "additionalProperties": False,
        "required": ["version", *topics],
        "properties": {
            "version": {"const": FACTS_VERSION},
            **{
                name: {
                    "type": "object",
                    "description": (topic.__doc__ or "").strip(),
                    "additionalProperties": False,
                    "required": list(facts_of(topic)),
                    "properties": {
                        key: _fact_schema(fact) for key, fact in facts_of(topic).items()
                    },
                }
                for name, topic in topics.items()
            },
        },
    }


def _fact_schema(fact: Fact) -> dict[str, Any]:
    about: dict[str, Any] = {
        "description": fact.meaning,
        "x-supplier": fact.supplier,
        "x-rests-on": list(fact.suppliers),
        "x-null-means": fact.unknown,
    }
    if fact.asks:
        about["x-asks"] = list(fact.asks)
    if fact.kind == "yes_no":
        return about | {"type": ["boolean", "null"]}
    if fact.kind == "count":
        return about | {"type": ["integer", "null"], "minimum": 0, "maximum": MOST_COUNT}
    if fact.kind == "word":
        closed = {"enum": [*fact.values, None]} if fact.values else {"maxLength": 200}
        return about | {"type": ["string", "null"], **closed}
    items = {"enum": list(fact.values)} if fact.values else {"type": "string", "maxLength": 200}
    return about | {"type": ["array", "null"], "items": items, "maxItems": fact.most}


def _from_document(kind: type[F], document: Mapping[str, Any]) -> F:
    topics = {item.name for item in fields(kind)}  # type: ignore[arg-type]
    strange = set(document) - topics - {"version"}
    if strange:
        raise FactsRefused(f"{sorted(strange)[0]}: there is no such topic")
    return kind(**{name: _topic(TOPICS[name], name, document.get(name, {})) for name in topics})


def _topic(kind: type[F], name: str, document: Any) -> F:
    if not isinstance(document, Mapping):
        raise FactsRefused(f"{name}: this has to be an object of facts")
    described = facts_of(kind)  # type: ignore[arg-type]
    strange = set(document) - set(described)
    if strange:
        raise FactsRefused(f"{name}.{sorted(strange)[0]}: there is no such fact")
    return kind(
        **{
            # Most facts are yes or no, and need no further look.
            key: value
            if type(value) is bool and described[key].kind == "yes_no"
            else checked(f"{name}.{key}", described[key], value)
            for key, value in document.items()
        }
    )


def checked(path: str, fact: Fact, value: Any) -> Any:
    """Return `value` as the fact has it: a tuple for a list, None for unknown.

    Raises:
        FactsRefused: the value is of another type, too large, or not a word of the list.

    """
    if value is None:
        return None
    if _fits(fact, value):
        return tuple(value) if fact.kind == "words" else value
    raise FactsRefused(f"{path}: {value!r:.80} is not a value of this fact ({fact.kind})")


def _fits(fact: Fact, value: Any) -> bool:
    if fact.kind == "yes_no":
        return isinstance(value, bool)
    if fact.kind == "count":
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole and 0 <= value <= MOST_COUNT
    if fact.kind == "word":
        return isinstance(value, str) and _word(fact, value)
    listed = isinstance(value, list | tuple) and len(value) <= fact.most
    return listed and all(isinstance(one, str) and _word(fact, one) for one in value)


def _word(fact: Fact, value: str) -> bool:
    return value in fact.values if fact.values else len(value) <= 200 and storable(value)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
