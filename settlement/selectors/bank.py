"""What the bank said and is told. Invariant: batches and bank lines are for officers alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from core.actors import Member
from core.errors import NotFound
from settlement.bank import PAYMENT, Instruction, sub_account_of
from settlement.models import (
    Account,
    AccountKind,
    Balance,
    BankEntry,
    BankExplanation,
    PayoutBatch,
    PayoutInstruction,
)
from settlement.selectors.accounts import own_organisation, require_officer
from settlement.states import ExplanationState, PayoutState

# One reader of the statement at a time: a second one waits and finds the lines known.
STATEMENT_LOCK = 7_021_996_002


@dataclass(frozen=True, slots=True)
class Owed:
    """What an organisation is owed and the two accounts between which a payout moves it."""

    organisation_id: UUID
    payable_id: int
    payout_id: int
    amount_minor: int


def lock_statement() -> None:
    """Wait until nobody else enters lines of the statement; ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [STATEMENT_LOCK])


def entries_by_id(entry_ids: Iterable[str]) -> dict[str, BankEntry]:
    """Return the known statement lines among `entry_ids`."""
    return {row.entry_id: row for row in BankEntry.objects.filter(entry_id__in=set(entry_ids))}


def last_sequence() -> int:
    """Return the number of the last statement line that is known; 0 before the first."""
    return BankEntry.objects.aggregate(last=Max("sequence"))["last"] or 0


def payouts_under_way(references: Iterable[str]) -> dict[str, PayoutInstruction]:
    """Return and lock those payouts among `references` that the bank may be paying."""
    rows = (
        PayoutInstruction.objects.select_for_update(of=("self",))
        .filter(reference__in=set(references), state__in=[PayoutState.CONFIRMED, PayoutState.SENT])
        .order_by("pk")
    )
    return {row.reference: row for row in rows}


def locked_payables(*, currency: str, minimum_minor: int, limit: int) -> list[Owed]:
    """Return and lock up to `limit` payable balances of at least `minimum_minor`."""
    payout_account = Account.objects.filter(
        organisation_id=OuterRef("account__organisation_id"),
        currency=currency,
        kind=AccountKind.PAYOUT,
    )
    rows = (
        Balance.objects.select_for_update(of=("self",))
        .filter(
            account__kind=AccountKind.PAYABLE,
            account__currency=currency,
            minor__gte=minimum_minor,
        )
        .annotate(
            owner=F("account__organisation_id"),
            payout_id=Subquery(payout_account.values("id")[:1]),
        )
        .order_by("account_id")[:limit]
    )
    return [Owed(row.owner, row.account_id, row.payout_id, row.minor) for row in rows]


def confirmed_payouts(limit: int) -> list[Instruction]:
    """Return payouts that the bank has still to be told of, oldest first."""
    rows = PayoutInstruction.objects.filter(state=PayoutState.CONFIRMED).order_by("id")[:limit]
    return [
        Instruction(
            reference=row.reference,
            payee=sub_account_of(row.organisation_id),
            amount_minor=row.amount_minor,
            currency=row.currency,
        )
        for row in rows
    ]


def sent_references(limit: int) -> list[str]:
    """Return the references of payouts that the bank has and has not yet paid, oldest first."""
    rows = PayoutInstruction.objects.filter(state=PayoutState.SENT).order_by("id")[:limit]
    return list(rows.values_list("reference", flat=True))


def locked_entry(entry_id: UUID, kind: str) -> BankEntry:
    """Return and lock one line of the statement.

    Raises:
        NotFound: there is none of that kind.
    """
    rows = BankEntry.objects.select_for_update(of=("self",))
    entry = rows.filter(pk=entry_id, kind=kind).first()
    if entry is None:
        raise NotFound
    return entry


def unordered_payment(entry_id: UUID) -> BankEntry:
    """Return and lock one payment of the statement.

    Raises:
        NotFound: there is none.
    """
    return locked_entry(entry_id, PAYMENT)


def locked_payout(payout_id: UUID) -> PayoutInstruction:
    """Return and lock one payout.

    Raises:
        NotFound: there is none.
    """
    payout = PayoutInstruction.objects.select_for_update(of=("self",)).filter(pk=payout_id).first()
    if payout is None:
        raise NotFound
    return payout


def locked_explanation(explanation_id: UUID) -> BankExplanation:
    """Return and lock one explanation of a debit, with the payout or deposit that it names.

    Raises:
        NotFound: there is none.
    """
    rows = BankExplanation.objects.select_for_update(of=("self",))
    found = rows.select_related("payout", "deposit").filter(pk=explanation_id).first()
    if found is None:
        raise NotFound
    return found


def explained(*, entry_id: UUID, payout_id: UUID | None, deposit_id: UUID | None) -> bool:
    """Say whether an explanation that was not declined names one of these."""
    named = Q(entry_id=entry_id)
    if payout_id is not None:
        named |= Q(payout_id=payout_id)
    if deposit_id is not None:
        named |= Q(deposit_id=deposit_id)
    rows = BankExplanation.objects.exclude(state=ExplanationState.DECLINED)
    return rows.filter(named).exists()


def bank_explanations(actor: Member) -> QuerySet[BankExplanation]:
    """Return what officers said of unexplained debits.

    Raises:
        NotFound: the actor is not a settlement officer.
    """
    require_officer(actor)
    return BankExplanation.objects.all()


def own_payouts(actor: Member) -> QuerySet[PayoutInstruction]:
    """Return the payouts to the actor's organisation.

    Raises:
        NotFound: the actor acts for no organisation.
    """
    return PayoutInstruction.objects.filter(organisation_id=own_organisation(actor))


def payout_batches(actor: Member) -> QuerySet[PayoutBatch]:
    """Return the payout batches of the venue.

    Raises:
        NotFound: the actor is not a settlement officer.
    """
    require_officer(actor)
    return PayoutBatch.objects.all()


def payout_batch(batch_id: UUID, actor: Member) -> PayoutBatch:
    """Return one payout batch with its instructions.

    Raises:
        NotFound: there is none, or the actor is not a settlement officer.
    """
    batch = (
        payout_batches(actor)
        .filter(pk=batch_id)
        .prefetch_related("instructions__organisation")
        .first()
    )
    if batch is None:
        raise NotFound
    return batch


def bank_entries(actor: Member, state: str | None) -> QuerySet[BankEntry]:
    """Return the lines of the bank's statement.

    Raises:
        NotFound: the actor is not a settlement officer.
    """
    require_officer(actor)
    rows = BankEntry.objects.select_related("organisation")
    return rows.filter(state=state) if state else rows
