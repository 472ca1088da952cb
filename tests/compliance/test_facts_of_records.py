"""What facts and evidence say where records are bound: the records, and not the bare answers."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from compliance import services
from compliance.selectors import gathered
from listings.models import Version
from tests import make
from tests.compliance import cast, records

pytestmark = pytest.mark.django_db


def known(version: Version, at: datetime) -> Any:
    return gathered([version.pk], at)[version.pk]


def test_bare_answers_stand_where_no_record_is_bound(at: datetime) -> None:
    vendor = make.vendor(at)
    stated = {"contains": True, "consent_basis": "separate_consent", "subjects_count": 9}
    version = records.draft(vendor, at, personal=stated)

    personal = known(version, at).facts.personal

    assert (personal.consent_basis, personal.basis_valid) == ("separate_consent", True)
    assert personal.subjects_count == 9


def test_records_speak_in_their_place_where_there_are_some(at: datetime) -> None:
    vendor = make.vendor(at)
    stated = {"contains": False, "consent_basis": "none", "subjects_count": 9, "minors": True}
    version = records.draft(vendor, at, personal=stated)
    records.record_consent(vendor, at, versions=(version.pk,))

    found = known(version, at)

    personal = found.facts.personal
    assert (personal.present, personal.subjects_count, personal.minors) == (True, 60, True)
    assert (personal.consent_basis, personal.basis_valid) == ("separate_consent", True)
    assert personal.categories == ("transactions",)
    assert found.rests_until == min(at + records.LONG, at + timedelta(days=700))


@pytest.mark.parametrize(
    ("changes", "basis", "valid"),
    [
        ({}, "separate_consent", True),
        ({"separate": False}, "consent", True),
        ({"purposes": ["research"]}, "none", False),
        ({"recipient_kinds": ["enterprise"]}, "none", False),
        ({"basis": "statutory_duty", "law": "art. 13"}, "statutory", True),
        ({"basis": "contract", "law": "art. 13"}, "contract", True),
    ],
)
def test_every_purpose_and_kind_of_buyer_has_to_be_carried(
    at: datetime, changes: dict[str, Any], basis: str, valid: bool
) -> None:
    vendor = make.vendor(at)
    version = records.draft(vendor, at)
    records.record_consent(vendor, at, versions=(version.pk,), **changes)

    personal = known(version, at).facts.personal

    assert (personal.consent_basis, personal.basis_valid) == (basis, valid)


def test_each_class_of_persons_has_to_be_carried_by_itself(at: datetime) -> None:
    vendor = make.vendor(at)
    version = records.draft(vendor, at)
    records.record_consent(vendor, at, versions=(version.pk,))
    other = records.record_consent(vendor, at, versions=(version.pk,), purposes=["research"])

    assert known(version, at).facts.personal.basis_valid is False
    records.record_consent(
        vendor, at, versions=(version.pk,), former=other.pk, purposes=["credit_risk"]
    )
    assert known(version, at).facts.personal.basis_valid is True


def test_consent_that_ran_out_carries_nothing(at: datetime) -> None:
    vendor, until = make.vendor(at), at + timedelta(days=5)
    version = records.draft(vendor, at)
    records.record_consent(vendor, at, versions=(version.pk,), until=until)

    assert known(version, until - timedelta(seconds=1)).facts.personal.basis_valid is True
    assert known(version, until).facts.personal.basis_valid is False


@pytest.mark.parametrize(
    ("test", "anonymised", "evidence"),
    [
        (None, False, False),
        ({"reidentified_count": 1}, False, False),
        ({}, True, True),
    ],
)
def test_claim_counts_only_with_a_test_that_told_nobody(
    at: datetime, test: dict[str, Any] | None, anonymised: bool, evidence: bool
) -> None:
    vendor = make.vendor(at)
    stated = {"contains": True, "consent_basis": "none", "anonymised": True}
    version = records.draft(vendor, at, personal=stated)
    assert known(version, at).facts.personal.basis_valid is None

    made = None if test is None else records.test_of_claim(at, **test)
    records.claim(vendor, at, test=made, versions=(version.pk,))

    found = known(version, at)
    assert found.facts.personal.anonymised is anonymised
    assert found.facts.personal.basis_valid is anonymised
    assert ("anonymised" in found.evidence) is evidence


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({}, {"authorisation_evidence", "separate_consent"}),
        ({"separate": False}, {"authorisation_evidence"}),
        (
            {"minors": True, "guardian": True},
            {"authorisation_evidence", "separate_consent", "guardian_consent"},
        ),
    ],
)
def test_consent_is_evidence_of_what_its_words_name(
    at: datetime, changes: dict[str, Any], keys: set[str]
) -> None:
    vendor = make.vendor(at)
    version = records.draft(vendor, at)
    records.record_consent(vendor, at, versions=(version.pk,), **changes)

    assert set(known(version, at).evidence) == keys


def test_consent_that_leaves_a_sensitive_kind_out_is_no_evidence_for_it(at: datetime) -> None:
    vendor = make.vendor(at)
    stated = records.personal()["personal"] | {"sensitive_kinds": ["health"]}
    version = records.draft(vendor, at, personal=stated)
    records.record_consent(vendor, at, versions=(version.pk,))

    assert "separate_consent" not in known(version, at).evidence


def test_assessment_counts_for_the_purposes_it_looked_at_and_three_years(at: datetime) -> None:
    vendor = make.vendor(at)
    version = records.draft(vendor, at)
    made = records.assessment(vendor, at, versions=(version.pk,), purposes=["research"])
    assert "pipia_report" not in known(version, at).evidence

    made = records.assessment(vendor, at, versions=(version.pk,))

    assert known(version, at).evidence["pipia_report"] == made.valid_until
    assert made.valid_until.year == (at.date() - timedelta(days=20)).year + 3
    services.withdraw_record(
        record_id=made.pk, purposes=(), recipient_kinds=(), reason="", actor=vendor, at=at
    )
    assert "pipia_report" not in known(version, at).evidence
    assert cast.in_hand(version, at) == {}
