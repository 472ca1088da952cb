"""PostgreSQL arrays as text. Invariant: what is written here is read back as it was.

A list that the driver writes becomes an expression of one node for each element, which the server
parses one by one; an array written as text is a single constant.
Source: PostgreSQL, "Array Input and Output Syntax".
"""

from collections.abc import Iterable


def array(values: Iterable[object]) -> str:
    """Return an array of numbers, truth values or identifiers, which need no quotes."""
    return "{" + ",".join(["NULL" if one is None else str(one) for one in values]) + "}"


def text_array(values: Iterable[str | None]) -> str:
    """Return an array of any text."""
    return "{" + ",".join([_quoted(one) for one in values]) + "}"


def _quoted(text: str | None) -> str:
    if text is None:
        return "NULL"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
