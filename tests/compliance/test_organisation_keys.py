"""Keys of organisations: theirs indeed, of a kind that is taken, and registered by two."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from compliance import selectors, services
from compliance.errors import KeyKnown, SignatureNotValid
from compliance.models import OrganisationKey
from core.errors import Forbidden, FourEyes, IllegalTransition, Malformed, NotFound, StepUpNeeded
from tests import make
from tests.compliance.signing import Pen, proposed, registered
from tests.listings.cast import refused

RSA_JWK = {"kty": "RSA", "n": "0vx7", "e": "AQAB"}


@pytest.mark.parametrize("pen", [Pen.ed25519(), Pen.p256()], ids=["Ed25519", "P-256"])
def test_key_is_proposed_checked_and_registered_by_two(db: None, at: datetime, pen: Pen) -> None:
    vendor = make.vendor(at)

    key = registered(vendor, pen, at)

    assert (key.state, key.thumbprint, key.algorithm) == ("REGISTERED", pen.thumbprint, pen.alg)
    assert key.maker_id != key.checker_id
    assert [one.pk for one in selectors.usable_keys(vendor, at)] == [key.pk]
    assert list(selectors.usable_keys(make.vendor(at), at)) == []


@pytest.mark.parametrize("pen", [Pen.ed25519(), Pen.p256()], ids=["Ed25519", "P-256"])
def test_key_of_a_certificate_ends_with_it(db: None, at: datetime, pen: Pen) -> None:
    vendor = make.vendor(at)

    key = registered(vendor, pen, at, jwk=None, certificate=pen.certificate(at, days=9))

    assert key.thumbprint == pen.thumbprint
    assert key.valid_until == at + timedelta(days=9)
    assert list(selectors.usable_keys(vendor, at + timedelta(days=9))) == []


def test_who_checked_a_key_does_not_confirm_it(db: None, at: datetime) -> None:
    vendor, admin = make.vendor(at), make.staff(at, "admin")
    key = proposed(vendor, Pen.ed25519(), at)
    services.check_key(key_id=key.pk, note="seen", actor=admin, at=at)

    with refused(FourEyes):
        services.confirm_key(key_id=key.pk, actor=admin, at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        OrganisationKey.objects.update(state="REGISTERED", checker=admin.user_id, registered_at=at)

    assert OrganisationKey.objects.get().state == "CHECKED"


def test_key_that_is_not_held_is_not_proposed(db: None, at: datetime) -> None:
    vendor, other, pen = make.vendor(at), make.vendor(at), Pen.ed25519()
    assert other.organisation_id is not None
    for_other = pen.over(selectors.possession_text(other.organisation_id))

    for proof in (for_other, Pen.ed25519().over({}), "AAAA", "", "ü" * 64, "a.b.c", "..", "A..B"):
        with refused(SignatureNotValid):
            proposed(vendor, pen, at, proof=proof)

    assert OrganisationKey.objects.count() == 0


@pytest.mark.parametrize(
    "jwk",
    [
        RSA_JWK,
        {"kty": "EC", "crv": "P-384", "x": "A" * 43, "y": "A" * 43},
        {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43},
        {"kty": "OKP", "crv": "Ed25519", "x": "A" * 42},
        {"kty": "OKP", "crv": "Ed25519", "x": 7},
        {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43},
        {**Pen.ed25519().jwk, "d": "A" * 43},
        [],
        ["x"],
        "x",
        {"kty": []},
    ],
)
def test_what_is_no_key_that_is_taken_is_refused_by_name(db: None, at: datetime, jwk: Any) -> None:
    with refused(Malformed) as refusal:
        proposed(make.vendor(at), Pen.ed25519(), at, jwk=jwk)

    assert refusal.value.fields.keys() == {"jwk"}
    assert OrganisationKey.objects.count() == 0


def test_certificate_that_cannot_sign_is_refused(db: None, at: datetime) -> None:
    pen = Pen.p256()
    good = pen.certificate(at)
    for certificate in (
        pen.certificate(at, days=-1),
        pen.certificate(at, signs=False),
        good + good,
        good[:200],
        "-----BEGIN PRIVATE KEY-----",
        "x",
    ):
        with refused(Malformed) as refusal:
            proposed(make.vendor(at), pen, at, jwk=None, certificate=certificate)
        assert refusal.value.fields.keys() == {"certificate"}
    with refused(Malformed):
        proposed(make.vendor(at), pen, at, certificate=good)

    assert OrganisationKey.objects.count() == 0


def test_key_is_known_once_and_never_again_after_it_was_revoked(db: None, at: datetime) -> None:
    vendor, pen = make.vendor(at), Pen.ed25519()
    key = registered(vendor, pen, at)
    with refused(KeyKnown):
        proposed(make.vendor(at), pen, at)

    services.revoke_key(key_id=key.pk, reason="lost", actor=vendor, at=at)

    with refused(KeyKnown):
        proposed(vendor, pen, at)
    with refused(IllegalTransition):
        services.revoke_key(key_id=key.pk, reason="lost", actor=vendor, at=at)
    assert list(selectors.usable_keys(vendor, at)) == []


def test_refused_key_can_be_proposed_anew(db: None, at: datetime) -> None:
    vendor, pen, admin = make.vendor(at), Pen.ed25519(), make.staff(at, "admin")
    key = proposed(vendor, pen, at)
    services.refuse_key(key_id=key.pk, reason="whose is it", actor=admin, at=at)

    assert proposed(vendor, pen, at).state == "PROPOSED"


def test_who_may_do_what_with_a_key(db: None, at: datetime) -> None:
    vendor, pen, admin = make.vendor(at), Pen.ed25519(), make.staff(at, "admin")
    with refused(StepUpNeeded):
        proposed(replace(vendor, confirmed_at=None), pen, at)
    with refused(Forbidden):
        proposed(make.vendor(at, "", "editor"), pen, at)
    key = proposed(vendor, pen, at)
    with refused(Forbidden):
        services.check_key(key_id=key.pk, note="mine", actor=vendor, at=at)
    with refused(Malformed):
        services.check_key(key_id=key.pk, note=" ", actor=admin, at=at)
    with refused(NotFound):
        services.revoke_key(key_id=key.pk, reason="", actor=make.vendor(at), at=at)

    assert OrganisationKey.objects.get().state == "PROPOSED"
