"""Closing grants: when a trade has ended, by the venue's machinery alone."""

from datetime import datetime

import pytest

from core.actors import SYSTEM
from core.errors import NotFound
from delivery import services
from tests import make
from tests.delivery import cast

pytestmark = pytest.mark.django_db


def test_closed_grant_gives_no_more_bytes(at: datetime) -> None:
    sold = cast.sold(at)
    made = cast.link(sold, at)

    closed = services.close_grants(
        references=[sold.grant.reference], reason="refunded", actor=SYSTEM, at=at
    )

    assert closed == [sold.grant.pk]
    response = cast.fetch(made.token)
    assert (response.status_code, response.json()["code"]) == (403, "grant-closed")
    assert sold.fresh().download_count == 0
    assert cast.verbs("grant", sold.grant.pk) == ["open", "close"]


def test_nobody_closes_a_grant_by_hand(at: datetime) -> None:
    sold = cast.sold(at)

    for actor in (sold.buyer, sold.vendor, make.staff(at, "admin", "senior_reviewer")):
        with cast.refused(NotFound):
            services.close_grants(references=[sold.grant.reference], reason="x", actor=actor, at=at)

    assert sold.fresh().state == "OPEN"
    assert cast.verbs("grant", sold.grant.pk) == ["open"]
