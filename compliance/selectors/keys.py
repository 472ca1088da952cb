"""Reads of organisations' own keys. Invariant: only its own registered key signs for one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from compliance.errors import KeyNotUsable
from compliance.models import OrganisationKey
from compliance.states import KeyState
from core.actors import Member
from core.errors import NotFound


def possession_text(organisation_id: UUID) -> dict[str, Any]:
    """Return the document whose signature shows that an organisation holds a key."""
    return {"type": "databourse-signing-key", "organisation": str(organisation_id)}


def key_known(thumbprint: str) -> bool:
    """Return whether a key was ever proposed, by anybody, and not refused."""
    rows = OrganisationKey.objects.filter(thumbprint=thumbprint)
    return rows.exclude(state=KeyState.REFUSED).exists()


def readable_keys(reader: Member) -> QuerySet[OrganisationKey]:
    """Return the keys of the reader's organisation; all of them for the venue's staff."""
    rows = OrganisationKey.objects.select_related("organisation")
    if reader.is_venue or reader.system:
        return rows
    return rows.filter(organisation=reader.organisation_id)


def own_key(key_id: UUID, reader: Member) -> OrganisationKey:
    """Return a key that the reader may read.

    Raises:
        NotFound: there is none, or it is another organisation's.

    """
    row = readable_keys(reader).filter(pk=key_id).first()
    if row is None:
        raise NotFound
    return row


def locked_key(key_id: UUID, reader: Member) -> OrganisationKey:
    """Return and lock a key that the reader may read.

    Raises:
        NotFound: there is none, or it is another organisation's.

    """
    rows = readable_keys(reader).select_for_update(of=("self",))
    row = rows.filter(pk=key_id).first()
    if row is None:
        raise NotFound
    return row


def usable_keys(reader: Member, at: datetime) -> QuerySet[OrganisationKey]:
    """Return the keys that the reader's organisation can sign with at `at`."""
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gt=at)
    rows = OrganisationKey.objects.filter(lasting, state=KeyState.REGISTERED)
    return rows.filter(organisation=reader.organisation_id).order_by("-registered_at", "id")


def usable_key(thumbprint: str, reader: Member, at: datetime) -> OrganisationKey:
    """Return the key of this thumbprint that the reader's organisation can sign with.

    Raises:
        KeyNotUsable: there is none.

    """
    row = usable_keys(reader, at).filter(thumbprint=thumbprint).first()
    if row is None:
        raise KeyNotUsable
    return row
