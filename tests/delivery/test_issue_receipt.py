"""Receipts of downloads: signed once for a file that went out whole, checkable by anyone."""

import hashlib
from datetime import datetime

import pytest
from django.conf import settings

from core import signing
from delivery.models import Receipt
from delivery.receipts import KIND, is_genuine
from tests.delivery import cast

pytestmark = pytest.mark.django_db


def test_receipt_names_the_grant_the_file_and_its_hash(at: datetime) -> None:
    sold = cast.sold(at)
    made = cast.link(sold, at)

    cast.body_of(cast.fetch(made.token))

    receipt = Receipt.objects.get()
    assert receipt.document == {
        "kind": KIND,
        "receipt": str(receipt.pk),
        "grant": str(sold.grant.pk),
        "reference": str(sold.grant.reference),
        "vendor": str(sold.vendor.organisation_id),
        "buyer": str(sold.buyer.organisation_id),
        "version": str(sold.version.pk),
        "release": str(sold.release.pk),
        "link": str(made.link.pk),
        "outside_delivery": None,
        "sha256": hashlib.sha256(cast.BODY).hexdigest(),
        "size_bytes": len(cast.BODY),
        "at": receipt.at.isoformat(),
    }
    assert cast.verbs("receipt", receipt.pk) == ["issue"]
    assert sold.fresh().handed_over_at == receipt.at


def test_signature_holds_for_the_document_and_for_no_other(at: datetime) -> None:
    sold = cast.sold(at)
    cast.body_of(cast.fetch(cast.link(sold, at).token))
    receipt = Receipt.objects.get()
    public = signing.public_bytes(settings.SIGNING_KEY)

    altered = receipt.document | {"size_bytes": receipt.document["size_bytes"] + 1}

    assert is_genuine(receipt.document, bytes(receipt.signature), public)
    assert not is_genuine(altered, bytes(receipt.signature), public)
    assert not is_genuine(receipt.document, bytes(64), public)
    assert receipt.key_id == signing.key_id(public)


def test_part_of_a_file_is_no_hand_over(at: datetime) -> None:
    sold = cast.sold(at)
    token = cast.link(sold, at).token

    cast.body_of(cast.fetch(token, Range="bytes=0-99"))
    cast.body_of(cast.fetch(token, Range="bytes=101-"))

    assert Receipt.objects.count() == 0
    assert sold.fresh().handed_over_at is None

    cast.body_of(cast.fetch(token, Range="bytes=100-100"))
    assert Receipt.objects.count() == 1


def test_parts_fetched_with_different_links_are_not_added_up(at: datetime) -> None:
    sold = cast.sold(at)

    cast.body_of(cast.fetch(cast.link(sold, at).token, Range="bytes=0-99"))
    cast.body_of(cast.fetch(cast.link(sold, at).token, Range="bytes=100-"))

    assert Receipt.objects.count() == 0
    assert sold.fresh().download_count == 2


def test_each_link_that_delivers_whole_has_one_receipt(at: datetime) -> None:
    sold = cast.sold(at)
    first, second = cast.link(sold, at), cast.link(sold, at)

    for token in (first.token, first.token, second.token):
        cast.body_of(cast.fetch(token))

    issued = Receipt.objects.order_by("at").values_list("link", flat=True)
    assert list(issued) == [first.link.pk, second.link.pk]
    assert cast.verbs("grant", sold.grant.pk) == ["open", "hand_over"]
