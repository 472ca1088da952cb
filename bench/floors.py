"""The floors: the same work in raw SQL, by hand, on the same server in databases of their own.

Invariant: a floor is what a careful person could reach, so that being near it means something.
"""

import os
import random
import subprocess
import uuid
from pathlib import Path
from typing import Any

import psycopg2  # type: ignore[import-untyped]
from django.db import connection

from bench.market import PRICE_MINOR, PURSE_MINOR, Size
from core.launcher.binaries import find_postgres

FOLDER = Path(__file__).resolve().parent / "floor"
TPCB_SCALE = 10


def connect(name: str) -> Any:
    """Connect to a database of the server that Django uses, each statement a transaction."""
    given = connection.get_connection_params()
    kept = {key: given[key] for key in ("host", "port", "user", "password") if key in given}
    made = psycopg2.connect(**kept, dbname=name)
    made.autocommit = True
    return made


def create(name: str) -> None:
    """Make an empty database."""
    server = connect("postgres")
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    server.close()


class Floor:
    """The hand-written market; `asked` counts the statements it was sent."""

    def __init__(self, size: Size) -> None:
        create("floor")
        self.size, self.asked, self.draw = size, 0, random.Random(3)
        self.connection = connect("floor")
        self.cursor = self.connection.cursor()
        self.backend: int = self.connection.get_backend_pid()
        for name in ("schema", "place_one", "place_batch", "settle_batch"):
            self.cursor.execute((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
        self.cursor.execute(
            (FOLDER / "fill.sql").read_text(encoding="utf-8"),
            {
                "vendors": size.vendors,
                "buyers": size.buyers,
                "listings": size.listings,
                "price": PRICE_MINOR,
                "purse": PURSE_MINOR,
            },
        )

    def settle_down(self) -> None:
        """Give the planner what it needs to know, and make it plan again."""
        self.cursor.execute("VACUUM (ANALYZE)")
        self.cursor.execute("DISCARD PLANS")

    def place_one(self, count: int) -> int:
        """Place `count` orders, one a transaction."""
        for _ in range(count):
            buyer = self.draw.randint(1, self.size.buyers)
            listing = self.draw.randint(1, self.size.listings)
            self._ask(
                "SELECT place_one(%s, %s, %s, %s)", [buyer, listing, str(uuid.uuid4()), "research"]
            )
        return count

    def place_batch(self, batches: int, size: int) -> int:
        """Place `batches` times `size` orders, a batch a transaction."""
        for _ in range(batches):
            placed = self._ask(
                "SELECT place_batch(%s, %s, %s, %s)",
                [
                    [self.draw.randint(1, self.size.buyers) for _ in range(size)],
                    [self.draw.randint(1, self.size.listings) for _ in range(size)],
                    [str(uuid.uuid4()) for _ in range(size)],
                    "research",
                ],
            )
            _expect(placed, size, "placed")
        return batches * size

    def settle_batch(self, batches: int, size: int) -> int:
        """Settle `batches` times `size` of the trades that are due."""
        for _ in range(batches):
            _expect(self._ask("SELECT settle_batch(%s)", [size]), size, "settled")
        return batches * size

    def _ask(self, sql: str, parameters: list[Any]) -> int:
        self.asked += 1
        self.cursor.execute(sql, parameters)
        return int(self.cursor.fetchone()[0])


class Tpcb:
    """TPC-B-like transactions at one client, run and timed by pgbench."""

    def __init__(self) -> None:
        create("tpcb")
        self.program = find_postgres() / "pgbench"
        self._pgbench("-i", "-q", "-s", str(TPCB_SCALE))

    def rate(self, seconds: int) -> float:
        """Return transactions a second, prepared statements, one client."""
        said = self._pgbench("-n", "-c", "1", "-M", "prepared", "-T", str(seconds))
        line = next(one for one in said.splitlines() if one.startswith("tps = "))
        return float(line.split()[2])

    def _pgbench(self, *arguments: str) -> str:
        given = connection.get_connection_params()
        address = [
            *("-h", str(given.get("host") or "localhost")),
            *("-p", str(given.get("port") or 5432)),
            *("-U", str(given.get("user") or "postgres")),
        ]
        done = subprocess.run(
            [str(self.program), *address, *arguments, "tpcb"],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
        )
        return done.stdout


def _expect(done: int, asked: int, what: str) -> None:
    if done != asked:
        raise RuntimeError(f"the floor {what} {done} of {asked}")
