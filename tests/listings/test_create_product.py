"""Making a product: a vendor lists its own data, or those of a supplier that accepted it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from core.errors import Forbidden, OrganisationSuspended, VenueStaff
from core.models import Capacity, Membership
from listings import services
from listings.errors import OrganisationNotAdmitted, SupplierNotSponsored
from listings.models import Product
from tests import make
from tests.conftest import AT
from tests.listings import cast


def test_vendor_makes_a_product_of_its_own_data(db: None) -> None:
    vendor = make.vendor(AT)

    first = services.create_product(supplier_id=None, actor=vendor, at=AT)
    second = services.create_product(supplier_id=None, actor=vendor, at=AT)

    product = first.product
    assert product.vendor_id == product.supplier_id == vendor.organisation_id
    assert (first.number, first.state) == (1, "DRAFT")
    assert product.code[:3] == "DP-"
    assert int(second.product.code[3:]) == int(product.code[3:]) + 1
    assert cast.verbs(product.pk) == ["create"]


def test_vendor_makes_a_product_of_a_sponsored_supplier(db: None) -> None:
    vendor = make.vendor(AT)
    supplier = cast.sponsored_supplier(vendor, AT)

    made = services.create_product(supplier_id=supplier.organisation_id, actor=vendor, at=AT)

    assert made.product.supplier_id == supplier.organisation_id


def test_supplier_without_sponsorship_is_refused(db: None) -> None:
    vendor, other = make.vendor(AT), make.vendor(AT)

    with cast.refused(SupplierNotSponsored):
        services.create_product(supplier_id=other.organisation_id, actor=vendor, at=AT)

    assert not Product.objects.exists()


def test_sponsorship_that_has_run_out_is_no_sponsorship(db: None) -> None:
    vendor = make.vendor(AT)
    supplier = cast.sponsored_supplier(vendor, AT)
    later = AT + timedelta(days=30)

    with cast.refused(SupplierNotSponsored):
        services.create_product(supplier_id=supplier.organisation_id, actor=vendor, at=later)

    assert not Product.objects.exists()


def test_raw_insert_for_an_unsponsored_supplier_is_refused(db: None) -> None:
    vendor, other = make.vendor(AT), make.vendor(AT)

    with pytest.raises(DatabaseError, match="does not sponsor"), transaction.atomic():
        Product.objects.create(
            code="DP-X",
            vendor_id=vendor.organisation_id,
            supplier_id=other.organisation_id,
            created_at=AT,
        )


def test_supplier_that_is_no_vendor_cannot_list_by_itself(db: None) -> None:
    supplier = make.member(
        make.organisation(at=AT, capacities=("supplier",)), "owner", "editor", at=AT
    )

    with cast.refused(Forbidden):
        services.create_product(supplier_id=None, actor=supplier, at=AT)

    assert not Product.objects.exists()


def test_suspended_organisation_cannot_list(db: None) -> None:
    vendor = make.vendor(AT)
    cast.suspend(vendor)
    as_read_now = make.actor(Membership.objects.get(pk=vendor.membership_id))

    with cast.refused(OrganisationSuspended):
        services.create_product(supplier_id=None, actor=as_read_now, at=AT)
    with cast.refused(OrganisationNotAdmitted):
        services.create_product(supplier_id=None, actor=vendor, at=AT)

    assert not Product.objects.exists()


def test_vendor_whose_capacity_is_suspended_cannot_list(db: None) -> None:
    vendor = make.vendor(AT)
    Capacity.objects.filter(organisation=vendor.organisation_id, kind="vendor").update(
        state="SUSPENDED"
    )

    with cast.refused(OrganisationNotAdmitted):
        services.create_product(supplier_id=None, actor=vendor, at=AT)


def test_venue_staff_and_members_without_the_role_cannot_list(db: None) -> None:
    staff = make.staff(AT, "admin")
    trader = make.vendor(AT, "", "trader")

    with cast.refused(VenueStaff):
        services.create_product(supplier_id=None, actor=staff, at=AT)
    with cast.refused(Forbidden):
        services.create_product(supplier_id=None, actor=trader, at=AT)

    assert not Product.objects.exists()
