"""The venue's keys: one in use, replaced without a gap, and never back again."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client

from core import signing
from core.actors import SYSTEM
from core.canonical import canonical
from core.errors import KeyReplaced
from core.models import VenueKey
from core.services.seals import note_key, seal
from tests.listings.cast import refused


@pytest.fixture(autouse=True)
def key_file(settings: Any, tmp_path: Path) -> Path:
    settings.SIGNING_KEY = tmp_path / "venue.pem"
    return tmp_path / "venue.pem"


def published() -> list[dict[str, Any]]:
    answer = Client().get("/.well-known/jwks.json")
    assert answer["Content-Type"] == "application/jwk-set+json"
    keys: list[dict[str, Any]] = answer.json()["keys"]
    return keys


def test_first_key_is_good_from_the_beginning(db: None, at: datetime) -> None:
    made = seal({"a": 1}, at)

    row = VenueKey.objects.get()
    assert (row.key_id, row.valid_from, row.valid_until) == (made.key_id, None, None)
    assert [(key["kid"], key["nbf"], key["exp"]) for key in published()] == [
        (made.key_id, None, None)
    ]


def test_replaced_key_stays_published_with_its_end(
    db: None, at: datetime, key_file: Path, capsys: Any
) -> None:
    before = seal({"a": 1}, at)

    call_command("rotate_venue_key")

    after = seal({"a": 1}, at + timedelta(seconds=1))
    assert after.key_id != before.key_id
    new, old = published()
    assert (new["kid"], new["exp"]) == (after.key_id, None)
    assert old["kid"] == before.key_id
    assert old["exp"] == new["nbf"]
    held = signing.key_of_jwk({name: old[name] for name in ("kty", "crv", "x")})
    assert held.verifies(bytes.fromhex(before.signature), canonical({"a": 1}))
    assert after.key_id in capsys.readouterr().out
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in key_file.parent.iterdir()] == ["venue.pem"]


def test_key_that_was_replaced_seals_nothing_and_never_comes_back(
    db: None, at: datetime, key_file: Path
) -> None:
    old = key_file.parent / "old.pem"
    seal({}, at)
    old.write_bytes(key_file.read_bytes())
    call_command("rotate_venue_key")

    old.replace(key_file)

    with refused(KeyReplaced):
        seal({}, at)
    with refused(KeyReplaced):
        note_key(actor=SYSTEM, at=at)
    assert VenueKey.objects.filter(valid_until__isnull=True).count() == 1


def test_process_that_died_between_file_and_table_is_healed(
    db: None, at: datetime, key_file: Path
) -> None:
    before = seal({}, at)
    signing.replace_key(key_file)

    after = seal({}, at + timedelta(minutes=1))

    rows = {row.key_id: row for row in VenueKey.objects.all()}
    assert rows[before.key_id].valid_until == at + timedelta(minutes=1)
    assert rows[after.key_id].valid_from == at + timedelta(minutes=1)


def test_keys_are_neither_reopened_nor_removed(db: None, at: datetime) -> None:
    note_key(actor=SYSTEM, at=at)
    VenueKey.objects.update(valid_until=at)

    for change in (
        lambda: VenueKey.objects.update(valid_until=None),
        lambda: VenueKey.objects.update(public="0" * 64),
        lambda: VenueKey.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert VenueKey.objects.get().valid_until == at


def test_key_file_is_read_whole_and_strangers_read_the_api_too(db: None, at: datetime) -> None:
    made = seal({}, at)

    [key] = Client().get("/api/v1/venue-keys").json()["keys"]

    assert key["kid"] == made.key_id
    assert json.dumps(key).count('"d"') == 0
