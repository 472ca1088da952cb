"""Accounts and balances. Invariant: an organisation is shown its own accounts and no other."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, Prefetch, Q, QuerySet, When

from core.actors import Member, why_not
from core.errors import NotFound
from core.models import Organisation
from core.money import CURRENCIES
from settlement.bank import sub_account_of
from settlement.models import Account, AccountKind, PostingGroup, Side, Transfer

AccountKey = tuple[UUID | None, str, str]


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """What stands on one account of an organisation, in minor units."""

    address: str
    kind: str
    currency: str
    balance_minor: int
    sub_account: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a posting changed on one account: more (positive) or less."""

    kind: str
    currency: str
    change_minor: int


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One line of the trial balance: all accounts of a kind, summed from the transfers."""

    kind: str
    currency: str
    side: str
    debit_minor: int
    credit_minor: int
    balance_minor: int


@dataclass(frozen=True, slots=True)
class CustodyPosition:
    """What stands at the custody bank and whose it is. `difference_minor` must be 0."""

    currency: str
    custody_minor: int
    clients_minor: int
    venue_minor: int
    fund_minor: int
    unmatched_minor: int
    unexplained_minor: int = 0

    @property
    def difference_minor(self) -> int:
        """What custody holds, and the bank is to explain or return, over what is owed."""
        owed = self.clients_minor + self.venue_minor + self.fund_minor + self.unmatched_minor
        return self.custody_minor + self.unexplained_minor - owed


def account_ids(wanted: Iterable[AccountKey]) -> dict[AccountKey, int]:
    """Return the ids of accounts by (organisation or None, kind, currency), in one statement."""
    keys = set(wanted)
    if not keys:
        return {}
    rows = Account.objects.filter(
        Q(organisation_id__in={owner for owner, _, _ in keys if owner})
        | Q(organisation__isnull=True),
        kind__in={str(kind) for _, kind, _ in keys},
        currency__in={currency for _, _, currency in keys},
    ).values_list("organisation_id", "kind", "currency", "id")
    found: dict[AccountKey, int] = {(owner, kind, cur): pk for owner, kind, cur, pk in rows}
    return {key: found[key] for key in keys if key in found}


def known_organisations(wanted: Iterable[UUID]) -> set[UUID]:
    """Return those of `wanted` that are organisations other than the venue."""
    found = Organisation.objects.filter(pk__in=set(wanted), is_venue=False)
    return set(found.values_list("pk", flat=True))


def available_minor(organisation_id: UUID, currency: str) -> int:
    """Return what an organisation can spend now, in minor units."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT settlement_available(%s, %s)", [organisation_id, currency])
        return int(cursor.fetchone()[0])


def balance_minor(account_id: int) -> int:
    """Return what stands on an account, hot or not, in minor units."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT settlement_balance_of(%s)", [account_id])
        return int(cursor.fetchone()[0])


def own_balances(actor: Member) -> list[AccountBalance]:
    """Return what stands on the accounts of the actor's organisation.

    Raises:
        NotFound: the actor acts for no organisation.
    """
    organisation_id = own_organisation(actor)
    rows = (
        Account.objects.filter(organisation_id=organisation_id)
        .annotate(minor=F("balance__minor"))
        .order_by("currency", "id")
    )
    return [
        AccountBalance(
            address=row.address,
            kind=row.kind,
            currency=row.currency,
            balance_minor=row.minor,
            sub_account=sub_account_of(organisation_id),
        )
        for row in rows
    ]


def own_postings(actor: Member, kind: str | None, currency: str | None) -> QuerySet[PostingGroup]:
    """Return the postings on the accounts of the actor's organisation; see `own_changes`.

    Raises:
        NotFound: the actor acts for no organisation.
    """
    accounts = Account.objects.filter(organisation_id=own_organisation(actor))
    if kind:
        accounts = accounts.filter(kind=kind)
    if currency:
        accounts = accounts.filter(currency=currency)
    ids = list(accounts.values_list("id", flat=True))
    legs = Transfer.objects.filter(Q(debit_id__in=ids) | Q(credit_id__in=ids)).annotate(
        debits_own=Case(When(debit_id__in=ids, then=True), default=False),
        credits_own=Case(When(credit_id__in=ids, then=True), default=False),
    )
    return PostingGroup.objects.filter(pk__in=legs.values("group_id")).prefetch_related(
        Prefetch(
            "transfers",
            queryset=legs.select_related("debit", "credit").order_by("line"),
            to_attr="own_legs",
        )
    )


def own_changes(posting: PostingGroup) -> list[Change]:
    """Return what a posting from `own_postings` changed, summed by account.

    The transfers of a posting are summed, so that a buyer does not read how its price was shared.
    """
    changes: dict[tuple[str, str], int] = {}
    for leg in posting.own_legs:  # type: ignore[attr-defined]
        for own, account, sign in (
            (leg.debits_own, leg.debit, -1),
            (leg.credits_own, leg.credit, 1),
        ):
            if own:
                key = (account.kind, account.currency)
                changes[key] = changes.get(key, 0) + sign * leg.amount_minor
    return [Change(kind, currency, minor) for (kind, currency), minor in changes.items()]


def own_organisation(actor: Member) -> UUID:
    """Return the organisation that `actor` acts for.

    Raises:
        NotFound: none.
    """
    if actor.organisation_id is None:
        raise NotFound
    return actor.organisation_id


def require_officer(actor: Member) -> None:
    """Refuse what only the venue's settlement officers may see, as if it were not there.

    Raises:
        NotFound: the actor is none.
    """
    if why_not(actor, "settle"):
        raise NotFound


_TRIAL = """
    SELECT a.kind, a.currency, a.side,
           coalesce(sum(l.debit), 0)::bigint, coalesce(sum(l.credit), 0)::bigint
    FROM settlement_account a
    JOIN (
        SELECT debit_id AS account_id, sum(amount_minor) AS debit, 0::numeric AS credit
        FROM settlement_transfer GROUP BY debit_id
        UNION ALL
        SELECT credit_id, 0, sum(amount_minor) FROM settlement_transfer GROUP BY credit_id
    ) l ON l.account_id = a.id
    GROUP BY a.kind, a.currency, a.side
    ORDER BY a.currency, a.kind
"""


def trial_balance(actor: Member) -> list[TrialLine]:
    """Return the trial balance, recomputed from every transfer.

    Raises:
        NotFound: the actor is not a settlement officer of the venue.
    """
    require_officer(actor)
    return _trial()


def _trial() -> list[TrialLine]:
    with connection.cursor() as cursor:
        cursor.execute(_TRIAL)
        rows = cursor.fetchall()
    return [
        TrialLine(
            kind=kind,
            currency=currency,
            side=side,
            debit_minor=debit,
            credit_minor=credit,
            balance_minor=credit - debit if side == Side.CREDIT else debit - credit,
        )
        for kind, currency, side, debit, credit in rows
    ]


def custody(actor: Member) -> list[CustodyPosition]:
    """Return what custody holds and for whom, for the venue's officers.

    Raises:
        NotFound: the actor is none.
    """
    require_officer(actor)
    return custody_positions()


def custody_positions() -> list[CustodyPosition]:
    """Return, for each currency with money in it, what custody holds and for whom."""
    lines: dict[str, dict[str, int]] = {}
    for line in _trial():
        lines.setdefault(line.currency, {})[line.kind] = line.balance_minor
    clients = (AccountKind.CUSTODY, AccountKind.HELD, AccountKind.PAYABLE, AccountKind.PAYOUT)
    return [
        CustodyPosition(
            currency=currency,
            custody_minor=of.get(AccountKind.BANK, 0),
            clients_minor=sum(of.get(kind, 0) for kind in clients),
            venue_minor=of.get(AccountKind.FEES, 0),
            fund_minor=of.get(AccountKind.FUND, 0),
            unmatched_minor=of.get(AccountKind.UNMATCHED, 0),
            unexplained_minor=of.get(AccountKind.UNEXPLAINED, 0),
        )
        for currency, of in lines.items()
        if currency in CURRENCIES
    ]
