"""Signing the declaration and commitment: for one content, whole, sealed, and not too long."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from compliance import selectors, services
from compliance.errors import ContentChanged, StatementsIncomplete, VersionNotOpen
from compliance.models import Declaration
from compliance.statements import asked_of, codes, template_at
from core import signing
from core.canonical import canonical
from core.errors import Forbidden, Malformed, NotFound, StepUpNeeded
from core.ids import uuid7
from listings import services as listings
from listings.models import Version
from tests import make
from tests.compliance import cast
from tests.listings.cast import Api, refused

SECOND = timedelta(seconds=1)


def terms(version: Version, at: datetime, **changes: object) -> dict[str, object]:
    template = asked_of(template_at(at), version.content)
    return {
        "version_id": version.pk,
        "content_hash": version.content_hash,
        "template": template.code,
        "statements": list(codes(template)),
        "valid_until": at + timedelta(days=90),
        "at": at,
        **changes,
    }


def test_a_signed_declaration_is_in_force_for_exactly_this_content(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)

    declaration = services.sign_declaration(**terms(version, at), actor=vendor)

    assert declaration.state == "IN_FORCE"
    assert declaration.content_hash == version.content_hash
    assert declaration.organisation_id == vendor.organisation_id
    assert declaration.signed_by_id == vendor.user_id
    assert declaration.valid_until == at + timedelta(days=90)
    assert cast.events(declaration.pk) == ["sign"]
    assert selectors.standing_declaration(version, at) == declaration


def test_the_seal_can_be_checked_with_the_public_key_alone(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    declaration = cast.signed(cast.draft(vendor, at), vendor, at)

    shown = selectors.verification(declaration.pk, at)

    public = bytes.fromhex(shown["public_key"])
    assert public == signing.public_bytes(settings.SIGNING_KEY)
    message = canonical(shown["document"])
    assert signing.verifies(public, bytes.fromhex(shown["seal"]), message)
    forged = canonical({**shown["document"], "content_hash": "0" * 64})
    assert not signing.verifies(public, bytes.fromhex(shown["seal"]), forged)
    assert shown["signature_valid"] is True
    assert shown["state"] == "IN_FORCE"
    assert selectors.verification(declaration.pk, declaration.valid_until)["state"] == "EXPIRED"


def test_what_is_sealed_names_the_content_the_party_and_every_statement(
    db: None, at: datetime
) -> None:
    vendor = make.vendor(at, "Delta Hydrology")
    version = cast.draft(vendor, at)
    document = cast.signed(version, vendor, at).document

    assert document["attestation"] == "platform"
    assert document["content_hash"] == version.content_hash
    assert document["organisation"]["name_en"] == "Delta Hydrology"
    assert [head["code"] for head in document["template"]["heads"]] == [
        "source",
        "rights",
        "quality",
        "use",
    ]
    assert all(len(head["statements"]) >= 3 for head in document["template"]["heads"])
    assert document["membership"] == str(vendor.membership_id)


def test_a_declaration_can_be_valid_for_five_seconds(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)

    until = at + timedelta(seconds=5)
    signed = services.sign_declaration(**terms(version, at, valid_until=until), actor=vendor)

    assert selectors.standing_declaration(version, at + timedelta(seconds=4)) == signed
    assert selectors.standing_declaration(version, until) is None


def test_another_content_than_the_one_shown_is_not_signed(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)

    with refused(ContentChanged) as refusal:
        services.sign_declaration(**terms(version, at, content_hash="a" * 64), actor=vendor)

    assert refusal.value.extra == {"content_hash": version.content_hash}
    assert Declaration.objects.count() == 0


def test_a_changed_draft_has_no_declaration_any_more(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    cast.signed(version, vendor, at)

    listings.save_draft(
        version_id=version.pk,
        content={**version.content, "topic": "floods"},
        plans=[{"code": "P1", "kind": "one_off", "offer_mode": "standing", "price_minor": 5}],
        actor=vendor,
        at=at,
    )

    version.refresh_from_db()
    assert selectors.standing_declaration(version, at) is None


def test_nobody_signs_without_having_proved_to_be_there(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    stale = at - timedelta(minutes=5, seconds=1)

    for confirmed_at in (None, stale):
        with refused(StepUpNeeded):
            services.sign_declaration(
                **terms(version, at), actor=replace(vendor, confirmed_at=confirmed_at)
            )

    assert Declaration.objects.count() == 0
    signed = services.sign_declaration(**terms(version, at), actor=vendor)
    assert (signed.confirmed_at, signed.confirmed_by) == (at, "password")
    assert signed.document["assent"] == {
        "confirmed_at": at.isoformat(),
        "confirmed_by": "password",
    }


def test_token_alone_signs_nothing_and_is_told_what_is_asked_instead(
    db: None, at: datetime
) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    given = terms(version, at)
    body = {name: given[name] for name in ("content_hash", "template", "statements")}
    body["valid_until"] = (at + timedelta(days=90)).isoformat()
    bare = Api(replace(vendor, confirmed_at=None), at)

    refusal = bare.post(f"versions/{version.pk}/declarations", body)

    assert (refusal.status_code, refusal.json()["code"]) == (401, "step-up-needed")
    assert refusal.json()["max_age"] == 300
    assert 'error="insufficient_user_authentication", max_age=300' in refusal["WWW-Authenticate"]
    assert "POST /api/v1/step-ups" in refusal.json()["way_out"]
    assert Declaration.objects.count() == 0
    assert Api(vendor, at).post(f"versions/{version.pk}/declarations", body).status_code == 201


def test_database_keeps_no_platform_attestation_without_a_proof(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    signed = cast.signed(cast.draft(vendor, at), vendor, at)
    long_ago = at - timedelta(minutes=61)

    for changes in ({"confirmed_at": None}, {"confirmed_at": long_ago}, {"confirmed_by": "sms"}):
        copied = Declaration.objects.get(pk=signed.pk)
        copied.pk = uuid7()
        for name, value in changes.items():
            setattr(copied, name, value)
        with pytest.raises(DatabaseError), transaction.atomic():
            copied.save(force_insert=True)

    assert Declaration.objects.count() == 1


def test_declaration_holds_no_longer_than_the_contract_it_rests_on(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    cast.in_force(at)
    version = cast.draft(vendor, at)
    ends = at + timedelta(days=40)
    cast.given(version, vendor, at, "source_contract", valid_until=ends)

    with refused(Malformed) as refusal:
        services.sign_declaration(**terms(version, at, valid_until=ends + SECOND), actor=vendor)

    assert ends.isoformat() in refusal.value.fields["valid_until"][0]
    signed = services.sign_declaration(**terms(version, at, valid_until=ends), actor=vendor)
    assert signed.valid_until == ends


def test_every_statement_has_to_be_assented_to(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    asked = list(codes(asked_of(template_at(at), version.content)))

    with refused(StatementsIncomplete) as refusal:
        given = [*asked[1:], "source-of-my-own"]
        services.sign_declaration(**terms(version, at, statements=given), actor=vendor)

    assert refusal.value.fields == {
        "statements": [f"not assented to: {asked[0]}", "not asked: source-of-my-own"]
    }
    assert Declaration.objects.count() == 0


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_validity_that_is_not_possible_is_refused(db: None, at: datetime, days: int) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)

    with refused(Malformed) as refusal:
        until = at + timedelta(days=days)
        services.sign_declaration(**terms(version, at, valid_until=until), actor=vendor)

    assert set(refusal.value.fields) == {"valid_until"}
    assert Declaration.objects.count() == 0


def test_it_cannot_outlast_the_rights_it_rests_on(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at, rights=cast.rights(vendor, at, days=30))

    with refused(Malformed) as refusal:
        until = at + timedelta(days=31)
        services.sign_declaration(**terms(version, at, valid_until=until), actor=vendor)

    assert (at + timedelta(days=30)).isoformat() in refusal.value.fields["valid_until"][0]
    until = at + timedelta(days=30)
    services.sign_declaration(**terms(version, at, valid_until=until), actor=vendor)


def test_only_who_may_sign_signs(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    held = version.product.vendor
    editor = make.member(held, "editor", at=at)
    signatory = make.member(held, "signatory", at=at)

    with refused(Forbidden):
        services.sign_declaration(**terms(version, at), actor=editor)
    assert Declaration.objects.count() == 0

    assert services.sign_declaration(**terms(version, at), actor=signatory).state == "IN_FORCE"


def test_nobody_signs_for_another_organisation(db: None, at: datetime) -> None:
    version = cast.draft(make.vendor(at), at)

    with refused(NotFound):
        services.sign_declaration(**terms(version, at), actor=make.vendor(at))

    assert Declaration.objects.count() == 0


def test_an_abandoned_version_takes_no_declaration(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    version = cast.draft(vendor, at)
    listings.abandon_version(version_id=version.pk, actor=vendor, at=at)

    with refused(VersionNotOpen):
        services.sign_declaration(**terms(version, at), actor=vendor)

    assert Declaration.objects.count() == 0


def test_personal_data_ask_for_further_statements(db: None, at: datetime) -> None:
    vendor = make.vendor(at)
    plain = asked_of(template_at(at), cast.draft(vendor, at).content)
    personal = asked_of(template_at(at), {"personal": {"contains": True}, "sources": []})

    assert set(codes(personal)) - set(codes(plain)) == {
        "source-personal-basis",
        "use-personal-requests",
    }


@pytest.mark.parametrize(
    "change",
    [
        "content_hash = repeat('0', 64)",
        "statements = '[]'",
        "document = '{}'",
        "seal = ''",
        "valid_until = valid_until + interval '1 day'",
        "signed_at = signed_at - interval '1 day'",
    ],
)
def test_a_signed_declaration_cannot_be_rewritten_by_raw_sql(
    db: None, at: datetime, change: str
) -> None:
    vendor = make.vendor(at)
    cast.signed(cast.draft(vendor, at), vendor, at)
    before = Declaration.objects.values().get()

    for statement in (
        f"UPDATE compliance_declaration SET {change}",
        "DELETE FROM compliance_declaration",
        "TRUNCATE compliance_declaration CASCADE",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert Declaration.objects.values().get() == before
