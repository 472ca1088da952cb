"""Sweeps of delivery. Invariant: a task only wakes one service; nothing waits for it to be safe."""

from celery import shared_task
from django.utils import timezone

from core.actors import SYSTEM
from delivery import services

BATCH = 500


@shared_task
def expire_grants() -> None:
    """Expire grants whose term is over."""
    services.expire_grants(limit=BATCH, actor=SYSTEM, at=timezone.now())


@shared_task
def end_inspections() -> None:
    """Tell which inspection windows are over."""
    services.end_inspections(limit=BATCH, actor=SYSTEM, at=timezone.now())
