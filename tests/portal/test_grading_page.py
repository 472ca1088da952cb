"""The page that grades a draft: a vendor walks the matrix, a reviewer reads how it was walked."""

from datetime import datetime

import pytest

from compliance.grading import OBJECTS
from compliance.models import Grading
from core.actors import Member
from listings.models import Version
from tests import make
from tests.compliance import cast
from tests.portal.test_views import browser, text_of

pytestmark = pytest.mark.usefixtures("db")
ANSWERS = {**dict.fromkeys(OBJECTS, "none"), "person": "ordinary"}
GIVEN = {**ANSWERS, "determined_by": "self", "reasoning": "a name and a number", "key": "k"}


@pytest.fixture
def vendor(at: datetime) -> Member:
    return make.vendor(at)


def read(member: Member, address: str) -> str:
    response = browser(member).get(address)
    assert response.status_code == 200, response.content[:400]
    return text_of(response.content.decode())


def test_vendor_walks_the_matrix_and_the_draft_states_the_grade(
    at: datetime, vendor: Member
) -> None:
    draft = cast.draft(vendor, at)
    page = f"/versions/{draft.pk}/grading"
    assert "No grading is recorded yet" in read(vendor, page)

    response = browser(vendor).post(f"/versions/{draft.pk}/grade", GIVEN)

    assert response.status_code == 302
    content = Version.objects.get(pk=draft.pk).content
    assert (content["grade"], content["grade_level"]) == ("general", 2)
    shown = read(vendor, page)
    assert "Settled for the content as it stands." in shown
    assert "a name and a number" in shown


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"person": ""}, "This field is required"),
        ({"person": "awful"}, "Select a valid choice"),
        ({"reasoning": " "}, "This field is required"),
        ({"determined_by": "catalogue"}, "name the catalogue or the notice"),
        ({"grade": "core"}, "only a catalogue or a notice says this"),
        ({"level": "9"}, "Select a valid choice"),
    ],
)
def test_what_does_not_go_together_stays_on_the_page(
    at: datetime, vendor: Member, change: dict[str, str], told: str
) -> None:
    draft = cast.draft(vendor, at)

    response = browser(vendor).post(f"/versions/{draft.pk}/grade", {**GIVEN, **change})

    assert response.status_code == 200
    assert told in text_of(response.content.decode())
    assert not Grading.objects.exists()


def test_other_vendors_draft_is_not_found(at: datetime, vendor: Member) -> None:
    draft, other = cast.draft(vendor, at), make.vendor(at)

    assert read(vendor, f"/versions/{draft.pk}/grading")
    assert browser(other).get(f"/versions/{draft.pk}/grading").status_code == 404
    assert browser(other).post(f"/versions/{draft.pk}/grade", GIVEN).status_code == 404
    assert not Grading.objects.exists()


def test_reviewer_reads_how_it_was_graded(at: datetime, vendor: Member) -> None:
    cast.in_force(at)
    draft = cast.draft(vendor, at)
    browser(vendor).post(f"/versions/{draft.pk}/grade", GIVEN)
    cast.submit(draft, vendor, at)
    review = cast.Review.objects.get(version=draft.pk)

    shown = read(make.staff(at, "reviewer"), f"/reviews/{review.pk}")

    assert "Graded as" in shown
    assert "a name and a number" in shown
