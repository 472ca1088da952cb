"""The listings over HTTP: the owner first, then outsiders and strangers on the same address."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import StoredFile
from listings import services
from listings.models import Product, Release, Version
from tests import make
from tests.conftest import AT
from tests.listings import cast
from tests.listings.cast import Api


def test_vendor_brings_a_version_to_submission(db: None) -> None:
    member = make.vendor(AT)
    vendor = Api(member, AT)

    made = vendor.post("products", {})
    version = f"versions/{made.json()['id']}"
    saved = vendor.put(
        version, {"content": cast.content(member.organisation_id), "plans": [cast.STANDING]}
    )
    file = vendor.upload(b"level\n3.2\n")
    release = vendor.post(
        f"{version}/releases", {"kind": "sample", "file_id": file.json()["id"], "note": "first"}
    )
    submitted = vendor.post(f"{version}/submit")
    read = vendor.get(version)

    assert [r.status_code for r in (made, saved, file, release, submitted, read)] == [
        201, 200, 201, 201, 200, 200,
    ]  # fmt: skip
    shown = read.json()
    assert (shown["state"], shown["number"]) == ("SUBMITTED", 1)
    assert shown["content"]["title"]["en"] == "Yangtze water levels"
    assert shown["plans"][0]["price_minor"] == 120_000
    assert shown["releases"][0]["file"]["sha256"] == file.json()["sha256"]
    assert shown["product"]["code"].startswith("DP-")
    downloaded = vendor.get(f"releases/{release.json()['id']}/file")
    assert b"".join(downloaded.streaming_content) == b"level\n3.2\n"
    assert downloaded.headers["Content-Type"] == "application/octet-stream"


def test_lists_show_ones_own_only(db: None) -> None:
    member, other = make.vendor(AT), make.vendor(AT)
    mine = cast.draft(member, AT)
    cast.draft(other, AT)
    vendor = Api(member, AT)

    products = vendor.get("products").json()
    versions = vendor.get(f"products/{mine.product_id}/versions").json()

    assert [row["id"] for row in products["results"]] == [str(mine.product_id)]
    assert [(row["id"], row["number"]) for row in versions["results"]] == [(str(mine.pk), 1)]


def objects_of(member: Any) -> list[tuple[str, str, Any]]:
    """(method, path, body) of requests that succeed for their owner, in this order."""
    version = cast.draft(member, AT)
    listed = cast.shown(member, AT).version
    given_up = cast.draft(member, AT)
    file = cast.file_of(member, AT)
    release = services.publish_release(
        version_id=version.pk, kind="data", file_id=file.pk, note="", actor=member, at=AT
    )
    right = services.record_right(
        supplier_id=member.organisation_id,
        kind="hold",
        holder_id=member.organisation_id,
        certificate_code="",
        proof_id=file.pk,
        valid_from=AT,
        valid_until=AT + timedelta(days=1),
        actor=member,
        at=AT,
    )
    supplier = make.organisation(at=AT, capacities=("supplier",))
    sponsorship = services.propose_sponsorship(
        supplier_id=supplier.pk,
        mandate_id=file.pk,
        valid_until=AT + timedelta(days=1),
        actor=member,
        at=AT,
    )
    saved = {"content": cast.content(member.organisation_id), "plans": [cast.STANDING]}
    return [
        ("GET", f"products/{version.product_id}", None),
        ("GET", f"products/{version.product_id}/versions", None),
        ("POST", f"products/{listed.product_id}/versions", None),
        ("GET", f"versions/{version.pk}", None),
        ("PUT", f"versions/{version.pk}", saved),
        ("POST", f"versions/{version.pk}/releases", {"kind": "data", "file_id": str(file.pk)}),
        ("POST", f"versions/{version.pk}/submit", None),
        ("POST", f"versions/{given_up.pk}/abandon", None),
        ("POST", f"versions/{listed.pk}/delist", {}),
        ("GET", f"releases/{release.pk}/file", None),
        ("GET", f"rights-records/{right.pk}", None),
        ("POST", f"rights-records/{right.pk}/withdraw", None),
        ("GET", f"sponsorships/{sponsorship.pk}", None),
        ("POST", f"sponsorships/{sponsorship.pk}/withdraw", None),
    ]


def test_owner_succeeds_where_outsiders_find_nothing(db: None) -> None:
    member = make.vendor(AT)
    owner, outsider, stranger = Api(member, AT), Api(make.vendor(AT), AT), Api(None, AT)

    for method, path, body in objects_of(member):
        before = Version.objects.count(), Release.objects.count()
        refused = outsider.send(method, path, body)
        assert (path, refused.status_code) == (path, 404)
        assert refused.json()["code"] == "not-found"
        assert (path, stranger.send(method, path, body).status_code) == (path, 401)
        assert (Version.objects.count(), Release.objects.count()) == before
        assert (path, owner.send(method, path, body).status_code // 100) == (path, 2)


def test_supplier_accepts_what_was_proposed_to_it(db: None) -> None:
    vendor = make.vendor(AT)
    supplier = make.member(
        make.organisation(at=AT, capacities=("supplier",)), "owner", "signatory", at=AT
    )
    proposed = Api(vendor, AT).post(
        "sponsorships",
        {
            "supplier_id": str(supplier.organisation_id),
            "mandate_id": str(cast.file_of(vendor, AT).pk),
            "valid_until": (AT + timedelta(days=9)).isoformat(),
        },
    )

    accepted = Api(supplier, AT).post(f"sponsorships/{proposed.json()['id']}/accept")
    made = Api(vendor, AT).post("products", {"supplier_id": str(supplier.organisation_id)})

    assert (proposed.status_code, accepted.status_code, made.status_code) == (201, 200, 201)
    assert accepted.json()["state"] == "IN_FORCE"
    assert made.json()["product"]["supplier_id"] == str(supplier.organisation_id)
    seen = Api(supplier, AT).get(f"versions/{made.json()['id']}")
    assert seen.status_code == 200
    changed = Api(supplier, AT).post(f"versions/{made.json()['id']}/abandon")
    assert changed.status_code == 403


def test_visitor_finds_reads_and_counts_without_signing_in(db: None) -> None:
    entry = cast.shown(make.vendor(AT), AT)
    visitor = Api(None, AT)

    found = visitor.get("catalogue", q="水位", section="N", size="5")
    counted = visitor.get("catalogue/facets", q="water levels")
    read = visitor.get(f"catalogue/{entry.product_id}")

    assert [r.status_code for r in (found, counted, read)] == [200, 200, 200]
    (card,) = found.json()["results"]
    assert (card["product_id"], card["price_from_minor"]) == (str(entry.product_id), 120_000)
    assert found.json()["next"] is None
    assert (counted.json()["count"], counted.json()["capped"]) == (1, False)
    assert counted.json()["facets"]["form"] == [{"value": "dataset", "count": 1}]
    offer = read.json()
    assert offer["plans"][0]["kind"] == "one_off"
    assert "allocation" not in offer["content"]
    assert visitor.get("content-schema").json()["type"] == "object"


def test_pages_of_the_catalogue_are_followed_by_their_links(db: None) -> None:
    vendor = make.vendor(AT)
    for minute in range(3):
        cast.shown(vendor, AT + timedelta(minutes=minute))
    visitor = Api(None, AT)

    first = visitor.get("catalogue", q="水位", size="2").json()
    after = first["next"].split("after=")[1].split("&")[0].replace("%3D", "=")
    second = visitor.get("catalogue", q="水位", size="2", after=after).json()

    assert [len(first["results"]), len(second["results"]), second["next"]] == [2, 1, None]
    ids = [row["version_id"] for row in first["results"] + second["results"]]
    assert len(set(ids)) == 3


def test_product_that_is_not_listed_is_not_in_the_catalogue(db: None) -> None:
    vendor = make.vendor(AT)
    draft = cast.draft(vendor, AT)

    for api in (Api(None, AT), Api(vendor, AT)):
        assert api.get(f"catalogue/{draft.product_id}").status_code == 404
        assert api.get("catalogue", q="水位").json()["results"] == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"content": {}, "plans": []',
        b"\xff",
        {"content": {}},
        {"content": {}, "plans": [], "more": 1},
        {"content": [], "plans": []},
        {"content": {}, "plans": {}},
        {"content": {"nope": 1}, "plans": []},
        {"content": {"title": {"zh": "a\x00"}}, "plans": []},
        {"content": {"volume": {"records": 2**63}}, "plans": []},
        {"content": {"volume": {"records": 2**53}}, "plans": []},
        {"content": {"topic": "x" * 2_000_000}, "plans": []},
        {"content": {}, "plans": [{"price_minor": -1}]},
        {"content": {}, "plans": [None]},
        {"content": None, "plans": None},
        b'{"content": {"topic": "\\ud800"}, "plans": []}',
        b'{"content": ' + b'{"a":' * 40 + b"1" + b"}" * 40 + b', "plans": []}',
    ],
)
def test_malformed_draft_is_a_problem_document(db: None, body: Any) -> None:
    member = make.vendor(AT)
    version = cast.draft(member, AT)

    answer = Api(member, AT).put(f"versions/{version.pk}", body)

    assert answer.status_code in (400, 413, 415)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert Version.objects.get(pk=version.pk).content == version.content


@pytest.mark.parametrize(
    "query",
    [
        {"section": "Z"},
        {"form": "x"},
        {"q": "x" * 201},
        {"q": "a\x00"},
        {"after": "x"},
        {"after": "W10="},
        {"size": "0"},
        {"size": "9999"},
        {"size": "²"},
        {"vendor": "1"},
        {"territory": "china"},
        {"nope": "1"},
    ],
)
def test_malformed_question_is_a_problem_document(db: None, query: dict[str, str]) -> None:
    answer = Api(None, AT).get("catalogue", **query)

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "question", ["%", "'", "\\", "a' | 'b", "&", "气象'||'", "*:*", "ẞß", "𠮷野"]
)
def test_question_of_any_signs_is_answered(db: None, question: str) -> None:
    assert Api(None, AT).get("catalogue", q=question).json()["results"] == []


def test_file_over_the_limit_is_refused_with_the_limit(db: None, settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_BYTES = 10
    vendor = Api(make.vendor(AT), AT)

    fits, exceeds, empty = vendor.upload(b"x" * 10), vendor.upload(b"x" * 11), vendor.upload(b"")

    assert (fits.status_code, exceeds.status_code, empty.status_code) == (201, 413, 400)
    problem = exceeds.json()
    assert (problem["code"], problem["limit_bytes"]) == ("too-large", 10)
    assert "11 bytes" in problem["detail"]
    assert StoredFile.objects.count() == 1


def test_same_upload_sent_twice_is_one_file_and_another_is_a_conflict(db: None) -> None:
    vendor = Api(make.vendor(AT), AT)
    key = uuid4().hex

    first = vendor.upload(b"one", key=key)
    again = vendor.upload(b"one", key=key)
    other = vendor.upload(b"two", key=key)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.json()["id"] == again.json()["id"]
    assert StoredFile.objects.count() == 1


def test_upload_that_is_not_one_is_refused(db: None) -> None:
    vendor = Api(make.vendor(AT), AT)

    assert vendor.post("files", {"file": "x"}).status_code == 415
    assert Api(None, AT).upload(b"x").status_code == 401
    assert not StoredFile.objects.exists()


def test_product_made_twice_with_one_key_is_one_product(db: None) -> None:
    vendor = Api(make.vendor(AT), AT)
    key = uuid4().hex

    first, again = vendor.post("products", {}, key), vendor.post("products", {}, key)

    assert first.json() == again.json()
    assert Product.objects.count() == 1


def test_incomplete_version_is_told_what_is_missing(db: None) -> None:
    vendor = Api(make.vendor(AT), AT)
    made = vendor.post("products", {}).json()

    refused = vendor.post(f"versions/{made['id']}/submit")

    assert refused.status_code == 409
    assert refused.json()["code"] == "version-incomplete"
    assert "Fill it in." in refused.json()["errors"]["title"][0]


def test_pages_take_the_same_statements_whatever_they_show(db: None) -> None:
    member = make.vendor(AT)
    vendor = Api(member, AT)
    shown = cast.shown(member, AT)
    paths = ["products", "catalogue", "catalogue/facets", f"versions/{shown.version_id}"]

    def statements() -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                assert vendor.get(path).status_code == 200
            counts.append(len(queries))
        return counts

    before = statements()
    for minute in range(3):
        cast.shown(member, AT + timedelta(minutes=minute))

    # One of them authenticates and one takes the proof of who signs; a version is read with
    # product, plans and releases.
    assert before == statements() == [3, 3, 3, 5]
