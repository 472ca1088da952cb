"""Reports of service providers: who stands by them, what they lift, and what ends with that."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from compliance import selectors, services
from compliance.errors import (
    ContentChanged,
    InterestedProvider,
    ReportKnown,
    ReportNotDeclared,
    StatementsIncomplete,
    UnknownEvidenceKey,
)
from compliance.models import Clearance, Decision, Declaration, Evidence, Report
from compliance.statements import codes, template_at
from core.actors import SYSTEM, Member
from core.errors import Forbidden, Malformed, NotFound, StepUpNeeded
from core.models import Event
from exchange.reactions import TABLE
from listings.models import Version
from tests import make
from tests.compliance import cast
from tests.compliance.signing import Pen, registered
from tests.compliance.test_breaches import answered, confirmed, opened
from tests.compliance.test_withdraw_evidence import KEY, LIFTED
from tests.listings import cast as offers
from tests.listings.cast import refused


def provider(at: datetime, *roles: str) -> Member:
    held = make.organisation("Two Rivers Law", at=at, capacities=("service_provider",))
    return make.member(held, *(roles or ("owner", "signatory", "editor")), at=at)


def report_on(version: Version, by: Member, at: datetime, **changes: Any) -> Report:
    given: dict[str, Any] = {
        "product": version.product.code,
        "key": KEY,
        "title": "Opinion on the identification record",
        **changes,
    }
    given.setdefault("file_id", offers.file_of(by, at, b"%PDF-1.7 an opinion").pk)
    made: Report = services.hand_in_report(**given, actor=by, at=at)
    return made


def declared(report: Report, by: Member, at: datetime, **changes: Any) -> Declaration:
    template = template_at(at, "report")
    given: dict[str, Any] = {
        "content_hash": report.sha256,
        "template": template.code,
        "statements": list(codes(template)),
        "valid_until": at + timedelta(days=100),
        **changes,
    }
    made: Declaration = services.sign_report(report_id=report.pk, **given, actor=by, at=at)
    return made


def cited(version: Version, report: Report, vendor: Member, at: datetime) -> Evidence:
    made: Evidence = services.give_evidence(
        version_id=version.pk,
        key=KEY,
        file_id=None,
        note="",
        valid_until=None,
        report_id=report.pk,
        actor=vendor,
        at=at,
    )
    return made


def lifted(at: datetime, vendor: Member, by: Member) -> tuple[Declaration, Clearance]:
    """A clearance that rests on a report which its provider declared."""
    cast.in_force(at, LIFTED)
    version = cast.draft(vendor, at, form="report")
    report = report_on(version, by, at)
    declaration = declared(report, by, at)
    cited(version, report, vendor, at)
    cast.submit(version, vendor, at)
    cast.signed(version, vendor, at)
    return declaration, cast.approve(version.reviews.get(), cast.desk(at), at)


def followed(at: datetime, declaration: Declaration, verb: str) -> Decision | None:
    """Carry out what follows from an event of a declaration; return the last decision."""
    events = list(Event.objects.filter(subject_id=declaration.pk, verb=verb))
    for reaction in TABLE["declaration", verb]:
        reaction(events, at)
    return Decision.objects.filter(kind="listing").order_by("at", "id").last()


def test_declared_report_lifts_and_the_clearance_lasts_as_long_as_the_word_for_it(
    db: None, at: datetime
) -> None:
    vendor, by = make.vendor(at), provider(at)

    declaration, clearance = lifted(at, vendor, by)

    assert clearance.evidence == [KEY]
    assert clearance.valid_until == declaration.valid_until == at + timedelta(days=100)
    assert declaration.document["report"]["evidence"] == KEY
    assert declaration.content_hash == Report.objects.get().sha256
    assert declaration.template == "DR-2026.1"
    assert all(one["passed"] for one in selectors.verification(declaration.pk, at)["checks"])
    assert cast.standing(clearance.version_id, declaration.valid_until)[0] is False


@pytest.mark.parametrize("verb", ["withdraw", "expire", "breach"])
def test_what_rested_on_a_report_ends_and_is_screened_again_when_nobody_stands_by_it(
    db: None, at: datetime, verb: str
) -> None:
    vendor, by, desk = make.vendor(at), provider(at), cast.desk(at)
    declaration, clearance = lifted(at, vendor, by)
    moment = at + timedelta(days=100)
    if verb == "withdraw":
        services.withdraw_declaration(
            declaration_id=declaration.pk, reason="an error", actor=by, at=moment
        )
    elif verb == "expire":
        assert services.expire_declarations(limit=9, actor=SYSTEM, at=moment) == 1
    else:
        case = answered(opened(declaration.pk, desk, at, statements=["report-method"]), by, at)
        confirmed(case, desk.checker, moment)

    clearance.refresh_from_db()
    assert clearance.state == "ENDED"
    assert clearance.ground == ("evidence-expired" if verb == "expire" else "evidence-withdrawn")
    assert cast.standing(clearance.version_id, moment)[0] is False
    assert selectors.evidence_in_force([clearance.version_id], moment) == {clearance.version_id: {}}
    again = followed(moment, declaration, verb)
    assert again is not None
    assert (again.reference, again.at, again.verdict) == (
        clearance.version_id,
        moment,
        "needs_evidence",
    )


def test_second_word_for_the_same_report_carries_on(db: None, at: datetime) -> None:
    vendor, by = make.vendor(at), provider(at)
    declaration, clearance = lifted(at, vendor, by)
    report = Report.objects.get()
    declared(report, by, at, valid_until=at + timedelta(days=150))

    services.expire_declarations(limit=9, actor=SYSTEM, at=declaration.valid_until)

    given = selectors.evidence_in_force([clearance.version_id], declaration.valid_until)
    assert given[clearance.version_id] == {KEY: at + timedelta(days=150)}


def test_report_that_nobody_stands_by_is_no_evidence(db: None, at: datetime) -> None:
    cast.in_force(at, LIFTED)
    vendor, by = make.vendor(at), provider(at)
    version = cast.draft(vendor, at, form="report")
    report = report_on(version, by, at)

    with refused(ReportNotDeclared):
        cited(version, report, vendor, at)
    declared(report, by, at, valid_until=at + timedelta(days=1))
    with refused(ReportNotDeclared):
        cited(version, report, vendor, at + timedelta(days=1))

    assert Evidence.objects.count() == 0


def test_report_on_another_product_or_of_another_kind_is_no_evidence(
    db: None, at: datetime
) -> None:
    cast.in_force(at, LIFTED)
    vendor, by = make.vendor(at), provider(at)
    version, other = cast.draft(vendor, at), cast.draft(vendor, at)
    report = report_on(version, by, at)
    kind = report_on(other, by, at, key="risk_assessment")
    for one in (report, kind):
        declared(one, by, at)

    for wrong in (report, kind):
        with refused(NotFound):
            cited(other, wrong, vendor, at)

    assert Evidence.objects.count() == 0


def test_who_has_a_share_reports_nothing(db: None, at: datetime) -> None:
    cast.in_force(at, LIFTED)
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    own = replace(vendor, capacities=vendor.capacities | {"service_provider"})
    with refused(InterestedProvider):
        report_on(version, own, at)
    by = provider(at)
    line = {"beneficiary": str(by.organisation_id), "role": "processing", "share_bp": 10}
    rest = {"beneficiary": str(vendor.organisation_id), "role": "holding", "remainder": True}
    shared = cast.draft(vendor, at, allocation=[line, rest])
    report = report_on(shared, by, at)
    declared(report, by, at)

    with refused(ReportNotDeclared):
        cited(shared, report, vendor, at)

    assert Evidence.objects.count() == 0


def test_provider_signs_its_own_report_whole_for_its_file_and_having_proved_to_be_there(
    db: None, at: datetime
) -> None:
    cast.in_force(at, LIFTED)
    by = provider(at)
    report = report_on(cast.draft(make.vendor(at), at), by, at)

    with refused(ContentChanged):
        declared(report, by, at, content_hash="0" * 64)
    with refused(Malformed):
        declared(report, by, at, template="DC-2026.1")
    with refused(StatementsIncomplete):
        declared(report, by, at, statements=["report-method"])
    with refused(StepUpNeeded):
        declared(report, replace(by, confirmed_at=None), at)
    for other in (provider(at), make.vendor(at)):
        with refused(NotFound):
            declared(report, other, at)
    with refused(Forbidden):
        declared(report, replace(by, capacities=frozenset()), at)

    assert Declaration.objects.count() == 0


def test_what_is_handed_in_is_of_a_kind_a_product_and_new(db: None, at: datetime) -> None:
    cast.in_force(at, LIFTED)
    by = provider(at)
    version = cast.draft(make.vendor(at), at)
    file = offers.file_of(by, at)

    with refused(UnknownEvidenceKey):
        report_on(version, by, at, key="sample_masked")
    with refused(Malformed):
        report_on(version, by, at, product="DP-999999")
    with refused(NotFound):
        report_on(version, by, at, file_id=offers.file_of(make.vendor(at), at).pk)
    with refused(Forbidden):
        report_on(version, make.vendor(at), at)
    report_on(version, by, at, file_id=file.pk, product=version.product.code.lower())
    with refused(ReportKnown):
        report_on(version, by, at, file_id=file.pk)

    assert Report.objects.count() == 1


def test_provider_signs_outside_with_its_own_key_too(db: None, at: datetime) -> None:
    cast.in_force(at, LIFTED)
    by, pen = provider(at), Pen.p256()
    report = report_on(cast.draft(make.vendor(at), at), by, at)
    registered(by, pen, at)
    template = template_at(at, "report")
    document = services.prepare_declaration(
        report_id=report.pk,
        content_hash=report.sha256,
        template=template.code,
        statements=list(codes(template)),
        valid_until=at + timedelta(days=9),
        thumbprint=pen.thumbprint,
        actor=by,
        at=at,
    )

    made = services.hand_in_declaration(
        report_id=report.pk, document=document, signature=pen.jws(document), actor=by, at=at
    )

    assert (made.report_id, made.attestation) == (report.pk, "organisation")
    assert selectors.report_declared_until(report, at) == at + timedelta(days=9)


def test_vendor_sees_a_report_on_its_product_once_it_is_declared(db: None, at: datetime) -> None:
    cast.in_force(at, LIFTED)
    vendor, by = make.vendor(at), provider(at)
    report = report_on(cast.draft(vendor, at), by, at)

    assert list(selectors.readable_reports(vendor)) == []
    declared(report, by, at)

    assert [one.pk for one in selectors.readable_reports(vendor)] == [report.pk]
    assert list(selectors.readable_reports(make.vendor(at))) == []
    assert list(selectors.readable_reports(provider(at))) == []
