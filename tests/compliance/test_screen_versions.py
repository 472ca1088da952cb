"""Screening: every item, on facts gathered at one moment, kept; unknown blocks."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from compliance import selectors, services
from compliance.errors import NoChecklistInForce
from compliance.models import Decision, Review, ScanReport
from core.actors import SYSTEM
from core.errors import Forbidden
from core.models import Event
from listings.models import Version
from tests import make
from tests.compliance import cast
from tests.listings.cast import refused

IMPORTANT = {"grade": "important", "grade_determined_by": "official_notice"}


def plans() -> list[dict[str, Any]]:
    return [{"code": "P1", "kind": "one_off", "offer_mode": "confirm", "price_minor": 900}]


def test_what_nothing_blocks_joins_the_queue(db: None, at: datetime) -> None:
    checklist = cast.in_force(at)
    version = cast.submitted(make.vendor(at), at)

    verdicts = services.scan_and_screen(version_ids=[version.pk], actor=SYSTEM, at=at)

    version.refresh_from_db()
    decision = Decision.objects.get()
    review = Review.objects.get()
    assert verdicts == {version.pk: "cleared"}
    assert version.state == "IN_REVIEW"
    assert (decision.kind, decision.reference) == ("listing", version.pk)
    assert (decision.checklist_id, decision.verdict) == (checklist.pk, "cleared")
    assert decision.findings == []
    assert decision.facts["product"]["grade"] == "general"
    assert (review.state, review.decision, review.risk) == ("QUEUED", decision, 0)
    assert review.needs_senior is False
    assert cast.events(review.pk) == ["queue"]
    assert cast.events(version.pk)[-2:] == ["scan", "screen"]


def test_core_data_are_blocked_as_prohibited(db: None, at: datetime) -> None:
    cast.in_force(at)
    version = cast.screened(make.vendor(at), at, grade="core", plans=plans())

    assert version.state == "BLOCKED"
    assert cast.version_decision(version.pk).verdict == "blocked_prohibited"
    assert Review.objects.count() == 0
    event = Event.objects.get(subject_id=version.pk, verb="block")
    assert event.reason == "blocked_prohibited"


def test_important_data_need_evidence_and_say_which(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    version = cast.screened(vendor, at, plans=plans(), **IMPORTANT)
    decision = cast.version_decision(version.pk)

    assert version.state == "BLOCKED"
    assert decision.verdict == "needs_evidence"
    lacking = {key for finding in decision.findings for key in finding["lacking"]}
    assert "identification_record" in lacking


def test_an_undetermined_grade_blocks_as_unknown(db: None, at: datetime) -> None:
    cast.in_force(at)
    version = cast.screened(make.vendor(at), at, grade="pending")

    assert version.state == "BLOCKED"
    assert cast.version_decision(version.pk).verdict == "unknown"
    assert "unknown" in cast.said(version).values()


def test_a_fact_that_nobody_stated_blocks(db: None, at: datetime) -> None:
    cast.in_force(at)
    special = cast.content()["special"] | {"state_secret": None}
    version = cast.screened(make.vendor(at), at, special=special)

    assert version.state == "BLOCKED"
    assert cast.version_decision(version.pk).verdict == "unknown"


def test_personal_data_in_a_sample_are_found_although_denied(db: None, at: datetime) -> None:
    cast.in_force(at)
    version = cast.screened(make.vendor(at), at, sample=cast.PEOPLE)
    decision = cast.version_decision(version.pk)

    assert version.state == "BLOCKED"
    assert decision.facts["scan"]["kinds"] == ["mobile"]
    assert decision.facts["text"]["contradictions"] == ["scan_finds_personal"]
    stored = str(ScanReport.objects.get().report)
    assert "139" not in stored


def test_without_a_sample_there_is_nothing_to_scan(db: None, at: datetime) -> None:
    cast.in_force(at)
    version = cast.screened(make.vendor(at), at, sample=None)

    assert version.state == "IN_REVIEW"
    assert cast.version_decision(version.pk).facts["scan"]["state"] == "no_file"


def test_a_sample_that_cannot_be_read_is_unknown(db: None, at: datetime) -> None:
    cast.in_force(at)
    version = cast.screened(make.vendor(at), at, sample="%PDF-1.7\n%âãÏÓ\n")

    assert version.state == "BLOCKED"
    assert cast.version_decision(version.pk).facts["scan"]["state"] == "failed"
    assert ScanReport.objects.get().report["reason"] == "other-format"


def test_a_caution_asks_for_a_senior_reviewer(db: None, at: datetime) -> None:
    cast.in_force(at, cast.no_reports("caution"))
    version = cast.screened(make.vendor(at), at, form="report")
    review = version.reviews.get()

    assert version.state == "IN_REVIEW"
    assert cast.said(version) == {"TST-01": "hit"}
    assert review.needs_senior is True
    assert review.risk == 12


def test_a_second_screening_has_no_effect(db: None, at: datetime) -> None:
    cast.in_force(at)
    version = cast.screened(make.vendor(at), at)
    before = cast.events(version.pk)

    assert services.screen_versions(version_ids=[version.pk], actor=SYSTEM, at=at) == {}

    assert Decision.objects.count() == 1
    assert cast.events(version.pk) == before


def test_without_a_list_nothing_is_screened(db: None, at: datetime) -> None:
    version = cast.submitted(make.vendor(at), at)

    with refused(NoChecklistInForce):
        services.screen_versions(version_ids=[version.pk], actor=SYSTEM, at=at)

    version.refresh_from_db()
    assert version.state == "SUBMITTED"


def test_only_the_venue_screens(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    version = cast.submitted(vendor, at)

    with refused(Forbidden):
        services.screen_versions(version_ids=[version.pk], actor=vendor, at=at)

    assert Decision.objects.count() == 0


def test_evidence_given_beforehand_lifts(db: None, at: datetime) -> None:
    key = "identification_record"
    lifted = cast.item(
        "TST-02", "product.form == 'report'", "restricted", lift=f"evidence.{key}", evidence=[key]
    )
    cast.in_force(at, lifted)
    vendor = make.vendor(at)
    version = cast.draft(vendor, at, form="report")
    cast.given(version, vendor, at, key, valid_until=at + timedelta(days=1))

    version = cast.submit(version, vendor, at)

    assert version.state == "IN_REVIEW"
    assert cast.said(version) == {"TST-02": "lifted"}
    assert cast.version_decision(version.pk).evidence == [key]


def test_many_versions_cost_as_many_statements_as_few(
    db: None, at: datetime, django_assert_num_queries: Any
) -> None:
    cast.in_force(at)
    counts = []
    for number in (1, 6):
        ids = [cast.submitted(make.vendor(at), at).pk for _ in range(number)]
        services.scan_samples(version_ids=ids, actor=SYSTEM, at=at)
        with django_assert_num_queries(20, exact=False) as queries:
            services.screen_versions(version_ids=ids, actor=SYSTEM, at=at)
        counts.append(len(queries))
        assert Version.objects.filter(pk__in=ids, state="IN_REVIEW").count() == number

    assert counts[0] == counts[1]


def test_decisions_cannot_be_changed_by_raw_sql(db: None, at: datetime) -> None:
    cast.in_force(at)
    cast.screened(make.vendor(at), at)
    before = Decision.objects.values().get()

    for statement in (
        "UPDATE compliance_decision SET verdict = 'blocked_prohibited'",
        "UPDATE compliance_decision SET facts = '{}'",
        "DELETE FROM compliance_decision",
        "TRUNCATE compliance_decision CASCADE",
        "UPDATE compliance_scanreport SET report = '{}'",
        "DELETE FROM compliance_scanreport",
        "TRUNCATE compliance_scanreport",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert Decision.objects.values().get() == before


def test_a_vendor_sees_before_submitting_what_stands_in_the_way(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    version = cast.draft(vendor, at, grade="core", plans=plans(), sample=None)

    page = selectors.version_findings(version.pk, reader=vendor, at=at, language="en")

    assert (page.verdict, page.blocked, page.decision_id) == ("blocked_prohibited", True, None)
    first = page.findings[0]
    assert first.severity == "prohibited"
    assert first.blocks
    assert "core" in [fact.value for fact in first.facts]
    assert first.way_out
    assert first.sources[0].instrument
    assert Decision.objects.count() == 0
    chinese = selectors.version_findings(version.pk, reader=vendor, at=at, language="zh-hans")
    assert chinese.findings[0].what.startswith("未通过")


def test_findings_say_what_would_lift_and_what_is_given(db: None, at: datetime) -> None:
    cast.in_force(at)
    vendor = make.vendor(at)
    version = cast.draft(vendor, at, plans=plans(), **IMPORTANT)
    cast.given(version, vendor, at, "identification_record")
    version = cast.submit(version, vendor, at)

    page = selectors.version_findings(version.pk, reader=vendor, at=at, language="en")

    asked = {one.key: one.given for finding in page.findings for one in finding.evidence}
    assert asked["identification_record"] is True
    assert False in asked.values()
    assert page.decision_id == cast.version_decision(version.pk).pk
