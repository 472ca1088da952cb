"""Evaluating CEL. Invariant: the answer is true, false or unknown, and nothing else gets out.

Whatever CEL raises is unknown: a missing fact, an overflow, and a panic of the engine, which is a
BaseException of a class that cannot be imported and is therefore known by its name.
"""

from collections.abc import Callable, Mapping
from typing import Any

import cel

Answerer = Callable[[cel.Context], bool | None]

_RAISED_BY_CEL = (LookupError, RuntimeError, TypeError, ValueError, ArithmeticError)
_PANIC = "PanicException"


class NotCel(ValueError):
    """The text is not CEL; the message is the parser's."""


def from_engine(raised: BaseException) -> bool:
    """Return whether the engine raised it, so that it means "unknown" and nothing else."""
    return isinstance(raised, _RAISED_BY_CEL) or type(raised).__name__ == _PANIC


def compiled(source: str) -> Answerer:
    """Return the program of `source` as a function of a context.

    Raises:
        NotCel: it does not parse.

    """
    try:
        execute = cel.compile(source).execute
    except BaseException as raised:
        if not from_engine(raised):
            raise
        raise NotCel(str(raised)) from None

    def answer(context: cel.Context) -> bool | None:
        try:
            value = execute(context)
        except BaseException as raised:
            if not from_engine(raised):
                raise
            return None
        return value if isinstance(value, bool) else None

    return answer


def context_of(variables: Mapping[str, Any]) -> cel.Context:
    """Return a context with `variables`, converted once for all items."""
    return cel.Context(dict(variables))
