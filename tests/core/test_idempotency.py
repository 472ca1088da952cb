"""Answering once: two requests with one key at the same moment, on real connections."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from core.canonical import digest
from core.errors import KeyReused, NotFound
from core.models import IdempotencyKey, Organisation
from core.services.idempotency import Answer, once, purge_answers
from core.tasks import purge_kept_answers
from exchange.celery import app
from tests import make

SCOPE = UUID(int=7)
ASKED, OTHER = digest("this"), digest("that")


class First:
    """A request that has its effect and then waits with its answer until it is let go."""

    def __init__(self, at: datetime, ending: Callable[[], tuple[int, Any]]) -> None:
        self.at, self.ending = at, ending
        self.at_work, self.let_go = threading.Event(), threading.Event()

    def __call__(self) -> tuple[int, Any]:
        make.organisation("First", at=self.at)
        self.at_work.set()
        assert self.let_go.wait(60)
        return self.ending()


def ask(
    at: datetime, run: Callable[[], tuple[int, Any]], *, asked: str = ASKED, scope: UUID = SCOPE
) -> Answer:
    try:
        return once(scope=scope, key="a-key", input_hash=asked, at=at, run=run)
    finally:
        connections.close_all()


def second(at: datetime) -> Callable[[], tuple[int, Any]]:
    def run() -> tuple[int, Any]:
        make.organisation("Second", at=at)
        return 201, {"by": "second"}

    return run


def race(
    at: datetime, ending: Callable[[], tuple[int, Any]], *, asked: str = ASKED
) -> tuple["Future[Answer]", "Future[Answer]"]:
    """Two requests of one key; the first ends only once the second is seen to wait for it."""
    first = First(at, ending)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(ask, at, first)
        assert first.at_work.wait(60)
        two = pool.submit(ask, at, second(at), asked=asked)
        try:
            wait_until_one_waits()
            assert not two.done()
        finally:
            first.let_go.set()
    return one, two


def wait_until_one_waits() -> None:
    """Until a session of this database waits for the transaction of another."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND wait_event_type = 'Lock' AND wait_event = 'transactionid'"
            )
            if cursor.fetchone()[0] == 1:
                return
        time.sleep(0.01)
    raise AssertionError("the second request does not wait")


def effects() -> list[str]:
    return sorted(Organisation.objects.values_list("name_en", flat=True))


def kept() -> list[tuple[Any, ...]]:
    return list(IdempotencyKey.objects.values_list("key", "input_hash", "status", "body"))


def test_second_request_waits_and_gets_the_answer_of_the_first(
    live_database: str, at: datetime
) -> None:
    one, two = race(at, lambda: (201, {"by": "first"}))

    assert one.result() == Answer(201, {"by": "first"}, replayed=False)
    assert two.result() == Answer(201, {"by": "first"}, replayed=True)
    assert effects() == ["First"]
    assert kept() == [("a-key", ASKED, 201, {"by": "first"})]


def test_second_request_for_something_else_waits_and_is_refused(
    live_database: str, at: datetime
) -> None:
    one, two = race(at, lambda: (201, {"by": "first"}), asked=OTHER)

    assert one.result() == Answer(201, {"by": "first"}, replayed=False)
    with pytest.raises(KeyReused):
        two.result()
    assert effects() == ["First"]
    assert kept() == [("a-key", ASKED, 201, {"by": "first"})]


@pytest.mark.parametrize("asked", [ASKED, OTHER], ids=["the same", "something else"])
def test_second_request_runs_when_the_first_is_undone(
    live_database: str, at: datetime, asked: str
) -> None:
    def refuse() -> tuple[int, Any]:
        raise NotFound

    one, two = race(at, refuse, asked=asked)

    with pytest.raises(NotFound):
        one.result()
    assert two.result() == Answer(201, {"by": "second"}, replayed=False)
    assert effects() == ["Second"]
    assert kept() == [("a-key", asked, 201, {"by": "second"})]


def test_keys_of_others_do_not_wait(live_database: str, at: datetime) -> None:
    first = First(at, lambda: (201, {"by": "first"}))

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(ask, at, first)
        assert first.at_work.wait(60)
        two = pool.submit(ask, at, second(at), scope=uuid4())
        assert two.result(60) == Answer(201, {"by": "second"}, replayed=False)
        first.let_go.set()

    assert one.result() == Answer(201, {"by": "first"}, replayed=False)
    assert effects() == ["First", "Second"]
    assert len(kept()) == 2


def test_twenty_at_once_have_one_effect(live_database: str, at: datetime) -> None:
    barrier = threading.Barrier(20)

    def one() -> Answer:
        barrier.wait(60)
        return ask(at, second(at))

    with ThreadPoolExecutor(20) as pool:
        found = [future.result() for future in [pool.submit(one) for _ in range(20)]]

    assert [answer.body for answer in found] == [{"by": "second"}] * 20
    assert [answer.replayed for answer in found].count(False) == 1
    assert effects() == ["Second"]


def test_answer_is_replayed_as_it_was_given_also_within_a_transaction(
    db: None, at: datetime
) -> None:
    body = {"at": at, "id": SCOPE}
    for replayed in (False, True):
        with transaction.atomic():
            found = once(scope=SCOPE, key="k", input_hash=ASKED, at=at, run=lambda: (202, body))
        said = {"at": at.isoformat(), "id": str(SCOPE)}
        assert found == Answer(202, said, replayed=replayed)


def test_secret_of_an_answer_is_told_once_and_never_stored(db: None, at: datetime) -> None:
    body = {"id": 7, "secret": "s"}
    asked = {"scope": SCOPE, "key": "k", "input_hash": ASKED, "at": at, "unkept": ("secret",)}

    first = once(**asked, run=lambda: (201, body))
    second = once(**asked, run=lambda: (201, body))

    assert first == Answer(201, {"id": 7, "secret": "s"}, replayed=False)
    assert second == Answer(201, {"id": 7}, replayed=True)
    assert kept() == [("k", ASKED, 201, {"id": 7})]


def test_old_answers_are_forgotten_and_newer_ones_kept(db: None, at: datetime) -> None:
    for days, key in ((31, "oldest"), (30.5, "old"), (29.5, "new")):
        moment = at - timedelta(days=days)
        once(scope=SCOPE, key=key, input_hash=ASKED, at=moment, run=lambda: (200, None))
    month = timedelta(days=30)

    assert purge_answers(older_than=month, limit=1, at=at) == 1
    assert sorted(row[0] for row in kept()) == ["new", "old"]
    assert purge_answers(older_than=month, limit=10, at=at) == 1
    assert purge_answers(older_than=month, limit=10, at=at) == 0
    assert [row[0] for row in kept()] == ["new"]


def test_schedule_forgets_old_answers_every_night(db: None, at: datetime) -> None:
    for days, key in ((settings.KEPT_ANSWERS_DAYS + 1, "old"), (1, "new")):
        moment = at - timedelta(days=days)
        once(scope=SCOPE, key=key, input_hash=ASKED, at=moment, run=lambda: (200, None))

    assert "core.tasks.purge_kept_answers" in app.conf.beat_schedule
    assert purge_kept_answers() == 1
    assert [row[0] for row in kept()] == ["new"]
