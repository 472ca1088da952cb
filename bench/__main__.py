"""python -m bench [--quick]: one JSON document of ratios, CPU costs and counts.

The document goes to standard output, progress to standard error. The servers are the bench's own
and wait for the disk, as the reference's did; a quick run is for trying the bench itself: its
market is small and its servers do not wait, so that its figures say little.
"""

import argparse
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.scan import LEAST, SHORT
from bench.scan import Plan as ScanPlan
from core import launcher

if TYPE_CHECKING:
    from bench.floors import Floor
    from bench.measure import Case
    from bench.subjects import Ours


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is run: rows of the market and of the floor, and operations a round.

    A list is run over the share `alone` of the market, then beside orders for `turns`; `listings`
    of each file are judged, None is all. `scan` is how much is scanned; `python -m bench.scan` and
    `python -m bench.screening` do more of both.
    """

    market: tuple[int, int, int]
    floor: tuple[int, int, int]
    rounds: int
    ones: int
    naive: int
    batches: int
    batch: int
    searches: int
    pgbench_seconds: int
    warm_batches: int
    alone: float
    turns: int
    listings: int | None
    scan: ScanPlan


FULL = Plan(
    (20_000, 5_000, 1_000),
    (100_000, 20_000, 10_000),
    *(8, 250, 40, 4, 200, 20, 2, 20),
    *(0.4, 4, None),
    SHORT,
)
QUICK = Plan(
    (60, 40, 10),
    (600, 200, 60),
    *(2, 12, 3, 1, 20, 2, 1, 1),
    *(0.4, 1, 100),
    LEAST,
)


def main() -> None:
    """Start servers, make the market, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes")
    quick = parser.parse_args().quick
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as home:
        # The servers may run as another user than root, who has to be able to reach them.
        Path(home).chmod(0o711)
        services = (
            launcher.ensure(throwaway=True) if quick else launcher.ensure(Path(home) / "servers")
        )
        try:
            os.environ |= launcher.environment(services)
            os.environ |= {"DATABOURSE_HOME": home, "DATABOURSE_LOG_LEVEL": "ERROR"}
            os.environ["DJANGO_SETTINGS_MODULE"] = "exchange.settings"
            document = _measured(QUICK if quick else FULL)
        finally:
            services.close()
    document["seconds"] = round(time.monotonic() - begun, 1)
    print(json.dumps(document, indent=2))


def say(text: str) -> None:
    """Tell how far it is, on standard error."""
    print(text, file=sys.stderr, flush=True)


def _measured(plan: Plan) -> dict[str, Any]:
    import django
    from django.core.management import call_command

    django.setup()
    from bench import floors, market, measure, scan, screening, subjects

    say("migrating")
    call_command("migrate", verbosity=0, interactive=False)
    say("making the market and the floor")
    ours = subjects.Ours(market.make(market.Size(*plan.market), at=datetime.now(UTC)))
    floor = floors.Floor(market.Size(*plan.floor))
    cases = _cases(plan, ours, floor, floors.Tpcb())
    say("warming")
    ours.place_batch(plan.warm_batches, plan.batch)
    floor.place_batch(plan.warm_batches, plan.batch)
    for case in cases.values():
        case.prepare()
        case.run()
    ours.settle_down()
    floor.settle_down()
    # As exchange/wsgi.py does once everything is loaded.
    gc.collect()
    gc.freeze()
    for case in cases.values():
        case.prepare()
        case.run()
    measure.take_turns(list(cases.values()), plan.rounds, say)
    say("counting round trips")
    statements = _statements(plan, ours, floor)
    return {
        **_ratios(cases),
        "rates": {name: measure.rate(case) for name, case in cases.items()},
        "cpu_us_per_operation": {
            name: case.costs() for name, case in cases.items() if case.rate is None
        },
        "statements_per_operation": statements,
        "screening": screening.measured(
            ours, alone=plan.alone, rounds=plan.turns, most=plan.listings
        ),
        "scan": scan.measured(plan.scan),
        "server": _server(),
        "plan": asdict(plan),
    }


def _cases(plan: Plan, ours: "Ours", floor: "Floor", tpcb: Any) -> dict[str, "Case"]:
    from bench.measure import Case

    ones, batches, size = plan.ones, plan.batches, plan.batch
    cases = [
        Case("place_one", lambda: ours.place_one(ones), backend=ours.backend),
        Case("floor_place_one", lambda: floor.place_one(ones), backend=floor.backend),
        Case("pgbench_tpcb", rate=lambda: tpcb.rate(plan.pgbench_seconds)),
        Case("naive_orm", lambda: ours.naive(plan.naive), backend=ours.backend),
        Case("place_batch", lambda: ours.place_batch(batches, size), backend=ours.backend),
        Case("floor_place_batch", lambda: floor.place_batch(batches, size), backend=floor.backend),
        Case(
            "settle_batch",
            lambda: ours.settle(batches, size),
            lambda: ours.make_due(batches, size),
            ours.backend,
        ),
        Case(
            "floor_settle_batch",
            lambda: floor.settle_batch(batches, size),
            lambda: _floor_due(floor, batches, size),
            floor.backend,
        ),
        Case("catalogue_search", lambda: ours.search(plan.searches), backend=ours.backend),
    ]
    return {case.name: case for case in cases}


def _floor_due(floor: "Floor", batches: int, size: int) -> None:
    floor.place_batch(batches, size)


def _ratios(cases: dict[str, "Case"]) -> dict[str, Any]:
    from bench.measure import compared, ratio

    pairs = {
        "place_one_vs_floor": ("place_one", "floor_place_one"),
        "place_batch_vs_floor": ("place_batch", "floor_place_batch"),
        "settle_batch_vs_floor": ("settle_batch", "floor_settle_batch"),
        "place_one_vs_naive_orm": ("place_one", "naive_orm"),
        "floor_vs_pgbench_tpcb": ("floor_place_one", "pgbench_tpcb"),
    }
    both = {name: (cases[ours], cases[theirs]) for name, (ours, theirs) in pairs.items()}
    return {
        **{name: ratio(*pair) for name, pair in both.items()},
        "spread": {name: compared(*pair) for name, pair in both.items()},
    }


def _statements(plan: Plan, ours: "Ours", floor: "Floor") -> dict[str, float]:
    """Count what goes over the wire, BEGIN and COMMIT included, for one operation of each kind."""
    from tests.wire import wire

    size, counted = plan.batch, {}
    wired: dict[str, tuple[Callable[[], None], Callable[[], int]]] = {
        "place_one": (_nothing, lambda: ours.place_one(1)),
        "naive_orm": (_nothing, lambda: ours.naive(1)),
        "place_batch": (_nothing, lambda: ours.place_batch(1, size)),
        "settle_batch": (lambda: ours.make_due(1, size), lambda: ours.settle(1, size)),
        "catalogue_search": (_nothing, lambda: ours.search(1)),
    }
    with wire() as asked:
        for name, (prepare, run) in wired.items():
            # The first query of a connection comes after those that set it up.
            ours.search(1)
            prepare()
            asked.clear()
            done = run()
            counted[name] = len(asked) / done
    hand: dict[str, Callable[[], int]] = {
        "floor_place_one": lambda: floor.place_one(1),
        "floor_place_batch": lambda: floor.place_batch(1, size),
        "floor_settle_batch": lambda: floor.settle_batch(1, size),
    }
    for name, run in hand.items():
        before = floor.asked
        done = run()
        counted[name] = (floor.asked - before) / done
    return counted


def _nothing() -> None:
    pass


def _server() -> dict[str, str]:
    from django.db import connection

    names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in names))
        return dict(zip(names, cursor.fetchone(), strict=True))


if __name__ == "__main__":
    main()
