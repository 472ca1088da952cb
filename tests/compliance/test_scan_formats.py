"""Formats and encodings: whatever a table is written as, the same is found in it."""

import bz2
import gzip
import io
import json
import lzma
import zipfile
from pathlib import Path

import pytest

from bench import scan_corpus as corpus
from compliance.scan import Column, columns_of
from compliance.scan.dialect import header
from exchange.demo.tables.invented import Invented
from tests.compliance.scanning import found, kinds, scan

FILES = Path(__file__).parent
PERSONS = {("姓名", "person_name"), ("手机号", "mobile"), ("证件号码", "resident_id")}


def persons(rows: int = 40) -> list[list[str]]:
    make = Invented(3)
    return [
        [make.han_name(), make.mobile(), make.resident_id("11", make.born())] for _ in range(rows)
    ]


def table(rows: int = 40) -> str:
    return "\n".join(map(",".join, [["姓名", "手机号", "证件号码"], *persons(rows)])) + "\n"


def objects(rows: int = 40) -> list[dict[str, str]]:
    return [dict(zip(("姓名", "手机号", "证件号码"), row, strict=True)) for row in persons(rows)]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
    ],
)
@pytest.mark.parametrize("written", ["csv", "json"])
def test_a_table_is_read_in_any_of_its_encodings(encoding: str, told: str, written: str) -> None:
    text = table() if written == "csv" else json.dumps(objects(), ensure_ascii=False)

    result = scan(text.encode(encoding))

    assert {(one.name, one.kind) for one in result.columns} == PERSONS
    assert (result.parts[0].encoding, result.parts[0].undecodable) == (told, 0)
    assert result.rows == 40


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_told_from_the_text(delimiter: str) -> None:
    result = scan(table().replace(",", delimiter))

    assert result.parts[0].delimiter == delimiter
    assert {(one.name, one.kind) for one in result.columns} == PERSONS


def test_lines_of_several_encodings_are_each_read_as_what_they_are() -> None:
    lines = table(400).splitlines(keepends=True)
    marks = "机密★10年,13800138000,\n"
    mixed = "".join(lines[:200]).encode() + (marks + "".join(lines[200:])).encode("gb18030")

    result = scan(mixed)

    assert result.rows == 401
    assert result.parts[0].undecodable == 0
    assert ("姓名", "classification_mark") in {(one.name, one.kind) for one in result.columns}


@pytest.mark.parametrize(
    ("packing", "packed"),
    [
        ("gzip", lambda data: gzip.compress(data)),
        ("gzip", lambda data: gzip.compress(data[:500]) + gzip.compress(data[500:])),
        ("bzip2", lambda data: bz2.compress(data)),
        ("xz", lambda data: lzma.compress(data)),
    ],
)
def test_a_packed_table_is_read(packing: str, packed: object) -> None:
    result = scan(packed(table().encode()))  # type: ignore[operator]

    assert result.packing == packing
    assert {(one.name, one.kind) for one in result.columns} == PERSONS
    assert result.size_bytes == len(table().encode())


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return out.getvalue()


def test_every_table_of_an_archive_is_read() -> None:
    data = zipped(
        {
            "a/persons.csv": table().encode(),
            "b/persons.json": json.dumps(objects()).encode(),
            "__MACOSX/._persons.csv": b"\0\1\2",
            "a/": b"",
        }
    )

    result = scan(data)

    assert [(part.label, part.format, part.rows) for part in result.parts] == [
        ("a/persons.csv", "text", 40),
        ("b/persons.json", "json", 40),
    ]
    for part in result.parts:
        assert {(one.name, one.kind) for one in part.columns} == PERSONS


def test_the_name_of_a_member_that_is_a_value_is_not_kept() -> None:
    result = scan(zipped({"13800138000.csv": table().encode()}))

    assert [part.label for part in result.parts] == ["1"]
    assert "13800138000" not in json.dumps(result.to_document())


# JSON


@pytest.mark.parametrize(
    "shaped",
    [
        lambda some: json.dumps(some),
        lambda some: json.dumps(some, indent=2, ensure_ascii=False),
        lambda some: "\n".join(map(json.dumps, some)),
        lambda some: "\r\n".join(map(json.dumps, some)) + "\r\n\r\n",
        lambda some: json.dumps({"code": 0, "data": some, "total": 40}),
        lambda some: json.dumps({"result": {"page": {"records": some}}}),
    ],
)
def test_records_are_found_wherever_they_lie_in_json(shaped: object) -> None:
    result = scan(shaped(objects()))  # type: ignore[operator]

    assert {(one.name.rpartition(".")[2], one.kind) for one in result.columns} == PERSONS
    ids = next(one for one in result.columns if one.kind == "resident_id")
    assert (ids.cells, ids.checked, ids.passed) == (40, 40, 40)
    assert len(set(ids.rows)) == 5


def test_rows_of_json_may_be_lists_under_their_names() -> None:
    data = json.dumps([["姓名", "手机号", "证件号码"], *persons()])

    assert found(data) == PERSONS
    assert scan(data).rows == 40


def test_values_within_values_have_a_path() -> None:
    data = json.dumps(
        [
            {
                "order": number,
                "buyer": {"contact": {"phone": f"1380013{number:04d}"}},
                "tags": ["a"],
            }
            for number in range(30)
        ]
    )

    (one,) = scan(data).columns

    assert (one.name, one.kind, one.cells, one.by_name) == (
        "buyer.contact.phone",
        "mobile",
        30,
        True,
    )


def test_all_values_of_a_list_are_counted_in_the_row_of_their_record() -> None:
    make = Invented(4)
    data = json.dumps([{"id": 1}, {"who": [make.mobile() for _ in range(6)]}])

    (one,) = scan(data).columns

    assert (one.name, one.kind, one.cells, one.distinct, one.rows) == ("who", "mobile", 6, 6, (2,))


def test_keys_that_are_values_are_counted_and_not_kept() -> None:
    make = Invented(5)
    numbers = [make.mobile() for _ in range(30)]
    data = json.dumps({number: {"score": 1} for number in numbers})

    result = scan(data)

    (one,) = result.columns
    assert (one.name, one.kind, one.cells) == ("(key)", "mobile", 30)
    assert not any(number in json.dumps(result.to_document()) for number in numbers)


def test_the_second_of_two_members_of_one_name_hides_nothing() -> None:
    number = Invented(6).resident_id("11", Invented(6).born())
    data = json.dumps([{"note": number}] * 5).replace("}", ', "note": ""}')

    assert kinds(data) == ("resident_id",)


def test_numbers_of_json_keep_all_their_digits() -> None:
    make = Invented(7)
    data = "[" + ",".join(f'{{"n": {make.bank_card(19)}}}' for _ in range(12)) + "]"

    (one,) = scan(data).columns

    assert (one.kind, one.checked, one.passed) == ("bank_card", 12, 12)


def test_a_value_too_large_to_be_held_is_read_member_by_member() -> None:
    feature = {"type": "Feature", "shape": [[0.5, 0.25]] * 120_000, "owner": objects(30)}
    data = json.dumps({"features": [feature], "more": objects(30)})
    assert len(data) > 1 << 20

    assert {(name.rpartition(".")[2], kind) for name, kind in found(data)} == PERSONS


# Workbooks


def test_a_workbook_of_another_writer_is_read_with_its_hidden_sheet() -> None:
    result = scan((FILES / "workbooks" / "written_by_openpyxl.xlsx").read_bytes())

    assert [(part.label, part.rows, part.has_header) for part in result.parts] == [
        ("客户", 60, True),
        ("备份", 30, True),
    ]
    assert {(one.name, one.kind) for one in result.parts[0].columns} == {
        ("姓名", "person_name"),
        ("手机号", "mobile"),
        ("出生日期", "birth_date"),
        ("备注", "mobile"),
    }
    assert {(one.column, one.kind, one.passed) for one in result.parts[1].columns} == {
        (1, "bank_card", 30),
        (2, "resident_id", 30),
    }
    # The title and the names stand in rows 1 and 2.
    mobiles = next(one for one in result.parts[0].columns if one.name == "手机号")
    assert mobiles.rows == (3, 4, 5, 6, 7)


def sheet(*rows: list[str]) -> str:
    return "<sheetData>" + "".join(f"<row>{''.join(row)}</row>" for row in rows) + "</sheetData>"


def test_numbers_of_a_workbook_are_written_with_all_their_digits() -> None:
    make = Invented(8)
    cells = [f"<c><v>{float(make.mobile()):.10E}</v></c>" for _ in range(12)]
    result = scan(corpus.workbook({"s": sheet(*([cell] for cell in cells))}))

    assert result.kinds() == ("mobile",)
    assert result.counts() == {"mobile": 12}


def test_shared_texts_in_pieces_are_put_together_without_their_reading() -> None:
    make = Invented(9)
    numbers = [make.resident_id("11", make.born()) for _ in range(10)]
    texts = "".join(
        f"<si><r><t>{one[:6]}</t></r><r><t>{one[6:]}</t></r><rPh sb='0' eb='1'><t>9</t></rPh></si>"
        for one in numbers
    )
    cells = [[f'<c t="s"><v>{at}</v></c>'] for at in range(10)]
    result = scan(
        corpus.workbook({"s": sheet(*cells)}, {"xl/sharedStrings.xml": f"<sst>{texts}</sst>"})
    )

    (one,) = result.columns
    assert (one.kind, one.cells, one.passed) == ("resident_id", 10, 10)


def test_a_sheet_that_no_tab_shows_is_read() -> None:
    make = Invented(10)
    hidden = sheet(*([f"<c><v>{make.mobile()}</v></c>"] for _ in range(9)))
    extra = {"xl/worksheets/sheet9.xml": f"<worksheet>{hidden}</worksheet>"}

    result = scan(corpus.workbook({"s": sheet(["<c><v>1</v></c>"])}, extra))

    assert result.kinds() == ("mobile",)


def test_notes_on_cells_are_read_and_pictures_are_counted() -> None:
    make = Invented(11)
    notes = "".join(
        f'<comment ref="A{at}"><text><r><t>tel {make.mobile()}</t></r></text></comment>'
        for at in range(5)
    )
    extra = {
        "xl/comments1.xml": f"<comments><commentList>{notes}</commentList></comments>",
        "xl/media/image1.png": "a picture",
    }

    result = scan(corpus.workbook({"s": sheet(["<c><v>1</v></c>"])}, extra))

    assert [(part.label, part.rows, part.unread) for part in result.parts] == [
        ("s", 1, 1),
        ("(notes)", 5, 0),
    ]
    assert result.counts() == {"mobile": 5}


def test_a_million_shared_texts_are_read_within_memory() -> None:
    texts = "".join(f"<si><t>{number}</t></si>" for number in range(1_000_000))
    cells = [['<c t="s"><v>999999</v></c>']]

    result = scan(
        corpus.workbook({"s": sheet(*cells)}, {"xl/sharedStrings.xml": f"<sst>{texts}</sst>"})
    )

    assert result.rows == 1


# Names of columns


@pytest.mark.parametrize(
    ("rows", "skip", "names"),
    [
        ([["编号", "数量"], ["1", "2"]], 1, ("编号", "数量")),
        (
            [["2026 年登记表", "", ""], ["编号", "姓名", "备注"], ["1", "甲", ""]],
            2,
            ("编号", "姓名", "备注"),
        ),
        ([["13800138000", "编号"], ["1", "2"]], 0, ()),
        ([["a", "b"], ["1", "2"]], 1, ("a", "b")),
        ([["a", "b"], ["c", "d"]], 0, ()),
        ([], 0, ()),
    ],
)
def test_names_stand_in_one_of_the_first_rows(
    rows: list[list[str]], skip: int, names: tuple[str, ...]
) -> None:
    assert header(rows) == (skip, names)


def test_a_value_among_the_titles_is_counted() -> None:
    text = "填表人 13800138000,,\n编号,数量,单位\n" + "1,2,个\n" * 50

    one = next(one for one in scan(text).columns if one.kind == "mobile")

    assert (one.column, one.cells, one.rows) == (1, 1, (1,))


# What a page is told of the head


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("workbooks/written_by_openpyxl.xlsx", ("手机号", "integer", "personal")),
        ("parquet/snappy.parquet", ("id_card", "text", "personal")),
        ("parquet/brotli.parquet", ("date_of_birth", "date", "personal")),
    ],
)
def test_the_head_of_any_format_names_its_columns(name: str, told: tuple[str, str, str]) -> None:
    columns = columns_of(io.BytesIO((FILES / name).read_bytes()))

    assert Column(*told) in columns


def test_the_head_of_json_and_of_a_packed_table_name_their_columns() -> None:
    data = json.dumps([{"no": at, "who": {"phone": "x"}} for at in range(500)]).encode()
    expected = (Column("no", "integer", ""), Column("who.phone", "text", "personal"))

    assert columns_of(io.BytesIO(data)) == expected
    assert columns_of(io.BytesIO(gzip.compress(data))) == expected
    assert columns_of(io.BytesIO(gzip.compress(data)[:200])) == ()
