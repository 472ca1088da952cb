"""Settling 500 trades: two workers at once, and a worker killed in the middle of it."""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime

from django.db import DatabaseError, connection
from django.utils import timezone

from core.actors import SYSTEM
from settlement import services
from settlement.models import PostingGroup, SettlementRequest
from settlement.selectors import check_books
from tests.races.serving import ROOT, environment, together
from tests.settlement import cast

TRADES = 500


def settle_all() -> int:
    total = 0
    while True:
        done = services.settle_due(limit=50, actor=SYSTEM, at=timezone.now())
        total += done.settled
        if not done.settled:
            return total


def whole(made: cast.Parties) -> None:
    """Every trade is settled exactly once, to the cent."""
    assert SettlementRequest.objects.filter(state="SETTLED").count() == TRADES
    assert PostingGroup.objects.filter(code="settle").count() == TRADES
    assert cast.balances(made.vendor_id)["payable"] == TRADES * 9_750
    assert cast.balances(made.buyer_id)["held"] == 0
    assert check_books() == ()


def test_two_workers_settle_each_trade_once(live_database: str, at: datetime) -> None:
    made = cast.parties(at, 1_000_000_000)
    cast.requested(made, TRADES)

    done = together([settle_all] * 4)

    assert sum(done) == TRADES
    whole(made)


def test_without_the_claim_workers_take_the_same_trades(live_database: str, at: datetime) -> None:
    """The lock of the test above: without it the unique reference has to stop the second one."""
    made = cast.parties(at, 1_000_000_000)
    cast.requested(made, TRADES)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('settlement_settle'::regproc)")
        (text,) = cursor.fetchone()
        assert text.count("FOR UPDATE SKIP LOCKED") == 1
        cursor.execute(text.replace("FOR UPDATE SKIP LOCKED", ""))

    def settle() -> str:
        try:
            settle_all()
        except DatabaseError as error:
            return type(error).__name__
        return "settled"

    assert set(together([settle] * 4)) != {"settled"}


def test_worker_killed_in_the_middle_settles_the_rest_when_it_is_back(
    live_database: str, at: datetime
) -> None:
    made = cast.parties(at, 1_000_000_000)
    cast.requested(made, TRADES)
    # Each posting waits a little, so that the kill falls into the middle of a batch.
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_sleep(0.002); RETURN NEW; END $$;"
            "CREATE TRIGGER slowly BEFORE INSERT ON settlement_postinggroup "
            "FOR EACH ROW EXECUTE FUNCTION slowly()"
        )
    worker = _worker(live_database)
    deadline = time.monotonic() + 60
    while not 0 < SettlementRequest.objects.filter(state="SETTLED").count() < TRADES:
        assert time.monotonic() < deadline, "the worker settles nothing"
        time.sleep(0.02)

    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    left = SettlementRequest.objects.filter(state="REQUESTED").count()

    assert 0 < left < TRADES
    again = _worker(live_database)
    deadline = time.monotonic() + 120
    while SettlementRequest.objects.filter(state="REQUESTED").exists():
        assert time.monotonic() < deadline, "the worker does not go on"
        time.sleep(0.1)
    os.killpg(again.pid, signal.SIGTERM)
    again.wait(60)
    whole(made)


def _worker(database: str) -> "subprocess.Popen[bytes]":
    """A real Celery worker on the test's database, with a sweep waiting for it."""
    queue = f"settle-{database}"
    celery = [sys.executable, "-m", "celery", "-A", "exchange"]
    quiet = ["--loglevel", "ERROR", "--without-gossip", "--without-mingle"]
    worker = subprocess.Popen(
        [*celery, "worker", "-Q", queue, "--concurrency", "2", *quiet],
        cwd=ROOT,
        env=environment(database),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    subprocess.run(
        [*celery, "call", "settlement.tasks.settle_due", "--queue", queue],
        cwd=ROOT,
        env=environment(database),
        check=True,
        capture_output=True,
    )
    return worker
