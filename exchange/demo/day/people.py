"""Everyone of the day, signed in. Invariant: each speaks with a connection and token of its own."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from core.actors import PERMISSIONS
from exchange.demo.client import Client
from exchange.demo.people import BUYERS, HOUSES, PASSWORD, STAFF
from exchange.demo.processes import Venue

T = TypeVar("T")
PATIENCE_SECONDS = 120


class TookTooLong(Exception):
    """Something that the worker or the bank does did not happen in time."""


@dataclass
class Party:
    """One who acts in the day: a code, who is meant, and the way to the venue."""

    code: str
    organisation: str
    name: str
    client: Client


@dataclass
class Everyone:
    """All parties, by code."""

    parties: dict[str, Party]

    def __getitem__(self, code: str) -> Party:
        return self.parties[code]

    @property
    def buyers(self) -> list[Party]:
        """Return the buyers in their order."""
        return [self.parties[house.code] for house in BUYERS]

    def by_organisation(self, organisation: str) -> Party:
        """Return the party that acts for an organisation."""
        found = [one for one in self.parties.values() if one.organisation == organisation]
        return found[0]


def sign_in(venue: Venue) -> Everyone:
    """Sign everyone in over the portal's own page."""
    scopes = sorted(PERMISSIONS)
    parties = {}
    people = [(house.code, house.email, house.name_en) for house in HOUSES]
    people += [(person.code, person.email, person.code) for person in STAFF]
    for code, email, name in people:
        client = Client(venue.host, venue.port)
        client.sign_in(email, PASSWORD, scopes)
        me = client.get("me")
        parties[code] = Party(code, str(me["organisation_id"]), name, client)
    return Everyone(parties)


def until(what: str, ask: Callable[[], T | None], *, seconds: float = PATIENCE_SECONDS) -> T:
    """Ask again until there is an answer.

    Raises:
        TookTooLong: there was none in time.

    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.2)
    raise TookTooLong(f"{what}: not within {seconds:.0f} seconds")


def money(minor: int) -> str:
    """Return an amount as the story shows it."""
    sign = "−" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100:,}.{abs(minor) % 100:02d}"


def first_refusal(document: Any) -> str:
    """Return the code that a refused request names: that of the order, or of the problem."""
    order = document.get("order") or {}
    return str(order.get("code") or document.get("code"))
