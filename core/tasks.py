"""Sweeps of the ground floor. Invariant: a task only wakes one service."""

from celery import shared_task
from django.utils import timezone

from core.services.audit import sequence_events

BATCH = 2000


@shared_task
def append_to_audit_tree() -> int:
    """Append committed events to the audit tree; return how many."""
    appended = 0
    while taken := sequence_events(limit=BATCH, at=timezone.now()):
        appended += taken
    return appended
