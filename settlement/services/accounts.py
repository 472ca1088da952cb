"""Opening accounts. Invariant: an organisation has the same four accounts in each currency."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from core.actors import Member
from core.errors import Malformed, NotFound
from core.models import Organisation
from core.money import CURRENCIES
from core.service import service


@service
def open_accounts(
    *, organisation_ids: Sequence[UUID], currency: str, actor: Member, at: datetime
) -> None:
    """Open custody, held, payable and payout accounts; harmless where they are open already.

    Raises:
        Malformed: a currency that the ledger does not keep.
        NotFound: there is no such organisation.

    """
    if currency not in CURRENCIES:
        raise Malformed(fields={"currency": [_("is not a currency of this ledger")]})
    wanted = set(organisation_ids)
    if Organisation.objects.filter(pk__in=wanted).count() != len(wanted):
        raise NotFound
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT settlement_open_accounts(%s::uuid[], %s)",
            [[str(one) for one in sorted(wanted)], currency],
        )


@service
def take_snapshots(*, actor: Member, at: datetime) -> int:
    """Keep the balance of each hot account as it stands; return how many were kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT settlement_snapshot(%s)", [at])
        row = cursor.fetchone()
    return int(row[0])
