"""What the page of the statistics is given. Invariant: plain frozen values."""

from dataclasses import dataclass

from exchange.portal.pieces import EmptyState, Link


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: two bars from 0, the second of which is a part of the first.

    `whole` and `part` are lengths in thousandths of the longest; `says` is the line in words. A
    part that is not told has no bar.
    """

    label: str
    says: str
    whole: int
    part: int
    y: int


@dataclass(frozen=True, slots=True)
class Chart:
    """`parts/_chart.html`, as `chart`: bars with their text alternative. `name` makes its ids."""

    name: str
    title: str
    text: str
    whole: str
    part: str
    bars: tuple[Bar, ...]
    height: int


@dataclass(frozen=True, slots=True)
class StatisticsLine:
    """One row of the table; None is not told or not counted."""

    key: str
    label: str
    screened: int
    blocked: int
    orders: int | None
    refused: int | None


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """`statistics.html`: what was screened, blocked, ordered and refused."""

    by: str
    head: str
    since: str
    until: str
    views: tuple[Link, ...]
    charts: tuple[Chart, ...]
    rows: tuple[StatisticsLine, ...]
    fewest: int
    csv_url: str
    json_url: str
    counts_orders: bool = True
    empty: EmptyState | None = None
