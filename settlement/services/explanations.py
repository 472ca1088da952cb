"""Debits at the custody bank that nobody ordered.

Invariant: the debit is a claim on the bank until one officer says what it was and another agrees.
"""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from core.actors import Member
from core.errors import Conflict, Forbidden, FourEyes, Malformed
from core.events import record
from core.service import service
from settlement import selectors
from settlement.bank import DEPOSIT
from settlement.errors import BankEntryDiffers, InsufficientFunds
from settlement.models import (
    AccountKind,
    BankEntry,
    BankExplanation,
    ExplanationKind,
    PayoutInstruction,
)
from settlement.services.deposits import same_money
from settlement.services.posting import Leg, Posting, post
from settlement.states import (
    BANK_ENTRY,
    EXPLANATION,
    PAYOUT,
    BankEntryState,
    ExplanationState,
    PayoutState,
)


@service(may="settle")
def explain_payment(
    *,
    entry_id: UUID,
    kind: str,
    payout_id: UUID | None,
    deposit_id: UUID | None,
    reason: str,
    actor: Member,
    at: datetime,
) -> BankExplanation:
    """Say what an unexplained debit was, for another officer to confirm.

    Raises:
        Forbidden: only a person can say so.
        NotFound: there is no such payment, payout or deposit.
        Malformed: the kind needs a payout, a deposit or neither, and this is another.
        IllegalTransition: the payment is explained already.
        BankEntryDiffers: amount, currency or state of the other do not fit.
        Conflict: another explanation of one of them waits, or was confirmed.

    """
    if actor.user_id is None:
        raise Forbidden(_("A debit is explained by a person."))
    selectors.lock_statement()
    entry = selectors.unordered_payment(entry_id)
    _must_name_its_other(kind, payout_id, deposit_id)
    BANK_ENTRY.after(entry.state, "explain")
    _must_fit(entry, payout_id, deposit_id)
    if selectors.explained(entry_id=entry_id, payout_id=payout_id, deposit_id=deposit_id):
        raise Conflict(_("Another explanation waits for its second officer."))
    made = BankExplanation.objects.create(
        entry=entry,
        kind=kind,
        payout_id=payout_id,
        deposit_id=deposit_id,
        reason=reason,
        maker_id=actor.user_id,
        created_at=at,
    )
    record(
        "bank-explanation",
        made.pk,
        "propose",
        after=ExplanationState.PROPOSED,
        actor=actor,
        at=at,
        reason=reason,
        detail={"entry": str(entry_id)},
    )
    return made


@service(may="settle")
def confirm_explanation(*, explanation_id: UUID, actor: Member, at: datetime) -> BankExplanation:
    """Confirm what another officer said of a debit, and book it so.

    Raises:
        NotFound: there is no such explanation.
        FourEyes: the actor gave it.
        IllegalTransition: it was confirmed or declined before.
        BankEntryDiffers: the payout or deposit has found its own line meanwhile.
        InsufficientFunds: the venue has not earned enough to bear the loss.

    """
    selectors.lock_statement()
    explanation = selectors.locked_explanation(explanation_id)
    if actor.user_id is None or actor.user_id == explanation.maker_id:
        raise FourEyes
    EXPLANATION.move(
        explanation, "confirm", actor=actor, at=at, checker_id=actor.user_id, decided_at=at
    )
    entry = selectors.unordered_payment(explanation.entry_id)
    _must_fit(entry, explanation.payout_id, explanation.deposit_id)
    BANK_ENTRY.move(entry, "explain", actor=actor, at=at, reason=explanation.reason)
    owner = None
    if explanation.payout is not None:
        owner = explanation.payout.organisation_id
        _mark_paid(explanation.payout, actor, at)
    if explanation.deposit is not None:
        BANK_ENTRY.move(
            explanation.deposit, "explain", actor=actor, at=at, reason=explanation.reason
        )
    post([_posting(explanation, entry, owner, at)])
    return explanation


@service(may="settle")
def decline_explanation(
    *, explanation_id: UUID, reason: str, actor: Member, at: datetime
) -> BankExplanation:
    """Decline an explanation, or take one's own back; the debit stays unexplained.

    Raises:
        NotFound: there is no such explanation.
        IllegalTransition: it was confirmed or declined before.

    """
    explanation = selectors.locked_explanation(explanation_id)
    return EXPLANATION.move(
        explanation, "decline", actor=actor, at=at, reason=reason, decided_at=at
    )


def _must_name_its_other(kind: str, payout_id: UUID | None, deposit_id: UUID | None) -> None:
    wrong = {
        name: [_("is needed for this kind and for no other")]
        for name, given, needed_by in (
            ("payout", payout_id, ExplanationKind.PAYOUT),
            ("deposit", deposit_id, ExplanationKind.RETURN),
        )
        if (given is not None) != (kind == needed_by)
    }
    if wrong:
        raise Malformed(fields=wrong)


def _must_fit(entry: BankEntry, payout_id: UUID | None, deposit_id: UUID | None) -> None:
    if payout_id is not None:
        payout = selectors.locked_payout(payout_id)
        if payout.state not in {PayoutState.CONFIRMED, PayoutState.SENT}:
            raise BankEntryDiffers(payout_state=payout.state)
        if not same_money(payout, entry):
            raise BankEntryDiffers
    if deposit_id is not None:
        deposit = selectors.locked_entry(deposit_id, DEPOSIT)
        if deposit.state != BankEntryState.UNMATCHED or not same_money(deposit, entry):
            raise BankEntryDiffers


def _mark_paid(payout: PayoutInstruction, actor: Member, at: datetime) -> None:
    """Mark a payout as paid, also one whose sending was not yet noted."""
    if payout.state == PayoutState.CONFIRMED:
        PAYOUT.move(payout, "send", actor=actor, at=at)
    PAYOUT.move(payout, "pay", actor=actor, at=at, paid_at=at)


_BORNE_BY = {
    ExplanationKind.PAYOUT: AccountKind.PAYOUT,
    ExplanationKind.RETURN: AccountKind.UNMATCHED,
    ExplanationKind.LOSS: AccountKind.FEES,
}


def _posting(
    explanation: BankExplanation, entry: BankEntry, owner: UUID | None, at: datetime
) -> Posting:
    borne = (owner, str(_BORNE_BY[ExplanationKind(explanation.kind)]), entry.currency)
    claim = (None, str(AccountKind.UNEXPLAINED), entry.currency)
    accounts = selectors.account_ids([borne, claim])
    # The venue's fees keep no live balance row whose floor could refuse this; the statement's
    # lock lets one loss be booked at a time, and nothing else takes from them.
    if explanation.kind == ExplanationKind.LOSS:
        earned = selectors.balance_minor(accounts[borne])
        if earned < entry.amount_minor:
            raise InsufficientFunds(available_minor=earned)
    leg = Leg(accounts[borne], accounts[claim], entry.amount_minor, entry.currency, "explain")
    return Posting(
        f"explain:{entry.entry_id}",
        "explain",
        (leg,),
        at,
        reason=explanation.reason,
        value_date=entry.value_date,
    )
