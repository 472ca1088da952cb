"""What an operator sees who set a variable wrongly: its name, and one line."""

import json
import os
import subprocess
import sys
import uuid

import pytest
from django.test import Client

from core.models import User
from exchange.settings import VARIABLES
from tests.conftest import ROOT, _execute

PRODUCTION = {
    "DATABOURSE_SECURE": "true",
    "DATABOURSE_SECRET_KEY": "x" * 64,
    "DATABOURSE_ALLOWED_HOSTS": "exchange.example",
}


def command(*words: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *words],
        cwd=ROOT,
        env=os.environ | changes,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABOURSE_TIME_ZONE", "Mars/X", "must be a time zone, not 'Mars/X'"),
        ("DATABOURSE_TIME_ZONE", "/etc", "must be a time zone, not '/etc'"),
        ("REDIS_URL", "http://x", "is not an address of its kind: redis://"),
        ("DATABASE_URL", "nonsense", "must be postgres://"),
        ("DATABASE_URL", "postgres://h:port/x", "is not an address of its kind: postgres://"),
        ("DATABOURSE_EMAIL_URL", "nonsense://x", "is not an address of its kind: smtp"),
        ("DATABOURSE_DEBUG", "maybe", "must be true or false, not 'maybe'"),
        ("DATABOURSE_LOG_LEVEL", "LOUD", "must be one of"),
        ("DATABOURSE_TIMEZONE", "UTC", "is no setting; did you mean DATABOURSE_TIME_ZONE?"),
        ("DATABOURSE_SECRETKEY", "x", "is no setting; did you mean DATABOURSE_SECRET_KEY?"),
        ("DATABOURSE_ZEBRA", "x", "is no setting; docs/settings.md lists them all"),
    ],
)
def test_wrong_variable_is_named_in_one_line(name: str, value: str, said: str) -> None:
    done = command("check", **{name: value})

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"manage.py: {name} {said}")
    assert done.stderr.count("\n") == 1


def test_secret_in_an_address_is_not_repeated() -> None:
    done = command("check", DATABASE_URL="postgres://venue:a-secret@h:port/x")

    assert done.returncode == 1
    assert "a-secret" not in done.stderr


def test_every_variable_of_the_list_is_known() -> None:
    given = dict.fromkeys(VARIABLES, "") | {"DATABOURSE_DEBUG": "false", **PRODUCTION}
    given |= {"DATABOURSE_TIME_ZONE": "UTC", "DATABOURSE_LOG_LEVEL": "INFO"}
    given |= {"DATABOURSE_EMAIL_URL": "consolemail://", "DATABOURSE_CASES": "/nowhere"}

    assert command("check", **given).stderr == ""


@pytest.mark.parametrize(("production", "count"), [(PRODUCTION, 1), ({}, 0)])
def test_api_and_sign_in_trust_as_many_proxies(production: dict[str, str], count: int) -> None:
    text = (
        "import json; from exchange import settings as s; "
        "print(json.dumps([s.ALLAUTH_TRUSTED_PROXY_COUNT, s.REST_FRAMEWORK['NUM_PROXIES']]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", text],
        cwd=ROOT,
        env=os.environ | production,
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout) == [count, count]


@pytest.mark.parametrize(("trusted", "other_gets_in"), [(1, True), (0, False)])
def test_wrong_passwords_behind_the_proxy_lock_out_their_own_address_alone(
    db: None, settings: object, trusted: int, other_gets_in: bool
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = trusted  # type: ignore[attr-defined]
    # Addresses of tests (RFC 2544), other ones each time: failed sign-ins are kept for a minute.
    noise = uuid.uuid4().bytes
    proxy, attacker, other = (f"198.18.{noise[0]}.{last}" for last in sorted(set(noise[1:12]))[:3])
    known = User.objects.create_user(f"{uuid.uuid4().hex}@example.com", "a long pass phrase").email

    def gets_in(email: str, password: str, address: str) -> bool:
        form = {"login": email, "password": password}
        client = Client(headers={"X-Forwarded-For": f"192.0.2.99, {address}"}, REMOTE_ADDR=proxy)
        return client.post("/accounts/login/", form).status_code == 302

    for _ in range(12):
        assert not gets_in(f"{uuid.uuid4().hex}@example.com", "wrong", attacker)

    assert not gets_in(known, "a long pass phrase", attacker)
    assert gets_in(known, "a long pass phrase", other) is other_gets_in


def test_database_without_tables_is_said_to_have_none(django_db_setup: None) -> None:
    name = f"empty_{uuid.uuid4().hex[:12]}"
    base = os.environ["DATABASE_URL"]
    former = base.rsplit("/", 1)[1].partition("?")[0]
    _execute(f'CREATE DATABASE "{name}"')
    try:
        done = command("check_books", DATABASE_URL=base.replace(f"/{former}", f"/{name}", 1))
    finally:
        _execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "manage.py: the database lacks tables of this version: run manage.py migrate\n"
    )
