"""`check_trades` finds and names each kind of corruption, made by raw SQL with the guards off."""

from datetime import datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from exchange.selectors.proofs import CHECKS, check_trades
from tests.exchange import cast

pytestmark = pytest.mark.usefixtures("standing_market")

CORRUPTIONS = {
    "trade-unlike-order": "UPDATE exchange_trade SET amount_minor = amount_minor + 1",
    "matched-without-trade": "DELETE FROM exchange_trade",
    "trade-without-clearance": "UPDATE exchange_trade SET clearance_id = gen_random_uuid()",
    "contract-missing": "DELETE FROM exchange_contract",
    "contract-altered": "UPDATE exchange_contract SET text = replace(text, 'research', 'resale')",
    "money-unlike-trade": "UPDATE settlement_hold SET amount_minor = amount_minor + 1",
    "end-unlike-money": "UPDATE exchange_trade SET state = 'SETTLED'",
}


def corrupt(name: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(CORRUPTIONS[name])
        assert cursor.rowcount == 1


def test_every_check_has_its_corruption() -> None:
    assert CORRUPTIONS.keys() == {check.code for check in CHECKS}


@pytest.mark.parametrize("name", sorted(CORRUPTIONS))
def test_corruption_is_found_and_named(live_database: str, at: datetime, name: str) -> None:
    cast.matched(cast.market(at))
    assert check_trades() == ()

    corrupt(name)

    assert name in {fault.code for fault in check_trades()}


def test_command_fails_with_what_it_found(
    live_database: str, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    cast.matched(cast.market(at))
    call_command("check_trades")
    assert "The trades are right." in capsys.readouterr().out
    corrupt("contract-altered")

    with pytest.raises(SystemExit) as ended:
        call_command("check_trades")

    assert ended.value.code == 1
    assert "contract-altered: contract of trade" in capsys.readouterr().out
