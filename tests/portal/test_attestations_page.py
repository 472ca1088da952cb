"""The page of what the venue attests: which rows, by whom, until when, and what is missing."""

from datetime import datetime

import pytest

from compliance.models import VenueAttestation
from tests import make
from tests.compliance import cast as desk
from tests.listings.cast import Api
from tests.portal.test_views import browser, counted, text_of

pytestmark = pytest.mark.django_db
ROWS = {*(f"CON-0{n}" for n in range(1, 9)), "SS-02", "HIST-02"}
ANSWER = {"item": "CON-01", "holds": "yes", "note": "the matching code was read"}


def page_of(member: object, language: str = "en") -> str:
    page = browser(member, language).get("/attestations").content.decode()  # type: ignore[arg-type]
    return " ".join(text_of(page).split())


def test_page_names_every_row_that_binds_the_venue(at: datetime) -> None:
    desk.in_force(at)

    page = browser(None).get("/attestations").content.decode()

    assert {code for code in ROWS if f'id="{code}"' in page} == ROWS
    assert "10 answers are missing" in page_of(None)
    assert "还缺 10 条回答" in page_of(None, "zh-hans")
    assert "Sign the answer" not in page


def test_administrator_signs_and_everybody_reads_until_when(at: datetime) -> None:
    desk.in_force(at)
    admin = make.staff(at, "admin")

    browser(admin).post("/attestations/attest", ANSWER)

    row = VenueAttestation.objects.get()
    assert (row.item, row.holds, row.signed_by_id) == ("CON-01", True, admin.user_id)
    ours, theirs = page_of(make.staff(at, "reviewer")), page_of(make.buyer(at))
    assert f"signed by {admin.name}" in ours
    assert "the matching code was read" in ours
    assert "9 answers are missing" in theirs
    assert admin.name not in theirs
    assert "signed by an administrator of the venue" in theirs
    told = Api(None, at).get("venue-attestations").json()["duties"]
    assert {one["signed_by"] for one in told} == {""}


def test_wrong_answer_is_told_beside_its_field(at: datetime) -> None:
    desk.in_force(at)
    admin = browser(make.staff(at, "admin"))

    for wrong in ({"note": " "}, {"holds": "perhaps"}, {"item": "PI-04"}, {"note": "a\x00b"}):
        answer = admin.post("/attestations/attest", {**ANSWER, **wrong})
        assert answer.status_code == 200, wrong
        assert "One thing to correct" in answer.content.decode(), wrong
    assert browser(make.buyer(at)).post("/attestations/attest", ANSWER).status_code == 200
    assert not VenueAttestation.objects.exists()


def test_page_takes_as_many_queries_whatever_is_attested(at: datetime) -> None:
    desk.in_force(at)
    client = browser(make.staff(at, "admin"))
    few = counted(client, "/attestations")
    for item in sorted(ROWS)[:4]:
        client.post("/attestations/attest", {**ANSWER, "item": item, "key": item})

    assert few == counted(client, "/attestations") <= 8
