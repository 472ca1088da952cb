"""Builders of records about persons, and a market that rests on a consent."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from compliance import services
from compliance.models import PersonalRecord
from core.actors import Member
from listings.models import Version
from tests.compliance import cast
from tests.exchange import cast as markets
from tests.listings import cast as offers

LONG = timedelta(days=600)
PURPOSES = ("research", "credit_risk")
KINDS = ("enterprise", "financial_institution")
WORDING = "本人单独同意将消费记录提供给企业和金融机构，用于研究和信用风险评估。"
CONFIRM = {**markets.STANDING, "code": "P1", "offer_mode": "confirm"}


def consent(at: datetime, **changes: Any) -> dict[str, Any]:
    """Terms of a separate consent of 60 customers, for two purposes and two kinds of buyer."""
    today = at.date()
    made: dict[str, Any] = {
        "basis": "consent",
        "persons": "2025 年注册的成年会员",
        "persons_count": 60,
        "counts": {},
        "categories": ["transactions"],
        "sensitive_kinds": [],
        "purposes": list(PURPOSES),
        "recipient_kinds": list(KINDS),
        "separate": True,
        "minors": False,
        "guardian": False,
        "obtained_by": "app",
        "obtained_from": today - timedelta(days=90),
        "obtained_until": today - timedelta(days=30),
        "notice": "隐私政策 3.2 版第 5 条",
        "wording": WORDING,
        "refused_without": False,
        "in_duty": False,
        "law": "",
    }
    return made | changes


def record_consent(
    holder: Member,
    at: datetime,
    *,
    versions: tuple[UUID, ...] = (),
    former: UUID | None = None,
    trustee: UUID | None = None,
    until: datetime | None = None,
    **changes: Any,
) -> PersonalRecord:
    made: PersonalRecord = services.record_basis(
        terms=consent(at, **changes),
        file_id=None,
        trustee_id=trustee,
        former_id=former,
        valid_until=until or at + LONG,
        version_ids=versions,
        actor=holder,
        at=at,
    )
    return made


def assessment(
    holder: Member, at: datetime, *, versions: tuple[UUID, ...] = (), **changes: Any
) -> PersonalRecord:
    terms = {
        "assessed_on": at.date() - timedelta(days=20),
        "scope": "会员消费记录对外提供",
        "purposes": list(PURPOSES),
        "risk": "medium",
        "measures": "加密交付，限定用途，签订合同并定期检查",
    }
    made: PersonalRecord = services.record_assessment(
        terms=terms | changes,
        file_id=offers.file_of(holder, at, b"%PDF-1.7 assessment").pk,
        version_ids=versions,
        actor=holder,
        at=at,
    )
    return made


def test_of_claim(at: datetime, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "tested_on": at.date() - timedelta(days=10),
        "tested_by": "独立测评中心",
        "method": "与公开数据集链接攻击",
        "attempts_count": 500,
        "reidentified_count": 0,
    }
    return made | changes


def claim(
    holder: Member,
    at: datetime,
    *,
    test: dict[str, Any] | None,
    versions: tuple[UUID, ...] = (),
) -> PersonalRecord:
    made: PersonalRecord = services.record_anonymisation(
        terms={"method": "k_anonymity", "description": "k=50，去除直接标识", "test": test},
        file_id=None,
        version_ids=versions,
        actor=holder,
        at=at,
    )
    return made


def personal(**changes: Any) -> dict[str, Any]:
    """Content with persons in it, that says nothing of its basis."""
    source = cast.content()["sources"][0] | {
        "name": "会员消费系统",
        "data_class": "personal",
        "legal_basis": "consent",
    }
    stated = {"contains": True, "identifies_alone": False, "minors": False, "anonymised": False}
    use = {
        "purposes": list(PURPOSES),
        "territories": ["CN"],
        "redistribution": False,
        "derivation": True,
        "term_days": 365,
        "buyer_types": list(KINDS),
    }
    made: dict[str, Any] = {
        "sources": [source],
        "personal": stated,
        "permitted_use": use,
        "plans": [CONFIRM],
    }
    return made | changes


def draft(vendor: Member, at: datetime, **changes: Any) -> Version:
    return cast.draft(vendor, at, **personal(**changes))


GIVEN = (
    "recipient_contract",
    "third_party_compliance_report",
)


def cleared(vendor: Member, desk: Any, at: datetime, **changes: Any) -> tuple[Any, PersonalRecord]:
    """A version with persons on the market, which rests on the records alone for its basis."""
    version = draft(vendor, at, **changes)
    bound = record_consent(vendor, at, versions=(version.pk,))
    assessment(vendor, at, versions=(version.pk,))
    for key in GIVEN:
        cast.given(version, vendor, at, key)
    version = cast.submit(version, vendor, at)
    assert version.state == "IN_REVIEW", cast.said(version)
    cast.signed(version, vendor, at)
    return cast.approve(version.reviews.get(), desk, at), bound
