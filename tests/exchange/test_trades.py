"""After the match: delivery, acceptance, dispute, refund, and the reactions that carry it on."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from core.errors import Forbidden, IllegalTransition, NotFound
from core.models import Work
from core.services.work import drain
from delivery.models import Grant
from exchange.errors import DisputeTooLate, RefundTooLarge
from exchange.models import Dispute, Trade
from exchange.reactions import REACTIONS
from exchange.services import trades
from settlement.models import Hold
from settlement.selectors import check_books
from settlement.tasks import settle_due
from tests import make
from tests.exchange import cast

pytestmark = pytest.mark.usefixtures("standing_market")


def drained(at: datetime) -> None:
    """Everything that follows from what happened, until nothing is due."""
    for _ in range(10):
        done = drain(reactions=REACTIONS, limit=50, clock=timezone.now)
        settled = settle_due()
        if not done and not settled:
            break
    assert not Work.objects.exclude(state="DONE").exists(), list(
        Work.objects.exclude(state="DONE").values("reaction", "reason", "state")
    )


def test_trade_is_delivered_accepted_split_and_settled(db: None, at: datetime) -> None:
    market = cast.market(at, fees=cast.BOTH_PAY)
    trade = cast.matched(market)

    drained(at)
    trades.accept_trade(trade_id=trade.pk, actor=market.buyer, at=at)
    drained(at)

    trade.refresh_from_db()
    assert trade.state == "SETTLED"
    assert Grant.objects.get(reference=trade.pk).state == "OPEN"
    assert Hold.objects.get().state == "CAPTURED"
    bought = cast.balances(market.buyer.organisation_id)
    sold = cast.balances(market.vendor.organisation_id)
    assert (bought["custody"], bought["held"]) == (cast.PLENTY - 121_200, 0)
    assert sold["payable"] == 120_000 - 3_600
    assert check_books() == ()


def test_free_trade_is_settled_without_money(db: None, at: datetime) -> None:
    free = {"code": "P1", "kind": "free", "offer_mode": "standing"}
    market = cast.market(at, plans=[free], funds_minor=0)
    trade = cast.matched(market)

    drained(at)
    trades.accept_trade(trade_id=trade.pk, actor=market.buyer, at=at)
    drained(at)

    trade.refresh_from_db()
    assert (trade.state, trade.amount_minor) == ("SETTLED", 0)
    assert not Hold.objects.exists()


def test_silence_is_acceptance_after_the_window_only(db: None, at: datetime) -> None:
    market = cast.market(at)
    trade = cast.delivered(market)
    until = Trade.objects.get().inspect_until
    assert until is not None

    early = trades.accept_due_trades(trade_ids=[trade.pk], at=until - timedelta(seconds=1))
    late = trades.accept_due_trades(trade_ids=[trade.pk], at=until)

    assert (early, late) == ([], [trade.pk])
    assert Trade.objects.get().state == "ACCEPTED"


def test_only_the_buyer_accepts(db: None, at: datetime) -> None:
    market = cast.market(at)
    trade = cast.delivered(market)

    with cast.refused(Forbidden, trade):
        trades.accept_trade(trade_id=trade.pk, actor=market.vendor, at=at)
    with cast.refused(NotFound, trade):
        trades.accept_trade(trade_id=trade.pk, actor=make.buyer(at), at=at)


def test_undelivered_trade_is_not_accepted(db: None, at: datetime) -> None:
    market = cast.market(at)
    trade = cast.matched(market)

    with cast.refused(IllegalTransition, trade):
        trades.accept_trade(trade_id=trade.pk, actor=market.buyer, at=at)


def disputed(market: cast.Market) -> Trade:
    trade = cast.delivered(market)
    trades.dispute_trade(
        trade_id=trade.pk, ground="half of the rows are empty", actor=market.buyer, at=market.at
    )
    return Trade.objects.get(pk=trade.pk)


def test_dispute_keeps_the_money_held(db: None, at: datetime) -> None:
    market = cast.market(at)

    trade = disputed(market)

    assert trade.state == "DISPUTED"
    assert Dispute.objects.get().ground == "half of the rows are empty"
    assert cast.balances(market.buyer.organisation_id)["held"] == 120_000


def test_dispute_after_the_window_is_refused(db: None, at: datetime) -> None:
    market = cast.market(at)
    trade = cast.delivered(market)

    with cast.refused(DisputeTooLate, trade):
        trades.dispute_trade(
            trade_id=trade.pk, ground="late", actor=market.buyer, at=at + timedelta(days=8)
        )
    assert not Dispute.objects.exists()


def test_partial_refund_gives_back_its_part_and_settles_the_rest(db: None, at: datetime) -> None:
    market = cast.market(at, fees=cast.BOTH_PAY)
    trade = disputed(market)
    drained(at)

    trades.decide_dispute(
        trade_id=trade.pk,
        refund_minor=20_000,
        reason="a sixth was missing",
        actor=make.staff(at, "officer"),
        at=at,
    )
    drained(at)

    trade.refresh_from_db()
    assert (trade.state, trade.refunded_minor) == ("SETTLED", 20_000)
    bought = cast.balances(market.buyer.organisation_id)
    assert (bought["custody"], bought["held"]) == (cast.PLENTY - 101_000, 0)
    assert cast.balances(market.vendor.organisation_id)["payable"] == 100_000 - 3_000
    assert check_books() == ()


def test_refund_that_leaves_less_than_the_fixed_amounts_is_refused(db: None, at: datetime) -> None:
    first = cast.market(at)
    payee = str(first.vendor.organisation_id)
    market = cast.market(
        at,
        allocation=[
            {"beneficiary": payee, "role": "brokerage", "fixed_minor": 60_000},
            {"beneficiary": payee, "role": "operation", "remainder": True},
        ],
    )
    trade = disputed(market)

    with cast.refused(RefundTooLarge, trade):
        trades.decide_dispute(
            trade_id=trade.pk,
            refund_minor=60_000,
            reason="a half was missing",
            actor=make.staff(at, "officer"),
            at=at,
        )
    assert cast.balances(market.buyer.organisation_id)["held"] == 120_000


def test_whole_refund_takes_the_access_away(db: None, at: datetime) -> None:
    market = cast.market(at, fees=cast.BOTH_PAY)
    trade = disputed(market)

    trades.decide_dispute(
        trade_id=trade.pk,
        refund_minor=120_000,
        reason="nothing of it was usable",
        actor=make.staff(at, "officer"),
        at=at,
    )

    trade.refresh_from_db()
    assert trade.state == "REFUNDED"
    assert Grant.objects.get().state == "WITHDRAWN"
    bought = cast.balances(market.buyer.organisation_id)
    assert (bought["custody"], bought["held"]) == (cast.PLENTY, 0)


def test_refund_over_the_price_is_refused(db: None, at: datetime) -> None:
    market = cast.market(at)
    trade = disputed(market)

    with cast.refused(RefundTooLarge, trade):
        trades.decide_dispute(
            trade_id=trade.pk,
            refund_minor=120_001,
            reason="too generous",
            actor=make.staff(at, "officer"),
            at=at,
        )


def test_venue_refunds_an_undelivered_trade_and_its_seat(db: None, at: datetime) -> None:
    market = cast.market(at, plans=[{**cast.STANDING, "seats": 1}])
    trade = cast.matched(market)
    full = cast.place(market)

    trades.refund_trade(
        trade_id=trade.pk,
        reason="the vendor asked for it",
        actor=make.staff(at, "officer"),
        at=at,
    )

    assert (full["state"], full["code"]) == ("REFUSED", "seats-taken")
    assert cast.place(market)["state"] == "MATCHED"


def test_illegality_stops_and_refunds_what_is_under_way(db: None, at: datetime) -> None:
    market = cast.market(at)
    trade = cast.delivered(market)

    trades.stop_deliveries(version_ids=[market.version.pk], ground="illegality", at=at)

    trade.refresh_from_db()
    assert trade.state == "REFUNDED"
    assert Grant.objects.get().state == "WITHDRAWN"
    assert cast.balances(market.buyer.organisation_id)["held"] == 0
