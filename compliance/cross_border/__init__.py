"""Which way data may leave the mainland. Invariant: an unknown input never makes a flow exempt."""

from compliance.cross_border.table import (
    DUTIES,
    INPUTS,
    REGIMES,
    TABLES,
    Bound,
    Exemption,
    FlowFacts,
    NoTable,
    Outcome,
    Path,
    ZoneFacts,
    bounds_on,
    decide,
    table_on,
)
from compliance.cross_border.vectors import FlowRefused, Tried, flow_from_document, tried

__all__ = [
    "DUTIES",
    "INPUTS",
    "REGIMES",
    "TABLES",
    "Bound",
    "Exemption",
    "FlowFacts",
    "FlowRefused",
    "NoTable",
    "Outcome",
    "Path",
    "Tried",
    "ZoneFacts",
    "bounds_on",
    "decide",
    "flow_from_document",
    "table_on",
    "tried",
]
