"""A trade's keys have no constraint of their own: the deferred trigger refuses a strange one."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from exchange.models import Contract, Order, Trade
from tests.exchange import cast

pytestmark = pytest.mark.usefixtures("standing_market")

COPY = (
    "INSERT INTO {table} SELECT (jsonb_populate_record(t, %s::jsonb)).* FROM {table} AS t "
    "WHERE t.{key} = %s"
)


def _second(trade: Trade, *, contract: bool = True, **changed: str) -> None:
    """Write a second order with its trade and contract, copies but for `changed` in the trade."""
    order, second = str(uuid4()), str(uuid4())
    rows = (
        ("exchange_order", "id", trade.order_id, {"id": order}),
        ("exchange_trade", "id", trade.pk, {"id": second, "order_id": order} | changed),
        ("exchange_contract", "trade_id", trade.pk, {"trade_id": second}),
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            for table, key, original, columns in rows[: 3 if contract else 2]:
                pairs = ", ".join(f'"{name}": "{value}"' for name, value in columns.items())
                cursor.execute(
                    COPY.format(table=table, key=key), ["{" + pairs + "}", str(original)]
                )
        connection.check_constraints()


def test_trade_that_is_its_order_again_is_accepted(db: None, at: datetime) -> None:
    trade = cast.matched(cast.market(at))

    _second(trade)

    assert Trade.objects.count() == 2


@pytest.mark.parametrize(
    ("key", "refusal"),
    [
        ("order_id", "order-not-matched"),
        ("buyer_id", "order-not-matched"),
        ("vendor_id", "order-not-matched"),
        ("plan_id", "order-not-matched"),
        ("version_id", "clearance-missing"),
        ("clearance_id", "clearance-missing"),
    ],
)
def test_trade_with_a_strange_key_is_refused(
    db: None, at: datetime, key: str, refusal: str
) -> None:
    trade = cast.matched(cast.market(at))

    with pytest.raises(IntegrityError, match=refusal):
        _second(trade, **{key: str(uuid4())})

    assert Order.objects.count() == Trade.objects.count() == Contract.objects.count() == 1


def test_trade_without_its_contract_is_refused(db: None, at: datetime) -> None:
    trade = cast.matched(cast.market(at))

    with pytest.raises(IntegrityError, match="contract-missing"):
        _second(trade, contract=False)

    assert Order.objects.count() == Trade.objects.count() == 1
