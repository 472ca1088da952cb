"""Mail. Invariant: only reactions and tasks call this, and any letter may be sent again."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from core import selectors
from core.models import Invitation
from core.services.people import key_of

INVITATION = """\
{organisation} asks you to join it on the data exchange, as {roles}.
Sign in, or sign up with this address, and open the link before {until}:

{link}

If you do not know {organisation}, do nothing: without you nothing happens.

----

{organisation_zh} 邀请您加入其在数据交易场所的成员，角色：{roles}。
请用本邮箱登录或注册，并在 {until} 前打开以上链接。
若您不认识该机构，请忽略本邮件：未经您操作，不会发生任何事情。
"""


def mail_invitations(*, invitation_ids: Collection[UUID], at: datetime) -> None:
    """Mail the links of invitations that are still open, in English and Chinese.

    Raises:
        OSError: the mail server does not take one; a second call mails all of them again.

    """
    for invitation in selectors.open_invitations(invitation_ids, at):
        _send(invitation)


def _send(invitation: Invitation) -> None:
    organisation = invitation.organisation
    name = organisation.name_en or organisation.name_zh
    text = INVITATION.format(
        organisation=name,
        organisation_zh=organisation.name_zh or organisation.name_en,
        roles=", ".join(invitation.roles),
        until=f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC",
        link=f"{settings.BASE_URL}/invitations/{key_of(invitation.pk)}",
    )
    # A name is somebody's input: it must not end the line of the subject.
    subject = " ".join(f"{name}: invitation · 邀请".split())
    EmailMessage(subject, text, to=[invitation.email]).send()
