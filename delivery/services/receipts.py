"""Receipts. Invariant: each hand-over is signed for by the venue once, and told once."""

from datetime import datetime
from uuid import UUID

from django.conf import settings

from core import signing
from core.actors import Member
from core.canonical import canonical
from core.events import record
from core.ids import uuid7
from delivery.models import Grant, Link, OutsideDelivery, Receipt
from delivery.receipts import Handover, receipt_document
from delivery.services.grants import mark_handed_over


def issue_download_receipt(link: Link, *, actor: Member, at: datetime) -> Receipt:
    """Sign for a file that went out whole with one link."""
    file = link.release.file
    receipt_id = uuid7()
    handover = Handover(
        receipt_id=receipt_id,
        grant_id=link.grant_id,
        reference=link.grant.reference,
        vendor_id=link.grant.vendor_id,
        buyer_id=link.grant.buyer_id,
        version_id=link.grant.version_id,
        release_id=link.release_id,
        link_id=link.pk,
        outside_delivery_id=None,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        at=at,
    )
    return _issue(handover, link.grant, actor=actor)


def issue_outside_receipt(delivery: OutsideDelivery, *, actor: Member, at: datetime) -> Receipt:
    """Sign for a delivery outside the platform that the vendor reported and the buyer confirmed."""
    receipt_id = uuid7()
    handover = Handover(
        receipt_id=receipt_id,
        grant_id=delivery.grant_id,
        reference=delivery.grant.reference,
        vendor_id=delivery.grant.vendor_id,
        buyer_id=delivery.grant.buyer_id,
        version_id=delivery.grant.version_id,
        release_id=None,
        link_id=None,
        outside_delivery_id=delivery.pk,
        sha256=delivery.sha256 or None,
        size_bytes=delivery.size_bytes,
        at=at,
    )
    return _issue(handover, delivery.grant, actor=actor)


def _issue(handover: Handover, grant: Grant, *, actor: Member) -> Receipt:
    document = receipt_document(handover)
    receipt = Receipt.objects.create(
        pk=handover.receipt_id,
        grant=grant,
        link_id=handover.link_id,
        outside_delivery_id=handover.outside_delivery_id,
        document=document,
        at=handover.at,
        key_id=signing.key_id(signing.public_bytes(settings.SIGNING_KEY)),
        signature=signing.sign(settings.SIGNING_KEY, canonical(document)),
    )
    record("receipt", receipt.pk, "issue", actor=actor, at=handover.at, detail=_told(handover))
    mark_handed_over(grant, actor=actor, at=handover.at, receipt_id=receipt.pk)
    return receipt


def _told(handover: Handover) -> dict[str, UUID | str | None]:
    return {"grant": handover.grant_id, "sha256": handover.sha256}
