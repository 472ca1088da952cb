"""What is kept of a scan. Invariant: what was found leaves here as kinds and counts only."""

from datetime import datetime
from typing import Any, BinaryIO

from compliance.scan.refusals import ScanRefused
from compliance.scan.result import RULES, ColumnFinding, PartResult, ScanResult
from compliance.scan.table import scan_file

SCANNER = f"tables-{RULES}"
MOST_NAME = 120


def report_on(stream: BinaryIO, *, name: str, at: datetime) -> dict[str, Any]:
    """Return the report on one file: `state` is done, or failed with the reason and where.

    `unread` are pictures and files in a workbook, into which no scan can look.
    `kinds`, `checksum_kinds`, `most_share_bp` and `columns` are what screening takes from it,
    `result` the whole of what the scan tells.
    """
    try:
        result = scan_file(stream, name=name, at=at)
    except ScanRefused as refused:
        return {
            "state": "failed",
            "reason": refused.code,
            "where": refused.where,
            "values": refused.values,
        }
    return _report(result)


def _report(result: ScanResult) -> dict[str, Any]:
    kinds = result.kinds()
    found = [column for column in result.columns if column.kind in kinds]
    return {
        "state": "done",
        "reason": "",
        "rows": result.rows,
        "unread": sum(part.unread for part in result.parts),
        "kinds": list(kinds),
        "checksum_kinds": sorted({column.kind for column in found if column.passed}),
        "most_share_bp": max((column.share_bp for column in found), default=0),
        "columns": [
            f"{shown(part, column)} = {column.kind}, {column.share_bp}"
            for part in result.parts
            for column in part.columns
            if column.kind in kinds
        ],
        "result": result.to_document(),
    }


def shown(part: PartResult, column: ColumnFinding) -> str:
    """Return how a column is named to people: by sheet or member too where there are several."""
    name = column.name or str(column.column)
    return f"{part.label}: {name}"[:MOST_NAME] if part.label else name[:MOST_NAME]
