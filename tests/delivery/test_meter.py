"""The meter: what was asked for, what went out, what was refused."""

from datetime import datetime
from uuid import uuid4

import pytest

from core.actors import SYSTEM
from core.errors import NotFound
from delivery import selectors, services
from tests import make
from tests.delivery import cast

pytestmark = pytest.mark.django_db


def test_meter_of_a_trade_sums_up_its_accesses(at: datetime) -> None:
    sold, size = cast.sold(at), len(cast.BODY)
    token = cast.link(sold, at).token
    cast.body_of(cast.fetch(token, Range="bytes=0-99"))
    cast.body_of(cast.fetch(token))
    cast.fetch(token, Range=f"bytes={size}-")
    services.withdraw_grants(references=[sold.grant.reference], reason="x", actor=SYSTEM, at=at)
    cast.fetch(token)

    meter = selectors.meter_of(sold.grant.reference)

    assert meter is not None
    assert (meter.download_count, meter.max_downloads, meter.receipt_count) == (1, 3, 1)
    assert (meter.request_count, meter.refusal_count) == (4, 2)
    assert (meter.asked_bytes, meter.sent_bytes) == (size + 100, size + 100)
    assert meter.first_at is not None
    assert meter.last_at is not None
    assert meter.first_at < meter.last_at


def test_meter_of_another_grant_is_not_mixed_in(at: datetime) -> None:
    sold, other = cast.sold(at), cast.sold(at)
    cast.body_of(cast.fetch(cast.link(other, at).token))

    meter = selectors.meter(sold.grant.pk, sold.vendor)

    assert (meter.request_count, meter.asked_bytes, meter.sent_bytes) == (0, 0, 0)
    assert meter.first_at is None


def test_trade_without_a_grant_has_no_meter_and_no_page(at: datetime) -> None:
    assert selectors.meter_of(uuid4()) is None
    assert selectors.grant_page_of(uuid4(), make.buyer(at), at) is None


def test_meter_is_not_for_outsiders(at: datetime) -> None:
    sold = cast.sold(at)

    with cast.refused(NotFound):
        selectors.meter(sold.grant.pk, make.buyer(at))


def test_page_shows_what_is_left_and_the_files_newest_first(at: datetime) -> None:
    sold = cast.sold(at)
    later = cast.release(sold.version, at, body=b"day two", name="day2.csv")
    cast.release(sold.version, at, body=b"a sample", name="sample.csv", kind="sample")
    cast.body_of(cast.fetch(cast.link(sold, at).token))

    page = selectors.grant_page_of(sold.grant.reference, sold.buyer, at)

    assert page is not None
    assert (page.max_downloads, page.download_count, page.downloads_left) == (3, 1, 2)
    assert [file.release_id for file in page.files] == [later.pk, sold.release.pk]
    assert page.files[1].sha256 == sold.release.file.sha256
