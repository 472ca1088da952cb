"""Making a token: one key makes one, and its secret is answered once and stored nowhere."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.test import Client

from core.models import ApiToken, Event, IdempotencyKey, User
from core.secrets import hash_of
from tests import make

BODY = {"label": "for a script", "scopes": ["belong"], "days": 1}


def ask(client: Client, key: str, **changes: Any) -> Any:
    body = json.dumps(BODY | changes)
    headers = {"Idempotency-Key": key}
    return client.post("/api/v1/tokens", body, content_type="application/json", headers=headers)


def signed_in(at: datetime) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(pk=make.buyer(at).user_id),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def test_same_key_makes_one_token_and_tells_its_secret_once(db: None, at: datetime) -> None:
    client, key = signed_in(at), uuid4().hex

    first, second = ask(client, key), ask(client, key)

    token = ApiToken.objects.get()
    assert (first.status_code, second.status_code) == (201, 201)
    assert hash_of(first.json()["secret"]) == token.key_hash
    assert "note" not in first.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "secret" not in second.json()
    assert second.json()["note"].startswith("The secret was shown once")
    told = {name: value for name, value in first.json().items() if name != "secret"}
    assert {name: value for name, value in second.json().items() if name != "note"} == told
    assert IdempotencyKey.objects.get().body == told


def test_same_key_for_another_token_is_refused(db: None, at: datetime) -> None:
    client, key = signed_in(at), uuid4().hex
    ask(client, key)
    before = Event.objects.count()

    refused = ask(client, key, label="for another")

    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency-key-reused")
    assert [token.label for token in ApiToken.objects.all()] == ["for a script"]
    assert Event.objects.count() == before
