"""A product is written on pages: each section by itself, nothing typed lost, amounts exact."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from core.actors import Member
from core.models import Event, Membership, StoredFile
from exchange.portal.draft_forms import SECTIONS, SectionForm, singles
from exchange.templatetags.field_words import label_of
from listings import services as listings
from listings.content import VersionContent, shapes_of
from listings.models import Product, Release, RightsRecord, Version
from tests import make
from tests.compliance import cast as desk
from tests.listings import cast as offers
from tests.portal.test_views import browser, text_of
from tests.portal.writing import boxes_of, fill, post


def begun(client: Client) -> Version:
    fill(client, "/products/new", "/products/new")
    return Version.objects.latest("created_at")


def typed(client: Client, version: Version, section: str, **values: Any) -> Any:
    base = f"/versions/{version.pk}/draft"
    return fill(client, base, f"{base}/{section}", **values)


def stored(version: Version) -> dict[str, Any]:
    found: dict[str, Any] = Version.objects.get(pk=version.pk).content
    return found


def test_every_part_of_the_content_has_its_section() -> None:
    parts = [part for terms in SECTIONS.values() for part in terms.parts]

    assert sorted(parts) == sorted(shapes_of(VersionContent))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_field_of_a_draft_has_its_words(db: None, at: datetime, language: str) -> None:
    with translation.override(language):
        paths = [path for terms in SECTIONS.values() for path, _shape in singles(terms)]
        unnamed = [path for path in paths if label_of(path) == path]

    assert unnamed == []


def test_new_product_begins_with_an_empty_draft(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    client = browser(vendor)
    assert "Describe a new product" in client.get("/products").content.decode()

    response = fill(client, "/products/new", "/products/new")

    version = Version.objects.get()
    assert response["Location"] == f"/versions/{version.pk}/draft"
    assert (version.state, version.product.vendor_id) == ("DRAFT", vendor.organisation_id)
    assert client.get(response["Location"]).status_code == 200


def test_vendor_begins_a_product_for_a_supplier_that_gave_a_mandate(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    supplier = offers.sponsored_supplier(vendor, at)

    fill(
        browser(vendor),
        "/products/new",
        "/products/new",
        supplier=str(supplier.organisation_id),
    )

    assert Product.objects.get().supplier_id == supplier.organisation_id


def test_saving_a_section_leaves_the_others_as_they_are(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = desk.draft(vendor, at)
    before = stored(version)

    response = typed(browser(vendor), version, "describe", **{"title.en": "River levels"})

    after = stored(version)
    assert response["Location"] == f"/versions/{version.pk}/draft#describe"
    assert after["title"] == {"zh": "长江水位日报", "en": "River levels"}
    assert after | {"title": before["title"]} == before


@pytest.mark.parametrize("section", list(SECTIONS))
def test_section_saved_as_it_is_shown_changes_nothing(db: None, at: datetime, section: str) -> None:
    vendor = make.vendor(at)
    plans = [
        {"code": "CALL", "kind": "per_call", "offer_mode": "confirm", "price_minor": 105}
        | {"per_count": 100, "tiers": [{"from_count": 1001, "price_minor": 80}]},
        {"code": "FREE", "kind": "free", "offer_mode": "standing"},
        {"code": "TALK", "kind": "negotiated", "offer_mode": "negotiated"},
        {"code": "YEAR", "kind": "subscription", "offer_mode": "standing", "period_days": 365}
        | {"price_minor": 500_000, "currency": "CNY", "seats": 5},
    ]
    share = {"beneficiary": str(vendor.organisation_id), "role": "holding", "share_bp": 1_250}
    lines = [share, share | {"share_bp": None, "role": "operation", "remainder": True}]
    more = {"coverage": {"time_from": "2020-01-01", "regions": ["长江 上游", "Wuhan"]}}
    version = desk.draft(vendor, at, plans=plans, allocation=lines, **more)
    before = Version.objects.get(pk=version.pk)

    response = typed(browser(vendor), version, section)

    after = Version.objects.get(pk=version.pk)
    assert response.status_code == 302, text_of(response.content.decode())
    assert after.content == before.content
    assert after.content_hash == before.content_hash


def test_refused_section_comes_back_as_it_was_typed(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = desk.draft(vendor, at)
    before = Version.objects.get(pk=version.pk)

    response = typed(
        browser(vendor),
        version,
        "describe",
        **{"topic": "tides", "coverage.time_from": "2024-05-01", "coverage.time_to": "2024-04-01"},
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="tides"' in page
    assert "Data to: The end lies before the beginning." in text_of(page)
    assert Version.objects.get(pk=version.pk).content_hash == before.content_hash


def test_entries_are_added_and_taken_out_without_a_script(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    client, version = browser(vendor), desk.draft(vendor, at)

    typed(client, version, "dictionary", **{"dictionary[3].name": "flow"})
    typed(
        client,
        version,
        "dictionary",
        **{"dictionary[0].remove": "on", "dictionary[2].type": "decimal"},
    )

    names = [(entry["name"], entry["type"]) for entry in stored(version)["dictionary"]]
    assert names == [("level", "decimal"), ("flow", "decimal")]


def test_long_dictionary_is_written_page_by_page(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    entries = [{"name": f"f{n}", "type": "text"} for n in range(200)]
    client, version = browser(vendor), desk.draft(vendor, at, dictionary=entries)
    base = f"/versions/{version.pk}/draft"

    page = client.get(f"{base}?dictionary=80").content.decode()
    assert "81–160" in page
    response = post(
        client,
        page,
        f"{base}/dictionary",
        {"dictionary[80].meaning": "the first here", "dictionary[81].remove": "on"},
    )

    found = stored(version)["dictionary"]
    assert response["Location"] == f"{base}?dictionary=80#dictionary"
    assert [entry["name"] for entry in found] == [f"f{n}" for n in range(200) if n != 81]
    assert found[80]["meaning"] == "the first here"


def test_fault_in_a_row_stands_beside_its_box_though_an_earlier_row_was_taken_out(
    db: None, at: datetime
) -> None:
    vendor = make.vendor(at)
    version = desk.draft(vendor, at)

    response = typed(
        browser(vendor),
        version,
        "dictionary",
        **{"dictionary[0].remove": "on", "dictionary[1].name": "a\x07b"},
    )

    page = response.content.decode()
    assert "Field 2 · Name: This text has a control character" in text_of(page)
    assert len(stored(version)["dictionary"]) == 2


def test_prices_are_typed_in_major_units_and_kept_exactly(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    client, version = browser(vendor), begun(browser(vendor))
    plan = {
        "plans[0].kind": "per_call",
        "plans[0].offer_mode": "standing",
        "plans[0].per_count": "100",
        "plans[0].price_minor": "1,234.05",
        "plans[0].tiers": "1001 0.80\n5001：0.7",
    }

    refused = typed(client, version, "plans", **plan | {"plans[0].price_minor": "0.001"})
    assert "must be an amount with at most 2 decimals" in refused.content.decode()
    assert "5001：0.7" in refused.content.decode()
    assert not version.plans.exists()
    refused = typed(client, version, "plans", **plan | {"plans[0].tiers": "many 0.80"})
    assert "Line 1 is not a number of units and a price" in refused.content.decode()
    typed(client, version, "plans", **plan)

    kept = version.plans.get()
    assert (kept.code, kept.price_minor, kept.per_count) == ("P1", 123_405, 100)
    assert kept.tiers == [
        {"from_count": 1001, "price_minor": 80},
        {"from_count": 5001, "price_minor": 70},
    ]


def test_shares_are_exact_and_another_organisation_is_named_by_its_number(
    db: None, at: datetime
) -> None:
    vendor = make.vendor(at)
    other = make.organisation(at=at, registry_number="R-other")
    client, version = browser(vendor), desk.draft(vendor, at, allocation=[])
    own = str(vendor.organisation_id)
    lines = {
        "allocation[0].beneficiary": own,
        "allocation[0].role": "holding",
        "allocation[0].share_bp": "33.33",
        "allocation[1].role": "operation",
        "allocation[1].other": "R-other",
        "allocation[1].remainder": "on",
    }

    refused = typed(client, version, "split", **lines | {"allocation[1].other": "R-nobody"})
    assert "No active organisation of the venue has this number." in refused.content.decode()
    assert stored(version)["allocation"] == []
    typed(client, version, "split", **lines)

    found = stored(version)["allocation"]
    assert [line["share_bp"] for line in found] == [3_333, None]
    assert [line["beneficiary"] for line in found] == [own, str(other.pk)]


def test_colleagues_save_is_not_overwritten_unseen(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    client, version = browser(vendor), desk.draft(vendor, at)
    base = f"/versions/{version.pk}/draft"
    page = client.get(base).content.decode()
    typed(browser(vendor), version, "describe", topic="floods")

    stale = post(client, page, f"{base}/describe", {"topic": "tides"})

    text = stale.content.decode()
    assert "This part has changed since you opened it" in text
    assert 'value="tides"' in text
    assert stored(version)["topic"] == "floods"
    again = post(client, text, f"{base}/describe", {})
    assert again.status_code == 302
    assert stored(version)["topic"] == "tides"


def test_colleagues_save_of_another_section_is_no_hindrance(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    client, version = browser(vendor), desk.draft(vendor, at)
    base = f"/versions/{version.pk}/draft"
    page = client.get(base).content.decode()
    typed(browser(vendor), version, "describe", topic="floods")

    post(client, page, f"{base}/personal", {"special.trade_secret": "yes"})

    assert stored(version)["special"]["trade_secret"] is True
    assert stored(version)["topic"] == "floods"


def test_dictionary_is_proposed_from_the_sample_for_confirmation(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    client, version = browser(vendor), begun(browser(vendor))
    base = f"/versions/{version.pk}"
    sample = SimpleUploadedFile("s.csv", "站点,日期,水位,手机号\nA,2026-01-03,3.2,x\n".encode())

    fill(client, f"{base}/draft", f"{base}/files", kind="sample", file=sample)

    page = client.get(f"{base}/draft").content.decode()
    assert "Proposed from the head of the sample" in page
    assert stored(version)["dictionary"] == []
    post(client, page, f"{base}/draft/dictionary", {})
    assert [
        (entry["name"], entry["type"], entry["sensitivity"])
        for entry in stored(version)["dictionary"]
    ] == [
        ("站点", "text", None),
        ("日期", "date", None),
        ("水位", "decimal", None),
        ("手机号", "text", "personal"),
    ]
    assert "Proposed from the head" not in client.get(f"{base}/draft").content.decode()


def test_file_is_uploaded_once_and_shown_with_its_hash(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    client, version = browser(vendor), begun(browser(vendor))
    base = f"/versions/{version.pk}"
    page = client.get(f"{base}/draft").content.decode()

    for _ in range(2):
        file = SimpleUploadedFile("levels.csv", b"level\n3.2\n", "text/csv")
        post(client, page, f"{base}/files", {"kind": "data", "file": file, "note": "May"})

    release = Release.objects.get()
    shown = client.get(f"{base}/draft").content.decode()
    assert (release.kind, release.file.name, release.note) == ("data", "levels.csv", "May")
    assert release.file.sha256 in shown
    assert StoredFile.objects.count() == 1

    remove = f"{base}/files/{release.pk}/remove"
    assert browser(make.vendor(at)).post(remove).status_code == 404
    assert Release.objects.exists()
    post(client, shown, remove, {})
    assert not Release.objects.exists()
    assert release.file.sha256 not in client.get(f"{base}/draft").content.decode()


def test_same_click_with_another_file_is_told_and_not_swallowed(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    client, version = browser(vendor), begun(browser(vendor))
    base = f"/versions/{version.pk}"
    page = client.get(f"{base}/draft").content.decode()
    first, second = (SimpleUploadedFile("a.csv", body) for body in (b"a\n1\n", b"a\n2\n"))
    post(client, page, f"{base}/files", {"kind": "data", "file": first})

    response = post(client, page, f"{base}/files", {"kind": "data", "file": second})

    assert "was used for a different request" in response.content.decode()
    assert Release.objects.count() == 1


def test_empty_file_is_refused_beside_its_box(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    client, version = browser(vendor), begun(browser(vendor))
    base = f"/versions/{version.pk}"

    response = fill(client, f"{base}/draft", f"{base}/files", kind="data", note="kept")

    assert response.status_code == 200
    assert 'value="kept"' in response.content.decode()
    assert not Release.objects.exists()


def test_no_draft_is_written_once_it_is_submitted(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    client, version = browser(vendor), desk.draft(vendor, at)
    base = f"/versions/{version.pk}"
    page = client.get(f"{base}/draft").content.decode()
    listings.submit_version(version_id=version.pk, actor=vendor, at=at)
    before = Version.objects.get(pk=version.pk).content_hash

    response = post(client, page, f"{base}/draft/describe", {"topic": "tides"})

    assert "This version can no longer be changed" in response.content.decode()
    assert Version.objects.get(pk=version.pk).content_hash == before
    assert client.get(f"{base}/draft")["Location"] == base


def test_outsider_finds_no_draft_of_others(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = desk.draft(vendor, at)
    client, outsider = browser(vendor), browser(make.vendor(at))
    base = f"/versions/{version.pk}"
    page = client.get(f"{base}/draft").content.decode()
    before = Version.objects.get(pk=version.pk).content_hash

    for name in SECTIONS:
        action = f"{base}/draft/{name}"
        assert client.post(action, boxes_of(page, action)).status_code == 302
        assert outsider.post(action, boxes_of(page, action)).status_code == 404
    assert outsider.get(f"{base}/draft").status_code == 404
    file = SimpleUploadedFile("a.csv", b"a\n1\n")
    assert outsider.post(f"{base}/files", {"kind": "data", "file": file}).status_code == 404
    assert Version.objects.get(pk=version.pk).content_hash == before


def test_viewer_cannot_write(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = desk.draft(vendor, at)
    before = Version.objects.get(pk=version.pk)
    organisation = Membership.objects.get(pk=vendor.membership_id).organisation
    viewer: Member = make.member(organisation, "viewer", at=at)

    response = typed(browser(viewer), version, "describe", topic="tides")

    assert "You may not do this" in response.content.decode()
    assert Version.objects.get(pk=version.pk).content_hash == before.content_hash


def test_next_version_is_begun_from_a_listed_one(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    listed = offers.listed(vendor, at)

    response = browser(vendor).post(f"/products/{listed.product_id}/draft", {"key": "once"})
    again = browser(vendor).post(f"/products/{listed.product_id}/draft", {"key": "once"})

    made = Version.objects.get(number=2)
    assert response["Location"] == again["Location"] == f"/versions/{made.pk}/draft"
    assert made.content == Version.objects.get(pk=listed.pk).content


def test_right_is_recorded_with_its_proof_and_withdrawn(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    client = browser(vendor)
    assert "No right is recorded yet" in client.get("/rights").content.decode()
    day = at.date()
    terms = {
        "kind": "use",
        "valid_from": day.isoformat(),
        "valid_until": (day + timedelta(days=90)).isoformat(),
    }

    refused = fill(client, "/rights", "/rights/record", **terms)
    assert "A right needs a proof" in refused.content.decode()
    assert f'value="{terms["valid_until"]}"' in refused.content.decode()
    assert not RightsRecord.objects.exists()
    proof = SimpleUploadedFile("contract.pdf", b"%PDF-1.7")
    fill(client, "/rights", "/rights/record", **terms, proof=proof)

    right = RightsRecord.objects.get()
    assert (right.kind, right.state) == ("use", "RECORDED")
    assert right.supplier_id == right.holder_id == vendor.organisation_id
    assert right.proof is not None
    assert right.proof.name == "contract.pdf"
    page = text_of(client.get("/rights").content.decode())
    assert "Right to process and use" in page
    outsider = browser(make.vendor(at))
    assert outsider.post(f"/rights/{right.pk}/withdraw").status_code == 404
    client.post(f"/rights/{right.pk}/withdraw", {"key": "click"})
    right.refresh_from_db()
    assert right.state == "WITHDRAWN"
    assert [event.verb for event in Event.objects.filter(subject_id=right.pk).order_by("id")] == [
        "record",
        "withdraw",
    ]


def test_bad_certificate_is_told_beside_its_box(db: None, at: datetime) -> None:
    client = browser(make.vendor(at))
    day = at.date()

    response = fill(
        client,
        "/rights",
        "/rights/record",
        kind="hold",
        certificate_code="SJ1",
        valid_from=day.isoformat(),
        valid_until=(day + timedelta(days=9)).isoformat(),
    )

    assert "Code of a national certificate: is not the code" in text_of(response.content.decode())
    assert not RightsRecord.objects.exists()


def test_form_of_a_section_has_no_click_of_its_own() -> None:
    assert "key" not in SectionForm.base_fields
