"""The same races without the lock that each is about: what must hold does not hold any more.

Where two protections stand one behind the other, the first is taken away alone, and the second
refuses; then both, and the invariant falls. The window is made wide by meetings in the database:
whoever has looked waits there for the others before it writes.
"""

from collections import Counter
from datetime import datetime

import pytest

from exchange.models import Contract, Order, Trade
from listings.models import PlanSeat
from settlement.selectors import check_books
from tests.exchange import cast
from tests.races import contests
from tests.races.removal import Delayed, Dropped, Rewritten, change
from tests.races.serving import gunicorn

pytestmark = pytest.mark.usefixtures("live_database")

# What is taken away: where it stands, its text, what stands there instead.
# A seat is looked for and taken in one statement, which looks again when it had to wait.
SEAT_IN_ONE_STEP = Rewritten(
    "listings_take_seat",
    """\
    UPDATE listings_planseat s SET taken = s.taken + 1
    WHERE s.plan_id = listings_take_seat.plan_id AND s.taken < s.seats;
""",
    """\
    PERFORM FROM listings_planseat s
    WHERE s.plan_id = listings_take_seat.plan_id AND s.taken < s.seats;
    IF FOUND THEN
        PERFORM race_meet(20);
        UPDATE listings_planseat s SET taken = s.taken + 1
        WHERE s.plan_id = listings_take_seat.plan_id;
    END IF;
""",
)
SEATS_ARE_ENOUGH = Dropped("listings_planseat", "seat_not_sold_twice")
# A balance is locked before it is read, and stays locked until it is spent.
BALANCE_LOCK = Rewritten("settlement_hold_many", "FOR UPDATE OF b")
BALANCE_FLOOR = Dropped("settlement_balance", "settlement_balance_floor")
# A key is taken once.
KEY_ONCE = Dropped("core_idempotencykey", "idempotency_key_once")
# Who concludes an open order locks its row: first the ORM, then the function that writes. What
# the ORM sends stands in no database: the server is started on a backend that takes no row locks.
WITHOUT_ORM_LOCKS = "tests.races.lockless.settings"
ORDER_LOCK = Rewritten("exchange_place", "FOR UPDATE OF e")
ONE_TRADE_AN_ORDER = Dropped("exchange_trade", "exchange_trade_order_id_key")
# A clearance is held as it was judged until the trade is committed.
CLEARANCE_LOCK = Rewritten("compliance_lock_clearance", "FOR SHARE")

# Where the window is made wide: nothing is taken away here.
ALL_LOOK_BEFORE_ANY_SPENDS = Rewritten(
    "settlement_hold_many",
    "    IF true = ANY (fresh) THEN\n",
    "    IF true = ANY (fresh) THEN\n        PERFORM race_meet(20);\n",
)
_HOLDING = "        RETURN '{}';\n    END IF;\n"
ALL_ARE_JUDGED_BEFORE_ANY_IS_WRITTEN = Rewritten(
    "settlement_hold_many", _HOLDING, f"{_HOLDING}    PERFORM race_meet(20);\n"
)
BOTH_ARE_CHECKED_BEFORE_EITHER_IS_WRITTEN = Rewritten(
    "settlement_hold_many", _HOLDING, f"{_HOLDING}    PERFORM race_meet(2);\n"
)
# The gate reads the offer; of an order that has a quote it reads it to conclude it.
BOTH_PASS_THE_GATE_BEFORE_EITHER_IS_CHECKED = Rewritten(
    "listings_offer",
    "    WHERE p.id = listings_offer.plan_id\n",
    "    WHERE p.id = listings_offer.plan_id\n"
    "      AND CASE WHEN EXISTS (SELECT FROM exchange_quote) THEN race_meet(2) IS NOT NULL\n"
    "               ELSE true END\n",
)
COUNTER_COMES_AFTER_THE_ACCEPTANCE_WAS_JUDGED = Delayed(
    "exchange_quote", "INSERT", "PERFORM race_came(1)", when="NEW.number = 2"
)
SUSPENSION_COMES_AFTER_A_TRADE_WAS_JUDGED = Delayed(
    "compliance_clearance", "UPDATE", "PERFORM race_came(1)"
)
TRADE_COMMITS_AFTER_THE_SUSPENSION = Rewritten(
    "compliance_lock_clearance",
    "    RETURN found;\n",
    """\
    IF found IS NULL THEN
        PERFORM race_meet(1);
        FOR tried IN 1 .. 12000 LOOP
            EXIT WHEN NOT EXISTS (
                SELECT FROM compliance_clearance c
                WHERE c.id = compliance_lock_clearance.clearance_id AND c.state = 'LIVE');
            PERFORM pg_sleep(0.005);
        END LOOP;
    END IF;
    RETURN found;
""",
)


def test_without_its_lock_the_last_seat_is_refused_by_the_check(
    live_database: str, at: datetime
) -> None:
    market = contests.last_seat(at)
    change(SEAT_IN_ONE_STEP)

    with gunicorn(live_database) as server:
        answers = contests.order_at_once(server, market)

    assert Counter(status for status, _ in answers) == {201: 1, 422: 19}
    codes = {body["order"]["code"] for status, body in answers if status == 422}
    assert codes == {"seats-taken"}
    assert Trade.objects.count() == 1


def test_without_lock_and_check_the_last_seat_is_sold_to_everyone(
    live_database: str, at: datetime
) -> None:
    market = contests.last_seat(at)
    change(SEAT_IN_ONE_STEP, SEATS_ARE_ENOUGH)

    with gunicorn(live_database) as server:
        answers = contests.order_at_once(server, market)

    assert Counter(status for status, _ in answers) == {201: 20}
    assert Trade.objects.count() == 20
    seat = PlanSeat.objects.get(plan=market.plan)
    assert (seat.taken, seat.seats) == (20, 1)


def test_without_its_lock_a_balance_is_kept_above_its_floor_by_the_check(
    live_database: str, at: datetime
) -> None:
    market = contests.seven_orders_of_money(at)
    change(BALANCE_LOCK, ALL_LOOK_BEFORE_ANY_SPENDS)

    with gunicorn(live_database) as server:
        answers = contests.order_at_once(server, market)

    assert Counter(status for status, _ in answers) == {201: 7, 422: 13}
    codes = {body["order"]["code"] for status, body in answers if status == 422}
    assert codes == {"insufficient-funds"}
    found = cast.balances(market.buyer.organisation_id)
    assert (found["custody"], found["held"]) == (119_999, 7 * 120_000)
    assert check_books() == ()


def test_without_lock_and_floor_a_balance_is_spent_twenty_times(
    live_database: str, at: datetime
) -> None:
    market = contests.seven_orders_of_money(at)
    change(BALANCE_LOCK, BALANCE_FLOOR, ALL_LOOK_BEFORE_ANY_SPENDS)

    with gunicorn(live_database) as server:
        answers = contests.order_at_once(server, market)

    assert Counter(status for status, _ in answers) == {201: 20}
    found = cast.balances(market.buyer.organisation_id)
    assert (found["custody"], found["held"]) == (119_999 - 13 * 120_000, 20 * 120_000)
    assert [fault.code for fault in check_books()] == ["below-floor"]


def test_without_its_uniqueness_one_key_has_twenty_effects(
    live_database: str, at: datetime
) -> None:
    market = cast.market(at)
    change(KEY_ONCE, ALL_ARE_JUDGED_BEFORE_ANY_IS_WRITTEN)

    with gunicorn(live_database) as server:
        answers = contests.order_at_once_under_one_key(server, market)

    assert Counter(status for status, _ in answers) == {201: 20}
    assert len({body["id"] for _, body in answers}) == 20
    assert Order.objects.count() == 20
    assert Trade.objects.count() == 20


def test_without_the_locks_of_the_orm_the_function_looks_again_and_refuses_the_outdated_quote(
    live_database: str, at: datetime
) -> None:
    market = cast.market(at, plans=[cast.NEGOTIATED])
    change(
        BOTH_PASS_THE_GATE_BEFORE_EITHER_IS_CHECKED,
        COUNTER_COMES_AFTER_THE_ACCEPTANCE_WAS_JUDGED,
    )

    with gunicorn(live_database, WITHOUT_ORM_LOCKS) as server:
        done = contests.accept_different_quotes(server, market)

    assert (done.buyer_counters[0], done.vendor_accepts[0]) == (201, 201)
    assert done.buyer_accepts[0] == 409
    # The one where it was looked at before the vendor's contract was written, the other after.
    assert done.buyer_accepts[1]["code"] in {"quote-outdated", "illegal-transition"}
    assert Trade.objects.get().amount_minor == 800


def test_without_both_locks_the_second_contract_is_refused_by_the_unique_order(
    live_database: str, at: datetime
) -> None:
    market = cast.market(at, plans=[cast.NEGOTIATED])
    change(
        ORDER_LOCK,
        BOTH_ARE_CHECKED_BEFORE_EITHER_IS_WRITTEN,
        COUNTER_COMES_AFTER_THE_ACCEPTANCE_WAS_JUDGED,
    )

    with gunicorn(live_database, WITHOUT_ORM_LOCKS) as server:
        done = contests.accept_different_quotes(server, market)

    accepted = dict([done.buyer_accepts, done.vendor_accepts])
    assert sorted(accepted) == [201, 409]
    assert accepted[409]["code"] == "overtaken-by-change"
    assert Contract.objects.count() == 1


def test_without_locks_and_uniqueness_both_quotes_become_contracts(
    live_database: str, at: datetime
) -> None:
    market = cast.market(at, plans=[cast.NEGOTIATED])
    change(
        ORDER_LOCK,
        ONE_TRADE_AN_ORDER,
        BOTH_ARE_CHECKED_BEFORE_EITHER_IS_WRITTEN,
        COUNTER_COMES_AFTER_THE_ACCEPTANCE_WAS_JUDGED,
    )

    with gunicorn(live_database, WITHOUT_ORM_LOCKS) as server:
        done = contests.accept_different_quotes(server, market)

    assert (done.buyer_accepts[0], done.vendor_accepts[0]) == (201, 201)
    trades = Trade.objects.filter(order=done.order_id).values_list("amount_minor", flat=True)
    assert sorted(trades) == [800, 900]
    assert Contract.objects.count() == 2


def test_without_its_lock_a_trade_commits_after_the_clearance_was_suspended(
    live_database: str, at: datetime
) -> None:
    market = cast.market(at)
    change(
        CLEARANCE_LOCK,
        TRADE_COMMITS_AFTER_THE_SUSPENSION,
        SUSPENSION_COMES_AFTER_A_TRADE_WAS_JUDGED,
    )

    with gunicorn(live_database) as server:
        done = contests.suspend_meanwhile(server, market)

    assert done.traded_before == 0
    assert Trade.objects.count() == 1
    assert Counter(status for status, _ in done.answers) == {201: 1, 422: 19}


def test_without_its_lock_a_suspension_overtakes_the_trade_it_should_wait_for(
    live_database: str, at: datetime
) -> None:
    market = cast.market(at)
    change(CLEARANCE_LOCK)

    order = contests.suspend_under_a_trade(market)

    assert order == ["judged", "suspended", "traded"]
    assert Trade.objects.count() == 1
