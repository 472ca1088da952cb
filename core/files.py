"""Files on disk. Invariant: a stored file is whole, hashed and never overwritten."""

import hashlib
import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.errors import FilesExhausted, Malformed, NoRoomForFiles, TooLarge
from core.ids import uuid7
from core.models import StoredFile

CHUNK = 1024 * 1024


def path_of(file: StoredFile) -> Path:
    """Return where the bytes of a stored file are."""
    return Path(settings.FILES) / file.path


def open_file(file: StoredFile) -> BinaryIO:
    """Open a stored file for reading."""
    return path_of(file).open("rb")


def check_room(where: Path, size_bytes: int = 0) -> None:
    """Check that so many bytes more leave the disk with what is kept free on it.

    Raises:
        NoRoomForFiles: they would not.

    """
    if shutil.disk_usage(where).free - size_bytes < settings.FREE_DISK_BYTES:
        raise NoRoomForFiles


def _bytes_left(organisation_id: UUID) -> int:
    """Return how many bytes the organisation may still hand in.

    Two uploads at once may both see the last place: what one may hand in is a bound, no price.
    """
    kept = StoredFile.objects.filter(organisation=organisation_id)
    count, taken = kept.aggregate(n=Count("pk"), size=Coalesce(Sum("size_bytes"), 0)).values()
    if count >= settings.ORGANISATION_FILES_MAX_COUNT:
        raise FilesExhausted(limit_count=settings.ORGANISATION_FILES_MAX_COUNT)
    return int(settings.ORGANISATION_FILES_MAX_BYTES - taken)


def store_file(
    stream: BinaryIO, *, name: str, media_type: str, organisation_id: UUID, at: datetime
) -> StoredFile:
    """Write `stream` to disk, hash it on the way, and enter it.

    The bytes are whole on disk before the row exists; a crash leaves at most an unnamed file.

    Raises:
        TooLarge: more than `FILE_UPLOAD_MAX_BYTES`.
        FilesExhausted: the organisation has handed in as many files, or bytes, as one may.
        NoRoomForFiles: the disk would be left with less than is kept free.
        Malformed: the file is empty or its name cannot be kept.

    """
    label = os.path.basename(name.replace("\\", "/")).strip()  # noqa: PTH119 - text, not a path
    if not label or len(label) > 255 or not label.isprintable():
        raise Malformed(fields={"file": [_("needs a name of 1 to 255 printable characters")]})
    most = _bytes_left(organisation_id)
    file_id = uuid7()
    relative = f"{file_id.hex[-2:]}/{file_id.hex}"
    target = Path(settings.FILES) / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".part")
    hasher, size = hashlib.sha256(), 0
    try:
        with draft.open("xb") as out:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > settings.FILE_UPLOAD_MAX_BYTES:
                    raise TooLarge(limit_bytes=settings.FILE_UPLOAD_MAX_BYTES)
                if size > most:
                    raise FilesExhausted(limit_bytes=settings.ORGANISATION_FILES_MAX_BYTES)
                check_room(target.parent)
                hasher.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if not size:
            raise Malformed(fields={"file": [_("is empty")]})
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return StoredFile.objects.create(
        pk=file_id,
        organisation_id=organisation_id,
        name=label,
        media_type=media_type[:100],
        size_bytes=size,
        sha256=hasher.hexdigest(),
        path=relative,
        created_at=at,
    )
