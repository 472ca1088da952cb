"""Proof of the trades. Invariant: each check recomputes from the rows and trusts no guard.

It stands beside the proof of the books: what no constraint holds (the keys of a trade, ADR 8), and
what joins rooms that do not know each other: order, clearance, contract and money.
"""

from collections.abc import Iterator

from django.db import connection

from core.merkle import leaf_hash
from core.models import Event
from core.selectors import event_bytes
from settlement.selectors import Fault
from settlement.selectors.proofs import Check

CHECKS = (
    Check(
        "trade-unlike-order",
        "every trade is of a matched order, with its parties, version, plan and price",
        """
        SELECT 'trade ' || t.id, CASE WHEN o.id IS NULL THEN 'has no order' ELSE
                   'differs from order ' || o.id || ', ' || o.state END
        FROM exchange_trade t LEFT JOIN exchange_order o ON o.id = t.order_id
        WHERE o.id IS NULL OR o.state <> 'MATCHED'
           OR (t.buyer_id, t.vendor_id, t.version_id, t.plan_id, t.amount_minor,
               t.buyer_fee_minor, t.currency)
              IS DISTINCT FROM
              (o.buyer_id, o.vendor_id, o.version_id, o.plan_id, o.amount_minor,
               o.buyer_fee_minor, o.currency)
        """,
    ),
    Check(
        "matched-without-trade",
        "every matched order is one trade",
        """
        SELECT 'order ' || o.id, 'is matched and has no trade'
        FROM exchange_order o LEFT JOIN exchange_trade t ON t.order_id = o.id
        WHERE o.state = 'MATCHED' AND t.id IS NULL
        """,
    ),
    Check(
        "trade-without-clearance",
        "every trade names a clearance of its version that had begun and not run out",
        """
        SELECT 'trade ' || t.id, CASE WHEN c.id IS NULL THEN 'names no clearance' ELSE
                   'names clearance ' || c.id || ' of ' || c.valid_from || ' to '
                   || coalesce(c.ended_at, c.valid_until) END
        FROM exchange_trade t LEFT JOIN compliance_clearance c ON c.id = t.clearance_id
        WHERE c.id IS NULL OR c.version_id <> t.version_id
           OR t.matched_at < c.valid_from OR t.matched_at >= c.valid_until
        """,
    ),
    Check(
        "contract-missing",
        "every trade has its contract, with both sides' assent",
        """
        SELECT 'trade ' || t.id, 'has no contract'
        FROM exchange_trade t LEFT JOIN exchange_contract c ON c.trade_id = t.id
        WHERE c.trade_id IS NULL OR c.buyer_assent IS NULL OR c.vendor_assent IS NULL
        """,
    ),
    Check(
        "contract-altered",
        "every contract has the hash of its text, which names its trade, its order and its price",
        """
        SELECT 'contract of trade ' || c.trade_id, 'is not what was hashed or agreed'
        FROM exchange_contract c LEFT JOIN exchange_trade t ON t.id = c.trade_id
        WHERE c.sha256 <> encode(sha256(convert_to(c.text, 'UTF8')), 'hex')
           OR (c.text::jsonb ->> 'trade', c.text::jsonb ->> 'order',
               c.text::jsonb #>> '{items,amount,minor}')
              IS DISTINCT FROM (t.id::text, t.order_id::text, t.amount_minor::text)
        """,
    ),
    Check(
        "contract-unlike-log",
        "every contract's hash is the one in the event of its conclusion, and so in the audit tree",
        """
        SELECT 'contract of trade ' || c.trade_id, CASE WHEN e.id IS NULL
                   THEN 'was concluded without an event'
                   ELSE 'is not the one that event ' || e.id || ' of the audit log names' END
        FROM exchange_contract c LEFT JOIN core_event e ON e.subject_id = c.trade_id
             AND e.subject = 'trade' AND e.verb = 'conclude'
        WHERE e.detail ->> 'contract_sha256' IS DISTINCT FROM c.sha256
        """,
    ),
    Check(
        "money-unlike-trade",
        "every priced trade has held its price and the buyer's fee, of its buyer",
        """
        SELECT 'trade ' || t.id, CASE WHEN h.id IS NULL THEN 'has held nothing' ELSE
                   'has held ' || h.amount_minor || ' ' || h.currency END
        FROM exchange_trade t LEFT JOIN settlement_hold h ON h.reference = t.id::text
        WHERE t.amount_minor > 0 AND (h.id IS NULL
           OR (h.organisation_id, h.amount_minor, h.currency) IS DISTINCT FROM
              (t.buyer_id, t.amount_minor + t.buyer_fee_minor, t.currency))
        """,
    ),
    Check(
        "end-unlike-money",
        "a trade is settled when its money is captured, and only then",
        """
        SELECT 'trade ' || t.id, 'is ' || t.state || ', its money is ' || h.state
        FROM exchange_trade t JOIN settlement_hold h ON h.reference = t.id::text
        WHERE t.state = 'SETTLED' AND h.state <> 'CAPTURED'
           OR t.state = 'REFUNDED' AND h.state <> 'VOIDED'
           OR t.state IN ('FUNDED', 'DELIVERING') AND h.state <> 'HELD'
        """,
    ),
)


def check_trades() -> tuple[Fault, ...]:
    """Return everything that is wrong with the trades, by the order of the checks."""
    faults: list[Fault] = []
    with connection.cursor() as cursor:
        for check in CHECKS:
            cursor.execute(check.sql)
            faults += [Fault(check.code, where, what) for where, what in cursor.fetchall()]
    return (*faults, *_altered_conclusions())


def _altered_conclusions() -> Iterator[Fault]:
    """Find the conclusions that are not what the audit tree holds of them.

    The leaf is the hash of canonical JSON, which no SQL writes.
    """
    concluded = Event.objects.filter(subject="trade", verb="conclude", leaf__isnull=False)
    for event in concluded.select_related("leaf").order_by("id").iterator(chunk_size=2000):
        if leaf_hash(event_bytes(event)) != bytes(event.leaf.hash):
            yield Fault(
                "conclusion-altered",
                f"conclusion of trade {event.subject_id}",
                f"is not what leaf {event.leaf.index} of the audit tree holds",
            )
