"""Facts as they are stored: they come back equal, and each says what null means."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from compliance.facts import (
    FACTS_VERSION,
    TOPICS,
    FactsRefused,
    ListingFacts,
    ScanFacts,
    cleared_document,
    cleared_facts,
    cleared_from_document,
    fact_at,
    facts_from_content,
    facts_of,
    json_schema,
    listing_from_document,
    order_from_document,
    to_document,
)
from compliance.facts.mentions import TERMS
from compliance.facts.names import NAMES
from compliance.facts.vocabulary import MENTIONS, PERSONAL_SCAN_KINDS, SCAN_KINDS
from compliance.rules import ORDINARY_LISTING, ORDINARY_ORDER
from compliance.scan.kinds import KINDS
from listings.content import vocabulary

# The facts of each version with which decisions were stored: path → kind and closed list of words.
VERSIONS = Path(__file__).parent / "facts_of_versions"
NO_FILE = ScanFacts(state="no_file")
SOURCE = {
    "name": "own sensors",
    "data_class": "enterprise",
    "origin": "generated",
    "legal_basis": "own_generation",
    "disputed": False,
    "resale_forbidden": False,
}


def facts(scan: ScanFacts | None = NO_FILE, **content: Any) -> ListingFacts:
    return facts_from_content({"sources": [SOURCE], **content}, scan=scan)


def test_stored_facts_come_back_equal_and_fit_their_schema() -> None:
    schema = json_schema()
    for stored in (to_document(ORDINARY_LISTING), to_document(ORDINARY_ORDER)):
        jsonschema.validate(stored, schema)

    assert listing_from_document(to_document(ORDINARY_LISTING)) == ORDINARY_LISTING
    assert order_from_document(to_document(ORDINARY_ORDER)) == ORDINARY_ORDER
    cleared = cleared_facts(ORDINARY_LISTING)
    assert cleared_from_document(cleared_document(ORDINARY_LISTING)) == cleared


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (lambda d: d.update(nonsense={}), "nonsense"),
        (lambda d: d["product"].update(nonsense=1), "product.nonsense"),
        (lambda d: d["product"].update(grade="odd"), "product.grade"),
        (lambda d: d["product"].update(records=-1), "product.records"),
        (lambda d: d["product"].update(records=True), "product.records"),
        (lambda d: d["product"].update(records=2**60), "product.records"),
        (lambda d: d["personal"].update(present=1), "personal.present"),
        (lambda d: d["use"].update(territories=["CN"] * 401), "use.territories"),
        (lambda d: d["use"].update(territories="CN"), "use.territories"),
        (lambda d: d["use"].update(territories=["x" * 201]), "use.territories"),
        (lambda d: d["use"].update(territories=["\ud800"]), "use.territories"),
        (lambda d: d["parties"].update(supplier_country="C\0N"), "parties.supplier_country"),
        (lambda d: d.update(product=[]), "product"),
        (lambda d: d.update(product=None), "product"),
        (lambda d: d.update(product="x"), "product"),
    ],
)
def test_a_document_that_is_not_of_facts_is_refused_by_name(spoil: Any, where: str) -> None:
    document = to_document(ORDINARY_LISTING)
    spoil(document)

    with pytest.raises(FactsRefused, match=where):
        listing_from_document(document)


def test_every_fact_has_a_name_in_both_languages_and_says_what_null_means() -> None:
    paths = {f"{topic}.{name}" for topic, kind in TOPICS.items() for name in facts_of(kind)}

    assert paths == set(NAMES)
    for path in paths:
        fact = fact_at(path)
        assert fact is not None
        assert fact.meaning
        assert fact.unknown
        assert fact.suppliers != ("derived",), path


def test_every_kind_of_mention_has_terms_in_the_form_they_are_looked_for() -> None:
    assert tuple(TERMS) == MENTIONS
    for terms in TERMS.values():
        assert all(term == term.casefold() for term in terms)


def test_the_facts_know_every_kind_that_the_scan_tells_apart() -> None:
    assert set(SCAN_KINDS) == set(KINDS)
    personal = {code for code, kind in KINDS.items() if kind.personal}
    assert personal - set(PERSONAL_SCAN_KINDS) == {"landline"}
    for code, kind in KINDS.items():
        scanned = facts(ScanFacts(state="done", rows=1, kinds=(code,)))
        kinds = scanned.personal.sensitive_kinds or ()
        assert (kind.sensitive in kinds) == bool(kind.sensitive), code


def test_what_a_clearance_carries_is_what_the_listing_said() -> None:
    known = facts(
        grade="important",
        personal={"contains": True, "subjects_count": 7, "consent_basis": "separate_consent"},
        permitted_use={"purposes": ["research"], "territories": ["CN-SH"], "term_days": 30},
        special={"export_controlled": True},
    )

    cleared = cleared_facts(known)

    assert (cleared.grade, cleared.personal, cleared.subjects_count) == ("important", True, 7)
    assert (cleared.purposes, cleared.territories, cleared.term_days) == (
        ("research",),
        ("CN-SH",),
        30,
    )
    assert (cleared.export_controlled, cleared.human_genetic) == (True, None)


def test_the_words_of_the_content_are_the_words_of_the_facts() -> None:
    described = fact_at("use.purposes")

    assert described is not None
    assert described.values == vocabulary.PURPOSES


def described() -> dict[str, dict[str, Any]]:
    return {
        f"{topic}.{name}": {"kind": fact.kind, "values": list(fact.values)}
        for topic, kind in TOPICS.items()
        for name, fact in facts_of(kind).items()
    }


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("*.json")), ids=lambda path: path.stem)
def test_facts_of_every_version_can_still_be_read(path: Path) -> None:
    """A decision stored with them could not be replayed otherwise."""
    now = described()

    for name, then in json.loads(path.read_text(encoding="utf-8")).items():
        assert now[name]["kind"] == then["kind"], name
        assert set(then["values"]) <= set(now[name]["values"]), name


def test_facts_that_have_changed_have_a_version_of_their_own() -> None:
    """Raise FACTS_VERSION when this fails, and keep what the former version had."""
    path = VERSIONS / f"{FACTS_VERSION}.json"

    assert not path.exists() or json.loads(path.read_text(encoding="utf-8")) == described()


def test_facts_stored_before_a_topic_and_a_fact_were_known_are_unknown_now() -> None:
    stored = to_document(facts())
    del stored["price"]
    del stored["text"]["mentions"]

    read = listing_from_document(stored | {"version": "1999.1"})

    assert read.price.kinds is None
    assert read.text.mentions is None
    assert read.product == facts().product
