"""Opening grants: once for each trade, whoever asks how often."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actors import SYSTEM
from core.models import Event
from delivery import services
from delivery.errors import GrantDiffers
from delivery.models import Grant
from tests import make
from tests.delivery import cast

pytestmark = pytest.mark.django_db


def test_open_grant_holds_what_was_asked_and_leaves_an_event(at: datetime) -> None:
    buyer, version = make.buyer(at), cast.version(make.vendor(at), at)
    asked = cast.request_for(version, buyer, at, max_downloads=5)

    [grant] = services.open_grants(grants=[asked], actor=SYSTEM, at=at)

    grant.refresh_from_db()
    assert (grant.state, grant.reference, grant.buyer_id) == (
        "OPEN",
        asked.reference,
        buyer.organisation_id,
    )
    assert (grant.max_downloads, grant.download_count, grant.opened_at) == (5, 0, at)
    assert (grant.expires_at, grant.inspect_until) == (asked.expires_at, asked.inspect_until)
    assert cast.verbs("grant", grant.pk) == ["open"]


def test_second_opening_returns_the_first_grant_and_adds_nothing(at: datetime) -> None:
    buyer, version = make.buyer(at), cast.version(make.vendor(at), at)
    asked = cast.request_for(version, buyer, at)
    [first] = services.open_grants(grants=[asked], actor=SYSTEM, at=at)

    [second] = services.open_grants(grants=[asked], actor=SYSTEM, at=at + timedelta(minutes=1))

    assert second.pk == first.pk
    assert Grant.objects.count() == 1
    assert cast.verbs("grant", first.pk) == ["open"]


def test_new_grants_are_opened_beside_those_that_are_there(at: datetime) -> None:
    buyer, version = make.buyer(at), cast.version(make.vendor(at), at)
    old = cast.request_for(version, buyer, at)
    new = cast.request_for(version, buyer, at)
    services.open_grants(grants=[old], actor=SYSTEM, at=at)

    both = services.open_grants(grants=[old, new], actor=SYSTEM, at=at)

    assert {grant.reference for grant in both} == {old.reference, new.reference}
    assert Event.objects.filter(subject="grant", verb="open").count() == 2


def test_grant_on_other_terms_is_refused_and_the_first_stays(at: datetime) -> None:
    buyer, version = make.buyer(at), cast.version(make.vendor(at), at)
    reference = uuid4()
    first = cast.request_for(version, buyer, at, reference=reference, max_downloads=3)
    other = cast.request_for(version, buyer, at, reference=reference, max_downloads=9)
    services.open_grants(grants=[first], actor=SYSTEM, at=at)

    with cast.refused(GrantDiffers):
        services.open_grants(grants=[other], actor=SYSTEM, at=at)

    assert list(Grant.objects.values_list("max_downloads", flat=True)) == [3]
    assert Event.objects.filter(subject="grant").count() == 1


def test_statements_do_not_grow_with_the_number_of_grants(at: datetime) -> None:
    buyer, version = make.buyer(at), cast.version(make.vendor(at), at)
    counts = []
    for number in (1, 100):
        asked = [cast.request_for(version, buyer, at) for _ in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            services.open_grants(grants=asked, actor=SYSTEM, at=at)
        counts.append(len(queries))

    assert counts[0] == counts[1]
