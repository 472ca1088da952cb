"""Waking the worker. Invariant: a request never waits for the broker, nor fails with it."""

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from exchange.tasks import WAKE, WAKE_SECONDS, react

log = logging.getLogger(__name__)
SAFE = {"GET", "HEAD", "OPTIONS"}


def wake_worker(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Wake a worker after a request that may have left work, once until it is awake.

    The schedule finds the work without it, a few seconds later.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method not in SAFE and response.status_code < 400:
            try:
                if cache.add(WAKE, 1, WAKE_SECONDS):
                    react.apply_async(retry=False)
            except (OSError, OperationalError, RedisError) as error:
                log.warning("the worker was not woken: %r", error)
        return response

    return respond
