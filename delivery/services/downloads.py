"""Links and what is fetched with them. Invariant: no more downloads begin than the grant allows.

One link is one download, however often it is asked: the first request that takes bytes takes up
a download of the grant, whose row it locks, and later ones go on with it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from core.actors import SYSTEM, Member
from core.errors import DomainError, NotFound
from core.events import record
from core.service import service
from delivery import selectors
from delivery.errors import DownloadsUsedUp, LinkExpired
from delivery.models import Access, AccessEnd, Grant, Link, Receipt
from delivery.representations import Answer, covers
from delivery.services.grants import check_open, require_under_way
from delivery.services.receipts import issue_download_receipt
from listings.models import Release

LINK_LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link and its token, which is computed and never stored."""

    link: Link
    release: Release
    token: str


@dataclass(frozen=True, slots=True)
class BegunAccess:
    """One entered access, and why it was refused, if it was."""

    access: Access
    refusal: DomainError | None


@service
def make_link(*, grant_id: UUID, release_id: UUID, actor: Member, at: datetime) -> MadeLink:
    """Make a download link to one release: good for a day, and never longer than the grant.

    Raises:
        NotFound: the grant is not the actor's organisation's, or gives no such release.
        GrantWithdrawn, GrantClosed, GrantExpired: the grant is not open.
        DownloadsUsedUp: no further download may begin.

    """
    require_under_way(actor, "trade")
    grant = selectors.own_grant(grant_id, actor)
    if grant.buyer_id != actor.organisation_id:
        raise NotFound
    check_open(grant, at)
    if _is_used_up(grant):
        raise _used_up(grant)
    release = selectors.offered_releases(grant, at).filter(pk=release_id).first()
    if release is None:
        raise NotFound
    link = Link.objects.create(
        grant=grant,
        release=release,
        made_by_id=actor.user_id,
        made_at=at,
        expires_at=min(at + LINK_LIFE, grant.expires_at),
    )
    detail = {"grant": grant.pk, "release": release.pk}
    record("link", link.pk, "make", actor=actor, at=at, detail=detail)
    token = selectors.link_token(
        link_id=link.pk, grant_id=grant.pk, release_id=release.pk, expires_at=link.expires_at
    )
    return MadeLink(link, release, token)


@service
def begin_access(*, link_id: UUID, method: str, answer: Answer, at: datetime) -> BegunAccess:
    """Enter one request with a link before it is answered, also one that is refused."""
    link = selectors.locked_link(link_id)
    refusal, begins, status, first_byte, asked_bytes = None, False, answer.status, 0, 0
    try:
        begins = _begins_download(link, answer, at)
    except DomainError as found:
        refusal, status = found, found.status
    if refusal is None and answer.sends:
        first_byte, asked_bytes = answer.first_byte, answer.byte_count
    access = Access.objects.create(
        link=link,
        at=at,
        method=method,
        status=status,
        first_byte=first_byte,
        asked_bytes=asked_bytes,
        begins=begins,
    )
    return BegunAccess(access, refusal)


def _begins_download(link: Link, answer: Answer, at: datetime) -> bool:
    """Return whether this access took up a download of the grant.

    Raises:
        GrantWithdrawn, GrantClosed, GrantExpired, LinkExpired: the link is not good any more.
        DownloadsUsedUp: it would begin one download too many.

    """
    check_open(link.grant, at)
    if link.expires_at <= at:
        raise LinkExpired(grant=str(link.grant_id), expires_at=link.expires_at.isoformat())
    if not answer.sends or link.accesses.filter(begins=True).exists():
        return False
    if _is_used_up(link.grant):
        raise _used_up(link.grant)
    Grant.objects.filter(pk=link.grant_id).update(download_count=F("download_count") + 1)
    return True


def _is_used_up(grant: Grant) -> bool:
    return grant.max_downloads is not None and grant.download_count >= grant.max_downloads


def _used_up(grant: Grant) -> DownloadsUsedUp:
    text = _("%(n)s of %(limit)s downloads are used.")
    return DownloadsUsedUp(
        text % {"n": grant.download_count, "limit": grant.max_downloads}, grant=str(grant.pk)
    )


@service
def end_access(*, access_id: UUID, sent_bytes: int, at: datetime) -> Receipt | None:
    """Enter how many bytes went out; sign a receipt once the file went out whole with one link."""
    access = Access.objects.get(pk=access_id)
    link = selectors.locked_link(access.link_id)
    AccessEnd.objects.create(access=access, sent_bytes=sent_bytes, at=at)
    if Receipt.objects.filter(link=link).exists():
        return None
    if not covers(selectors.sent_parts(link.pk), link.release.file.size_bytes):
        return None
    return issue_download_receipt(link, actor=SYSTEM, at=at)
