"""Fetching a file with a link: the bytes that were asked for, or a problem that says why not."""

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.signals import request_finished
from django.test import Client
from django.utils import timezone

from core.files import path_of
from delivery import services
from delivery.api import downloads
from delivery.links import LinkClaim, token_of
from delivery.models import Access, AccessEnd, Receipt
from tests.delivery import cast

pytestmark = pytest.mark.django_db
BODY, SIZE = cast.BODY, len(cast.BODY)
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def sold(at: datetime) -> cast.Sold:
    return cast.sold(at)


@pytest.fixture
def token(sold: cast.Sold, at: datetime) -> str:
    return cast.link(sold, at).token


def problem(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    return response.status_code, response.json()["code"]


def test_whole_file_comes_with_its_hash_length_and_name(token: str) -> None:
    response = cast.fetch(token)

    assert response.status_code == 200
    assert cast.body_of(response) == BODY
    assert response["Content-Length"] == str(SIZE)
    assert response["Content-Type"] == "text/csv"
    assert response["Accept-Ranges"] == "bytes"
    assert response["ETag"] == f'"{SHA256}"'
    digest = base64.b64encode(hashlib.sha256(BODY).digest()).decode()
    assert response["Repr-Digest"] == f"sha-256=:{digest}:"
    assert response["Content-Disposition"] == 'attachment; filename="readings.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_chinese_name_is_spelled_for_every_client(at: datetime) -> None:
    sold = cast.sold(at, name="空气质量 2026.csv")

    response = cast.fetch(cast.link(sold, at).token)

    assert response["Content-Disposition"] == (
        'attachment; filename="____ 2026.csv"; '
        "filename*=UTF-8''%E7%A9%BA%E6%B0%94%E8%B4%A8%E9%87%8F%202026.csv"
    )


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, SIZE - 1),
        ("bytes=-7", SIZE - 7, SIZE - 1),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
        (f"bytes=5-{10**30}", 5, SIZE - 1),
        (f"bytes=-{10**30}", 0, SIZE - 1),
    ],
)
def test_range_gives_exactly_its_bytes(token: str, asked: str, first: int, last: int) -> None:
    response = cast.fetch(token, Range=asked)

    assert response.status_code == 206
    assert cast.body_of(response) == BODY[first : last + 1]
    assert response["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert response["Content-Length"] == str(last - first + 1)
    assert response["ETag"] == f'"{SHA256}"'


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=-0", f"bytes={10**40}-"])
def test_range_beyond_the_file_is_416_and_takes_no_download(
    sold: cast.Sold, token: str, asked: str
) -> None:
    response = cast.fetch(token, Range=asked)

    assert problem(response) == (416, "range-not-satisfiable")
    assert response["Content-Range"] == f"bytes */{SIZE}"
    assert sold.fresh().download_count == 0


@pytest.mark.parametrize(
    "asked", ["bytes=9-2", "bytes=-", "bytes=a-b", "rows=0-9", "bytes=0-1,5-6", "bytes=٣-٤"]
)
def test_range_that_cannot_be_served_alone_gives_the_whole(token: str, asked: str) -> None:
    response = cast.fetch(token, Range=asked)

    assert (response.status_code, cast.body_of(response)) == (200, BODY)


def test_if_range_with_the_tag_goes_on_and_with_another_begins_anew(token: str) -> None:
    same = cast.fetch(token, Range="bytes=5-", If_Range=f'"{SHA256}"')
    weak = cast.fetch(token, Range="bytes=5-", If_Range=f'W/"{SHA256}"')
    other = cast.fetch(token, Range="bytes=5-", If_Range='"another"')
    date = cast.fetch(token, Range="bytes=5-", If_Range="Mon, 23 Nov 2026 00:00:00 GMT")

    assert (same.status_code, cast.body_of(same)) == (206, BODY[5:])
    assert [r.status_code for r in (weak, other, date)] == [200, 200, 200]


def test_conditions_are_answered_without_bytes(sold: cast.Sold, token: str) -> None:
    unchanged = cast.fetch(token, If_None_Match=f'"x", W/"{SHA256}"')
    unlike = cast.fetch(token, If_Match='"x"')
    alike = cast.fetch(token, If_Match=f'"{SHA256}"')

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert problem(unlike) == (412, "precondition-failed")
    assert alike.status_code == 200
    assert sold.fresh().download_count == 1


def test_head_tells_all_and_takes_no_download(sold: cast.Sold, token: str) -> None:
    response = Client().head(f"/download/{token}", headers={"Range": "bytes=0-1"})

    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == str(SIZE)
    assert response["ETag"] == f'"{SHA256}"'
    assert sold.fresh().download_count == 0
    assert Access.objects.get().method == "HEAD"


def test_other_methods_are_405(token: str) -> None:
    response = Client().post(f"/download/{token}")

    assert problem(response) == (405, "method-not-allowed")
    assert response["Allow"] == "GET, HEAD"


def test_ten_ranges_of_one_link_are_one_download_and_one_receipt(
    sold: cast.Sold, token: str
) -> None:
    step = SIZE // 10 + 1
    got = [
        cast.body_of(cast.fetch(token, Range=f"bytes={start}-{start + step - 1}"))
        for start in range(0, SIZE, step)
    ]

    assert b"".join(got) == BODY
    assert len(got) == 10
    assert sold.fresh().download_count == 1
    assert Access.objects.filter(begins=True).count() == 1
    assert Access.objects.count() == 10
    assert Receipt.objects.count() == 1
    assert cast.verbs("grant", sold.grant.pk) == ["open", "hand_over"]


def test_download_that_breaks_off_is_metered_to_the_byte_and_hands_over_nothing(
    sold: cast.Sold, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "PIECE", 100)
    response = cast.fetch(token)
    parts = iter(response.streaming_content)
    got = [next(parts) for _ in range(3)]

    # The end of a request closes connections; within the test's transaction it must not.
    with monkeypatch.context() as patch:
        patch.setattr(request_finished, "send", lambda **_: [])
        response.close()

    assert b"".join(got) == BODY[:300]
    end = AccessEnd.objects.get()
    # The third piece was given to the server, but it did not ask for another after it.
    assert (end.sent_bytes, end.access.asked_bytes) == (200, SIZE)
    assert Receipt.objects.count() == 0
    assert sold.fresh().handed_over_at is None


def test_limit_that_is_reached_says_so_and_the_used_link_goes_on(at: datetime) -> None:
    sold = cast.sold(at, max_downloads=1)
    used, unused = cast.link(sold, at), cast.link(sold, at)
    cast.body_of(cast.fetch(used.token, Range="bytes=0-9"))

    refused = cast.fetch(unused.token)
    resumed = cast.fetch(used.token, Range="bytes=10-")

    assert problem(refused) == (409, "downloads-used-up")
    assert refused.json()["detail"] == "1 of 1 downloads are used."
    assert refused.json()["way_out"]
    assert (resumed.status_code, cast.body_of(resumed)) == (206, BODY[10:])
    assert sold.fresh().download_count == 1


def test_grant_without_a_limit_counts_on(at: datetime) -> None:
    sold = cast.sold(at, max_downloads=None)

    for _ in range(4):
        cast.body_of(cast.fetch(cast.link(sold, at).token))

    assert sold.fresh().download_count == 4


def test_altered_token_is_unknown_whichever_character_it_is(token: str) -> None:
    for place in range(0, len(token), 7):
        letter = "A" if token[place] != "A" else "B"
        response = cast.fetch(token[:place] + letter + token[place + 1 :])
        assert problem(response) == (404, "link-unknown")
    for other in ("x", token[:-1], token + "A", token + "=", "é" * 20, "%00"):
        assert problem(cast.fetch(other)) == (404, "link-unknown")
    assert Access.objects.count() == 0


def test_token_made_with_another_secret_is_unknown(sold: cast.Sold, at: datetime) -> None:
    link = cast.link(sold, at).link
    claim = LinkClaim(link.pk, link.grant_id, link.release_id, link.expires_at)

    assert problem(cast.fetch(token_of(claim, "guessed"))) == (404, "link-unknown")
    assert cast.fetch(token_of(claim, settings.SECRET_KEY)).status_code == 200


def test_token_does_not_lead_from_one_grant_to_the_file_of_another(
    sold: cast.Sold, at: datetime
) -> None:
    other = cast.sold(at)
    mine, theirs = cast.link(sold, at).link, cast.link(other, at).link

    # Even with the venue's own secret: the three ids have to belong together.
    claim = LinkClaim(mine.pk, mine.grant_id, theirs.release_id, mine.expires_at)

    assert problem(cast.fetch(token_of(claim, settings.SECRET_KEY))) == (404, "link-unknown")


def test_expired_link_says_so_and_a_fresh_one_goes_on(at: datetime) -> None:
    yesterday = timezone.now() - timedelta(hours=25)
    sold = cast.sold(yesterday)
    old, fresh = cast.link(sold, yesterday), cast.link(sold, timezone.now())

    refused = cast.fetch(old.token, Range="bytes=10-")

    assert problem(refused) == (403, "link-expired")
    assert refused.json()["way_out"] == (
        "Ask for a fresh link; a download that broke off can go on with it."
    )
    assert Access.objects.get().status == 403
    resumed = cast.fetch(fresh.token, Range="bytes=10-", If_Range=f'"{SHA256}"')
    assert (resumed.status_code, cast.body_of(resumed)) == (206, BODY[10:])


def test_link_of_an_expired_grant_says_so() -> None:
    long_ago = timezone.now() - timedelta(hours=20)
    sold = cast.sold(
        long_ago,
        expires_at=timezone.now() - timedelta(seconds=1),
        inspect_until=long_ago,
    )
    made = cast.link(sold, long_ago)

    assert problem(cast.fetch(made.token)) == (403, "grant-expired")
    assert sold.fresh().download_count == 0


def test_file_that_is_not_whole_on_disk_is_never_sent(sold: cast.Sold, token: str) -> None:
    path = path_of(sold.release.file)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])

    short = cast.fetch(token)
    path.unlink()
    missing = cast.fetch(token)

    assert problem(short) == (503, "file-unavailable")
    assert problem(missing) == (503, "file-unavailable")
    assert sold.fresh().download_count == 0


def test_unreadable_media_type_is_sent_as_bytes(at: datetime) -> None:
    sold = cast.sold(at)
    strange = cast.release(sold.version, at, body=b"<b>hi</b>", media_type="text/html\r\nX: y")
    made = services.make_link(
        grant_id=sold.grant.pk, release_id=strange.pk, actor=sold.buyer, at=at
    )

    response = cast.fetch(made.token)

    assert response["Content-Type"] == "application/octet-stream"
    assert "X" not in response.headers


def test_link_asked_too_often_has_to_wait(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(downloads.LinkThrottle, "rate", "2/min")
    answers = [Client().head(f"/download/{token}") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 61
