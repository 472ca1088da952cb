"""Signing outside: the organisation's own key over our own document, once, and for nothing else."""

import base64
import copy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from compliance import seals, services
from compliance.errors import (
    ContentChanged,
    DeclarationKnown,
    DocumentDiffers,
    KeyNotUsable,
    SignatureNotValid,
)
from compliance.models import Declaration
from compliance.statements import asked_of, codes, template_at
from core.actors import Member
from core.canonical import canonical
from core.errors import Malformed, NotFound
from core.ids import uuid7
from core.selectors import venue_keys
from listings.models import Version
from tests import make
from tests.compliance import cast
from tests.compliance.signing import Pen, registered
from tests.listings.cast import Api, refused


def given_out(version: Version, vendor: Member, pen: Pen, at: datetime, **more: Any) -> Any:
    template = asked_of(template_at(at), version.content)
    terms = {
        "version_id": version.pk,
        "content_hash": version.content_hash,
        "template": template.code,
        "statements": list(codes(template)),
        "valid_until": at + timedelta(days=90),
        "thumbprint": pen.thumbprint,
        **more,
    }
    return services.prepare_declaration(**terms, actor=vendor, at=at)


def handed_in(
    version: Version, vendor: Member, document: Any, signature: str, at: datetime
) -> Declaration:
    made: Declaration = services.hand_in_declaration(
        version_id=version.pk, document=document, signature=signature, actor=vendor, at=at
    )
    return made


@pytest.fixture(params=["ed25519", "p256"])
def pen(request: Any) -> Pen:
    made: Pen = getattr(Pen, request.param)()
    return made


def test_own_signature_is_taken_without_a_step_up_and_said_to_be_the_organisations(
    db: None, at: datetime, pen: Pen
) -> None:
    vendor = make.vendor(at)
    version, key = cast.draft(vendor, at), registered(vendor, pen, at)
    token = replace(vendor, confirmed_at=None)
    document = given_out(version, token, pen, at)

    made = handed_in(version, token, document, pen.jws(document, kid=pen.thumbprint), at)

    assert (made.attestation, made.state) == ("organisation", "IN_FORCE")
    assert made.signing_key_id == key.pk
    assert (made.confirmed_at, made.confirmed_by) == (None, "")
    assert made.document == document
    assert "with its own key" in made.document["attestation_means"]["en"]
    bundle = Client().get(f"/api/v1/declarations/{made.pk}/verification").json()
    assert [one["passed"] for one in bundle["checks"]] == [True] * 6
    assert {one["name"] for one in bundle["checks"]} >= {"seal", "receipt", "signature"}


def test_every_way_to_write_a_signature_is_read(db: None, at: datetime) -> None:
    vendor, pen = make.vendor(at), Pen.p256()
    registered(vendor, pen, at)
    for number in range(5):
        version = cast.draft(vendor, at)
        document = given_out(version, vendor, pen, at)
        message = canonical(document)
        text = [
            pen.jws(document),
            pen.raw(message).hex(),
            base64.b64encode(pen.raw(message)).decode(),
            base64.encodebytes(pen.der(message)).decode(),
            pen.over(document),
        ][number]
        assert handed_in(version, vendor, document, text, at).state == "IN_FORCE"


def test_stranger_finds_every_altered_byte(db: None, at: datetime, pen: Pen) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    registered(vendor, pen, at)
    document = given_out(version, vendor, pen, at)
    made = handed_in(version, vendor, document, pen.over(document), at)
    bundle = Client().get(f"/api/v1/declarations/{made.pk}/verification").json()
    other = Pen.ed25519()

    def failed(change: Any) -> set[str]:
        forged = copy.deepcopy(bundle)
        change(forged)
        return {one.name for one in seals.check(forged, venue_keys()) if not one.passed}

    assert failed(lambda _one: None) == set()
    assert failed(lambda one: one["document"].update(content_hash="0" * 64)) == {
        "receipt",
        "signature",
    }
    assert failed(lambda one: one["receipt"].update(received_at=at.isoformat() + "Z")) >= {
        "readable"
    }
    assert failed(lambda one: one["receipt"].update(signature=other.over(document))) == {
        "seal",
        "signature",
    }
    assert "receipt" in failed(lambda one: one["document"]["signing_key"].update(jwk=other.jwk))


def test_signature_for_another_version_or_organisation_is_refused(
    db: None, at: datetime, pen: Pen
) -> None:
    vendor, stranger = make.vendor(at), make.vendor(at)
    version, second = cast.draft(vendor, at), cast.draft(vendor, at, topic="floods")
    foreign = cast.draft(stranger, at)
    registered(vendor, pen, at)
    document = given_out(version, vendor, pen, at)
    signature = pen.over(document)

    with refused(ContentChanged):
        handed_in(second, vendor, document, signature, at)
    forged = {**document, "content_hash": second.content_hash}
    with refused(DocumentDiffers) as refusal:
        handed_in(second, vendor, forged, pen.over(forged), at)
    assert refusal.value.fields == {"document": ["differs: id, product, version"]}
    with refused(ContentChanged):
        handed_in(foreign, stranger, document, signature, at)
    with refused(NotFound):
        handed_in(version, stranger, document, signature, at)

    assert Declaration.objects.count() == 0


def test_key_of_another_organisation_signs_nothing(db: None, at: datetime, pen: Pen) -> None:
    vendor, stranger, theirs = make.vendor(at), make.vendor(at), Pen.ed25519()
    version = cast.draft(vendor, at)
    registered(vendor, pen, at)
    registered(stranger, theirs, at)
    with refused(KeyNotUsable):
        given_out(version, vendor, theirs, at)
    document = given_out(version, vendor, pen, at)

    with refused(SignatureNotValid):
        handed_in(version, vendor, document, theirs.over(document), at)
    named = {**document, "signing_key": {"thumbprint": theirs.thumbprint, "jwk": theirs.jwk}}
    with refused(KeyNotUsable):
        handed_in(version, vendor, named, theirs.over(named), at)
    mixed = {**document, "signing_key": {"thumbprint": pen.thumbprint, "jwk": theirs.jwk}}
    with refused(DocumentDiffers):
        handed_in(version, vendor, mixed, theirs.over(mixed), at)

    assert Declaration.objects.count() == 0


def test_revoked_key_signs_nothing_and_the_database_keeps_nothing_of_it(
    db: None, at: datetime, pen: Pen
) -> None:
    vendor = make.vendor(at)
    version, key = cast.draft(vendor, at), registered(vendor, pen, at)
    document = given_out(version, vendor, pen, at)
    before = handed_in(version, vendor, document, pen.over(document), at)
    again = given_out(version, vendor, pen, at, valid_until=at + timedelta(days=91))
    services.revoke_key(key_id=key.pk, reason="lost", actor=vendor, at=at)

    with refused(KeyNotUsable):
        handed_in(version, vendor, again, pen.over(again), at)
    copied = Declaration.objects.get(pk=before.pk)
    copied.pk = uuid7()
    with pytest.raises(DatabaseError), transaction.atomic():
        copied.save(force_insert=True)

    # What it signed before goes on: the receipt says when that came in.
    assert [one.state for one in Declaration.objects.all()] == ["IN_FORCE"]


def test_signature_is_handed_in_once(db: None, at: datetime, pen: Pen) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    registered(vendor, pen, at)
    document = given_out(version, vendor, pen, at)
    made = handed_in(version, vendor, document, pen.over(document), at)

    with refused(DeclarationKnown):
        handed_in(version, vendor, document, pen.over(document), at)
    services.withdraw_declaration(declaration_id=made.pk, reason="", actor=vendor, at=at)
    with refused(DeclarationKnown):
        handed_in(version, vendor, document, pen.over(document), at)

    assert Declaration.objects.get().state == "WITHDRAWN"


def test_document_that_was_altered_or_lay_too_long_is_refused(
    db: None, at: datetime, pen: Pen
) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    registered(vendor, pen, at)
    document = given_out(version, vendor, pen, at)
    altered: list[Any] = [
        {**document, "added": 1},
        {name: value for name, value in document.items() if name != "organisation"},
        {**document, "id": "0" * 32},
        {**document, "template": {**document["template"], "code": "DC-2020.1"}},
        {**document, "valid_until": (at + timedelta(days=99)).isoformat()},
        {**document, "prepared_at": (at + timedelta(days=1)).isoformat()},
        {**document, "attestation": "platform"},
    ]

    for one in altered:
        with refused(DocumentDiffers):
            handed_in(version, vendor, one, pen.over(one), at)
    with refused(DocumentDiffers):
        handed_in(version, vendor, document, pen.over(document), at + timedelta(days=31))
    for junk in ({}, [], "x", {**document, "valid_until": 3}, {**document, "signing_key": []}):
        with refused(Malformed):
            handed_in(version, vendor, junk, "x", at)
    for text in ("", "x", pen.jws(document, crit=["b64"], b64=False), pen.jws(document, kid="x")):
        with refused(SignatureNotValid):
            handed_in(version, vendor, document, text, at)

    assert Declaration.objects.count() == 0


def test_whole_way_over_the_api(db: None, at: datetime, pen: Pen) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    registered(vendor, pen, at)
    api = Api(replace(vendor, confirmed_at=None), at)
    template = asked_of(template_at(at), version.content)
    terms = {
        "content_hash": version.content_hash,
        "template": template.code,
        "statements": list(codes(template)),
        "valid_until": (at + timedelta(days=90)).isoformat(),
        "thumbprint": pen.thumbprint,
    }

    told = api.post(f"versions/{version.pk}/declaration-documents", terms).json()
    signature = base64.b64encode(pen.raw(told["canonical"].encode())).decode()
    body = {"document": told["document"], "signature": signature}
    made = api.post(f"versions/{version.pk}/signed-declarations", body)

    assert made.status_code == 201, made.content
    assert made.json()["attestation"] == "organisation"
    assert made.json()["id"] == told["document"]["id"]
