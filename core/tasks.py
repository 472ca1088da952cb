"""Sweeps of the ground floor. Invariant: a task only wakes one service."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core import outside
from core.actors import SYSTEM
from core.services import letters
from core.services.audit import sequence_events
from core.services.idempotency import purge_answers

log = logging.getLogger(__name__)

BATCH = 2000
# Letters of one run: the next one, some seconds later, goes on.
LETTERS = 500


@shared_task
def append_to_audit_tree() -> int:
    """Append committed events to the audit tree; return how many."""
    appended = 0
    while taken := sequence_events(limit=BATCH, at=timezone.now()):
        appended += taken
    return appended


@shared_task
def mail_letters() -> int:
    """Mail the letters that are due, each committed by itself; return how many left."""
    sent = 0
    for _ in range(LETTERS):
        letter = letters.claim_letter(at=timezone.now())
        if letter is None:
            break
        try:
            outside.mail_letter(letter)
        except OSError as error:
            log.warning("letter %s not sent: %s", letter.pk, error)
            letters.note_failure(letter=letter, reason=repr(error), actor=SYSTEM, at=timezone.now())
            continue
        letters.mark_sent(letter=letter, actor=SYSTEM, at=timezone.now())
        sent += 1
    return sent


@shared_task
def purge_kept_answers() -> int:
    """Forget answers to Idempotency-Keys that are older than they are kept; return how many."""
    kept, purged = timedelta(days=settings.KEPT_ANSWERS_DAYS), 0
    while gone := purge_answers(older_than=kept, limit=BATCH, at=timezone.now()):
        purged += gone
    return purged
