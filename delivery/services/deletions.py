"""Deletion of what was handed over. Invariant: it is asked once a ground, and ends with a proof.

The table of grounds says when the buyer of data already delivered is asked to delete it or to
give it back; only the venue can say that the proof is one, and it signs for it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from core import signing
from core.actors import Member, signer
from core.canonical import canonical
from core.errors import Malformed, NotFound
from core.events import record_many
from core.service import require, service
from delivery import selectors
from delivery.models import Deletion
from delivery.receipts import deletion_document
from delivery.services.grants import require_under_way
from delivery.states import DELETION, DeletionState
from listings.selectors import own_file

# PIPL art. 47 and 50: without delay; a venue wants a day to hold somebody to.
DAYS_TO_DELETE = 15


@service
def ask_deletions(
    *, references: Collection[UUID], kind: str, ground: str, actor: Member, at: datetime
) -> list[UUID]:
    """Ask the buyers of trades to delete, or give back, what they fetched; return what is new.

    Who fetched nothing is asked for nothing. The same ground asks once.

    Raises:
        NotFound: the actor is not the venue's own machinery; it follows from a ground.

    """
    if not actor.system:
        raise NotFound
    grants = selectors.fetched_grants(references)
    asked_before = set(
        Deletion.objects.filter(grant__in=grants, ground=ground, kind=kind).values_list(
            "grant_id", flat=True
        )
    )
    made = Deletion.objects.bulk_create(
        Deletion(
            grant=grant,
            kind=kind,
            ground=ground,
            asked_at=at,
            due_at=at + timedelta(days=DAYS_TO_DELETE),
        )
        for grant in grants
        if grant.pk not in asked_before
    )
    asked = [one.pk for one in made]
    record_many(
        "deletion", asked, "ask", after=DeletionState.ASKED, actor=actor, at=at, reason=ground
    )
    return asked


@service
def prove_deletion(
    *, deletion_id: UUID, statement: str, file_id: UUID | None, actor: Member, at: datetime
) -> Deletion:
    """State, as the buyer, what was deleted or given back, how and when.

    Raises:
        NotFound: it was not asked of the actor's organisation, or the file is not its own.
        IllegalTransition: a proof was given already.
        Malformed: nothing is stated.

    """
    require_under_way(actor, "trade")
    deletion = selectors.locked_deletion(deletion_id, actor)
    if deletion.grant.buyer_id != actor.organisation_id:
        raise NotFound
    if not statement.strip():
        raise Malformed(fields={"statement": [_("say what was deleted, where, how and when")]})
    return DELETION.move(
        deletion,
        "prove",
        actor=actor,
        at=at,
        statement=statement,
        file=own_file(file_id, actor) if file_id else None,
        proved_by_id=signer(actor),
        proved_at=at,
        objection="",
    )


@service
def return_deletion(*, deletion_id: UUID, reason: str, actor: Member, at: datetime) -> Deletion:
    """Return a proof that is none, as a reviewer of the venue; the buyer gives another.

    Raises:
        Forbidden: the actor is no reviewer.
        NotFound: there is none.
        IllegalTransition: no proof is waiting.

    """
    require(actor, "review")
    deletion = selectors.locked_deletion(deletion_id, actor)
    return DELETION.move(
        deletion, "return", actor=actor, at=at, reason=reason, objection=reason, answered_at=at
    )


@service
def accept_deletion(*, deletion_id: UUID, actor: Member, at: datetime) -> Deletion:
    """Accept a proof, as a reviewer of the venue, and sign for it.

    Raises:
        Forbidden: the actor is no reviewer.
        NotFound: there is none.
        IllegalTransition: no proof is waiting.

    """
    require(actor, "review")
    deletion = selectors.locked_deletion(deletion_id, actor)
    document = deletion_document(
        deletion_id=deletion.pk,
        grant_id=deletion.grant_id,
        reference=deletion.grant.reference,
        buyer_id=deletion.grant.buyer_id,
        version_id=deletion.grant.version_id,
        deletion_kind=deletion.kind,
        ground=deletion.ground,
        statement=deletion.statement,
        file_sha256=deletion.file.sha256 if deletion.file else None,
        proved_at=deletion.proved_at,
        accepted_at=at,
    )
    return DELETION.move(
        deletion,
        "accept",
        actor=actor,
        at=at,
        answered_at=at,
        document=document,
        key_id=signing.key_id(signing.public_bytes(settings.SIGNING_KEY)),
        signature=signing.sign(settings.SIGNING_KEY, canonical(document)),
    )
