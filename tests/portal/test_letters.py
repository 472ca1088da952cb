"""Letters and flashes of sign-in: in the reader's language and in the words of the house."""

import re
from pathlib import Path
from uuid import uuid4

import allauth
import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from core.models import User
from tests.portal.test_views import text_of

PASSWORD = "a long pass phrase"
ADDRESS = "guest@example.com"
OWN = Path(settings.BASE_DIR) / "exchange" / "templates"
THEIRS = Path(allauth.__file__).parent / "templates"
# What cannot happen here: there are no codes by mail and no telephone numbers.
NEVER = ("code", "phone")


def visitor(language: str) -> Client:
    return Client(headers={"Accept-Language": language})


@pytest.mark.parametrize(
    ("language", "subject", "asks", "ends"),
    [
        (
            "en",
            "Databourse: confirm your e-mail address",
            "To confirm that {} is your address on Databourse, open this link:",
            "do nothing: without you nothing happens.",
        ),
        (
            "zh-hans",
            "Databourse：确认你的电子邮箱",
            "请打开以下链接，确认 {} 是你在 Databourse 的邮箱：",
            "不必理会：你不操作，什么也不会发生。",
        ),
    ],
)
def test_who_signs_up_gets_a_letter_in_its_language(
    db: None, language: str, subject: str, asks: str, ends: str
) -> None:
    # One address gets one such letter in three minutes.
    address = f"{uuid4().hex}@example.com"
    form = {"email": address, "password1": PASSWORD, "password2": PASSWORD}

    page = visitor(language).post("/accounts/signup/", form, follow=True).content.decode()

    (letter,) = mail.outbox
    assert letter.subject == subject
    assert asks.format(address) in letter.body
    assert ends in letter.body
    assert re.search(r"http://testserver/accounts/confirm-email/\S+", letter.body)
    assert not re.search("Hello|Thank you|您|&#", letter.body)
    said = {"en": "is on its way to", "zh-hans": "确认链接正发往"}[language]
    assert said in text_of(page)


@pytest.mark.parametrize(
    ("language", "said"), [("en", f"Signed in as {ADDRESS}."), ("zh-hans", f"已登录：{ADDRESS}。")]
)
def test_signing_in_is_told_plainly(db: None, language: str, said: str) -> None:
    User.objects.create_user(ADDRESS, PASSWORD)
    client = visitor(language)

    page = client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD}, follow=True)

    assert said in text_of(page.content.decode())
    assert "Successfully" not in page.content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_forgotten_password_is_answered_in_both_cases(db: None, known: bool) -> None:
    if known:
        user = User.objects.create_user(ADDRESS, PASSWORD)
        EmailAddress.objects.create(user=user, email=ADDRESS, verified=True, primary=True)

    visitor("zh-hans").post("/accounts/password/reset/", {"email": ADDRESS})

    (letter,) = mail.outbox
    assert letter.subject == ("Databourse：设置新密码" if known else "Databourse：该邮箱没有账户")
    assert ("/accounts/password/reset/key/" in letter.body) is known


def test_every_letter_and_flash_of_the_library_has_our_words() -> None:
    theirs = {
        path.relative_to(THEIRS)
        for folder in ("account", "mfa", "usersessions")
        for path in (THEIRS / folder).rglob("*.txt")
    }
    own = {path.relative_to(OWN) for path in OWN.rglob("*.txt")}

    left = sorted(str(path) for path in theirs - own)
    assert [path for path in left if not any(word in path for word in NEVER)] == []


def test_notification_says_when_and_from_where() -> None:
    facts = {"timestamp": "2026-11-28", "ip": "192.0.2.1", "user_agent": "a browser"}
    with translation.override("en"):
        body = render_to_string("account/email/password_changed_message.txt", facts)

    assert "Your password was changed." in body
    assert "It was done on 2026-11-28 from the address 192.0.2.1." in body
