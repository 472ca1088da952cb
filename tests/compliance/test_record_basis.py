"""Recording consents and other bases: what is kept, and what is no consent to begin with."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from compliance import services
from compliance.errors import (
    BlanketConsent,
    ConsentNotSeparate,
    ForcedConsent,
    GuardianMissing,
    PersonsNamed,
    RecordTooNarrow,
)
from compliance.facts import vocabulary as v
from compliance.models import PersonalRecord, RecordBinding
from compliance.services.consents import blanket_phrase
from core.canonical import digest
from core.errors import Malformed, NotFound
from core.models import Event
from tests import make
from tests.compliance import cast, records
from tests.listings.cast import refused

pytestmark = pytest.mark.django_db


def test_consent_is_kept_whole_with_the_hash_of_its_words(at: datetime) -> None:
    vendor = make.vendor(at)

    made = records.record_consent(vendor, at)

    assert (made.kind, made.state, made.class_id) == ("basis", "IN_FORCE", made.pk)
    assert made.document["purposes"] == ["research", "credit_risk"]
    assert made.document["recipient_kinds"] == ["enterprise", "financial_institution"]
    assert made.document["wording"] == records.WORDING
    assert made.document["wording_sha256"] == sha256(records.WORDING.encode()).hexdigest()
    assert made.document_hash == digest(made.document)
    assert cast.events(made.pk) == ["record"]


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"purposes": list(v.PURPOSES)}, BlanketConsent, "purposes"),
        ({"purposes": ["*"]}, BlanketConsent, "purposes"),
        ({"recipient_kinds": list(v.ORGANISATION_KINDS)}, BlanketConsent, "recipient_kinds"),
        ({"recipient_kinds": ["any"]}, BlanketConsent, "recipient_kinds"),
        ({"wording": "同意将本人信息提供给任何第三方"}, BlanketConsent, "wording"),
        ({"wording": "I agree to all purposes"}, BlanketConsent, "wording"),
        ({"refused_without": True}, ForcedConsent, "refused_without"),
        (
            {"sensitive_kinds": ["health"], "separate": False},
            ConsentNotSeparate,
            "separate",
        ),
        ({"minors": True}, GuardianMissing, "guardian"),
        ({"persons": "会员 11010519491231002X"}, PersonsNamed, "persons"),
        ({"notice": "联系人 13912345678"}, PersonsNamed, "notice"),
        ({"purposes": ["surfing"]}, Malformed, "purposes"),
        ({"purposes": []}, Malformed, "purposes"),
        ({"wording": " "}, Malformed, "wording"),
        ({"basis": "statutory_duty"}, Malformed, "law"),
        ({"persons_count": 0}, Malformed, "persons_count"),
        ({"counts": {"credit": 3}}, Malformed, "counts"),
    ],
)
def test_what_is_no_consent_is_refused_by_its_field(
    at: datetime, changes: dict[str, Any], error: Any, field: str
) -> None:
    vendor = make.vendor(at)
    before = Event.objects.count()

    with pytest.raises(error) as found, transaction.atomic():
        records.record_consent(vendor, at, **changes)

    assert list(found.value.fields) == [field]
    assert not PersonalRecord.objects.exists()
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("error", "articles"),
    [(BlanketConsent, ["6", "14", "23"]), (ForcedConsent, ["14", "16"])],
)
def test_refusal_names_its_articles_and_the_way_out(
    at: datetime, error: Any, articles: list[str]
) -> None:
    changes = {"purposes": ["*"]} if error is BlanketConsent else {"refused_without": True}

    with pytest.raises(error) as found, transaction.atomic():
        records.record_consent(make.vendor(at), at, **changes)

    assert found.value.extra["articles"] == articles
    assert str(found.value.way_out)


@pytest.mark.parametrize(
    ("wording", "phrase"),
    [
        ("同意用于所有用途。", "所有用途"),
        ("我们不会提供给任何第三方，仅用于研究。", ""),
        ("never to any third party; for research only", ""),
        ("shared with any other partners", "any other partners"),
        ("同意用于研究", ""),
    ],
)
def test_words_that_ask_for_everything_are_found_unless_denied(wording: str, phrase: str) -> None:
    assert blanket_phrase(wording) == phrase


@pytest.mark.parametrize(("begun", "ended"), [(-1, -2), (0, 1)])
def test_span_of_days_that_cannot_be_is_refused(at: datetime, begun: int, ended: int) -> None:
    first, last = (at.date() + timedelta(days=one) for one in (begun, ended))

    with refused(Malformed):
        records.record_consent(make.vendor(at), at, obtained_from=first, obtained_until=last)
    assert not PersonalRecord.objects.exists()


def test_law_is_a_basis_too_for_whoever_it_names(at: datetime) -> None:
    made = records.record_consent(
        make.vendor(at),
        at,
        basis="statutory_duty",
        law="征信业管理条例第十三条",
        recipient_kinds=list(v.ORGANISATION_KINDS),
        wording="",
    )

    assert made.document["basis"] == "statutory_duty"


def test_trustee_has_to_be_admitted_as_one(at: datetime) -> None:
    vendor = make.vendor(at)
    trustee = make.organisation(at=at, capacities=("trustee",))

    with refused(Malformed):
        records.record_consent(vendor, at, trustee=make.vendor(at).organisation_id)
    assert records.record_consent(vendor, at, trustee=trustee.pk).trustee_id == trustee.pk


def test_renewal_is_about_the_same_class_of_persons(at: datetime) -> None:
    vendor = make.vendor(at)
    first = records.record_consent(vendor, at)

    second = records.record_consent(vendor, at, former=first.pk)

    assert (second.former_id, second.class_id) == (first.pk, first.pk)
    with refused(NotFound):
        records.record_consent(make.vendor(at), at, former=first.pk)


def test_record_is_bound_once_and_to_ones_own_versions_only(at: datetime) -> None:
    vendor, other = make.vendor(at), make.vendor(at)
    mine, theirs = records.draft(vendor, at), records.draft(other, at)
    made = records.record_consent(vendor, at, versions=(mine.pk,))

    services.bind_record(record_id=made.pk, version_id=mine.pk, actor=vendor, at=at)

    assert cast.events(made.pk) == ["record", "bind"]
    for version, actor in ((theirs, vendor), (theirs, other)):
        with refused(NotFound):
            services.bind_record(record_id=made.pk, version_id=version.pk, actor=actor, at=at)
    assert list(RecordBinding.objects.values_list("version_id", flat=True)) == [mine.pk]


def test_cleared_version_takes_no_record_that_carries_less(at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    clearance, _bound = records.cleared(vendor, cast.desk(at), at)
    narrow = records.record_consent(vendor, at, purposes=["research"])

    with refused(RecordTooNarrow):
        services.bind_record(
            record_id=narrow.pk, version_id=clearance.version_id, actor=vendor, at=at
        )
    assert not RecordBinding.objects.filter(record=narrow).exists()
    assert cast.standing(clearance.version_id, at) == (True, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE compliance_personalrecord SET document = '{}'",
        "DELETE FROM compliance_personalrecord",
        "TRUNCATE compliance_personalrecord CASCADE",
        "UPDATE compliance_recordbinding SET at = now()",
        "DELETE FROM compliance_recordbinding",
    ],
)
def test_records_and_bindings_stay_as_they_were_written(at: datetime, statement: str) -> None:
    vendor = make.vendor(at)
    version = records.draft(vendor, at)
    records.record_consent(vendor, at, versions=(version.pk,))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
