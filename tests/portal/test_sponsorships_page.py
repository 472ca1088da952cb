"""Sponsorships on their page: proposed with a mandate, read and accepted by the supplier."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.actors import Member
from core.models import Organisation, StoredFile
from listings.models import Sponsorship
from listings.selectors import is_sponsored
from tests import make
from tests.listings.cast import Api
from tests.portal.test_views import browser, text_of

PAPER = b"%PDF-1.7 invented"


def a_supplier(at: datetime) -> Member:
    held = make.organisation(at=at, capacities=("supplier",))
    return make.member(held, "owner", "signatory", at=at)


def number_of(member: Member) -> str:
    return Organisation.objects.get(pk=member.organisation_id).registry_number


def given(number: str, **more: Any) -> dict[str, Any]:
    ends = timezone.localdate() + timedelta(days=30)
    paper = SimpleUploadedFile("mandate.pdf", PAPER, "application/pdf")
    return {"supplier": number, "mandate": paper, "valid_until": ends.isoformat(), **more}


def test_supplier_reads_the_mandate_and_accepts_what_a_vendor_proposed(
    db: None, at: datetime
) -> None:
    vendor, supplier = make.vendor(at), a_supplier(at)
    assert "/sponsorships/propose" in browser(vendor).get("/sponsorships").content.decode()
    assert "signed mandate" in text_of(browser(supplier).get("/sponsorships").content.decode())

    sent = browser(vendor).post("/sponsorships/propose", given(number_of(supplier)))

    made = Sponsorship.objects.get()
    assert (sent.status_code, sent["Location"], made.state) == (302, "/sponsorships", "PROPOSED")
    asked = browser(supplier, "zh-hans").get("/sponsorships").content.decode()
    assert "等待你答复" in asked
    for reader in (supplier, vendor):
        answer = Api(reader, at).get(f"sponsorships/{made.pk}/mandate")
        assert b"".join(answer.streaming_content) == PAPER
    assert f"/sponsorships/{made.pk}/accept" not in (
        browser(vendor).get("/sponsorships").content.decode()
    )

    browser(supplier).post(f"/sponsorships/{made.pk}/accept", {"key": "a"})
    browser(supplier).post(f"/sponsorships/{made.pk}/accept", {"key": "a"})

    now = timezone.now()
    assert is_sponsored(vendor.organisation_id, supplier.organisation_id, now)
    assert "In force" in text_of(browser(vendor).get("/sponsorships").content.decode())
    assert str(supplier.organisation_id) in browser(vendor).get("/products/new").content.decode()

    browser(vendor).post(f"/sponsorships/{made.pk}/withdraw", {"key": "b"})
    assert not is_sponsored(vendor.organisation_id, supplier.organisation_id, now)


def test_supplier_declines_and_nothing_is_listed_for_it(db: None, at: datetime) -> None:
    vendor, supplier = make.vendor(at), a_supplier(at)
    browser(vendor).post("/sponsorships/propose", given(number_of(supplier)))
    made = Sponsorship.objects.get()

    browser(supplier).post(f"/sponsorships/{made.pk}/decline")
    late = browser(supplier).post(f"/sponsorships/{made.pk}/accept", follow=True)

    assert Sponsorship.objects.get().state == "DECLINED"
    assert "Its state does not allow this" in text_of(late.content.decode())


@pytest.mark.parametrize(
    ("field", "bad", "told"),
    [
        ("supplier", "NO-SUCH-NUMBER", "No admitted supplier of the venue has this number"),
        ("supplier", "a\x00b", "Null characters are not allowed."),
        ("mandate", "", "This field is required."),
        ("valid_until", "2020-01-01", "must lie in the future"),
        ("valid_until", "9999-12-31", "must not be after"),
    ],
)
def test_what_cannot_be_proposed_is_told_beside_its_field(
    db: None, at: datetime, field: str, bad: str, told: str
) -> None:
    vendor, supplier = make.vendor(at), a_supplier(at)
    fields = given(number_of(supplier), **{field: bad})

    page = browser(vendor).post("/sponsorships/propose", fields).content.decode()

    assert told in page[page.index(f'id="id_{field}_error"') :].split("</p>")[0]
    assert not Sponsorship.objects.exists()
    assert not StoredFile.objects.exists()


def test_number_of_who_is_no_supplier_does_not_tell_of_others(db: None, at: datetime) -> None:
    vendor, buyer, supplier = make.vendor(at), make.buyer(at), a_supplier(at)

    page = browser(vendor).post("/sponsorships/propose", given(number_of(buyer))).content.decode()

    assert "No admitted supplier of the venue has this number" in page
    assert number_of(supplier) not in page
    assert not Sponsorship.objects.exists()


def test_sponsorship_of_others_is_not_there(db: None, at: datetime) -> None:
    vendor, supplier = make.vendor(at), a_supplier(at)
    browser(vendor).post("/sponsorships/propose", given(number_of(supplier)))
    made = Sponsorship.objects.get()

    for verb in ("accept", "decline", "withdraw"):
        for outsider in (make.vendor(at), a_supplier(at)):
            assert browser(outsider).post(f"/sponsorships/{made.pk}/{verb}").status_code == 404
    assert browser(vendor).post(f"/sponsorships/{made.pk}/accept").status_code == 404

    assert Sponsorship.objects.get().state == "PROPOSED"
    assert "mandate.pdf" not in browser(a_supplier(at)).get("/sponsorships").content.decode()
