"""Files that nobody here made: nothing crashes, and nobody is found where nobody is."""

import io
import json
import resource
import time
from collections import Counter
from pathlib import Path

import pytest

from compliance.scan import ScanRefused, scan_file, values
from compliance.scan.identity import FORMATS
from tests.compliance.scanning import AT

NUMBERS = {
    "resident_id",
    "bank_card",
    "passport",
    "mobile",
    "foreign_id",
    "device_id",
    "ip_address",
}
# Persons stand in these: the dead of the riots of 1992, kings, and four invented people.
PERSONS = {
    "la-riots.csv": {
        ("first_name", "person_name"),
        ("last_name", "person_name"),
        ("address", "postal_address"),
    },
    "monarchs.json": {("name", "person_name")},
    "lookup_people.csv": {("name", "person_name")},
}
ENTITIES = {
    "CREDIT_CARD": "bank_card",
    "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban",
    "US_SSN": "us_ssn",
    "IP_ADDRESS": "ip",
}


@pytest.fixture(scope="module")
def scans(cases: Path) -> dict[str, object]:
    results: dict[str, object] = {}
    for path in sorted((cases / "files" / "vega").iterdir()):
        with path.open("rb") as stream:
            try:
                results[path.name] = scan_file(stream, name=path.name, at=AT)
            except ScanRefused as refused:
                results[path.name] = refused.code
    return results


def test_all_real_files_are_read_or_refused(scans: dict[str, object]) -> None:
    refused = {name: code for name, code in scans.items() if isinstance(code, str)}

    assert len(scans) >= 64
    assert refused == {"flights-200k.arrow": "other-format"}


def test_real_files_hold_the_persons_that_are_in_them_and_no_others(
    scans: dict[str, object],
) -> None:
    told = {
        name: {(one.name, one.kind) for one in result.columns if one.confidence != "possible"}  # type: ignore[attr-defined]
        for name, result in scans.items()
        if not isinstance(result, str)
    }

    assert {name: found for name, found in told.items() if found} == PERSONS


def test_no_number_of_a_person_is_so_much_as_suspected(scans: dict[str, object]) -> None:
    suspected = {
        (name, one.name, one.kind)
        for name, result in scans.items()
        if not isinstance(result, str)
        for one in result.columns  # type: ignore[attr-defined]
        if one.kind in NUMBERS
    }

    assert suspected == set()


@pytest.mark.parametrize("name", ["PUMS.csv", "PUMS_dup.csv", "PUMS_null.csv", "PUMS_pid.csv"])
def test_census_microdata_without_names_hold_no_number(cases: Path, name: str) -> None:
    with (cases / "files" / "pums" / name).open("rb") as stream:
        result = scan_file(stream, name=name, at=AT)

    assert result.kinds() == ()
    assert result.rows >= 1000


def test_three_million_rows_of_parquet_are_read_in_little_memory_and_time(cases: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    with (cases / "files" / "flights-3m.parquet").open("rb") as stream:
        result = scan_file(stream, name="flights", at=AT)

    assert (result.rows, result.parts[0].width, result.kinds()) == (3_000_000, 5, ())
    assert time.process_time() - begun < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_a_bilingual_table_of_countries_holds_nobody(cases: Path) -> None:
    with (cases / "files" / "country-codes" / "country-codes.csv").open("rb") as stream:
        assert scan_file(stream, name="countries", at=AT).kinds() == ()


def test_entities_within_sentences_are_found(cases: Path) -> None:
    sentences = json.loads((cases / "pii" / "presidio_synth_dataset_v2.json").read_text())
    there: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for sentence in sentences:
        told = {form for form, _ in values.inside(values.narrow(sentence["full_text"]))}
        told = {"email" if form == "service_mail" else form for form in told}
        marked = [
            ENTITIES[s["entity_type"]] for s in sentence["spans"] if s["entity_type"] in ENTITIES
        ]
        there.update(marked)
        found.update(form for form in marked if form in told)
        wrong.update(told & set(ENTITIES.values()) - set(marked))

    recall = {form: round(found[form] / there[form], 2) for form in there}
    # Cards of 12 digits, which are not issued any more, are taken for no cards.
    assert recall == {"bank_card": 0.93, "email": 1, "iban": 0.95, "us_ssn": 1, "ip": 1}
    assert not wrong


def test_numbers_of_python_stdnum_pass_or_fail_as_they_are_labelled(cases: Path) -> None:
    vectors = json.loads((cases / "pii" / "stdnum-vectors.json").read_text())
    formats = {one.code: one for one in FORMATS}
    tried = 0
    for vector in vectors:
        one = formats.get(vector["module"])
        if one is None:
            continue
        tried += 1
        number = vector["number"].replace(" ", "")
        right = vector["expect"] == "valid"
        assert one.holds(number) == right, vector
        if right:
            shaped = one.shape(number) or one.shape(vector["number"])
            assert shaped or one.code in ("ie.pps", "se.personnummer"), vector
    assert tried >= 90


def test_telephone_numbers_of_all_countries_are_told_by_their_form(cases: Path) -> None:
    numbers = json.loads((cases / "pii" / "libphonenumber-examples.json").read_text())
    some = [one["e164"] for one in numbers if one["valid"] and one["type"] in ("mobile", "fixed")]
    forms = Counter(found.lastgroup if (found := values.WHOLE(one)) else "" for one in some)

    assert len(some) == 489
    assert forms["foreign_phone"] + forms["mobile"] >= 488


def test_a_stream_that_cannot_go_back_is_read_too(cases: Path) -> None:
    class Forward(io.BytesIO):
        def seekable(self) -> bool:
            return False

    data = (cases / "files" / "vega" / "airports.csv").read_bytes()

    assert scan_file(Forward(data), name="x", at=AT).rows == 3376
