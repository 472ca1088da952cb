"""Running a scheduled list over live clearances: what it says, writes, locks and never repeats."""

import inspect
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from compliance import selectors, services
from compliance.facts import cleared_document, to_document
from compliance.grading import OBJECTS
from compliance.models import ChecklistVersion, Clearance, Decision, Grading, Review, ScanReport
from compliance.selectors import facts
from compliance.selectors.gradings import versions_ever_graded
from compliance.selectors.personal import versions_ever_bound
from compliance.selectors.reports import versions_ever_citing
from compliance.selectors.reruns import ANEW
from compliance.services import enforcement
from core.actors import SYSTEM
from core.models import Organisation
from listings import services as listings
from listings.models import Release
from tests import make
from tests.compliance import cast, records
from tests.compliance import test_reports as reports
from tests.exchange import cast as market_cast
from tests.races.serving import together

WAIT = timedelta(days=3)


class Catalogue:
    """A vendor with live clearances, and a list that waits to take force."""

    def __init__(self, at: datetime, count: int = 1) -> None:
        self.at, self.later = at, at + WAIT
        self.desk, self.vendor = cast.desk(at), make.vendor(at)
        cast.in_force(at)
        self.live = [cast.cleared(self.vendor, self.desk, at) for _ in range(count)]
        self.checklist = cast.scheduled(self.desk, at, effective_at=self.later)

    def run(self, limit: int = 100) -> int:
        return services.prepare_clearances(limit=limit, actor=SYSTEM, at=self.at)


def nothing(catalogue: Catalogue) -> None:
    pass


def evidence_is_given(catalogue: Catalogue) -> None:
    version = catalogue.live[0].version
    until = catalogue.at + timedelta(days=30)
    cast.given(version, catalogue.vendor, catalogue.at, "risk_assessment", valid_until=until)


def a_right_ends(catalogue: Catalogue) -> None:
    listings.withdraw_right(
        rights_record_id=catalogue.live[0].version.content["rights"][0],
        actor=catalogue.vendor,
        at=catalogue.at,
    )


def the_vendor_moves_to_a_zone(catalogue: Catalogue) -> None:
    Organisation.objects.filter(pk=catalogue.vendor.organisation_id).update(zone="tianjin")


def a_newer_scan_finds_mobiles(catalogue: Catalogue) -> None:
    sample = Release.objects.get(version=catalogue.live[0].version, kind="sample")
    report = ScanReport.objects.get(file=sample.file_id).report
    ScanReport.objects.create(
        file_id=sample.file_id,
        scanner="newer",
        report=report | {"kinds": ["mobile"], "columns": ["phone = mobile, 10000"]},
        at=catalogue.at + timedelta(minutes=1),
    )


def facts_were_of_another_version(catalogue: Catalogue) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE compliance_decision SET facts = facts || %s WHERE id = %s",
            ['{"version": "1999.1", "gone": {}}', catalogue.live[0].decision_id],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")


def an_assessment_is_bound(catalogue: Catalogue) -> None:
    records.assessment(catalogue.vendor, catalogue.at, versions=(catalogue.live[0].version_id,))


def a_claim_that_was_tested_is_bound(catalogue: Catalogue) -> None:
    version_id = catalogue.live[0].version_id
    test = records.test_of_claim(catalogue.at)
    records.claim(catalogue.vendor, catalogue.at, test=test, versions=(version_id,))


def its_content_is_graded(catalogue: Catalogue) -> None:
    version = catalogue.live[0].version
    Grading.objects.create(
        version=version,
        content_hash=version.content_hash,
        harms=dict.fromkeys(OBJECTS, "none"),
        proposed_grade="general",
        proposed_level=1,
        grade="general",
        level=1,
        determined_by="self",
        settled=True,
        reasoning="readings of gauges harm nobody",
        graded_by_id=catalogue.vendor.user_id,
        at=catalogue.at,
    )


def a_declared_report_is_cited(catalogue: Catalogue) -> None:
    version, at = catalogue.live[0].version, catalogue.at
    by = reports.provider(at)
    report = reports.report_on(version, by, at, key="risk_assessment")
    reports.declared(report, by, at)
    services.give_evidence(
        version_id=version.pk,
        key="risk_assessment",
        file_id=None,
        note="",
        valid_until=None,
        report_id=report.pk,
        actor=catalogue.vendor,
        at=at,
    )


@pytest.mark.parametrize(
    "change",
    [
        nothing,
        evidence_is_given,
        a_right_ends,
        the_vendor_moves_to_a_zone,
        a_newer_scan_finds_mobiles,
        facts_were_of_another_version,
        an_assessment_is_bound,
        a_claim_that_was_tested_is_bound,
        its_content_is_graded,
        a_declared_report_is_cited,
    ],
)
def test_a_rerun_says_and_stores_what_a_new_screening_would(
    db: None, at: datetime, change: Callable[[Catalogue], None]
) -> None:
    catalogue = Catalogue(at)
    version_id = catalogue.live[0].version_id
    change(catalogue)
    checklist = ChecklistVersion.objects.get(pk=catalogue.checklist.pk)
    screened = selectors.judged([version_id], checklist, catalogue.later)[version_id]

    formers = selectors.formers_due(checklist, limit=100)
    (found,) = selectors.rerun(formers, checklist, at=catalogue.later)
    assert catalogue.run() == 1

    assert found.known.facts == to_document(screened.known.facts)
    assert found.known.evidence == screened.known.evidence
    assert found.known.rests_until == screened.known.rests_until
    assert found.findings == screened.findings
    assert found.resting_on == screened.resting_on
    stored = Decision.objects.get(kind="rerun")
    assert stored.facts == to_document(screened.known.facts)
    assert (stored.verdict, stored.at) == (screened.verdict, catalogue.later)
    assert stored.evidence == sorted(screened.known.evidence)
    assert [
        one for done in selectors.replay(catalogue.later, None) for one in done.mismatches
    ] == []
    for prepared in Clearance.objects.filter(state="PREPARED"):
        assert prepared.facts == cleared_document(screened.known.facts)
        assert prepared.evidence == list(screened.resting_on)


def test_a_clearance_is_prepared_from_the_moment_on_until_the_first_end(
    db: None, at: datetime
) -> None:
    catalogue = Catalogue(at)

    assert catalogue.run() == 1

    former, decision = catalogue.live[0], Decision.objects.get(kind="rerun")
    made = Clearance.objects.get(state="PREPARED")
    assert (made.former_id, made.decision_id) == (former.pk, decision.pk)
    assert decision.previous_id == former.decision_id
    assert (made.valid_from, made.valid_until) == (catalogue.later, former.valid_until)
    assert cast.events(made.pk) == ["prepare"]


def test_no_clearance_is_run_twice_over_a_list(db: None, at: datetime) -> None:
    catalogue = Catalogue(at, 3)

    assert [catalogue.run(2) for _ in range(4)] == [2, 1, 0, 0]

    assert Decision.objects.filter(kind="rerun").count() == 3
    assert Clearance.objects.filter(state="PREPARED").count() == 3
    first = Decision.objects.filter(kind="rerun").earliest("id")
    first.pk = None
    with pytest.raises(IntegrityError, match="decision_rerun_once"), transaction.atomic():
        Decision.objects.bulk_create([Decision(**_columns(first))])


def _columns(decision: Decision) -> dict[str, object]:
    return {
        name: getattr(decision, name)
        for name in ("kind", "reference", "checklist_id", "facts", "findings", "verdict", "at")
    } | {"previous_id": decision.previous_id}


def test_a_clearance_granted_after_its_version_was_run_is_run_itself(
    db: None, at: datetime
) -> None:
    catalogue = Catalogue(at)
    version = catalogue.live[0].version
    assert catalogue.run() == 1
    soon = at + timedelta(hours=1)
    services.withdraw_declaration(
        declaration_id=catalogue.live[0].declaration_id,
        reason="written anew",
        actor=catalogue.vendor,
        at=soon,
    )
    cast.signed(version, catalogue.vendor, soon)
    services.rescreen_versions(version_ids=[version.pk], actor=SYSTEM, at=soon)
    again = cast.approve(Review.objects.get(version=version, state="QUEUED"), catalogue.desk, soon)
    assert again.state == "LIVE"

    assert [catalogue.run(), catalogue.run()] == [1, 0]
    after = catalogue.later + timedelta(minutes=1)
    services.enforce_checklist(actor=SYSTEM, at=after)

    assert cast.standing(version.pk, after) == (True, None)


def test_a_clearance_that_fell_after_it_was_read_is_passed_over(db: None, at: datetime) -> None:
    catalogue = Catalogue(at, 2)
    checklist = ChecklistVersion.objects.get(pk=catalogue.checklist.pk)
    formers = selectors.formers_due(checklist, limit=100)
    results = selectors.rerun(formers, checklist, at=catalogue.later)
    services.suspend_clearance(
        clearance_id=catalogue.live[0].pk,
        ground="venue",
        reason="a look at it",
        actor=catalogue.desk.senior,
        at=at,
    )

    written = enforcement.record_reruns(
        [enforcement._row(one, checklist) for one in results],
        checklist.pk,
        catalogue.later,
        actor=SYSTEM,
        at=at,
    )

    assert written == {catalogue.live[1].pk}
    assert Decision.objects.get(kind="rerun").reference == catalogue.live[1].version_id
    assert Clearance.objects.get(state="PREPARED").former_id == catalogue.live[1].pk


def test_statements_of_a_rerun_do_not_grow_with_its_number(db: None, at: datetime) -> None:
    catalogue = Catalogue(at, 5)

    assert catalogue.run(1) == 1
    with CaptureQueriesContext(connection) as few:
        assert catalogue.run(1) == 1
    with CaptureQueriesContext(connection) as more:
        assert catalogue.run(3) == 3

    assert len(more) == len(few)


def test_an_order_does_not_wait_for_a_rerun_that_goes_on(live_database: str, at: datetime) -> None:
    market = market_cast.market(at)
    cast.scheduled(market.desk, at, effective_at=at + WAIT)
    written, traded = threading.Event(), threading.Event()

    def rerun() -> None:
        with transaction.atomic():
            assert services.prepare_clearances(limit=100, actor=SYSTEM, at=at) == 1
            written.set()
            assert traded.wait(60), "the order waits for the re-run"

    def order() -> None:
        assert written.wait(60), "nothing was run"
        with transaction.atomic():
            market_cast.place(market)
        traded.set()

    together([rerun, order])

    assert Clearance.objects.filter(state="PREPARED").count() == 1


def test_a_version_is_run_again_when_its_vendor_gives_what_a_list_asks_for(
    db: None, at: datetime
) -> None:
    desk, vendor = cast.desk(at), make.vendor(at)
    cast.in_force(at)
    live = cast.cleared(vendor, desk, at)
    asks = cast.item(
        "TST-11",
        "product.form == 'dataset'",
        "restricted",
        lift="evidence.risk_assessment",
        evidence=["risk_assessment"],
        examples=[
            {"name": "hit", "expect": "hit", "facts": {"product.form": "dataset"}},
            {
                "name": "lifted",
                "expect": "lifted",
                "facts": {"product.form": "dataset"},
                "evidence": ["risk_assessment"],
            },
            {"name": "clear", "expect": "clear", "facts": {"product.form": "report"}},
            {"name": "not stated", "expect": "unknown", "facts": {"product.form": None}},
        ],
    )
    cast.scheduled(desk, at, asks, effective_at=at + WAIT)
    again = {"version_ids": [live.version_id], "actor": SYSTEM, "at": at}
    assert services.prepare_clearances(limit=10, actor=SYSTEM, at=at) == 1
    assert services.prepare_again(**again) == 1
    assert not Clearance.objects.filter(state="PREPARED").exists()
    cast.given(live.version, vendor, at, "risk_assessment")

    assert services.prepare_again(**again) == 1

    # What was not said before is looked at by people.
    assert Review.objects.get(version=live.version, state="QUEUED").decision.kind == "rerun"
    runs = Decision.objects.filter(kind="rerun").order_by("id")
    assert [one.verdict for one in runs] == ["needs_evidence", "needs_evidence", "cleared"]
    assert [one.previous_id for one in runs] == [live.decision_id, runs[0].pk, runs[1].pk]


def test_a_rerun_reads_all_that_the_facts_of_a_version_rest_on() -> None:
    """Whoever gives it more reads that in `selectors/reruns.py` too, and adds it to this test."""
    assert tuple(inspect.signature(facts._gathered).parameters) == (
        "version",
        "registers",
        "scans",
        "evidence",
        "records",
        "at",
        "graded",
    )
    # What is told of these versions beside registers, evidence and scans is gathered anew.
    assert (versions_ever_bound, versions_ever_graded, versions_ever_citing) == ANEW
    assert tuple(facts.Registers.__dataclass_fields__) == (
        "capacities",
        "rights",
        "mandates",
        "breaches",
    )
