"""Requests about organisations, members and the audit tree."""

from uuid import uuid4

from core.actors import SYSTEM, Member
from core.models import Capacity, Event, User
from core.services import audit
from core.services.people import invite_member
from core.states import CAPACITY, ORGANISATION
from tests import make
from tests.examples.world import NO_BODY, Ask, World, staff

PASSWORD = "a river of many words"


def decided(world: World, verb: str) -> Ask:
    applied = verb in {"verify", "refuse"}
    made = make.organisation(at=world.at, state="APPLIED" if applied else "ACTIVE")
    if verb == "reinstate":
        ORGANISATION.move(made, "suspend", actor=SYSTEM, at=world.at)
    return Ask(staff(world, "admin"), {"organisation_id": made.pk}, NO_BODY)


def capacity(world: World, verb: str) -> Ask:
    made = make.organisation(at=world.at)
    row = Capacity.objects.create(organisation=made, kind="buyer", applied_at=world.at)
    if verb not in {"admit", "refuse"}:
        CAPACITY.move(row, "admit", actor=SYSTEM, at=world.at)
    if verb == "reinstate":
        CAPACITY.move(row, "suspend", actor=SYSTEM, at=world.at)
    where = {"organisation_id": made.pk, "kind": "buyer"}
    return Ask(staff(world, "admin"), where, NO_BODY)


def newcomer(world: World) -> Ask:
    number = f"X-{uuid4().hex[:12]}"
    body = {"name_en": "A newcomer", "country": "SG", "registry_number": number}
    return Ask(person(world), {}, body)


def person(_world: World) -> Member:
    """Somebody who belongs to no organisation and is signed in."""
    return Member(make.user().pk, None, None, organisation_state="")


def asking_capacity(world: World) -> Ask:
    return Ask(world.buyer, {}, {"kind": "service_provider"})


def inviting(world: World) -> Ask:
    body = {"email": f"{uuid4().hex[:8]}@example.com", "roles": ["viewer"]}
    return Ask(world.buyer, {}, body)


def invited(world: World) -> Ask:
    guest = make.user()
    made = invite_member(
        email=guest.email,
        roles=["viewer"],
        signing_limit_minor=None,
        actor=world.buyer,
        at=world.at,
    )
    return Ask(Member(guest.pk, None, None, organisation_state=""), {}, {"key": made.secret})


def a_token(world: World) -> Ask:
    return Ask(world.buyer, {}, {"label": "for a script", "scopes": ["belong"], "days": 1})


def proving(world: World) -> Ask:
    user = User.objects.get(pk=world.buyer.user_id)
    user.set_password(PASSWORD)
    user.save()
    return Ask(world.buyer, {}, {"password": PASSWORD})


def audited(world: World) -> World:
    world.market  # noqa: B018
    audit.sequence_events(limit=10_000, at=world.at)
    return world


def proof(world: World) -> Ask:
    audited(world)
    return Ask(world.buyer, {"event_id": Event.objects.earliest("id").pk})
