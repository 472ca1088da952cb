"""Ours, as it is measured. Invariant: what is not matched or settled in full stops the bench."""

import json
import random
import uuid
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from bench import naive_orm
from bench.market import CHINESE, CURRENCY, ENGLISH, Market
from core.actors import SYSTEM, Member, acting_for
from exchange.services import orders
from exchange.services.conclusion import Intent, Key
from listings.selectors.catalogue import CatalogueQuery, catalogue_page
from settlement import services as settlement
from settlement.services import Settlement


class Ours:
    """The market's own verbs, each returning how many operations it did."""

    def __init__(self, market: Market) -> None:
        self.market, self.draw = market, random.Random(11)
        self.made: list[str] = []
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.backend = int(cursor.fetchone()[0])

    def settle_down(self) -> None:
        """Give the planner what it needs to know, and make it plan again."""
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute("DISCARD PLANS")

    def place_one(self, count: int) -> int:
        """Place `count` orders, one a call, each with a key."""
        for _ in range(count):
            buyer = self.draw.choice(self.market.buyers)
            self._place([self._intent(buyer)], buyer, self._key(buyer))
        return count

    def place_batch(self, batches: int, size: int) -> int:
        """Place `batches` times `size` orders of buyers drawn at random."""
        self.made = []
        for _ in range(batches):
            buyers = [self.draw.choice(self.market.buyers) for _ in range(size)]
            answers = self._place([self._intent(buyer) for buyer in buyers], buyers[0], None)
            self.made += [answer["trade_id"] for answer in answers]
        return batches * size

    def naive(self, count: int) -> int:
        """Place `count` orders the naive way."""
        for _ in range(count):
            buyer = self.draw.choice(self.market.buyers)
            naive_orm.place(
                self._intent(buyer), self._key(buyer), actor=buyer, at=datetime.now(UTC)
            )
        return count

    def make_due(self, batches: int, size: int) -> None:
        """Place orders and ask for their settlement."""
        self.place_batch(batches, size)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT t.id, t.buyer_id, t.vendor_id, t.amount_minor, c.text "
                "FROM exchange_trade t JOIN exchange_contract c ON c.trade_id = t.id "
                "WHERE t.id = ANY (%s::uuid[])",
                [self.made],
            )
            rows = cursor.fetchall()
        settlement.request_settlements(
            settlements=[_due(*row) for row in rows], actor=SYSTEM, at=datetime.now(UTC)
        )

    def settle(self, batches: int, size: int) -> int:
        """Settle `batches` times `size` of what is due."""
        for _ in range(batches):
            done = settlement.settle_due(limit=size, actor=SYSTEM, at=datetime.now(UTC))
            if done.settled != size:
                raise RuntimeError(f"settled {done.settled} of {size}")
        return batches * size

    def search(self, count: int) -> int:
        """Search the catalogue `count` times, two English words and one Chinese in turn."""
        for number in range(count):
            words = self.draw.sample(ENGLISH, 2) if number % 2 else self.draw.sample(CHINESE, 1)
            catalogue_page(CatalogueQuery(q=" ".join(words)), at=datetime.now(UTC))
        return count

    def _intent(self, buyer: Member) -> Intent:
        return Intent(
            plan_id=self.draw.choice(self.market.plans),
            buyer_id=acting_for(buyer),
            purpose="research",
            territory="CN-31",
            term_days=30,
            volume=1,
        )

    @staticmethod
    def _key(buyer: Member) -> Key:
        return Key(acting_for(buyer), str(uuid.uuid4()), "0" * 64)

    @staticmethod
    def _place(intents: list[Intent], actor: Member, key: Key | None) -> list[dict[str, Any]]:
        answers = orders.place_orders(intents=intents, key=key, actor=actor, at=datetime.now(UTC))
        for answer in answers:
            if answer["state"] != "MATCHED":
                raise RuntimeError(f"not matched: {answer}")
        return answers


def _due(trade: Any, buyer: Any, vendor: Any, amount_minor: int, contract: str) -> Settlement:
    agreed = json.loads(contract)["items"]["amount"]
    return Settlement(
        str(trade), buyer, vendor, amount_minor, CURRENCY, agreed["allocation"], agreed["fee"]
    )
