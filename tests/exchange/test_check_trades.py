"""`check_trades` finds and names each kind of corruption, made by raw SQL with the guards off."""

from datetime import datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from core.services import audit
from exchange.selectors.proofs import CHECKS, check_trades
from settlement.selectors import Fault
from tests.exchange import cast

CORRUPTIONS = {
    "trade-unlike-order": "UPDATE exchange_trade SET amount_minor = amount_minor + 1",
    "matched-without-trade": "DELETE FROM exchange_trade",
    "trade-without-clearance": "UPDATE exchange_trade SET clearance_id = gen_random_uuid()",
    "contract-missing": "DELETE FROM exchange_contract",
    "contract-altered": "UPDATE exchange_contract SET text = replace(text, 'research', 'resale')",
    "contract-unlike-log": (
        "UPDATE exchange_contract SET text = replace(text, 'research', 'resale'), sha256 = encode("
        "sha256(convert_to(replace(text, 'research', 'resale'), 'UTF8')), 'hex')"
    ),
    "conclusion-altered": (
        "UPDATE core_event SET detail = jsonb_build_object('contract_sha256', repeat('0', 64)) "
        "WHERE subject = 'trade' AND verb = 'conclude'"
    ),
    "money-unlike-trade": "UPDATE settlement_hold SET amount_minor = amount_minor + 1",
    "end-unlike-money": "UPDATE exchange_trade SET state = 'SETTLED'",
}


def corrupt(name: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(CORRUPTIONS[name])
        assert cursor.rowcount == 1


def test_every_check_has_its_corruption() -> None:
    assert CORRUPTIONS.keys() == {check.code for check in CHECKS} | {"conclusion-altered"}


@pytest.mark.parametrize("name", sorted(CORRUPTIONS))
def test_corruption_is_found_and_named(live_database: str, at: datetime, name: str) -> None:
    cast.matched(cast.market(at))
    audit.sequence_events(limit=10_000, at=at)
    assert check_trades() == ()

    corrupt(name)

    assert name in {fault.code for fault in check_trades()}


def test_contract_without_an_event_of_its_conclusion_is_found(
    live_database: str, at: datetime
) -> None:
    trade = cast.matched(cast.market(at))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM core_event WHERE subject = 'trade'")

    assert check_trades() == (
        Fault(
            "contract-unlike-log", f"contract of trade {trade.pk}", "was concluded without an event"
        ),
    )


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
