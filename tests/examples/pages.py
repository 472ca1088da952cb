"""Pages that take a form or a query: for each route who posts it, where, and what it says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from core.actors import NOBODY, Member
from exchange.models import DemandQuote
from tests.examples.declaring import (
    breach,
    deciding,
    lawyer,
    of_breach,
    of_key,
    of_report,
    opening_breach,
    report,
)
from tests.examples.owned import (
    CONFIRM,
    accepting,
    blocked,
    declaration,
    deletion,
    grading,
    linking,
    membership,
    of_order,
    of_trade,
    sponsorship,
    token,
)
from tests.examples.people import capacity, decided, invited, newcomer
from tests.examples.persons import CLAIM_FIELDS, assessment_fields, basis_fields, consented
from tests.examples.rules import (
    absence,
    attesting,
    handing,
    leaving,
    listed,
    noting,
    removing_item,
    review,
    scheduling,
    trial,
)
from tests.examples.trading import (
    accepting_deletion,
    demand,
    disputed,
    picking,
    returning_deletion,
)
from tests.examples.world import Ask, World, staff
from tests.exchange import cast


@dataclass
class Posted:
    """One posted form: by whom, with what in its address, and its fields."""

    owner: Member
    where: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)


Example = Callable[[World], Posted]
TERMS = {"purpose": "research", "territory": "CN-SH", "term_days": "30", "volume": "1"}
DEMAND = {
    "title": "River levels",
    "words": "水位 levels",
    "industry": "N76",
    "form": "dataset",
    "purpose": "research",
    "territory": "CN-SH",
    "price_limit": "2,000.00",
}


def _of(ask: Callable[[World], Ask], **fields: Any) -> Example:
    def made(world: World) -> Posted:
        asked = ask(world)
        return Posted(asked.owner, asked.where, fields)

    return made


def _ordering(world: World) -> Posted:
    return Posted(world.buyer, {"plan_id": world.market.plan.pk}, {**TERMS, "label": "ours"})


def _answering(world: World) -> Posted:
    plan = str(world.market.plan.pk)
    said = {"plan": plan, "price": "1,200.00", "price_reason": "", "note": "as listed"}
    return Posted(world.vendor, {"demand_id": demand(world).pk}, said)


def _picking(world: World) -> Posted:
    asked = picking(world)
    quoted = asked.where["quote_id"]
    where = {"demand_id": _demand_of(quoted), "quote_id": quoted}
    return Posted(asked.owner, where, {"term_days": "30", "volume": "1"})


def _demand_of(quote_id: Any) -> Any:
    return DemandQuote.objects.get(pk=quote_id).demand_id


def _downloading(world: World) -> Posted:
    asked = linking(world)
    where = {"trade_id": world.trade.pk, "release_id": asked.body["release"]}
    return Posted(asked.owner, where)


def _grading(world: World) -> Posted:
    asked = grading(world)
    said = {**asked.body["harms"], "determined_by": "self", "reasoning": "it harms nobody"}
    return Posted(asked.owner, asked.where, said)


def _registering(world: World) -> Posted:
    said = {"kind": "zone", "answer": "in", "zone": "CN-SH", "valid_from": "2026-01-01"}
    where = {"organisation_id": world.vendor.organisation_id}
    return Posted(staff(world, "admin"), where, {**said, "valid_until": "", "basis": "a notice"})


def _negotiated(world: World) -> Ask:
    return of_order(world, [cast.NEGOTIATED], "vendor")


def _confirming(side: str) -> Callable[[World], Ask]:
    return lambda world: of_order(world, CONFIRM, side)


def _refunding(world: World) -> Ask:
    return Ask(staff(world, "officer"), {"trade_id": world.trade.pk})


def _invited(world: World) -> Posted:
    asked = invited(world)
    return Posted(asked.owner, {"key": asked.body["key"]})


def _version(world: World) -> Ask:
    return Ask(world.vendor, {"version_id": world.draft.pk})


def _listed(world: World) -> Ask:
    return Ask(world.vendor, {"version_id": world.market.version.pk})


def _buyer(**fields: Any) -> Example:
    return lambda world: Posted(world.buyer, {}, fields)


def _sponsored(side: str) -> Callable[[World], Ask]:
    return lambda world: sponsorship(world, side)


def _tomorrow(world: World) -> str:
    return (world.at.astimezone(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=1)).isoformat()


def _organisation(verb: str) -> Callable[[World], Ask]:
    return lambda world: decided(world, verb)


def _capacity(verb: str) -> Callable[[World], Ask]:
    return lambda world: capacity(world, verb)


def _of_deletion(ask: Callable[[World], Ask], **fields: Any) -> Example:
    def made(world: World) -> Posted:
        asked = ask(world)
        return Posted(asked.owner, {"trade_id": world.trade.pk, **asked.where}, fields)

    return made


def _handing(verb: str) -> Example:
    def made(world: World) -> Posted:
        asked = handing(world, verb)
        return Posted(asked.owner, asked.where, asked.body)

    return made


def _attesting(world: World) -> Posted:
    asked = attesting(world)
    return Posted(asked.owner, {}, {**asked.body, "holds": "yes"})


def _leaving(world: World) -> Posted:
    asked = leaving(world)
    return Posted(asked.owner, {}, asked.body)


def _scheduling(world: World) -> Posted:
    asked = scheduling(world)
    when = timezone.localtime(world.at + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
    return Posted(asked.owner, asked.where, {"effective_at": when})


def _removing(world: World) -> Posted:
    asked = removing_item(world)
    return Posted(asked.owner, asked.where, dict(asked.body))


APPLICATION = {
    "name_zh": "",
    "name_en": "A newcomer",
    "country": "SG",
    "registry_number": "X-201912345K",
    "kind": "enterprise",
}
INVITATION = {"email": "guest@example.com", "roles": ["viewer"], "signing_limit": "5,000"}
DECIDED, DELETION = "applications/<uuid:organisation_id>", "deletions/<uuid:deletion_id>"
ORDER, TRADE, DEMANDS = "orders/<uuid:order_id>", "trades/<uuid:trade_id>", "demands"
DECLARATION, REPORT = "declarations/<uuid:declaration_id>", "reports/<uuid:report_id>"
KEY, BREACH = "keys/<uuid:key_id>", "breaches/<uuid:breach_id>"
LIST = "checklists/<uuid:checklist_id>"
VERSION, REVIEW = "versions/<uuid:version_id>", "reviews/<uuid:review_id>"
RECORD = "personal-records/<uuid:record_id>"

# What is posted to a route with the fields that its page has; each is accepted as it stands.
POSTED: dict[str, Example] = {
    "verify": lambda _w: Posted(NOBODY, {}, {"code": "ab" * 32}),
    f"{VERSION}/submit": _of(_version),
    f"{VERSION}/revise": _of(blocked),
    f"{VERSION}/delist": _of(_listed, reason="sold elsewhere"),
    f"{VERSION}/sign": _of(_version),
    f"{VERSION}/declare": _of(_version),
    f"{VERSION}/declare/document": _of(_version),
    f"{VERSION}/declare/signature": _of(_version, signature="AAAA"),
    f"{DECLARATION}/withdraw": _of(declaration, reason="an error"),
    f"{DECLARATION}/breaches": _of(opening_breach, reason="not theirs"),
    "reports/hand-in": _of(lambda w: Ask(lawyer(w), {}), product="DP-1", title="An opinion"),
    f"{REPORT}/declare": _of(of_report),
    f"{REPORT}/declare/document": _of(of_report),
    f"{REPORT}/declare/signature": _of(of_report, signature="AAAA"),
    "keys/propose": _of(lambda w: Ask(w.vendor, {}), jwk="{", certificate="", proof="x"),
    f"{KEY}/check": _of(lambda w: of_key(w, staff(w, "admin")), reason="seen"),
    f"{KEY}/confirm": _of(lambda w: of_key(w, staff(w, "admin"), "CHECKED")),
    f"{KEY}/refuse": _of(lambda w: of_key(w, staff(w, "admin")), reason="whose is it"),
    f"{KEY}/revoke": _of(of_key, reason="lost"),
    f"{BREACH}/answer": _of(of_breach, answer=""),
    **{f"{BREACH}/{verb}": _of(deciding, decision="so") for verb in ("confirm", "dismiss")},
    **{
        f"{REVIEW}/{verb}": _of(lambda w: review(w, "propose"), note="as it says")
        for verb in ("approve", "refuse", "return")
    },
    f"{REVIEW}/confirm": _of(lambda w: review(w, "confirm"), note=""),
    f"{REVIEW}/reject": _of(lambda w: review(w, "reject"), note="too little"),
    f"{REVIEW}/take": _of(lambda w: handing(w, "take")),
    f"{REVIEW}/delegate": _handing("delegate"),
    f"{REVIEW}/reassign": _handing("reassign"),
    f"{REVIEW}/notes": _of(noting, audience="venue", text="looked up by telephone"),
    "attestations/attest": _attesting,
    "absences/note": _leaving,
    "absences/<uuid:absence_id>/cancel": _of(absence),
    f"{LIST}/revise": _of(lambda w: listed(w, "TRIAL")),
    f"{LIST}/recall": _of(lambda w: listed(w, "SCHEDULED")),
    f"{LIST}/schedule": _scheduling,
    f"{LIST}/copy": _of(lambda w: listed(w, "DRAFT"), code="2028.1"),
    f"{LIST}/evidence": _of(
        lambda w: listed(w, "DRAFT"), evidence_key="site_visit", en="a visit", zh="核查", by="venue"
    ),
    f"{LIST}/items/<str:item_code>/remove": _removing,
    f"{LIST}/trials/begin": _of(lambda w: listed(w, "TRIAL")),
    f"{LIST}/trials/<uuid:trial_id>/interrupt": _of(lambda w: trial(w, "RUNNING")),
    f"{LIST}/trials/<uuid:trial_id>/resume": _of(lambda w: trial(w, "INTERRUPTED")),
    "order/<uuid:plan_id>": _ordering,
    "order/<uuid:plan_id>/check": _ordering,
    f"{ORDER}/quote": _of(_negotiated, price="1,200.00", note="with support"),
    f"{ORDER}/confirm": _of(_confirming("vendor")),
    f"{ORDER}/decline": _of(_confirming("vendor"), reason="no stock"),
    f"{ORDER}/cancel": _of(_confirming("buyer"), reason="not needed"),
    f"{ORDER}/accept": _of(accepting, number="1"),
    f"{TRADE}/download/<uuid:release_id>": _downloading,
    "exports/<uuid:organisation_id>/register": _registering,
    "versions/<uuid:version_id>/grade": _grading,
    f"{TRADE}/decide": _of(disputed, refund="300.00", reason="a part is empty"),
    f"{DECIDED}/code": _of(_organisation("verify"), code="abc"),
    **{
        f"{DECIDED}/{verb}": _of(_organisation(verb), reason="because")
        for verb in ("verify", "refuse", "suspend", "reinstate", "close")
    },
    **{
        f"{DECIDED}/capacities/<slug:kind>/{verb}": _of(_capacity(verb), reason="because")
        for verb in ("admit", "refuse", "suspend", "reinstate", "withdraw")
    },
    f"{TRADE}/{DELETION}/prove": _of_deletion(deletion, reason="wiped on site"),
    f"{TRADE}/{DELETION}/return": _of_deletion(returning_deletion, reason="no proof of it"),
    f"{TRADE}/{DELETION}/accept": _of_deletion(accepting_deletion),
    f"{TRADE}/accept": _of(of_trade),
    f"{TRADE}/dispute": _of(of_trade, reason="empty rows"),
    f"{TRADE}/refund": _of(_refunding, reason="never delivered"),
    f"{DEMANDS}/new": _buyer(**DEMAND),
    f"{DEMANDS}/<uuid:demand_id>/close": lambda w: Posted(w.buyer, {"demand_id": demand(w).pk}),
    f"{DEMANDS}/<uuid:demand_id>/quotes": _answering,
    f"{DEMANDS}/<uuid:demand_id>/pick/<uuid:quote_id>": _picking,
    "fees/<str:currency>/set": lambda w: Posted(
        staff(w, "admin"),
        {"currency": "CNY"},
        {"effective_from": _tomorrow(w), "vendor_rate": "2.5", "vendor_cap": "50,000.00"},
    ),
    **{
        f"sponsorships/<uuid:sponsorship_id>/{verb}": _of(_sponsored(side))
        for verb, side in (("accept", "supplier"), ("decline", "supplier"), ("withdraw", "vendor"))
    },
    "personal-records/new/basis": lambda w: Posted(w.vendor, {}, basis_fields(w)),
    "personal-records/new/assessment": lambda w: Posted(w.vendor, {}, assessment_fields(w)),
    "personal-records/new/anonymisation": lambda w: Posted(w.vendor, {}, CLAIM_FIELDS),
    f"{RECORD}/bind": lambda w: Posted(
        w.vendor, consented(w).where, {"version": str(w.market.version.pk)}
    ),
    f"{RECORD}/narrow": _of(consented, purposes=["research"], reason="as asked"),
    f"{RECORD}/withdraw": _of(consented, reason="as asked"),
    "organisation/choose": lambda w: Posted(
        w.buyer, {}, {"organisation": str(w.buyer.organisation_id)}
    ),
    "organisation/apply": lambda w: Posted(newcomer(w).owner, {}, APPLICATION),
    "organisation/capacity": _buyer(kind="supplier"),
    "organisation/invite": _buyer(**INVITATION),
    "organisation/members/<uuid:membership_id>/end": _of(membership),
    "tokens/make": _buyer(label="nightly", scopes=["belong"], days="30"),
    "tokens/<uuid:token_id>/revoke": _of(token),
    "invitations/<str:key>": _invited,
    "theme": _buyer(theme="dark", next="/orders"),
    "language/setlang/": _buyer(language="zh-hans", next="/orders"),
}

# Which fields the query of a page has; every other page is asked with all of these at once.
ASKED: dict[str, tuple[str, ...]] = {
    "catalogue": (
        *("q", "section", "form", "grade", "data_class", "offer_mode", "price_band", "after"),
    ),
    "verify": ("code",),
    "declarations": ("after",),
    "reports": ("after",),
    "keys": ("after",),
    "breaches": ("after",),
    "order/<uuid:plan_id>": ("refused",),
    f"{LIST}/compare": ("other",),
    "applications": ("show",),
    "tokens": ("after",),
    "fees": ("currency", "after"),
    "sponsorships": ("after",),
    "reviews": ("view", "after"),
    "exports": ("year", "after"),
    "exports/<uuid:organisation_id>": ("year", "kind", "after"),
    "ends": ("after",),
    "statistics": ("by", "since", "until"),
    "statistics.csv": ("by", "since", "until"),
    "statistics.json": ("by", "since", "until"),
    "orders": ("side", "after"),
    "trades": ("side", "after"),
    "demands": ("side", "after"),
    "personal-records": ("after",),
    "statement": ("account", "since", "until"),
    "statement.csv": ("account", "since", "until"),
}


def things(world: World) -> dict[str, Any]:
    """Return a thing that exists for each name that stands in the address of a page."""
    return {
        "plan_id": world.market.plan.pk,
        "organisation_id": world.vendor.organisation_id,
        "product_id": world.market.version.product_id,
        "version_id": world.market.version.pk,
        "trade_id": world.trade.pk,
        "order_id": world.trade.order_id,
        "demand_id": demand(world).pk,
        "record_id": consented(world).where["record_id"],
        "declaration_id": world.market.clearance.declaration_id,
        "report_id": report(world).pk,
        "breach_id": breach(world).pk,
        "checklist_id": world.market.clearance.checklist_id,
        "item_code": "PI-04",
        "decision_id": world.market.clearance.decision_id,
        "instrument": "个人信息保护法",
        "version": "2021-08-20",
    }
