"""The contract of a trade. Invariant: it holds the nine mandatory items and never changes.

The items are those a data contract must hold (Shenzhen Interim Measures for Data Trading,
arts. 19–20): description, use, quality, mode, amount, term, security duties, time, secrecy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from core.canonical import canonical_document

FORM = "databourse-contract/1"


@dataclass(frozen=True, slots=True)
class Party:
    """One side: who it is and who signed for it, when and how."""

    organisation_id: UUID | str
    member_user_id: int | None
    assented_at: datetime
    by: str

    def assent(self) -> dict[str, Any]:
        """Return the assent as it stands in the contract."""
        return {
            "organisation": str(self.organisation_id),
            "member": self.member_user_id,
            "at": self.assented_at.isoformat(),
            "by": self.by,
        }


@dataclass(frozen=True, slots=True)
class Terms:
    """What both sides agreed on, from the frozen version, plan and order."""

    trade_id: UUID | str
    order_id: UUID | str
    offer: Mapping[str, Any]
    purpose: str
    territory: str
    term_days: int
    volume: int
    redistribution: bool
    derivation: bool
    amount_minor: int
    buyer_fee_minor: int
    currency: str
    fee: Mapping[str, Any]
    clearance: Mapping[str, Any]
    concluded_at: datetime


def contract_document(terms: Terms, buyer: Party, vendor: Party) -> dict[str, Any]:
    """Return the contract as a document, nine items under `items`.

    `simulated` says that what is sold stands for a real product and binds nobody.
    """
    offer = terms.offer
    return {
        "form": FORM,
        "simulated": bool(offer["simulated"]),
        "trade": str(terms.trade_id),
        "order": str(terms.order_id),
        "parties": {
            "buyer": buyer.assent(),
            "vendor": vendor.assent(),
            "supplier": str(offer["supplier_id"]),
        },
        "items": {
            "description": {
                "version": str(offer["version_id"]),
                "product": str(offer["product_id"]),
                "title_zh": offer["title_zh"],
                "title_en": offer["title_en"],
                "content_sha256": offer["content_hash"],
            },
            "use": {
                "purpose": terms.purpose,
                "territory": terms.territory,
                "redistribution": terms.redistribution,
                "derivation": terms.derivation,
            },
            "quality": {
                "as_declared_in": terms.clearance["declaration_id"],
                "content_sha256": offer["content_hash"],
            },
            "mode": {
                "offer": offer["plan"]["offer_mode"],
                "plan": offer["plan"]["code"],
                "kind": offer["plan"]["kind"],
                "volume": terms.volume,
                "delivery": list(offer["delivery_modes"] or ()),
            },
            "amount": {
                "minor": terms.amount_minor,
                "buyer_fee_minor": terms.buyer_fee_minor,
                "currency": terms.currency,
                "fee": dict(terms.fee),
                "allocation": list(offer["allocation"] or ()),
            },
            "term": {"days": terms.term_days},
            "security": {
                "data_class": offer["data_class"],
                "grade": offer["grade"],
                "duties": ["protect-as-graded", "report-incidents", "delete-at-end-of-term"],
            },
            "time": {"concluded_at": terms.concluded_at.isoformat()},
            "secrecy": {"duties": ["no-disclosure", "no-re-identification"]},
        },
        "cleared_by": {name: str(value) for name, value in terms.clearance.items()},
    }


def frozen_contract(document: Mapping[str, Any]) -> tuple[str, str]:
    """Return the canonical text (RFC 8785) of a contract and its SHA-256 in hexadecimal."""
    text = canonical_document(document)
    return text, sha256(text.encode()).hexdigest()
