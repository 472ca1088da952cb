"""Making a link: for the buyer, for one file, for a day at most."""

from datetime import datetime, timedelta

import pytest

from core.actors import SYSTEM
from core.errors import Forbidden, NotFound, VenueStaff
from core.models import Organisation
from core.states import ORGANISATION
from delivery import services
from delivery.errors import DownloadsUsedUp
from delivery.models import Link
from tests import make
from tests.delivery import cast

pytestmark = pytest.mark.django_db


def test_link_lives_a_day_and_leaves_an_event(at: datetime) -> None:
    sold = cast.sold(at)

    made = cast.link(sold, at)

    assert made.link.expires_at == at + timedelta(hours=24)
    assert (made.link.grant_id, made.link.release_id) == (sold.grant.pk, sold.release.pk)
    assert made.link.made_by_id == sold.buyer.user_id
    assert cast.verbs("link", made.link.pk) == ["make"]


def test_link_never_outlives_its_grant(at: datetime) -> None:
    sold = cast.sold(at, expires_at=at + timedelta(hours=5))

    made = cast.link(sold, at)

    assert made.link.expires_at == at + timedelta(hours=5)


def test_buyer_gets_a_fresh_link_at_any_time(at: datetime) -> None:
    sold = cast.sold(at)

    first, second = cast.link(sold, at), cast.link(sold, at + timedelta(hours=30))

    assert first.token != second.token
    assert second.link.expires_at == at + timedelta(hours=54)


def test_vendor_outsider_and_venue_get_no_link(at: datetime) -> None:
    sold = cast.sold(at)
    refused = [
        (sold.vendor, NotFound),
        (make.buyer(at), NotFound),
        (make.vendor(at), NotFound),
        (make.staff(at, "admin"), VenueStaff),
    ]

    for actor, refusal in refused:
        with cast.refused(refusal):
            services.make_link(
                grant_id=sold.grant.pk, release_id=sold.release.pk, actor=actor, at=at
            )

    assert Link.objects.count() == 0


def test_member_without_the_role_gets_no_link(at: datetime) -> None:
    sold = cast.sold(at)
    organisation = Organisation.objects.get(pk=sold.buyer.organisation_id)
    viewer = make.member(organisation, "viewer", at=at)

    with cast.refused(Forbidden):
        services.make_link(grant_id=sold.grant.pk, release_id=sold.release.pk, actor=viewer, at=at)

    assert Link.objects.count() == 0


def test_suspension_of_the_buyer_does_not_stop_a_delivery_under_way(at: datetime) -> None:
    sold = cast.sold(at)
    organisation = Organisation.objects.get(pk=sold.buyer.organisation_id)
    ORGANISATION.move(organisation, "suspend", actor=SYSTEM, at=at)
    trader = make.member(organisation, "trader", at=at)
    assert trader.organisation_state == "SUSPENDED"

    made = services.make_link(
        grant_id=sold.grant.pk, release_id=sold.release.pk, actor=trader, at=at
    )

    assert cast.body_of(cast.fetch(made.token)) == cast.BODY


def test_sample_and_file_of_another_version_are_not_given(at: datetime) -> None:
    sold, other = cast.sold(at), cast.sold(at)
    sample = cast.release(sold.version, at, kind="sample")

    for release in (sample, other.release):
        with cast.refused(NotFound):
            services.make_link(
                grant_id=sold.grant.pk, release_id=release.pk, actor=sold.buyer, at=at
            )

    assert Link.objects.count() == 0


def test_release_published_later_is_given_too(at: datetime) -> None:
    sold = cast.sold(at)
    later = cast.release(sold.version, at + timedelta(days=1), body=b"next day")

    with cast.refused(NotFound):
        services.make_link(grant_id=sold.grant.pk, release_id=later.pk, actor=sold.buyer, at=at)
    made = services.make_link(
        grant_id=sold.grant.pk,
        release_id=later.pk,
        actor=sold.buyer,
        at=at + timedelta(days=1),
    )

    assert made.release == later


def test_no_link_is_made_once_all_downloads_are_used(at: datetime) -> None:
    sold = cast.sold(at, max_downloads=1)
    cast.body_of(cast.fetch(cast.link(sold, at).token))

    with cast.refused(DownloadsUsedUp) as refusal:
        cast.link(sold, at)

    assert str(refusal.value.detail) == "1 of 1 downloads are used."
    assert Link.objects.count() == 1
