"""Invitations: sent by mail, good for the person invited alone, and once."""

import re
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from core.actors import Member
from core.errors import Conflict, Forbidden, Malformed, NotFound
from core.models import Event, Invitation, Membership, User
from core.services import people
from core.services.work import drain
from exchange.reactions import REACTIONS
from tests import make
from tests.examples import World
from tests.listings.cast import refused

pytestmark = pytest.mark.usefixtures("standing_market")


def invite(owner: Member, at: datetime, email: str, *roles: str) -> str:
    made = people.invite_member(
        email=email,
        roles=list(roles or ("trader",)),
        signing_limit_minor=70_000,
        actor=owner,
        at=at,
    )
    return made.secret


def guest(email: str) -> Member:
    return Member(make.user(email).pk, None, None, organisation_state="")


def carry_out(at: datetime) -> dict[str, int]:
    found = {"mail_invitations": REACTIONS["mail_invitations"]}
    return drain(reactions=found, limit=100, clock=lambda: at + timedelta(minutes=1))


def test_link_is_mailed_in_both_languages(db: None, at: datetime) -> None:
    owner = make.buyer(at, "Lakeside\nBcc: somebody")
    key = invite(owner, at, "Guest@Example.com", "trader", "finance")

    assert mail.outbox == []
    assert carry_out(at) == {"mail_invitations": 1}
    assert carry_out(at) == {}

    (letter,) = mail.outbox
    assert letter.to == ["guest@example.com"]
    assert letter.subject == "Lakeside Bcc: somebody: invitation · 邀请"
    assert f"http://127.0.0.1:8000/invitations/{key}" in letter.body
    assert "Roles: Trader, Finance." in letter.body
    assert "邀请你成为其在数据交易场所的成员。角色：交易员、财务。" in letter.body
    assert "您" not in letter.body


def test_link_makes_the_guest_a_member_with_its_limit_once(db: None, at: datetime) -> None:
    owner = make.buyer(at)
    key = invite(owner, at, "guest@example.com")
    actor = guest("guest@example.com")

    made = people.accept_invitation(key=key, actor=actor, at=at)

    assert (made.roles, made.signing_limit_minor) == (["trader"], 70_000)
    assert made.organisation_id == owner.organisation_id
    with refused(NotFound):
        people.accept_invitation(key=key, actor=actor, at=at)
    assert Membership.objects.filter(user_id=actor.user_id).count() == 1


def test_link_is_good_for_the_person_invited_alone(db: None, at: datetime) -> None:
    key = invite(make.buyer(at), at, "guest@example.com")

    with refused(NotFound):
        people.accept_invitation(key=key, actor=guest("other@example.com"), at=at)
    assert Invitation.objects.get().accepted_at is None


def test_link_is_no_good_for_an_address_that_was_not_confirmed(db: None, at: datetime) -> None:
    key = invite(make.buyer(at), at, "guest@example.com")
    actor = guest("guest@example.com")
    address = EmailAddress.objects.create(
        user_id=actor.user_id, email="guest@example.com", primary=True, verified=False
    )
    events = Event.objects.count()

    with refused(Conflict):
        people.accept_invitation(key=key, actor=actor, at=at)
    assert Invitation.objects.get().accepted_at is None
    assert not Membership.objects.filter(user_id=actor.user_id).exists()
    assert Event.objects.count() == events

    EmailAddress.objects.filter(pk=address.pk).update(verified=True)
    people.accept_invitation(key=key, actor=actor, at=at)
    assert Membership.objects.get(user_id=actor.user_id).roles == ["trader"]


def test_another_confirmed_address_does_not_stand_for_the_one_invited(
    db: None, at: datetime
) -> None:
    key = invite(make.buyer(at), at, "guest@example.com")
    actor = guest("guest@example.com")
    for email, verified in (("guest@example.com", False), ("other@example.com", True)):
        EmailAddress.objects.create(user_id=actor.user_id, email=email, verified=verified)

    with refused(Conflict):
        people.accept_invitation(key=key, actor=actor, at=at)
    assert Invitation.objects.get().accepted_at is None


def test_who_signs_up_with_anothers_address_has_to_read_its_mail(
    live_database: str, at: datetime, settings: object
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"  # type: ignore[attr-defined]
    page = f"/invitations/{invite(make.buyer(at), at, 'guest@example.com')}"
    client = Client(headers={"Accept-Language": "en"})
    secret = "a long pass phrase of the guest"
    client.post(
        "/accounts/signup/",
        {"email": "Guest@Example.com", "password1": secret, "password2": secret},
    )

    answer = client.post(page)

    assert answer.status_code == 409
    assert "Confirm your e-mail address first" in answer.content.decode()
    assert not Membership.objects.filter(user__email="guest@example.com").exists()
    (letter,) = mail.outbox
    assert letter.to == ["guest@example.com"]
    link = re.search(r"/accounts/confirm-email/\S+", letter.body)
    assert link is not None
    client.post(link[0])
    assert client.post(page)["Location"] == "/organisation"
    assert Membership.objects.get(user__email="guest@example.com").roles == ["trader"]


def test_link_runs_out_and_is_not_mailed_any_more(db: None, at: datetime) -> None:
    key = invite(make.buyer(at), at, "guest@example.com")
    late = at + timedelta(days=14)

    with refused(NotFound):
        people.accept_invitation(key=key, actor=guest("guest@example.com"), at=late)
    assert carry_out(late) == {"mail_invitations": 1}
    assert mail.outbox == []


def test_roles_are_those_of_the_organisation(db: None, at: datetime) -> None:
    with refused(Malformed):
        invite(make.buyer(at), at, "guest@example.com", "officer")
    with refused(Malformed):
        invite(make.staff(at, "admin"), at, "guest@example.com", "trader")
    assert not Invitation.objects.exists()


def test_staff_of_the_venue_join_no_other_organisation(db: None, at: datetime) -> None:
    staff = make.staff(at, "officer")
    email = User.objects.get(pk=staff.user_id).email
    key = invite(make.buyer(at), at, email)

    with refused(Forbidden):
        people.accept_invitation(key=key, actor=staff, at=at)
    assert Membership.objects.filter(user_id=staff.user_id).count() == 1


def test_member_is_not_made_a_member_again(db: None, at: datetime) -> None:
    world = World(at)
    email = User.objects.get(pk=world.buyer.user_id).email
    key = invite(world.buyer, at, email)

    with refused(Conflict):
        people.accept_invitation(key=key, actor=world.buyer, at=at)


def test_letter_that_the_server_does_not_take_is_sent_later(
    db: None, at: datetime, settings: object
) -> None:
    invite(make.buyer(at), at, "guest@example.com")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]
    assert carry_out(at) == {}

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    assert carry_out(at + timedelta(minutes=5)) == {"mail_invitations": 1}
    assert len(mail.outbox) == 1
