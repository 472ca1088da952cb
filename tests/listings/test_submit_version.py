"""Submitting: a complete draft goes over to the venue and is frozen."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from core.errors import IllegalTransition, NotFound
from core.models import Capacity
from listings import services
from listings.errors import OrganisationNotAdmitted, SupplierNotSponsored, VersionIncomplete
from listings.models import Sponsorship, Version
from tests import make
from tests.conftest import AT
from tests.listings import cast


def test_complete_draft_is_submitted(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.draft(vendor, AT)

    done = services.submit_version(version_id=version.pk, actor=vendor, at=AT)

    assert (done.state, done.submitted_at) == ("SUBMITTED", AT)
    assert done.content_hash == version.content_hash
    assert cast.verbs(version.pk) == ["draft", "save", "submit"]


def test_incomplete_draft_is_refused_with_all_that_is_missing(db: None) -> None:
    vendor = make.vendor(AT)
    version = services.create_product(supplier_id=None, actor=vendor, at=AT)

    with cast.refused(VersionIncomplete) as refusal:
        services.submit_version(version_id=version.pk, actor=vendor, at=AT)

    assert sorted(refusal.value.fields) == [
        "allocation",
        "delivery_modes",
        "form",
        "permitted_use.derivation",
        "permitted_use.purposes",
        "permitted_use.redistribution",
        "permitted_use.term_days",
        "permitted_use.territories",
        "plans",
        "sources",
        "summary",
        "title",
    ]
    assert Version.objects.get(pk=version.pk).state == "DRAFT"
    assert cast.verbs(version.pk) == ["draft"]


@pytest.mark.parametrize(
    "changes",
    [
        {"personal": {"contains": True}},
        {"sources": [{"name": "users", "data_class": "personal"}]},
        {"grade": "important"},
    ],
)
def test_personal_and_important_data_must_be_confirmed(db: None, changes: dict) -> None:
    vendor = make.vendor(AT)
    version = cast.draft(vendor, AT, **changes)

    with cast.refused(VersionIncomplete) as refusal:
        services.submit_version(version_id=version.pk, actor=vendor, at=AT)

    assert list(refusal.value.fields) == ["plans[0].offer_mode"]
    assert Version.objects.get(pk=version.pk).state == "DRAFT"


@pytest.mark.parametrize("mode", ["confirm", "negotiated"])
def test_personal_data_with_a_plan_that_waits_for_the_vendor_are_submitted(
    db: None, mode: str
) -> None:
    vendor = make.vendor(AT)
    plan = {**cast.STANDING, "offer_mode": mode}

    version = cast.submitted(vendor, AT, plans=[plan], personal={"contains": True})

    assert (version.state, version.data_class) == ("SUBMITTED", "personal")


def test_raw_sql_cannot_submit_personal_data_on_standing_offer(db: None) -> None:
    version = cast.draft(make.vendor(AT), AT, personal={"contains": True})

    with (
        pytest.raises(DatabaseError, match="standing offer"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE listings_version SET state = 'SUBMITTED' WHERE id = %s", [version.pk]
        )

    assert Version.objects.get(pk=version.pk).state == "DRAFT"


def test_beneficiary_has_to_be_an_active_organisation(db: None) -> None:
    vendor, gone = make.vendor(AT), make.vendor(AT)
    cast.suspend(gone)
    lines = [{"beneficiary": str(gone.organisation_id), "role": "holding", "remainder": True}]
    version = cast.draft(vendor, AT, allocation=lines)

    with cast.refused(VersionIncomplete) as refusal:
        services.submit_version(version_id=version.pk, actor=vendor, at=AT)

    assert list(refusal.value.fields) == ["allocation[0].beneficiary"]


def test_right_that_was_withdrawn_has_to_be_replaced(db: None) -> None:
    vendor = make.vendor(AT)
    right = services.record_right(
        supplier_id=vendor.organisation_id,
        kind="hold",
        holder_id=vendor.organisation_id,
        certificate_code="",
        proof_id=cast.file_of(vendor, AT).pk,
        valid_from=AT,
        valid_until=AT + timedelta(days=9),
        actor=vendor,
        at=AT,
    )
    version = cast.draft(vendor, AT, rights=[str(right.pk)])
    services.withdraw_right(rights_record_id=right.pk, actor=vendor, at=AT)

    with cast.refused(VersionIncomplete) as refusal:
        services.submit_version(version_id=version.pk, actor=vendor, at=AT)

    assert list(refusal.value.fields) == ["rights[0]"]


def test_version_is_submitted_once(db: None) -> None:
    vendor = make.vendor(AT)
    version = cast.submitted(vendor, AT)

    with cast.refused(IllegalTransition):
        services.submit_version(version_id=version.pk, actor=vendor, at=AT)

    assert cast.verbs(version.pk) == ["draft", "save", "submit"]


def test_suspended_vendor_and_ended_sponsorship_cannot_submit(db: None) -> None:
    vendor = make.vendor(AT)
    supplier = cast.sponsored_supplier(vendor, AT)
    made = services.create_product(supplier_id=supplier.organisation_id, actor=vendor, at=AT)
    services.save_draft(
        version_id=made.pk,
        content=cast.content(vendor.organisation_id),
        plans=[cast.STANDING],
        actor=vendor,
        at=AT,
    )
    sponsorship = Sponsorship.objects.get(vendor=vendor.organisation_id)

    services.withdraw_sponsorship(sponsorship_id=sponsorship.pk, actor=supplier, at=AT)
    with cast.refused(SupplierNotSponsored):
        services.submit_version(version_id=made.pk, actor=vendor, at=AT)
    Capacity.objects.filter(organisation=vendor.organisation_id, kind="vendor").update(
        state="SUSPENDED"
    )
    with cast.refused(OrganisationNotAdmitted):
        services.submit_version(version_id=made.pk, actor=vendor, at=AT)

    assert Version.objects.get(pk=made.pk).state == "DRAFT"


def test_outsider_cannot_submit(db: None) -> None:
    vendor, outsider = make.vendor(AT), make.vendor(AT)
    version = cast.draft(vendor, AT)

    with cast.refused(NotFound):
        services.submit_version(version_id=version.pk, actor=outsider, at=AT)

    assert Version.objects.get(pk=version.pk).state == "DRAFT"
