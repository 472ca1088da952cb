"""Checking a declaration as a stranger: offline, by the keys alone; altered bytes are found."""

import copy
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from compliance import seals, selectors
from core.canonical import plain
from core.selectors import venue_keys
from tests import make
from tests.compliance import cast

ROOT = Path(__file__).resolve().parents[2]


def bundle(at: datetime) -> dict[str, Any]:
    vendor = make.vendor(at)
    made = cast.signed(cast.draft(vendor, at), vendor, at)
    answer = Client().get(f"/api/v1/declarations/{made.pk}/verification")
    found: dict[str, Any] = answer.json()
    return found


def failed(told: Any, keys: Any, **more: str) -> list[str]:
    return [one.name for one in seals.check(told, keys, **more) if not one.passed]


def test_stranger_finds_what_the_venue_finds(db: None, at: datetime) -> None:
    told, keys = bundle(at), venue_keys()

    assert failed(told, keys) == []
    assert [one["name"] for one in told["checks"]] == [one.name for one in seals.check(told, keys)]
    assert failed(told, keys, content_hash=told["document"]["content_hash"].upper()) == []
    assert failed(told, keys, content_hash="0" * 64) == ["content"]


def test_every_altered_member_breaks_the_seal(db: None, at: datetime) -> None:
    told, keys = bundle(at), venue_keys()
    altered = {
        "content_hash": "0" * 64,
        "valid_until": "2099-01-01T00:00:00+00:00",
        "membership": "somebody",
        "added": 1,
    }

    for name, value in altered.items():
        forged = copy.deepcopy(told)
        forged["document"][name] = value
        assert failed(forged, keys) == ["seal"], name
    forged = copy.deepcopy(told)
    forged["document"]["template"]["heads"][0]["statements"][0]["en"] += " "
    assert failed(forged, keys) == ["seal"]


def test_seal_of_another_declaration_is_no_seal(db: None, at: datetime) -> None:
    told, other = bundle(at), bundle(at)

    assert failed(told | {"seal": other["seal"]}, venue_keys()) == ["seal"]


def test_key_of_somebody_else_is_not_the_venues(db: None, at: datetime) -> None:
    told, [key] = bundle(at), venue_keys()

    assert failed(told, []) == ["venue-key-known"]
    assert failed(told, [key | {"exp": 10}]) == ["venue-key-in-use"]
    assert failed(told, [key | {"nbf": 2**33}]) == ["venue-key-in-use"]


@pytest.mark.parametrize(
    "junk",
    [
        None,
        [],
        "x",
        {},
        {"document": 3},
        {"document": {"attestation": "platform"}},
        {"document": []},
    ],
)
def test_what_is_no_declaration_is_said_to_be_none(junk: Any) -> None:
    assert failed(junk, []) == ["readable"]


def test_bundle_with_pieces_of_other_kinds_is_refused_and_never_a_fault(
    db: None, at: datetime
) -> None:
    told, keys = bundle(at), venue_keys()

    for name in told:
        for value in (None, [], {}, 3, "\x00", "ff", "x" * 9000, 1e400):
            seals.check(told | {name: value}, keys)
    for name in told["document"]:
        for value in (None, [], 3, "9999999-13-41", 2**64):
            forged = told | {"document": told["document"] | {name: value}}
            assert failed(forged, keys) != []


def test_command_needs_no_server_and_ends_with_one_where_a_check_fails(
    db: None, at: datetime, tmp_path: Path
) -> None:
    told = bundle(at)
    (tmp_path / "declared.json").write_text(json.dumps(plain(told)), encoding="utf-8")
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": venue_keys()}), encoding="utf-8")
    command = [sys.executable, "manage.py", "verify_declaration", str(tmp_path / "declared.json")]
    command += ["--keys", str(tmp_path / "jwks.json")]
    alone = {"PATH": os.environ["PATH"], "DATABOURSE_HOME": str(tmp_path / "home")}

    held = subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, check=False)
    other = subprocess.run(
        [*command, "--hash", "0" * 64, "--json"],
        cwd=ROOT,
        env=alone,
        capture_output=True,
        text=True,
        check=False,
    )

    assert held.returncode == 0, held.stderr
    assert "yes the seal is the venue's, and nothing was altered since" in held.stdout
    assert "It is not the organisation's signature." in held.stdout
    assert other.returncode == 1
    assert json.loads(other.stdout)["holds"] is False
    assert not (tmp_path / "home").exists()


def test_old_attestations_hold_after_the_key_was_replaced(
    db: None, at: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.SIGNING_KEY = tmp_path / "venue.pem"
    before = bundle(at)
    call_command("rotate_venue_key")
    after = bundle(at)

    keys = venue_keys()

    assert before["key_id"] != after["key_id"]
    assert failed(before, keys) == failed(after, keys) == []
    assert selectors.verification(before["id"], at)["signature_valid"] is True
