"""Sponsorships: proposed by a vendor with a mandate, in force when the supplier accepts."""

from datetime import datetime, timedelta

from core.actors import SYSTEM, Member
from core.errors import IllegalTransition, Malformed, NotFound
from listings import services
from listings.errors import OrganisationNotAdmitted, SponsorshipExists
from listings.models import Sponsorship
from listings.selectors import is_sponsored
from tests import make
from tests.conftest import AT
from tests.listings import cast

UNTIL = AT + timedelta(days=30)


def a_supplier() -> Member:
    held = make.organisation(at=AT, capacities=("supplier",))
    return make.member(held, "owner", "signatory", at=AT)


def propose(vendor: Member, supplier: Member, until: datetime = UNTIL) -> Sponsorship:
    made: Sponsorship = services.propose_sponsorship(
        supplier_id=supplier.organisation_id,
        mandate_id=cast.file_of(vendor, AT).pk,
        valid_until=until,
        actor=vendor,
        at=AT,
    )
    return made


def test_sponsorship_takes_force_when_the_supplier_accepts(db: None) -> None:
    vendor, supplier = make.vendor(AT), a_supplier()

    proposed = propose(vendor, supplier)
    assert not is_sponsored(vendor.organisation_id, supplier.organisation_id, AT)
    services.accept_sponsorship(sponsorship_id=proposed.pk, actor=supplier, at=AT)

    assert is_sponsored(vendor.organisation_id, supplier.organisation_id, AT)
    assert not is_sponsored(vendor.organisation_id, supplier.organisation_id, UNTIL)
    assert cast.verbs(proposed.pk) == ["propose", "accept"]


def test_vendor_cannot_accept_for_the_supplier(db: None) -> None:
    vendor, outsider = make.vendor(AT), make.vendor(AT)
    proposed = propose(vendor, a_supplier())

    for actor in (vendor, outsider):
        with cast.refused(NotFound):
            services.accept_sponsorship(sponsorship_id=proposed.pk, actor=actor, at=AT)

    assert Sponsorship.objects.get(pk=proposed.pk).state == "PROPOSED"


def test_declined_sponsorship_can_be_proposed_again(db: None) -> None:
    vendor, supplier = make.vendor(AT), a_supplier()
    first = propose(vendor, supplier)
    services.decline_sponsorship(sponsorship_id=first.pk, actor=supplier, at=AT)

    second = propose(vendor, supplier)

    assert (Sponsorship.objects.get(pk=first.pk).state, second.state) == ("DECLINED", "PROPOSED")


def test_second_sponsorship_beside_the_first_is_refused(db: None) -> None:
    vendor, supplier = make.vendor(AT), a_supplier()
    propose(vendor, supplier)

    with cast.refused(SponsorshipExists):
        propose(vendor, supplier)

    assert Sponsorship.objects.count() == 1


def test_sponsorship_of_oneself_of_nobody_or_of_the_past_is_refused(db: None) -> None:
    vendor, buyer = make.vendor(AT), make.buyer(AT)

    with cast.refused(Malformed):
        propose(vendor, vendor)
    with cast.refused(OrganisationNotAdmitted):
        propose(vendor, buyer)
    with cast.refused(Malformed):
        propose(vendor, a_supplier(), AT)

    assert not Sponsorship.objects.exists()


def test_either_side_ends_it_and_only_once(db: None) -> None:
    vendor, supplier = make.vendor(AT), a_supplier()
    proposed = propose(vendor, supplier)
    services.accept_sponsorship(sponsorship_id=proposed.pk, actor=supplier, at=AT)

    services.withdraw_sponsorship(sponsorship_id=proposed.pk, actor=supplier, at=AT)
    with cast.refused(IllegalTransition):
        services.withdraw_sponsorship(sponsorship_id=proposed.pk, actor=vendor, at=AT)

    assert not is_sponsored(vendor.organisation_id, supplier.organisation_id, AT)


def test_sponsorship_expires_when_its_time_is_over(db: None) -> None:
    vendor, supplier = make.vendor(AT), a_supplier()
    proposed = propose(vendor, supplier)
    services.accept_sponsorship(sponsorship_id=proposed.pk, actor=supplier, at=AT)

    assert services.expire_rights(limit=10, actor=SYSTEM, at=UNTIL) == 1
    assert Sponsorship.objects.get(pk=proposed.pk).state == "EXPIRED"
