"""Problem documents (RFC 9457). Invariant: every refusal leaves by this door, in one shape."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.errors import (
    DomainError,
    Forbidden,
    Malformed,
    MethodNotAllowed,
    NoRoomForFiles,
    NotFound,
    NotSignedIn,
    StepUpNeeded,
    TooLarge,
    TooManyRequests,
    UnsupportedMedia,
)

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


def document(error: DomainError) -> dict[str, Any]:
    """Return the problem document of a refusal."""
    problem: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": str(error.title),
        "status": error.status,
        "code": error.code,
    }
    if error.detail:
        problem["detail"] = str(error.detail)
    if error.way_out:
        problem["way_out"] = str(error.way_out)
    if error.fields:
        problem["errors"] = {
            name: [str(text) for text in texts] for name, texts in error.fields.items()
        }
    return problem | error.extra


class FormTooBig(RequestDataTooBig):
    """A form with files is longer than is read of it."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"over the {limit_bytes} bytes that are read of a form with files")
        self.limit_bytes = limit_bytes


class NoRoomForForm(RequestDataTooBig):
    """The disk has no room for the files of a form."""


def flatten(detail: Any, path: str = "") -> dict[str, list[Any]]:
    """Return nested validation errors as field path → texts (`lines[2].share_bp`)."""
    if isinstance(detail, Mapping):
        found: dict[str, list[Any]] = {}
        for name, part in detail.items():
            step = f"[{name}]" if isinstance(name, int) else f".{name}" if path else str(name)
            found |= flatten(part, path + step)
        return found
    if isinstance(detail, list) and any(isinstance(part, Mapping | list) for part in detail):
        found = {}
        for index, part in enumerate(detail):
            if part:
                found |= flatten(part, f"{path}[{index}]")
        return found
    return {path or "body": detail if isinstance(detail, list) else [detail]}


def as_domain_error(error: Exception) -> DomainError | None:
    """Return the refusal that a framework's exception stands for, or None if it is a bug."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, exceptions.ValidationError):
        return Malformed(_("Some fields are not right."), fields=flatten(error.detail))
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return NotSignedIn(error.detail)
    if isinstance(error, exceptions.PermissionDenied):
        return Forbidden(error.detail)
    if isinstance(error, DjangoPermissionDenied):
        return Forbidden()
    if isinstance(error, Http404 | exceptions.NotFound):
        return NotFound()
    if isinstance(error, exceptions.MethodNotAllowed):
        return MethodNotAllowed(error.detail)
    if isinstance(error, exceptions.UnsupportedMediaType):
        return UnsupportedMedia(error.detail)
    if isinstance(error, exceptions.Throttled):
        return TooManyRequests(error.detail, retry_after_seconds=int(error.wait or 1))  # type: ignore[attr-defined]
    return _unreadable(error)


def _unreadable(error: Exception) -> DomainError | None:
    """Return what is told of a body or an address that could not be read."""
    if isinstance(error, NoRoomForForm):
        return NoRoomForFiles()
    if isinstance(error, FormTooBig):
        limit = error.limit_bytes
        return TooLarge(
            _("At most %(limit)s bytes are read of it.") % {"limit": f"{limit:,}"},
            limit_bytes=limit,
        )
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, TooManyFieldsSent | TooManyFilesSent):
        return Malformed(_("The form has more fields or files than are read of one."))
    if isinstance(error, MultiPartParserError):
        return Malformed(_("The body is not the form with files that its Content-Type says it is."))
    if isinstance(error, exceptions.ParseError | SuspiciousOperation | BadRequest):
        return Malformed(getattr(error, "detail", str(error)))
    return None


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception of an API view into its problem document; None leaves it a 500."""
    refusal = as_domain_error(error)
    if refusal is None:
        return None
    set_rollback()
    headers = {}
    if isinstance(refusal, NotSignedIn):
        headers["WWW-Authenticate"] = 'Bearer realm="databourse"'
    if isinstance(refusal, StepUpNeeded):
        headers["WWW-Authenticate"] = (
            'Bearer realm="databourse", error="insufficient_user_authentication", '
            f"max_age={refusal.extra['max_age']}"
        )
    if "retry_after_seconds" in refusal.extra:
        headers["Retry-After"] = str(refusal.extra["retry_after_seconds"])
    return Response(
        document(refusal), status=refusal.status, headers=headers, content_type=MEDIA_TYPE
    )


def plain_response(error: DomainError) -> JsonResponse:
    """Return the problem document as a Django response, for where DRF is not reached."""
    return JsonResponse(document(error), status=error.status, content_type=MEDIA_TYPE)


@csrf_exempt
def unknown_address(request: HttpRequest, *args: Any, **path: Any) -> JsonResponse:
    """Answer 404 under /api/ with a problem document."""
    return plain_response(NotFound(_("No such address: %(path)s.") % {"path": request.path}))
