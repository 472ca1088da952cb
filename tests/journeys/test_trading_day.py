"""The whole main job: one trading day over HTTP, with a real worker and a real bank process."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from compliance.models import Declaration, Evidence, Review
from core.models import Capacity, Membership, Organisation
from exchange.models import Order, Trade
from exchange.selectors.proofs import check_trades
from listings.models import Product
from settlement.models import PayoutInstruction
from settlement.selectors import check_books
from tests.races.serving import ROOT, environment

SECONDS = 240
REFUSALS = {
    "supplier-not-sponsored": 1,
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


def code_of(organisation: Organisation) -> str:
    member = Membership.objects.select_related("user").get(organisation=organisation)
    return member.user.email.partition("@")[0].upper()


def buyers_were_confirmed(told: dict[str, Any]) -> None:
    version = told.pop("version")
    assert told == {
        "subjects_count": 4_000,
        "basis": "separate_consent",
        "evidence": ["separate_consent", "pipia_report", "recipient_contract"],
        "lifted": ["GBT-02", "PI-02"],
        "orders": [
            {"buyer": "LAKE", "waited": "AWAITING", "became": "MATCHED"},
            {"buyer": "BANK", "waited": "AWAITING", "became": "DECLINED"},
        ],
        "split": [
            {"role": "fee", "who": "VENUE", "amount_minor": 12_000},
            {"role": "holding", "who": "MARKET", "amount_minor": 327_600},
            {"role": "operation", "who": "MARKET", "amount_minor": 140_400},
        ],
    }
    given = Evidence.objects.filter(version=version, file__isnull=False)
    assert set(given.values_list("key", flat=True)) == set(told["evidence"])
    orders = Order.objects.filter(version=version).select_related("buyer")
    assert {code_of(order.buyer): order.state for order in orders} == {
        "LAKE": "MATCHED",
        "BANK": "DECLINED",
    }
    sold = Trade.objects.get(version=version)
    assert (code_of(sold.buyer), sold.state) == ("LAKE", "SETTLED")


def supplier_was_sold_for(told: dict[str, Any]) -> None:
    version = told.pop("version")
    assert told == {
        "vendor": "HARVEST",
        "supplier": "METER",
        "state": "IN_FORCE",
        "price_minor": 333_333,
        "split": [
            {"role": "fee", "who": "VENUE", "amount_minor": 8_333},
            {"role": "holding", "who": "METER", "amount_minor": 227_500},
            {"role": "operation", "who": "HARVEST", "amount_minor": 97_500},
        ],
    }
    product = Product.objects.get(versions=version)
    assert (code_of(product.vendor), code_of(product.supplier)) == ("HARVEST", "METER")
    assert not Capacity.objects.filter(organisation=product.supplier, kind="vendor").exists()
    assert Trade.objects.get(version=version).state == "SETTLED"
    paid = PayoutInstruction.objects.get(organisation_id=product.supplier_id)
    assert (paid.state, paid.amount_minor) == ("PAID", 227_500)


def three_versions_wait() -> None:
    waiting = Review.objects.filter(state="QUEUED").select_related("version__product__vendor")
    assert sorted(one.version.product.vendor.code for one in waiting) == [
        "CLINIC",
        "RIVER",
        "TRANSIT",
    ]
    assert {one.version.state for one in waiting} == {"IN_REVIEW"}
    assert not any(found["blocks"] for one in waiting for found in one.decision.findings)
    for one in waiting:
        signed = Declaration.objects.get(version=one.version)
        assert (signed.state, signed.content_hash) == ("IN_FORCE", one.version.content_hash)


def test_trading_day_ends_with_balanced_books(live_database: str, tmp_path: Path) -> None:
    done = run(live_database, tmp_path, "trading_day", "--json", "--orders", "60")
    assert done.returncode == 0, done.stderr[-4000:]
    day: dict[str, Any] = json.loads(done.stdout)

    assert day["versions"] == {"submitted": 43, "listed": 30, "blocked": 10, "waiting": 3}
    assert day["refusals"] == REFUSALS
    assert day["orders"] == {
        "placed": 74,
        "matched": 63,
        "refused": 9,
        "open": 0,
        "declined": 1,
        "expired": 1,
    }
    assert day["trades"] == {"settled": 58, "refunded": 1, "under_way": 4}
    assert day["money"]["difference_minor"] == 0
    assert day["books_balanced"] is True
    assert Trade.objects.filter(state="SETTLED").count() == 58
    assert check_books() == ()
    assert check_trades() == ()
    three_versions_wait()
    buyers_were_confirmed(day["vendors_assent"])
    supplier_was_sold_for(day["mandate"])

    replayed = run(live_database, tmp_path, "replay_decisions")
    checked = run(live_database, tmp_path, "check_books")
    assert (replayed.returncode, checked.returncode) == (0, 0), replayed.stderr + checked.stderr


def test_too_few_orders_are_refused(live_database: str, tmp_path: Path) -> None:
    done = run(live_database, tmp_path, "trading_day", "--orders", "1")

    assert done.returncode == 1
    assert "--orders must be at least 40" in done.stderr
