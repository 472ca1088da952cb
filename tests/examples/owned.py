"""Requests about a thing that belongs to one organisation."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from compliance.grading import OBJECTS
from compliance.models import Decision
from core.actors import SYSTEM
from core.ids import uuid7
from core.models import Membership
from core.services.people import make_token
from delivery.services import ask_deletions, prove_deletion, report_outside_delivery
from delivery.services.grants import mark_handed_over
from exchange.models import Trade
from exchange.services import trades
from listings import services as listings
from settlement import services as settlement
from tests import make
from tests.compliance import cast as desk
from tests.examples.declaring import DECLARED
from tests.examples.persons import PERSONS
from tests.examples.rules import noted
from tests.examples.world import NO_BODY, Ask, World
from tests.exchange import cast
from tests.listings import cast as offers
from tests.listings.cast import Api

CONFIRM = [{**cast.STANDING, "offer_mode": "confirm"}]


def version(world: World) -> Ask:
    return Ask(world.vendor, {"version_id": world.draft.pk})


def of_trade(world: World) -> Ask:
    return Ask(world.buyer, {"trade_id": world.trade.pk})


def of_grant(world: World) -> Ask:
    return Ask(world.buyer, {"grant_id": world.grant.pk})


def of_order(world: World, plans: list[dict[str, Any]], side: str, body: Any = None) -> Ask:
    market, order = world.order(plans)
    return Ask(getattr(market, side), {"order_id": order.pk}, body)


def accepting(world: World) -> Ask:
    market, order = world.order([cast.NEGOTIATED])
    Api(market.vendor, world.at).post(f"orders/{order.pk}/quotes", {"amount_minor": 5_000})
    return Ask(market.buyer, {"order_id": order.pk}, {"number": 1})


def declaration(world: World) -> Ask:
    return Ask(world.vendor, {"declaration_id": world.market.clearance.declaration_id})


def signing(world: World) -> Ask:
    template = desk.asked_of(desk.template_at(world.at), world.draft.content)
    body = {
        "content_hash": world.draft.content_hash,
        "template": template.code,
        "statements": list(desk.codes(template)),
        "valid_until": (world.at + timedelta(days=90)).isoformat(),
    }
    return Ask(world.vendor, {"version_id": world.draft.pk}, body)


def evidence(world: World) -> Ask:
    file = offers.file_of(world.vendor, world.at)
    made = desk.given(world.draft, world.vendor, world.at, "risk_assessment", file_id=file.pk)
    return Ask(world.vendor, {"evidence_id": made.pk})


def refused_order(world: World) -> Ask:
    """The decision about an order that the gate refused."""
    order = cast.place(world.market, purpose="marketing")["id"]
    made = Decision.objects.get(kind="order", reference=order)
    return Ask(world.buyer, {"decision_id": made.pk})


def blocked(world: World) -> Ask:
    special = {**desk.content()["special"], "state_secret": True}
    made = desk.screened(world.vendor, world.at, special=special)
    return Ask(world.vendor, {"version_id": made.pk})


def saving(world: World) -> Ask:
    body = {"content": world.draft.content, "plans": [cast.STANDING]}
    return Ask(world.vendor, {"version_id": world.draft.pk}, body)


def releasing(world: World) -> Ask:
    file = offers.file_of(world.vendor, world.at, b"level\n9.9\n")
    body = {"kind": "sample", "file_id": str(file.pk)}
    return Ask(world.vendor, {"version_id": world.draft.pk}, body)


def removing(world: World) -> Ask:
    file = offers.file_of(world.vendor, world.at, b"level\n8.8\n")
    made = listings.publish_release(
        version_id=world.draft.pk,
        kind="data",
        file_id=file.pk,
        note="",
        actor=world.vendor,
        at=world.at,
    )
    return Ask(world.vendor, {"release_id": made.pk})


def of_vendor(world: World) -> Ask:
    return Ask(world.vendor, {"organisation_id": world.vendor.organisation_id})


def grading(world: World) -> Ask:
    harms = dict.fromkeys(OBJECTS, "none")
    body = {"harms": harms, "reasoning": "readings of gauges harm nobody"}
    return Ask(world.vendor, {"version_id": world.draft.pk}, body)


def right(world: World) -> Ask:
    return Ask(world.vendor, {"rights_record_id": desk.rights(world.vendor, world.at)[0]})


def sponsorship(world: World, side: str = "vendor") -> Ask:
    supplier = make.member(
        make.organisation(at=world.at, capacities=("supplier",)), "owner", "signatory", at=world.at
    )
    made = listings.propose_sponsorship(
        supplier_id=supplier.organisation_id,
        mandate_id=offers.file_of(world.vendor, world.at).pk,
        valid_until=world.at + timedelta(days=30),
        actor=world.vendor,
        at=world.at,
    )
    return Ask(supplier if side == "supplier" else world.vendor, {"sponsorship_id": made.pk})


def linking(world: World) -> Ask:
    file = offers.file_of(world.vendor, world.at, b"level\n1.1\n")
    made = listings.publish_release(
        version_id=world.market.version.pk,
        kind="data",
        file_id=file.pk,
        note="",
        actor=world.vendor,
        at=world.at,
    )
    return Ask(world.buyer, {"grant_id": world.grant.pk}, {"release": str(made.pk)})


def outside(world: World) -> Ask:
    made = report_outside_delivery(
        grant_id=world.grant.pk,
        means="a disk by courier",
        delivered_at=world.at,
        sha256="",
        size_bytes=None,
        actor=world.vendor,
        at=world.at,
    )
    return Ask(world.buyer, {"delivery_id": made.pk}, {"reason": "it never came"})


def settled(world: World) -> Ask:
    if Trade.objects.get(pk=world.trade.pk).state == "DELIVERING":
        trades.accept_trade(trade_id=world.trade.pk, actor=world.buyer, at=world.at)
    trades.request_settlements(trade_ids=[world.trade.pk], at=world.at)
    settlement.settle_due(limit=10, actor=SYSTEM, at=world.at)
    return Ask(world.vendor, {"reference": world.trade.pk})


def token(world: World) -> Ask:
    made = make_token(label="x", scopes=["belong"], days=1, actor=world.buyer, at=world.at)
    return Ask(world.buyer, {"token_id": made.row.pk})


def membership(world: World) -> Ask:
    organisation = Membership.objects.get(pk=world.buyer.membership_id).organisation
    other = make.member(organisation, "viewer", at=world.at)
    return Ask(world.buyer, {"membership_id": other.membership_id})


def deletion(world: World) -> Ask:
    """Ask the buyer of the world's trade to delete what it fetched."""
    mark_handed_over(world.grant, actor=SYSTEM, at=world.at, receipt_id=uuid7())
    [asked] = ask_deletions(
        references=[world.grant.reference],
        kind="delete",
        ground="consent-withdrawn",
        actor=SYSTEM,
        at=world.at,
    )
    body = {"statement": "The copy was wiped."}
    return Ask(world.buyer, {"deletion_id": asked}, body)


def proved_deletion(world: World) -> Ask:
    ask = deletion(world)
    prove_deletion(
        deletion_id=ask.where["deletion_id"],
        statement="The copy was wiped.",
        file_id=None,
        actor=world.buyer,
        at=world.at,
    )
    return ask


OWNED: dict[str, Callable[[World], Ask]] = {
    "read_declaration_template": version,
    "sign_declaration": signing,
    "read_declaration": declaration,
    "withdraw_declaration": lambda w: Ask(w.vendor, declaration(w).where, NO_BODY),
    **DECLARED,
    "list_evidence": version,
    "give_evidence": lambda w: Ask(
        w.vendor, version(w).where, {"key": "risk_assessment", "note": "see the report"}
    ),
    "withdraw_evidence": lambda w: Ask(w.vendor, evidence(w).where, NO_BODY),
    "download_evidence": evidence,
    "read_findings": version,
    "read_organisation": lambda w: Ask(w.buyer, {"organisation_id": w.buyer.organisation_id}),
    "end_membership": membership,
    "revoke_token": token,
    "read_grant": of_grant,
    "make_link": linking,
    "read_meter": of_grant,
    "list_receipts": of_grant,
    "list_outside_deliveries": of_grant,
    "report_outside_delivery": lambda w: Ask(
        w.vendor,
        of_grant(w).where,
        {"means": "a disk by courier", "delivered_at": w.at.isoformat()},
    ),
    "confirm_outside_delivery": lambda w: Ask(w.buyer, outside(w).where),
    "deny_outside_delivery": outside,
    "read_deletion": deletion,
    "prove_deletion": deletion,
    "read_order": lambda w: of_order(w, CONFIRM, "vendor"),
    "list_order_events": lambda w: of_order(w, CONFIRM, "buyer"),
    "confirm_order": lambda w: of_order(w, CONFIRM, "vendor", {}),
    "decline_order": lambda w: of_order(w, CONFIRM, "vendor", NO_BODY),
    "cancel_order": lambda w: of_order(w, CONFIRM, "buyer", NO_BODY),
    "quote_price": lambda w: of_order(w, [cast.NEGOTIATED], "vendor", {"amount_minor": 7}),
    "accept_quote": accepting,
    "read_trade": of_trade,
    "list_trade_events": of_trade,
    "read_contract": of_trade,
    "prove_contract": of_trade,
    "accept_trade": lambda w: Ask(w.buyer, of_trade(w).where, {}),
    "dispute_trade": lambda w: Ask(w.buyer, of_trade(w).where, {"ground": "empty rows"}),
    "read_product": lambda w: Ask(w.vendor, {"product_id": w.draft.product_id}),
    "list_versions": lambda w: Ask(w.vendor, {"product_id": w.draft.product_id}),
    "draft_version": lambda w: Ask(w.vendor, {"product_id": w.market.version.product_id}),
    "read_version": version,
    "list_version_notes": noted,
    "read_decision": refused_order,
    "save_draft": saving,
    "submit_version": version,
    "revise_version": blocked,
    "abandon_version": version,
    "delist_version": lambda w: Ask(w.vendor, {"version_id": w.market.version.pk}, NO_BODY),
    "publish_release": releasing,
    "remove_release": removing,
    "read_release_file": lambda w: Ask(w.vendor, {"release_id": w.draft.releases.latest("id").pk}),
    "read_right": right,
    "withdraw_right": right,
    "read_sponsorship": sponsorship,
    "read_mandate": lambda w: sponsorship(w, "supplier"),
    "accept_sponsorship": lambda w: sponsorship(w, "supplier"),
    "decline_sponsorship": lambda w: sponsorship(w, "supplier"),
    "withdraw_sponsorship": sponsorship,
    "read_split": settled,
    **PERSONS,
    "list_gradings": version,
    "grade_version": grading,
    "read_export_year": of_vendor,
    "list_register_entries": of_vendor,
}
