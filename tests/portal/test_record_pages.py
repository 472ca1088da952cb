"""The pages of records about persons: recorded, refused beside the field, withdrawn, shown."""

from datetime import datetime

import pytest
from django.test import Client

from compliance.models import PersonalRecord
from core.actors import Member
from core.models import User
from tests import make
from tests.compliance import cast as desks
from tests.compliance import records
from tests.examples.persons import basis_fields
from tests.examples.world import World

pytestmark = pytest.mark.django_db
NEW = "/personal-records/new/basis"


def browser(member: Member) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(User.objects.get(pk=member.user_id))
    return client


def page_of(client: Client, where: str) -> str:
    response = client.get(where)
    assert response.status_code == 200, where
    return response.content.decode()


def test_consent_is_recorded_on_its_page_and_rests_under_a_version(at: datetime) -> None:
    desks.in_force(at)
    vendor = make.vendor(at)
    version = records.draft(vendor, at)
    client = browser(vendor)

    answer = client.post(NEW, {**basis_fields(World(at)), "versions": [str(version.pk)]})

    made = PersonalRecord.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/personal-records/{made.pk}")
    assert made.document["purposes"] == ["research", "credit_risk"]
    shown = page_of(client, f"/personal-records/{made.pk}")
    assert records.WORDING in shown
    assert f"/versions/{version.pk}" in shown
    assert made.document["persons"] in page_of(client, f"/versions/{version.pk}")
    assert made.document["persons"] in page_of(client, "/personal-records")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"refused_without": "yes"}, "A forced consent is no consent"),
        ({"wording": "同意提供给任何第三方"}, "任何第三方"),
        ({"minors": "yes"}, "no guardian consented"),
        ({"persons_count": "0"}, "greater than or equal to 1"),
        ({"obtained_until": "2199-01-01"}, "must not lie in the future"),
        ({"obtained_from": "0000-99-99"}, "Enter a valid date"),
        ({"persons": "张\x00三"}, "Null characters are not allowed"),
        ({"persons": "110105 11010519491231002X"}, "single person"),
        ({"trustee": ","}, "Select a valid choice"),
    ],
)
def test_refused_consent_comes_back_as_it_was_typed(
    at: datetime, changes: dict[str, str], text: str
) -> None:
    client = browser(make.vendor(at))

    answer = client.post(NEW, {**basis_fields(World(at)), **changes})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert text in page
    assert "隐私政策 3.2 版第 5 条" in page
    assert not PersonalRecord.objects.exists()


def test_same_click_twice_makes_one_record(at: datetime) -> None:
    client = browser(make.vendor(at))
    fields = {**basis_fields(World(at)), "key": "one-click"}

    first, second = client.post(NEW, fields), client.post(NEW, fields)

    assert first["Location"] == second["Location"]
    assert PersonalRecord.objects.count() == 1


def test_claim_with_half_a_test_asks_for_the_rest_and_without_one_does_not_count(
    at: datetime,
) -> None:
    client = browser(make.vendor(at))
    where = "/personal-records/new/anonymisation"
    claim = {"method": "k_anonymity", "description": "k = 50"}

    half = client.post(where, {**claim, "tested_by": "an institute"})
    whole = client.post(where, claim)

    assert half.content.decode().count("a test is told whole") == 8
    assert "the claim does not count" in page_of(client, whole["Location"])


def test_a_part_is_withdrawn_on_the_page_and_then_the_whole(at: datetime) -> None:
    vendor = make.vendor(at)
    made = records.record_consent(vendor, at)
    client, base = browser(vendor), f"/personal-records/{made.pk}"

    nothing = client.post(f"{base}/narrow", {"reason": "?"})
    part = client.post(f"{base}/narrow", {"purposes": ["research"], "reason": "as asked"})

    assert "tick what is withdrawn" in nothing.content.decode()
    assert part.status_code == 302
    assert "Purposes withdrawn" in page_of(client, base)
    client.post(f"{base}/withdraw", {"reason": "as asked"})
    assert PersonalRecord.objects.get().state == "WITHDRAWN"
    assert "Withdraw the whole record" not in page_of(client, base)


def test_reviewer_reads_what_a_version_rests_on_and_a_stranger_finds_nothing(
    at: datetime,
) -> None:
    desks.in_force(at)
    desk, vendor = desks.desk(at), make.vendor(at)
    clearance, bound = records.cleared(vendor, desk, at)
    review = clearance.version.reviews.get()
    reviewer = browser(desk.maker)

    page = page_of(reviewer, f"/reviews/{review.pk}")

    assert f"/personal-records/{bound.pk}" in page
    shown = page_of(reviewer, f"/personal-records/{bound.pk}")
    assert bound.document["notice"] in shown
    assert "Withdraw the whole record" not in shown
    for where in (f"/personal-records/{bound.pk}", f"/versions/{clearance.version_id}"):
        assert browser(make.vendor(at)).get(where).status_code == 404
