"""A statement with what stands beside it. Invariant: of one's own accounts, and no other."""

from dataclasses import dataclass
from datetime import datetime

from core.actors import Member
from core.errors import NotFound
from core.service import organisation_of
from exchange.selectors.names import organisation_name, organisation_reference
from settlement.bank import sub_account_of
from settlement.selectors import AccountBalance, Statement, own_balances, statement

# What an organisation may read statements of, in the order that they are offered.
KINDS = ("custody", "held", "payable", "payout")


@dataclass(frozen=True, slots=True)
class PayIn:
    """What a transfer into custody has to name: the sub-account; by the reference it is found too.

    `code` is what the venue calls the organisation, "" where it gave none.
    """

    sub_account: str
    reference: str
    code: str


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """The statement of one account, all accounts of the organisation, and its name.

    `statement` is None where the organisation has no account yet.
    """

    organisation: str
    pay_in: PayIn
    accounts: tuple[AccountBalance, ...]
    statement: Statement | None

    @property
    def held_minor(self) -> int:
        """What is held for trades now, in the statement's currency."""
        currency = self.statement.currency if self.statement else ""
        return sum(
            one.balance_minor
            for one in self.accounts
            if one.kind == "held" and one.currency == currency
        )


def statement_sheet(
    member: Member, *, account: str, since: datetime, until: datetime, language: str
) -> StatementSheet:
    """Return the statement of `account` ("custody-CNY"; "" is the one used most) and the others.

    Raises:
        NoOrganisation: the member acts for none.
        NotFound: it is no account of the member's organisation.
        Malformed: the span is empty or holds too many lines.

    """
    organisation_id = organisation_of(member)
    rows = [row for row in own_balances(member) if row.kind in KINDS]
    rows.sort(key=lambda row: (row.currency != "CNY", row.currency, KINDS.index(row.kind)))
    named = {f"{row.kind}-{row.currency}": row for row in rows}
    way_in = PayIn(sub_account_of(organisation_id), *organisation_reference(organisation_id))
    name = organisation_name(organisation_id, language)
    if account and account not in named:
        raise NotFound
    usual = "custody" if "buyer" in member.capacities else "payable"
    chosen = named.get(account) or next((row for row in rows if row.kind == usual), None)
    chosen = chosen or next(iter(rows), None)
    if chosen is None:
        return StatementSheet(name, way_in, (), None)
    found = statement(member, kind=chosen.kind, currency=chosen.currency, since=since, until=until)
    return StatementSheet(name, way_in, tuple(rows), found)
