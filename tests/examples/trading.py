"""Requests about orders, demands, trades and deliveries."""

from datetime import timedelta
from typing import Any

from core.actors import NOBODY
from delivery.models import Receipt
from exchange.models import Contract, DemandQuote
from exchange.services import demands, trades
from listings import services as listings
from tests import make
from tests.examples.owned import of_grant, outside, proved_deletion
from tests.examples.world import NO_BODY, Ask, World, staff
from tests.exchange import cast
from tests.listings import cast as offers
from tests.listings.cast import Api


def withdrawing_grant(world: World) -> Ask:
    return Ask(staff(world, "reviewer"), of_grant(world).where, NO_BODY)


def receipt(world: World) -> Ask:
    ask = outside(world)
    Api(world.buyer, world.at).post(f"outside-deliveries/{ask.where['delivery_id']}/confirm", {})
    made = Receipt.objects.filter(grant=world.grant).latest("at")
    return Ask(world.buyer, {"receipt_id": made.pk})


def accepting_deletion(world: World) -> Ask:
    return Ask(staff(world, "reviewer"), proved_deletion(world).where)


def returning_deletion(world: World) -> Ask:
    return Ask(staff(world, "reviewer"), proved_deletion(world).where, NO_BODY)


def ordering(world: World) -> Ask:
    return Ask(world.buyer, {}, cast.form(world.market))


def demand(world: World) -> Any:
    return demands.publish_demand(
        **A_DEMAND,
        actor=world.buyer,
        at=world.at,
    )


A_DEMAND: dict[str, Any] = {
    "title": "River levels",
    "words": "水位 levels",
    "industry": "N76",
    "form": "dataset",
    "purpose": "research",
    "territory": "CN-31",
    "price_limit_minor": 200_000,
    "currency": "CNY",
}


def answering(world: World) -> Ask:
    body = {"plan": str(world.market.plan.pk), "amount_minor": 120_000, "note": "as listed"}
    return Ask(world.vendor, {"demand_id": demand(world).pk}, body)


def picking(world: World) -> Ask:
    asked = answering(world)
    Api(world.vendor, world.at).post(f"demands/{asked.where['demand_id']}/quotes", asked.body)
    quote = DemandQuote.objects.get(demand=asked.where["demand_id"])
    return Ask(world.buyer, {"quote_id": quote.pk}, {"term_days": 30, "volume": 1})


def contract(world: World) -> Ask:
    return Ask(NOBODY, {"sha256": Contract.objects.get(trade=world.trade).sha256})


def disputed(world: World) -> Ask:
    trades.dispute_trade(
        trade_id=world.trade.pk, ground="empty rows", actor=world.buyer, at=world.at
    )
    body = {"refund_minor": 10_000, "reason": "a part is empty"}
    return Ask(staff(world, "officer"), {"trade_id": world.trade.pk}, body)


def refunding(world: World) -> Ask:
    return Ask(staff(world, "officer"), {"trade_id": world.trade.pk}, NO_BODY)


def recording_right(world: World) -> Ask:
    file = offers.file_of(world.vendor, world.at)
    owner = str(world.vendor.organisation_id)
    body = {
        "supplier_id": owner,
        "holder_id": owner,
        "kind": "hold",
        "proof_id": str(file.pk),
        "valid_from": (world.at - timedelta(days=1)).isoformat(),
        "valid_until": (world.at + timedelta(days=90)).isoformat(),
    }
    return Ask(world.vendor, {}, body)


def proposing_sponsorship(world: World) -> Ask:
    supplier = make.organisation(at=world.at, capacities=("supplier",))
    body = {
        "supplier_id": str(supplier.pk),
        "mandate_id": str(offers.file_of(world.vendor, world.at).pk),
        "valid_until": (world.at + timedelta(days=90)).isoformat(),
    }
    return Ask(world.vendor, {}, body)


def shown(world: World) -> Ask:
    listings.publish_entry(
        version_id=world.market.version.pk, live_until=world.at + timedelta(days=90), at=world.at
    )
    return Ask(NOBODY, {"product_id": world.market.version.product_id})
