"""Sweeps of compliance. Invariant: a task only wakes one service; no gate waits for it."""

from time import monotonic, sleep

from celery import shared_task
from django.utils import timezone

from compliance import services
from core.actors import SYSTEM

BATCH = 500
# A batch of a trial is one child process; a wake-up carries at most so many.
TRIAL_BATCH, TRIAL_BATCHES = 200, 25
# A sweep of the re-run ends before the next begins, so that one worker at most is taken up by it.
# After each batch it rests for this share of what the batch took: orders keep most of their rate.
RERUN_SECONDS, RERUN_REST = 4, 2 / 3


@shared_task
def expire_declarations() -> None:
    """End declarations whose time has run out, and the clearances that rest on them."""
    services.expire_declarations(limit=BATCH, actor=SYSTEM, at=timezone.now())


@shared_task
def expire_evidence() -> None:
    """End evidence whose time has run out, and the clearances that it carried."""
    services.expire_evidence(limit=BATCH, actor=SYSTEM, at=timezone.now())


@shared_task
def expire_records() -> None:
    """End consent and basis records, assessments and claims whose time has run out."""
    services.expire_records(limit=BATCH, actor=SYSTEM, at=timezone.now())


@shared_task
def expire_clearances() -> None:
    """End clearances whose time has run out."""
    services.expire_clearances(limit=BATCH, actor=SYSTEM, at=timezone.now())


@shared_task
def prepare_clearances() -> None:
    """Run the scheduled list over live clearances for some seconds, a batch a transaction."""
    end = monotonic() + RERUN_SECONDS
    begun = monotonic()
    while services.prepare_clearances(limit=BATCH, actor=SYSTEM, at=timezone.now()):
        if monotonic() > end:
            break
        sleep((monotonic() - begun) * RERUN_REST)
        begun = monotonic()


@shared_task
def enforce_checklist() -> None:
    """Put the scheduled list in force when its time has come."""
    services.enforce_checklist(actor=SYSTEM, at=timezone.now())


@shared_task
def run_trials() -> None:
    """Carry on the trials of lists, a batch in each transaction."""
    for _ in range(TRIAL_BATCHES):
        if not services.run_trials(limit=TRIAL_BATCH, actor=SYSTEM, at=timezone.now()):
            break
