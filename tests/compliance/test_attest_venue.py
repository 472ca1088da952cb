"""What binds the venue itself: its administrator signs once a year, and silence is told."""

import json
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import InternalError, connection, transaction
from django.test import Client

from compliance import selectors, services
from compliance.models import Decision, VenueAttestation
from core.actors import SYSTEM, Member
from core.errors import DomainError, Forbidden, Malformed
from core.models import Event
from tests import make
from tests.compliance import cast
from tests.listings.cast import Api, refused

NOTE = "the engine concludes between two named parties; no other means is installed"
DUTIES = ["SS-02", "HIST-02", *(f"CON-0{n}" for n in range(1, 9))]


def attest(actor: Member, at: datetime, item: str = "CON-01", *, holds: bool = True) -> None:
    services.attest_venue(item=item, holds=holds, note=NOTE, actor=actor, at=at)


def state_of(item: str, at: datetime) -> str:
    return next(one.state for one in selectors.venue_standing(at).duties if one.item == item)


def test_everything_is_missing_until_it_is_signed(db: None, at: datetime) -> None:
    cast.in_force(at)

    found = selectors.venue_standing(at)

    assert sorted(one.item for one in found.duties) == sorted(DUTIES)
    assert {one.state for one in found.duties} == {"missing"}
    assert not found.complete


def test_an_administrator_signs_for_a_year(db: None, at: datetime) -> None:
    cast.in_force(at)
    admin = make.staff(at, "admin")

    attest(admin, at)

    row = VenueAttestation.objects.get()
    assert (row.item, row.holds, row.signed_by_id) == ("CON-01", True, admin.user_id)
    assert row.valid_until == at + timedelta(days=365)
    assert row.question["zh"].startswith("每笔交易")
    assert Event.objects.get(subject_id=row.pk).verb == "attest"
    assert state_of("CON-01", at) == "attested"
    assert state_of("CON-01", at + timedelta(days=364)) == "attested"
    assert state_of("CON-01", at + timedelta(days=365)) == "expired"
    assert state_of("CON-02", at) == "missing"


def test_the_last_answer_counts_and_a_no_is_told(db: None, at: datetime) -> None:
    cast.in_force(at)
    admin = make.staff(at, "admin")
    attest(admin, at)

    attest(admin, at + timedelta(days=1), holds=False)

    assert state_of("CON-01", at) == "attested"
    assert state_of("CON-01", at + timedelta(days=1)) == "denied"
    assert VenueAttestation.objects.count() == 2


def test_all_signed_is_complete(db: None, at: datetime) -> None:
    cast.in_force(at)
    admin = make.staff(at, "admin")

    for item in DUTIES:
        attest(admin, at, item)

    assert selectors.venue_standing(at).complete
    assert not selectors.venue_standing(at + timedelta(days=365)).complete


@pytest.mark.parametrize("role", ["reviewer", "senior_reviewer", "author", "officer"])
def test_only_an_administrator_signs(db: None, at: datetime, role: str) -> None:
    cast.in_force(at)

    with refused(Forbidden):
        attest(make.staff(at, role), at)
    with refused(Forbidden):
        attest(make.vendor(at), at)
    with refused(Forbidden):
        attest(SYSTEM, at)
    assert VenueAttestation.objects.count() == 0


@pytest.mark.parametrize(
    ("item", "note"), [("PI-01", NOTE), ("SRC-10", NOTE), ("NO-99", NOTE), ("CON-01", " ")]
)
def test_what_is_not_asked_or_not_looked_at_is_malformed(
    db: None, at: datetime, item: str, note: str
) -> None:
    cast.in_force(at)

    with refused(Malformed):
        services.attest_venue(
            item=item, holds=True, note=note, actor=make.staff(at, "admin"), at=at
        )
    assert VenueAttestation.objects.count() == 0


def test_nothing_is_asked_before_a_list_is_in_force(db: None, at: datetime) -> None:
    with refused(DomainError) as caught:
        attest(make.staff(at, "admin"), at)
    assert caught.value.code == "no-checklist-in-force"


def test_an_answer_is_never_changed(db: None, at: datetime) -> None:
    cast.in_force(at)
    attest(make.staff(at, "admin"), at)

    for sql in (
        "UPDATE compliance_venueattestation SET holds = false",
        "DELETE FROM compliance_venueattestation",
    ):
        with (
            pytest.raises(InternalError, match="Cannot update or delete"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert VenueAttestation.objects.get().holds


def test_no_listing_is_asked_what_the_venue_is_asked(db: None, at: datetime) -> None:
    cast.in_force(at)
    review = cast.queued(make.vendor(at), at)

    said = {finding["code"] for row in Decision.objects.all() for finding in row.findings}

    assert said.isdisjoint(DUTIES)
    assert selectors.question_lines(review, at, "en") == ()


def test_anybody_reads_and_the_administrator_writes_over_the_api(db: None, at: datetime) -> None:
    cast.in_force(at)
    body = {"item": "CON-03", "holds": True, "note": NOTE}

    outsider = Api(make.buyer(at), at).post("venue-attestations", body)
    signed = Api(make.staff(at, "admin"), at).post("venue-attestations", body)
    read = Client().get("/api/v1/venue-attestations").json()

    assert (outsider.status_code, signed.status_code) == (403, 201)
    assert not read["complete"]
    states = {one["item"]: one["state"] for one in read["duties"]}
    assert (states["CON-03"], states["CON-04"]) == ("attested", "missing")


def test_the_command_ends_with_1_until_all_is_attested(db: None, at: datetime) -> None:
    cast.in_force(at)
    admin = make.staff(at, "admin")
    for item in DUTIES[:-1]:
        attest(admin, at, item)
    said = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("venue_attestations", "--json", stdout=said)
    attest(admin, at, DUTIES[-1])
    call_command("venue_attestations", stdout=StringIO())

    assert ended.value.code == 1
    states = {one["item"]: one["state"] for one in json.loads(said.getvalue())["duties"]}
    assert states["CON-08"] == "missing"
    assert states["SS-02"] == "attested"
