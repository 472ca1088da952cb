"""Deliveries outside the platform: the vendor reports, the buyer confirms or denies."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from core import signing
from core.actors import SYSTEM
from core.errors import IllegalTransition, Malformed, NotFound
from delivery import services
from delivery.errors import GrantWithdrawn
from delivery.models import OutsideDelivery, Receipt
from delivery.receipts import is_genuine
from tests import make
from tests.delivery import cast

pytestmark = pytest.mark.django_db
SHA256 = "ab" * 32


def report(sold: cast.Sold, at: datetime, **changes: Any) -> OutsideDelivery:
    given: dict[str, Any] = {
        "grant_id": sold.grant.pk,
        "means": "sealed disk by courier",
        "delivered_at": at,
        "sha256": SHA256,
        "size_bytes": 12345,
        "actor": sold.vendor,
        "at": at,
    }
    return services.report_outside_delivery(**(given | changes))


def test_report_of_the_vendor_waits_for_the_buyer(at: datetime) -> None:
    sold = cast.sold(at)

    reported = report(sold, at)

    assert (reported.state, reported.reported_at, reported.answered_at) == ("REPORTED", at, None)
    assert cast.verbs("outside-delivery", reported.pk) == ["report"]
    assert Receipt.objects.count() == 0
    assert sold.fresh().handed_over_at is None


def test_only_the_vendor_of_the_grant_reports(at: datetime) -> None:
    sold = cast.sold(at)

    for actor in (make.vendor(at), sold.buyer):
        with cast.refused(NotFound):
            report(sold, at, actor=actor)

    assert OutsideDelivery.objects.count() == 0


def test_delivery_before_the_grant_or_in_the_future_is_refused(at: datetime) -> None:
    sold = cast.sold(at)

    for moment in (at - timedelta(seconds=1), at + timedelta(seconds=1)):
        with cast.refused(Malformed) as refusal:
            report(sold, at, delivered_at=moment)
        assert list(refusal.value.fields) == ["delivered_at"]

    assert OutsideDelivery.objects.count() == 0


def test_nothing_is_reported_under_a_withdrawn_grant(at: datetime) -> None:
    sold = cast.sold(at)
    services.withdraw_grants(references=[sold.grant.reference], reason="x", actor=SYSTEM, at=at)

    with cast.refused(GrantWithdrawn):
        report(sold, at)

    assert OutsideDelivery.objects.count() == 0


def test_confirmed_delivery_is_handed_over_with_a_signed_receipt(at: datetime) -> None:
    sold = cast.sold(at)
    reported = report(sold, at)
    later = at + timedelta(hours=1)

    services.confirm_outside_delivery(delivery_id=reported.pk, actor=sold.buyer, at=later)

    reported.refresh_from_db()
    assert (reported.state, reported.answered_at) == ("CONFIRMED", later)
    receipt = Receipt.objects.get()
    assert receipt.outside_delivery_id == reported.pk
    assert receipt.document["sha256"] == SHA256
    assert receipt.document["size_bytes"] == 12345
    assert receipt.document["release"] is None
    public = signing.public_bytes(settings.SIGNING_KEY)
    assert is_genuine(receipt.document, bytes(receipt.signature), public)
    assert sold.fresh().handed_over_at == later
    assert cast.verbs("grant", sold.grant.pk) == ["open", "hand_over"]


def test_denied_delivery_leaves_no_receipt(at: datetime) -> None:
    sold = cast.sold(at)
    reported = report(sold, at)

    services.deny_outside_delivery(
        delivery_id=reported.pk, reason="nothing came", actor=sold.buyer, at=at
    )

    reported.refresh_from_db()
    assert reported.state == "DENIED"
    assert Receipt.objects.count() == 0
    assert sold.fresh().handed_over_at is None
    assert cast.verbs("outside-delivery", reported.pk) == ["report", "deny"]


def test_only_the_buyer_answers(at: datetime) -> None:
    sold = cast.sold(at)
    reported = report(sold, at)

    for actor in (sold.vendor, make.buyer(at)):
        with cast.refused(NotFound):
            services.confirm_outside_delivery(delivery_id=reported.pk, actor=actor, at=at)
        with cast.refused(NotFound):
            services.deny_outside_delivery(delivery_id=reported.pk, reason="x", actor=actor, at=at)

    reported.refresh_from_db()
    assert reported.state == "REPORTED"
    assert cast.verbs("outside-delivery", reported.pk) == ["report"]


def test_answer_is_given_once(at: datetime) -> None:
    sold = cast.sold(at)
    reported = report(sold, at)
    services.confirm_outside_delivery(delivery_id=reported.pk, actor=sold.buyer, at=at)

    with cast.refused(IllegalTransition):
        services.confirm_outside_delivery(delivery_id=reported.pk, actor=sold.buyer, at=at)
    with cast.refused(IllegalTransition):
        services.deny_outside_delivery(delivery_id=reported.pk, reason="x", actor=sold.buyer, at=at)

    assert Receipt.objects.count() == 1
    assert cast.verbs("outside-delivery", reported.pk) == ["report", "confirm"]


def test_second_hand_over_gets_a_receipt_but_is_not_the_first_again(at: datetime) -> None:
    sold = cast.sold(at)
    first, second = report(sold, at), report(sold, at)

    for reported in (first, second):
        services.confirm_outside_delivery(delivery_id=reported.pk, actor=sold.buyer, at=at)

    assert Receipt.objects.count() == 2
    assert cast.verbs("grant", sold.grant.pk) == ["open", "hand_over"]
