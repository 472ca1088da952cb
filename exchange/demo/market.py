"""The demonstration market, made once. Invariant: a second run adds nothing.

It does what an operator does on the first day: people, organisations, fees, the first list.
Everything after that goes through the API.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from stdnum.cn import uscc

from core.actors import PERMISSIONS, SYSTEM, Member
from core.models import Capacity, Membership, Organisation, User
from core.selectors import member_by_user
from core.service import service
from core.services import organisations, people
from core.states import CapacityState
from exchange.demo.catalogue.pseudonyms import NAME_EN, NAME_ZH
from exchange.demo.home import check_list
from exchange.demo.people import BUYERS, HOUSES, PASSWORD, SELLER, STAFF, VENUE, House
from exchange.services.opening import open_market
from settlement import services as settlement
from settlement.fees import FIRST_FEES

FIRST_LIST = Path(__file__).resolve().parents[2] / "compliance" / "checklists" / "2026.3.json"
# Codes from here on belong to the vendors that stand for real ones.
SIMULATED_FROM = 100_000_000


def credit_code(number: int) -> str:
    """Return a unified social credit code that no registry has given out (GB 32100-2015).

    Its region, 999999, is not assigned.
    """
    body = f"91999999{number:09d}"
    return body + str(uscc.calc_check_digit(body))


@service
def make_market(*, at: datetime) -> dict[str, Any]:
    """Make whatever of the demonstration market is not there yet; say what it holds.

    Raises:
        OtherSoftware: the market that is there was opened with another first list.

    """
    document = json.loads(FIRST_LIST.read_text(encoding="utf-8"))
    check_list(document)
    opened = open_market(
        name_zh=VENUE.name_zh,
        name_en=VENUE.name_en,
        country=VENUE.country,
        registry_number=credit_code(0),
        checklist=document,
        fees=FIRST_FEES,
        actor=SYSTEM,
        at=at,
    )
    venue = opened.venue
    staff = {person.code: _staff(venue, person.email, person.roles, at) for person in STAFF}
    houses = [
        _house(house, number, staff["admin"], at) for number, house in enumerate(HOUSES, start=1)
    ]
    settlement.open_accounts(
        organisation_ids=[house.pk for house in houses], currency="CNY", actor=SYSTEM, at=at
    )
    return {
        "venue": str(venue.pk),
        "organisations": len(houses),
        "checklist": opened.checklist,
        "buyers": len(BUYERS),
    }


@dataclass(frozen=True, slots=True)
class Simulated:
    """A vendor that stands for a real one: how it is found, and the token it speaks with."""

    code: str
    organisation: str
    name: str
    registry_number: str
    token: str
    password: str


@service
def make_simulated(*, numbers: Iterable[int], at: datetime) -> dict[int, Simulated]:
    """Make the vendors that stand for real ones, each with a new token; number → vendor.

    Nobody can sign in as one of them, for their passwords are drawn for the day, to sign by, and
    are shown to nobody. Whatever they list is marked simulated.
    """
    admin = _member(STAFF[0].email)
    made = {number: _simulated(number, admin, at) for number in numbers}
    settlement.open_accounts(
        organisation_ids=[UUID(one.organisation) for one in made.values()],
        currency="CNY",
        actor=SYSTEM,
        at=at,
    )
    return made


def _simulated(number: int, admin: Member, at: datetime) -> Simulated:
    house = House(
        f"SIM-{number:08d}", NAME_ZH.format(number=number), NAME_EN.format(number=number), SELLER
    )
    organisation = _house(house, SIMULATED_FROM + number, admin, at, password=None)
    if not organisation.simulated:
        Organisation.objects.filter(pk=organisation.pk).update(simulated=True)
    user, password = User.objects.get(email=house.email), token_urlsafe(32)
    user.set_password(password)
    user.save(update_fields=["password"])
    token = people.make_token(
        label="simulated", scopes=sorted(PERMISSIONS), days=2, actor=_member(house.email), at=at
    )
    return Simulated(
        house.code,
        str(organisation.pk),
        house.name_en,
        organisation.registry_number,
        token.secret,
        password,
    )


def _member(email: str) -> Member:
    found = member_by_user(User.objects.get(email=email).pk, None)
    assert found is not None
    return found


def _staff(venue: Organisation, email: str, roles: Iterable[str], at: datetime) -> Member:
    user = _user(email)
    membership, _ = Membership.objects.get_or_create(
        user=user, organisation=venue, defaults={"roles": list(roles), "created_at": at}
    )
    return Member(
        user_id=user.pk,
        membership_id=membership.pk,
        organisation_id=venue.pk,
        is_venue=True,
        roles=frozenset(membership.roles),
    )


def _user(email: str, password: str | None = PASSWORD) -> User:
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(email, password=password)


def _house(
    house: House, number: int, admin: Member, at: datetime, *, password: str | None = PASSWORD
) -> Organisation:
    code = credit_code(number)
    found = Organisation.objects.filter(country=house.country, registry_number=code).first()
    if found is not None:
        # A market made before there were codes gets them now.
        return organisations.give_code(
            organisation_id=found.pk, code=house.code, actor=admin, at=at
        )
    user = _user(house.email, password)
    owner = Member(user.pk, None, None, organisation_state="")
    organisation = organisations.apply_for_organisation(
        name_zh=house.name_zh,
        name_en=house.name_en,
        country=house.country,
        registry_number=code,
        kind=house.kind,
        foreign_controlled=house.foreign_controlled,
        region=house.region,
        actor=owner,
        at=at,
    )
    Membership.objects.filter(user=user, organisation=organisation).update(
        roles=["owner", "signatory", "editor", "trader", "finance"]
    )
    organisations.decide_organisation(
        organisation_id=organisation.pk, verb="verify", reason="", actor=admin, at=at
    )
    organisations.give_code(organisation_id=organisation.pk, code=house.code, actor=admin, at=at)
    for kind in house.kinds:
        Capacity.objects.create(
            organisation=organisation, kind=kind, applied_at=at, state=CapacityState.APPLIED
        )
        organisations.decide_capacity(
            organisation_id=organisation.pk,
            kind=kind,
            verb="admit",
            reason="",
            actor=admin,
            at=at,
        )
    return organisation
