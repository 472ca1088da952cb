"""The sandbox bank as it runs: a process of its own, which can be killed at any moment.

Whatever happens to it, the books stay right, and in the end the bank holds what they say.
"""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from core.actors import SYSTEM
from core.errors import DomainError
from settlement import outside, services, tasks
from settlement.bank import Instruction, sub_account_of
from settlement.errors import BankRefused, BankUnavailable
from settlement.management.sandbox.books import JOURNAL, Books
from settlement.models import BankEntry, PayoutInstruction
from settlement.selectors import check_books, custody_positions
from tests import make
from tests.races.serving import ROOT
from tests.settlement import cast

pytestmark = pytest.mark.django_db
PRICE, OWED = 10_000, 9_750


@dataclass
class Bank:
    """The bank of one directory; `start` again after `kill`."""

    directory: Path
    process: "subprocess.Popen[str]" = field(init=False)

    def start(self, reject_percent: int = 0, delay_seconds: float = 0) -> None:
        self.process = self.run(reject_percent, delay_seconds)
        assert self.process.stdout is not None
        assert "sandbox bank on http://127.0.0.1:" in self.process.stdout.readline()

    def run(self, reject_percent: int = 0, delay_seconds: float = 0) -> "subprocess.Popen[str]":
        options = ["--directory", str(self.directory), "--reject-percent", str(reject_percent)]
        options += ["--delay-seconds", str(delay_seconds)]
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "manage.py", "sandbox_bank", *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        self.end(signal.SIGKILL)
        assert self.process.returncode == -signal.SIGKILL


@pytest.fixture
def bank(tmp_path: Path, settings: object) -> Iterator[Bank]:
    """A bank that is asked by whoever asks for the custody bank of this installation."""
    settings.HOME, settings.SANDBOX_BANK_URL = tmp_path, ""  # type: ignore[attr-defined]
    made = Bank(outside.sandbox_directory())
    made.start()
    yield made
    made.process.kill()
    made.process.communicate()


def pay_in(sub_account: str, amount_minor: int, reference: str) -> None:
    outside.SandboxBank("", outside.sandbox_directory()).pay_in(
        reference=reference, sub_account=sub_account, amount_minor=amount_minor, currency="CNY"
    )


def right(capsys: pytest.CaptureFixture[str], custody_minor: int) -> None:
    """The books are right, and the bank holds what they say clients and venue are owed."""
    capsys.readouterr()
    call_command("check_books", "--bank", "--json")
    document = json.loads(capsys.readouterr().out)
    (position,) = document["custody"]
    assert document["balanced"] is True
    assert (position["custody_minor"], position["difference_minor"]) == (custody_minor, 0)
    assert outside.bank().balance("CNY") == custody_minor


@contextmanager
def nothing_changes() -> Iterator[None]:
    def all_of_it() -> list[object]:
        return [
            list(BankEntry.objects.values_list("entry_id", "state").order_by("sequence")),
            list(PayoutInstruction.objects.values_list("state").order_by("id")),
            custody_positions(),
        ]

    before = all_of_it()
    yield
    assert (all_of_it(), check_books()) == (before, ())


def confirmed(at: datetime) -> tuple[cast.Parties, PayoutInstruction]:
    """A vendor that is owed 9,750 of the 100,000 that its buyer paid in, and their payout."""
    made = cast.parties(at, 0)
    pay_in(sub_account_of(made.buyer_id), 100_000, "in-1")
    assert tasks.read_statement() == 1
    cast.requested(made, 1, PRICE)
    services.settle_due(limit=10, actor=SYSTEM, at=at)
    batch = services.prepare_payouts(currency="CNY", actor=make.staff(at, "officer"), at=at)
    services.confirm_payouts(batch_id=batch.pk, actor=make.staff(at, "officer"), at=at)
    return made, PayoutInstruction.objects.get()


def test_deposit_without_an_owner_waits_for_an_officer(
    bank: Bank, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    made = cast.parties(at, 0)
    pay_in("nobody", 700, "in-1")
    pay_in(sub_account_of(made.buyer_id), 5_000, "in-2")

    assert (tasks.read_statement(), tasks.read_statement()) == (2, 0)

    stray = BankEntry.objects.get(sub_account="nobody")
    assert (stray.state, stray.bank_reference) == ("UNMATCHED", "in-1")
    assert cast.balances(made.buyer_id)["custody"] == 5_000
    right(capsys, 5_700)
    services.assign_deposit(
        entry_id=stray.pk, organisation_id=made.buyer_id, actor=make.staff(at, "officer"), at=at
    )
    assert cast.balances(made.buyer_id)["custody"] == 5_700
    right(capsys, 5_700)


def test_payout_is_sent_paid_and_read_once(
    bank: Bank, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    made, payout = confirmed(at)

    for _ in range(2):
        tasks.send_payouts()
        tasks.follow_payouts()
        tasks.read_statement()

    payout.refresh_from_db()
    assert (payout.state, payout.tries, payout.reason) == ("PAID", 0, "")
    assert cast.balances(made.vendor_id) == {"custody": 0, "held": 0, "payable": 0, "payout": 0}
    assert [entry.kind for entry in BankEntry.objects.order_by("sequence")] == [
        "deposit",
        "payment",
    ]
    right(capsys, 100_000 - OWED)


def test_rejected_payout_is_owed_again_and_can_be_paid_later(
    bank: Bank, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    made, payout = confirmed(at)
    bank.end()
    bank.start(reject_percent=100)

    tasks.send_payouts()

    payout.refresh_from_db()
    assert (payout.state, payout.reason) == ("REJECTED", "AC04 the payee's account is closed")
    assert cast.balances(made.vendor_id)["payable"] == OWED
    right(capsys, 100_000)
    bank.end()
    bank.start()
    first, second = make.staff(at, "officer"), make.staff(at, "officer")
    batch = services.prepare_payouts(currency="CNY", actor=first, at=at)
    services.confirm_payouts(batch_id=batch.pk, actor=second, at=at)
    tasks.send_payouts()
    tasks.read_statement()
    assert cast.balances(made.vendor_id)["payable"] == 0
    assert sorted(PayoutInstruction.objects.values_list("state", flat=True)) == [
        "PAID",
        "REJECTED",
    ]
    right(capsys, 100_000 - OWED)


def test_bank_killed_before_it_is_told_is_told_when_it_is_back(
    bank: Bank, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    _made, payout = confirmed(at)
    bank.kill()

    with nothing_changes():
        tasks.send_payouts()
        tasks.follow_payouts()
        assert tasks.read_statement() == 0

    payout.refresh_from_db()
    assert (payout.state, payout.tries) == ("CONFIRMED", 1)
    assert payout.reason.startswith("bank-unavailable: ")
    with pytest.raises(BankUnavailable):
        outside.bank().balance("CNY")
    bank.start()
    tasks.send_payouts()
    tasks.read_statement()
    payout.refresh_from_db()
    assert (payout.state, payout.reason) == ("PAID", "")
    right(capsys, 100_000 - OWED)


def test_bank_killed_after_it_was_told_pays_once(
    bank: Bank, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    _made, payout = confirmed(at)
    bank.end()
    # It takes the instruction and is killed long before it carries it out.
    bank.start(delay_seconds=600)
    tasks.send_payouts()
    payout.refresh_from_db()
    assert payout.state == "SENT"
    bank.kill()

    with nothing_changes():
        tasks.follow_payouts()
        assert tasks.read_statement() == 0
    hurry(bank.directory / JOURNAL)
    bank.start()
    # It is told again, as after an answer that was lost.
    told = Instruction(payout.reference, sub_account_of(payout.organisation_id), OWED, "CNY")
    assert [one.state for one in outside.bank().instruct([told, told])] == ["PAID", "PAID"]
    assert (tasks.read_statement(), tasks.read_statement()) == (1, 0)
    payout.refresh_from_db()
    assert payout.state == "PAID"
    right(capsys, 100_000 - OWED)


def test_bank_killed_among_deposits_takes_each_of_them_once(
    bank: Bank, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    made = cast.parties(at, 0)
    own = sub_account_of(made.buyer_id)
    told: list[int] = []

    def pay_all() -> None:
        for number in range(400):
            pay_in(own, 100 + number, f"in-{number}")
            told.append(number)

    def client() -> None:
        try:
            pay_all()
        except BankUnavailable:
            return

    paying = threading.Thread(target=client)
    paying.start()
    deadline = time.monotonic() + 30
    while len(told) < 20:
        assert time.monotonic() < deadline, "the bank takes nothing"
        time.sleep(0.001)
    bank.kill()
    paying.join(30)
    answered = len(told)
    assert 20 <= answered < 400
    # The machine itself went down in the middle of a line, of which nobody was told.
    with (bank.directory / JOURNAL).open("ab") as journal:
        journal.write(b'{"record":"order","kind":"dep')

    bank.start()
    read = tasks.read_statement()
    assert read in {answered, answered + 1}
    right(capsys, custody_minor=sum(100 + number for number in range(read)))
    pay_all()
    tasks.read_statement()

    assert BankEntry.objects.count() == 400
    assert cast.balances(made.buyer_id)["custody"] == sum(range(100, 500))
    right(capsys, sum(range(100, 500)))


def test_reference_used_for_something_else_is_refused(bank: Bank, at: datetime) -> None:
    pay_in("nobody", 700, "in-1")
    pay_in("nobody", 700, "in-1")

    with pytest.raises(BankRefused):
        pay_in("nobody", 701, "in-1")

    assert outside.bank().balance("CNY") == 700


def test_directory_has_one_bank_and_its_address_one_reader(bank: Bank) -> None:
    address = bank.directory / outside.ADDRESS_FILE
    assert address.stat().st_mode & 0o777 == 0o600

    second = bank.run()

    assert "runs on" in second.communicate(timeout=60)[1]
    assert second.returncode == 1
    url = json.loads(address.read_text())["url"]
    with pytest.raises(DomainError, match="not the token"):
        outside.SandboxBank(url.replace("http://", "http://x"), bank.directory).balance("CNY")
    bank.end()
    assert (bank.process.returncode, address.exists()) == (0, False)


def test_bank_values_money_on_the_day_of_the_venue(tmp_path: Path) -> None:
    books = Books(tmp_path, seed="s", delay_seconds=0, reject_percent=0)
    # An hour after midnight in Shanghai, and still the day before in UTC.
    now = datetime(2026, 3, 9, 17, tzinfo=UTC).timestamp()
    given = {"reference": "in-1", "sub_account": "x", "amount_minor": 1, "currency": "CNY"}
    books.pay_in(given, now)

    assert [line["value_date"] for line in books.statement(0, 10, now)] == ["2026-03-10"]
    books.close()


def hurry(journal: Path) -> None:
    """Make what waits in a journal due: a test does not wait for ten minutes."""
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        if line["record"] == "order":
            line["due"] = 0.0
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
