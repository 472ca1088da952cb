"""The numbers of 法释〔2017〕10号 art. 5: a hard stop without a basis, nothing at all with one.

Each on both sides of its threshold, alone, mixed pro rata, and halved where obtained in duty.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import pytest

from compliance.facts import (
    BasisRecord,
    ListingFacts,
    PartyFacts,
    Records,
    Register,
    RightsFacts,
    ScanFacts,
    facts_from_content,
)
from compliance.rules import Checklist, compile_checklist, run
from tests.compliance import cast, records

THRESHOLDS = {"PI-11", "PI-12", "PI-13", "PI-15", "PI-16"}
CLASS, RECORD = UUID(int=1), UUID(int=2)


@cache
def checklist() -> Checklist:
    return compile_checklist(cast.document())


def facts(
    at: datetime, counts: dict[str, int], *, live: bool = False, in_duty: bool = False
) -> ListingFacts:
    """A version whose one record counts persons by category, in force or withdrawn."""
    record = BasisRecord(
        record_id=RECORD,
        class_id=CLASS,
        live=live,
        basis="separate_consent",
        purposes=frozenset(records.PURPOSES),
        recipients=frozenset(records.KINDS),
        withdrawn_purposes=frozenset(),
        withdrawn_recipients=frozenset(),
        categories=frozenset(counts),
        sensitive_kinds=frozenset(),
        persons_count=sum(counts.values()),
        counts=counts,
        minors=False,
        guardian=False,
        in_duty=in_duty,
        until=at + timedelta(days=9),
    )
    register = Register(RightsFacts(), PartyFacts(), Records((record,)))
    content: dict[str, Any] = cast.content() | records.personal() | {"volume": {}}
    no_file = ScanFacts(state="no_file")
    return facts_from_content(content, scan=no_file, register=register)


def hit(known: ListingFacts, at: datetime) -> set[str]:
    found = run(checklist(), known, (), at=at)
    return {one.code for one in found if one.code in THRESHOLDS and one.status == "hit"}


@pytest.mark.parametrize(
    ("counts", "items"),
    [
        ({"whereabouts": 49}, set()),
        ({"whereabouts": 50}, {"PI-11", "PI-15"}),
        ({"credit": 20, "property": 29}, set()),
        ({"credit": 20, "property": 30}, {"PI-11", "PI-15"}),
        ({"health": 499}, set()),
        ({"health": 500}, {"PI-12", "PI-15"}),
        ({"contact": 4_999}, set()),
        ({"contact": 5_000}, {"PI-13", "PI-15"}),
        ({"whereabouts": 30, "lodging": 199}, set()),
        ({"whereabouts": 30, "lodging": 200}, {"PI-15"}),
        ({"whereabouts": 30, "lodging": 150, "contact": 499}, set()),
        ({"whereabouts": 30, "lodging": 150, "contact": 500}, {"PI-15"}),
    ],
)
@pytest.mark.django_db
def test_number_stops_without_a_basis_and_one_less_does_not(
    at: datetime, counts: dict[str, int], items: set[str]
) -> None:
    assert hit(facts(at, counts), at) == items
    assert hit(facts(at, counts, live=True), at) == set()


@pytest.mark.parametrize(
    ("counts", "items"),
    [
        ({"whereabouts": 24}, set()),
        ({"whereabouts": 25}, {"PI-16"}),
        ({"transactions": 249}, set()),
        ({"transactions": 250}, {"PI-16"}),
        ({"contact": 2_499}, set()),
        ({"contact": 2_500}, {"PI-16"}),
        ({"whereabouts": 15, "health": 99}, set()),
        ({"whereabouts": 15, "health": 100}, {"PI-16"}),
    ],
)
@pytest.mark.django_db
def test_half_is_enough_where_it_was_obtained_in_duty(
    at: datetime, counts: dict[str, int], items: set[str]
) -> None:
    assert hit(facts(at, counts, in_duty=True), at) == items
    assert hit(facts(at, counts), at) == set()
    assert hit(facts(at, counts, in_duty=True, live=True), at) == set()


@pytest.mark.django_db
def test_consent_carries_any_number_and_its_withdrawal_stops_it(at: datetime) -> None:
    counts = {"whereabouts": 3_000_000, "health": 3_000_000}

    assert hit(facts(at, counts, live=True, in_duty=True), at) == set()
    assert hit(facts(at, counts, in_duty=True), at) == THRESHOLDS


@pytest.mark.parametrize(
    ("persons", "weighed"),
    [(["whereabouts", "health"], 4_000), (["health", "contact"], 400), (["contact"], 40)],
)
def test_each_record_weighs_once_by_its_gravest_kind(persons: list[str], weighed: int) -> None:
    content = {"personal": {"contains": True, "categories": persons, "subjects_count": 40}}

    assert facts_from_content(content).personal.weighed_count == weighed
