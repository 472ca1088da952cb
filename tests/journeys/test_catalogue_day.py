"""A trading day on real listings: imported, answered for, screened, listed, ordered, settled."""

import json
from pathlib import Path
from typing import Any

from exchange.models import Order
from exchange.selectors.proofs import check_trades
from listings.models import Product, Version
from settlement.selectors import check_books
from tests.journeys.test_trading_day import run

EACH_GRADE = 2


def some_of(cases: Path) -> list[str]:
    """Return two listings of each stated grade and every seventieth of the others."""
    text = (cases / "catalog" / "exchange-listings-dev.jsonl").read_text(encoding="utf-8")
    chosen: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines()):
        grade = str(json.loads(line)["raw"].get("classification") or "").partition("-")[0]
        if grade in ("核心数据", "重要数据", "待完善") and seen.get(grade, 0) < EACH_GRADE:
            seen[grade] = seen.get(grade, 0) + 1
            chosen.append(line)
        elif number % 70 == 0 and not grade:
            chosen.append(line)
    return chosen


def test_day_on_real_listings_ends_with_balanced_books(
    cases: Path, live_database: str, tmp_path: Path
) -> None:
    lines = some_of(cases)
    file = tmp_path / "some.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    asked = ("trading_day", "--json", "--orders", "40", "--catalogue", str(file))

    done = run(live_database, tmp_path, *asked)
    assert done.returncode == 0, done.stderr[-4000:]
    day: dict[str, Any] = json.loads(done.stdout)

    assert day["simulated"] is True
    assert day["imported"] == {"created": len(lines), "duplicate": 0, "refused": 0}
    assert day["versions"]["submitted"] == len(lines)
    assert day["versions"]["listed"] + day["versions"]["blocked"] == len(lines)
    assert all("prohibited-item" in became for became in day["grades"]["core"])
    assert all("restricted-item" in became for became in day["grades"]["important"])
    assert all("unknown-fact" in became for became in day["grades"]["pending"])
    assert day["blocked_by"]["NS-03"]["hit"] == 2
    assert day["orders"]["placed"] == 40
    assert day["orders"]["matched"] > 15
    assert (day["books_balanced"], day["money"]["difference_minor"]) == (True, 0)
    assert Product.objects.filter(simulated=True).count() == len(lines)
    assert not Version.objects.filter(state="DRAFT").exists()
    assert Order.objects.filter(plan__version__product__simulated=False).count() == 0
    assert check_books() == ()
    assert check_trades() == ()
