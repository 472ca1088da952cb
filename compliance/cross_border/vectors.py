"""Flows with the path that each has to take, as data. Invariant: a flow says only what differs.

A document holds an `ordinary` flow, in which everything is known, and `flows` that change some of
its inputs; null makes an input unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from compliance.cross_border.table import Exemption, FlowFacts, Path, ZoneFacts, decide

_NAMES = frozenset(one.name for one in fields(FlowFacts))
_COUNTS = ("persons", "sensitive_persons")


class FlowRefused(ValueError):
    """A document is not one of a flow; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a flow came to; `wanted` is the path that it has to take."""

    name: str
    wanted: str
    got: str

    @property
    def holds(self) -> bool:
        """Whether the flow took its path."""
        return self.wanted == self.got


def tried(document: Mapping[str, Any], *, on: date) -> list[Tried]:
    """Return what the table in force on that day makes of every flow of `document`.

    Raises:
        FlowRefused: a flow names an input that there is not, or gives it another type.
        NoTable: there is no table for that day.

    """
    ordinary = document["ordinary"]
    return [
        Tried(
            name=row["name"],
            wanted=row["path"],
            got=decide(flow_from_document({**ordinary, **row["flow"]}), on=on).path.value,
        )
        for row in document["flows"]
    ]


def flow_from_document(document: Mapping[str, Any]) -> FlowFacts:
    """Return the flow that the JSON object `document` states.

    Raises:
        FlowRefused: it names an input that there is not, or gives it another type.

    """
    strange = sorted(set(document) - _NAMES)
    if strange:
        raise FlowRefused(f"{strange[0]}: there is no such input")
    return FlowFacts(**{name: _value(name, value) for name, value in document.items()})


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    try:
        if name == "exemption":
            return Exemption(value)
        if name == "regimes":
            return frozenset(value)
        if name == "zone":
            route = value.get("list_route")
            return ZoneFacts(**{**value, "list_route": None if route is None else Path(route)})
    except (AttributeError, TypeError, ValueError):
        raise FlowRefused(f"{name}: {value!r:.80} is not a value of it") from None
    wanted = int if name in _COUNTS else bool
    if type(value) is not wanted:
        raise FlowRefused(f"{name}: {value!r:.80} is not a value of it")
    return value
