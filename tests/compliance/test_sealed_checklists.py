"""Lists from venue to venue: signed, verified, refused with line, field and reason."""

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from compliance import selectors, services
from compliance.errors import ChecklistCodeTaken, ChecklistExamplesFail, ChecklistNotValid
from compliance.models import ChecklistVersion
from compliance.rules import SealBroken, Sealed, line_of, open_sealed, sealed_bytes
from core.actors import SYSTEM
from core.canonical import digest
from core.signing import key_id, sign, venue_key
from tests.compliance import cast
from tests.listings.cast import refused


def exported(at: datetime, *items: dict[str, Any]) -> dict[str, Any]:
    return selectors.exported_checklist(cast.in_force(at, *items).pk, SYSTEM, at)


def resealed(document: dict[str, Any], key: Path) -> str:
    """The document signed anew by a venue with a key of its own."""
    signed = document["signed"]
    signed["sha256"] = digest(signed["checklist"])
    public = venue_key(key).public_key().public_bytes_raw()
    document["seal"] = {
        "algorithm": "Ed25519",
        "key_id": key_id(public),
        "public_key": public.hex(),
        "signature": sign(key, sealed_bytes(signed)).hex(),
    }
    return selectors.exported_text(document)


def test_exported_list_lands_as_a_draft_that_says_where_it_came_from(
    db: None, at: datetime
) -> None:
    document = exported(at)
    text = selectors.exported_text(document)

    taken = services.import_checklist(text=text, code="2027.1", actor=SYSTEM, at=at)

    assert (taken.code, taken.state) == ("2027.1", "DRAFT")
    assert taken.items["items"] == document["signed"]["checklist"]["items"]
    assert taken.origin is not None
    assert taken.origin["code"] == "2026.1"
    assert taken.origin["key_id"] == document["seal"]["key_id"]
    assert taken.origin["sha256"] == document["signed"]["sha256"]
    with refused(ChecklistCodeTaken):
        services.import_checklist(text=text, actor=SYSTEM, at=at)
    assert ChecklistVersion.objects.count() == 2


def broken_by(text: str, **how: Any) -> SealBroken:
    with pytest.raises(SealBroken) as caught:
        open_sealed(text, **how)
    return caught.value


def test_every_change_of_a_signed_list_is_found(db: None, at: datetime) -> None:
    document = exported(at)
    text = selectors.exported_text(document)
    assert isinstance(open_sealed(text), Sealed)

    def changed(change: Any) -> str:
        copy = json.loads(text)
        change(copy)
        return selectors.exported_text(copy)

    cases: dict[str, tuple[str, str]] = {
        "an item": (
            changed(lambda d: d["signed"]["checklist"]["items"][3].update(severity="caution")),
            "sealed-hash",
        ),
        "the state": (changed(lambda d: d["signed"].update(state="DRAFT")), "sealed-signature"),
        "the venue": (
            changed(lambda d: d["signed"]["venue"].update(name="Other")),
            "sealed-signature",
        ),
        "the signature": (
            changed(lambda d: d["seal"].update(signature="00" * 64)),
            "sealed-signature",
        ),
        "the key": (changed(lambda d: d["seal"].update(public_key="00" * 32)), "sealed-key"),
        "a short key": (changed(lambda d: d["seal"].update(public_key="00")), "sealed-hex"),
        "the format": (changed(lambda d: d.update(format="x")), "sealed-format"),
        "a field more": (changed(lambda d: d.update(more=1)), "shape"),
        "no seal": (changed(lambda d: d.pop("seal")), "needed"),
        "another kind": (changed(lambda d: d.update(seal=[])), "shape"),
        "half of it": (text[: len(text) // 2], "sealed-json"),
        "a NUL": (text.replace("databourse", "data\\u0000", 1), "shape"),
        "not a number": (text.replace('"format"', '"x": NaN, "format"', 1), "shape"),
        "a name twice": (text.replace('"format"', '"format": "x", "format"', 1), "shape"),
        "a list": ("[]", "shape"),
        "nothing": ("", "sealed-json"),
        "too deep": ("[" * 100_000, "shape"),
    }
    found = {what: broken_by(case).problem.code for what, (case, _code) in cases.items()}
    assert found == {what: code for what, (_case, code) in cases.items()}


def test_only_the_expected_key_is_accepted(db: None, at: datetime) -> None:
    document = exported(at)
    text = selectors.exported_text(document)

    assert open_sealed(text, key=document["seal"]["key_id"]).origin["code"] == "2026.1"
    assert broken_by(text, key="0" * 32).problem.code == "sealed-other-key"


def test_line_is_that_of_the_field() -> None:
    text = '{\n "a": {"b": 1},\n "items": [\n  {"when": "x"},\n  {"when":\n   "y"}\n ]\n}'

    assert line_of(text, "items.1.when") == 6
    assert line_of(text, "items.1") == 5
    assert line_of(text, "a.b") == 2
    assert line_of(text, "items.7.when") == 3
    assert line_of(text, "nowhere") == 1


def test_list_whose_examples_fail_is_refused_with_line_field_and_reason(
    db: None, at: datetime, tmp_path: Path
) -> None:
    document = exported(at, cast.no_reports())
    wrong = document["signed"]["checklist"]["items"][-1]
    wrong["when"] = "product.gradee == 'x'"
    text = resealed(document, tmp_path / "key.pem")

    with pytest.raises(ChecklistExamplesFail) as caught, transaction.atomic():
        services.import_checklist(text=text, code="2027.1", actor=SYSTEM, at=at)

    (problem,) = caught.value.extra["problems"]
    assert problem["field"] == "TST-01.when:0"
    assert "product.gradee" in text.splitlines()[problem["line"] - 1]
    assert problem["reason"].startswith("There is no fact product.gradee.")
    assert not ChecklistVersion.objects.filter(code="2027.1").exists()


def test_list_that_cannot_be_read_is_refused_with_its_field(
    db: None, at: datetime, tmp_path: Path
) -> None:
    document = exported(at)
    document["signed"]["checklist"]["items"][2]["severity"] = 7
    text = resealed(document, tmp_path / "key.pem")

    with pytest.raises(ChecklistNotValid) as caught, transaction.atomic():
        services.import_checklist(text=text, code="2027.1", actor=SYSTEM, at=at)

    (problem,) = caught.value.extra["problems"]
    assert problem["field"] == "items.2.severity"
    assert text.splitlines()[problem["line"] - 1].strip() == '"severity": 7,'


def test_commands_export_and_import(db: None, at: datetime, tmp_path: Path) -> None:
    cast.in_force(at)
    file, out = tmp_path / "list.json", io.StringIO()
    call_command("export_checklist", "2026.1", file=file, stdout=io.StringIO())

    call_command("import_checklist", file, code="2027.1", json=True, stdout=out)
    answer = json.loads(out.getvalue())
    assert (answer["imported"], answer["code"], answer["state"]) == (True, "2027.1", "DRAFT")

    file.write_text(file.read_text().replace('"prohibited"', '"caution"', 1))
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended, transaction.atomic():
        call_command("import_checklist", file, code="2027.2", json=True, stdout=out)
    answer = json.loads(out.getvalue())
    assert ended.value.code == 1
    assert answer["imported"] is False
    assert [sorted(one) for one in answer["problems"]] == [["field", "line", "reason"]]
    assert answer["problems"][0]["field"] == "signed.checklist"
    assert not ChecklistVersion.objects.filter(code="2027.2").exists()
