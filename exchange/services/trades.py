"""After the match: delivery, acceptance, dispute, settlement, refund.

Invariant: money leaves a hold only by settlement or refund, and together they are the whole.
"""

import json
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from compliance import services as compliance
from core.actors import SYSTEM, Member, signer
from core.errors import Conflict, NotFound
from core.service import service
from delivery.selectors import grants_of, references_given
from delivery.services import deletions, downloads
from delivery.services.downloads import MadeLink
from delivery.services.grants import GrantRequest, open_grants, withdraw_grants
from exchange.errors import DisputeTooLate, RefundTooLarge
from exchange.models import Dispute, Trade
from exchange.selectors import orders as selectors
from exchange.selectors.orders import EVERY_USE, Use
from exchange.states import TRADE, TradeState
from listings.services import release_seat
from settlement.fees import FeeRefused, charges, parse_schedule
from settlement.services import holds, settlements
from settlement.splits import SplitRefused, parse_plan, split

INSPECTION_DAYS = 7


@service
def deliver_trades(*, trade_ids: list[UUID], at: datetime) -> None:
    """Open a grant for each funded trade and begin its inspection window."""
    trades = selectors.locked_trades(trade_ids, TradeState.FUNDED)
    if not trades:
        return
    inspect_until = at + timedelta(days=INSPECTION_DAYS)
    open_grants(
        grants=[
            GrantRequest(
                reference=trade.pk,
                buyer_id=trade.buyer_id,
                vendor_id=trade.vendor_id,
                version_id=trade.version_id,
                max_downloads=None,
                expires_at=at + timedelta(days=trade.order.term_days),
                inspect_until=inspect_until,
            )
            for trade in trades
        ],
        actor=SYSTEM,
        at=at,
    )
    TRADE.move_all(
        Trade.objects.filter(pk__in=[trade.pk for trade in trades]),
        "deliver",
        actor=SYSTEM,
        at=at,
        inspect_until=inspect_until,
    )


@service
def make_link(*, trade_id: UUID, release_id: UUID, actor: Member, at: datetime) -> MadeLink:
    """Make a download link to one file of a trade: good for a day, and never longer than its term.

    Raises:
        NotFound: not a trade of this buyer, or nothing is handed over yet.
        Forbidden: the actor's role does not cover it.
        GrantWithdrawn, GrantClosed, GrantExpired, DownloadsUsedUp: access has ended.

    """
    trade = selectors.own_trade(trade_id, actor)
    grant = grants_of([trade.pk]).get(trade.pk)
    if grant is None:
        raise NotFound
    return downloads.make_link(grant_id=grant.pk, release_id=release_id, actor=actor, at=at)


@service(may="trade")
def accept_trade(*, trade_id: UUID, actor: Member, at: datetime) -> Trade:
    """Accept the delivery; settlement follows at once.

    Raises:
        NotFound: not a trade of this buyer.
        IllegalTransition: it is not in delivery.

    """
    trade = selectors.locked_trade(trade_id, buyer_id=actor.organisation_id)
    return TRADE.move(trade, "accept", actor=actor, at=at, accepted_at=at)


@service
def accept_due_trades(*, trade_ids: list[UUID], at: datetime) -> list[UUID]:
    """Accept deliveries whose inspection window passed without objection; return their ids."""
    due = selectors.trades_past_inspection(trade_ids, at)
    return TRADE.move_all(
        due,
        "accept",
        actor=SYSTEM,
        at=at,
        reason="inspection-window-passed",
        accepted_at=at,
    )


@service(may="trade")
def dispute_trade(*, trade_id: UUID, ground: str, actor: Member, at: datetime) -> Dispute:
    """Object to a delivery within the inspection window; the hold stays until it is decided.

    Raises:
        NotFound: not a trade of this buyer.
        DisputeTooLate: the inspection window has passed.
        IllegalTransition: it is not in delivery.

    """
    trade = selectors.locked_trade(trade_id, buyer_id=actor.organisation_id)
    TRADE.after(trade.state, "dispute")
    if trade.inspect_until is not None and trade.inspect_until < at:
        raise DisputeTooLate
    TRADE.move(trade, "dispute", actor=actor, at=at, reason=ground)
    return Dispute.objects.create(
        trade=trade, ground=ground, opened_by_id=signer(actor), opened_at=at
    )


@service(may="settle")
def decide_dispute(
    *, trade_id: UUID, refund_minor: int, reason: str, actor: Member, at: datetime
) -> Trade:
    """Decide a dispute: refund nothing, a part or the whole of what is held.

    The rest is settled. A whole refund withdraws the buyer's grant.

    Raises:
        NotFound: there is no such trade.
        IllegalTransition: it is not disputed.
        RefundTooLarge: more than the price, or more than leaves what its allocation promises.

    """
    trade = selectors.locked_trade(trade_id)
    whole = refund_minor == trade.amount_minor and refund_minor > 0
    TRADE.after(trade.state, "refund" if whole else "dismiss")
    if trade.state != TradeState.DISPUTED:
        raise Conflict(_("There is no dispute to decide."))
    Dispute.objects.filter(trade=trade).update(
        outcome="refund" if refund_minor else "dismissed",
        refund_minor=refund_minor,
        reason=reason,
        decided_at=at,
    )
    if whole:
        return refund_whole(trade=trade, reason=reason, actor=actor, at=at)
    if refund_minor > trade.amount_minor:
        raise RefundTooLarge(held_minor=trade.amount_minor)
    if refund_minor:
        _check_payable(trade, refund_minor)
        holds.release_hold(
            reference=str(trade.pk), amount_minor=refund_minor, reason=reason, actor=SYSTEM, at=at
        )
    return TRADE.move(
        trade,
        "dismiss",
        actor=actor,
        at=at,
        reason=reason,
        accepted_at=at,
        refunded_minor=refund_minor,
    )


@service(may="settle")
def refund_trade(*, trade_id: UUID, reason: str, actor: Member, at: datetime) -> Trade:
    """Refund an undelivered trade in whole, by decision of the venue.

    Raises:
        NotFound: there is no such trade.
        IllegalTransition: it is accepted or settled already.

    """
    trade = selectors.locked_trade(trade_id)
    TRADE.after(trade.state, "refund")
    return refund_whole(trade=trade, reason=reason, actor=actor, at=at)


@service
def stop_deliveries(
    *, version_ids: list[UUID], ground: str, at: datetime, use: Use = EVERY_USE
) -> None:
    """Refund what is not settled of versions that may not be handed over any more for a use.

    The buyers' access to them ends, also to what was settled long ago.
    """
    for trade in selectors.locked_undone_trades(version_ids, use):
        refund_whole(trade=trade, reason=ground, actor=SYSTEM, at=at)
    withdraw_grants(
        references=selectors.trades_of_versions(version_ids, use),
        reason=ground,
        actor=SYSTEM,
        at=at,
    )


@service
def ask_deletions(
    *, version_ids: list[UUID], kind: str, ground: str, at: datetime, use: Use = EVERY_USE
) -> list[UUID]:
    """Ask the buyers of versions to delete, or give back, what they fetched for a use."""
    return deletions.ask_deletions(
        references=selectors.trades_of_versions(version_ids, use),
        kind=kind,
        ground=ground,
        actor=SYSTEM,
        at=at,
    )


@service
def end_exports(*, trade_ids: list[UUID], at: datetime) -> None:
    """End what is reserved for trades whose data went out, or never will.

    What a buyer has begun to fetch has left; what nobody fetched while it could is released.
    """
    given = references_given(trade_ids)
    compliance.commit_exports(references=given, actor=SYSTEM, at=at)
    gone = set(selectors.trades_without_access(trade_ids)) - set(given)
    compliance.release_exports(references=sorted(gone), actor=SYSTEM, at=at)


def refund_whole(*, trade: Trade, reason: str, actor: Member, at: datetime) -> Trade:
    """Give back all that is held for a trade, its seat too, and take the buyer's access away."""
    if trade.amount_minor:
        holds.release_hold(
            reference=str(trade.pk), amount_minor=None, reason=reason, actor=SYSTEM, at=at
        )
    withdraw_grants(references=[trade.pk], reason=reason, actor=SYSTEM, at=at)
    release_seat(plan_id=trade.plan_id)
    return TRADE.move(
        trade, "refund", actor=actor, at=at, reason=reason, refunded_minor=trade.amount_minor
    )


@service
def request_settlements(*, trade_ids: list[UUID], at: datetime) -> None:
    """Hand accepted trades to settlement, with the fee and allocation frozen in their contracts."""
    trades = selectors.locked_trades(trade_ids, TradeState.ACCEPTED)
    wanted = [
        _settlement_of(trade) for trade in trades if trade.amount_minor > trade.refunded_minor
    ]
    if wanted:
        settlements.request_settlements(settlements=wanted, actor=SYSTEM, at=at)
    free = [trade.pk for trade in trades if trade.amount_minor == trade.refunded_minor]
    settle_trades(trade_ids=free, at=at)


def _check_payable(trade: Trade, refund_minor: int) -> None:
    """Refuse a refund that leaves too little for fees and fixed amounts of the contract."""
    amount = json.loads(trade.contract.text)["items"]["amount"]
    try:
        left = charges(trade.amount_minor - refund_minor, parse_schedule(amount["fee"]))
        split(left.net_minor, parse_plan(amount["allocation"]))
    except (FeeRefused, SplitRefused):
        raise RefundTooLarge(held_minor=trade.amount_minor) from None


def _settlement_of(trade: Trade) -> settlements.Settlement:
    """Return the settlement of an accepted trade, on the terms frozen in its contract."""
    amount = json.loads(trade.contract.text)["items"]["amount"]
    return settlements.Settlement(
        reference=str(trade.pk),
        organisation_id=trade.buyer_id,
        vendor_id=trade.vendor_id,
        amount_minor=trade.amount_minor - trade.refunded_minor,
        currency=trade.currency,
        plan=amount["allocation"],
        fee=amount["fee"],
    )


@service
def settle_trades(*, trade_ids: list[UUID], at: datetime) -> None:
    """Mark trades settled, once settlement says that their money is split."""
    TRADE.move_all(
        Trade.objects.filter(pk__in=trade_ids, state=TradeState.ACCEPTED),
        "settle",
        actor=SYSTEM,
        at=at,
        settled_at=at,
    )
