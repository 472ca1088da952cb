"""Contracts as people read them. Invariant: what is shown is the frozen text, and nothing else."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings

from core import signing
from core.actors import Member
from core.canonical import canonical
from core.errors import NotFound
from core.models import Organisation, User
from core.selectors import LoggedEvent, logged_event, offline_proof
from exchange.models import Contract, Trade
from exchange.selectors.orders import contract_by_hash, own_trade

PROOF_FORM = "databourse-contract-proof/1"


@dataclass(frozen=True, slots=True)
class ContractSheet:
    """A contract, its document, and what the organisations and signers it names are called.

    `recomputed` is the SHA-256 of the text as it is stored now, `is_canonical` whether the text
    is what RFC 8785 makes of its document, `logged` the event of the conclusion in the audit log.
    """

    trade: Trade
    contract: Contract
    document: dict[str, Any]
    recomputed: str
    is_canonical: bool
    logged: LoggedEvent | None
    organisations: dict[str, tuple[str, str]]
    signers: dict[int, str]

    @property
    def agrees(self) -> bool:
        """Whether the text is the one that was hashed when both sides signed."""
        return self.is_canonical and self.recomputed == self.contract.sha256 == self.logged_sha256

    @property
    def logged_sha256(self) -> str:
        """The hash that the audit log holds of the contract, "" where it holds none."""
        if self.logged is None or not self.logged.holds:
            return ""
        return str(self.logged.event.detail.get("contract_sha256", ""))


def contract_sheet(trade_id: UUID, member: Member) -> ContractSheet:
    """Return the contract of a trade of the member's organisation; four statements.

    Raises:
        NotFound: there is no such trade, or it is not theirs.

    """
    trade = own_trade(trade_id, member)
    text = trade.contract.text
    document: dict[str, Any] = json.loads(text)
    parties = document["parties"]
    named = {parties["buyer"]["organisation"], parties["vendor"]["organisation"]}
    named |= {parties["supplier"]}
    named |= {line.get("beneficiary") for line in document["items"]["amount"]["allocation"]}
    rows = Organisation.objects.filter(pk__in=[one for one in named if one])
    people = {parties[side]["member"] for side in ("buyer", "vendor")} - {None}
    users = User.objects.filter(pk__in=people).values_list("pk", "name")
    return ContractSheet(
        trade=trade,
        contract=trade.contract,
        document=document,
        recomputed=sha256(text.encode()).hexdigest(),
        is_canonical=canonical(document) == text.encode(),
        logged=logged_event("trade", trade.pk, "conclude"),
        organisations={
            str(pk): (zh, en) for pk, zh, en in rows.values_list("pk", "name_zh", "name_en")
        },
        signers=dict(users),
    )


def contract_proof(trade_id: UUID, member: Member) -> dict[str, Any]:
    """Return what proves the contract of a trade to somebody who does not ask the venue.

    Raises:
        NotFound: there is no such trade, or it is not theirs.

    """
    trade = own_trade(trade_id, member)
    logged = logged_event("trade", trade.pk, "conclude")
    if logged is None:
        raise NotFound
    public = signing.public_bytes(settings.SIGNING_KEY)
    return {
        "form": PROOF_FORM,
        "contract_sha256": trade.contract.sha256,
        **offline_proof(logged),
        "public_key": public.hex(),
    }


@dataclass(frozen=True, slots=True)
class KnownContract:
    """What anybody may know of a contract: its hash, when it was concluded, whether it agrees."""

    contract: Contract
    agrees: bool


def known_contract(hash_: str) -> KnownContract | None:
    """Return the contract with a SHA-256, or None where the venue has none."""
    try:
        found = contract_by_hash(hash_)
    except NotFound:
        return None
    return KnownContract(found, sha256(found.text.encode()).hexdigest() == found.sha256)
