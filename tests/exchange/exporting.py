"""Builders of exports: a market with persons in its data, buyers abroad, what registers say."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from compliance import services as compliance
from compliance.models import ExportTally
from compliance.rules import CHINA
from compliance.services import Entry
from core.actors import Member
from exchange.models import Order
from exchange.services import orders
from tests import make
from tests.compliance import cast as desk_cast
from tests.exchange import cast

PERSONS = 30_000
CONFIRM = {**cast.STANDING, "offer_mode": "confirm"}
# What persons in the data ask for before anything is listed, and what leaving asks for besides.
PERSONAL = ("separate_consent", "pipia_report", "recipient_contract", "authorisation_evidence")
LEAVING = ("export_notice_consent",)
CONTRACT = ("standard_contract_filed",)


def persons(count: int, *, sensitive: bool = False) -> dict[str, Any]:
    """Content with so many persons in it that may go anywhere."""
    source = desk_cast.content()["sources"][0] | {
        "data_class": "personal",
        "legal_basis": "consent",
    }
    return {
        "personal": {
            "contains": True,
            "subjects_count": count,
            "categories": ["contact"],
            "sensitive_kinds": ["religious_belief"] if sensitive else [],
            "consent_basis": "separate_consent",
            "anonymised": False,
            "identifies_alone": False,
            "minors": False,
        },
        "sources": [source],
        "permitted_use": {
            "purposes": ["research"],
            "territories": ["*"],
            "redistribution": False,
            "derivation": True,
            "term_days": 365,
        },
        "plans": [CONFIRM],
    }


def market(
    at: datetime,
    *evidence: str,
    count: int = PERSONS,
    sensitive: bool = False,
    vendor: Member | None = None,
    supplier: Member | None = None,
    registered: bool = True,
) -> cast.Market:
    """A vendor with one cleared version of personal data, and a buyer in Singapore with money."""
    desk_ = desk_cast.desk(at)
    if not desk_cast.ChecklistVersion.objects.filter(state="IN_FORCE").exists():
        desk_cast.in_force(at)
        cast.fee_schedule(at)
    vendor = vendor or make.vendor(at)
    keys = (*PERSONAL, *LEAVING, *evidence)
    if sensitive:
        keys = (*keys, "specific_purpose_necessity")
    whole = persons(count, sensitive=sensitive)
    if supplier is not None:
        whole |= {
            "supplier_id": supplier.organisation_id,
            "rights": desk_cast.rights(supplier, at),
        }
    version = desk_cast.draft(vendor, at, **whole)
    for key in keys:
        desk_cast.given(version, vendor, at, key)
    desk_cast.submit(version, vendor, at)
    version.refresh_from_db()
    assert version.state == "IN_REVIEW", desk_cast.said(version)
    # A mandate may end before what the vendor owns does.
    until = None if supplier is None else at + timedelta(days=20)
    desk_cast.signed(version, vendor, at, until=until)
    clearance = desk_cast.approve(desk_cast.Review.objects.get(version=version), desk_, at)
    if registered:
        register_exporter(vendor.organisation_id, at)
        if supplier is not None:
            register_exporter(supplier.organisation_id, at)
    return cast.Market(at, desk_, vendor, buyer_abroad(at), clearance)


def register_exporter(organisation_id: UUID | None, at: datetime) -> None:
    """What the registers have to say of an exporter before anything leaves."""
    entered(organisation_id, at, kind="critical_operator", answer="no")
    entered(organisation_id, at, kind="zone", answer="none")
    elsewhere(organisation_id, at)


def elsewhere(
    organisation_id: UUID | None, at: datetime, persons: int = 0, sensitive_persons: int = 0
) -> None:
    entered(
        organisation_id,
        at,
        kind="exports_elsewhere",
        answer="counted",
        persons=persons,
        sensitive_persons=sensitive_persons,
    )


def entered(organisation_id: UUID | None, at: datetime, **entry: Any) -> Any:
    assert organisation_id is not None
    given = {"basis": "the public register", "valid_from": new_year(at)} | entry
    return compliance.record_register_entry(
        organisation_id=organisation_id,
        entry=Entry(**given),
        actor=make.staff(at, "admin"),
        at=at,
    )


def new_year(at: datetime) -> date:
    return date(at.astimezone(CHINA).year, 1, 1)


def buyer_abroad(at: datetime, country: str = "SG") -> Member:
    held = make.organisation(at=at, capacities=("buyer",), country=country, foreign_controlled=True)
    buyer = make.member(held, "owner", "signatory", "trader", "finance", at=at)
    cast.money(buyer.organisation_id, at)
    for kind in ("restricted_recipient", "control_list"):
        entered(buyer.organisation_id, at, kind=kind, answer="no")
    return buyer


def placed(market_: cast.Market, buyer: Member | None = None, **changes: Any) -> dict[str, Any]:
    """What becomes of an order from abroad."""
    buyer = buyer or market_.buyer
    terms = {"territory": "SG", "foreign_judicial_request": False} | changes
    return cast.place(market_, buyer, buyer_id=buyer.organisation_id, **terms)


def waiting(market_: cast.Market, buyer: Member | None = None, **changes: Any) -> Order:
    """An order from abroad that waits for the vendor to confirm its buyer."""
    answer = placed(market_, buyer, **changes)
    assert answer["state"] == "AWAITING", answer
    return Order.objects.get(pk=answer["id"])


def confirmed(market_: cast.Market, order: Order) -> dict[str, Any]:
    answer: dict[str, Any] = orders.confirm_order(
        order_id=order.pk, actor=market_.vendor, at=market_.at
    )
    return answer


def year_of(organisation_id: UUID | None) -> tuple[int, int, int, int]:
    """Reserved and handed over of all years together: persons, then persons of sensitive."""
    found = ExportTally.objects.filter(exporter=organisation_id).values_list(
        "reserved_persons", "committed_persons", "reserved_sensitive", "committed_sensitive"
    )
    columns = [sum(column) for column in zip(*found, strict=True)] or [0] * 4
    return columns[0], columns[1], columns[2], columns[3]
