"""Sweeps of settlement. Invariant: a task only wakes a service; PostgreSQL holds what is due.

Those that talk to the bank read what is intended, call it, and let one service record the answer.
"""

import logging

from celery import shared_task
from django.utils import timezone

from core.actors import SYSTEM
from settlement import outside, selectors, services
from settlement.errors import BankRefused, BankUnavailable

log = logging.getLogger(__name__)
BATCH = 200
BATCHES = 50
BANK_LINES = 500


@shared_task
def settle_due() -> int:
    """Settle what is due, a batch in each transaction; return how many trades were settled."""
    settled = 0
    for _ in range(BATCHES):
        done = services.settle_due(limit=BATCH, actor=SYSTEM, at=timezone.now())
        settled += done.settled
        if done.settled + done.failed < BATCH:
            break
    return settled


@shared_task
def expire_holds() -> None:
    """Give back what holds past their expiry reserve."""
    services.expire_holds(limit=BATCH, actor=SYSTEM, at=timezone.now())


@shared_task
def read_statement() -> int:
    """Enter new lines of the bank's statement; return how many. Where no bank is, nothing is."""
    read = 0
    if not outside.has_bank():
        return read
    for _ in range(BATCHES):
        try:
            lines = outside.bank().statement(selectors.last_sequence(), BANK_LINES)
        except BankUnavailable as error:
            log.warning("statement not read: %s", error)
            break
        recorded = services.record_entries(entries=lines, actor=SYSTEM, at=timezone.now())
        if recorded.unexplained:
            log.error("the bank paid %s times what nobody ordered", recorded.unexplained)
        read += recorded.new
        if len(lines) < BANK_LINES:
            break
    return read


@shared_task
def send_payouts() -> None:
    """Tell the bank of confirmed payouts; it knows those it was told of before."""
    due = selectors.confirmed_payouts(BANK_LINES)
    if not due:
        return
    try:
        answers = outside.bank().instruct(due)
    except (BankUnavailable, BankRefused) as error:
        log.warning("%s payouts not sent: %s", len(due), error)
        services.note_silence(
            references=[one.reference for one in due],
            reason=f"{error.code}: {error}",
            actor=SYSTEM,
            at=timezone.now(),
        )
        return
    services.record_answers(answers=answers, actor=SYSTEM, at=timezone.now())


@shared_task
def follow_payouts() -> None:
    """Ask the bank how payouts stand that it has not yet paid."""
    sent = selectors.sent_references(BANK_LINES)
    if not sent:
        return
    try:
        answers = outside.bank().answers(sent)
    except BankUnavailable as error:
        log.warning("payouts not followed: %s", error)
        return
    services.record_answers(answers=answers, actor=SYSTEM, at=timezone.now())


@shared_task
def take_snapshots() -> None:
    """Keep the balances of hot accounts, so that reading them stays cheap."""
    services.take_snapshots(actor=SYSTEM, at=timezone.now())


@shared_task
def check_books() -> int:
    """Prove the books; each fault is an error in the log. Return how many there are."""
    faults = selectors.check_books()
    for fault in faults:
        log.error("books: %s: %s: %s", fault.code, fault.where, fault.detail)
    return len(faults)
