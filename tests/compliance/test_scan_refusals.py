"""What no scan can read is refused: with code, place, and a word on what to do; in short time."""

import gzip
import io
import json
import random
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain, repeat

import pytest

from bench import scan_corpus as corpus
from compliance.scan import report_on
from compliance.scan.limits import Limits
from compliance.scan.refusals import MESSAGES
from tests.compliance.scanning import AT, refusal, scan, stream
from tests.compliance.test_scan_formats import sheet, table, zipped

MEBI = 1 << 20
SECONDS = 5.0


@pytest.fixture(autouse=True)
def short() -> Iterator[None]:
    """Every refusal comes within seconds, whatever was uploaded."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < SECONDS


# Archives


def test_an_archive_that_explodes_is_refused() -> None:
    lines = b"1,2,3\n" * (64 * MEBI // 6 + 1)
    limits = Limits(calm_bytes=8 * MEBI)

    assert refusal(gzip.compress(lines), limits)[0] == "explodes"
    assert refusal(zipped({"a.csv": lines}), limits)[0] == "explodes"


def test_members_of_an_archive_explode_together() -> None:
    lines = b"1,2,3\n" * (MEBI // 6)
    some = {f"{number}.csv": lines for number in range(12)}

    assert refusal(zipped(some), Limits(calm_bytes=8 * MEBI))[0] == "explodes"


def test_what_an_archive_may_become_has_an_end() -> None:
    noise = random.Random(1).randbytes(MEBI).hex().encode()
    data = gzip.compress(b"\n".join(noise[at : at + 60] for at in range(0, len(noise), 60)))

    assert refusal(data, Limits(unpacked_bytes=MEBI))[0] == "too-large"


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped({"a.csv": data})])
def test_an_archive_in_an_archive_is_refused(pack: Callable[[bytes], bytes]) -> None:
    inner = pack(b"a,b\n1,2\n")

    assert refusal(zipped({"ok.csv": b"a,b\n1,2\n", "in": inner})) == ("nested-archive", "file 2")
    assert refusal(gzip.compress(inner))[0] == "nested-archive"


def test_an_archive_that_is_cut_off_is_refused() -> None:
    packed = gzip.compress(table(2000).encode())

    for left in (len(packed) - 5, len(packed) // 2, 30):
        assert refusal(packed[:left])[0] == "broken-archive"
    assert refusal(zipped({"a.csv": table().encode()})[:-30])[0] == "broken-archive"


def test_an_archive_with_a_wrong_sum_is_refused() -> None:
    data = bytearray(zipped({"a.csv": random.Random(2).randbytes(4000).hex().encode()}))
    data[1000] ^= 0xFF

    assert refusal(bytes(data))[0] == "broken-archive"


def test_an_archive_of_many_tables_is_refused() -> None:
    assert refusal(zipped({f"{at}.csv": b"a,b\n1,2\n" for at in range(65)}))[0] == "too-many-parts"


def test_an_archive_with_an_endless_list_of_contents_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for at in range(40_000):
            file.writestr(f"{at:0>80}", b"")

    assert refusal(out.getvalue())[0] == "too-many-parts"


def test_a_locked_archive_is_refused() -> None:
    data = bytearray(zipped({"a.csv": b"a,b\n1,2\n"}))
    central = data.index(b"PK\x01\x02")
    data[6] |= 1
    data[central + 8] |= 1

    assert refusal(bytes(data)) == ("encrypted", "file 1")


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"7z\xbc\xaf\x27\x1c", "compression"),
        (b"Rar!\x1a\x07", "compression"),
        (b"\x28\xb5\x2f\xfd", "compression"),
        (b"%PDF-1.7", "other-format"),
        (b"ARROW1\0\0", "other-format"),
        (b"\xd0\xcf\x11\xe0", "other-format"),
        (b"\x89PNG\r\n", "other-format"),
        (b"<?xml version='1.0'?>", "other-format"),
        (b"\xef\xbb\xbf<html><body>", "other-format"),
    ],
)
def test_other_formats_are_refused_by_what_their_bytes_are(head: bytes, code: str) -> None:
    data = head + b"\x00\x01 more bytes"

    assert refusal(data)[0] == code
    assert refusal(zipped({"table.csv": data}))[1] == "file 1"


@pytest.mark.parametrize("member", ["word/document.xml", "xl/workbook.bin", "mimetype"])
def test_other_documents_that_are_archives_are_refused(member: str) -> None:
    assert refusal(zipped({"[Content_Types].xml": b"<Types/>", member: b"x"}))[0] == "other-format"


def test_a_unix_archive_is_refused() -> None:
    head = b"a.csv".ljust(257, b"\0") + b"ustar\x0000"

    assert refusal(gzip.compress(head.ljust(1024, b"\0")))[0] == "nested-archive"


# Delimited text


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"  \r\n"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert refusal(data) == ("empty", "byte 1")


def test_a_row_of_a_gigabyte_is_refused_before_it_is_read() -> None:
    endless = stream(chain([b"a,b\n1,2\n"], repeat(b"x" * MEBI, 1024)))

    code, where = refusal(endless)  # type: ignore[arg-type]

    assert (code, where) == ("row-too-long", "byte 9")
    assert endless.raw.given < 4 * MEBI  # type: ignore[attr-defined]


def test_ten_thousand_columns_are_refused() -> None:
    wide = ",".join(f"c{at}" for at in range(10_000)) + "\n"
    rows = "a,b\n1,2\n" * 50 + ",".join(["13800138000"] * 10_000) + "\n"

    assert refusal(wide.encode() * 3) == ("too-many-columns", "row 1")
    assert refusal(rows.encode()) == ("too-many-columns", "row 101")
    assert refusal(json.dumps([dict.fromkeys(map(str, range(3)), 1), wide_object()]).encode()) == (
        "too-many-columns",
        "row 2",
    )
    cells = ["<c><v>1</v></c>"] * 10_000
    assert refusal(corpus.workbook({"s": sheet(cells)})) == ("too-many-columns", "row 1")


def wide_object() -> dict[str, dict[str, int]]:
    """An object of many members, none of which is a map from values."""
    return {f"g{outer}": {f"c{outer}x{inner}": 1 for inner in range(40)} for outer in range(30)}


@pytest.mark.parametrize(
    "data", [b"a,b\n1,\x002\n", b"a,b\n" + b"1,2\n" * 90_000 + b"\0,1\n", bytes(range(256)) * 40]
)
def test_bytes_that_no_text_has_are_refused(data: bytes) -> None:
    assert refusal(data)[0] == "binary"


@pytest.mark.parametrize(
    "data",
    [
        b'a,b\n"1,2\n' + b"3,4\n" * 400_000,
        b'a,b\n1,2\n1,"' + b"x," * 700_000,
        b'a,b\n1,"2\n',
    ],
)
def test_quotation_marks_that_are_never_closed_are_refused(data: bytes) -> None:
    assert refusal(data)[0] in ("broken-quotes", "row-too-long")


def test_a_file_beyond_the_limit_is_refused() -> None:
    assert refusal(b"a,b\n" * 100_000, Limits(file_bytes=MEBI // 8))[0] == "too-large"


# JSON


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'[{"a":' + b"[" * 500 + b"]" * 500 + b"}]",
    ],
)
def test_json_that_is_too_deep_is_refused(data: bytes) -> None:
    assert refusal(data)[0] in ("too-deep", "broken-json")
    assert refusal(data + b" " * 10)[0] in ("too-deep", "broken-json")


def test_json_that_is_too_deep_and_too_large_is_refused() -> None:
    data = b'{"a":' * 90 + b'"' + b"x" * 2 * MEBI + b'"' + b"}" * 90

    assert refusal(data)[0] in ("too-deep", "row-too-long")


@pytest.mark.parametrize(
    "data",
    [
        b'[{"a": 1}, {"a": 2',
        b'[{"a": 1}, {"a" 2}]' + b" " * 100,
        b'{"a": 1}\n{"a": 2}\n{"a": \n',
        b'{"a": 1}\n{"a": 2}\nnot json\n{"a": 3}' + b"\n" * 40,
        b'[{"a": tru',
        b'{"data": [1, 2, 3], "b": }' + b" " * 50,
        b'[{"a": 1}] [',
    ],
)
def test_json_that_is_malformed_is_refused(data: bytes) -> None:
    assert refusal(data)[0] == "broken-json"


def test_a_json_text_of_a_gigabyte_in_one_string_is_refused() -> None:
    endless = stream(chain([b'[{"a": "'], repeat(b"x" * MEBI, 1024)))

    assert refusal(endless)[0] == "row-too-long"  # type: ignore[arg-type]
    assert endless.raw.given < 8 * MEBI  # type: ignore[attr-defined]


# Workbooks

DOCTYPE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


@pytest.mark.parametrize("declared", [DOCTYPE, LAUGHS, "<!DOCTYPE sst>"])
@pytest.mark.parametrize(
    "member", ["xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet7.xml"]
)
def test_entities_in_a_workbook_are_refused_unread(member: str, declared: str) -> None:
    data = corpus.workbook(
        {"s": sheet(["<c><v>1</v></c>"])}, {member: f"{declared}<sst><si><t>&a;</t></si></sst>"}
    )

    assert refusal(data) == ("document-type", member)


@pytest.mark.parametrize(
    "broken",
    [
        "<sheetData><row><c><v>1</v></row></sheetData>",
        '<sheetData><row><c t="s"><v>5</v></c></row></sheetData>',
        '<sheetData><row><c t="s"><v>x</v></c></row></sheetData>',
        '<sheetData><row r="zz"><c><v>1</v></c></row></sheetData>',
        '<sheetData><row><c s="x"><v>1</v></c></row></sheetData>',
        "<sheetData><row><c><v>&unknown;</v></c></row></sheetData>",
        "<sheetData",
    ],
)
def test_a_damaged_sheet_is_refused(broken: str) -> None:
    code, where = refusal(corpus.workbook({"s": broken}))

    assert code == "broken-workbook"
    assert where.startswith("xl/worksheets/sheet1.xml, line ")


def test_a_tag_that_does_not_end_is_refused() -> None:
    noise = random.Random(3).randbytes(3 * MEBI).hex()

    assert refusal(corpus.workbook({"s": f'<sheetData x="{noise}"></sheetData>'}))[0] == (
        "broken-workbook"
    )


def test_a_cell_longer_than_a_row_may_be_is_refused() -> None:
    long = "<c><v>" + "12345678" * 200_000 + "</v></c>"

    assert refusal(corpus.workbook({"s": sheet([long])})) == ("row-too-long", "row 1")


def test_shared_texts_beyond_the_limit_are_refused() -> None:
    texts = "".join(f"<si><t>{number}</t></si>" for number in range(100_000))
    data = corpus.workbook(
        {"s": sheet(['<c t="s"><v>1</v></c>'])}, {"xl/sharedStrings.xml": f"<sst>{texts}</sst>"}
    )

    assert refusal(data, Limits(strings_bytes=MEBI))[0] == "too-much-text"


def test_a_workbook_without_a_filled_sheet_is_empty() -> None:
    assert refusal(corpus.workbook({"s": "<sheetData/>"})) == ("empty", "byte 1")


# Anything


@pytest.mark.parametrize("seed", range(12))
def test_noise_is_read_or_refused_and_never_a_fault(seed: int) -> None:
    noise = random.Random(seed)
    heads = (
        b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\x00", b"PAR1", b"[", b'{"a":',
        b"\xff\xfe", b'"', b"\x81\x30\x81\x30",
    )  # fmt: skip
    for head in heads:
        body = noise.choice(
            [noise.randbytes(3000), bytes(noise.choices(b'",\n{}[]:1a \t', k=3000))]
        )
        data = head + body + noise.choice([b"", b"PAR1", b"\n"])
        report = report_on(io.BytesIO(data), name="noise", at=AT)

        assert report["state"] == "done" or report["reason"] in MESSAGES


def test_a_report_on_what_was_refused_says_why_and_where() -> None:
    report = report_on(io.BytesIO(b"a,b\n1,\x002\n"), name="x", at=datetime.now(UTC))

    assert report == {"state": "failed", "reason": "binary", "where": "byte 7", "values": {}}


def test_where_a_member_is_refused_both_are_named() -> None:
    assert refusal(zipped({"a.csv": b"a,b\n1,2\n", "b.csv": b'a,b\n1,"2\n'})) == (
        "broken-quotes",
        "file 2, row 2",
    )


def test_a_table_of_one_cell_is_no_refusal() -> None:
    assert scan("x").rows == 1


@pytest.mark.parametrize("step", [2, 4, 6])
def test_nuls_strewn_into_a_text_do_not_hide_it_as_another_encoding(step: int) -> None:
    text = "".join(f"{at},1380013{at:04d}\n" for at in range(1000, 1200)).encode()
    strewn, odd = b"", 1
    for line in text.splitlines(keepends=True):
        place = step + (len(strewn) + step + odd) % 2
        strewn += line[:place] + b"\0" + line[place:]

    assert strewn[0::2].count(0) == 0
    assert refusal(strewn)[0] == "binary"


def test_a_false_mark_of_encoding_does_not_hide_a_text() -> None:
    plain = "\n".join(["id,phone"] + [f"{at},1380013{at:04d}" for at in range(60)]).encode()

    assert scan(b"\xff\xfe" + plain).kinds() == ("mobile",)
