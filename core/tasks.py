"""Sweeps of the ground floor. Invariant: a task only wakes one service."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core.services.audit import sequence_events
from core.services.idempotency import purge_answers

BATCH = 2000


@shared_task
def append_to_audit_tree() -> int:
    """Append committed events to the audit tree; return how many."""
    appended = 0
    while taken := sequence_events(limit=BATCH, at=timezone.now()):
        appended += taken
    return appended


@shared_task
def purge_kept_answers() -> int:
    """Forget answers to Idempotency-Keys that are older than they are kept; return how many."""
    kept, purged = timedelta(days=settings.KEPT_ANSWERS_DAYS), 0
    while gone := purge_answers(older_than=kept, limit=BATCH, at=timezone.now()):
        purged += gone
    return purged
