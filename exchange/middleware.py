"""What goes with every request: what a stranger may send, and waking the worker.

Invariant: a request never waits for the broker, nor fails with it; who is not signed in sends
little at a time and not too often.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError
from rest_framework.throttling import SimpleRateThrottle

from core.api.problems import FormTooBig, NoRoomForForm
from core.errors import NoRoomForFiles, TooManyRequests
from core.files import check_room
from exchange.portal.edge import refusal
from exchange.tasks import WAKE, WAKE_SECONDS, react

log = logging.getLogger(__name__)
SAFE = {"GET", "HEAD", "OPTIONS"}
# A contract is some ten kilobytes; the API reads nothing of a request before it knows who asks.
STRANGERS_BYTES = 1024 * 1024
OWN_EDGES = ("/api/", "/download/")


class BoundedUpload(FileUploadHandler):
    """Stops a form with files before it is read, where it is too large for who sends it.

    The API reads its forms through it too. What passes is written to the disk for temporary
    files, so there has to be room for it.
    """

    def handle_raw_input(  # as the base has it
        self,
        input_data: Any,  # noqa: ARG002
        META: dict[str, Any],  # noqa: ARG002, N803
        content_length: int,
        boundary: str,  # noqa: ARG002
        encoding: str | None = None,  # noqa: ARG002
    ) -> None:
        """Refuse the whole body by the length it states, which bounds what is read of it.

        Raises:
            FormTooBig: it is over what a stranger, or a member, may send at once.
            NoRoomForForm: it would not leave enough free on the disk.

        """
        limit = settings.FILE_UPLOAD_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if self.request and _bounded(self.request):
            limit = STRANGERS_BYTES
        if content_length > limit:
            raise FormTooBig(limit)
        try:
            check_room(Path(gettempdir()), content_length)
        except NoRoomForFiles:
            raise NoRoomForForm from None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        """Leave what is read to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Keep nothing."""


def _bounded(request: HttpRequest) -> bool:
    """Whether little is read of this form: from a stranger, or for a page that is open to all."""
    if request.path.startswith(OWN_EDGES):
        return False
    match = request.resolver_match
    open_to_all = getattr(match.func, "open_to_all", False) if match else False
    user = getattr(request, "user", None)
    return open_to_all or user is None or not user.is_authenticated


class StrangersThrottle(SimpleRateThrottle):
    """One rate for the forms of each address, counted in the cache."""

    rate = "300/min"

    def get_cache_key(self, request: Any, view: Any) -> str:  # noqa: ARG002 - as the base has it
        """Return the name that forms from the address are counted under."""
        return f"throttle:forms:{self.get_ident(request)}"


def throttle_strangers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse forms before they are read, of an address that sends too many without signing in."""

    def respond(request: HttpRequest) -> HttpResponse:
        own = request.path.startswith(OWN_EDGES)
        if request.method in SAFE or own or request.user.is_authenticated:
            return get_response(request)
        throttle = StrangersThrottle()
        try:
            allowed = throttle.allow_request(request, None)  # type: ignore[arg-type]
        except (OSError, RedisError) as error:
            log.warning("forms of strangers were not counted: %r", error)
            allowed = True
        if allowed:
            return get_response(request)
        seconds = int(throttle.wait() or 1) + 1
        response = refusal(request, TooManyRequests(retry_after_seconds=seconds))
        response["Retry-After"] = str(seconds)
        return response

    return respond


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
