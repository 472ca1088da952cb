"""Opening a venue with what it needs to trade. Invariant: what is there already stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compliance import services as compliance
from compliance.errors import NoChecklistInForce
from compliance.selectors.checklists import checklist_in_force
from core.actors import Member
from core.models import Organisation
from core.service import service
from core.services import opening
from core.services.people import Secret
from settlement import services as settlement
from settlement.selectors import fee_schedules

MAIN_CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class OpenedMarket:
    """The venue, the code of the list in force, and whether its first fees were set just now."""

    venue: Organisation
    checklist: str
    fees_set: bool
    invitation: Secret | None = None


@service
def open_market(
    *,
    name_zh: str,
    name_en: str,
    country: str,
    registry_number: str,
    checklist: Mapping[str, Any],
    fees: Sequence[Mapping[str, Any]],
    email: str = "",
    actor: Member,
    at: datetime,
) -> OpenedMarket:
    """Open the venue, put its first checklist in force, set its first fees, ask `email` in.

    Safe to run again: a list in force and fees that were set are left as they are.

    Raises:
        Forbidden: people do not open venues; only the installation does.
        Malformed, Conflict, RegistryNumberTaken: as for opening the venue.
        FeeScheduleInvalid: the fees are not a schedule.

    """
    venue = opening.open_venue(
        name_zh=name_zh,
        name_en=name_en,
        country=country,
        registry_number=registry_number,
        actor=actor,
        at=at,
    )
    try:
        in_force = checklist_in_force(at)
    except NoChecklistInForce:
        in_force = compliance.install_checklist(document=checklist, actor=actor, at=at)
    unset = not fee_schedules(MAIN_CURRENCY).exists()
    if unset and fees:
        settlement.set_fee_schedule(
            currency=MAIN_CURRENCY,
            effective_from=at,
            lines=[dict(line) for line in fees],
            actor=actor,
            at=at,
        )
    return OpenedMarket(
        venue=venue,
        checklist=in_force.code,
        fees_set=unset and bool(fees),
        invitation=opening.invite_first_administrator(email=email, actor=actor, at=at)
        if email
        else None,
    )
