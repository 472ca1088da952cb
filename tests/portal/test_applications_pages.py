"""Who is let in: the pages of the venue's administrators, and what the organisation reads."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actors import Member
from core.models import Capacity, Event, Organisation, User
from core.services import organisations
from exchange.demo.market import credit_code
from exchange.selectors.applications import Check, number_checks
from tests import make
from tests.portal.test_views import browser, text_of

REAL = "91310000MA1FL0LX19"


def applicant(at: datetime, *kinds: str, number: str = REAL) -> Member:
    user = make.user()
    made = organisations.apply_for_organisation(
        name_zh="虚构新来数据有限公司",
        name_en="Imaginary Newcomer",
        country="CN",
        registry_number=number,
        region="CN-31",
        actor=Member(user.pk, None, None, organisation_state=""),
        at=at,
    )
    for kind in kinds:
        Capacity.objects.create(organisation=made, kind=kind, applied_at=at)
    return Member(user.pk, None, made.pk, "APPLIED", roles=frozenset({"owner"}))


def address(found: Member, *rest: str) -> str:
    return "/".join((f"/applications/{found.organisation_id}", *rest))


def test_administrator_lets_an_organisation_in_step_by_step(db: None, at: datetime) -> None:
    found, client = applicant(at, "buyer"), browser(make.staff(at, "admin"))
    listed = client.get("/applications").content.decode()
    assert f'href="{address(found)}"' in listed
    assert "Imaginary Newcomer" in listed
    before = client.get(address(found)).content.decode()
    assert "Verify the organisation first." in before
    assert "Admit the capacity" not in before

    client.post(address(found, "verify"), {"key": "a", "reason": ""})
    client.post(address(found, "verify"), {"key": "a", "reason": ""})
    client.post(address(found, "capacities", "buyer", "admit"), {"key": "b"})

    held = Organisation.objects.get(pk=found.organisation_id)
    assert (held.state, held.capacities.get().state) == ("ACTIVE", "ADMITTED")
    verbs = Event.objects.filter(subject__in=["organisation", "capacity"])
    assert list(verbs.order_by("id").values_list("verb", flat=True)) == ["verify", "admit"]
    assert "Nobody waits for a decision" in client.get("/applications").content.decode()
    assert address(found) in client.get("/applications?show=all").content.decode()


@pytest.mark.parametrize("verb", ["refuse", "suspend"])
def test_refusal_and_suspension_need_a_reason_which_the_organisation_reads(
    db: None, at: datetime, verb: str
) -> None:
    found, admin = applicant(at), make.staff(at, "admin")
    if verb == "suspend":
        organisations.decide_organisation(
            organisation_id=found.organisation_id, verb="verify", reason="", actor=admin, at=at
        )
    client, before = browser(admin), Organisation.objects.get(pk=found.organisation_id).state

    page = client.post(address(found, verb), {"key": "a", "reason": " "}, follow=True)
    assert "A reason is needed." in page.content.decode()
    assert Organisation.objects.get(pk=found.organisation_id).state == before

    client.post(address(found, verb), {"key": "b", "reason": "the register does not know it"})

    after = Organisation.objects.get(pk=found.organisation_id).state
    assert after == {"refuse": "REFUSED", "suspend": "SUSPENDED"}[verb]
    own = browser(found).get("/organisation").content.decode()
    assert "The venue's reason: the register does not know it" in text_of(own)


def test_suspended_organisation_and_capacity_are_reinstated(db: None, at: datetime) -> None:
    found, client = make.buyer(at), browser(make.staff(at, "admin"))
    for way in (("capacities", "buyer"), ()):
        for verb in ("suspend", "reinstate"):
            client.post(address(found, *way, verb), {"reason": "to look closer"})

    held = Organisation.objects.get(pk=found.organisation_id)
    assert (held.state, held.capacities.get().state) == ("ACTIVE", "ADMITTED")
    assert Event.objects.filter(organisation_id=make.venue(at).pk).count() == 4


def test_code_that_is_taken_is_a_message_beside_the_form(db: None, at: datetime) -> None:
    found, other = make.vendor(at), make.vendor(at)
    client = browser(make.staff(at, "admin"))

    done = client.post(address(found, "code"), {"code": "river", "key": "a"})
    taken = client.post(address(other, "code"), {"code": "RIVER", "key": "b"})

    assert done["Location"] == address(found)
    assert "Another organisation has the code RIVER." in taken.content.decode()
    assert list(Organisation.objects.exclude(code="").values_list("code")) == [("RIVER",)]


@pytest.mark.parametrize("role", ["reviewer", "author", "officer"])
def test_other_staff_decide_on_nobody(db: None, at: datetime, role: str) -> None:
    found, client = applicant(at), browser(make.staff(at, role))

    assert ">Applications</a>" not in client.get("/").content.decode()
    assert client.get("/applications").status_code == 403
    assert client.get(address(found)).status_code == 403
    client.post(address(found, "verify"), {"key": "a"})
    assert Organisation.objects.get(pk=found.organisation_id).state == "APPLIED"


def test_organisation_does_not_decide_on_itself(db: None, at: datetime) -> None:
    found = applicant(at)
    client = browser(found)

    assert client.get(address(found)).status_code == 403
    client.post(address(found, "verify"), {"key": "a"})
    client.post(address(found, "code"), {"code": "OWN", "key": "b"})
    held = Organisation.objects.get(pk=found.organisation_id)
    assert (held.state, held.code) == ("APPLIED", "")


def test_menu_leads_each_of_the_staff_to_its_own_desk(db: None, at: datetime) -> None:
    menus = {
        role: browser(make.staff(at, role)).get("/").content.decode()
        for role in ("admin", "reviewer", "senior_reviewer", "officer")
    }

    assert {role for role, menu in menus.items() if ">Applications</a>" in menu} == {"admin"}
    reviewers = {role for role, menu in menus.items() if ">Reviews</a>" in menu}
    assert reviewers == {"reviewer", "senior_reviewer"}


def test_queries_do_not_grow_with_what_is_listed(db: None, at: datetime) -> None:
    client, counts = browser(make.staff(at, "admin")), []
    for number in (1, 2, 3):
        applicant(at, "buyer", number=credit_code(number))
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/applications").status_code == 200
        counts.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            found = Organisation.objects.filter(is_venue=False).latest("created_at")
            assert client.get(f"/applications/{found.pk}").status_code == 200
        counts.append(len(queries))

    assert counts[2:4] == counts[4:6]


@pytest.mark.parametrize(
    ("country", "number", "kind", "region", "found"),
    [
        ("CN", REAL, "enterprise", "CN-31", "passed passed passed passed"),
        ("CN", REAL, "government", "CN-11", "passed failed passed failed"),
        ("CN", REAL, "enterprise", "", "passed passed passed"),
        ("CN", credit_code(7), "enterprise", "CN-31", "passed passed failed"),
        ("CN", REAL[:-1] + "8", "enterprise", "", "failed"),
        ("DE", "HRB 1234", "enterprise", "", "unknown"),
    ],
)
def test_number_says_its_register_kind_and_region(
    country: str, number: str, kind: str, region: str, found: str
) -> None:
    checks = number_checks(country, number, kind, region)

    assert " ".join(check.verdict for check in checks) == found
    assert all(isinstance(check, Check) for check in checks)


def test_page_is_there_in_chinese(db: None, at: datetime) -> None:
    found, client = applicant(at, "vendor"), browser(make.staff(at, "admin"), "zh-hans")

    page = client.get(address(found)).content.decode()

    assert "虚构新来数据有限公司" in page
    assert "登记号能说明什么" in page
    assert User.objects.filter(pk=found.user_id).exists()
