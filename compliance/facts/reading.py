"""Reading a plain document, and logic with three values.

Invariant: a value of the wrong type is unknown, and unknown is never turned into true or false.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from compliance.facts.fields import MOST_COUNT, MOST_WORDS, storable

Document = Mapping[str, Any]
Answer = bool | None


def part(document: Document, name: str) -> Document:
    """Return the object `name` of `document`, empty if there is none."""
    value = document.get(name)
    return value if isinstance(value, Mapping) else {}


def rows(document: Document, name: str) -> list[Document]:
    """Return the list of objects `name` of `document`, empty if there is none."""
    return [row for row in _list(document, name) if isinstance(row, Mapping)]


def answer(document: Document, name: str) -> Answer:
    """Return the yes or no `name`; anything else is unknown."""
    value = document.get(name)
    return value if isinstance(value, bool) else None


def number(document: Document, name: str) -> int | None:
    """Return the whole number `name`, 0 or more; anything else is unknown."""
    value = document.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= MOST_COUNT else None


def one_of(document: Document, name: str, values: Sequence[str]) -> str | None:
    """Return the word `name` if it is one of `values`; anything else is unknown."""
    value = document.get(name)
    return value if isinstance(value, str) and value in values else None


def text(document: Document, name: str) -> str:
    """Return the text `name`, empty if there is none."""
    value = document.get(name)
    return value if isinstance(value, str) else ""


def some_of(document: Document, name: str, values: Sequence[str] | None) -> tuple[str, ...]:
    """Return the words of the list `name`, of `values` if given, each once.

    A list longer than a fact may be says nothing that could be relied on: it counts as empty.
    """
    stated = [one for one in _list(document, name) if isinstance(one, str) and len(one) <= 200]
    wanted = storable if values is None else values.__contains__
    kept = dict.fromkeys(one for one in stated if wanted(one))
    return tuple(kept) if len(kept) <= MOST_WORDS else ()


def _list(document: Document, name: str) -> Sequence[Any]:
    value = document.get(name)
    return value if isinstance(value, list | tuple) else ()


def negated(value: Answer) -> Answer:
    """Return not `value`."""
    return None if value is None else not value


def both(left: Answer, right: Answer) -> Answer:
    """Return left and right: false if one is false, else unknown if one is unknown."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def either(left: Answer, right: Answer) -> Answer:
    """Return left or right: true if one is true, else unknown if one is unknown."""
    return negated(both(negated(left), negated(right)))


def among(value: str | None, wanted: Iterable[str]) -> Answer:
    """Return whether `value` is one of `wanted`; unknown if there is no value."""
    return None if value is None else value in wanted


def any_of(documents: Sequence[Document], holds: Callable[[Document], Answer]) -> Answer:
    """Return whether `holds` for one of `documents`; unknown, too, while there is none at all."""
    answers = [holds(one) for one in documents]
    if True in answers:
        return True
    return False if answers and None not in answers else None
