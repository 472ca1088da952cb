"""Giving evidence: only what an item asks for, from who can give it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from compliance import services
from compliance.errors import NoChecklistInForce, UnknownEvidenceKey, VersionNotOpen
from compliance.models import Evidence
from core.errors import Forbidden, Malformed, NotFound
from listings import services as listings
from listings.models import Version
from tests import make
from tests.compliance import cast
from tests.listings.cast import file_of, refused

KEY = "identification_record"


def terms(version: Version, at: datetime, **changes: Any) -> dict[str, Any]:
    return {
        "version_id": version.pk,
        "key": KEY,
        "file_id": None,
        "note": "record 7 of the authority",
        "valid_until": None,
        "at": at,
        **changes,
    }


def test_given_evidence_counts_while_it_is_in_force(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    file = file_of(vendor, at)
    until = at + timedelta(days=9)

    evidence = services.give_evidence(
        **terms(version, at, file_id=file.pk, valid_until=until), actor=vendor
    )

    assert (evidence.state, evidence.file, evidence.valid_until) == ("GIVEN", file, until)
    assert cast.events(evidence.pk) == ["give"]
    assert cast.in_hand(version, at) == {KEY: until}
    assert cast.in_hand(version, until) == {}


def test_of_several_of_one_kind_the_longest_counts(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    for days in (9, 4):
        cast.given(version, vendor, at, KEY, valid_until=at + timedelta(days=days))
    assert cast.in_hand(version, at) == {KEY: at + timedelta(days=9)}

    cast.given(version, vendor, at, KEY)

    assert cast.in_hand(version, at) == {KEY: None}


def test_what_no_item_asks_for_is_refused_with_what_they_ask_for(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)

    with refused(UnknownEvidenceKey) as refusal:
        services.give_evidence(**terms(version, at, key="good_faith"), actor=vendor)

    assert KEY in refusal.value.extra["known"]
    assert Evidence.objects.count() == 0


def test_what_only_the_venue_can_establish_comes_from_its_reviewers(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)

    with refused(Forbidden):
        services.give_evidence(**terms(version, at, key="sample_masked"), actor=vendor)
    with refused(Forbidden):
        services.give_evidence(**terms(version, at), actor=make.staff(at, "reviewer"))
    with refused(Forbidden):
        services.give_evidence(
            **terms(version, at, key="sample_masked"), actor=make.staff(at, "officer")
        )
    assert Evidence.objects.count() == 0

    services.give_evidence(
        **terms(version, at, key="sample_masked"), actor=make.staff(at, "reviewer")
    )
    assert cast.in_hand(version, at) == {"sample_masked": None}


def test_empty_or_ended_evidence_is_refused(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)

    with refused(Malformed) as refusal:
        services.give_evidence(**terms(version, at, note=" "), actor=vendor)
    assert set(refusal.value.fields) == {"note"}
    with refused(Malformed) as refusal:
        services.give_evidence(**terms(version, at, valid_until=at), actor=vendor)
    assert set(refusal.value.fields) == {"valid_until"}

    assert Evidence.objects.count() == 0


def test_nobody_gives_evidence_for_anothers_version_or_with_anothers_file(
    db: None, at: datetime
) -> None:
    cast.in_force(at)
    vendor, other = make.vendor(at), make.vendor(at)
    version = cast.draft(vendor, at)

    with refused(NotFound):
        services.give_evidence(**terms(version, at), actor=other)
    with refused(NotFound):
        file = file_of(other, at)
        services.give_evidence(**terms(version, at, file_id=file.pk), actor=vendor)

    assert Evidence.objects.count() == 0


def test_an_abandoned_version_takes_no_evidence(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    listings.abandon_version(version_id=version.pk, actor=vendor, at=at)

    with refused(VersionNotOpen):
        services.give_evidence(**terms(version, at), actor=vendor)


def test_before_any_list_nothing_asks_for_evidence(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)

    with refused(NoChecklistInForce):
        services.give_evidence(**terms(version, at), actor=vendor)


def test_given_evidence_cannot_be_rewritten_by_raw_sql(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    cast.given(cast.draft(vendor, at), vendor, at, KEY)
    before = Evidence.objects.values().get()

    for statement in (
        "UPDATE compliance_evidence SET key = 'pipia_report'",
        "UPDATE compliance_evidence SET note = 'better'",
        "UPDATE compliance_evidence SET valid_until = now() + interval '9 years'",
        "DELETE FROM compliance_evidence",
        "TRUNCATE compliance_evidence",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert Evidence.objects.values().get() == before
