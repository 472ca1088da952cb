"""The bench itself: a quick run, whose document has the right shape and follows from its rounds.

Nothing here is about time: the figures of a quick run say little.
"""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAIRS = {
    "place_one_vs_floor": ("place_one", "floor_place_one"),
    "place_batch_vs_floor": ("place_batch", "floor_place_batch"),
    "settle_batch_vs_floor": ("settle_batch", "floor_settle_batch"),
    "place_one_vs_naive_orm": ("place_one", "naive_orm"),
    "floor_vs_pgbench_tpcb": ("floor_place_one", "pgbench_tpcb"),
}
MEASURED = {
    *("place_one", "place_batch", "settle_batch", "naive_orm", "catalogue_search"),
    *("floor_place_one", "floor_place_batch", "floor_settle_batch"),
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Run the bench as `make bench` does, but quickly, in a process and on servers of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": "", "REDIS_URL": ""},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "round 2 of 2" in done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_bench_prints_one_document_with_every_figure(document: dict[str, Any]) -> None:
    assert set(document) == {
        *PAIRS,
        *("spread", "rates", "cpu_us_per_operation", "statements_per_operation"),
        *("screening", "scan", "server", "plan", "seconds"),
    }
    assert set(document["rates"]) == MEASURED | {"pgbench_tpcb"}
    assert set(document["cpu_us_per_operation"]) == MEASURED
    assert set(document["statements_per_operation"]) == MEASURED
    assert document["server"]["server_version"].split(".")[0].isdigit()
    assert document["server"]["fsync"] == "off"
    assert document["plan"]["rounds"] == 2


def test_every_number_of_the_bench_is_positive(document: dict[str, Any]) -> None:
    numbers = [document[name] for name in PAIRS] + list(document["rates"].values())
    numbers += list(document["statements_per_operation"].values())
    for costs in document["cpu_us_per_operation"].values():
        assert set(costs) == {"client", "server"}
        numbers += costs.values()
    assert min(numbers) > 0


def test_ratios_of_the_bench_follow_from_its_rounds(document: dict[str, Any]) -> None:
    for name, (ours, theirs) in PAIRS.items():
        rounds = document["spread"][name]["rounds"]
        assert len(rounds) == 2
        assert document[name] == pytest.approx(statistics.median(rounds), abs=0.0011), name
        # Two rounds: the ratio of the medians lies between the rounds' own ratios.
        of_rates = document["rates"][ours] / document["rates"][theirs]
        assert min(rounds) - 0.01 <= of_rates <= max(rounds) + 0.01, name


def test_statements_of_an_operation_are_what_was_sent(document: dict[str, Any]) -> None:
    counted = document["statements_per_operation"]
    size = document["plan"]["batch"]
    assert counted["place_one"] == 2
    assert counted["place_batch"] == 2 / size
    assert counted["settle_batch"] == 1 / size
    assert counted["floor_place_one"] == 1
    assert counted["floor_place_batch"] == 1 / size
    assert counted["floor_settle_batch"] == 1 / size
    assert counted["naive_orm"] > 16


def test_bench_tells_of_screening_and_of_the_scan(document: dict[str, Any]) -> None:
    screening, speed = document["screening"], document["scan"]["speed"]
    listings = [one for one in screening["real_listings"].values() if isinstance(one, dict)]
    assert all(
        "absent" in one or (one["listings"], one["cpu_ms_p50"] > 0) == (100, True)
        for one in listings
    )
    assert screening["real_listings"]["items"] > 100
    assert screening["rerun"]["live_versions"] == document["plan"]["market"][0] + 1
    assert screening["rerun"]["versions"] > 0
    assert screening["rerun"]["versions_a_second_a_core"] > 0
    assert len(screening["orders_during_a_rerun"]["turns"]) == 1
    assert set(document["scan"]["resident_megabytes"]) == {"1 MB", "10 MB"}
    assert all(one["cpu"]["median"] > 0 for one in speed["ratios"].values())
