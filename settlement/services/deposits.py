"""What the bank's statement says. Invariant: each line is booked once, as soon as it is known.

A deposit first stands on `bank:unmatched`; one that names its sub-account is assigned at once,
another by an officer. A payment that is of no payout stands on `bank:unexplained`, a claim on the
bank, raises an alarm, and is explained by two officers.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from core.actors import Member
from core.errors import NotFound
from core.events import record_many
from core.service import service
from settlement import selectors
from settlement.bank import DEPOSIT, PAYMENT, StatementEntry, owner_of
from settlement.errors import AccountMissing, BankEntryChanged
from settlement.models import AccountKind, BankEntry, PayoutInstruction
from settlement.services.accounts import open_accounts
from settlement.services.posting import Leg, Posting, post, reversals
from settlement.states import BANK_ENTRY, PAYOUT, BankEntryState, PayoutState

Accounts = dict[tuple[UUID | None, str, str], int]


class Recorded(NamedTuple):
    """How many statement lines were new, and how many of these found no owner or payout."""

    new: int
    unmatched: int
    unexplained: int


@service
def record_deposit(*, entry: StatementEntry, actor: Member, at: datetime) -> BankEntry:
    """Enter one line of the bank's statement; see `record_entries`."""
    record_entries(entries=[entry], actor=actor, at=at)
    return BankEntry.objects.get(entry_id=entry.entry_id)


@service
def record_entries(*, entries: Sequence[StatementEntry], actor: Member, at: datetime) -> Recorded:
    """Enter lines of the bank's statement: deposits to their owners, payments to their payouts.

    A line that is known already is passed over. A deposit that finds no owner stands on
    `bank:unmatched` until an officer assigns it, a payment that finds no payout on
    `bank:unexplained` until two officers explain it; nobody else's money pays for either.

    Raises:
        BankEntryChanged: a known line now reads differently; nothing is booked.

    """
    selectors.lock_statement()
    known = selectors.entries_by_id(entry.entry_id for entry in entries)
    for entry in entries:
        if entry.entry_id in known and _stated(known[entry.entry_id]) != entry:
            raise BankEntryChanged(entry=entry.entry_id)
    fresh = [entry for entry in entries if entry.entry_id not in known]
    if not fresh:
        return Recorded(0, 0, 0)
    owners = selectors.known_organisations(_claimed_owners(fresh))
    payouts = selectors.payouts_under_way(
        entry.bank_reference for entry in fresh if entry.kind == PAYMENT
    )
    # Each payout is paid once: a second line of the same name finds nothing.
    unpaid = dict(payouts)
    rows = [_entered(entry, owners, unpaid, at) for entry in fresh]
    BankEntry.objects.bulk_create(rows)
    accounts = _accounts(rows, actor, at)
    post([posting for row in rows for posting in _postings(row, accounts, at)])
    _mark_paid([payouts[row.bank_reference] for row in rows if _pays(row)], actor, at)
    for state in BankEntryState.values:
        ids = [row.pk for row in rows if row.state == state]
        record_many("bank-entry", ids, "record", after=state, actor=actor, at=at)
    ownerless = [row for row in rows if row.state == BankEntryState.UNMATCHED]
    unexplained = [row for row in ownerless if row.kind == PAYMENT]
    if unexplained:
        _raise_alarm(unexplained, actor, at)
    return Recorded(len(rows), len(ownerless) - len(unexplained), len(unexplained))


@service(may="settle")
def assign_deposit(
    *, entry_id: UUID, organisation_id: UUID, actor: Member, at: datetime
) -> BankEntry:
    """Give an unmatched deposit to the organisation it belongs to.

    Raises:
        NotFound: there is no such deposit or organisation.
        IllegalTransition: it belongs to somebody already.

    """
    entry = _locked_deposit(entry_id)
    open_accounts(organisation_ids=[organisation_id], currency=entry.currency, actor=actor, at=at)
    entry = BANK_ENTRY.move(
        entry,
        "assign",
        actor=actor,
        at=at,
        detail={"organisation": str(organisation_id)},
        organisation_id=organisation_id,
        turn=entry.turn + 1,
    )
    accounts = _accounts([entry], actor, at)
    post([_assignment(entry, accounts, at)])
    return entry


@service(may="settle")
def reverse_deposit(*, entry_id: UUID, reason: str, actor: Member, at: datetime) -> BankEntry:
    """Take a deposit back from the organisation it was wrongly given to.

    Raises:
        NotFound: there is no such deposit.
        IllegalTransition: it belongs to nobody.
        InsufficientFunds: the organisation no longer has the money.

    """
    entry = _locked_deposit(entry_id)
    reference = _assignment_reference(entry)
    entry = BANK_ENTRY.move(
        entry, "reverse", actor=actor, at=at, reason=reason, organisation_id=None
    )
    post(reversals([reference], reason=reason, at=at))
    return entry


def same_money(one: PayoutInstruction | BankEntry, other: StatementEntry | BankEntry) -> bool:
    """Say whether two are of the same amount and currency."""
    return (one.amount_minor, one.currency) == (other.amount_minor, other.currency)


def _raise_alarm(rows: Sequence[BankEntry], actor: Member, at: datetime) -> None:
    """Leave an event of each debit that nobody ordered; the books name it until explained."""
    record_many(
        "bank-entry",
        [row.pk for row in rows],
        "alarm",
        before=BankEntryState.UNMATCHED,
        after=BankEntryState.UNMATCHED,
        actor=actor,
        at=at,
        reason="the bank paid what nobody ordered",
    )


def _locked_deposit(entry_id: UUID) -> BankEntry:
    entry = (
        BankEntry.objects.select_for_update(of=("self",)).filter(pk=entry_id, kind=DEPOSIT).first()
    )
    if entry is None:
        raise NotFound
    return entry


def _claimed_owners(entries: Sequence[StatementEntry]) -> set[UUID]:
    named = (owner_of(entry.sub_account) for entry in entries if entry.kind == DEPOSIT)
    return {owner for owner in named if owner is not None}


def _entered(
    entry: StatementEntry,
    owners: set[UUID],
    unpaid: dict[str, PayoutInstruction],
    at: datetime,
) -> BankEntry:
    owner: UUID | None = None
    if entry.kind == DEPOSIT:
        named = owner_of(entry.sub_account)
        owner = named if named in owners else None
    else:
        payout = unpaid.get(entry.bank_reference)
        if payout is not None and same_money(payout, entry):
            owner = payout.organisation_id
            del unpaid[entry.bank_reference]
    return BankEntry(
        **asdict(entry),
        organisation_id=owner,
        state=BankEntryState.BOOKED if owner else BankEntryState.UNMATCHED,
        turn=1 if owner else 0,
        created_at=at,
    )


def _stated(row: BankEntry) -> StatementEntry:
    return StatementEntry(
        sequence=row.sequence,
        entry_id=row.entry_id,
        kind=row.kind,
        sub_account=row.sub_account,
        bank_reference=row.bank_reference,
        amount_minor=row.amount_minor,
        currency=row.currency,
        stated_minor=row.stated_minor,
        value_date=row.value_date,
    )


def _pays(row: BankEntry) -> bool:
    return row.kind == PAYMENT and row.state == BankEntryState.BOOKED


def _accounts(rows: Sequence[BankEntry], actor: Member, at: datetime) -> Accounts:
    wanted: set[tuple[UUID | None, str, str]] = set()
    for row in rows:
        wanted |= {
            (None, AccountKind.BANK, row.currency),
            (None, AccountKind.UNMATCHED, row.currency),
            (None, AccountKind.UNEXPLAINED, row.currency),
        }
        if row.organisation_id:
            kind = AccountKind.PAYOUT if row.kind == PAYMENT else AccountKind.CUSTODY
            wanted.add((row.organisation_id, kind, row.currency))
    found = selectors.account_ids(wanted)
    missing = wanted - found.keys()
    for currency in sorted({currency for _, _, currency in missing}):
        owners = [owner for owner, _, of in missing if of == currency and owner is not None]
        open_accounts(organisation_ids=owners, currency=currency, actor=actor, at=at)
    found |= selectors.account_ids(missing) if missing else {}
    if wanted - found.keys():
        raise AccountMissing
    return found


def _postings(row: BankEntry, accounts: Accounts, at: datetime) -> list[Posting]:
    bank = accounts[(None, AccountKind.BANK, row.currency)]
    if _pays(row):
        own = accounts[(row.organisation_id, AccountKind.PAYOUT, row.currency)]
        return [_posting(f"paid:{row.bank_reference}", "payout", row, own, bank, at)]
    if row.kind == PAYMENT:
        claim = accounts[(None, AccountKind.UNEXPLAINED, row.currency)]
        return [_posting(f"bank:{row.entry_id}", "bank-payment", row, claim, bank, at)]
    unmatched = accounts[(None, AccountKind.UNMATCHED, row.currency)]
    received = _posting(f"bank:{row.entry_id}", "deposit", row, bank, unmatched, at)
    if row.state == BankEntryState.UNMATCHED:
        return [received]
    return [received, _assignment(row, accounts, at)]


def _assignment(row: BankEntry, accounts: Accounts, at: datetime) -> Posting:
    unmatched = accounts[(None, AccountKind.UNMATCHED, row.currency)]
    own = accounts[(row.organisation_id, AccountKind.CUSTODY, row.currency)]
    return _posting(_assignment_reference(row), "deposit", row, unmatched, own, at)


def _assignment_reference(row: BankEntry) -> str:
    return f"assign:{row.entry_id}:{row.turn}"


def _posting(
    reference: str, code: str, row: BankEntry, debit_id: int, credit_id: int, at: datetime
) -> Posting:
    leg = Leg(debit_id, credit_id, row.amount_minor, row.currency, code)
    return Posting(reference, code, (leg,), at, value_date=row.value_date)


def _mark_paid(payouts: Sequence[PayoutInstruction], actor: Member, at: datetime) -> None:
    """Mark payouts as paid, also those whose sending was not yet noted."""
    if not payouts:
        return
    rows = PayoutInstruction.objects.filter(pk__in=[payout.pk for payout in payouts])
    PAYOUT.move_all(rows.filter(state=PayoutState.CONFIRMED), "send", actor=actor, at=at)
    PAYOUT.move_all(rows, "pay", actor=actor, at=at, paid_at=at)
