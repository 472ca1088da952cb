"""How much one scan may take in. Invariant: whatever the file, no limit is left to it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one scan may take in.

    `file_bytes` are bytes of the file as it lies there; `unpacked_bytes` what archives, JSON,
    workbooks and Parquet may become, which are slower to read. Beyond `calm_bytes` an archive may
    not become more than `ratio` times its size. `row_bytes` bound one line or one JSON value,
    `strings_bytes` the shared texts of a workbook, `page_bytes` one page of Parquet, `slow_bytes`
    all pages whose compression is undone in Python.
    """

    file_bytes: int = 1 << 36
    unpacked_bytes: int = 1 << 32
    calm_bytes: int = 1 << 26
    ratio: int = 200
    row_bytes: int = 1 << 20
    columns: int = 1000
    parts: int = 64
    depth: int = 64
    strings_bytes: int = 1 << 26
    page_bytes: int = 1 << 25
    slow_bytes: int = 1 << 28
