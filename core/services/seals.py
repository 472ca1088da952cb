"""Sealing with the venue's key. Invariant: what was sealed names a key that is published for ever.

A key is noted when it is first used, and the one before it is closed with that: to replace a key
is to replace its file. A process that still holds a replaced one seals nothing.
"""

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from core import signing
from core.actors import SYSTEM, Member
from core.canonical import canonical
from core.errors import KeyReplaced
from core.events import record
from core.ids import uuid7
from core.models import VenueKey
from core.service import service


class Seal(NamedTuple):
    """The venue's signature over the canonical JSON of a document, hexadecimal, and its key."""

    signature: str
    key_id: str


def seal(document: Any, at: datetime) -> Seal:
    """Return the venue's seal over a document, inside the transaction that keeps it.

    Raises:
        KeyReplaced: the key in the file was replaced already.

    """
    used = note_key(actor=SYSTEM, at=at)
    signed = signing.sign(settings.SIGNING_KEY, canonical(document))
    return Seal(signed.hex(), used.key_id)


@service
def note_key(*, actor: Member, at: datetime) -> VenueKey:
    """Enter the key in the venue's file as the one in use, in the place of the one before.

    Raises:
        KeyReplaced: it was in use before and another took its place: a key never comes back.

    """
    public = signing.public_bytes(settings.SIGNING_KEY)
    name = signing.key_id(public)
    found = VenueKey.objects.filter(pk=name).first()
    if found is None:
        found = _enter(name, public, actor, at)
    if found.valid_until is not None:
        raise KeyReplaced(key_id=name)
    return found


def _enter(name: str, public: bytes, actor: Member, at: datetime) -> VenueKey:
    with connection.cursor() as cursor:
        # Two that meet a new key at once: the second finds what the first entered.
        cursor.execute("LOCK TABLE core_venuekey IN SHARE ROW EXCLUSIVE MODE")
    found = VenueKey.objects.filter(pk=name).first()
    if found is not None:
        return found
    replaced = VenueKey.objects.filter(valid_until__isnull=True).update(valid_until=at)
    made = VenueKey.objects.create(
        key_id=name, public=public.hex(), valid_from=at if replaced else None
    )
    detail = {"key_id": name, "public": public.hex()}
    record("venue-key", uuid7(), "use", actor=actor, at=at, detail=detail)
    return made
