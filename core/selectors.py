"""Reads of the ground floor. Invariant: one indexed read tells who acts, and nothing is cached."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from core import merkle, signing
from core.actors import Member
from core.canonical import canonical
from core.errors import Conflict, Malformed, NotFound
from core.models import (
    ApiToken,
    AuditHead,
    AuditLeaf,
    AuditNode,
    Capacity,
    Event,
    Invitation,
    Membership,
    Organisation,
    StepUp,
    VenueKey,
)

# How many codes a refusal lists: enough to see a slip of the finger.
CODES_NAMED = 20
_MEMBER = """
    SELECT m.user_id, m.id, o.id, o.state, o.is_venue, m.roles, m.signing_limit_minor,
           {scopes},
           ARRAY(SELECT c.kind FROM core_capacity c
                 WHERE c.organisation_id = o.id AND c.state = 'ADMITTED'),
           coalesce(nullif(u.name, ''), u.email), o.name_en, o.name_zh
    FROM core_membership m
    JOIN core_organisation o ON o.id = m.organisation_id
    JOIN core_user u ON u.id = m.user_id
    {join}
    WHERE m.is_active AND u.is_active AND {where}
    ORDER BY m.created_at, m.id LIMIT 1
"""
_BY_TOKEN = _MEMBER.format(
    scopes="t.scopes",
    join="JOIN core_apitoken t ON t.membership_id = m.id",
    where="t.key_hash = %s AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > %s)",  # noqa: E501
)
_BY_USER = _MEMBER.format(
    scopes="NULL", join="", where="m.user_id = %s AND (%s::uuid IS NULL OR m.organisation_id = %s)"
)


def _member(sql: str, parameters: list[Any]) -> Member | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    if row is None:
        return None
    return Member(
        user_id=row[0],
        membership_id=row[1],
        organisation_id=row[2],
        organisation_state=row[3],
        is_venue=row[4],
        roles=frozenset(row[5]),
        signing_limit_minor=row[6],
        scopes=None if row[7] is None else frozenset(row[7]),
        capacities=frozenset(row[8]),
        name=row[9],
    )


def member_by_token(key_hash: str, at: datetime) -> Member | None:
    """Return who an API token acts as, or None if it is unknown, expired or revoked."""
    return _member(_BY_TOKEN, [key_hash, at])


def member_by_user(user_id: int, organisation_id: UUID | None) -> Member | None:
    """Return the user as a member of `organisation_id`, or of its first organisation."""
    return _member(_BY_USER, [user_id, organisation_id, organisation_id])


def step_up(key_hash: str, membership_id: UUID) -> tuple[datetime, str] | None:
    """Return when and how a member proved itself for this secret, or None if it did not."""
    rows = StepUp.objects.filter(key_hash=key_hash, membership_id=membership_id)
    return rows.values_list("at", "method").first()


def own_organisation(organisation_id: UUID) -> Organisation:
    """Return an organisation with its capacities.

    Raises:
        NotFound: there is none.

    """
    organisation = (
        Organisation.objects.filter(pk=organisation_id).prefetch_related("capacities").first()
    )
    if organisation is None:
        raise NotFound
    return organisation


def organisations(reader: Member) -> QuerySet[Organisation]:
    """Return all organisations for the venue's staff, else the reader's own."""
    rows = Organisation.objects.prefetch_related("capacities")
    return rows if reader.is_venue else rows.filter(pk=reader.organisation_id)  # type: ignore[misc]


def organisation_named(text: str, rows: QuerySet[Organisation]) -> Organisation:
    """Return the one of `rows` with a code that the venue gave, else with a registry number.

    A number alone may be in the registers of two countries: `DE:HRB 1234` says which.

    Raises:
        NotFound: none of them has it; the detail says which codes there are.
        Conflict: several countries know this number; the detail says how to name each.

    """
    text = text.strip()
    country, _colon, number = text.partition(":")
    coded = Q(code=text.upper()) & ~Q(code="")
    numbered = Q(registry_number=text) | Q(country=country.upper(), registry_number=number)
    rows = rows.order_by("code", "country", "registry_number")
    found = list(rows.filter(coded)) or list(rows.filter(numbered))
    if not found:
        raise NotFound(_nobody_named(text, rows))
    if len(found) > 1:
        ways = ", ".join(f"{one.country}:{one.registry_number}" for one in found)
        raise Conflict(_("Several have this number; name one as %(ways)s.") % {"ways": ways})
    return found[0]


def _nobody_named(text: str, rows: QuerySet[Organisation]) -> str:
    codes = [one.code or one.registry_number for one in rows[: CODES_NAMED + 1]]
    if not codes:
        return _("There is no organisation yet that %(text)s could name.") % {"text": repr(text)}
    known = ", ".join(codes[:CODES_NAMED]) + (", …" if len(codes) > CODES_NAMED else "")
    return _("%(text)s is no code or registry number here; there are %(known)s.") % {
        "text": repr(text),
        "known": known,
    }


def locked_capacity(organisation_id: UUID, kind: str) -> Capacity:
    """Return and lock the capacity `kind` of an organisation.

    Raises:
        NotFound: it never applied for it.

    """
    capacity = (
        Capacity.objects.select_for_update()
        .filter(organisation_id=organisation_id, kind=kind)
        .first()
    )
    if capacity is None:
        raise NotFound
    return capacity


def timeline(subject_ids: list[UUID]) -> QuerySet[Event]:
    """Return the events of some things, oldest first."""
    return Event.objects.filter(subject_id__in=subject_ids).order_by("id")


def memberships_of(user_id: int) -> QuerySet[Membership]:
    """Return the active memberships of a user with their organisations."""
    return (
        Membership.objects.filter(user_id=user_id, is_active=True)
        .select_related("organisation")
        .order_by("created_at", "pk")
    )


def own_tokens(membership_id: UUID) -> QuerySet[ApiToken]:
    """Return the API tokens of one membership."""
    return ApiToken.objects.filter(membership_id=membership_id)


def event_bytes(event: Event) -> bytes:
    """Return what a leaf holds of an event: its canonical JSON (RFC 8785)."""
    return canonical(
        {
            "id": event.pk,
            "subject": event.subject,
            "subject_id": event.subject_id,
            "verb": event.verb,
            "before": event.before,
            "after": event.after,
            "actor_id": event.actor_id,
            "organisation_id": event.organisation_id,
            "at": event.at,
            "reason": event.reason,
            "detail": event.detail,
        }
    )


def head_bytes(size: int, root: bytes, at: datetime) -> bytes:
    """Return what the venue signs of a head."""
    return canonical({"size": size, "root": root.hex(), "at": at})


class Nodes:
    """The stored subtrees of the audit tree; each is read once."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, int], bytes] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree."""
        if (level, index) not in self.known:
            if level:
                row = AuditNode.objects.values_list("hash", flat=True).get(level=level, index=index)
            else:
                row = AuditLeaf.objects.values_list("hash", flat=True).get(index=index)
            self.known[level, index] = bytes(row)
        return self.known[level, index]


def audit_head() -> dict[str, Any]:
    """Return the latest signed head; the empty tree has one without a signature."""
    head = AuditHead.objects.order_by("-size").first()
    if head is None:
        return {"size": 0, "root": merkle.EMPTY.hex(), "at": None, "key_id": "", "signature": ""}
    return {
        "size": head.size,
        "root": bytes(head.root).hex(),
        "at": head.at,
        "key_id": head.key_id,
        "signature": bytes(head.signature).hex(),
    }


def event_proof(event_id: int) -> dict[str, Any]:
    """Return the inclusion proof of one event under the latest head.

    Raises:
        NotFound: there is no such event, or the sequencer has not reached it.

    """
    leaf = AuditLeaf.objects.filter(event_id=event_id).first()
    if leaf is None:
        raise NotFound
    head = audit_head()
    path = merkle.inclusion_proof(leaf.index, head["size"], Nodes())
    return {
        "event": event_id,
        "index": leaf.index,
        "size": head["size"],
        "leaf": bytes(leaf.hash).hex(),
        "path": [step.hex() for step in path],
        "root": head["root"],
        "signature": head["signature"],
    }


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event and its place in the audit tree: `index` is None until the sequencer takes it up.

    `holds` says whether the leaf is still the hash of what the event says now.
    """

    event: Event
    index: int | None
    holds: bool


def logged_event(subject: str, subject_id: UUID, verb: str) -> LoggedEvent | None:
    """Return the latest event of that name with its place in the tree; one statement."""
    found = events_of(subject, subject_id).filter(verb=verb).select_related("leaf").last()
    if found is None:
        return None
    leaf = getattr(found, "leaf", None)
    if leaf is None:
        return LoggedEvent(found, None, holds=True)
    return LoggedEvent(found, leaf.index, merkle.leaf_hash(event_bytes(found)) == bytes(leaf.hash))


def offline_proof(logged: LoggedEvent) -> dict[str, Any]:
    """Return what proves an event to somebody who has nothing but this and the venue's key.

    `event` and `head` are the very texts that were hashed and signed. The leaf is
    SHA-256(0x00 ‖ event), `path` leads from it to the root that `head` names (RFC 9162), and
    `signature` is Ed25519 over `head`. Until the sequencer reaches the event there is no way up.
    """
    document: dict[str, Any] = {"event": event_bytes(logged.event).decode(), "index": logged.index}
    if logged.index is None:
        return document | {"path": [], "head": "", "key_id": "", "signature": ""}
    found = event_proof(logged.event.pk)
    head = AuditHead.objects.get(size=found["size"])
    return document | {
        "path": found["path"],
        "head": head_bytes(head.size, bytes(head.root), head.at).decode(),
        "key_id": head.key_id,
        "signature": found["signature"],
    }


def consistency(first: int, second: int) -> dict[str, Any]:
    """Return the proof that the tree of `first` leaves begins that of `second`.

    Raises:
        Malformed: the sizes are not in order, or the tree has not grown so far.

    """
    if not 0 < first <= second <= audit_head()["size"]:
        raise Malformed(fields={"second": [_("sizes must be in order and within the tree")]})
    path = merkle.consistency_proof(first, second, Nodes())
    return {"first": first, "second": second, "path": [step.hex() for step in path]}


def venue_keys() -> list[dict[str, Any]]:
    """Return every key of the venue as a JSON Web Key (RFC 7517), the one in use first.

    `nbf` and `exp` are when it was taken into use and replaced, in seconds since 1970; null where
    it is good from the beginning, and in use still.
    """
    rows = VenueKey.objects.order_by(F("valid_until").desc(nulls_first=True), "key_id")
    known = {row.key_id: row for row in rows}
    in_use = signing.public_bytes(settings.SIGNING_KEY)
    if signing.key_id(in_use) not in known:
        known[signing.key_id(in_use)] = VenueKey(public=in_use.hex())
    return [
        signing.venue_jwk(bytes.fromhex(row.public))
        | {"nbf": _seconds(row.valid_from), "exp": _seconds(row.valid_until)}
        for row in known.values()
    ]


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def open_invitations(invitation_ids: Collection[UUID], at: datetime) -> QuerySet[Invitation]:
    """Return those of the invitations that may still be accepted, with their organisations."""
    rows = Invitation.objects.filter(pk__in=invitation_ids, accepted_at=None, expires_at__gt=at)
    return rows.select_related("organisation").order_by("pk")


def organisations_of_capacities(capacity_ids: Collection[UUID]) -> list[UUID]:
    """Return whose capacities these are, each organisation once, in order."""
    rows = Capacity.objects.filter(pk__in=capacity_ids)
    return sorted(set(rows.values_list("organisation_id", flat=True)))


def events_of(subject: str, subject_id: UUID) -> QuerySet[Event]:
    """Return what happened to one thing, oldest first."""
    return Event.objects.filter(subject=subject, subject_id=subject_id).order_by("id")
