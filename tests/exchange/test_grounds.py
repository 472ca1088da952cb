"""What a ground does, cell by cell: the table of the design against a market where it happens.

Four things stand on one version when its clearance falls: an order that waits for the vendor, a
delivery under way, data already fetched, and whoever orders next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import connection
from django.utils import timezone

from compliance import services as compliance
from compliance.grounds import BY_HAND, GROUNDS, Effects
from compliance.models import Clearance
from compliance.services.clearances import fall
from core.actors import SYSTEM
from core.ids import uuid7
from core.models import Work
from core.services import organisations
from core.services.work import drain
from delivery.models import Deletion, Grant
from delivery.services.grants import mark_handed_over
from exchange.models import Order, Trade
from exchange.reactions import REACTIONS
from listings import services as listings
from settlement.selectors import check_books
from tests import make
from tests.exchange import cast

pytestmark = pytest.mark.django_db
FALLING = [ground for ground in sorted(GROUNDS) if ground != "replaced"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on the version."""

    market: cast.Market
    waiting: Order
    under_way: Trade
    fetched: Trade


def standing(at: datetime) -> Standing:
    confirm = {**cast.STANDING, "code": "P2", "offer_mode": "confirm"}
    market = cast.market(at, plans=[cast.STANDING, confirm])
    plan = market.clearance.version.plans.get(code="P2")
    waiting = Order.objects.get(pk=cast.place(market, plan=str(plan.pk))["id"])
    under_way, fetched = cast.delivered(market), cast.delivered(market)
    mark_handed_over(
        Grant.objects.get(reference=fetched.pk), actor=SYSTEM, at=at, receipt_id=uuid7()
    )
    react()
    assert waiting.state == "AWAITING"
    return Standing(market, waiting, under_way, fetched)


def react() -> None:
    while drain(reactions=REACTIONS, limit=50, clock=timezone.now):
        connection.check_constraints()
    assert list(Work.objects.filter(state="DUE").values_list("reaction", "reason")) == []


def bring_about(stands: Standing, ground: str) -> None:
    clearance = stands.market.clearance
    if ground in BY_HAND:
        compliance.suspend_clearance(
            clearance_id=clearance.pk,
            ground=ground,
            reason="in somebody's own words",
            actor=stands.market.desk.senior,
            at=stands.market.at,
        )
    else:
        rows = Clearance.objects.filter(pk=clearance.pk)
        assert fall(rows, ground, actor=SYSTEM, at=stands.market.at) == [clearance.pk]


def asked(trade: Trade) -> list[tuple[str, str]]:
    rows = Deletion.objects.filter(grant__reference=trade.pk)
    return list(rows.values_list("kind", "ground"))


@pytest.mark.parametrize("ground", FALLING)
def test_ground_has_each_effect_of_its_row(at: datetime, ground: str) -> None:
    stands, effects = standing(at), GROUNDS[ground]

    bring_about(stands, ground)
    refused = cast.place(stands.market)
    react()

    assert refused["state"] == "REFUSED"
    stands.waiting.refresh_from_db()
    assert (stands.waiting.state, stands.waiting.refusal_code) == (
        ("REFUSED", ground) if effects.open_orders == "refuse" else ("AWAITING", "")
    )
    grants = {grant.reference: grant.state for grant in Grant.objects.all()}
    stopped = effects.deliveries == "stop"
    assert set(grants.values()) == {"WITHDRAWN" if stopped else "OPEN"}
    stands.under_way.refresh_from_db()
    assert stands.under_way.state == ("REFUNDED" if stopped else "DELIVERING")
    assert asked(stands.under_way) == []
    assert asked(stands.fetched) == (
        [] if effects.delivered == "stay" else [(effects.delivered, ground)]
    )
    assert check_books() == ()


def test_table_is_that_of_the_design() -> None:
    """The four rows of the design, by the grounds that belong to each."""
    prospective = Effects("end", "refuse", "go_on", "stay")
    rows = {
        "illegality": Effects("end", "refuse", "stop", "recall"),
        "official-order": Effects("end", "refuse", "stop", "recall"),
        "consent-withdrawn": Effects("end", "refuse", "stop", "delete"),
        "organisation-suspended": Effects("suspend", "wait", "go_on", "stay"),
        "declaration-expired": prospective,
        "declaration-withdrawn": prospective,
        "right-expired": prospective,
        "right-withdrawn": prospective,
        "delisted": prospective,
        "checklist-superseded": prospective,
    }

    assert {ground: GROUNDS[ground] for ground in rows} == rows


def test_newer_clearance_in_its_place_changes_nothing_else(at: datetime) -> None:
    stands = standing(at)

    bring_about(stands, "replaced")
    react()

    stands.waiting.refresh_from_db()
    assert stands.waiting.state == "AWAITING"
    assert {grant.state for grant in Grant.objects.all()} == {"OPEN"}
    assert not Deletion.objects.exists()


def withdraw_declaration(stands: Standing) -> None:
    market = stands.market
    compliance.withdraw_declaration(
        declaration_id=market.clearance.declaration_id,
        reason="wrong",
        actor=market.vendor,
        at=market.at,
    )


def delist(stands: Standing) -> None:
    market = stands.market
    listings.delist_version(
        version_id=market.version.pk, reason="done", actor=market.vendor, at=market.at
    )


def suspend_vendor(stands: Standing) -> None:
    market = stands.market
    organisations.decide_organisation(
        organisation_id=market.vendor.organisation_id,
        verb="suspend",
        reason="unpaid",
        actor=make.staff(market.at, "admin"),
        at=market.at,
    )


@pytest.mark.parametrize(
    ("cause", "ground"),
    [
        (withdraw_declaration, "declaration-withdrawn"),
        (delist, "delisted"),
        (suspend_vendor, "organisation-suspended"),
    ],
)
def test_cause_stops_new_orders_at_once_and_the_rest_within_one_sweep(
    at: datetime, cause: Callable[[Standing], None], ground: str
) -> None:
    stands, effects = standing(at), GROUNDS[ground]

    cause(stands)
    at_once = cast.place(stands.market)
    untouched = Order.objects.get(pk=stands.waiting.pk).state
    drained = drain(reactions=REACTIONS, limit=50, clock=timezone.now)
    react()

    assert (at_once["state"], untouched) == ("REFUSED", "AWAITING")
    assert drained
    assert Order.objects.get(pk=stands.waiting.pk).state == (
        "REFUSED" if effects.open_orders == "refuse" else "AWAITING"
    )
    assert Trade.objects.get(pk=stands.under_way.pk).state == "DELIVERING"
    assert {grant.state for grant in Grant.objects.all()} == {"OPEN"}
    assert asked(stands.fetched) == []
