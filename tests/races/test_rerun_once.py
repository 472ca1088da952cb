"""Running a list over 1,601 live clearances: two workers at once, one killed in the middle.

All but one are copies of the one that went through the services.
"""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta

from django.db import connection, transaction

from bench.market import copy_row, copy_samples
from compliance import services
from compliance.models import ChecklistVersion, Clearance, Decision
from compliance.selectors import rerun_due
from compliance.tasks import BATCH, prepare_clearances
from core.actors import SYSTEM
from tests import make
from tests.compliance import cast
from tests.races.removal import Delayed, change
from tests.races.serving import ROOT, environment, together

COPIES = 1_600
# Each decision waits a little, so that the kill falls into the middle of a batch.
SLOWLY = Delayed("compliance_decision", "INSERT", "PERFORM pg_sleep(0.001)")


def catalogue(at: datetime) -> ChecklistVersion:
    """Live clearances and the list that waits to be run over them."""
    desk = cast.desk(at)
    cast.in_force(at)
    clearance = cast.cleared(make.vendor(at), desk, at)
    checklist = cast.scheduled(desk, at, effective_at=at + timedelta(days=3))
    version = clearance.version
    kinds = ("product", "version", "declaration", "decision", "clearance")
    key = {kind: f"md5('{kind}' || n)::uuid" for kind in kinds}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, original, changed in (
            ("listings_product", version.product_id, {"id": key["product"], "code": "'C-' || n"}),
            (
                "listings_version",
                version.pk,
                {"id": key["version"], "product_id": key["product"]},
            ),
            (
                "compliance_declaration",
                clearance.declaration_id,
                {"id": key["declaration"], "version_id": key["version"]},
            ),
            (
                "compliance_decision",
                clearance.decision_id,
                {"id": key["decision"], "reference": key["version"]},
            ),
            (
                "compliance_clearance",
                clearance.pk,
                {
                    "id": key["clearance"],
                    "version_id": key["version"],
                    "declaration_id": key["declaration"],
                    "decision_id": key["decision"],
                },
            ),
        ):
            copy_row(cursor, table, str(original), COPIES, **changed)
        copy_samples(cursor, version, COPIES, key["version"])
        cursor.execute("ANALYZE")
    return checklist


def whole(checklist: ChecklistVersion) -> None:
    """Every live clearance was run once, and has one that follows it."""
    runs = Decision.objects.filter(kind="rerun", checklist=checklist)
    assert runs.count() == runs.values("previous").distinct().count() == COPIES + 1
    assert Clearance.objects.filter(state="PREPARED").count() == COPIES + 1
    assert not rerun_due(checklist).exists()


def test_two_workers_run_each_clearance_once(live_database: str, at: datetime) -> None:
    checklist = catalogue(at)

    def run() -> int:
        done = 0
        while some := services.prepare_clearances(limit=200, actor=SYSTEM, at=at):
            done += some
        return done

    done = together([run, run])

    assert sum(done) == COPIES + 1
    whole(checklist)


def test_a_worker_killed_in_the_middle_repeats_nothing_when_it_is_back(
    live_database: str, at: datetime
) -> None:
    checklist = catalogue(at)
    runs = Decision.objects.filter(kind="rerun", checklist=checklist)
    _kill_in_the_middle(live_database, checklist)
    before = dict(runs.values_list("pk", "previous_id"))

    assert len(before) in (BATCH, 2 * BATCH, 3 * BATCH)
    assert Clearance.objects.filter(state="PREPARED").count() == len(before)
    again = _worker(live_database)
    deadline = time.monotonic() + 120
    while rerun_due(checklist).exists():
        assert time.monotonic() < deadline, "the worker does not go on"
        # As the schedule does: one sweep ends after some seconds.
        prepare_clearances.apply_async(queue=_queue(live_database), expires=1)
        time.sleep(1)
    os.killpg(again.pid, signal.SIGTERM)
    again.wait(60)
    whole(checklist)
    after = dict(runs.values_list("pk", "previous_id"))
    assert before.items() <= after.items()


def _kill_in_the_middle(database: str, checklist: ChecklistVersion) -> None:
    """Kill a worker when it has run some of the clearances, while it runs the next."""
    change(SLOWLY)
    with connection.cursor() as cursor:
        # The server gives up at once what nobody waits for: the kill ends the statement, too.
        cursor.execute(f"ALTER DATABASE {database} SET client_connection_check_interval = '10ms'")
    worker = _worker(database)
    runs = Decision.objects.filter(kind="rerun", checklist=checklist)
    deadline = time.monotonic() + 60
    while not 0 < runs.count() <= COPIES:
        assert time.monotonic() < deadline, "the worker runs nothing"
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


def _queue(database: str) -> str:
    return f"rerun-{database}"


def _worker(database: str) -> "subprocess.Popen[bytes]":
    """A real Celery worker on the test's database, with a sweep waiting for it."""
    queue = _queue(database)
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
    prepare_clearances.apply_async(queue=queue)
    return worker
