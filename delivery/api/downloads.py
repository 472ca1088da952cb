"""Files under /download/. Invariant: a genuine, living link gets exact bytes, or says why not.

The link is the key: no session is asked for. Bytes are read and sent piece by piece, so that
memory does not grow with the file; a withdrawal stops them between two pieces.
"""

import logging
import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from core.api.problems import plain_response
from core.errors import DomainError, MethodNotAllowed, TooManyRequests
from core.files import open_file
from core.models import StoredFile
from delivery import selectors, services
from delivery.errors import (
    FileUnavailable,
    GrantWithdrawn,
    PreconditionFailed,
    RangeNotSatisfiable,
)
from delivery.representations import Answer, Asked, answer_to, headers_of

log = logging.getLogger(__name__)
PIECE = 256 * 1024
PIECES_BETWEEN_CHECKS = 16
REFUSALS: dict[int, type[DomainError]] = {412: PreconditionFailed, 416: RangeNotSatisfiable}


class LinkThrottle(SimpleRateThrottle):
    """One rate for each link, counted in the cache."""

    rate = "600/min"

    def __init__(self, link_id: UUID) -> None:
        super().__init__()
        self.link_id = link_id

    def get_cache_key(self, request: Any, view: Any) -> str:  # noqa: ARG002 - as the base has it
        """Return the name that requests with the link are counted under."""
        return f"throttle:link:{self.link_id}"


def download(request: HttpRequest, token: str) -> HttpResponseBase:
    """Answer GET and HEAD of a download link."""
    at = timezone.now()
    try:
        if request.method not in {"GET", "HEAD"}:
            raise MethodNotAllowed
        return _answered(request, token, at)
    except DomainError as refusal:
        return _refused(refusal)


def _answered(request: HttpRequest, token: str, at: datetime) -> HttpResponseBase:
    held = selectors.held_link(token)
    _throttle(request, held.link.pk)
    asked = asked_of(request)
    answer = answer_to(asked, held.representation)
    headers = headers_of(answer, held.representation)
    # Nothing is counted before the bytes are known to be there.
    file = _opened(held.link.release.file)
    begun = services.begin_access(link_id=held.link.pk, method=asked.method, answer=answer, at=at)
    if begun.refusal is None and answer.sends:
        parts = _pieces(file, answer, begun.access.pk, held.link.grant_id)
        return StreamingHttpResponse(parts, status=answer.status, headers=headers)
    file.close()
    if begun.refusal is not None:
        raise begun.refusal
    if answer.status in REFUSALS:
        response = _refused(REFUSALS[answer.status]())
        for name in {"Accept-Ranges", "Content-Range"} & headers.keys():
            response[name] = headers[name]
        return response
    return HttpResponse(status=answer.status, headers=headers)


def asked_of(request: HttpRequest) -> Asked:
    """Return which bytes a request wants."""
    return Asked(
        method=str(request.method),
        byte_range=request.headers.get("Range", ""),
        if_range=request.headers.get("If-Range", ""),
        if_match=request.headers.get("If-Match", ""),
        if_none_match=request.headers.get("If-None-Match", ""),
    )


def _throttle(request: HttpRequest, link_id: UUID) -> None:
    throttle = LinkThrottle(link_id)
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]
        raise TooManyRequests(retry_after_seconds=int(throttle.wait() or 1) + 1)


def _refused(refusal: DomainError) -> HttpResponseBase:
    response = plain_response(refusal)
    response["Cache-Control"] = "no-store"
    if refusal.status == 405:
        response["Allow"] = "GET, HEAD"
    if "retry_after_seconds" in refusal.extra:
        response["Retry-After"] = str(refusal.extra["retry_after_seconds"])
    return response


def _opened(stored: StoredFile) -> BinaryIO:
    """Open a file whose bytes are all there, before anything is counted or promised."""
    try:
        file = open_file(stored)
    except OSError as error:
        log.critical("file %s cannot be opened: %s", stored.pk, error)
        raise FileUnavailable from error
    if os.fstat(file.fileno()).st_size != stored.size_bytes:
        file.close()
        log.critical("file %s is not as long as it was", stored.pk)
        raise FileUnavailable
    return file


def _pieces(file: BinaryIO, answer: Answer, access_id: UUID, grant_id: UUID) -> Iterator[bytes]:
    """Yield the bytes of an answer and enter how many of them went out.

    A piece counts once the server asks for the next. What stops it is raised, and not ended
    quietly, so that the server breaks the connection and the reader sees that bytes are missing.
    """
    sent = count = 0
    try:
        with file:
            file.seek(answer.first_byte)
            while sent < answer.byte_count:
                check = count and not count % PIECES_BETWEEN_CHECKS
                if check and selectors.grant_is_withdrawn(grant_id):
                    raise GrantWithdrawn
                piece = file.read(min(PIECE, answer.byte_count - sent))
                if not piece:
                    raise FileUnavailable
                yield piece
                sent, count = sent + len(piece), count + 1
    finally:
        services.end_access(access_id=access_id, sent_bytes=sent, at=timezone.now())
