"""`manage.py sandbox_deposit`: whoever tries the market can pay in, and the venue books it."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.models import Organisation
from settlement import outside, tasks
from tests import make
from tests.exchange.cast import balances
from tests.settlement import cast
from tests.settlement.test_bank_process import Bank, bank

__all__ = ["bank"]
pytestmark = pytest.mark.django_db


def pay_in(*words: str) -> str:
    out = io.StringIO()
    call_command("sandbox_deposit", *words, stdout=out)
    return out.getvalue()


def test_deposit_arrives_on_the_balance(bank: Bank, at: datetime) -> None:
    made = cast.parties(at, 0)
    Organisation.objects.filter(pk=made.buyer_id).update(code="LAKE")

    said = pay_in("lake", "1,000.50", "--reference", "in-1")
    pay_in("LAKE", "1000.50", "--reference", "in-1")

    assert said.startswith("1,000.50 CNY paid in for ")
    assert tasks.read_statement() == 1
    assert balances(made.buyer_id)["custody"] == 100_050


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("LAKE", "much"), "'much' is not an amount"),
        (("LAKE", "0"), "must be over 0"),
        (("LAKE", "0.001"), "'0.001' is finer than the minor unit of CNY"),
        (("NOBODY", "1"), "'NOBODY' is no code or registry number here; there are LAKE"),
    ],
)
def test_wrong_words_pay_nothing(
    bank: Bank, at: datetime, words: tuple[str, str], said: str
) -> None:
    make.organisation(at=at, code="LAKE")

    with pytest.raises(CommandError, match=said):
        pay_in(*words)
    assert outside.bank().balance("CNY") == 0


def test_silent_bank_is_said_to_be_silent(at: datetime, tmp_path: Path, settings: object) -> None:
    settings.HOME, settings.SANDBOX_BANK_URL = tmp_path, ""  # type: ignore[attr-defined]
    make.organisation(at=at, code="LAKE")

    with pytest.raises(CommandError, match="the sandbox bank does not answer"):
        pay_in("LAKE", "1.00")
