"""Grading by the harm matrix: what it comes to, who settles it, and what it binds."""

import itertools
from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from compliance import selectors, services
from compliance.grading import DEGREES, OBJECTS, propose
from compliance.models import Grading
from compliance.services import Graded
from core.actors import Member
from core.errors import DomainError, Malformed, NotFound
from listings import services as listings
from listings.errors import VersionFrozen
from listings.models import Version
from tests import make
from tests.compliance import cast

NO_HARM = dict.fromkeys(OBJECTS, "none")


def harms(**some: str) -> dict[str, str]:
    return NO_HARM | some


@pytest.mark.parametrize(
    ("found", "grade", "level"),
    [
        ({}, "general", 1),
        ({"person": "ordinary"}, "general", 2),
        ({"person": "serious"}, "general", 3),
        ({"organisation": "very_serious"}, "general", 4),
        ({"economy": "ordinary"}, "general", 4),
        ({"public_interest": "serious"}, "important", None),
        ({"social_order": "very_serious"}, "core", None),
        ({"national_security": "ordinary"}, "important", None),
        ({"national_security": "serious"}, "core", None),
        ({"national_security": "very_serious"}, "core", None),
        ({"economy": "serious", "national_security": "serious"}, "core", None),
    ],
)
def test_worst_harm_decides(found: dict[str, str], grade: str, level: int | None) -> None:
    proposal = propose(harms(**found))

    assert proposal is not None
    assert (proposal.grade, proposal.level) == (grade, level)
    assert set(found) & set(proposal.decided_by) or not found


def test_every_answer_of_the_matrix_comes_to_a_grade_and_more_harm_never_to_less() -> None:
    order = {"general": 0, "important": 1, "core": 2}

    def rank(answers: tuple[str, ...]) -> tuple[int, int]:
        found = propose(dict(zip(OBJECTS, answers, strict=True)))
        assert found is not None
        return order[found.grade], found.level or 0

    for answers in itertools.product(DEGREES, repeat=len(OBJECTS)):
        place = next((n for n, one in enumerate(answers) if one != DEGREES[-1]), None)
        if place is None:
            continue
        worse = list(answers)
        worse[place] = DEGREES[DEGREES.index(answers[place]) + 1]
        assert rank(tuple(worse))[0] >= rank(answers)[0]


@pytest.mark.parametrize("answers", [{}, {"person": "none"}, {**NO_HARM, "person": "awful"}])
def test_open_question_settles_nothing(answers: dict[str, str]) -> None:
    assert propose(answers) is None


def graded(vendor: Member, version: Version, at: datetime, **said: Any) -> Grading:
    given = {"harms": NO_HARM, "reasoning": "readings of gauges harm nobody"} | said
    row: Grading = services.grade_version(
        version_id=version.pk, graded=Graded(**given), actor=vendor, at=at
    )
    return row


def stated(version: Version) -> tuple[Any, ...]:
    content = Version.objects.get(pk=version.pk).content
    return content["grade"], content["grade_level"], content["grade_determined_by"]


def test_own_judgement_settles_general(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)

    row = graded(vendor, version, at, harms=harms(person="serious"))

    assert (row.grade, row.level, row.settled) == ("general", 3, True)
    assert stated(version) == ("general", 3, "self")
    assert row.content_hash == Version.objects.get(pk=version.pk).content_hash
    assert cast.events(version.pk)[-1] == "grade"


def test_own_judgement_only_proposes_important(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    plans = [{"code": "P1", "kind": "one_off", "offer_mode": "confirm", "price_minor": 1}]
    version = cast.draft(vendor, at, plans=plans)

    row = graded(vendor, version, at, harms=harms(economy="serious"))

    assert (row.grade, row.settled) == ("important", False)
    assert stated(version) == ("important", None, "self")


def test_notice_settles_what_the_matrix_did_not_propose(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)

    row = graded(
        vendor,
        version,
        at,
        harms=harms(economy="serious"),
        determined_by="official_notice",
        grade="general",
        level=2,
        reference="notice 7 of 2026",
    )

    assert (row.proposed_grade, row.grade, row.level, row.settled) == (
        "important",
        "general",
        2,
        True,
    )
    assert stated(version) == ("general", 2, "official_notice")


NOTICE = {"determined_by": "official_notice", "reference": "notice 7"}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"harms": {}}, "harms.person"),
        ({"harms": {**NO_HARM, "moon": "none"}}, "harms.moon"),
        ({"reasoning": " "}, "reasoning"),
        ({"determined_by": "me"}, "determined_by"),
        ({"grade": "general"}, "grade"),
        ({"reference": "notice 7"}, "reference"),
        ({**NOTICE}, "grade"),
        ({**NOTICE, "grade": "general"}, "level"),
        ({**NOTICE, "grade": "important", "level": 1}, "level"),
        ({"determined_by": "catalogue", "grade": "important"}, "reference"),
    ],
)
def test_what_does_not_go_together_is_refused(
    db: None, at: datetime, said: dict[str, Any], field: str
) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    before = stated(version)

    with pytest.raises(Malformed) as refused, transaction.atomic():
        graded(vendor, version, at, **said)

    assert field in refused.value.fields
    assert (stated(version), Grading.objects.count()) == (before, 0)


@pytest.mark.parametrize("submitted", [True, False])
def test_others_and_submitted_versions_are_not_graded(
    db: None, at: datetime, submitted: bool
) -> None:
    vendor = make.vendor(at)
    version = cast.submitted(vendor, at) if submitted else cast.draft(vendor, at)
    error: type[DomainError] = VersionFrozen if submitted else NotFound

    with pytest.raises(error), transaction.atomic():
        graded(vendor if submitted else make.vendor(at), version, at)

    assert not Grading.objects.exists()


def test_grading_is_of_the_content_that_was_graded(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    graded(vendor, version, at)
    assert selectors.grading_sheet(version.pk, vendor).bound

    saved = Version.objects.get(pk=version.pk)
    listings.save_draft(
        version_id=version.pk,
        content=saved.content | {"topic": "another"},
        plans=[{"code": "P1", "kind": "one_off", "offer_mode": "standing", "price_minor": 1}],
        actor=vendor,
        at=at,
    )

    assert not selectors.grading_sheet(version.pk, vendor).bound


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE compliance_grading SET reasoning = 'because'",
        "DELETE FROM compliance_grading",
        "INSERT INTO compliance_grading SELECT gen_random_uuid(), version_id, content_hash, harms, "
        "proposed_grade, proposed_level, 'important', NULL, 'self', true, '', reasoning, "
        "graded_by_id, at FROM compliance_grading",
    ],
)
def test_gradings_are_not_written_over(db: None, at: datetime, statement: str) -> None:
    vendor = make.vendor(at)
    row = graded(vendor, cast.draft(vendor, at), at)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Grading.objects.get().reasoning == row.reasoning
