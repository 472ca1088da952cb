"""The page of a version: what is needed, what is signed and seen, what lifts a finding."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from compliance.models import Clearance, Declaration, Evidence
from compliance.selectors import version_findings
from compliance.statements import asked_of, codes, template_at
from core.models import Event, Membership, User
from exchange.portal import edge
from exchange.portal.edge import told
from listings import services as listings
from listings.errors import VersionIncomplete
from listings.models import Release, Version
from tests import make
from tests.compliance import cast as desk
from tests.exchange import cast
from tests.portal.test_views import browser, counted, text_of
from tests.portal.writing import boxes_of, fill, post

CONFIRM = [{**cast.STANDING, "offer_mode": "confirm"}]


def sign(client: Client, version: Version, **typed: Any) -> Any:
    """Tick every statement that the page shows, and sign."""
    base = f"/versions/{version.pk}"
    page = client.get(base).content.decode()
    asked = asked_of(template_at(version.created_at), version.content)
    ticks = dict.fromkeys(codes(asked), "on")
    return post(client, page, f"{base}/sign", ticks | typed)


def test_draft_lists_what_it_still_needs_each_with_its_place(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    desk.in_force(at)
    version = listings.create_product(supplier_id=None, actor=vendor, at=at)
    client, base = browser(vendor), f"/versions/{version.pk}"

    response = client.post(f"{base}/submit", {"key": "a-click"}, follow=True)

    page = response.content.decode()
    assert Version.objects.get(pk=version.pk).state == "DRAFT"
    assert "The version is not complete" in page
    for label, section in (
        ("Title", "describe"),
        ("Sources", "sources"),
        ("Purposes", "use"),
        ("Price plans", "plans"),
        ("Who gets what", "split"),
    ):
        wanted = f'<a href="{base}/draft#{section}">{label}: This is needed before the version'
        assert wanted in page, label


def test_refusal_names_its_fields_in_the_readers_words(db: None, at: datetime) -> None:
    error = VersionIncomplete(fields={"sources[1].name": ["needed."], "plans": ["needed."]})

    assert "Source 2 · Name: needed. Price plans: needed." in told(error)


def test_declaration_is_read_ticked_and_signed(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    desk.in_force(at)
    version = desk.draft(vendor, at)
    client, base = browser(vendor), f"/versions/{version.pk}"
    page = client.get(base).content.decode()
    template = template_at(at)
    said = text_of(page)
    for statement in (one for head in template.heads for one in head.statements):
        wanted = statement.code in codes(asked_of(template, version.content))
        assert (statement.en in said) == wanted
    assert template.preamble_en in said
    assert template.closing_en in said

    unread = post(client, page, f"{base}/sign", {})
    assert "Tick it if it is true." in unread.content.decode()
    assert not Declaration.objects.exists()
    sign(client, version)

    signed = Declaration.objects.get()
    assert signed.content_hash == version.content_hash
    assert signed.statements == list(codes(asked_of(template, version.content)))
    assert "For the content" in client.get(base).content.decode()


def test_signing_asks_for_the_password_again_and_loses_nothing(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    desk.in_force(at)
    version = desk.draft(vendor, at)
    user = User.objects.get(pk=vendor.user_id)
    user.set_password("a river of many words")
    user.save()
    client, base = browser(vendor, signed_in=301), f"/versions/{version.pk}"
    asked = sign(client, version)
    assert asked.status_code == 302
    assert asked["Location"].startswith(
        f"/accounts/reauthenticate/?next=%2Fversions%2F{version.pk}"
    )
    assert Declaration.objects.count() == 0

    wrong = client.post(asked["Location"], {"password": "something else"})
    assert wrong.status_code == 200
    assert Declaration.objects.count() == 0
    done = client.post(asked["Location"], {"password": "a river of many words"})

    assert done["Location"] == f"{base}#declaration"
    signed = Declaration.objects.get()
    assert signed.confirmed_by == "password"
    assert signed.content_hash == version.content_hash


def test_statement_left_unticked_is_not_signed_and_the_others_stay_ticked(
    db: None, at: datetime
) -> None:
    vendor = make.vendor(at)
    desk.in_force(at)
    version = desk.draft(vendor, at)

    response = sign(browser(vendor), version, **{"source-lawful": []})

    page = response.content.decode()
    assert page.count("Tick it if it is true.") == 2  # beside it, and in the summary
    assert 'name="source-complete"' in page
    assert "source-complete" in boxes_of(page, f"/versions/{version.pk}/sign")
    assert not Declaration.objects.exists()


def test_colleagues_save_between_page_and_click_is_not_signed(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    desk.in_force(at)
    version = desk.draft(vendor, at)
    client, base = browser(vendor), f"/versions/{version.pk}"
    page = client.get(base).content.decode()
    fill(browser(vendor), f"{base}/draft", f"{base}/draft/describe", topic="floods")
    changed = Version.objects.get(pk=version.pk)

    ticks = dict.fromkeys(codes(asked_of(template_at(at), version.content)), "on")
    response = post(client, page, f"{base}/sign", ticks)

    shown = response.content.decode()
    assert response.status_code == 409
    assert "The content is not the one that was shown" in shown
    assert not Declaration.objects.exists()
    again = boxes_of(shown, f"{base}/sign")
    assert again["content_hash"] == [changed.content_hash]
    assert not [name for name in ticks if name in again]


def test_who_may_not_sign_reads_why(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    desk.in_force(at)
    version = desk.draft(vendor, at)
    organisation = Membership.objects.get(pk=vendor.membership_id).organisation
    editor = browser(make.member(organisation, "editor", at=at))

    page = editor.get(f"/versions/{version.pk}").content.decode()

    assert "An owner or signatory of your organisation has to sign it." in page
    assert f"/versions/{version.pk}/sign" not in page


def test_declaration_runs_no_longer_than_the_rights_it_rests_on(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    desk.in_force(at)
    version = desk.draft(vendor, at, rights=desk.rights(vendor, at, days=40))

    sign(browser(vendor), version)

    signed = Declaration.objects.get()
    assert timedelta(days=38) < signed.valid_until - at <= timedelta(days=40)


def test_withdrawing_the_declaration_names_what_follows(db: None, at: datetime) -> None:
    market = cast.market(at)
    cast.delivered(market)
    version, vendor = market.version, browser(market.vendor)
    base = f"/versions/{version.pk}"
    declaration = market.clearance.declaration_id
    page = vendor.get(base).content.decode()
    assert (
        "New orders stop at once, and open orders are refused; 1 delivery under way goes on."
        in text_of(page)
    )
    address = f"{base}/declarations/{declaration}/withdraw"
    assert browser(make.vendor(at)).post(address).status_code == 404

    vendor.post(address, {"key": "click", "reason": "the source has ended"})

    assert Declaration.objects.get(pk=declaration).state == "WITHDRAWN"
    assert Clearance.objects.get(pk=market.clearance.pk).state == "ENDED"
    assert Event.objects.get(subject_id=declaration, verb="withdraw").reason == (
        "the source has ended"
    )


def blocked(vendor: Any, at: datetime) -> Version:
    """A version whose finding is lifted by evidence of the vendor."""
    sources = [{**desk.content()["sources"][0], "origin": "contract", "resale_forbidden": True}]
    version = desk.screened(vendor, at, sources=sources)
    assert version.state == "BLOCKED", desk.said(version)
    return version


def test_evidence_is_given_where_a_finding_asks_for_it(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    desk.in_force(at)
    version = blocked(vendor, at)
    client, base = browser(vendor), f"/versions/{version.pk}"
    page = client.get(base).content.decode()
    key = next(
        one.key
        for finding in compliance_findings(version, vendor, at)
        for one in finding.evidence
        if one.by == "vendor"
    )
    assert f'href="?evidence={key}#evidence"' in page
    address = f"{base}?evidence={key}"

    refused = fill(client, address, f"{base}/evidence", note="")
    assert "a file or a note is needed" in refused.content.decode()
    assert not Evidence.objects.exists()
    file = SimpleUploadedFile("licence.pdf", b"%PDF-1.7", "application/pdf")
    until = (at.date() + timedelta(days=100)).isoformat()
    fill(client, address, f"{base}/evidence", file=file, note="see page 3", valid_until=until)

    given = Evidence.objects.get()
    assert (given.key, given.note, given.state) == (key, "see page 3", "GIVEN")
    assert given.file is not None
    assert given.file.name == "licence.pdf"
    assert given.valid_until is not None
    assert given.valid_until.date().isoformat() >= until
    shown = client.get(base).content.decode()
    assert "licence.pdf" in shown
    withdraw = f"{base}/evidence/{given.pk}/withdraw"
    assert browser(make.vendor(at)).post(withdraw).status_code == 404
    client.post(withdraw, {"key": "click", "reason": "the wrong file"})
    given.refresh_from_db()
    assert given.state == "WITHDRAWN"


def compliance_findings(version: Version, vendor: Any, at: datetime) -> Any:
    return version_findings(version.pk, reader=vendor, at=at, language="en").findings


def test_bad_evidence_keeps_what_was_typed(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    desk.in_force(at)
    version = blocked(vendor, at)
    base = f"/versions/{version.pk}"
    yesterday = (at.date() - timedelta(days=2)).isoformat()

    response = fill(
        browser(vendor), base, f"{base}/evidence", note="kept words", valid_until=yesterday
    )

    page = response.content.decode()
    assert "must lie in the future" in page
    assert "kept words" in page
    assert not Evidence.objects.exists()


def test_further_data_goes_to_a_listed_version(db: None, at: datetime) -> None:
    market = cast.market(at)
    client, base = browser(market.vendor), f"/versions/{market.version.pk}"
    before = Release.objects.filter(version=market.version).count()

    file = SimpleUploadedFile("june.csv", b"level\n5.5\n", "text/csv")
    fill(client, base, f"{base}/files", file=file)

    release = Release.objects.get(version=market.version, kind="data")
    assert Release.objects.filter(version=market.version).count() == before + 1
    assert release.file.sha256 in client.get(base).content.decode()


def test_outsider_signs_and_gives_nothing(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    desk.in_force(at)
    version = desk.draft(vendor, at)
    base = f"/versions/{version.pk}"
    page = browser(vendor).get(base).content.decode()
    outsider = browser(make.vendor(at))

    ticks = dict.fromkeys(codes(asked_of(template_at(at), version.content)), "on")
    assert post(outsider, page, f"{base}/sign", ticks).status_code == 404
    assert post(outsider, page, f"{base}/evidence", {"note": "x"}).status_code == 404
    for verb in ("submit", "abandon"):
        assert outsider.post(f"{base}/{verb}", {"key": "k"}).status_code == 404
    assert outsider.post(f"/products/{version.product_id}/draft").status_code == 404
    assert not Declaration.objects.exists()
    assert not Evidence.objects.exists()
    assert Version.objects.get(pk=version.pk).state == "DRAFT"
    assert browser(vendor).post(f"{base}/abandon", {"key": "k"}).status_code == 302
    assert Version.objects.get(pk=version.pk).state == "ABANDONED"


def test_list_tells_what_is_in_the_way_what_it_costs_and_what_is_open(
    db: None, at: datetime
) -> None:
    market = cast.market(at, plans=CONFIRM)
    cast.place(market)
    blocked(market.vendor, at)
    fresh = listings.create_product(supplier_id=None, actor=market.vendor, at=at)

    page = text_of(browser(market.vendor).get("/products").content.decode())

    rows = {code: " ".join(row.split()) for code, row in _rows(page)}
    listed = rows[market.version.product.code]
    assert "¥\u202f1,200.00 once 1" in listed.replace("¥ ", "¥\u202f")
    assert "1 thing " in rows[_code_of(Version.objects.get(state="BLOCKED"))]
    assert "12 things" in rows[_code_of(fresh)]


def _code_of(version: Version) -> str:
    return str(version.product.code)


def _rows(text: str) -> list[tuple[str, str]]:
    codes_ = re.findall(r"DP-\d+", text)
    return [(code, part) for code, part in zip(codes_, re.split(r"DP-\d+", text)[1:], strict=True)]


def test_list_of_products_goes_on_and_forgets_none(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    for _ in range(52):
        listings.create_product(supplier_id=None, actor=vendor, at=at)
    client = browser(vendor)

    first = client.get("/products").content.decode()
    more = first.split('id="more-rows"')[1].split('href="')[1].split('"')[0]
    second = client.get(more).content.decode()

    found = {one.product.code for one in Version.objects.select_related("product")}
    assert {code for code, _row in _rows(text_of(first) + text_of(second))} == found


def test_list_of_products_takes_as_many_queries_for_one_as_for_many(db: None, at: datetime) -> None:
    market = cast.market(at)
    desk.draft(market.vendor, at)
    client = browser(market.vendor)
    few = counted(client, "/products")
    for _ in range(4):
        desk.draft(market.vendor, at)
        blocked(market.vendor, at)

    assert counted(client, "/products") == few


def test_queue_of_reviews_goes_on_and_forgets_none(
    db: None, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "SHOWN", 2)
    market = cast.market(at)
    reviews = {str(desk.queued(market.vendor, at).pk) for _ in range(3)}
    reviewer = browser(market.desk.maker)

    first = reviewer.get("/reviews").content.decode()
    more = first.split('id="more-rows"')[1].split('href="')[1].split('"')[0]
    second = reviewer.get(more).content.decode()

    pages = [set(re.findall(r"/reviews/([0-9a-f-]{36})", page)) for page in (first, second)]
    assert [len(page) for page in pages] == [2, 1]
    assert pages[0] | pages[1] == reviews
    assert reviewer.get("/reviews?after=nonsense").status_code == 400
