"""Endpoint of the statistics. Invariant: it calls one function."""

from typing import Any

from core.api import endpoint
from exchange import serializers
from exchange.selectors import statistics as selectors


@endpoint(
    "GET",
    "statistics",
    summary="What was screened, blocked, ordered and refused (venue)",
    query=serializers.StatisticsIn,
    response=serializers.StatisticsOut,
)
def read_statistics(request: Any, body: dict[str, Any]) -> Any:
    """Return one table by item, industry, vendor or month; counts of few buyers are not told."""
    return selectors.statistics(
        request.member, request.at, body["by"], body["since"], body["until"]
    )
