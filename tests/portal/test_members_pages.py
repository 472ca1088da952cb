"""For whom one acts: choosing among organisations, applying, inviting and accepting."""

import re
from datetime import datetime

import pytest
from django.test import Client

from core.models import Capacity, IdempotencyKey, Invitation, Membership, Organisation, User
from core.services import organisations
from tests import make
from tests.exchange import cast
from tests.portal.test_views import browser, text_of

pytestmark = pytest.mark.usefixtures("standing_market")

NUMBER = "91310000MA1FL0LX16"


def signed_in(user: User, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def someone(name: str = "newcomer") -> User:
    return User.objects.create_user(email=f"{name}@example.com", password="a long pass phrase")


def test_newcomer_is_led_to_its_organisation(db: None) -> None:
    for language, said in (
        ("en", "You act for no organisation yet"),
        ("zh-hans", "你还没有代表任何组织"),
    ):
        client = signed_in(someone(language), language)
        assert "/organisation" in client.get("/").content.decode()
        assert said in client.get("/organisation").content.decode()


def test_refused_application_keeps_what_was_typed(db: None) -> None:
    client = signed_in(someone())
    form = {"name_en": "Imaginary Works", "country": "CN", "kind": "enterprise", "key": "once"}

    page = client.post("/organisation/apply", {**form, "registry_number": "123"}).content.decode()

    assert 'value="Imaginary Works"' in page
    assert "is not a unified social credit code" in page
    assert not Organisation.objects.filter(name_en="Imaginary Works").exists()


def test_applicant_enters_its_organisation_and_asks_for_a_capacity(db: None, at: datetime) -> None:
    client = signed_in(someone())
    form = {"name_en": "Imaginary Works", "country": "sg", "kind": "enterprise", "key": "once"}

    first = client.post("/organisation/apply", {**form, "registry_number": "201912345K"})
    client.post("/organisation/apply", {**form, "registry_number": "201912345K"})
    assert first["Location"] == "/organisation"
    made = Organisation.objects.get(name_en="Imaginary Works")
    assert (made.state, made.country, made.registry_number) == ("APPLIED", "SG", "201912345K")
    assert "The venue verifies it first" in client.get("/organisation").content.decode()

    admin = make.staff(at, "admin")
    organisations.decide_organisation(
        organisation_id=made.pk, verb="verify", reason="", actor=admin, at=at
    )
    client.post("/organisation/capacity", {"kind": "buyer", "key": "twice"})
    client.post("/organisation/capacity", {"kind": "buyer", "key": "twice"})

    assert [row.kind for row in Capacity.objects.filter(organisation=made)] == ["buyer"]
    assert "Imaginary Works" in client.get("/organisation").content.decode()


def test_person_of_two_organisations_chooses_for_which_it_acts(db: None, at: datetime) -> None:
    market = cast.market(at)
    user = User.objects.get(pk=market.buyer.user_id)
    Membership.objects.create(
        user=user, organisation_id=market.vendor.organisation_id, roles=["owner"], created_at=at
    )
    client = signed_in(user)
    assert ">Products</a>" not in client.get("/").content.decode()
    page = client.get("/organisation").content.decode()
    assert page.count("Act for this one") == 1

    chosen = client.post(
        "/organisation/choose", {"organisation": str(market.vendor.organisation_id)}
    )

    assert chosen["Location"] == "/organisation"
    assert ">Products</a>" in client.get("/").content.decode()


def test_nobody_acts_for_an_organisation_it_is_no_member_of(db: None, at: datetime) -> None:
    market = cast.market(at)
    client = browser(market.buyer)

    refused = client.post(
        "/organisation/choose", {"organisation": str(market.vendor.organisation_id)}
    )

    assert refused.status_code == 404
    assert ">Products</a>" not in client.get("/").content.decode()


def test_invited_person_accepts_by_the_link_shown_once(live_database: str, at: datetime) -> None:
    market = cast.market(at)
    owner = browser(market.buyer)
    form = {"email": "guest@example.com", "roles": ["trader"], "signing_limit": "5000"}

    page = owner.post("/organisation/invite", form).content.decode()

    link = re.search(r"http://testserver(/invitations/dbi_[\w-]+)", page)
    assert link is not None
    assert Invitation.objects.get().signing_limit_minor == 500_000
    assert "dbi_" not in owner.get("/organisation").content.decode()
    guest, stranger = signed_in(someone("guest")), signed_in(someone("stranger"))
    assert stranger.get(link[1]).status_code == 404
    assert stranger.post(link[1]).status_code == 404
    assert "invites you" in text_of(guest.get(link[1]).content.decode())
    assert not Membership.objects.filter(user__email="guest@example.com").exists()

    guest.post(link[1])

    joined = Membership.objects.get(user__email="guest@example.com")
    assert (joined.organisation_id, joined.roles) == (market.buyer.organisation_id, ["trader"])
    assert guest.get(link[1]).status_code == 404
    assert "Demands" in guest.get("/").content.decode()


def test_same_click_invites_once_and_shows_the_same_link(db: None, at: datetime) -> None:
    owner = browser(cast.market(at).buyer)
    form = {"email": "guest@example.com", "roles": ["trader", "viewer"], "key": "a-click"}

    pages = [owner.post("/organisation/invite", form).content.decode() for _ in range(2)]

    links = {link for page in pages for link in re.findall(r"/invitations/dbi_[\w-]+", page)}
    assert (len(links), Invitation.objects.count()) == (1, 1)
    assert "dbi_" not in str(IdempotencyKey.objects.get().body)
    other = owner.post("/organisation/invite", {**form, "roles": ["owner", "viewer"]})
    assert "was used for a different request" in other.content.decode()
    assert Invitation.objects.get().roles == ["trader", "viewer"]


def test_member_without_the_role_invites_nobody(db: None, at: datetime) -> None:
    market = cast.market(at)
    organisation = Organisation.objects.get(pk=market.buyer.organisation_id)
    viewer = browser(make.member(organisation, "viewer", at=at))
    assert "Invite a member" not in viewer.get("/organisation").content.decode()

    page = viewer.post("/organisation/invite", {"email": "a@example.com", "roles": ["trader"]})

    assert "You may not do this" in page.content.decode()
    assert not Invitation.objects.exists()


def test_pages_of_the_account_wear_the_portals_look_in_both_languages(db: None) -> None:
    for address, english, chinese in (
        ("/accounts/login/", "No account yet?", "登录"),
        ("/accounts/signup/", "Signed up already?", "已经注册？"),
        ("/accounts/password/reset/", "Reset your password", "重置密码"),
        ("/accounts/password/reset/done/", "The link is on its way", "链接已发出"),
        ("/accounts/password/reset/key/1-x-y/", "This link is no longer good", "链接已失效"),
    ):
        for language, said in (("en", english), ("zh-hans", chinese)):
            page = browser(None, language).get(address).content.decode()
            assert said in page, (address, language)
            assert 'class="shell-header"' in page
            assert "您" not in page
