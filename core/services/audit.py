"""The sequencer. Invariant: committed events enter the tree once, in one order, and stay there."""

from datetime import datetime

from django.conf import settings
from django.db import connection

from core import merkle, signing
from core.models import AuditHead, AuditLeaf, AuditNode, Event
from core.selectors import Nodes, event_bytes, head_bytes
from core.service import service

LOCK = 0x61756474  # advisory lock of the one sequencer


@service
def sequence_events(*, limit: int, at: datetime) -> int:
    """Append up to `limit` committed events to the tree and sign the new head.

    An event is taken once no transaction that could still write an earlier one is open.
    Returns how many were appended; 0 when another sequencer is at work.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        horizon = cursor.fetchone()[0]
    last = AuditLeaf.objects.order_by("-index").select_related("event").first()
    events = Event.objects.filter(transaction__lt=horizon)
    size = 0
    if last is not None:
        size = last.index + 1
        seen = last.event
        events = events.extra(
            where=["(core_event.transaction, core_event.id) > (%s, %s)"],
            params=[seen.transaction, seen.pk],
        )
    batch = list(events.order_by("transaction", "id")[:limit])
    if not batch:
        return 0
    nodes = Nodes()
    leaves, inner = [], []
    for index, event in enumerate(batch, start=size):
        leaf = merkle.leaf_hash(event_bytes(event))
        nodes.known[0, index] = leaf
        leaves.append(AuditLeaf(index=index, event=event, hash=leaf))
        for level, place, value in merkle.new_nodes(index, leaf, nodes):
            nodes.known[level, place] = value
            inner.append(AuditNode(level=level, index=place, hash=value))
    AuditLeaf.objects.bulk_create(leaves)
    AuditNode.objects.bulk_create(inner)
    size += len(batch)
    root = merkle.root(size, nodes)
    AuditHead.objects.create(
        size=size,
        root=root,
        at=at,
        key_id=signing.key_id(signing.public_bytes(settings.SIGNING_KEY)),
        signature=signing.sign(settings.SIGNING_KEY, head_bytes(size, root, at)),
    )
    return len(batch)
