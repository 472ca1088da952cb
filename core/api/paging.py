"""Keyset pages. Invariant: any depth costs the same, and no row is shown twice or passed over."""

import base64
import json
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from core.canonical import plain
from core.errors import Malformed

PAGE_SIZE, MAX_SIZE = 50, 200
Row = TypeVar("Row", bound=Model)


def page_of(
    rows: QuerySet[Any],
    request: Any,
    *,
    key: tuple[str, ...] = ("-created_at", "-id"),
) -> dict[str, Any]:
    """Return one page of `rows` in the order of `key`: `{"results": […], "next": url | None}`.

    `key` must order the rows totally. The query takes `after` (from `next`) and `size` (1–200).

    Raises:
        Malformed: `after` or `size` is not what a page gave out.

    """
    size = _size(request.query_params.get("size"))
    found, mark = keyset_of(rows, key, after=request.query_params.get("after") or "", size=size)
    following = None
    if mark:
        query = request.query_params.copy()
        query["after"] = mark
        following = f"{request.path}?{query.urlencode()}"
    return {"results": found, "next": following}


def page_of_marked(
    request: Any, read: Callable[[list[Any] | None, int], list[Any]], marks: int
) -> dict[str, Any]:
    """Return a page of what `read` gives after a mark: values of several tables in one order.

    `read` takes the mark of the last one shown (`marks` values, or None) and how many to return;
    each of what it returns has its own `mark`.

    Raises:
        Malformed: `after` or `size` is not what a page gave out.

    """
    size = _size(request.query_params.get("size"))
    found, mark = marked_of(read, marks, after=request.query_params.get("after") or "", size=size)
    following = None
    if mark:
        query = request.query_params.copy()
        query["after"] = mark
        following = f"{request.path}?{query.urlencode()}"
    return {"results": found, "next": following}


def marked_of(
    read: Callable[[list[Any] | None, int], list[Any]], marks: int, *, after: str, size: int
) -> tuple[list[Any], str]:
    """Return `size` of what `read` gives, and the mark of the last ("" at the end).

    Raises:
        Malformed: `after` is not a mark that was given out.

    """
    found = read(_values(after, marks) if after else None, size + 1)
    if len(found) <= size:
        return found, ""
    values = [plain(value) for value in found[size - 1].mark]
    return found[:size], base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def keyset_of(
    rows: QuerySet[Row], key: tuple[str, ...], *, after: str, size: int
) -> tuple[list[Row], str]:
    """Return `size` rows in the order of `key`, and the mark of the last ("" at the end).

    Raises:
        Malformed: `after` is not a mark that was given out.

    """
    ordered = rows.order_by(*key)
    if after:
        ordered = ordered.filter(_beyond(key, _values(after, len(key))))
    try:
        found = list(ordered[: size + 1])
    except (ValueError, ValidationError):
        raise Malformed(fields={"after": [_("is not a place in this list")]}) from None
    if len(found) <= size:
        return found, ""
    values = [plain(getattr(found[size - 1], name.lstrip("-"))) for name in key]
    return found[:size], base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def _size(text: str | None) -> int:
    if text is None:
        return PAGE_SIZE
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= MAX_SIZE:
        raise Malformed(fields={"size": [_("must be from 1 to %(n)s") % {"n": MAX_SIZE}]})
    return int(text)


def _values(after: str, count: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(after.encode("ascii")))
    except (ValueError, RecursionError):
        values = None
    good = isinstance(values, list) and len(values) == count
    if not good or any(not isinstance(v, str | int) or "\x00" in str(v) for v in values or []):
        raise Malformed(fields={"after": [_("is not a place in this list")]})
    return list(values or [])


def _beyond(key: tuple[str, ...], values: list[Any]) -> Q:
    beyond, equal = Q(pk__in=[]), Q()
    for name, value in zip(key, values, strict=True):
        field = name.lstrip("-")
        order = "lt" if name.startswith("-") else "gt"
        beyond |= equal & Q(**{f"{field}__{order}": value})
        equal &= Q(**{field: value})
    return beyond
