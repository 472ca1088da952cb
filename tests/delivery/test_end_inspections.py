"""The end of the inspection window: told once, and only where there was something to inspect."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from delivery import selectors, services
from delivery.tasks import end_inspections
from tests import make
from tests.delivery import cast

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def undelivered(at: datetime) -> cast.Sold:
    vendor, buyer = make.vendor(at), make.buyer(at)
    version = cast.version(vendor, at)
    sample = cast.release(version, at, kind="sample")
    asked = cast.request_for(version, buyer, at)
    [grant] = services.open_grants(grants=[asked], actor=SYSTEM, at=at)
    return cast.Sold(vendor, buyer, version, sample, grant)


def test_window_over_data_that_was_there_ends_at_its_time(at: datetime) -> None:
    sold = cast.sold(at)

    early = services.end_inspections(limit=10, actor=SYSTEM, at=at + WEEK - timedelta(seconds=1))
    ended = services.end_inspections(limit=10, actor=SYSTEM, at=at + WEEK)
    again = services.end_inspections(limit=10, actor=SYSTEM, at=at + WEEK)

    assert (early, ended, again) == ([], [sold.grant.pk], [])
    assert sold.fresh().inspection_ended_at == at + WEEK
    assert cast.verbs("grant", sold.grant.pk) == ["open", "end_inspection"]


def test_no_window_ends_where_nothing_was_delivered(at: datetime) -> None:
    sold = undelivered(at)

    ended = services.end_inspections(limit=10, actor=SYSTEM, at=at + timedelta(days=29))

    assert ended == []
    assert sold.fresh().inspection_ended_at is None
    assert cast.verbs("grant", sold.grant.pk) == ["open"]


def test_window_begins_when_late_data_is_published(at: datetime) -> None:
    sold = undelivered(at)
    cast.release(sold.version, at + timedelta(days=3))

    before = selectors.grants_past_inspection(at + timedelta(days=10) - timedelta(seconds=1))
    after = selectors.grants_past_inspection(at + timedelta(days=10))

    assert list(before) == []
    assert list(after) == [sold.grant]


def test_data_published_after_the_term_is_not_there_to_inspect(at: datetime) -> None:
    sold = undelivered(at)
    services.expire_grants(limit=1, actor=SYSTEM, at=at + timedelta(days=30))
    cast.release(sold.version, at + timedelta(days=31))

    assert list(selectors.grants_past_inspection(at + timedelta(days=60))) == []


def test_window_over_a_reported_delivery_begins_with_the_report(at: datetime) -> None:
    sold = undelivered(at)
    reported_at = at + timedelta(days=2)
    services.report_outside_delivery(
        grant_id=sold.grant.pk,
        means="sealed disk by courier",
        delivered_at=reported_at,
        sha256="",
        size_bytes=None,
        actor=sold.vendor,
        at=reported_at,
    )

    assert list(selectors.grants_past_inspection(at + timedelta(days=9))) == [sold.grant]
    assert list(selectors.grants_past_inspection(at + timedelta(days=8))) == []


def test_denied_delivery_starts_no_window(at: datetime) -> None:
    sold = undelivered(at)
    reported = services.report_outside_delivery(
        grant_id=sold.grant.pk,
        means="sealed disk by courier",
        delivered_at=at,
        sha256="",
        size_bytes=None,
        actor=sold.vendor,
        at=at,
    )
    services.deny_outside_delivery(
        delivery_id=reported.pk, reason="nothing came", actor=sold.buyer, at=at
    )

    assert list(selectors.grants_past_inspection(at + timedelta(days=20))) == []


def test_withdrawn_grant_has_no_window_and_an_expired_one_has(at: datetime) -> None:
    withdrawn = cast.sold(at)
    expired = cast.sold(at, expires_at=at + timedelta(days=1))
    services.withdraw_grants(
        references=[withdrawn.grant.reference], reason="recall", actor=SYSTEM, at=at
    )
    services.expire_grants(limit=10, actor=SYSTEM, at=at + timedelta(days=1))

    assert list(selectors.grants_past_inspection(at + WEEK)) == [expired.grant]


def test_task_tells_of_windows_that_are_over_now() -> None:
    sold = cast.sold(timezone.now() - timedelta(days=8))

    end_inspections()

    assert sold.fresh().inspection_ended_at is not None
