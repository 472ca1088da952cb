"""python -m bench.screening [--quick]: what screening costs, alone and beside orders.

Real listings are judged by every item; a scheduled list is run over a market of 100,000 stored
versions, first alone and then while orders are placed by turns with and without it. One JSON
document goes to standard output. `make bench` does the same on its own, smaller market.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import gt
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from core import launcher

if TYPE_CHECKING:
    from bench.subjects import Ours

ROOT = Path(__file__).resolve().parents[1]
CASES = Path(os.environ.get("DATABOURSE_CASES") or ROOT.parent / "shared" / "cases")
LISTINGS = ("exchange-listings-dev.jsonl", "cn-dev-3000.jsonl")
BATCH = 500
# How long the list is run alone and, by turns, beside orders; and orders of one turn.
FULL, QUICK = (100_000, 1_000, 200), (120, 40, 10)


def main() -> None:
    """Make a market on servers of its own, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.screening", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes")
    parser.add_argument("--rerun", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.rerun:
        _run_when_told(asked.rerun)
        return
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o711)
        services = launcher.ensure(Path(home) / "servers")
        try:
            os.environ |= launcher.environment(services)
            os.environ |= {"DATABOURSE_HOME": home, "DATABOURSE_LOG_LEVEL": "ERROR"}
            os.environ["DJANGO_SETTINGS_MODULE"] = "exchange.settings"
            document = _measured(quick=asked.quick)
        finally:
            services.close()
    document["seconds"] = round(time.monotonic() - begun, 1)
    print(json.dumps(document, indent=2))


def say(text: str) -> None:
    """Tell how far it is, on standard error."""
    print(text, file=sys.stderr, flush=True)


def _measured(*, quick: bool) -> dict[str, Any]:
    import django
    from django.core.management import call_command

    django.setup()
    from bench import market, subjects

    say("migrating")
    call_command("migrate", verbosity=0, interactive=False)
    say("making the market")
    size = market.Size(*(QUICK if quick else FULL))
    ours = subjects.Ours(market.make(size, at=datetime.now(UTC)))
    ours.place_batch(2, 20 if quick else 200)
    ours.place_one(20)
    ours.settle_down()
    if quick:
        return measured(ours, alone=0.4, rounds=1, most=100)
    return measured(ours, alone=0.6, rounds=6, whole=True)


def measured(
    ours: "Ours", *, alone: float, rounds: int, most: int | None = None, whole: bool = False
) -> dict[str, Any]:
    """Return what screening costs; `alone` is the share of the market that is run without orders.

    Of each file of real listings at most `most` are judged. With `whole` what is left of the market
    after the orders is run too.
    """
    say("screening real listings")
    listings = real_listings(most)
    say("running a list over the market")
    live = _schedule()
    size = min(BATCH, live // 12)
    with Rerunning(size) as other:
        runs = other.run(int(live * alone) // size)
        say("placing orders by turns with and without a run beside them")
        orders = orders_meanwhile(ours, other, rounds)
        left = other.run(live)["versions"] if whole else 0
    return {
        "real_listings": listings,
        "rerun": {
            "live_versions": live,
            **runs,
            "versions_a_second_a_core": round(1e6 / (runs["client_us"] + runs["server_us"])),
            "left_and_run_at_the_end": left,
        },
        "orders_during_a_rerun": orders,
    }


def real_listings(most: int | None) -> dict[str, Any]:
    """Judge every real listing by every item; tell verdicts and the CPU time of one."""
    from compliance.facts import facts_from_content
    from compliance.models import ChecklistVersion
    from compliance.rules import finding_document, run, run_attestations, verdict
    from compliance.selectors import compiled
    from listings.catalogue_files import read_rows

    at = datetime.now(UTC)
    checklist = compiled(ChecklistVersion.objects.get(state="IN_FORCE"))
    found: dict[str, Any] = {}
    for name in LISTINGS:
        path = CASES / "catalog" / name
        if not path.is_file():
            found[name] = {"absent": str(path)}
            continue
        with path.open("rb") as stream:
            drafts = [row.draft for row in read_rows(stream) if row.draft is not None][:most]
        verdicts: Counter[str] = Counter()
        costs = []
        for draft in drafts:
            begun = time.process_time()
            facts = facts_from_content(draft.content, plans=draft.plans, scan=None, register=None)
            findings = run(checklist, facts, (), at=at)
            findings += run_attestations(checklist, facts, (), {}, at=at)
            verdicts[verdict(findings)] += 1
            for one in findings:
                finding_document(one)
            costs.append((time.process_time() - begun) * 1e3)
        costs.sort()
        found[name] = {
            "listings": len(drafts),
            "verdicts": dict(verdicts),
            "cpu_ms_p50": round(statistics.median(costs), 3),
            "cpu_ms_p99": round(costs[len(costs) * 99 // 100], 3),
        }
    found["items"] = len(checklist.document.items)
    return found


def _schedule() -> int:
    """Let a list wait that says the same as the one in force; return how many it is to run over.

    Its trial is passed over, for which the guards are off: what is measured runs with them on.
    """
    from django.db import connection, transaction

    from compliance.models import ChecklistVersion
    from compliance.selectors import rerun_due
    from core.canonical import digest

    now = datetime.now(UTC)
    items = ChecklistVersion.objects.get(state="IN_FORCE").items | {"code": "bench"}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        waiting = ChecklistVersion.objects.create(
            code="bench",
            items=items,
            items_hash=digest(items),
            state="SCHEDULED",
            created_at=now,
            effective_at=now + timedelta(days=1),
        )
    return rerun_due(waiting).count()


def orders_meanwhile(ours: "Ours", other: "Rerunning", rounds: int) -> dict[str, Any]:
    """Place orders by turns with a run beside them and without; tell the ratio of the rates."""
    count = 250
    rates: dict[bool, list[float]] = {True: [], False: []}
    beside = []
    for number in range(rounds * 2):
        meanwhile = number % 4 in (1, 2)
        if meanwhile:
            other.start()
        begun = time.perf_counter()
        ours.place_one(count)
        rates[meanwhile].append(count / (time.perf_counter() - begun))
        if meanwhile:
            beside.append(other.stop()["versions_a_second"])
        say(f"turn {number + 1} of {rounds * 2}")
    ratios = [a / b for a, b in zip(rates[True], rates[False], strict=True)]
    return {
        "orders_a_second_without": round(statistics.median(rates[False]), 1),
        "orders_a_second_meanwhile": round(statistics.median(rates[True]), 1),
        "ratio": round(statistics.median(ratios), 3),
        "turns": [round(one, 3) for one in ratios],
        "versions_a_second_beside_them": round(statistics.median(beside), 1),
    }


class Rerunning:
    """A process that runs the scheduled list over the market, when and as long as it is told."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __enter__(self) -> "Rerunning":
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.screening", "--rerun", str(self.size)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()
        return self

    def __exit__(self, *_: object) -> None:
        self._tell("end")
        self.process.wait(60)

    def run(self, batches: int) -> dict[str, Any]:
        """Run so many batches, or until all are done; return what it took."""
        self._tell(f"run {batches}")
        return self._answer()

    def start(self) -> None:
        """Begin to run batches."""
        self._tell("start")
        self._answer()

    def stop(self) -> dict[str, Any]:
        """End after the batch that runs; return what it took."""
        self._tell("stop")
        return self._answer()

    def _tell(self, text: str) -> None:
        pipe: IO[str] | None = self.process.stdin
        assert pipe is not None
        pipe.write(text + "\n")
        pipe.flush()

    def _answer(self) -> dict[str, Any]:
        pipe: IO[str] | None = self.process.stdout
        assert pipe is not None
        line = pipe.readline()
        if not line:
            raise RuntimeError("the process that runs the list has ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _run_when_told(size: int) -> None:
    """Be that process: do what stands on each line of standard input, answer with one line."""
    import django

    django.setup()
    from django.db import connection

    from compliance.tasks import RERUN_REST

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    # The first batch reads the list and plans the statements.
    _run_batches(backend, size, lambda done: done == 0)
    _say_line({"ready": True})
    for line in sys.stdin:
        command, _, number = line.strip().partition(" ")
        if command == "end":
            return
        if command == "run":
            _say_line(_run_batches(backend, size, partial(gt, int(number))))
        else:
            # It stops at the next line, whatever stands on it.
            told = threading.Event()
            threading.Thread(target=_tell_at_the_next_line, args=[told], daemon=True).start()
            _say_line({"begun": True})
            _say_line(_run_batches(backend, size, partial(_not_told, told), RERUN_REST))


def _tell_at_the_next_line(told: threading.Event) -> None:
    sys.stdin.readline()
    told.set()


def _not_told(told: threading.Event, _: int) -> bool:
    return not told.is_set()


def _run_batches(
    backend: int, size: int, goes_on: Callable[[int], bool], rest: float = 0
) -> dict[str, Any]:
    """Run batches of `size` while `goes_on` and any are due; tell what they took.

    After each it rests for the share `rest` of what the batch took, as the sweep does.
    """
    from bench.measure import backend_us
    from compliance import services
    from core.actors import SYSTEM

    batches = versions = 0
    server, client, begun = backend_us(backend), time.process_time(), time.perf_counter()
    while goes_on(batches):
        started = time.perf_counter()
        done = services.prepare_clearances(limit=size, actor=SYSTEM, at=datetime.now(UTC))
        if not done:
            break
        versions += done
        batches += 1
        time.sleep((time.perf_counter() - started) * rest)
    seconds = time.perf_counter() - begun
    return {
        "versions": versions,
        "versions_a_second": round(versions / seconds, 1),
        "client_us": round((time.process_time() - client) * 1e6 / (versions or 1), 1),
        "server_us": round((backend_us(backend) - server) / (versions or 1), 1),
    }


def _say_line(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
