"""What a stranger may send: a small file to verify, not too often; more is refused with a page."""

import tracemalloc
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.api.routes import ENDPOINTS
from core.models import StoredFile
from exchange.middleware import STRANGERS_BYTES
from exchange.models import Contract
from listings.models import Version
from tests import make
from tests.exchange import cast
from tests.listings import cast as offers
from tests.listings.cast import Api
from tests.portal.test_views import browser, text_of

MEGABYTE = 1024 * 1024


def file_of(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("contract.json", b"x" * size, "application/json")


def test_large_file_to_verify_is_refused_with_a_page_that_says_what_to_do(
    db: None, at: datetime
) -> None:
    for language, said in (("en", "give its SHA-256 instead"), ("zh-hans", "改为提供其 SHA-256")):
        response = browser(None, language).post("/verify", {"file": file_of(STRANGERS_BYTES)})

        page = response.content.decode()
        assert response.status_code == 413
        assert said in text_of(page)
        assert 'class="shell-header"' in page


def test_member_verifies_no_larger_file_than_a_stranger(db: None, at: datetime) -> None:
    client = browser(cast.market(at).buyer)

    assert client.post("/verify", {"file": file_of(STRANGERS_BYTES)}).status_code == 413
    assert client.post("/verify", {"file": file_of(1000)}).status_code == 200


def test_file_of_a_contract_is_verified_without_signing_in(db: None, at: datetime) -> None:
    cast.matched(cast.market(at))
    text = Contract.objects.get().text.encode()

    page = browser(None).post("/verify", {"file": SimpleUploadedFile("c.json", text)})

    assert "Genuine: the venue concluded it" in text_of(page.content.decode())


def test_large_body_of_a_stranger_is_not_read_on_any_page(db: None) -> None:
    client, body = Client(), b"x" * (40 * MEGABYTE)
    for address in ("/verify", "/organisation/apply", "/theme", "/accounts/login/"):
        tracemalloc.start()
        response = client.generic(
            "POST",
            address,
            b"--edge\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n" + body,
            "multipart/form-data; boundary=edge",
        )
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        # The client holds the body itself, and a copy of it to read from.
        assert most < 2.5 * len(body), address
        assert response.status_code in {302, 413}, address


def unprotected_and_protected() -> tuple[Client, Client]:
    """Two clients: the view reads the form of the first, the CSRF check that of the second."""
    protected = Client(enforce_csrf_checks=True)
    protected.cookies["csrftoken"] = "a" * 32
    return Client(), protected


def test_form_over_the_limit_is_a_page_and_no_bare_400(db: None) -> None:
    body = b"reason=" + b"x" * (3 * MEGABYTE)

    for client in unprotected_and_protected():
        response = client.generic("POST", "/verify", body, "application/x-www-form-urlencoded")

        assert response.status_code == 413
        assert "Nothing of it was taken" in response.content.decode()


def test_form_with_files_without_boundary_is_a_page_that_says_so(db: None) -> None:
    for client in unprotected_and_protected():
        response = client.generic("POST", "/verify", b"x", "multipart/form-data")

        assert response.status_code == 400
        assert "is not the form with files that its Content-Type" in response.content.decode()


def test_address_that_sends_too_many_forms_waits(db: None) -> None:
    client, member = Client(REMOTE_ADDR="198.51.100.7"), Client(REMOTE_ADDR="198.51.100.8")
    answers = [client.post("/theme", {"theme": "dark"}).status_code for _ in range(301)]

    refused = client.post("/verify", {"code": "ab" * 32})

    assert answers.count(302) == 300
    assert (answers[-1], refused.status_code) == (429, 429)
    assert 1 <= int(refused["Retry-After"]) <= 61
    assert "Too many requests" in refused.content.decode()
    assert client.get("/verify").status_code == 200
    assert member.post("/verify", {"code": "ab" * 32}).status_code == 200


@pytest.mark.parametrize(
    ("kind", "body", "statuses"),
    [
        ("multipart/form-data", b"x", {400, 415}),
        ("multipart/form-data; boundary=", b"x", {400, 415}),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * (3 * MEGABYTE), {413, 415}),
    ],
)
def test_body_that_cannot_be_read_is_a_problem_document_on_every_operation(
    db: None, at: datetime, kind: str, body: bytes, statuses: set[int]
) -> None:
    api, faults = Api(cast.domestic_buyer(at), at), []
    signed_in = browser(api.member)
    # The check of the CSRF token is what reads the form of a session first.
    signed_in.cookies["csrftoken"] = "a" * 32
    for served in ENDPOINTS:
        if served.method == "GET":
            continue
        path = "/".join(
            "buyer" if p == "<slug:kind>" else str(uuid4()) if "<" in p else p
            for p in served.path.split("/")
        )
        for client, headers in ((Client(), api.headers), (signed_in, {})):
            client.handler.enforce_csrf_checks = True
            response = client.generic(
                served.method,
                f"/api/v1/{path}",
                body,
                kind,
                headers={**headers, "Idempotency-Key": uuid4().hex},
            )
            told = response.headers["Content-Type"].startswith("application/problem+json")
            if not told or response.status_code not in statuses | {403}:
                faults.append((served.method, served.path, response.status_code))
    assert faults == []


def sent_by_a_vendor(at: datetime) -> tuple[Client, Version]:
    vendor = make.vendor(at)
    return browser(vendor), offers.draft(vendor, at)


def test_member_is_told_how_much_a_form_may_have_before_it_is_read(
    db: None, at: datetime, settings: Any
) -> None:
    settings.FILE_UPLOAD_MAX_BYTES, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000, 500
    client, version = sent_by_a_vendor(at)

    page = client.post(
        f"/versions/{version.pk}/files", {"kind": "data", "file": file_of(2_000), "note": ""}
    )
    api = Api(make.vendor(at), at).upload(b"x" * 2_000)

    assert page.status_code == api.status_code == 413
    assert "At most 1,500 bytes are read of it." in text_of(page.content.decode())
    assert (api.json()["code"], api.json()["limit_bytes"]) == ("too-large", 1_500)
    assert not StoredFile.objects.exists()


def test_upload_that_would_fill_the_disk_is_refused_on_page_and_api(
    db: None, at: datetime, settings: Any
) -> None:
    settings.FREE_DISK_BYTES = 10**18
    client, version = sent_by_a_vendor(at)

    page = client.post(
        f"/versions/{version.pk}/files", {"kind": "data", "file": file_of(100), "note": ""}
    )
    api = Api(make.vendor(at), at).upload(b"x" * 100)

    assert "The venue has no room for files now" in text_of(page.content.decode())
    assert api.json()["code"] == "no-room-for-files"
    assert page.status_code == api.status_code == 409
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "most"), [("ORGANISATION_FILES_MAX_COUNT", 1), ("ORGANISATION_FILES_MAX_BYTES", 150)]
)
def test_organisation_hands_in_no_more_than_one_may_on_page_and_api(
    db: None, at: datetime, settings: Any, name: str, most: int
) -> None:
    setattr(settings, name, most)
    vendor = make.vendor(at)
    version, files = offers.draft(vendor, at), list(Path(settings.FILES).rglob("*.part"))
    assert Api(vendor, at).upload(b"x" * 100).status_code == 201

    page = browser(vendor).post(
        f"/versions/{version.pk}/files", {"kind": "data", "file": file_of(100), "note": ""}
    )
    api = Api(vendor, at).upload(b"x" * 100)

    assert "Your organisation has handed in as much as one may" in text_of(page.content.decode())
    assert (api.status_code, api.json()["code"]) == (409, "files-exhausted")
    assert StoredFile.objects.count() == 1
    assert list(Path(settings.FILES).rglob("*.part")) == files
    assert Api(make.vendor(at), at).upload(b"x" * 100).status_code == 201


def test_form_with_more_files_than_any_has_is_refused(db: None, at: datetime) -> None:
    client, version = sent_by_a_vendor(at)
    many = {f"file{number}": file_of(10) for number in range(5)}

    page = client.post(f"/versions/{version.pk}/files", {"kind": "data", **many})

    assert page.status_code == 400
    assert "more fields or files than are read of one" in text_of(page.content.decode())
    assert not StoredFile.objects.exists()
