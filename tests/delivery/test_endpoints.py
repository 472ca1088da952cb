"""Every endpoint of delivery: a stranger, an outsider, and who it is for."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.api.routes import ENDPOINTS
from core.models import IdempotencyKey
from delivery import services
from delivery.models import Link, Receipt
from tests import make
from tests.delivery import cast

pytestmark = pytest.mark.django_db


class Scene:
    """A sold version, a receipt, a reported delivery, and the API as each sees it."""

    def __init__(self, at: datetime) -> None:
        self.sold = cast.sold(at)
        cast.body_of(cast.fetch(cast.link(self.sold, at).token))
        self.reported = services.report_outside_delivery(
            grant_id=self.sold.grant.pk,
            means="disk",
            delivered_at=at,
            sha256="",
            size_bytes=None,
            actor=self.sold.vendor,
            at=at,
        )
        now = timezone.now()
        self.buyer = cast.Api(self.sold.buyer, now)
        self.vendor = cast.Api(self.sold.vendor, now)
        self.reviewer = cast.Api(make.staff(at, "reviewer"), now)
        self.outsider = cast.Api(make.buyer(at), now)
        self.other_vendor = cast.Api(make.vendor(at), now)
        self.stranger = cast.Api(None, now)

    def requests(self) -> list[tuple[str, str, dict[str, Any], cast.Api, int, cast.Api]]:
        grant = f"grants/{self.sold.grant.pk}"
        told = f"outside-deliveries/{self.reported.pk}"
        delivery = {"means": "disk", "delivered_at": timezone.now().isoformat()}
        because = {"reason": "because"}
        return [
            ("GET", grant, {}, self.vendor, 200, self.outsider),
            ("GET", f"{grant}/meter", {}, self.buyer, 200, self.outsider),
            ("GET", f"{grant}/receipts", {}, self.buyer, 200, self.outsider),
            ("GET", f"{grant}/outside-deliveries", {}, self.buyer, 200, self.outsider),
            ("GET", f"receipts/{Receipt.objects.get().pk}", {}, self.vendor, 200, self.outsider),
            (
                "POST",
                f"{grant}/links",
                {"release": str(self.sold.release.pk)},
                self.buyer,
                201,
                self.outsider,
            ),
            (
                "POST",
                f"{grant}/outside-deliveries",
                delivery,
                self.vendor,
                201,
                self.other_vendor,
            ),
            ("POST", f"{told}/deny", because, self.buyer, 200, self.outsider),
        ]


def ask(api: cast.Api, method: str, path: str, body: dict[str, Any]) -> Any:
    return api.get(path) if method == "GET" else api.post(path, body)


def test_each_request_is_for_its_own_side_and_for_nobody_else(at: datetime) -> None:
    scene = Scene(at)

    for method, path, body, owner, status, outsider in scene.requests():
        assert ask(scene.stranger, method, path, body).status_code == 401, path
        mine = ask(owner, method, path, body)
        assert mine.status_code == status, (path, mine.content)
        theirs = ask(outsider, method, path, body)
        assert (theirs.status_code, theirs.json()["code"]) == (404, "not-found"), path


def test_every_endpoint_of_delivery_is_asked_here() -> None:
    declared = {(e.method, e.path) for e in ENDPOINTS if e.app == "delivery"}

    grant = "grants/<uuid:grant_id>"
    assert declared == {
        ("GET", "grants"),
        ("GET", grant),
        ("GET", f"{grant}/meter"),
        ("GET", f"{grant}/receipts"),
        ("GET", f"{grant}/outside-deliveries"),
        ("GET", "receipts/<uuid:receipt_id>"),
        ("GET", "deletions"),
        ("GET", "deletions/<uuid:deletion_id>"),
        ("POST", "deletions/<uuid:deletion_id>/prove"),
        ("POST", "deletions/<uuid:deletion_id>/return"),
        ("POST", "deletions/<uuid:deletion_id>/accept"),
        ("POST", f"{grant}/links"),
        ("POST", f"{grant}/withdraw"),
        ("POST", f"{grant}/outside-deliveries"),
        ("POST", "outside-deliveries/<uuid:delivery_id>/confirm"),
        ("POST", "outside-deliveries/<uuid:delivery_id>/deny"),
    }


def test_same_key_gives_the_same_link_whose_token_is_stored_nowhere(at: datetime) -> None:
    scene = Scene(at)
    path, body = f"grants/{scene.sold.grant.pk}/links", {"release": str(scene.sold.release.pk)}
    before = Link.objects.count()

    first = scene.buyer.post(path, body, key="the-same-key")
    second = scene.buyer.post(path, body, key="the-same-key")

    assert first.json() == second.json()
    assert Link.objects.count() == before + 1
    assert second.headers["Idempotency-Replayed"] == "true"
    kept = IdempotencyKey.objects.get(key="the-same-key").body
    assert kept == {name: value for name, value in first.json().items() if name != "url"}
    token = first.json()["url"].rpartition("/")[2]
    assert token not in str(list(IdempotencyKey.objects.values_list("body")))
    assert cast.body_of(Client().get(second.json()["url"])) == cast.BODY


def test_link_from_the_api_works_without_signing_in(at: datetime) -> None:
    scene = Scene(at)

    made = scene.buyer.post(
        f"grants/{scene.sold.grant.pk}/links", {"release": str(scene.sold.release.pk)}
    ).json()
    response = Client().get(made["url"])

    assert made["url"].startswith("http://testserver/download/")
    assert (made["sha256"], made["size_bytes"]) == (
        scene.sold.release.file.sha256,
        len(cast.BODY),
    )
    assert cast.body_of(response) == cast.BODY


def test_list_shows_own_grants_only_and_the_venue_sees_all(at: datetime) -> None:
    scene, other = Scene(at), cast.sold(at)
    mine, theirs = str(scene.sold.grant.pk), str(other.grant.pk)

    def ids(api: cast.Api, query: str = "") -> set[str]:
        return {row["id"] for row in api.get(f"grants{query}").json()["results"]}

    assert scene.stranger.get("grants").status_code == 401
    assert ids(scene.buyer) == {mine}
    assert ids(scene.vendor) == {mine}
    assert ids(scene.outsider) == set()
    assert ids(scene.reviewer) == {mine, theirs}
    assert ids(scene.reviewer, f"?reference={other.grant.reference}") == {theirs}
    assert ids(scene.reviewer, "?state=WITHDRAWN") == set()
    assert scene.buyer.get("grants?colour=red").status_code == 400


def test_page_and_list_ask_the_same_number_of_questions_however_much_there_is(
    at: datetime,
) -> None:
    scene = Scene(at)
    paths = ("grants", f"grants/{scene.sold.grant.pk}")

    def counts() -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                assert scene.reviewer.get(path).status_code == 200
            found.append(len(queries))
        return found

    before = counts()
    for number in range(5):
        cast.sold(at)
        cast.release(scene.sold.version, at, body=b"day %d" % number)

    assert counts() == before


def test_confirmed_delivery_shows_its_receipt(at: datetime) -> None:
    scene = Scene(at)
    path = f"outside-deliveries/{scene.reported.pk}/confirm"

    answer = scene.buyer.post(path)

    assert (answer.status_code, answer.json()["state"]) == (200, "CONFIRMED")
    assert scene.outsider.post(path).status_code == 404
    receipts = scene.vendor.get(f"grants/{scene.sold.grant.pk}/receipts").json()["results"]
    assert len(receipts) == 2
    assert receipts[0]["document"]["outside_delivery"] == str(scene.reported.pk)
    assert len(receipts[0]["signature"]) == 128


def test_withdrawal_is_for_the_venue_and_needs_a_reason(at: datetime) -> None:
    scene = Scene(at)
    path = f"grants/{scene.sold.grant.pk}/withdraw"

    assert scene.stranger.post(path, {"reason": "x"}).status_code == 401
    for api in (scene.buyer, scene.vendor, scene.outsider):
        assert api.post(path, {"reason": "x"}).status_code == 403
    assert scene.reviewer.post(path).status_code == 400
    assert scene.sold.fresh().state == "OPEN"
    answer = scene.reviewer.post(path, {"reason": "court order"})
    assert (answer.status_code, answer.json()["state"]) == (200, "WITHDRAWN")
    assert scene.reviewer.post(path, {"reason": "again"}).status_code == 409
    assert scene.reviewer.post(f"grants/{uuid4()}/withdraw", {"reason": "x"}).status_code == 404


def test_token_without_the_scope_to_trade_makes_no_link(at: datetime) -> None:
    scene = Scene(at)
    narrow = cast.Api(scene.sold.buyer, timezone.now(), "money")

    answer = narrow.post(
        f"grants/{scene.sold.grant.pk}/links", {"release": str(scene.sold.release.pk)}
    )

    assert (answer.status_code, answer.json()["reason"]) == (403, "scope")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"release": "x"},
        {"release": None},
        {"release": [1]},
        {"release": str(uuid4()), "hours": 9999},
    ],
)
def test_wrong_request_for_a_link_is_a_problem_with_its_field(
    body: dict[str, Any], at: datetime
) -> None:
    scene = Scene(at)

    answer = scene.buyer.post(f"grants/{scene.sold.grant.pk}/links", body)

    assert answer.status_code == 400
    assert answer.json()["errors"]


@pytest.mark.parametrize(
    "change",
    [
        {"means": ""},
        {"means": "m" * 501},
        {"delivered_at": "yesterday"},
        {"sha256": "AB"},
        {"size_bytes": -1},
        {"size_bytes": 10**12 + 1},
        {"size_bytes": "12"},
    ],
)
def test_wrong_report_is_a_problem_with_its_field(change: dict[str, Any], at: datetime) -> None:
    scene = Scene(at)
    body = {"means": "disk", "delivered_at": timezone.now().isoformat()} | change

    answer = scene.vendor.post(f"grants/{scene.sold.grant.pk}/outside-deliveries", body)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(change)
