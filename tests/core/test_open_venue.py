"""Opening the venue: once, by the installation alone, with one first administrator."""

from datetime import datetime, timedelta

import pytest

from core.actors import SYSTEM, Member
from core.errors import Conflict, Forbidden, Malformed, RegistryNumberTaken
from core.models import Event, Invitation, Organisation
from core.services import opening, people
from exchange.demo.market import credit_code
from tests import make
from tests.listings.cast import refused

pytestmark = pytest.mark.django_db
NAMES = {"name_zh": "虚构数据交易场所", "name_en": "Imaginary Data Exchange", "country": "CN"}


def opened(at: datetime, **changes: str) -> Organisation:
    given = NAMES | {"registry_number": credit_code(1)} | changes
    return opening.open_venue(**given, actor=SYSTEM, at=at)


def asked(at: datetime, email: str = "First@example.com") -> str:
    made = opening.invite_first_administrator(email=email, actor=SYSTEM, at=at)
    assert made is not None
    return made.secret


def test_venue_is_opened_once(at: datetime) -> None:
    venue = opened(at)

    assert (venue.is_venue, venue.state, venue.registry_number) == (True, "ACTIVE", credit_code(1))
    assert opened(at + timedelta(days=1)).pk == venue.pk
    with refused(Conflict):
        opened(at, name_en="Another Exchange")
    with refused(Conflict):
        opened(at, registry_number=credit_code(2))
    assert Organisation.objects.get().name_en == "Imaginary Data Exchange"


@pytest.mark.parametrize(
    "wrong", [{"name_zh": " "}, {"name_en": ""}, {"registry_number": "91999999000000077"}]
)
def test_venue_without_names_or_a_number_that_can_be_right_is_refused(
    at: datetime, wrong: dict[str, str]
) -> None:
    with refused(Malformed):
        opened(at, **wrong)
    assert not Organisation.objects.exists()


def test_trading_organisation_does_not_become_the_venue(at: datetime) -> None:
    make.organisation(at=at, country="CN", registry_number=credit_code(1))

    with refused(RegistryNumberTaken):
        opened(at)
    assert not Organisation.objects.filter(is_venue=True).exists()


def test_people_open_no_venue(at: datetime) -> None:
    admin = make.staff(at, "admin")

    with refused(Forbidden):
        opening.open_venue(**NAMES, registry_number=credit_code(1), actor=admin, at=at)
    with refused(Forbidden):
        opening.invite_first_administrator(email="a@example.com", actor=admin, at=at)
    assert (Organisation.objects.count(), Invitation.objects.count()) == (1, 0)


def test_first_administrator_gets_the_same_link_until_it_is_used(at: datetime) -> None:
    venue = opened(at)
    key = asked(at)
    assert asked(at) == key
    assert Event.objects.filter(subject="invitation").count() == 1
    actor = Member(make.user("first@example.com").pk, None, None, organisation_state="")

    made = people.accept_invitation(key=key, actor=actor, at=at)

    assert (made.organisation_id, made.roles) == (venue.pk, ["admin"])
    assert opening.invite_first_administrator(email="b@example.com", actor=SYSTEM, at=at) is None
    assert Invitation.objects.count() == 1


def test_address_given_by_mistake_cannot_be_used_after_its_correction(at: datetime) -> None:
    opened(at)
    asked(at, "wrong@example.com")

    asked(at + timedelta(minutes=1), "right@example.com")

    now = at + timedelta(minutes=2)
    waiting = Invitation.objects.filter(expires_at__gt=now).values_list("email", flat=True)
    assert list(waiting) == ["right@example.com"]


def test_nobody_is_asked_in_before_there_is_a_venue(at: datetime) -> None:
    with refused(Conflict):
        opening.invite_first_administrator(email="a@example.com", actor=SYSTEM, at=at)
    assert not Invitation.objects.exists()
