"""The whole main job: one trading day over HTTP, with a real worker and a real bank process."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from exchange.models import Trade
from settlement.selectors import check_books
from tests.races.serving import ROOT, environment

SECONDS = 240
REFUSALS = {
    "prohibited-item": 8,
    "restricted-item": 1,
    "unknown-fact": 1,
    "seats-taken": 1,
    "use-not-permitted": 1,
    "territory-not-permitted": 1,
    "redistribution-not-permitted": 1,
    "over-price-limit": 1,
    "insufficient-funds": 1,
    "declaration-withdrawn": 1,
    "declaration-expired": 1,
    "vendor-suspended": 1,
    "venue-staff-cannot-trade": 1,
    "confirmation-missed": 1,
}


def run(database: str, home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(database) | {"DATABOURSE_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def test_trading_day_ends_with_balanced_books(live_database: str, tmp_path: Path) -> None:
    done = run(live_database, tmp_path, "trading_day", "--json", "--orders", "60")
    assert done.returncode == 0, done.stderr[-4000:]
    day: dict[str, Any] = json.loads(done.stdout)

    assert day["versions"] == {"submitted": 40, "listed": 30, "blocked": 10}
    assert day["refusals"] == REFUSALS
    assert day["orders"]["placed"] == 71
    assert day["orders"]["refused"] == 9
    assert (
        day["trades"]["settled"] + day["trades"]["refunded"] + day["trades"]["under_way"]
        == (day["orders"]["matched"])
    )
    assert day["money"]["difference_minor"] == 0
    assert day["books_balanced"] is True
    assert Trade.objects.filter(state="SETTLED").count() == day["trades"]["settled"] > 20
    assert check_books() == ()

    replayed = run(live_database, tmp_path, "replay_decisions")
    checked = run(live_database, tmp_path, "check_books")
    assert (replayed.returncode, checked.returncode) == (0, 0), replayed.stderr + checked.stderr


def test_too_few_orders_are_refused(live_database: str, tmp_path: Path) -> None:
    done = run(live_database, tmp_path, "trading_day", "--orders", "1")

    assert done.returncode == 1
    assert "--orders must be at least 40" in done.stderr
