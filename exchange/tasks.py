"""The roof's wake-ups. Invariant: a task carries no work; PostgreSQL holds what is due."""

import logging

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from core.actors import SYSTEM
from core.services.work import drain
from exchange.reactions import REACTIONS
from exchange.selectors import proofs
from exchange.services import orders, watch
from settlement.tasks import settle_due

log = logging.getLogger(__name__)

BATCH = 200
ROUNDS = 100
WAKE, WAKE_SECONDS = "work-is-due", 5


@shared_task
def react() -> int:
    """Carry out what follows from events, until nothing is due; return how many rows of work."""
    # A request that leaves work after this line wakes another worker.
    cache.delete(WAKE)
    done, wanted = 0, False
    for _ in range(ROUNDS):
        drained = drain(reactions=REACTIONS, limit=BATCH, clock=timezone.now)
        if not drained:
            break
        done += sum(drained.values())
        wanted = wanted or "request_settlements" in drained
    if wanted:
        settle.delay()
    return done


@shared_task
def settle() -> int:
    """Settle what is due and carry on with what follows from it."""
    settled = settle_due()
    if settled:
        react.delay()
    return int(settled)


@shared_task
def check_trades() -> int:
    """Prove the trades; each fault is an error in the log. Return how many there are."""
    faults = proofs.check_trades()
    for fault in faults:
        log.error("trades: %s: %s: %s", fault.code, fault.where, fault.detail)
    return len(faults)


@shared_task
def tell_ends() -> int:
    """Tell those concerned of what ends soon, a batch in each transaction; return how many."""
    told = 0
    for _ in range(ROUNDS):
        now = watch.tell_ends(limit=BATCH, actor=SYSTEM, at=timezone.now())
        if not now:
            break
        told += now
    return told


@shared_task
def expire_orders() -> int:
    """Expire the open orders that nobody answered in time."""
    return len(orders.expire_orders(at=timezone.now()))
