"""Setting fees. Invariant: a fee schedule is never changed; a later one ends it."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.actors import Member
from core.events import record
from core.service import service
from settlement.errors import BackdatedSchedule, FeeScheduleInvalid
from settlement.fees import FeeRefused, parse_schedule
from settlement.models import FeeSchedule
from settlement.services.posting import ledger_refusals


@service(may="admit")
def set_fee_schedule(
    *,
    currency: str,
    effective_from: datetime,
    lines: list[dict[str, Any]],
    actor: Member,
    at: datetime,
) -> FeeSchedule:
    """Set the fees of `currency` from a moment on; the schedule before it ends there.

    Raises:
        FeeScheduleInvalid: the lines are not a fee schedule.
        BackdatedSchedule: it would begin before now, or not after the latest one.

    """
    try:
        table = parse_schedule({"currency": currency, "lines": lines})
    except FeeRefused as error:
        where = "lines" if error.line is None else f"lines[{error.line}]"
        raise FeeScheduleInvalid(fields={where: [error.text]}) from None
    if effective_from < at:
        raise BackdatedSchedule(fields={"effective_from": [_("is in the past")]})
    # Locking the schedules of the currency keeps two settings of it apart; EXCLUDE is the truth.
    schedules = list(
        FeeSchedule.objects.select_for_update().filter(currency=currency).order_by("effective_from")
    )
    if schedules and effective_from <= schedules[-1].effective_from:
        raise BackdatedSchedule(
            fields={"effective_from": [_("is not after the latest schedule")]},
            latest=schedules[-1].effective_from.isoformat(),
        )
    with ledger_refusals():
        FeeSchedule.objects.filter(
            Q(effective_until__isnull=True) | Q(effective_until__gt=effective_from),
            currency=currency,
        ).update(effective_until=effective_from)
        schedule = FeeSchedule.objects.create(
            currency=currency,
            effective_from=effective_from,
            lines=[asdict(line) for line in table.lines],
            set_by_id=actor.user_id,
            created_at=at,
        )
    record("fee-schedule", schedule.pk, "set", actor=actor, at=at)
    return schedule
