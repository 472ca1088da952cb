"""Downloads that begin and end at the same moment, on real connections with real commits."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.urls import resolve

from core.actors import SYSTEM
from delivery import services
from delivery.models import Access, Grant, Receipt
from tests.delivery import cast

CLIENTS = 20


def together(work: list[Callable[[], Any]]) -> list[Any]:
    """Run all of `work` in threads that start at one barrier; return what each returned."""
    resolve("/download/warm")  # the addresses are read once, before anyone starts
    barrier = threading.Barrier(len(work))

    def run(one: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=60)
            return one()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as pool:
        return [future.result() for future in [pool.submit(run, one) for one in work]]


def fetched(token: str, **headers: str) -> tuple[int, bytes]:
    response = cast.fetch(token, **headers)
    whole = cast.body_of(response) if response.streaming else b""
    return response.status_code, whole


def test_of_twenty_links_at_once_exactly_as_many_begin_as_the_grant_allows(
    live_database: str, at: datetime
) -> None:
    sold = cast.sold(at, max_downloads=5)
    tokens = [cast.link(sold, at).token for _ in range(CLIENTS)]

    answers = together([lambda token=token: fetched(token) for token in tokens])

    assert Counter(status for status, _ in answers) == {200: 5, 409: 15}
    assert all(body == cast.BODY for status, body in answers if status == 200)
    assert Grant.objects.get().download_count == 5
    assert Access.objects.filter(begins=True).count() == 5
    assert Access.objects.filter(status=409, asked_bytes=0).count() == 15
    assert Receipt.objects.count() == 5
    assert cast.verbs("grant", sold.grant.pk) == ["open", "hand_over"]


def test_twenty_clients_on_one_link_are_one_download(live_database: str, at: datetime) -> None:
    sold = cast.sold(at, max_downloads=1)
    token = cast.link(sold, at).token

    answers = together([lambda: fetched(token)] * CLIENTS)

    assert answers == [(200, cast.BODY)] * CLIENTS
    assert Grant.objects.get().download_count == 1
    assert Access.objects.filter(begins=True).count() == 1
    assert Receipt.objects.count() == 1


def test_ranges_that_end_at_the_same_moment_make_one_receipt(
    live_database: str, at: datetime
) -> None:
    sold = cast.sold(at)
    token, size = cast.link(sold, at).token, len(cast.BODY)
    step = size // CLIENTS + 1
    ranges = [f"bytes={start}-{start + step - 1}" for start in range(0, size, step)]

    answers = together([lambda r=r: fetched(token, Range=r) for r in ranges])

    assert b"".join(body for _, body in answers) == cast.BODY
    assert Receipt.objects.count() == 1
    assert Grant.objects.get().download_count == 1
    assert cast.verbs("grant", sold.grant.pk) == ["open", "hand_over"]


def test_trade_that_is_opened_twenty_times_at_once_has_one_grant(
    live_database: str, at: datetime
) -> None:
    sold = cast.sold(at)
    asked = cast.request_for(sold.version, sold.buyer, at)

    def opened() -> object:
        return services.open_grants(grants=[asked], actor=SYSTEM, at=at)[0].pk

    answers = together([opened] * CLIENTS)

    [grant] = Grant.objects.filter(reference=asked.reference)
    assert answers == [grant.pk] * CLIENTS
    assert cast.verbs("grant", grant.pk) == ["open"]


@pytest.mark.parametrize("link_is_in_use", [False, True])
def test_access_waits_for_a_withdrawal_that_is_being_written_and_is_refused(
    live_database: str, at: datetime, link_is_in_use: bool
) -> None:
    sold = cast.sold(at)
    made = cast.link(sold, at)
    if link_is_in_use:
        fetched(made.token, Range="bytes=0-9")
    written, may_commit = threading.Event(), threading.Event()

    def withdraw() -> None:
        with transaction.atomic():
            services.withdraw_grants(
                references=[sold.grant.reference], reason="recall", actor=SYSTEM, at=at
            )
            written.set()
            assert may_commit.wait(timeout=60)

    def fetch() -> tuple[int, bytes]:
        assert written.wait(timeout=60)
        return fetched(made.token, Range="bytes=10-")

    def let_commit_once_the_other_waits() -> None:
        while not waiting_for_locks():
            time.sleep(0.01)
        may_commit.set()

    _, answer, _ = together([withdraw, fetch, let_commit_once_the_other_waits])

    assert answer == (403, b"")
    assert sold.fresh().download_count == int(link_is_in_use)
    assert Access.objects.get(status=403).asked_bytes == 0


def waiting_for_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])
