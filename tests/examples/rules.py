"""Requests about lists, reviews and clearances."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from compliance import selectors
from compliance import services as compliance
from compliance.models import ChecklistVersion, Review
from compliance.states import CHECKLIST
from core.actors import NOBODY, SYSTEM, Member
from tests.compliance import cast as desk
from tests.examples.world import NO_BODY, Ask, World, staff


def in_force_list(world: World) -> Ask:
    world.market  # noqa: B018
    return Ask(NOBODY, {})


def author(world: World) -> Member:
    world.market  # noqa: B018 (with a list in force, so that versions can be cleared)
    return staff(world, "author")


def listed(world: World, state: str, body: Any = None) -> Ask:
    """A checklist in `state`, and an author who did not draft it."""
    desk_ = world.market.desk
    for waiting in ChecklistVersion.objects.filter(state="SCHEDULED"):
        CHECKLIST.move(waiting, "recall", actor=SYSTEM, at=world.at)
    code = f"2027.{uuid4().int % 100_000}"
    if state == "SCHEDULED":
        made = desk.scheduled(desk_, world.at, effective_at=world.at + timedelta(days=9), code=code)
    elif state == "TRIAL":
        made = desk.tried(desk_, world.at, code=code)
    else:
        made = compliance.draft_checklist(
            document=desk.document(code), actor=desk_.author, at=world.at
        )
    who = desk_.second_author if state == "TRIAL" and body else desk_.author
    return Ask(who, {"checklist_id": made.pk}, body)


def saving_checklist(world: World) -> Ask:
    ask = listed(world, "DRAFT")
    code = ChecklistVersion.objects.get(pk=ask.where["checklist_id"]).code
    return Ask(ask.owner, ask.where, {"document": desk.document(code)})


def scheduling(world: World) -> Ask:
    # Another time than any other list has: two cannot take force at once.
    when = world.at + timedelta(days=30)
    ask = listed(world, "TRIAL", {"effective_at": when.isoformat()})
    return Ask(world.market.desk.second_author, ask.where, ask.body)


def recalling(world: World) -> Ask:
    return Ask(world.market.desk.second_author, listed(world, "SCHEDULED").where)


def review(world: World, act: str) -> Ask:
    desk_ = world.market.desk
    made: Review = desk.queued(world.vendor, world.at)
    where = {"review_id": made.pk}
    if act in {"read", "propose"}:
        return Ask(desk_.maker, where, {"proposal": "approve", "note": ""})
    compliance.propose_review(
        review_id=made.pk, proposal="approve", note="", actor=desk_.maker, at=world.at
    )
    return Ask(desk_.senior, where, {"reason": "too little"} if act == "reject" else None)


def handing(world: World, act: str) -> Ask:
    """A case that nobody has, and a colleague who is there."""
    ask, desk_ = review(world, "read"), world.market.desk
    owner = desk_.senior if act == "reassign" else desk_.maker
    body = {"to": str(desk_.checker.membership_id), "reason": "on other work"}
    return Ask(owner, ask.where, body if act in {"delegate", "reassign"} else None)


def noting(world: World) -> Ask:
    ask = review(world, "read")
    return Ask(ask.owner, ask.where, {"audience": "venue", "text": "looked up by telephone"})


def noted(world: World) -> Ask:
    """A version whose reviewers wrote to its vendor."""
    ask = noting(world)
    made = compliance.note_review(
        review_id=ask.where["review_id"],
        audience="vendor",
        text="state the volume",
        actor=ask.owner,
        at=world.at,
    )
    return Ask(world.vendor, {"version_id": made.review.version_id})


def leaving(world: World) -> Ask:
    desk_, day = world.market.desk, selectors.today(world.at)
    body = {
        "first_day": day.isoformat(),
        "last_day": (day + timedelta(days=3)).isoformat(),
        "stand_in": str(desk_.checker.membership_id),
    }
    return Ask(desk_.maker, {}, body)


def absence(world: World) -> Ask:
    desk_ = world.market.desk
    made = desk.away(desk_.maker, desk_.checker, world.at)
    return Ask(desk_.maker, {"absence_id": made.pk})


def attesting(world: World) -> Ask:
    world.market  # noqa: B018
    body = {"item": "CON-01", "holds": True, "note": "no such means is installed"}
    return Ask(staff(world, "admin"), {}, body)


def clearance(world: World, suspended: bool = False) -> Ask:
    found = world.market.clearance
    if suspended:
        compliance.suspend_clearance(
            clearance_id=found.pk,
            ground="venue",
            reason="to look closer",
            actor=world.market.desk.senior,
            at=world.at,
        )
    return Ask(world.market.desk.senior, {"clearance_id": found.pk}, NO_BODY)
