"""The one JSON parser. Invariant: what it lets through is bounded, finite and valid UTF-8."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from core.errors import Malformed, TooLarge
from core.serializers import document_problem

MAX_DEPTH = 32


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


class StrictJSONParser(BaseParser):
    """JSON of RFC 8259: one value, no repeated names, no NaN, at most 2 MiB and 32 levels."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        """Return the value that the body holds.

        Raises:
            Malformed, TooLarge: the body is not such a value.

        """
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge(_("The body is larger than %(n)s bytes.") % {"n": limit})
        try:
            value = json.loads(
                body.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_unique
            )
        except UnicodeDecodeError as error:
            raise Malformed(
                _("The body is not UTF-8 at byte %(n)s.") % {"n": error.start}
            ) from None
        except RecursionError:
            raise Malformed(_("The body is nested too deeply.")) from None
        except ValueError as error:
            raise Malformed(_("The body is not JSON: %(why)s.") % {"why": error}) from None
        problem = document_problem(value, MAX_DEPTH)
        if not problem:
            try:
                json.dumps(value, ensure_ascii=False).encode()
            except UnicodeEncodeError:
                problem = _("holds characters that UTF-8 cannot carry")
        if problem:
            raise Malformed(_("The body %(why)s.") % {"why": problem})
        return value
