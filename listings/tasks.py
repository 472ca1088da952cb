"""Sweeps of the listings. Invariant: a task only wakes one service; nothing waits for it."""

from celery import shared_task
from django.utils import timezone

from core.actors import SYSTEM
from listings import services

BATCH = 500


@shared_task
def expire_rights() -> None:
    """End rights records and sponsorships whose time has run out."""
    services.expire_rights(limit=BATCH, actor=SYSTEM, at=timezone.now())
