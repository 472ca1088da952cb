"""One request and the things that it is about, made when they are asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from core.actors import NOBODY, Member
from delivery.models import Grant
from exchange.models import Order, Trade
from tests import make
from tests.compliance import cast as desk
from tests.exchange import cast


@dataclass
class Ask:
    """One request: who owns what it asks for, where, with which body and query."""

    owner: Member
    where: dict[str, Any]
    body: Any = None
    query: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    """The things that requests are about, made when they are asked for."""

    at: datetime
    kept: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def market(self) -> cast.Market:
        return cast.market(self.at)

    @cached_property
    def vendor(self) -> Member:
        return self.market.vendor

    @cached_property
    def buyer(self) -> Member:
        return self.market.buyer

    @cached_property
    def draft(self) -> Any:
        return desk.draft(self.vendor, self.at)

    @cached_property
    def trade(self) -> Trade:
        return cast.delivered(self.market)

    @cached_property
    def grant(self) -> Grant:
        return Grant.objects.get(reference=self.trade.pk)

    def order(self, plans: list[dict[str, Any]]) -> tuple[cast.Market, Order]:
        market = cast.market(self.at, plans=plans)
        return market, Order.objects.get(pk=cast.place(market)["id"])


NO_BODY = {"reason": "because"}


def staff(world: World, *roles: str) -> Member:
    return make.staff(world.at, *roles)


def anybody(_world: World) -> Ask:
    return Ask(NOBODY, {})


def asked_by(side: str) -> Callable[[World], Ask]:
    """A request about nothing in particular, by the buyer or the vendor of a market."""
    return lambda world: Ask(getattr(world, side), {})


def asked_by_staff(role: str, body: Any = None) -> Callable[[World], Ask]:
    def ask(world: World) -> Ask:
        world.market  # noqa: B018 (made so that there is something to read)
        return Ask(staff(world, role), {}, body)

    return ask


def with_query(ask: Callable[[World], Ask], query: Callable[[World], dict[str, Any]]) -> Any:
    def made(world: World) -> Ask:
        asked = ask(world)
        asked.query = query(world)
        return asked

    return made
