"""How an endpoint is declared. Invariant: each one authenticates, parses and calls one function.

An unsafe endpoint asks for an Idempotency-Key; its effect and its recorded answer commit
together (`core.services.idempotency.once`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.actors import NOBODY, Member
from core.api.authentication import MemberAuthentication
from core.api.parsers import StrictJSONParser
from core.api.throttling import MemberThrottle
from core.canonical import digest
from core.errors import KeyMissing, Malformed, NotSignedIn
from core.services import idempotency

SAFE = {"GET", "HEAD", "OPTIONS"}
PAGE_FIELDS = frozenset({"after", "size"})
PROBLEM = "application/problem+json"
Handler = Callable[..., Any]
# What is said again, of the request and the answer as it was kept.
Completed = Callable[[Any, dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one address."""

    method: str
    path: str
    app: str
    handler: Handler
    request: type[serializers.Serializer[Any]] | None
    query: type[serializers.Serializer[Any]] | None
    response: Any
    status: int
    refusals: Mapping[int, Any]
    many: bool
    anonymous: bool
    keyed: bool
    unkept: tuple[str, ...]
    completed: Completed | None
    parsers: tuple[type[BaseParser], ...]
    summary: str


ENDPOINTS: list[Endpoint] = []


def endpoint(
    method: str,
    address: str,
    *,
    summary: str,
    request: type[serializers.Serializer[Any]] | None = None,
    query: type[serializers.Serializer[Any]] | None = None,
    response: Any = None,
    status: int = 200,
    refusals: Mapping[int, Any] | None = None,
    many: bool = False,
    may_anonymous: bool = False,
    keyed: bool = True,
    unkept: tuple[str, ...] = (),
    completed: Completed | None = None,
    parsers: tuple[type[BaseParser], ...] = (StrictJSONParser,),
) -> Callable[[Handler], Handler]:
    """Declare `handler(request, body, **path)` as `method` of `/api/v1/<address>`.

    `body` is the validated request body, or the validated query of a safe method. The handler
    returns what `response` renders (`many`: a page of them, from `page_of`), or None, or a
    ready Django or DRF response. `refusals` are the problem documents that say more than others:
    status → what they show. `keyed=False` is for handlers that keep the Idempotency-Key in
    their own transaction: they find it in `request.key`. `unkept` are fields of the answer that
    are secrets and never stored; `completed` says what stands for them when it is given again.
    """

    def declare(handler: Handler) -> Handler:
        ENDPOINTS.append(
            Endpoint(
                method=method,
                path=address,
                app=handler.__module__.split(".")[0],
                handler=handler,
                request=request,
                query=query,
                response=response,
                status=status,
                refusals=refusals or {},
                many=many,
                anonymous=may_anonymous,
                keyed=keyed,
                unkept=unkept,
                completed=completed,
                parsers=parsers,
                summary=summary,
            )
        )
        return handler

    return declare


class EdgeRequest(Request):
    """The request with what the edge knows: `member`, `at`, `key`."""

    member: Member
    at: datetime
    key: str


class Address(APIView):
    """All methods of one address; a subclass is made for each by `urls_for`."""

    endpoints: ClassVar[dict[str, Endpoint]] = {}
    authentication_classes = (MemberAuthentication,)
    throttle_classes = (MemberThrottle,)

    def serve(self, request: Any, method: str, **where: Any) -> Response:
        """Authenticate, parse, call the endpoint's one function, render."""
        served = self.endpoints[method]
        request.at = timezone.now()
        request.member = request.user if isinstance(request.user, Member) else NOBODY
        if not served.anonymous and request.member.user_id is None:
            raise NotSignedIn
        body = parsed(served, request)
        if method in SAFE:
            return rendered(served, served.handler(request, body, **where), request)
        request.key = key_of(request, served)
        if not served.keyed or not request.key:
            return rendered(served, served.handler(request, body, **where), request)
        return self.once(served, request, body, where)

    def once(self, served: Endpoint, request: Any, body: Any, where: dict[str, Any]) -> Response:
        """Answer an unsafe request at most once for its key."""

        def run() -> tuple[int, Any]:
            response = rendered(served, served.handler(request, body, **where), request)
            return response.status_code, response.data

        answer = idempotency.once(
            scope=idempotency.scope_of(request.member),
            key=request.key,
            input_hash=input_hash(request, body),
            at=request.at,
            run=run,
            unkept=served.unkept,
        )
        if not answer.replayed:
            return Response(answer.body, status=answer.status)
        body = answer.body if served.completed is None else served.completed(request, answer.body)
        return Response(body, status=answer.status, headers={"Idempotency-Replayed": "true"})


def parsed(served: Endpoint, request: Any) -> Any:
    """Return the validated body or query of a request.

    Raises:
        Malformed: with each field that is wrong.

    """
    if served.query is None:
        _refuse_unknown(served, request.query_params)
    if served.query is not None:
        given = {name: request.query_params[name] for name in request.query_params}
        serializer = served.query(data=given)
    elif served.request is not None:
        if not isinstance(request.data, Mapping):
            raise Malformed("The body must be a JSON object.")
        serializer = served.request(data=request.data)
    else:
        if request.method not in SAFE and request.data:
            raise Malformed("This address takes no body.")
        return {}
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def _refuse_unknown(served: Endpoint, query: Iterable[str]) -> None:
    """Refuse a query field that the address does not know; a list knows its page alone.

    Raises:
        Malformed: with each field that is unknown.

    """
    known = PAGE_FIELDS if served.many else frozenset()
    unknown = sorted(set(query) - known)
    if unknown:
        raise Malformed(fields={name: [_("unknown field")] for name in unknown})


def key_of(request: Any, served: Endpoint) -> str:
    """Return the Idempotency-Key of an unsafe request.

    Raises:
        KeyMissing: there is none, or it is not 8 to 100 printable characters.

    """
    key = str(request.headers.get("Idempotency-Key", "")).strip()
    if served.anonymous and not key:
        return ""
    if not 8 <= len(key) <= 100 or not key.isascii() or not key.isprintable():
        raise KeyMissing
    return key


def input_hash(request: Any, body: Any) -> str:
    """Return the hash of what a request asks: method, address and validated body."""
    parts = {
        name: getattr(value, "sha256_of_upload", None) or str(value)
        for name, value in dict(body).items()
    }
    return digest([request.method, request.path, parts])


def rendered(served: Endpoint, result: Any, request: Any) -> Response:
    """Return the response that shows what the handler returned."""
    if result is None:
        return Response(status=204 if served.status == 200 else served.status)
    if hasattr(result, "status_code"):
        return result  # type: ignore[no-any-return]
    if served.response is None:
        return Response(result, status=served.status)
    if served.many:
        rows = served.response(result["results"], many=True).data
        return Response({**result, "results": rows}, status=served.status)
    return Response(served.response(result).data, status=served.status)


def urls_for(app: str) -> list[URLPattern]:
    """Return the URL patterns of the endpoints that `app` has declared."""
    found: dict[str, dict[str, Endpoint]] = {}
    for declared in ENDPOINTS:
        if declared.app == app:
            found.setdefault(declared.path, {})[declared.method] = declared
    return [path(address, _view(address, methods)) for address, methods in found.items()]


def _view(address: str, methods: dict[str, Endpoint]) -> Any:
    members: dict[str, Any] = {"endpoints": methods, "__doc__": f"Methods of {address}."}
    for method, served in methods.items():
        members[method.lower()] = _method(served)
    kinds = {parser for served in methods.values() for parser in served.parsers}
    members["parser_classes"] = tuple(sorted(kinds, key=lambda kind: kind.__name__))
    name = "".join(part.title() for part in address.replace("/", "_").split("_") if part.isalpha())
    return type(f"{name or 'Root'}Address", (Address,), members).as_view()  # type: ignore[attr-defined]


def _method(served: Endpoint) -> Handler:
    def respond(self: Address, request: Any, **where: Any) -> Response:
        return self.serve(request, served.method, **where)

    parameters: list[Any] = []
    if served.query is not None:
        parameters.append(served.query)
    elif served.many:
        parameters += [
            OpenApiParameter("after", str, description="from `next` of the page before"),
            OpenApiParameter("size", int, description="1 to 200"),
        ]
    if served.method not in SAFE:
        parameters.append(
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                required=not served.anonymous,
                description="8 to 100 characters; the same key and body have one effect.",
            )
        )
    shown = served.response
    if served.many and shown is not None:
        shown = _page_schema(shown)
    return extend_schema(
        operation_id=served.handler.__name__,
        summary=served.summary,
        tags=[served.app],
        parameters=parameters,
        request=served.request,
        responses={
            served.status if shown or served.status != 200 else 204: shown,
            **{(status, PROBLEM): told for status, told in served.refusals.items()},
        },
        auth=[{}] if served.anonymous else None,  # type: ignore[list-item]
    )(respond)


@cache
def _page_schema(row: Any) -> type[serializers.Serializer[Any]]:
    return type(
        f"{row.__name__}Page",
        (serializers.Serializer,),
        {
            "results": row(many=True),
            "next": serializers.CharField(allow_null=True),
        },
    )
