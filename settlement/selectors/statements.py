"""Account statements. Invariant: opening and lines sum to the closing balance, line by line.

One statement of SQL reads all of it, so that what is booked meanwhile cannot come between.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from core.actors import Member
from core.errors import Malformed, NotFound
from settlement.models import Account
from settlement.selectors.accounts import own_organisation

MOST_LINES = 5_000

_SQL = """
    WITH legs AS (
        SELECT t.id, t.group_id, t.booked_at, t.value_date, b.sign * t.amount_minor AS change
        FROM settlement_transfer t JOIN settlement_balance b ON b.account_id = t.credit_id
        WHERE t.credit_id = %(account)s AND t.booked_at >= %(since)s
        UNION ALL
        SELECT t.id, t.group_id, t.booked_at, t.value_date, -b.sign * t.amount_minor
        FROM settlement_transfer t JOIN settlement_balance b ON b.account_id = t.debit_id
        WHERE t.debit_id = %(account)s AND t.booked_at >= %(since)s
    ), moved AS (
        SELECT group_id, max(id) AS id, booked_at, max(value_date) AS value_date,
               sum(change) AS change
        FROM legs GROUP BY group_id, booked_at
    ), opening AS (
        SELECT b.minor - coalesce((SELECT sum(change) FROM moved), 0) AS minor
        FROM settlement_balance b WHERE b.account_id = %(account)s
    )
    SELECT o.minor::bigint, m.id, m.booked_at, m.value_date, g.code, g.reference, g.reason,
           m.change::bigint, (o.minor + sum(m.change) OVER (ORDER BY m.id))::bigint
    FROM opening o
    LEFT JOIN moved m ON m.booked_at < %(until)s
    LEFT JOIN settlement_postinggroup g ON g.id = m.group_id
    ORDER BY m.id
    LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """What one posting changed on an account and the balance after it, in minor units.

    The transfers of a posting are one line, so that a buyer does not read how its price was
    shared.
    """

    id: int
    booked_at: datetime
    value_date: date | None
    code: str
    reference: str
    reason: str
    change_minor: int
    balance_minor: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One account of an organisation from `since` (included) to `until` (not included)."""

    organisation_id: UUID
    address: str
    kind: str
    currency: str
    since: datetime
    until: datetime
    opening_minor: int
    lines: tuple[StatementLine, ...]
    closing_minor: int


def statement(
    actor: Member, *, kind: str, currency: str, since: datetime, until: datetime
) -> Statement:
    """Return the statement of one account of the actor's organisation.

    Raises:
        NotFound: it has no such account.
        Malformed: the span is empty or holds more than 5,000 lines.
    """
    organisation_id = own_organisation(actor)
    if until <= since:
        raise Malformed(fields={"until": [_("must be after since")]})
    account = Account.objects.filter(
        organisation_id=organisation_id, kind=kind, currency=currency
    ).first()
    if account is None:
        raise NotFound
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "account": account.pk,
                "since": since,
                "until": until,
                "most": MOST_LINES + 1,
            },
        )
        rows = cursor.fetchall()
    if len(rows) > MOST_LINES:
        raise Malformed(
            fields={"until": [_("more than %(n)s lines: choose less time") % {"n": MOST_LINES}]}
        )
    opening = int(rows[0][0])
    lines = tuple(StatementLine(*row[1:]) for row in rows if row[1] is not None)
    return Statement(
        organisation_id=organisation_id,
        address=account.address,
        kind=account.kind,
        currency=account.currency,
        since=since,
        until=until,
        opening_minor=opening,
        lines=lines,
        closing_minor=lines[-1].balance_minor if lines else opening,
    )
