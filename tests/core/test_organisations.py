"""Organisations and capacities: a registry number that can be right, and what the venue admits."""

from datetime import datetime

import pytest

from core.actors import Member, acting_for
from core.errors import Conflict, Forbidden, Malformed, RegistryNumberTaken, SigningLimit
from core.models import Capacity, Event, Organisation
from core.services import organisations, people
from exchange.demo.market import credit_code
from tests import make
from tests.listings.cast import refused

pytestmark = pytest.mark.django_db


def person() -> Member:
    return Member(make.user().pk, None, None, organisation_state="")


def apply(at: datetime, number: str, country: str = "CN", actor: Member | None = None) -> object:
    return organisations.apply_for_organisation(
        name_zh="虚构测试有限公司",
        name_en="",
        country=country,
        registry_number=number,
        actor=actor or person(),
        at=at,
    )


def test_chinese_organisation_is_known_by_its_credit_code(at: datetime) -> None:
    code = credit_code(77)

    apply(at, f" {code.lower()} ")

    made = Organisation.objects.get()
    assert (made.registry_number, made.state) == (code, "APPLIED")
    with refused(RegistryNumberTaken):
        apply(at, code)
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("number", ["", "91999999000000077", credit_code(77)[:-1] + "#", "12345"])
def test_credit_code_with_a_wrong_check_character_is_refused(at: datetime, number: str) -> None:
    with refused(Malformed):
        apply(at, number)
    assert not Organisation.objects.exists()


def test_foreign_organisation_is_known_by_country_and_number(at: datetime) -> None:
    apply(at, "hrb 1234", "DE")
    apply(at, "HRB 1234", "AT")

    with refused(RegistryNumberTaken):
        apply(at, "HRB 1234", "DE")
    assert Organisation.objects.count() == 2


def test_staff_of_the_venue_apply_for_no_organisation(at: datetime) -> None:
    staff = make.staff(at, "admin")

    with refused(Forbidden):
        apply(at, credit_code(78), actor=staff)
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("kind", ["vendor", "supplier", "buyer"])
def test_venue_holds_no_capacity_to_trade(at: datetime, kind: str) -> None:
    with refused(Forbidden):
        organisations.apply_for_capacity(kind=kind, actor=make.staff(at, "admin"), at=at)
    assert not Capacity.objects.exists()


def test_capacity_is_admitted_by_the_venue(at: datetime) -> None:
    owner = make.member(make.organisation(at=at), "owner", at=at)
    organisations.apply_for_capacity(kind="buyer", actor=owner, at=at)
    decide = {"organisation_id": owner.organisation_id, "kind": "buyer", "reason": "", "at": at}

    with refused(Conflict):
        organisations.apply_for_capacity(kind="buyer", actor=owner, at=at)
    with refused(Forbidden):
        organisations.decide_capacity(verb="admit", actor=owner, **decide)
    with refused(Forbidden):
        organisations.decide_capacity(verb="admit", actor=make.staff(at, "officer"), **decide)
    organisations.decide_capacity(verb="admit", actor=make.staff(at, "admin"), **decide)

    assert Capacity.objects.get().state == "ADMITTED"


def test_venue_gives_an_organisation_its_code_once(at: datetime) -> None:
    admin, held, other = make.staff(at, "admin"), make.organisation(at=at), make.organisation(at=at)

    named = organisations.give_code(organisation_id=held.pk, code=" river ", actor=admin, at=at)
    organisations.give_code(organisation_id=held.pk, code="RIVER", actor=admin, at=at)

    assert named.code == "RIVER"
    assert Event.objects.filter(subject_id=held.pk).values_list("verb", flat=True)[0] == "name"
    with refused(Conflict):
        organisations.give_code(organisation_id=other.pk, code="River", actor=admin, at=at)
    assert Organisation.objects.get(pk=other.pk).code == ""
    assert Event.objects.count() == 1


@pytest.mark.parametrize("code", ["R", "1RIVER", "江河", "A B", "R" * 33])
def test_code_that_cannot_be_typed_is_refused(at: datetime, code: str) -> None:
    held = make.organisation(at=at)

    with refused(Malformed):
        organisations.give_code(
            organisation_id=held.pk, code=code, actor=make.staff(at, "admin"), at=at
        )
    assert Organisation.objects.get(pk=held.pk).code == ""


def test_only_the_venue_gives_codes(at: datetime) -> None:
    owner = make.member(make.organisation(at=at), "owner", at=at)

    with refused(Forbidden):
        organisations.give_code(organisation_id=acting_for(owner), code="OWN", actor=owner, at=at)
    assert not Organisation.objects.exclude(code="").exists()


@pytest.mark.parametrize(("limit", "amount"), [(70_000, 70_000), (None, 10**15), (0, 0)])
def test_member_signs_up_to_its_limit(at: datetime, limit: int | None, amount: int) -> None:
    held = make.organisation(at=at, capacities=("buyer",))
    people.check_signing_limit(
        make.member(held, "trader", at=at, signing_limit_minor=limit), amount
    )


def test_member_does_not_sign_over_its_limit(at: datetime) -> None:
    held = make.organisation(at=at, capacities=("buyer",))
    actor = make.member(held, "trader", at=at, signing_limit_minor=70_000)

    with refused(SigningLimit):
        people.check_signing_limit(actor, 70_001)
