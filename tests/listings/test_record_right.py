"""Rights records: proven by a document or a national certificate, in one's own data."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from core.actors import SYSTEM, Member
from core.errors import IllegalTransition, Malformed, NotFound
from listings import services
from listings.errors import RightsWithoutProof, SupplierNotSponsored
from listings.models import RightsRecord
from listings.selectors import usable_rights
from tests import make
from tests.conftest import AT
from tests.listings import cast

CERTIFICATE = "SJ3112026090042"


def record(actor: Member, **terms: Any) -> RightsRecord:
    right: RightsRecord = services.record_right(
        **{
            "supplier_id": actor.organisation_id,
            "kind": "hold",
            "holder_id": actor.organisation_id,
            "certificate_code": "",
            "proof_id": None,
            "valid_from": AT,
            "valid_until": AT + timedelta(days=365),
            **terms,
        },
        actor=actor,
        at=AT,
    )
    return right


def test_right_is_recorded_with_a_proof(db: None) -> None:
    vendor = make.vendor(AT)

    right = record(vendor, proof_id=cast.file_of(vendor, AT).pk)

    assert (right.state, right.kind) == ("RECORDED", "hold")
    assert cast.verbs(right.pk) == ["record"]


def test_right_is_recorded_by_a_national_certificate(db: None) -> None:
    vendor = make.vendor(AT)

    right = record(vendor, certificate_code=CERTIFICATE)

    assert right.certificate_code == CERTIFICATE
    assert list(usable_rights(vendor.organisation_id, AT)) == [right]


def test_sponsor_records_a_right_of_its_supplier(db: None) -> None:
    vendor = make.vendor(AT)
    supplier = cast.sponsored_supplier(vendor, AT)

    right = record(
        vendor, supplier_id=supplier.organisation_id, certificate_code=CERTIFICATE, kind="operate"
    )

    assert right.supplier_id == supplier.organisation_id


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({}, RightsWithoutProof),
        ({"certificate_code": "SJ-1"}, Malformed),
        ({"certificate_code": CERTIFICATE, "valid_until": AT}, Malformed),
        ({"certificate_code": CERTIFICATE, "valid_until": AT + timedelta(days=2_000)}, Malformed),
    ],
)
def test_right_without_proof_or_with_wrong_terms_is_refused(
    db: None, terms: dict, refusal: type
) -> None:
    with cast.refused(refusal):
        record(make.vendor(AT), **terms)

    assert not RightsRecord.objects.exists()


def test_right_in_anothers_data_is_refused(db: None) -> None:
    vendor, other = make.vendor(AT), make.vendor(AT)

    with cast.refused(SupplierNotSponsored):
        record(vendor, supplier_id=other.organisation_id, certificate_code=CERTIFICATE)
    with cast.refused(NotFound):
        record(vendor, proof_id=cast.file_of(other, AT).pk)

    assert not RightsRecord.objects.exists()


def test_right_is_withdrawn_by_its_supplier_only(db: None) -> None:
    vendor, outsider = make.vendor(AT), make.vendor(AT)
    right = record(vendor, certificate_code=CERTIFICATE)

    with cast.refused(NotFound):
        services.withdraw_right(rights_record_id=right.pk, actor=outsider, at=AT)
    services.withdraw_right(rights_record_id=right.pk, actor=vendor, at=AT)

    with cast.refused(IllegalTransition):
        services.withdraw_right(rights_record_id=right.pk, actor=vendor, at=AT)
    assert not usable_rights(vendor.organisation_id, AT).exists()


def test_right_expires_when_its_time_is_over(db: None) -> None:
    vendor = make.vendor(AT)
    right = record(vendor, certificate_code=CERTIFICATE)
    end = AT + timedelta(days=365)

    assert not usable_rights(vendor.organisation_id, end).exists()
    assert services.expire_rights(limit=10, actor=SYSTEM, at=end - timedelta(seconds=1)) == 0
    assert services.expire_rights(limit=10, actor=SYSTEM, at=end) == 1
    assert RightsRecord.objects.get(pk=right.pk).state == "EXPIRED"


def test_raw_sql_cannot_change_a_right_or_take_its_proof(db: None) -> None:
    vendor = make.vendor(AT)
    right = record(vendor, certificate_code=CERTIFICATE)

    for sql in (
        "UPDATE listings_rightsrecord SET valid_until = now() + '9 years' WHERE id = %s",
        "UPDATE listings_rightsrecord SET certificate_code = '' WHERE id = %s",
        "DELETE FROM listings_rightsrecord WHERE id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [right.pk])

    assert RightsRecord.objects.get(pk=right.pk).certificate_code == CERTIFICATE
