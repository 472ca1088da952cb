"""Settling 500 trades: two workers at once, and a worker killed in the middle of it.

Each also without what it is about, taken out layer by layer until a trade is settled twice.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from core.actors import SYSTEM
from settlement import services
from settlement.models import PostingGroup, SettlementRequest
from settlement.selectors import check_books
from settlement.tasks import settle_due
from tests.races.removal import Delayed, Dropped, Rewritten, change
from tests.races.serving import ROOT, environment, together
from tests.settlement import cast

TRADES = 500

# What is taken away: where it stands, its text, what stands there instead.
# Workers claim what they settle and pass over what others have claimed.
CLAIM = Rewritten("settlement_settle", "FOR UPDATE SKIP LOCKED")
# A trade is posted and marked as settled in one transaction. Without it a worker marks what it
# has posted when it comes next, and what it has posted only its own session remembers.
MARKED_IN_THE_SAME_TRANSACTION = (
    Rewritten(
        "settlement_settle_post",
        """\
    ), done AS (
        UPDATE settlement_settlementrequest r
        SET state = 'SETTLED', reason = '', settled_at = moment
        FROM due WHERE r.id = due.id
    )
""",
        "    )\n",
    ),
    Rewritten(
        "settlement_settle",
        "    PERFORM settlement_settle_post(good, moment, reactions);\n",
        "    PERFORM settlement_settle_post(good, moment, reactions);\n"
        "    PERFORM set_config('race.posted', good::text, false);\n",
    ),
    Rewritten(
        "settlement_settle",
        "BEGIN\n",
        """\
BEGIN
    UPDATE settlement_settlementrequest r SET state = 'SETTLED', settled_at = moment
    WHERE r.id = ANY (nullif(current_setting('race.posted', true), '')::uuid[]);
""",
    ),
)
# What was captured or posted before is a fault of the request.
FAULTS_ARE_FOUND = Rewritten(
    "settlement_settle", "WHEN r.amount_minor = 0 THEN NULL", "WHEN true THEN NULL"
)
POSTED_ONCE = Dropped("settlement_postinggroup", "settlement_postinggroup_reference_key")
BALANCE_FLOOR = Dropped("settlement_balance", "settlement_balance_floor")
# Each posting waits a little, so that the kill falls into the middle of a batch.
SLOWLY = Delayed("settlement_postinggroup", "INSERT", "PERFORM pg_sleep(0.002)")


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
    change(CLAIM)

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
    _kill_in_the_middle(live_database)
    settled = SettlementRequest.objects.filter(state="SETTLED").count()

    assert 0 < settled < TRADES
    assert PostingGroup.objects.filter(code="settle").count() == settled
    assert check_books() == ()
    again = _worker(live_database)
    deadline = time.monotonic() + 120
    while SettlementRequest.objects.filter(state="REQUESTED").exists():
        assert time.monotonic() < deadline, "the worker does not go on"
        time.sleep(0.1)
    os.killpg(again.pid, signal.SIGTERM)
    again.wait(60)
    whole(made)


def test_without_its_transaction_a_killed_worker_leaves_what_is_paid_twice(
    live_database: str, at: datetime
) -> None:
    made = cast.parties(at, 1_000_000_000)
    cast.requested(made, TRADES)
    change(*MARKED_IN_THE_SAME_TRANSACTION)
    _kill_in_the_middle(live_database)
    left = SettlementRequest.objects.filter(state="REQUESTED").count()
    posted = PostingGroup.objects.filter(code="settle").count()
    unmarked = posted - (TRADES - left)
    assert 0 < unmarked < posted <= TRADES

    # Who comes next and finds them captured already fails them, and pays the others.
    with _undone():
        assert _settled_again() == (left - unmarked, unmarked)
        failed = SettlementRequest.objects.filter(state="FAILED")
        assert {request.reason for request in failed} == {"hold-closed"}
        assert cast.balances(made.vendor_id)["payable"] == TRADES * 9_750
    change(FAULTS_ARE_FOUND)
    assert _refusal() == "settlement_postinggroup_reference_key"
    change(POSTED_ONCE)
    assert _refusal() == "settlement_balance_floor"
    assert cast.balances(made.vendor_id)["payable"] == posted * 9_750
    change(BALANCE_FLOOR)

    assert _settled_again() == (left, 0)
    assert cast.balances(made.vendor_id)["payable"] == (TRADES + unmarked) * 9_750
    assert cast.balances(made.buyer_id)["held"] == -unmarked * 10_100
    found = {fault.code for fault in check_books()}
    assert found >= {"below-floor", "duplicate-reference", "held-differs"}


@contextmanager
def _undone() -> Iterator[None]:
    """Whatever happens inside has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _settled_again() -> tuple[int, int]:
    """Settle, in a session that knows of no other, all that is due at once."""
    done = services.settle_due(limit=TRADES, actor=SYSTEM, at=timezone.now())
    return done.settled, done.failed


def _refusal() -> str:
    """Return the constraint that stops settling, which stops as a whole."""
    with pytest.raises(IntegrityError) as refused, _undone():
        _settled_again()
    return str(refused.value.__cause__.diag.constraint_name)


def _kill_in_the_middle(database: str) -> None:
    """Kill a worker when it has settled some trades, while it settles the next."""
    change(SLOWLY)
    with connection.cursor() as cursor:
        # The server gives up at once what nobody waits for: the kill ends the statement, too.
        cursor.execute(f"ALTER DATABASE {database} SET client_connection_check_interval = '10ms'")
    worker = _worker(database)
    deadline = time.monotonic() + 60
    while not 0 < SettlementRequest.objects.filter(state="SETTLED").count() < TRADES:
        assert time.monotonic() < deadline, "the worker settles nothing"
        time.sleep(0.02)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone() == (0,):
                return
            assert time.monotonic() < deadline, "the worker's sessions do not end"
            time.sleep(0.01)


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
    settle_due.apply_async(queue=queue)
    return worker
