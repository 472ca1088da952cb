"""Rows of catalogue files: one real listing, changed as a test needs it."""

import io
import json
from typing import Any

from listings.catalogue_files import Row, read_rows

LISTING: dict[str, Any] = {
    "id": "beijing-1",
    "exchange": "北京国际大数据交易所",
    "title": "融资信息",
    "provider": "紫金诚征信有限公司",
    "description": "公司名、披露时间",
    "price_raw": "0.09元/次",
    "price_cny_per_dadada": 0.09,
    "price_mode": "usage-based",
    "update_frequency": "no-update",
    "coverage": "CN",
    "raw": {"category": "金融业", "type": "API数据", "offer_type": "平台内交付", "limit": ""},
}


def listing(**changes: Any) -> dict[str, Any]:
    raw = {**LISTING["raw"], **changes.pop("raw", {})}
    return {**LISTING, **changes, "raw": raw}


def lines(*rows: Any) -> bytes:
    return b"".join(
        (row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode()) + b"\n"
        for row in rows
    )


def read(*rows: Any) -> list[Row]:
    return list(read_rows(io.BytesIO(lines(*rows))))
