"""Every state and every verb: what the table allows moves, anything else is refused."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from core.errors import IllegalTransition
from core.machine import Machine
from exchange.models import Order, Trade
from exchange.states import DEMAND, ORDER, TRADE
from tests.compliance import cast as desk
from tests.exchange import cast

pytestmark = pytest.mark.usefixtures("standing_market")

WALK = [
    (machine, state, verb)
    for machine in (ORDER, TRADE, DEMAND)
    for state in machine.table
    for verb in sorted({verb for verbs in machine.table.values() for verb in verbs})
]


@pytest.mark.parametrize(("machine", "state", "verb"), WALK)
def test_only_the_table_moves(machine: Machine, state: str, verb: str) -> None:
    allowed = verb in machine.table[state]

    if allowed:
        assert machine.after(state, verb) == machine.table[state][verb]
    else:
        with pytest.raises(IllegalTransition):
            machine.after(state, verb)


@pytest.mark.parametrize("state", [state for state in ORDER.table if state != "MATCHED"])
def test_raw_sql_cannot_leave_the_table(db: None, at: datetime, state: str) -> None:
    trade = cast.matched(cast.market(at))

    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Order.objects.filter(pk=trade.order_id).update(state=state)

    assert Order.objects.get().state == "MATCHED"


def test_raw_sql_cannot_make_a_trade_without_a_clearance(db: None, at: datetime) -> None:
    market = cast.market(at)
    trade = cast.matched(market)

    with pytest.raises(IntegrityError, match="is not cleared"), transaction.atomic():
        _copy_trade(trade, market)


def test_raw_sql_cannot_change_a_contract(db: None, at: datetime) -> None:
    trade = cast.matched(cast.market(at))

    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_contract SET text = 'other'")

    trade.refresh_from_db()
    assert trade.contract.text.startswith("{")


def _copy_trade(trade: Trade, market: cast.Market) -> None:
    order, other = uuid4(), uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_order SELECT (o).* FROM (SELECT jsonb_populate_record("
            "e, jsonb_build_object('id', %s)) AS o FROM exchange_order e) AS t",
            [str(order)],
        )
        cursor.execute(
            "INSERT INTO exchange_trade SELECT (t).* FROM (SELECT jsonb_populate_record("
            "e, jsonb_build_object('id', %s, 'order_id', %s, 'version_id', %s)) AS t "
            "FROM exchange_trade e) AS x",
            [str(other), str(order), str(_uncleared(market))],
        )
    connection.check_constraints()


def _uncleared(market: cast.Market) -> object:
    return desk.submitted(market.vendor, market.at).pk
