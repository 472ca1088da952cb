"""Paying out what is owed. Invariant: two officers, and no amount is in two payouts.

Preparing a batch moves the money from payable to payout, so that a second batch cannot find it;
a payout that is discarded or rejected moves it back by a reversal.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from core.actors import Member
from core.errors import Forbidden, FourEyes, NotFound
from core.events import record
from core.ids import uuid7
from core.service import service
from settlement import selectors
from settlement.bank import REJECTED, UNKNOWN, Answer
from settlement.errors import NothingToPay
from settlement.models import PayoutBatch, PayoutInstruction
from settlement.services.posting import Leg, Posting, post, reversals
from settlement.states import PAYOUT, PAYOUT_BATCH, PayoutState

BATCH_SIZE = 5_000


@service(may="settle")
def prepare_payouts(
    *, currency: str, minimum_minor: int = 1, actor: Member, at: datetime
) -> PayoutBatch:
    """Make a batch of payouts of all that is owed in `currency`, for another officer to confirm.

    Organisations that are owed less than `minimum_minor` wait for a later batch.

    Raises:
        NothingToPay: nobody is owed that much.
        Forbidden: only a person can prepare payouts.

    """
    if actor.user_id is None:
        raise Forbidden(_("Payouts are prepared by a person."))
    owed = selectors.locked_payables(
        currency=currency, minimum_minor=max(minimum_minor, 1), limit=BATCH_SIZE
    )
    if not owed:
        raise NothingToPay
    batch = PayoutBatch.objects.create(
        currency=currency,
        total_minor=sum(one.amount_minor for one in owed),
        payout_count=len(owed),
        maker_id=actor.user_id,
        created_at=at,
    )
    rows = [
        PayoutInstruction(
            id=(pk := uuid7()),
            batch=batch,
            reference=pk.hex,
            organisation_id=one.organisation_id,
            amount_minor=one.amount_minor,
            currency=currency,
            created_at=at,
        )
        for one in owed
    ]
    PayoutInstruction.objects.bulk_create(rows)
    post(
        [
            Posting(
                reference=_reference(row.reference),
                code="payout",
                legs=(Leg(one.payable_id, one.payout_id, one.amount_minor, currency, "payout"),),
                at=at,
            )
            for row, one in zip(rows, owed, strict=True)
        ]
    )
    record("payout-batch", batch.pk, "prepare", after=batch.state, actor=actor, at=at)
    return batch


@service(may="settle")
def confirm_payouts(*, batch_id: UUID, actor: Member, at: datetime) -> PayoutBatch:
    """Confirm a batch that another officer prepared; its payouts go to the bank.

    Raises:
        NotFound: there is no such batch.
        FourEyes: the actor prepared it.
        IllegalTransition: it was confirmed or discarded before.

    """
    batch = _locked_batch(batch_id)
    if actor.user_id is None or actor.user_id == batch.maker_id:
        raise FourEyes
    PAYOUT_BATCH.move(
        batch, "confirm", actor=actor, at=at, checker_id=actor.user_id, confirmed_at=at
    )
    PAYOUT.move_all(PayoutInstruction.objects.filter(batch=batch), "confirm", actor=actor, at=at)
    return batch


@service(may="settle")
def discard_payouts(*, batch_id: UUID, reason: str, actor: Member, at: datetime) -> PayoutBatch:
    """Discard a batch that is not confirmed; what is owed stands as it stood before.

    Raises:
        NotFound: there is no such batch.
        IllegalTransition: it was confirmed or discarded before.

    """
    batch = _locked_batch(batch_id)
    PAYOUT_BATCH.move(batch, "discard", actor=actor, at=at, reason=reason)
    rows = PayoutInstruction.objects.filter(batch=batch)
    PAYOUT.move_all(rows, "discard", actor=actor, at=at, reason=reason)
    references = [_reference(reference) for reference in rows.values_list("reference", flat=True)]
    post(reversals(references, reason=reason, at=at))
    return batch


@service
def record_answers(*, answers: Sequence[Answer], actor: Member, at: datetime) -> int:
    """Note what the bank says of payouts; what it rejects is owed again. Return the rejections.

    That it has paid is believed of its statement alone, see `record_entries`.
    """
    rows = PayoutInstruction.objects.filter(reference__in=[answer.reference for answer in answers])
    told = [answer.reference for answer in answers if answer.state != UNKNOWN]
    sent = PAYOUT.move_all(
        rows.filter(reference__in=told, state=PayoutState.CONFIRMED), "send", actor=actor, at=at
    )
    PayoutInstruction.objects.filter(pk__in=sent).update(reason="")
    rejected: dict[str, list[str]] = {}
    for answer in answers:
        if answer.state == REJECTED:
            rejected.setdefault(answer.reason[:500], []).append(answer.reference)
    moved: list[UUID] = []
    # The bank knows few reasons, so that this is a handful of statements for any number of rows.
    for reason, references in sorted(rejected.items()):
        sent_back = rows.filter(reference__in=references, state=PayoutState.SENT)
        ids = PAYOUT.move_all(sent_back, "reject", actor=actor, at=at, reason=reason)
        PayoutInstruction.objects.filter(pk__in=ids).update(reason=reason)
        moved += ids
    returned = PayoutInstruction.objects.filter(pk__in=moved).values_list("reference", flat=True)
    post(reversals([_reference(one) for one in returned], reason="rejected by the bank", at=at))
    return len(moved)


@service
def note_silence(*, references: Sequence[str], reason: str, actor: Member, at: datetime) -> None:
    """Note that the bank could not be told of payouts, so that the delay has a visible reason."""
    PayoutInstruction.objects.filter(reference__in=references).update(
        tries=F("tries") + 1, reason=reason[:500]
    )


def _reference(reference: str) -> str:
    return f"payout:{reference}"


def _locked_batch(batch_id: UUID) -> PayoutBatch:
    batch = PayoutBatch.objects.select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    return batch
