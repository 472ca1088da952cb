"""What the scan finds: kinds, with each piece of evidence apart, and never a value."""

import csv
import io
import json
from collections.abc import Callable
from random import Random

import pytest

from bench import scan_corpus as corpus
from compliance.facts import ScanFacts, facts_from_content
from compliance.scan import KINDS, names, report_on, scan_file
from compliance.scan.identity import FORMATS, Tried, hong_kong, singapore, taiwan
from compliance.selectors.scans import scan_facts
from exchange.demo.tables import TABLES, write_table
from exchange.demo.tables.invented import Invented
from tests.compliance.scanning import AT, found, kinds, scan

LIKELY_AT_LEAST = ("certain", "likely")


def text(header: list[str], rows: list[list[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def column(name: str, make: Callable[[int], str], rows: int = 40) -> str:
    return text(["no", name], [[str(at), make(at)] for at in range(rows)])


# How well, on labelled tables


@pytest.fixture(scope="module")
def score() -> corpus.Score:
    return corpus.scored(corpus.tables(20260601, rounds=2))


def test_chinese_numbers_are_found_with_right_and_with_wrong_check_digits(
    score: corpus.Score,
) -> None:
    for kind in corpus.CHINESE_KINDS:
        assert score.right[kind] >= 20
        assert score.recall([kind]) >= corpus.LEAST_RECALL, score.faults
        assert score.precision([kind]) >= corpus.LEAST_PRECISION, score.faults


def test_all_other_kinds_are_found_too(score: corpus.Score) -> None:
    others = [kind for kind in score.kinds() if kind not in corpus.CHINESE_KINDS]

    assert len(others) >= 9
    assert score.recall(others) >= corpus.LEAST_RECALL, score.faults
    assert score.precision(others) >= corpus.LEAST_PRECISION, score.faults


@pytest.mark.parametrize("check_digits", ["valid", "broken"])
@pytest.mark.parametrize("code", sorted(TABLES))
def test_tables_of_the_demonstration_hold_what_their_fields_say(
    code: str, check_digits: str
) -> None:
    out = io.BytesIO()
    write_table(code, out, size_bytes=60_000, seed=7, check_digits=check_digits)

    result = scan(out.getvalue())

    wanted = {
        (place, kind)
        for place, field in enumerate(TABLES[code].fields, 1)
        for kind in field.kinds
        if kind
    }
    told = {(one.column, one.kind) for one in result.columns if one.confidence in LIKELY_AT_LEAST}
    assert wanted - told == set()
    assert told - wanted <= {(one.column, "minor") for one in result.columns}


# Evidence, each apart


def test_the_pieces_of_evidence_are_told_apart() -> None:
    make = Invented(1)
    rows = [[str(at), make.resident_id("11", make.born())] for at in range(30)]
    rows += [[str(at), ""] for at in range(30, 40)]
    wrong = [[row[0], row[1] and row[1][:17] + "0"] for row in rows[:3]]
    named = scan(text(["no", "身份证号"], wrong + rows[3:]))

    (one,) = named.columns

    assert (one.by_name, one.cells, one.checked, one.share_bp) == (True, 30, 30, 7500)
    assert 27 <= one.passed < 30
    assert (one.distinct, one.distinct_exact, one.rows) == (30, True, (2, 3, 4, 5, 6))


def test_identity_numbers_whose_check_digits_all_fail_are_found_without_a_name() -> None:
    make = Invented(2, "broken")
    rows = [[make.resident_id("31", make.born())] for _ in range(50)]

    (one,) = scan(text([], rows)).columns

    assert (one.kind, one.confidence, one.by_name) == ("resident_id", "likely", False)
    assert (one.cells, one.checked, one.passed) == (50, 50, 0)


def test_a_number_valid_as_both_is_an_identity_number_and_no_card() -> None:
    # Resident numbers that also pass Luhn and begin as cards of an issuer do.
    from compliance.scan.values import bank_card_holds

    make = Invented(3)
    both: list[str] = []
    while len(both) < 20:
        number = make.resident_id("62", make.born())
        if number.isdecimal() and bank_card_holds(number):
            both.append(number)

    assert kinds(text([], [[number] for number in both])) == ("resident_id",)
    assert kinds(text(["银行卡号"], [[number] for number in both])) == ("resident_id",)


def test_nothing_that_was_found_stands_in_the_report() -> None:
    make = Invented(4)
    rows = [
        [make.han_name(), make.mobile(), make.resident_id("11", make.born()), make.bank_card()]
        for _ in range(25)
    ]
    data = text(["姓名", "手机", "身份证", "卡号"], rows).encode()

    document = json.dumps(report_on(io.BytesIO(data), name="x", at=AT), ensure_ascii=False)

    assert not [value for row in rows for value in row if value in document]
    assert "resident_id" in document


def test_the_same_file_gives_the_same_document() -> None:
    data = corpus.as_csv(next(corpus.tables(5)))
    first, second = (scan_file(io.BytesIO(data), name="x", at=AT).to_document() for _ in range(2))

    assert json.dumps(first) == json.dumps(second)


def test_a_few_values_in_a_long_text_are_found_at_their_rows() -> None:
    rows = [[str(at), "nothing to see here, move on"] for at in range(2000)]
    rows[1200][1] = "call 138-0013-8021, thanks"
    rows[1700][1] = "or +86 13900139045"

    (one,) = scan(text(["no", "remark"], rows)).columns

    assert (one.kind, one.cells, one.inside, one.rows) == ("mobile", 2, 2, (1202, 1702))


# Short samples


@pytest.mark.parametrize(
    "values",
    [
        ["联系138-0013-8021王先生", "收旧书，电话 +86 13800138045"],
        ["13800138021", "13900138045"],
    ],
)
def test_two_mobile_numbers_of_a_short_sample_are_found(values: list[str]) -> None:
    assert kinds(text(["no", "note"], [["1", values[0]], ["2", values[1]]])) == ("mobile",)


def test_two_cards_of_a_short_sample_are_found_and_two_that_fail_are_not() -> None:
    right, wrong = Invented(5), Invented(5, "broken")
    for make, said in ((right, ("bank_card",)), (wrong, ())):
        rows = [[f"Q{at}", make.bank_card(), "3120.00"] for at in range(2)]
        assert kinds(text(["quote", "account", "premium"], rows)) == said


# Single kinds


@pytest.mark.parametrize(
    ("name", "make", "kind"),
    [
        ("x", lambda make: make.plate("粤"), "vehicle_plate"),
        ("x", lambda make: f"{make.random.getrandbits(48):012x}"[:12], ""),
        ("x", lambda make: "1.2.3.4", ""),
        ("x", lambda make: "192.168.0.1", ""),
        ("status", lambda make: "机密★10年", "classification_mark"),
        ("密级", lambda make: make.random.choice(("秘密", "机密")), "classification_mark"),
        ("iban", lambda make: "DE89370400440532013000", "bank_card"),
        ("social security no", lambda make: f"5{make.digits(2)}-45-1901", "foreign_id"),
        ("宗教信仰", lambda make: "x", ""),
    ],
)  # fmt: skip
def test_a_column_is_told_by_its_values(
    name: str, make: Callable[[Invented], str], kind: str
) -> None:
    invented = Invented(6)

    told = kinds(column(name, lambda _: make(invented)))

    assert told == ((kind,) if kind else ())


def test_identity_numbers_of_before_1999_are_found_without_a_name() -> None:
    make = Invented(7)
    rows = [
        [f"{make.city()[1]}0101{make.born(1950, 1985):%y%m%d}{make.digits(3)}"] for _ in range(40)
    ]

    assert kinds(text([], rows)) == ("resident_id",)
    assert kinds(text([], [[make.digits(15)] for _ in range(40)])) == ()


@pytest.mark.parametrize("name", ["info", "Support", "sales", "客服邮箱", "no-reply"])
def test_mailboxes_of_services_are_those_of_no_person(name: str) -> None:
    local = name if name.isascii() else "kefu"
    data = column("mailbox", lambda at: f"{local}@firm{at}.example")

    (one,) = scan(data).columns

    assert (one.kind, one.confidence) == ("email", "possible")
    assert kinds(column("mailbox", lambda at: f"anna.lee{at}@firm.example")) == ("email",)


def test_addresses_of_the_network_are_persons_where_there_are_visits() -> None:
    addresses = [f"{11 + at}.20.30.{at}" for at in range(40)]
    hosts = text(["rack", "addr"], [["r1", one] for one in addresses])
    visits = text(["user_id", "addr", "time"], [["7", one, "2026-01-01"] for one in addresses])

    assert kinds(hosts) == ()
    assert kinds(visits) == ("ip_address",)


def test_devices_are_told_by_check_digit_or_form() -> None:
    make = Invented(8)

    assert kinds(text([], [[corpus.imei(make, 0)] for _ in range(20)])) == ("device_id",)
    assert kinds(text([], [["86" + make.digits(13)] for _ in range(40)])) == ()
    assert kinds(text([], [[corpus.mac(make, 0)] for _ in range(20)])) == ("device_id",)


def positions(who: Callable[[int], str], where: Callable[[int], float], header: list[str]) -> str:
    rows = [
        [who(at), f"2026-01-01 08:{at % 60:02d}:00", f"{where(at):.6f}", f"{116 + at / 1000:.6f}"]
        for at in range(200)
    ]
    return text(header, rows)


def test_positions_of_one_person_one_after_another_are_a_track() -> None:
    track = positions(
        lambda at: f"u{at % 4}", lambda at: 39 + at / 997, ["user_id", "time", "lat", "lng"]
    )
    once = positions(
        lambda at: f"u{at}", lambda at: 39 + at / 997, ["user_id", "time", "lat", "lng"]
    )
    bus = positions(
        lambda at: f"b{at % 4}", lambda at: 39 + at / 997, ["bus", "time", "lat", "lng"]
    )
    still = positions(
        lambda at: f"s{at % 4}", lambda at: 39 + at % 4, ["device_id", "time", "lat", "lng"]
    )

    assert "gps_track" in kinds(track)
    assert "gps_track" not in kinds(once)
    assert "gps_track" not in kinds(bus)
    assert ("gps_track", "possible") in {(one.kind, one.confidence) for one in scan(bus).columns}
    assert "gps_track" not in kinds(still)


def test_both_coordinates_in_one_cell_are_a_position() -> None:
    rows = [
        [
            f"张{'伟芳敏'[at % 3]}",
            f"2026-01-01 08:{at % 60:02d}",
            f"{116 + at / 1000:.5f},{39 + at / 999:.5f}",
        ]
        for at in range(120)
    ]

    assert "gps_track" in kinds(text(["骑手姓名", "时间", "定位"], rows))


def test_persons_under_14_are_told_from_births_ages_and_words() -> None:
    make = Invented(9)
    born = [make.born(2015, 2022) for _ in range(30)]
    by_id = text(
        ["姓名", "身份证号"], [[make.han_name(), make.resident_id("11", one)] for one in born]
    )
    by_age = text(["姓名", "年龄"], [[make.han_name(), str(5 + at % 8)] for at in range(30)])
    by_word = text(
        ["学生姓名", "学籍号"], [[make.han_name(), f"G{make.digits(9)}"] for _ in range(30)]
    )
    grown = text(["姓名", "年龄"], [[make.han_name(), str(30 + at % 8)] for at in range(30)])

    for data in (by_id, by_age, by_word):
        assert "minor" in kinds(data)
    assert "minor" not in kinds(grown)


def test_diseases_are_of_somebody_where_there_are_persons() -> None:
    make = Invented(10)
    ills = [make.random.choice(corpus.DISEASES) for _ in range(40)]
    patients = text(["xm", "c2"], [[make.han_name(), ill] for ill in ills])
    counts = text(["c1", "c2"], [[ill, str(at)] for at, ill in enumerate(ills)])

    assert "health" in kinds(patients)
    assert "health" not in kinds(counts)


@pytest.mark.parametrize("one", FORMATS, ids=[one.code for one in FORMATS])
def test_numbers_of_each_country_fit_their_format(one: object) -> None:
    code, holds = one.code, one.holds  # type: ignore[attr-defined]
    known = {"us.itin": "912-90-3456", "mx.curp": "BOXW310820HNERXN09"}
    right = [known[code]] * 9 if code in known else [*corpus.pool(code, holds, broken=False)]
    tried = Tried()
    tried.add(right)

    shaped, passed, _ = tried.best()

    assert (shaped, passed) == (len(right), len(right))


@pytest.mark.parametrize(
    ("holds", "right", "wrong"),
    [
        (hong_kong, "A123456(3)", "A123456(4)"),
        (hong_kong, "AB987654(3)", "AB987654(2)"),
        (taiwan, "A123456789", "A123456788"),
        (singapore, "S1234567D", "S1234567E"),
        (singapore, "G1234567X", "G1234567A"),
    ],
)
def test_own_checks_hold(holds: Callable[[str], bool], right: str, wrong: str) -> None:
    assert holds(right)
    assert not holds(wrong)


def test_strong_foreign_numbers_need_no_name_and_weak_ones_do() -> None:
    pesel = corpus.pool(
        "pl.pesel", next(one.holds for one in FORMATS if one.code == "pl.pesel"), False
    )
    bsn = corpus.pool("nl.bsn", next(one.holds for one in FORMATS if one.code == "nl.bsn"), False)

    assert kinds(text([], [[one] for one in pesel])) == ("foreign_id",)
    assert kinds(text([], [[one] for one in bsn])) == ()
    assert kinds(text(["bsn"], [[one] for one in bsn])) == ("foreign_id",)


# Names of columns


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("身份证号", {"resident_id"}),
        ("sfzh", {"resident_id"}),
        ("id_card_no", {"resident_id"}),
        ("IDCardNo", {"resident_id"}),
        ("手机号码", {"mobile"}),
        ("sjhm", {"mobile"}),
        ("mobilePhone", {"mobile"}),
        ("e-mail address", {"email"}),
        ("收货人姓名", {"person_name"}),
        ("khxm", {"person_name"}),
        ("MAC地址", {"device_id"}),
        ("登录IP地址", {"ip_address"}),
        ("client_ip", {"ip_address"}),
        ("ssn", {"foreign_id"}),
        ("codiceFiscale", {"foreign_id"}),
        ("银行账号", {"bank_card"}),
        ("诊断结果", {"health"}),
        ("dna_sequence", {"genetic"}),
        ("DNA检测", {"genetic"}),
        ("face_embedding", {"biometric"}),
        ("保密等级", {"classification_mark"}),
        ("street", set()),
        ("street address", {"postal_address"}),
        ("企业名称", set()),
        ("是否VIP", set()),
        ("zip", set()),
        ("port_name", set()),
        ("门诊人次", set()),
        ("email_count", set()),
    ],
)
def test_names_say_kinds_in_three_ways(name: str, said: set[str]) -> None:
    assert names.kinds(name) == said


def test_every_kind_has_a_title() -> None:
    assert all(kind.title and code == kind.code for code, kind in KINDS.items())


# What follows from it


def test_a_denial_that_the_sample_belies_is_a_contradiction() -> None:
    make = Invented(11)
    data = text(["no", "contact"], [[str(at), make.mobile()] for at in range(30)]).encode()
    report = report_on(io.BytesIO(data), name="x", at=AT)
    facts = scan_facts([None], {None: report})  # type: ignore[list-item, dict-item]
    content = {"personal": {"contains": False}}

    said = facts_from_content(content, scan=facts).text.contradictions
    quiet = facts_from_content(content, scan=ScanFacts(state="no_file")).text.contradictions

    assert facts is not None
    assert (facts.kinds, facts.rows, facts.most_share_bp) == (("mobile",), 30, 10_000)
    assert facts.columns == ("contact = mobile, 10000",)
    assert said == ("scan_finds_personal",)
    assert quiet == ()


def test_checksums_that_hold_are_a_fact_of_their_own() -> None:
    make, broken = Invented(12), Invented(12, "broken")
    reports = [
        report_on(
            io.BytesIO(column("编号", lambda _, m=m: m.resident_id("11", m.born())).encode()),
            name="x",
            at=AT,
        )
        for m in (make, broken)
    ]

    assert [report["kinds"] for report in reports] == [["resident_id"], ["resident_id"]]
    assert [report["checksum_kinds"] for report in reports] == [["resident_id"], []]


@pytest.mark.parametrize("seed", range(3))
def test_random_numbers_are_nobodys(seed: int) -> None:
    random = Random(seed)
    lengths = (9, 11, 13, 15, 16, 18, 19)
    rows = [[str(random.randrange(10 ** (n - 1), 10**n)) for n in lengths] for _ in range(400)]

    assert found(text([f"c{n}" for n in lengths], rows)) == set()
