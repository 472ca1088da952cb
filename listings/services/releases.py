"""Releases: dated files under a version. Invariant: what a version was submitted with stays."""

from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from core.actors import Member
from core.errors import Forbidden, NotFound
from core.events import record
from core.files import store_file
from core.models import StoredFile
from core.service import service
from listings import selectors
from listings.errors import ReleaseNotNow, ReleaseStays
from listings.models import Release, Version
from listings.states import ON_THE_MARKET, VersionState


@service(may="belong")
def hand_in_file(
    *, stream: BinaryIO, name: str, media_type: str, actor: Member, at: datetime
) -> StoredFile:
    """Keep a file for the actor's organisation, to be named as release, proof or mandate.

    Raises:
        TooLarge, Malformed: the file cannot be kept.
        Forbidden: the actor belongs to no organisation.

    """
    if actor.organisation_id is None:
        raise Forbidden(_("You act for no organisation."))
    return store_file(
        stream, name=name, media_type=media_type, organisation_id=actor.organisation_id, at=at
    )


@service(may="list")
def publish_release(
    *, version_id: UUID, kind: str, file_id: UUID, note: str, actor: Member, at: datetime
) -> Release:
    """Add a file that the vendor has handed in: `data`, or a `sample`.

    Into a draft go both; into a version on the market further data only. The same file twice is
    the same release.

    Raises:
        ReleaseNotNow: the version takes no such file now.
        NotFound: the version or the file is not the vendor's.

    """
    version = selectors.locked_own_version(version_id, actor)
    file = selectors.own_file(file_id, actor)
    drafted = version.state == VersionState.DRAFT
    if not drafted and not (kind == "data" and version.state in ON_THE_MARKET):
        raise ReleaseNotNow(state=version.state)
    known = version.releases.select_related("file").filter(kind=kind, file=file).first()
    if known is not None:
        return known
    release = Release.objects.create(
        version=version, kind=kind, file=file, note=note, published_at=at
    )
    if drafted:
        _hash_again(version)
    detail = {"version": version.pk, "kind": kind, "sha256": file.sha256}
    record("release", release.pk, "publish", actor=actor, at=at, detail=detail)
    return release


@service(may="list")
def remove_release(*, release_id: UUID, actor: Member, at: datetime) -> None:
    """Take a file out of the vendor's own draft, whose hash changes with it.

    The venue keeps the bytes, as it keeps every file that it was handed.

    Raises:
        ReleaseStays: the version is no draft.
        NotFound: there is no such release, or the version is not the vendor's.

    """
    release = selectors.readable_release(release_id, actor)
    version = selectors.locked_own_version(release.version_id, actor)
    if version.state != VersionState.DRAFT:
        raise ReleaseStays(state=version.state)
    gone, _rows = Release.objects.filter(pk=release.pk).delete()
    if not gone:
        raise NotFound
    _hash_again(version)
    detail = {"version": version.pk, "kind": release.kind, "sha256": release.file.sha256}
    record("release", release.pk, "remove", actor=actor, at=at, detail=detail)


def _hash_again(version: Version) -> None:
    digest = selectors.version_digest(version)
    Version.objects.filter(pk=version.pk).update(content_hash=digest)
