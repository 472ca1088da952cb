"""An example of a request for every declared endpoint, each about things made for it.

`OWNED` are those whose thing belongs to one organisation, `OTHERS` all the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import uuid4

from compliance import services as compliance
from compliance.models import ChecklistVersion, Review
from compliance.states import CHECKLIST
from core import selectors as core
from core.actors import NOBODY, SYSTEM, Member
from core.models import Capacity, Event, Membership
from core.services import audit
from core.services.people import invite_member, make_token
from core.states import CAPACITY, ORGANISATION
from delivery.models import Grant, Receipt
from delivery.services import report_outside_delivery
from exchange.models import Contract, DemandQuote, Order, Trade
from exchange.services import demands, trades
from listings import services as listings
from settlement import services as settlement
from settlement.bank import DEPOSIT, PAYMENT
from settlement.models import BankEntry, Hold, SettlementRequest
from settlement.states import HOLD
from tests import make
from tests.compliance import cast as desk
from tests.exchange import cast
from tests.listings import cast as offers
from tests.listings.cast import Api
from tests.settlement import cast as bank

CONFIRM = [{**cast.STANDING, "offer_mode": "confirm"}]


@dataclass
class Ask:
    """One request: who owns what it asks for, where, with which body and query."""

    owner: Member
    where: dict[str, Any]
    body: Any = None
    query: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    """The things that requests are about, made when they are asked for."""

    at: datetime
    kept: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def market(self) -> cast.Market:
        return cast.market(self.at)

    @cached_property
    def vendor(self) -> Member:
        return self.market.vendor

    @cached_property
    def buyer(self) -> Member:
        return self.market.buyer

    @cached_property
    def draft(self) -> Any:
        return desk.draft(self.vendor, self.at)

    @cached_property
    def trade(self) -> Trade:
        return cast.delivered(self.market)

    @cached_property
    def grant(self) -> Grant:
        return Grant.objects.get(reference=self.trade.pk)

    def order(self, plans: list[dict[str, Any]]) -> tuple[cast.Market, Order]:
        market = cast.market(self.at, plans=plans)
        return market, Order.objects.get(pk=cast.place(market)["id"])


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


NO_BODY = {"reason": "because"}
OWNED: dict[str, Callable[[World], Ask]] = {
    "read_declaration_template": version,
    "sign_declaration": signing,
    "read_declaration": declaration,
    "withdraw_declaration": lambda w: Ask(w.vendor, declaration(w).where, NO_BODY),
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
    "accept_trade": lambda w: Ask(w.buyer, of_trade(w).where, {}),
    "dispute_trade": lambda w: Ask(w.buyer, of_trade(w).where, {"ground": "empty rows"}),
    "read_product": lambda w: Ask(w.vendor, {"product_id": w.draft.product_id}),
    "list_versions": lambda w: Ask(w.vendor, {"product_id": w.draft.product_id}),
    "draft_version": lambda w: Ask(w.vendor, {"product_id": w.market.version.product_id}),
    "read_version": version,
    "save_draft": saving,
    "submit_version": version,
    "revise_version": blocked,
    "abandon_version": version,
    "delist_version": lambda w: Ask(w.vendor, {"version_id": w.market.version.pk}, NO_BODY),
    "publish_release": releasing,
    "read_release_file": lambda w: Ask(w.vendor, {"release_id": w.draft.releases.latest("id").pk}),
    "read_right": right,
    "withdraw_right": right,
    "read_sponsorship": sponsorship,
    "accept_sponsorship": lambda w: sponsorship(w, "supplier"),
    "decline_sponsorship": lambda w: sponsorship(w, "supplier"),
    "withdraw_sponsorship": sponsorship,
    "read_split": settled,
}


def staff(world: World, *roles: str) -> Member:
    return make.staff(world.at, *roles)


def anybody(_world: World) -> Ask:
    return Ask(NOBODY, {})


def asked_by(side: str) -> Callable[[World], Ask]:
    """A request about nothing in particular, by the buyer or the vendor of a market."""
    return lambda world: Ask(getattr(world, side), {})


def asked_by_staff(role: str, body: Any = None) -> Callable[[World], Ask]:
    def ask(world: World) -> Ask:
        world.market  # noqa: B018 (made so that there is something to read)
        return Ask(staff(world, role), {}, body)

    return ask


def with_query(ask: Callable[[World], Ask], query: Callable[[World], dict[str, Any]]) -> Any:
    def made(world: World) -> Ask:
        asked = ask(world)
        asked.query = query(world)
        return asked

    return made


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


def audited(world: World) -> World:
    world.market  # noqa: B018
    audit.sequence_events(limit=10_000, at=world.at)
    return world


def proof(world: World) -> Ask:
    audited(world)
    return Ask(world.buyer, {"event_id": Event.objects.earliest("id").pk})


def withdrawing_grant(world: World) -> Ask:
    return Ask(staff(world, "reviewer"), of_grant(world).where, NO_BODY)


def receipt(world: World) -> Ask:
    ask = outside(world)
    Api(world.buyer, world.at).post(f"outside-deliveries/{ask.where['delivery_id']}/confirm", {})
    made = Receipt.objects.filter(grant=world.grant).latest("at")
    return Ask(world.buyer, {"receipt_id": made.pk})


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


def payable(world: World) -> World:
    """Owe somebody money: a batch takes all that is owed, so each needs a trade of its own."""
    settled(World(world.at))
    return world


def batch(world: World, *, confirming: bool) -> Ask:
    payable(world)
    made = settlement.prepare_payouts(
        currency="CNY", minimum_minor=1, actor=staff(world, "officer"), at=world.at
    )
    second = staff(world, "officer")
    return Ask(second, {"batch_id": made.pk}, None if confirming else NO_BODY)


def stray_deposit(world: World) -> Any:
    entry = bank.line(world.at, DEPOSIT, "", f"B-{uuid4().hex[:8]}", 700)
    return settlement.record_deposit(entry=entry, actor=SYSTEM, at=world.at)


def stray_payment(world: World) -> Any:
    """A debit at the bank that nobody ordered."""
    world.market  # noqa: B018 (the market pays in, so that there is money to take)
    entry = bank.line(world.at, PAYMENT, "", f"B-{uuid4().hex[:8]}", 3)
    settlement.record_entries(entries=[entry], actor=SYSTEM, at=world.at)
    return BankEntry.objects.get(entry_id=entry.entry_id)


def explaining(world: World) -> Ask:
    body = {"kind": "loss", "reason": "the bank took a charge"}
    return Ask(staff(world, "officer"), {"entry_id": stray_payment(world).pk}, body)


def explained(world: World, body: Any = None) -> Ask:
    ask = explaining(world)
    settled(World(world.at))
    made = settlement.explain_payment(
        entry_id=ask.where["entry_id"],
        kind="loss",
        payout_id=None,
        deposit_id=None,
        reason="the bank took a charge",
        actor=ask.owner,
        at=world.at,
    )
    return Ask(staff(world, "officer"), {"explanation_id": made.pk}, body)


def assigning(world: World) -> Ask:
    body = {"organisation": str(world.buyer.organisation_id)}
    return Ask(staff(world, "officer"), {"entry_id": stray_deposit(world).pk}, body)


def reversing(world: World) -> Ask:
    ask = assigning(world)
    settlement.assign_deposit(
        entry_id=ask.where["entry_id"],
        organisation_id=world.buyer.organisation_id,
        actor=ask.owner,
        at=world.at,
    )
    return Ask(staff(world, "officer"), ask.where, NO_BODY)


def failed_settlement(world: World) -> Ask:
    """A settlement whose hold was closed after it was requested: it waits for an officer."""
    world.market  # noqa: B018 (the market sets the fees)
    made = bank.parties(world.at)
    (reference,) = bank.requested(made, 1)
    hold = Hold.objects.get(reference=reference)
    HOLD.move(hold, "void", actor=SYSTEM, at=world.at, voided_minor=hold.amount_minor)
    settlement.settle_due(limit=1_000, actor=SYSTEM, at=world.at)
    found = SettlementRequest.objects.get(reference=reference)
    return Ask(staff(world, "officer"), {"request_id": found.pk}, NO_BODY)


def fees(world: World) -> Ask:
    world.market  # noqa: B018
    body = {
        "currency": "CNY",
        "effective_from": (world.at + timedelta(days=1)).isoformat(),
        "lines": [{"side": "vendor", "base": "price", "rate_bp": 250}],
    }
    return Ask(staff(world, "admin"), {}, body)


OTHERS: dict[str, Callable[[World], Ask]] = {
    "read_checklist_in_force": in_force_list,
    "list_checklists": lambda w: Ask(author(w), {}),
    "read_checklist": lambda w: listed(w, "DRAFT"),
    "draft_checklist": lambda w: Ask(
        author(w), {}, {"document": desk.document(f"2027.{uuid4().int % 100_000}")}
    ),
    "save_checklist": saving_checklist,
    "try_checklist": lambda w: listed(w, "DRAFT"),
    "revise_checklist": lambda w: listed(w, "TRIAL"),
    "schedule_checklist": scheduling,
    "recall_checklist": recalling,
    "list_trials": lambda w: listed(w, "TRIAL"),
    "list_declarations": asked_by("vendor"),
    "breach_declaration": lambda w: Ask(w.market.desk.senior, declaration(w).where, NO_BODY),
    "verify_declaration": lambda w: Ask(NOBODY, declaration(w).where),
    "read_facts_schema": anybody,
    "list_reviews": asked_by_staff("reviewer"),
    "read_review": lambda w: review(w, "read"),
    "propose_review": lambda w: review(w, "propose"),
    "confirm_review": lambda w: review(w, "confirm"),
    "reject_review": lambda w: review(w, "reject"),
    "read_clearance": lambda w: Ask(w.buyer, {"version_id": w.market.version.pk}),
    "list_clearances": asked_by_staff("reviewer"),
    "suspend_clearance": clearance,
    "resume_clearance": lambda w: clearance(w, suspended=True),
    "read_me": asked_by("buyer"),
    "apply_for_organisation": newcomer,
    "list_organisations": asked_by_staff("admin"),
    **{
        f"{verb}_organisation": lambda w, verb=verb: decided(w, verb)  # type: ignore[misc]
        for verb in ("verify", "refuse", "suspend", "reinstate", "close")
    },
    **{
        f"{verb}_capacity": lambda w, verb=verb: capacity(w, verb)  # type: ignore[misc]
        for verb in ("admit", "refuse", "suspend", "reinstate", "withdraw")
    },
    "apply_for_capacity": asking_capacity,
    "invite_member": inviting,
    "accept_invitation": invited,
    "list_tokens": asked_by("buyer"),
    "make_token": a_token,
    "read_audit_head": lambda w: Ask(audited(w).buyer, {}),
    "read_event_proof": proof,
    "read_consistency": with_query(
        lambda w: Ask(audited(w).buyer, {}),
        lambda _w: {"first": 1, "second": core.audit_head()["size"]},
    ),
    "list_grants": asked_by("buyer"),
    "withdraw_grant": withdrawing_grant,
    "read_receipt": receipt,
    "place_order": ordering,
    "place_batch": lambda w: Ask(w.buyer, {}, {"orders": [cast.form(w.market)]}),
    "check_order": ordering,
    "list_orders": with_query(asked_by("buyer"), lambda _w: {"side": "buyer"}),
    "list_demands": asked_by("buyer"),
    "publish_demand": lambda w: Ask(w.buyer, {}, A_DEMAND),
    "read_demand": lambda w: Ask(w.buyer, {"demand_id": demand(w).pk}),
    "close_demand": lambda w: Ask(w.buyer, {"demand_id": demand(w).pk}),
    "answer_demand": answering,
    "pick_quote": picking,
    "list_trades": with_query(asked_by("buyer"), lambda _w: {"side": "buyer"}),
    "verify_contract": contract,
    "decide_dispute": disputed,
    "refund_trade": refunding,
    "read_content_schema": anybody,
    "upload_file": lambda w: Ask(w.vendor, {}, b"level\n1.2\n"),
    "list_products": asked_by("vendor"),
    "create_product": lambda w: Ask(w.vendor, {}, {}),
    "search_catalogue": anybody,
    "count_catalogue": anybody,
    "read_offer": shown,
    "read_sample": lambda w: Ask(w.buyer, shown(w).where),
    "list_rights": asked_by("vendor"),
    "record_right": recording_right,
    "list_sponsorships": asked_by("vendor"),
    "propose_sponsorship": proposing_sponsorship,
    "list_balances": asked_by("buyer"),
    "list_postings": asked_by("buyer"),
    "read_statement": with_query(
        asked_by("buyer"),
        lambda w: {
            "since": (w.at - timedelta(days=1)).isoformat(),
            "until": (w.at + timedelta(days=1)).isoformat(),
        },
    ),
    "read_trial_balance": asked_by_staff("officer"),
    "read_custody": asked_by_staff("officer"),
    "list_payouts": asked_by("vendor"),
    "list_payout_batches": asked_by_staff("officer"),
    "prepare_payouts": lambda w: Ask(staff(payable(w), "officer"), {}, {"currency": "CNY"}),
    "read_payout_batch": lambda w: batch(w, confirming=True),
    "confirm_payouts": lambda w: batch(w, confirming=True),
    "discard_payouts": lambda w: batch(w, confirming=False),
    "list_bank_entries": asked_by_staff("officer"),
    "assign_deposit": assigning,
    "reverse_deposit": reversing,
    "explain_payment": explaining,
    "list_bank_explanations": asked_by_staff("officer"),
    "confirm_explanation": explained,
    "decline_explanation": lambda w: explained(w, NO_BODY),
    "list_fee_schedules": asked_by_staff("officer"),
    "set_fee_schedule": fees,
    "retry_settlement": failed_settlement,
    "list_settlements": asked_by_staff("officer"),
}
EXAMPLES = OWNED | OTHERS
