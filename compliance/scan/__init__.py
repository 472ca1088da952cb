"""The scan of samples and files for personal and sensitive data.

It reads delimited text, JSON, Excel and Parquet, packed or not, and finds kinds by column name,
format, check digits and share of rows, each as evidence of its own.
Invariant: memory is bounded on files of any size, and no value that was found leaves this package.
"""

from compliance.scan.first_rows import FirstRows, first_rows
from compliance.scan.header import Column, columns_of
from compliance.scan.kinds import KINDS, Kind
from compliance.scan.limits import Limits
from compliance.scan.refusals import ScanRefused
from compliance.scan.report import SCANNER, report_on
from compliance.scan.result import ColumnFinding, ScanResult
from compliance.scan.table import scan_file

__all__ = [
    "KINDS",
    "SCANNER",
    "Column",
    "ColumnFinding",
    "FirstRows",
    "Kind",
    "Limits",
    "ScanRefused",
    "ScanResult",
    "columns_of",
    "first_rows",
    "report_on",
    "scan_file",
]
