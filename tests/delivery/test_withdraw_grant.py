"""Withdrawing a grant: at once, by the venue, for good."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from core.errors import Forbidden, IllegalTransition
from delivery import selectors, services
from delivery.api import downloads
from delivery.errors import GrantWithdrawn
from delivery.models import Access, AccessEnd, Receipt
from tests import make
from tests.delivery import cast

pytestmark = pytest.mark.django_db


def test_link_stops_at_once_when_its_grant_is_withdrawn(at: datetime) -> None:
    sold = cast.sold(at)
    made = cast.link(sold, at)
    assert cast.fetch(made.token).status_code == 200

    services.withdraw_grant(
        grant_id=sold.grant.pk, reason="court order", actor=make.staff(at, "reviewer"), at=at
    )
    response = cast.fetch(made.token, Range="bytes=10-19")

    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "grant-withdrawn"
    assert response.json()["way_out"]
    assert sold.fresh().state == "WITHDRAWN"
    assert cast.verbs("grant", sold.grant.pk) == ["open", "withdraw"]
    assert list(Access.objects.order_by("at").values_list("status", "asked_bytes")) == [
        (200, len(cast.BODY)),
        (403, 0),
    ]


def test_download_under_way_is_cut_off_by_a_withdrawal(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "PIECE", 64)
    body = bytes(range(256)) * 16
    sold = cast.sold(at, body=body)
    parts = iter(cast.fetch(cast.link(sold, at).token).streaming_content)
    got = [next(parts) for _ in range(10)]

    services.withdraw_grants(
        references=[sold.grant.reference], reason="recall", actor=SYSTEM, at=at
    )
    with pytest.raises(GrantWithdrawn):
        got.extend(parts)

    assert b"".join(got) == body[: 16 * 64]
    assert AccessEnd.objects.get().sent_bytes == 16 * 64
    assert Receipt.objects.count() == 0
    assert sold.fresh().handed_over_at is None


def test_no_link_is_made_under_a_withdrawn_grant(at: datetime) -> None:
    sold = cast.sold(at)
    services.withdraw_grants(
        references=[sold.grant.reference], reason="recall", actor=SYSTEM, at=at
    )

    with cast.refused(GrantWithdrawn):
        cast.link(sold, at)

    assert sold.grant.links.count() == 0


def test_only_staff_that_reviews_may_withdraw(at: datetime) -> None:
    sold = cast.sold(at)

    for actor in (sold.vendor, sold.buyer, make.staff(at, "officer")):
        with cast.refused(Forbidden):
            services.withdraw_grant(grant_id=sold.grant.pk, reason="x", actor=actor, at=at)

    assert sold.fresh().state == "OPEN"
    assert cast.verbs("grant", sold.grant.pk) == ["open"]


def test_withdrawn_grant_cannot_be_withdrawn_again(at: datetime) -> None:
    sold, reviewer = cast.sold(at), make.staff(at, "reviewer")
    services.withdraw_grant(grant_id=sold.grant.pk, reason="x", actor=reviewer, at=at)

    with cast.refused(IllegalTransition):
        services.withdraw_grant(grant_id=sold.grant.pk, reason="x", actor=reviewer, at=at)

    assert cast.verbs("grant", sold.grant.pk) == ["open", "withdraw"]


def test_grants_of_many_trades_are_withdrawn_together_and_the_rest_stay(at: datetime) -> None:
    first, second, third = cast.sold(at), cast.sold(at), cast.sold(at)
    services.withdraw_grants(
        references=[second.grant.reference], reason="before", actor=SYSTEM, at=at
    )

    withdrawn = services.withdraw_grants(
        references=[first.grant.reference, second.grant.reference],
        reason="recall",
        actor=SYSTEM,
        at=at + timedelta(seconds=1),
    )

    assert withdrawn == [first.grant.pk]
    assert third.fresh().state == "OPEN"
    assert cast.verbs("grant", second.grant.pk) == ["open", "withdraw"]


def test_grants_under_way_of_a_version_are_the_open_ones(at: datetime) -> None:
    sold = cast.sold(at)
    other = cast.request_for(sold.version, make.buyer(at), at)
    services.open_grants(grants=[other], actor=SYSTEM, at=at)

    services.withdraw_grants(
        references=[sold.grant.reference], reason="recall", actor=SYSTEM, at=timezone.now()
    )

    under_way = selectors.grants_under_way(sold.version.pk)
    assert [grant.reference for grant in under_way] == [other.reference]
