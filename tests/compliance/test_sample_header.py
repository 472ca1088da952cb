"""The columns that the head of a sample names, as a dictionary is proposed from them."""

import io

import pytest

from compliance.scan import Column, columns_of


@pytest.mark.parametrize(
    ("body", "columns"),
    [
        (
            "站点,日期,水位,记录数,手机号\nA,2026-01-03,3.2,4,139\nB,2026-01-04,3,,\n".encode(),
            (
                Column("站点", "text", ""),
                Column("日期", "date", ""),
                Column("水位", "decimal", ""),
                Column("记录数", "integer", ""),
                Column("手机号", "integer", "personal"),
            ),
        ),
        ("诊断;日期\n甲;2026年1月3日\n".encode("gb18030"), ("诊断", "日期")),
        (b"1,2\n3,4\n", ()),
        (b"\x1f\x8b\x08 not a table", ()),
        (b"", ()),
    ],
)
def test_columns_are_those_of_the_head(body: bytes, columns: tuple[object, ...]) -> None:
    found = columns_of(io.BytesIO(body))

    if columns and isinstance(columns[0], str):
        assert tuple(one.name for one in found) == columns
        assert found[0].sensitivity == "sensitive"
    else:
        assert found == columns
