"""How one fact is described. Invariant: schema, documents, CEL types and forms all read this.

A fact is true, false, a number, a word or a list of words; None means it is not known.
"""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from functools import cache
from typing import Any, ClassVar, Literal, Protocol, cast

Kind = Literal["yes_no", "count", "word", "words"]
Supplier = Literal["vendor", "buyer", "text", "scan", "register", "venue", "derived"]

# A list of words longer than this is cut by nobody: it is refused where the facts are made.
MOST_WORDS = 400
MOST_COUNT = 2**53 - 1

KEY = "fact"
# How the description of a fact begins that cannot be unknown.
NEVER = "never"


def storable(text: str) -> bool:
    """Return whether engine and database can take `text`: no NUL, no lone surrogate."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


class Topic(Protocol):
    """A frozen dataclass whose every field is described by a `Fact`."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


@dataclass(frozen=True, slots=True)
class Fact:
    """What one fact means, who supplies it and what it means that it is not known.

    `asks` names the vendor's bare yes-or-no answers that the fact rests on; `basis` the suppliers
    behind a derived fact. `values` is the closed list of words, empty when any word may stand.
    """

    name: str
    kind: Kind
    meaning: str
    supplier: Supplier
    unknown: str
    values: tuple[str, ...] = ()
    most: int = MOST_WORDS
    basis: tuple[Supplier, ...] = ()
    asks: tuple[str, ...] = ()

    @property
    def suppliers(self) -> tuple[Supplier, ...]:
        """Everyone the fact comes from."""
        return self.basis or (self.supplier,)

    @property
    def always_known(self) -> bool:
        """Whether its description says that it is never unknown."""
        return self.unknown.startswith(NEVER)


def yes_no(meaning: str, supplier: Supplier, unknown: str, **more: Any) -> Any:
    """Describe a fact that is true or false."""
    return _described("yes_no", meaning, supplier, unknown, more)


def count(meaning: str, supplier: Supplier, unknown: str, **more: Any) -> Any:
    """Describe a fact that is a whole number, 0 or more."""
    return _described("count", meaning, supplier, unknown, more)


def word(meaning: str, supplier: Supplier, unknown: str, **more: Any) -> Any:
    """Describe a fact that is one word, of a closed list if `values` are given."""
    return _described("word", meaning, supplier, unknown, more)


def words(meaning: str, supplier: Supplier, unknown: str, **more: Any) -> Any:
    """Describe a fact that is a list of words; an empty list says that there are none."""
    return _described("words", meaning, supplier, unknown, more)


def _described(
    kind: Kind, meaning: str, supplier: Supplier, unknown: str, more: dict[str, Any]
) -> Any:
    described = Fact("", kind, meaning, supplier, unknown, **more)
    return field(default=None, metadata={KEY: described})


@cache
def facts_of(topic: type[Topic]) -> Mapping[str, Fact]:
    """Return the description of every fact of one topic, in the order they are written."""
    found: dict[str, Fact] = {}
    for item in fields(topic):
        described = cast(Fact, item.metadata[KEY])
        found[item.name] = Fact(
            item.name,
            described.kind,
            described.meaning,
            described.supplier,
            described.unknown,
            described.values,
            described.most,
            described.basis,
            described.asks,
        )
    return found
