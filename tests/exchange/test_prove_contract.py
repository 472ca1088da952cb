"""A contract is proved from two files and the venue's key, by nothing that is written here."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

from core.services import audit
from exchange.models import Contract
from tests import make
from tests.exchange import cast
from tests.listings.cast import Api
from tests.portal.test_views import browser


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.3.2."""
    node, last = index, size - 1
    for step in path:
        if node % 2 or node == last:
            leaf = sha256(b"\x01" + step + leaf).digest()
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            leaf = sha256(b"\x01" + leaf + step).digest()
        node, last = node >> 1, last >> 1
    assert last == 0
    return leaf


def proved(contract: bytes, proof: dict[str, Any]) -> None:
    event, head = json.loads(proof["event"]), json.loads(proof["head"])
    assert event["detail"] == {"contract_sha256": sha256(contract).hexdigest()}
    assert (event["subject"], event["verb"]) == ("trade", "conclude")
    assert event["subject_id"] == json.loads(contract)["trade"]
    leaf = sha256(b"\x00" + proof["event"].encode()).digest()
    path = [bytes.fromhex(step) for step in proof["path"]]
    assert root_of(leaf, proof["index"], head["size"], path).hex() == head["root"]
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(proof["public_key"]))
    key.verify(bytes.fromhex(proof["signature"]), proof["head"].encode())


def test_contract_is_proved_without_the_venue(live_database: str, at: datetime) -> None:
    market = cast.market(at)
    first, second = cast.matched(market), cast.matched(market)
    audit.sequence_events(limit=10_000, at=at)

    for trade in (first, second):
        base = f"/trades/{trade.pk}"
        for side in (market.buyer, market.vendor):
            contract = browser(side).get(f"{base}/contract.json").content
            told = browser(side).get(f"{base}/contract-proof.json").content
            proved(contract, json.loads(told))
            assert Api(side, at).get(f"trades/{trade.pk}/contract/proof").json() == json.loads(told)


def test_page_says_that_the_audit_log_holds_the_same_hash(live_database: str, at: datetime) -> None:
    market = cast.market(at)
    trade = cast.matched(market)
    kept = Contract.objects.get().sha256
    address = f"/trades/{trade.pk}/contract"

    early = browser(market.buyer).get(address).content.decode()
    audit.sequence_events(limit=10_000, at=at)
    later = browser(market.buyer).get(address).content.decode()
    chinese = browser(market.vendor, "zh-hans").get(address).content.decode()

    assert "The audit tree takes it up within a minute" in early
    assert "contract-proof.json" not in early
    assert f"{address}-proof.json" in later
    for page, said in ((later, "SHA-256 in the audit log"), (chinese, "审计日志中的 SHA-256")):
        assert page[page.index(said) :].split("</code>")[0].endswith(kept)


def test_contract_is_refused_that_the_audit_log_does_not_know(
    live_database: str, at: datetime
) -> None:
    market = cast.market(at)
    trade = cast.matched(market)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE core_event SET detail = '{}' WHERE subject_id = %s", [trade.pk])
        cursor.execute("SET session_replication_role = DEFAULT")

    page = browser(market.buyer).get(f"/trades/{trade.pk}/contract").content.decode()

    assert "The text is not the one that was signed" in page


def test_proof_of_a_contract_is_for_its_sides(db: None, at: datetime) -> None:
    market = cast.market(at)
    trade = cast.matched(market)

    early = Api(market.buyer, at).get(f"trades/{trade.pk}/contract/proof")
    others = Api(make.buyer(at), at).get(f"trades/{trade.pk}/contract/proof")

    assert (early.status_code, others.status_code) == (200, 404)
    assert early.json()["contract_sha256"] == Contract.objects.get().sha256
    assert (early.json()["index"], early.json()["path"], early.json()["head"]) == (None, [], "")
