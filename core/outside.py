"""Mail. Invariant: only reactions and tasks call this, and any letter may be sent again."""

from collections.abc import Collection, Iterable
from datetime import datetime
from urllib.parse import urlparse
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation

from core import selectors
from core.actors import ROLE_NAMES
from core.models import Invitation, Letter
from core.services.people import key_of

INVITATION = """\
{organisation} asks you to join it on the data exchange. Roles: {roles}.
Sign in, or sign up with this address, and open the link before {until}:

{link}

If you do not know {organisation}, do nothing: without you nothing happens.

----

{organisation_zh} 邀请你成为其在数据交易场所的成员。角色：{roles_zh}。
请用本邮箱登录或注册，并在 {until} 前打开以上链接。
如果你不认识这家机构，不必理会本邮件：你不操作，什么也不会发生。
"""


def mail_letters(letters: Iterable[tuple[Collection[str], str, str]]) -> None:
    """Mail letters (to whom, subject, text), each reader of one by itself.

    Nobody sees who else is told.

    Raises:
        OSError: the mail server does not take one; a second call mails all of them again.

    """
    for to, subject, text in letters:
        for address in to:
            EmailMessage(" ".join(subject.split()), text, to=[address]).send()


def mail_invitations(*, invitation_ids: Collection[UUID], at: datetime) -> None:
    """Mail the links of invitations that are still open, in English and Chinese.

    Raises:
        OSError: the mail server does not take one; a second call mails all of them again.

    """
    for invitation in selectors.open_invitations(invitation_ids, at):
        _send(invitation)


def mail_letter(letter: Letter) -> None:
    """Mail one letter; its Message-ID is its own, so that a second copy is known as one.

    Raises:
        OSError: the mail server does not take it.

    """
    host = urlparse(settings.BASE_URL).hostname or "localhost"
    headers = {"Message-ID": f"<letter-{letter.pk}@{host}>"}
    EmailMessage(letter.subject, letter.text, to=[letter.user.email], headers=headers).send()


def _send(invitation: Invitation) -> None:
    organisation = invitation.organisation
    name = organisation.name_en or organisation.name_zh
    text = INVITATION.format(
        organisation=name,
        organisation_zh=organisation.name_zh or organisation.name_en,
        roles=_roles(invitation, "en", ", "),
        roles_zh=_roles(invitation, "zh-hans", "、"),
        until=f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC",
        link=f"{settings.BASE_URL}/invitations/{key_of(invitation.pk)}",
    )
    # A name is somebody's input: it must not end the line of the subject.
    subject = " ".join(f"{name}: invitation · 邀请".split())
    EmailMessage(subject, text, to=[invitation.email]).send()


def _roles(invitation: Invitation, language: str, comma: str) -> str:
    with translation.override(language):
        return comma.join(str(ROLE_NAMES.get(role, role)) for role in invitation.roles)
