"""What is measured: ours, the floor, and the naive way, on one connection each time."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection

from bench import naive
from bench.world import World
from core.actors import SYSTEM
from exchange.selectors.gate import gate_contexts
from exchange.services import orders
from exchange.services.conclusion import Key
from settlement import services as settlement
from settlement.services import Settlement

CONTRACT = "x" * 1_800
PRICE = 120_000


@dataclass(frozen=True, slots=True)
class Cost:
    """One measurement: operations a second, CPU µs and statements of each operation."""

    rate: float
    client_us: float
    server_us: float
    statements: float


class Subjects:
    """Everything that can be run, each returning how many operations it did."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.numbers = count(1)
        self.asked = 0
        self.trades: list[tuple[str, Any]] = []
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.backend = cursor.fetchone()[0]

    @property
    def address(self) -> tuple[str, str]:
        """Return the directory of the server's socket, and its user."""
        parameters = connection.get_connection_params()
        return str(parameters["host"]), str(parameters.get("user") or "postgres")

    def execute(self, sql: str) -> None:
        """Run one statement in autocommit."""
        with connection.cursor() as cursor:
            cursor.execute(sql)

    def prepare_floor(self, folder: Path) -> None:
        """Make the floor's tables and functions."""
        for name in ("schema", "place", "settle"):
            self.execute((folder / f"{name}.sql").read_text(encoding="utf-8").replace("%", "%%"))

    def cost(self, run: Callable[[], int], times: int) -> Cost:
        """Measure `times` runs."""
        done = 0
        counter = _Counter()
        before = _cpu_us(self.backend)
        with connection.execute_wrapper(counter):
            client, wall = time.process_time(), time.perf_counter()
            for _ in range(times):
                done += run()
            wall, client = time.perf_counter() - wall, time.process_time() - client
        server = _cpu_us(self.backend) - before
        return Cost(done / wall, client * 1e6 / done, server / done, counter.asked / done)

    def place_one(self) -> int:
        """Place one order by the service, with a key."""
        buyer = self.world.chance.choice(self.world.buyers)
        assert buyer.membership_id is not None
        key = Key(buyer.membership_id, uuid4().hex, "0" * 64)
        (answer,) = orders.place_orders(
            intents=[self.world.intent(buyer)], key=key, actor=buyer, at=datetime.now(UTC)
        )
        self._note(answer, buyer)
        return 1

    def place_batch(self, size: int) -> int:
        """Place a batch of one buyer's orders."""
        buyer = self.world.chance.choice(self.world.buyers)
        intents = [self.world.intent(buyer) for _ in range(size)]
        answers = orders.place_orders(intents=intents, key=None, actor=buyer, at=datetime.now(UTC))
        for answer in answers:
            self._note(answer, buyer)
        return size

    def _note(self, answer: dict[str, Any], buyer: Any) -> None:
        assert answer["state"] == "MATCHED", answer
        self.trades.append((answer["trade_id"], buyer.organisation_id))

    def naive_one(self) -> int:
        """Place one order the naive way."""
        buyer = self.world.chance.choice(self.world.buyers)
        intent = self.world.intent(buyer)
        if not hasattr(self, "known"):
            self.known: dict[Any, Any] = {}
        at = datetime.now(UTC)
        found = (intent.plan_id, intent.buyer_id)
        if found not in self.known:
            self.known[found] = gate_contexts([found], at=at, scope=None, key="")[0].known
        naive.place(intent, self.known[found], buyer, uuid4().hex, at)
        return 1

    def floor_one(self) -> int:
        """Place one order on the floor."""
        return self._floor_place(1)

    def floor_batch(self, size: int) -> int:
        """Place a batch on the floor, of one buyer."""
        return self._floor_place(size)

    def _floor_place(self, size: int) -> int:

        buyer = self.world.chance.randrange(1, 20_001)
        items = [
            {
                "key": uuid4().hex,
                "buyer": buyer,
                "listing": self.world.chance.randrange(1, 100_001),
                "contract": CONTRACT,
            }
            for _ in range(size)
        ]
        with connection.cursor() as cursor:
            cursor.execute("SELECT floor_place(%s::jsonb)", [json.dumps(items)])
            placed = int(cursor.fetchone()[0])
        assert placed == size
        return placed

    def make_due(self, number: int) -> None:
        """Let enough trades be due for settling, ours and the floor's."""
        while len(self.trades) < number:
            self.place_batch(200)
        due, self.trades = self.trades[:number], self.trades[number:]
        fee = {"currency": "CNY", "lines": [{"side": "vendor", "base": "price", "rate_bp": 250}]}
        vendor = (
            gate_contexts(
                [(self.world.plans[0], due[0][1])], at=datetime.now(UTC), scope=None, key=""
            )[0].known.offer
            or {}
        )
        roles = (("collection", 1_000), ("holding", 4_000), ("processing", 2_000))
        plan: list[dict[str, Any]] = [
            {"beneficiary": str(vendor["vendor_id"]), "role": role, "share_bp": share}
            for role, share in roles
        ]
        plan.append(
            {"beneficiary": str(vendor["vendor_id"]), "role": "operation", "remainder": True}
        )
        settlement.request_settlements(
            settlements=[
                Settlement(reference, buyer, vendor["vendor_id"], PRICE, "CNY", plan, fee)
                for reference, buyer in due
            ],
            actor=SYSTEM,
            at=datetime.now(UTC),
        )
        while True:
            self.floor_batch(200)
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE floor_trade SET state = 'ACCEPTED' WHERE id IN (SELECT id FROM "
                    "floor_trade WHERE state = 'FUNDED' ORDER BY id LIMIT %s)",
                    [number],
                )
                cursor.execute("SELECT count(*) FROM floor_trade WHERE state = 'ACCEPTED'")
                if cursor.fetchone()[0] >= number:
                    return

    def settle(self, size: int) -> int:
        """Settle a batch by the service."""
        done = settlement.settle_due(limit=size, actor=SYSTEM, at=datetime.now(UTC))
        return done.settled or 1

    def floor_settle(self, size: int) -> int:
        """Settle a batch on the floor."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT floor_settle(%s)", [size])
            return int(cursor.fetchone()[0]) or 1


class _Counter:
    """Counts what is sent to the server."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.asked += 1
        return execute(sql, params, many, context)


def _cpu_us(pid: int) -> float:
    """Return the CPU time of a backend in µs; 0 where the system does not tell."""
    try:
        nanoseconds = Path(f"/proc/{pid}/schedstat").read_text().split()[0]
    except (OSError, IndexError):
        return 0.0
    return int(nanoseconds) / 1_000
