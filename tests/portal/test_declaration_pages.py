"""Pages of declarations: read by anybody, signed again or outside, reported on, breached."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from compliance.models import Breach, Clearance, Declaration, OrganisationKey, Report
from compliance.selectors import possession_text
from compliance.statements import codes, template_at
from core.actors import Member
from core.models import Event
from tests import make
from tests.compliance import cast as desk
from tests.compliance.signing import Pen, registered
from tests.compliance.test_reports import cited, declared, provider, report_on
from tests.compliance.test_withdraw_evidence import LIFTED
from tests.portal.test_views import browser, text_of
from tests.portal.writing import post


def read(member: Member | None, address: str, *wanted: str, language: str = "en") -> str:
    response = browser(member, language).get(address)
    page: str = response.content.decode()
    assert response.status_code == 200, (address, text_of(page)[-600:])
    for text in wanted:
        assert text in text_of(page), (address, text)
    return page


def test_anybody_reads_and_checks_a_declaration_in_both_languages(db: None, at: datetime) -> None:
    vendor = make.vendor(at, "Delta Hydrology")
    made = desk.signed(desk.draft(vendor, at), vendor, at)
    address = f"/declarations/{made.pk}"

    read(
        None,
        address,
        "The seal holds",
        "It is not the organisation's signature.",
        "Delta Hydrology",
        "manage.py verify_declaration",
    )
    read(None, address, "签章有效", "不是声明方自己的电子签名", language="zh-hans")
    assert "Withdraw the declaration" not in read(None, address)
    assert "Withdraw the declaration" in read(vendor, address)
    assert browser(None).get(f"/declarations/{vendor.organisation_id}").status_code == 404


def test_ending_declaration_is_renewed_and_the_clearance_goes_on(db: None, at: datetime) -> None:
    desk.in_force(at)
    vendor, people = make.vendor(at), desk.desk(at)
    version = desk.screened(vendor, at)
    first = desk.signed(version, vendor, at, until=at + timedelta(days=20))
    desk.approve(version.reviews.get(), people, at)
    where = f"/versions/{version.pk}/declare"

    assert where in read(vendor, "/declarations", "Ends within 30 days")
    page = read(vendor, where, "Renew the declaration", "goes on without a review")
    ticks = dict.fromkeys(first.statements, "on")
    done = post(browser(vendor), page, where, ticks)

    assert done["Location"] == f"/versions/{version.pk}#declaration"
    renewed = Declaration.objects.get(former=first)
    assert Clearance.objects.get(state="LIVE").declaration_id == renewed.pk
    assert "Ends within 30 days" not in read(vendor, "/declarations")
    read(vendor, f"/declarations/{renewed.pk}", "Renews")


def test_own_key_is_proposed_registered_and_signs_on_pages(db: None, at: datetime) -> None:
    vendor, pen = make.vendor(at), Pen.p256()
    assert vendor.organisation_id is not None
    page = read(vendor, "/keys", "No key is known yet", "SM2", str(vendor.organisation_id))
    proof = pen.over(possession_text(vendor.organisation_id))
    certificate = pen.certificate(at)
    given = {"certificate": certificate, "proof": proof}
    assert post(browser(vendor), page, "/keys/propose", given)["Location"] == "/keys"
    key = OrganisationKey.objects.get()
    for verb in ("check", "confirm"):
        admin = make.staff(at, "admin")
        read(admin, "/keys", "itself: nobody vouches for it")
        browser(admin).post(f"/keys/{key.pk}/{verb}", {"key": "k", "reason": "called them"})
    key.refresh_from_db()
    assert key.state == "REGISTERED"

    version = desk.draft(vendor, at)
    base = f"/versions/{version.pk}/declare"
    page = read(vendor, base, "Or sign outside")
    asked = dict.fromkeys(codes_of(page), "on")
    given_out = post(browser(vendor), page, f"{base}/document", asked)
    assert given_out["Content-Disposition"].startswith("attachment")
    signature = pen.raw(given_out.content).hex()
    file = SimpleUploadedFile("declaration.json", given_out.content)
    said = {"key": "k2", "document": file, "signature": signature}
    done = browser(vendor).post(f"{base}/signature", said)

    assert done.status_code == 302, text_of(done.content.decode())[-900:]
    made = Declaration.objects.get()
    assert made.attestation == "organisation"
    read(None, f"/declarations/{made.pk}", "Signed with the organisation's own key")
    wrong = browser(vendor).post(
        f"{base}/signature",
        {
            "key": "k3",
            "document": SimpleUploadedFile("x.json", given_out.content),
            "signature": "00" * 64,
        },
    )
    assert "This signature was handed in already" in text_of(wrong.content.decode())


def codes_of(page: str) -> list[str]:
    return [code for code in codes(template_at(datetime.now().astimezone())) if code in page]


def test_provider_hands_in_declares_and_withdraws_a_report(db: None, at: datetime) -> None:
    desk.in_force(at, LIFTED)
    vendor, by = make.vendor(at), provider(at)
    version = desk.draft(vendor, at, form="report")
    page = read(by, "/reports", "No reports yet", "Hand in a report")
    given: dict[str, Any] = {
        "product": version.product.code,
        "evidence": "identification_record",
        "title": "Opinion",
        "file": SimpleUploadedFile("opinion.pdf", b"%PDF-1.7 opinion"),
    }
    assert post(browser(by), page, "/reports/hand-in", given).status_code == 302
    report = Report.objects.get()
    where = f"/reports/{report.pk}/declare"
    assert where in read(by, "/reports", "Not declared yet")
    assert browser(vendor).get(where).status_code == 404

    page = read(by, where, "Declaration and commitment on a report")
    ticks = dict.fromkeys(codes(template_at(at, "report")), "on")
    assert post(browser(by), page, where, ticks)["Location"] == "/reports"
    read(vendor, "/reports", "Opinion", "In force")
    read(vendor, f"/versions/{version.pk}", "Or a service provider's report")

    made = Declaration.objects.get()
    page = read(by, "/reports", "What rested on it is screened again at once")
    post(browser(by), page, f"/declarations/{made.pk}/withdraw", {"reason": "an error"})
    made.refresh_from_db()
    assert made.state == "WITHDRAWN"
    read(by, "/reports", "Withdrawn")


def test_report_is_chosen_as_evidence_on_the_page_of_a_version(db: None, at: datetime) -> None:
    desk.in_force(at, LIFTED)
    vendor, by = make.vendor(at), provider(at)
    version = desk.draft(vendor, at, form="report")
    report = report_on(version, by, at)
    declared(report, by, at)
    page = read(vendor, f"/versions/{version.pk}")
    given = {"evidence": "identification_record", "report": str(report.pk)}

    done = post(browser(vendor), page, f"/versions/{version.pk}/evidence", given)

    assert done.status_code == 302, text_of(done.content.decode())[-500:]
    assert version.evidence.get().report_id == report.pk
    assert cited(version, report, vendor, at).report_id == report.pk
    bad = post(browser(vendor), page, f"/versions/{version.pk}/evidence", given | {"report": "x"})
    assert bad.status_code == 200


def test_case_is_opened_answered_and_decided_by_another(db: None, at: datetime) -> None:
    vendor, people = make.vendor(at), desk.desk(at)
    made = desk.signed(desk.draft(vendor, at), vendor, at)
    address = f"/declarations/{made.pk}"
    assert "Open a case" not in read(vendor, address)
    page = read(people.maker, address, "Open a case")
    given = {
        "statements": ["source-lawful"],
        "reason": "the gauges are another's",
        "evidence": "letter of 3 November",
    }
    assert post(browser(people.maker), page, f"{address}/breaches", given).status_code == 302
    case = Breach.objects.get()
    own = f"/breaches/{case.pk}"

    assert own in read(vendor, address, "Answer awaited")
    read(people.maker, own, "A second person has to confirm this")
    read(people.checker, own, "The one concerned can still answer")
    page = read(vendor, own, "You can answer until", "the gauges are another's")
    assert post(browser(vendor), page, f"{own}/answer", {"answer": "ours"}).status_code == 302
    page = read(people.checker, own, "ours", "Deliveries under way go on.")
    done = browser(people.checker).post(f"{own}/confirm", {"key": "k", "decision": "proved"})

    assert done.status_code == 302
    made.refresh_from_db()
    assert made.state == "BREACHED"
    assert Event.objects.filter(subject="breach", verb="confirm").count() == 1
    read(vendor, own, "Breach confirmed", "to a court")
    read(vendor, own, "已认定违约", language="zh-hans")
    read(people.checker, "/breaches", "Breach confirmed")
    assert browser(make.vendor(at)).get(own).status_code == 404


def test_pages_are_written_in_chinese(db: None, at: datetime) -> None:
    vendor, pen = make.vendor(at), Pen.ed25519()
    registered(vendor, pen, at)
    version = desk.draft(vendor, at)
    desk.signed(version, vendor, at, until=at + timedelta(days=9))

    for address, wanted in (
        ("/declarations", "30 天内到期"),
        ("/keys", "组织密钥"),
        ("/breaches", "没有案件"),
        ("/reports", "还没有报告"),
        (f"/versions/{version.pk}/declare", "续签声明"),
    ):
        read(vendor, address, wanted, language="zh-hans")
