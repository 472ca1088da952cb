"""The end of a term: refused at once, and told by the sweep."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from delivery import services
from delivery.errors import GrantExpired
from delivery.tasks import expire_grants
from tests.delivery import cast

pytestmark = pytest.mark.django_db


def test_grant_past_its_term_expires_and_another_stays_open(at: datetime) -> None:
    over = cast.sold(at, expires_at=at + timedelta(hours=1))
    running = cast.sold(at, expires_at=at + timedelta(hours=2))

    expired = services.expire_grants(limit=10, actor=SYSTEM, at=at + timedelta(hours=1))

    assert expired == [over.grant.pk]
    assert (over.fresh().state, running.fresh().state) == ("EXPIRED", "OPEN")
    assert cast.verbs("grant", over.grant.pk) == ["open", "expire"]
    assert cast.verbs("grant", running.grant.pk) == ["open"]


def test_sweep_takes_no_more_than_its_limit_and_those_longest_over_first(at: datetime) -> None:
    later = cast.sold(at, expires_at=at + timedelta(hours=2))
    sooner = cast.sold(at, expires_at=at + timedelta(hours=1))

    expired = services.expire_grants(limit=1, actor=SYSTEM, at=at + timedelta(days=1))

    assert expired == [sooner.grant.pk]
    assert later.fresh().state == "OPEN"


def test_second_sweep_finds_nothing(at: datetime) -> None:
    sold = cast.sold(at, expires_at=at + timedelta(hours=1))
    services.expire_grants(limit=10, actor=SYSTEM, at=at + timedelta(hours=1))

    again = services.expire_grants(limit=10, actor=SYSTEM, at=at + timedelta(hours=1))

    assert again == []
    assert cast.verbs("grant", sold.grant.pk) == ["open", "expire"]


def test_term_is_over_before_any_sweep_has_come_by(at: datetime) -> None:
    sold = cast.sold(at, expires_at=at + timedelta(hours=1))

    with cast.refused(GrantExpired):
        cast.link(sold, at + timedelta(hours=1))

    assert sold.fresh().state == "OPEN"
    assert sold.grant.links.count() == 0


def test_task_expires_what_is_due_now(at: datetime) -> None:
    long_ago = timezone.now() - timedelta(days=2)
    sold = cast.sold(
        long_ago,
        expires_at=long_ago + timedelta(days=1),
        inspect_until=long_ago + timedelta(days=1),
    )

    expire_grants()

    assert sold.fresh().state == "EXPIRED"
