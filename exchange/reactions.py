"""What follows what: (subject, verb) → reactions. The one table that joins the apps.

Each reaction takes a list of events and a moment, runs in a transaction of its own, and does
nothing the second time: a retry is harmless.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from compliance import services as compliance
from compliance.grounds import GROUNDS
from compliance.selectors import (
    versions_citing,
    versions_citing_declared,
    versions_of_clearances,
)
from core import outside
from core.actors import SYSTEM
from core.models import Event
from core.selectors import organisations_of_capacities
from core.services.work import Reaction
from delivery.selectors import references_of_grants
from exchange.selectors.notices import change_letters
from exchange.selectors.orders import EVERY_USE, Use
from exchange.services import demands, orders, trades
from settlement import services as settlement

MAIN_CURRENCY = "CNY"


def _subjects(events: list[Event]) -> list[UUID]:
    return sorted({event.subject_id for event in events})


def _resting_on(events: list[Event]) -> list[UUID]:
    """Return the versions that events of declarations, evidence or records are about."""
    versions = {UUID(event.detail["version"]) for event in events if "version" in event.detail}
    reports = {UUID(event.detail["report"]) for event in events if "report" in event.detail}
    versions.update(versions_citing(reports) if reports else ())
    return sorted(versions)


def screen(events: list[Event], at: datetime) -> None:
    """Scan and screen submitted versions."""
    compliance.scan_and_screen(version_ids=_subjects(events), actor=SYSTEM, at=at)


def screen_again(events: list[Event], at: datetime) -> None:
    """Screen versions again whose declaration, evidence or record is new."""
    compliance.rescreen_versions(version_ids=_resting_on(events), actor=SYSTEM, at=at)


def screen_uncarried(events: list[Event], at: datetime) -> None:
    """Screen versions again for which a report was evidence that nobody stands by any more."""
    versions = versions_citing_declared(_subjects(events))
    if versions:
        compliance.rescreen_versions(version_ids=versions, actor=SYSTEM, at=at)


def prepare_again(events: list[Event], at: datetime) -> None:
    """Run the list that waits over cleared versions whose declaration or evidence is new."""
    compliance.prepare_again(version_ids=_resting_on(events), actor=SYSTEM, at=at)


def leave_queue(events: list[Event], at: datetime) -> None:
    """Take versions that left review off the reviewers' queue."""
    compliance.close_reviews(version_ids=_subjects(events), actor=SYSTEM, at=at)


def end_clearances(events: list[Event], at: datetime) -> None:
    """End the clearances of versions that left the market."""
    compliance.end_clearances_of_versions(
        version_ids=_subjects(events), ground="delisted", actor=SYSTEM, at=at
    )


def end_cleared_by_right(events: list[Event], at: datetime) -> None:
    """End the clearances that cite a right which ended."""
    for verb, ground in (("expire", "right-expired"), ("withdraw", "right-withdrawn")):
        ended = [event for event in events if event.verb == verb]
        if ended:
            compliance.end_clearances_of_rights(
                rights_record_ids=_subjects(ended), ground=ground, actor=SYSTEM, at=at
            )


def end_cleared_by_mandate(events: list[Event], at: datetime) -> None:
    """End the clearances of what was listed under a mandate that ended."""
    compliance.end_clearances_of_sponsorships(
        sponsorship_ids=_subjects(events), actor=SYSTEM, at=at
    )


def mail_invitations(events: list[Event], at: datetime) -> None:
    """Mail the links of invitations."""
    outside.mail_invitations(invitation_ids=_subjects(events), at=at)


def organisation_left(events: list[Event], at: datetime) -> None:
    """Suspend or end the clearances of organisations that were suspended or closed."""
    suspended = [event for event in events if event.verb == "suspend"]
    closed = [event for event in events if event.verb == "close"]
    if suspended:
        compliance.suspend_clearances_of_organisations(
            organisation_ids=_subjects(suspended), actor=SYSTEM, at=at
        )
    if closed:
        compliance.end_clearances_of_organisations(
            organisation_ids=_subjects(closed), actor=SYSTEM, at=at
        )


def organisation_returned(events: list[Event], at: datetime) -> None:
    """Resume what was suspended with an organisation."""
    compliance.resume_clearances_of_organisations(
        organisation_ids=_subjects(events), actor=SYSTEM, at=at
    )


def capacity_left(events: list[Event], at: datetime) -> None:
    """Suspend the clearances of what was offered in a capacity taken away."""
    compliance.suspend_clearances_of_capacities(capacity_ids=_subjects(events), actor=SYSTEM, at=at)


def capacity_returned(events: list[Event], at: datetime) -> None:
    """Resume what was suspended with a capacity."""
    compliance.resume_clearances_of_capacities(capacity_ids=_subjects(events), actor=SYSTEM, at=at)


def open_accounts(events: list[Event], at: datetime) -> None:
    """Open the accounts of organisations that were admitted to trade."""
    settlement.open_accounts(
        organisation_ids=organisations_of_capacities(_subjects(events)),
        currency=MAIN_CURRENCY,
        actor=SYSTEM,
        at=at,
    )


def clearance_fell(events: list[Event], at: datetime) -> None:
    """Do to orders, deliveries and what was delivered what the ground of the fall asks for."""
    versions = versions_of_clearances(_subjects(events))
    by_ground: dict[str, list[UUID]] = defaultdict(list)
    for event in events:
        ground = event.detail.get("ground", event.reason)
        by_ground[ground].append(versions[event.subject_id])
    for ground, ids in sorted(by_ground.items()):
        _bring_about(ground, ids, EVERY_USE, at)


def consent_withdrawn(events: list[Event], at: datetime) -> None:
    """Stop, for the uses that persons withdrew their consent to, what rested on it.

    Also where no clearance fell: what was delivered under one that ended long ago has to go too.
    """
    for event in events:
        versions = [UUID(key) for key in event.detail["versions"]]
        purposes, kinds = event.detail["purposes"], event.detail["recipient_kinds"]
        if versions:
            _bring_about("consent-withdrawn", versions, Use(tuple(purposes), tuple(kinds)), at)


def _bring_about(ground: str, version_ids: list[UUID], use: Use, at: datetime) -> None:
    effects = GROUNDS[ground]
    if effects.open_orders == "refuse":
        orders.refuse_open_orders(version_ids=version_ids, code=ground, at=at, use=use)
    if effects.deliveries == "stop":
        trades.stop_deliveries(version_ids=version_ids, ground=ground, at=at, use=use)
    if effects.delivered != "stay":
        trades.ask_deletions(
            version_ids=version_ids, kind=effects.delivered, ground=ground, at=at, use=use
        )


def announce_changes(events: list[Event], at: datetime) -> None:
    """Note for each vendor what a scheduled list will change for it."""
    compliance.note_changes(checklist_ids=_subjects(events), phase="ahead", actor=SYSTEM, at=at)


def tell_changes(events: list[Event], at: datetime) -> None:
    """Note for each vendor what a list that took force changed for it."""
    compliance.note_changes(checklist_ids=_subjects(events), phase="in_force", actor=SYSTEM, at=at)


def mail_changes(events: list[Event], at: datetime) -> None:
    """Mail vendors what a list changes for them."""
    outside.mail_letters(change_letters(_subjects(events), at))


def refresh_shortlists(events: list[Event], at: datetime) -> None:
    """Rank anew what answers the open demands."""
    demands.refresh_shortlists(at=at)


def deliver(events: list[Event], at: datetime) -> None:
    """Open the grants of concluded trades."""
    trades.deliver_trades(trade_ids=_subjects(events), at=at)


def end_exports(events: list[Event], at: datetime) -> None:
    """Enter in the ledger of exports what was handed over abroad, or will not be."""
    of_trades = [event for event in events if event.subject == "trade"]
    of_grants = [event for event in events if event.subject == "grant"]
    ids = {*_subjects(of_trades), *references_of_grants(_subjects(of_grants))}
    trades.end_exports(trade_ids=sorted(ids), at=at)


def accept_silence(events: list[Event], at: datetime) -> None:
    """Accept deliveries whose inspection window passed without objection."""
    trades.accept_due_trades(trade_ids=references_of_grants(_subjects(events)), at=at)


def request_settlements(events: list[Event], at: datetime) -> None:
    """Hand accepted trades to settlement."""
    trades.request_settlements(trade_ids=_subjects(events), at=at)


def settle_trades(events: list[Event], at: datetime) -> None:
    """Mark the trades settled whose money is split."""
    references = sorted(UUID(event.detail["reference"]) for event in events)
    trades.settle_trades(trade_ids=references, at=at)


_OFF_THE_DESK = ("return", "refuse", "abandon")
_DECLARED_NO_MORE = ("withdraw", "expire", "breach")
_FALLEN = ("suspend", "end")

TABLE: dict[tuple[str, str], list[Reaction]] = {
    ("version", "submit"): [screen],
    **{("version", verb): [leave_queue] for verb in _OFF_THE_DESK},
    ("version", "delist"): [leave_queue, end_clearances],
    ("declaration", "sign"): [screen_again, prepare_again],
    **{("declaration", verb): [screen_uncarried] for verb in _DECLARED_NO_MORE},
    ("evidence", "give"): [screen_again, prepare_again],
    ("personal-record", "bind"): [screen_again, prepare_again],
    ("personal-record", "withdraw"): [consent_withdrawn],
    ("personal-record", "narrow"): [consent_withdrawn],
    ("rights-record", "expire"): [end_cleared_by_right],
    ("rights-record", "withdraw"): [end_cleared_by_right],
    ("sponsorship", "expire"): [end_cleared_by_mandate],
    ("sponsorship", "withdraw"): [end_cleared_by_mandate],
    ("organisation", "suspend"): [organisation_left],
    ("organisation", "close"): [organisation_left],
    ("organisation", "reinstate"): [organisation_returned],
    ("invitation", "invite"): [mail_invitations],
    ("capacity", "admit"): [open_accounts],
    ("capacity", "suspend"): [capacity_left],
    ("capacity", "withdraw"): [capacity_left],
    ("capacity", "reinstate"): [capacity_returned],
    ("checklist", "announce"): [announce_changes],
    ("checklist", "enforce"): [tell_changes],
    ("change-notice", "make"): [mail_changes],
    **{("clearance", verb): [clearance_fell] for verb in _FALLEN},
    ("clearance", "grant"): [refresh_shortlists],
    ("clearance", "start"): [refresh_shortlists],
    ("trade", "conclude"): [deliver],
    ("grant", "end_inspection"): [accept_silence],
    **{("grant", verb): [end_exports] for verb in ("hand_over", "withdraw", "close", "expire")},
    ("trade", "refund"): [end_exports],
    ("trade", "accept"): [request_settlements],
    ("trade", "dismiss"): [request_settlements],
    ("settlement", "settle"): [settle_trades],
}

REACTIONS: dict[str, Callable[[list[Event], datetime], None]] = {
    reaction.__name__: reaction for reactions in TABLE.values() for reaction in reactions
}
