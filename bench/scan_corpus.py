# ruff: noqa: D103, ARG005, E501
"""Labelled tables for the scan. Invariant: the seed decides every byte, and nobody is meant.

A table mixes columns that hold a kind with columns that only look like one (order numbers, serial
numbers, barcodes, versions, mailboxes of services). Names of columns are Chinese, pinyin, English,
neutral or absent; check digits are right or all wrong; cells are written in several ways.
"""

import csv
import gzip
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from random import Random
from xml.sax.saxutils import escape

from compliance.scan import ScanResult, scan_file
from compliance.scan.identity import FORMATS, SHAPES
from exchange.demo.tables.invented import Invented

STYLES = ("zh", "pinyin", "en", "neutral", "none")
CHECK_DIGITS = ("valid", "broken")
# The kinds that identify a person or a firm in China by a number, and how well they must be found.
CHINESE_KINDS = (
    *("resident_id", "passport", "mobile", "landline", "bank_card", "vehicle_plate"),
    "social_credit_code",
)
LEAST_RECALL, LEAST_PRECISION = 0.98, 0.95
DISEASES = ("高血压", "2型糖尿病", "支气管炎", "胃炎", "偏头痛", "骨折", "慢性肾炎", "过敏性鼻炎")


@dataclass(frozen=True)
class Column:
    """How one column is made, and what of it a scan has to say.

    `names` are Chinese, pinyin and English; `kind` "" means nothing. `needs` says without what it
    cannot be told: "name", "check" (right check digits or a name), "persons" (others in the table).
    """

    names: tuple[str, str, str]
    kind: str
    make: Callable[[Invented, int], str]
    needs: str = ""


@dataclass
class Labelled:
    """A table, and which kinds stand in which of its columns, from 1."""

    header: list[str]
    rows: list[list[str]]
    truth: set[tuple[int, str]] = field(default_factory=set)
    # What may be said and need not: it hangs on what else the table is taken to be about.
    open: set[tuple[int, str]] = field(default_factory=set)
    style: str = "zh"
    check_digits: str = "valid"


def mobile(make: Invented, row: int) -> str:
    text = make.mobile()
    ways = (text, text, text, "+86" + text, f"{text[:3]}-{text[3:7]}-{text[7:]}", f" {text}")
    return ways[make.random.randrange(len(ways))]


def resident_id(make: Invented, row: int) -> str:
    text = make.resident_id(make.city()[1], make.born())
    return make.random.choice((text, text, text, text.lower(), "'" + text))


def bank_card(make: Invented, row: int) -> str:
    text = make.bank_card(make.random.choice((16, 19, 19)))
    four = " ".join(text[place : place + 4] for place in range(0, len(text), 4))
    return make.random.choice((text, text, four))


def foreign_card(make: Invented, row: int) -> str:
    body = make.random.choice(("4", "51", "55")) + make.digits(15)
    return luhn(body[:15], make)


def luhn(body: str, make: Invented) -> str:
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 - place % 2)
        total += value - 9 * (value > 9)
    return body + make.wrong(str(-total % 10), "0123456789")


def imei(make: Invented, row: int) -> str:
    return luhn(make.random.choice(("35", "86")) + make.digits(12), make)


def mac(make: Invented, row: int) -> str:
    return ":".join(f"{make.random.randrange(256):02X}" for _ in range(6))


def ip(make: Invented, row: int) -> str:
    # Documentation blocks would be too few; these are public ones at large.
    numbers = make.random
    return f"{numbers.randint(11, 120)}.{numbers.randrange(256)}.{numbers.randrange(256)}.{row % 254 + 1}"


def code(letters: str, digits: int) -> Callable[[Invented, int], str]:
    return lambda make, row: letters + make.digits(digits)


def barcode(make: Invented, row: int) -> str:
    body = "69" + make.digits(10)
    total = sum(int(digit) * (1 + 2 * (place % 2)) for place, digit in enumerate(body))
    return body + str(-total % 10)


def moment(make: Invented, row: int) -> str:
    return f"{make.moment(row, 600):%Y-%m-%d %H:%M:%S}"


KINDS = (
    Column(("身份证号", "sfzh", "id_card_no"), "resident_id", resident_id),
    Column(("公民身份号码", "gmsfhm", "national_id"), "resident_id", resident_id),
    Column(("护照号", "huzhaohao", "passport_no"), "passport", lambda m, _: m.passport()),
    Column(("手机号", "sjhm", "mobile"), "mobile", mobile),
    Column(("联系手机", "shoujihao", "cell_phone"), "mobile", mobile),
    Column(("座机", "zuoji", "telephone"), "landline", lambda m, _: m.landline()),
    Column(("银行卡号", "yhkh", "card_number"), "bank_card", bank_card),
    Column(("信用卡号", "xinyongka", "credit_card"), "bank_card", foreign_card, "check"),
    Column(("电子邮箱", "dzyx", "email"), "email", lambda m, _: m.email()),
    Column(
        ("家庭住址", "jtzz", "home_address"), "postal_address", lambda m, _: m.address(m.city()[0])
    ),
    Column(("姓名", "xm", "customer_name"), "person_name", lambda m, _: m.han_name()),
    Column(("车牌号", "cphm", "plate_no"), "vehicle_plate", lambda m, _: m.plate(m.city()[2])),
    Column(
        ("统一社会信用代码", "tyshxydm", "uscc"),
        "social_credit_code",
        lambda m, _: m.credit_code(m.city()[1]),
    ),
    Column(("手机串号", "imei", "imei"), "device_id", imei, "check"),
    Column(("MAC地址", "macdz", "mac_address"), "device_id", mac),
    Column(("登录IP", "ipdz", "client_ip"), "ip_address", ip, "persons"),
    Column(("出生日期", "csrq", "date_of_birth"), "birth_date", lambda m, _: str(m.born()), "name"),
    Column(
        ("诊断", "zhenduan", "diagnosis"),
        "health",
        lambda m, _: m.random.choice(DISEASES),
        "persons",
    ),
    Column(
        ("指纹特征", "zhiwen", "fingerprint"), "biometric", lambda m, _: m.digits(9), "name persons"
    ),
)
# What only looks like data of persons, or is nothing at all.
OTHERS = (
    Column(("订单号", "ddh", "order_no"), "", lambda m, r: f"2026{r % 12 + 1:02d}{m.digits(12)}"),
    Column(("流水号", "lsh", "serial"), "", code("", 18)),
    Column(
        ("雪花编号", "xhbh", "snowflake"), "", lambda m, r: str(10**18 + m.random.randrange(10**18))
    ),
    Column(("批次号", "pch", "batch"), "", lambda m, r: str(15000000000 + r)),
    Column(("设备编号", "bh", "asset"), "", code("EQ", 11)),
    Column(("条码", "tm", "barcode"), "", barcode),
    Column(("运单号", "ydh", "waybill"), "", code("SF", 13)),
    Column(("时间戳", "sjc", "epoch_ms"), "", lambda m, r: str(1767225600000 + r * 60_000)),
    Column(("金额", "je", "amount"), "", lambda m, r: f"{m.random.random() * 9000:.2f}"),
    Column(("物料编码", "wlbm", "material"), "", code("P0000", 4)),
    Column(("城市", "cs", "city"), "", lambda m, r: m.city()[0]),
    Column(("企业名称", "qymc", "company"), "", lambda m, r: m.company(m.city()[0])),
    Column(
        ("固件版本", "gjbb", "firmware_version"),
        "",
        lambda m, r: f"{r % 4}.{r % 10}.{r % 7}.{r % 90}",
    ),
    Column(
        ("内网地址", "nwdz", "host"), "", lambda m, r: f"10.{r % 256}.{m.random.randrange(256)}.7"
    ),
    Column(
        ("客服邮箱", "kfyx", "mailbox"),
        "",
        lambda m, r: f"{m.random.choice(('info', 'service', 'support', 'sales'))}@firm{r}.example",
    ),
    Column(("哈希", "hx", "digest"), "", lambda m, r: f"{m.random.getrandbits(160):040x}"),
    Column(("箱号", "xh", "container"), "", code("MSKU", 7)),
    Column(("邮编", "yb", "postcode"), "", code("", 6)),
    Column(
        ("品名", "pm", "goods"),
        "",
        lambda m, r: m.random.choice(("示例水泵", "示例阀门", "样品电机")),
    ),
    Column(("温度", "wd1", "temperature"), "", lambda m, r: f"{m.random.gauss(20, 5):.4f}"),
    Column(
        ("街道", "jd1", "street"), "", lambda m, r: m.random.choice(("一街", "二街", "和平街道"))
    ),
    Column(
        ("备注", "bz", "remark"), "", lambda m, r: m.random.choice(("已回访", "无", "需要发票"))
    ),
)


def foreign_columns() -> Iterator[Column]:
    """Yield a column for each strong format of another country, made by trial against its check."""
    english = {
        "pl.pesel": "pesel", "it.codicefiscale": "codice_fiscale", "fi.hetu": "hetu", "ro.cnp": "cnp",
        "es.dni": "dni", "kr.rrn": "rrn", "se.personnummer": "personnummer", "br.cpf": "cpf",
        "sg.nric": "nric", "hk.id": "hkid", "bg.egn": "egn", "tr.tckimlik": "tckn",
    }  # fmt: skip
    for one in FORMATS:
        if one.code in english:
            name = english[one.code]
            yield Column((name, name, name), "foreign_id", tried(one.code, one.holds))


def tried(name: str, holds: Callable[[str], bool]) -> Callable[[Invented, int], str]:
    """Return a maker of numbers of one format, out of a few that were made by trial."""

    def make(invented: Invented, row: int) -> str:
        return invented.random.choice(pool(name, holds, invented.broken))

    return make


@cache
def pool(name: str, holds: Callable[[str], bool], broken: bool) -> tuple[str, ...]:
    """Return numbers of one format whose check holds, or does not."""
    random, shape = Random(f"{name} {broken}"), SHAPES[name][0]
    found: list[str] = []
    while len(found) < 30:
        text = fitting(shape, random)
        if re.fullmatch(shape, text) and holds(text) != broken:
            found.append(text)
    return tuple(found)


def fitting(shape: str, random: Random) -> str:
    """Return a text that most likely fits a shape made of classes, counts and alternatives."""
    text = ""
    place = 0
    while place < len(shape):
        if shape[place] == "(":
            depth, end = 1, place + 1
            while depth:
                depth += {"(": 1, ")": -1}.get(shape[end], 0)
                end += 1
            inner = shape[place + 1 : end - 1]
            if inner.startswith("?!"):
                place = end
                continue
            choices, level, start = [], 0, 0
            body = inner.removeprefix("?:")
            for at, sign in enumerate(body):
                level += {"(": 1, ")": -1}.get(sign, 0)
                if sign == "|" and not level:
                    choices.append(body[start:at])
                    start = at + 1
            choices.append(body[start:])
            piece = lambda: fitting(random.choice(choices), random)  # noqa: E731, B023
        elif shape[place] == "[":
            end = shape.index("]", place) + 1
            signs = members(shape[place + 1 : end - 1])
            piece = lambda: random.choice(signs)  # noqa: E731, B023
        else:
            end = place + 1
            sign = shape[place]
            piece = lambda: sign  # noqa: E731, B023
        place = end
        times = 1
        if place < len(shape) and shape[place] == "{":
            end = shape.index("}", place)
            low, _, high = shape[place + 1 : end].partition(",")
            times = random.randint(int(low), int(high or low))
            place = end + 1
        elif place < len(shape) and shape[place] == "?":
            times = random.randrange(2)
            place += 1
        text += "".join(piece() for _ in range(times))
    return text


def members(signs: str) -> str:
    found, place = "", 0
    while place < len(signs):
        if signs[place + 1 : place + 2] == "-" and place + 2 < len(signs):
            found += "".join(map(chr, range(ord(signs[place]), ord(signs[place + 2]) + 1)))
            place += 3
        else:
            found += signs[place]
            place += 1
    return found


def tables(seed: int, *, rows: int = 120, rounds: int = 3) -> Iterator[Labelled]:
    """Yield labelled tables: every kind in every style of names, with right and wrong digits."""
    random = Random(seed)
    foreign = tuple(foreign_columns())
    for number in range(rounds):
        for style in STYLES:
            for check_digits in CHECK_DIGITS:
                columns = [*KINDS, *random.sample(foreign, 3)]
                random.shuffle(columns)
                for start in range(0, len(columns), 4):
                    some = columns[start : start + 4] + random.sample(OTHERS, 4)
                    random.shuffle(some)
                    make = Invented(seed * 7919 + number * 101 + start, check_digits)
                    yield made(some, make, style, rows)
    yield from plain_tables(seed, rows)


def plain_tables(seed: int, rows: int) -> Iterator[Labelled]:
    """Yield tables with nothing in them, which make most of what a venue sees."""
    random = Random(seed + 1)
    for number in range(20):
        some = random.sample(OTHERS, 7)
        yield made(some, Invented(seed + number), STYLES[number % len(STYLES)], rows)


def made(columns: list[Column], make: Invented, style: str, rows: int) -> Labelled:
    """Make one table; a column is filled in all rows, most of them or a few."""
    header: list[str] = []
    truth, left_open = set(), set()
    if style != "none":
        at = STYLES.index(style)
        header = [one.names[at] if at < 3 else f"c{place}" for place, one in enumerate(columns, 1)]
    filled = [make.random.choice((1.0, 1.0, 0.9, 0.4)) for _ in columns]
    persons = any(one.kind in ("resident_id", "mobile", "person_name", "email") for one in columns)
    named = style in ("zh", "pinyin", "en")
    for place, one in enumerate(columns, 1):
        met = (
            ("name" not in one.needs or named)
            and ("check" not in one.needs or named or not make.broken)
            and ("persons" not in one.needs or persons)
        )
        # Other countries' numbers with wrong digits are told by their name alone.
        if one.kind == "foreign_id" and make.broken and not named:
            met = False
        if one.kind:
            (truth if met else left_open).add((place, one.kind))
    body = [
        [
            one.make(make, row) if make.random.random() < share else ""
            for one, share in zip(columns, filled, strict=True)
        ]
        for row in range(rows)
    ]
    digits = "broken" if make.broken else "valid"
    return Labelled(header, body, truth, left_open, style, digits)


def as_csv(table: Labelled, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Return the table as delimited text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    if table.header:
        writer.writerow(table.header)
    writer.writerows(table.rows)
    return out.getvalue().encode(encoding)


def as_json(table: Labelled) -> bytes:
    """Return the table as an array of objects."""
    names = table.header or [f"c{place}" for place in range(1, len(table.rows[0]) + 1)]
    return json.dumps(
        [dict(zip(names, row, strict=True)) for row in table.rows], ensure_ascii=False
    ).encode()


def as_json_lines(table: Labelled) -> bytes:
    """Return the table as one object a line."""
    names = table.header or [f"c{place}" for place in range(1, len(table.rows[0]) + 1)]
    lines = (json.dumps(dict(zip(names, row, strict=True))) for row in table.rows)
    return "\n".join(lines).encode()


def as_workbook(table: Labelled) -> bytes:
    """Return the table as a workbook with texts within the cells."""
    rows = [table.header, *table.rows] if table.header else table.rows
    body = "".join(
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row)
        + "</row>"
        for row in rows
    )
    return workbook({"Sheet1": f"<sheetData>{body}</sheetData>"})


def workbook(sheets: dict[str, str], extra: dict[str, str] | None = None) -> bytes:
    """Return a workbook of the given sheets' XML, with further members."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    tabs = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"/>'
        for at, name in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{office}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    members = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{tabs}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>",
        **{
            f"xl/worksheets/sheet{at}.xml": f'<worksheet xmlns="{main}">{body}</worksheet>'
            for at, body in enumerate(sheets.values(), 1)
        },
        **(extra or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


WAYS: dict[str, Callable[[Labelled], bytes]] = {
    "csv": as_csv,
    "gb18030": lambda table: as_csv(table, "gb18030"),
    "utf-16": lambda table: as_csv(table, "utf-16"),
    "tsv": lambda table: as_csv(table, delimiter="\t"),
    "json": as_json,
    "json lines": as_json_lines,
    "xlsx": as_workbook,
    "gzip": lambda table: gzip.compress(as_csv(table), mtime=0),
}


@dataclass
class Score:
    """How often each kind was found rightly, wrongly, and not."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, table: Labelled, result: ScanResult, way: str) -> None:
        """Count what a scan said of a table."""
        found = {(one.column, one.kind) for one in result.columns if one.confidence != "possible"}
        # Persons' names, addresses and the like follow from others, and are not labelled twice.
        found = {one for one in found if one[1] != "minor"}
        for name, some in (
            ("right", found & table.truth),
            ("wrong", found - table.truth - table.open),
            ("missed", table.truth - found),
        ):
            getattr(self, name).update(kind for _, kind in some)
            if name != "right":
                self.faults += [
                    f"{name} {kind} column {column} of {table.header or 'no header'}, "
                    f"{table.check_digits}, as {way}"
                    for column, kind in sorted(some)
                ]

    def recall(self, kinds: Iterable[str]) -> float:
        """Return which share of what stands there was found."""
        some = list(kinds)
        right = sum(self.right[kind] for kind in some)
        return right / max(1, right + sum(self.missed[kind] for kind in some))

    def precision(self, kinds: Iterable[str]) -> float:
        """Return which share of what was found stands there."""
        some = list(kinds)
        right = sum(self.right[kind] for kind in some)
        return right / max(1, right + sum(self.wrong[kind] for kind in some))

    def kinds(self) -> list[str]:
        """Return all kinds that were met."""
        return sorted({*self.right, *self.wrong, *self.missed})


def scored(some: Iterable[Labelled]) -> Score:
    """Scan tables, each written in another way by turns."""
    score = Score()
    ways = list(WAYS.items())
    for number, table in enumerate(some):
        name, write = ways[number % len(ways)]
        score.add(table, scan_file(io.BytesIO(write(table)), name="table"), name)
    return score
