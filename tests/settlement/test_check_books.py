"""`check_books` finds and names each kind of corruption, made by raw SQL with the guards off."""

from datetime import datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from core.actors import SYSTEM
from settlement import services
from settlement.selectors import check_books
from tests.settlement import cast

CORRUPTIONS = {
    "balance-differs": "UPDATE settlement_balance SET minor = minor + 1 WHERE minor > 0",
    "amount-not-positive": "UPDATE settlement_transfer SET amount_minor = -amount_minor "
    "WHERE id = (SELECT min(id) FROM settlement_transfer)",
    "same-account": "UPDATE settlement_transfer SET credit_id = debit_id "
    "WHERE id = (SELECT min(id) FROM settlement_transfer)",
    "account-missing": "UPDATE settlement_transfer SET credit_id = 999999999 "
    "WHERE id = (SELECT min(id) FROM settlement_transfer)",
    "orphan-transfer": "UPDATE settlement_transfer SET group_id = 999999999 "
    "WHERE id = (SELECT min(id) FROM settlement_transfer)",
    "empty-group": "INSERT INTO settlement_postinggroup (reference, code, input_hash, booked_at) "
    "VALUES ('ghost', 'hold', repeat('0', 64), now())",
    "currency-mix": "UPDATE settlement_transfer SET currency = 'USD' "
    "WHERE id = (SELECT min(id) FROM settlement_transfer)",
    "hold-overspent": "UPDATE settlement_hold SET captured_minor = amount_minor + 1",
    "settlement-parts": "UPDATE settlement_settlementrequest SET parts[1] = parts[1] + 1",
    "settlement-unposted": "DELETE FROM settlement_postinggroup WHERE reference LIKE 'settle:%'",
    "bank-differs": "UPDATE settlement_bankentry SET amount_minor = amount_minor + 7",
    "statement-arithmetic": "UPDATE settlement_bankentry SET stated_minor = stated_minor + 7",
    "terms-altered": "UPDATE settlement_settlementterms SET fee = '{}'",
    "unmatched-differs": "UPDATE settlement_bankentry SET state = 'UNMATCHED'",
    "below-floor": "UPDATE settlement_transfer SET amount_minor = amount_minor + 99000000 "
    "WHERE code = 'hold'",
}


def corrupt(name: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint "
            "WHERE contype = 'c' AND conrelid::regclass::text LIKE 'settlement_%'"
        )
        for table, constraint in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"')
        cursor.execute(CORRUPTIONS[name])
        assert cursor.rowcount > 0


@pytest.mark.parametrize("name", sorted(CORRUPTIONS))
def test_corruption_is_found_and_named(live_database: str, at: datetime, name: str) -> None:
    made = cast.parties(at)
    cast.requested(made, 2)
    services.settle_due(limit=10, actor=SYSTEM, at=at)
    cast.hold(made, 500)
    assert check_books() == ()

    corrupt(name)

    assert name in {fault.code for fault in check_books()}


def test_command_fails_with_what_it_found(
    live_database: str, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    cast.hold(cast.parties(at), 500)
    call_command("check_books")
    assert "The books are right." in capsys.readouterr().out
    corrupt("balance-differs")

    with pytest.raises(SystemExit) as ended:
        call_command("check_books")

    assert ended.value.code == 1
    assert "balance-differs" in capsys.readouterr().out
