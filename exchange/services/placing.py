"""The write of `exchange_place`. Invariant: what was judged is written as it was judged, or not.

A judged order becomes one `Placing`; a batch of them one column each, in the order of the
function's parameters, so that a thousand orders are one call.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from core.actors import Member
from core.arrays import array, text_array
from core.events import reactions_to

# Text as it is: escaping what is not ASCII would make it longer to write and to read.
write_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_MOVES = (("order", "place"), ("order", "match"), ("order", "refuse"), ("trade", "conclude"))


class Placing(NamedTuple):
    """One order as it is to be written; the columns of `exchange_place`, in their order.

    Identifiers are text, documents JSON text. `contract` and what follows from it are None unless
    the order is matched, `decision` and what follows from it unless the items were run, `exports`
    unless it is matched and counts towards what an exporter sends abroad in a year.
    """

    id: str
    open: bool
    buyer: str
    vendor: str
    version: str
    plan: str
    demand: str | None
    offer_mode: str
    purpose: str
    territory: str
    term_days: int
    volume: int
    redistribution: bool
    derivation: bool
    foreign_judicial_request: bool | None
    price_limit_minor: int | None
    amount_minor: int | None
    buyer_fee_minor: int
    currency: str
    label: str
    answer_by: str | None
    quote_number: int | None
    limited: bool
    state: str
    code: str
    findings: str
    clearance: str | None
    trade: str
    contract: str | None
    contract_sha256: str | None
    buyer_assent: str | None
    vendor_assent: str | None
    decision: str | None
    checklist: str | None
    facts: str | None
    evidence: str | None
    item_findings: str | None
    item_verdict: str | None
    exports: str | None


# How PostgreSQL names the type of each column, and what writes it: text may hold anything.
_TYPES: dict[str, str] = {
    **dict.fromkeys(("id", "buyer", "vendor", "version", "plan", "demand"), "uuid"),
    **dict.fromkeys(("clearance", "trade", "decision", "checklist"), "uuid"),
    **dict.fromkeys(("open", "redistribution", "derivation", "limited"), "boolean"),
    "foreign_judicial_request": "boolean",
    **dict.fromkeys(("term_days", "quote_number"), "integer"),
    **dict.fromkeys(("volume", "price_limit_minor", "amount_minor", "buyer_fee_minor"), "bigint"),
    "answer_by": "timestamptz",
}
_COLUMNS: list[tuple[str, Callable[[Iterable[Any]], str]]] = [
    (kind, text_array if kind == "text" else array)
    for name in Placing._fields
    for kind in (_TYPES.get(name, "text"),)
]
_OF_THE_CALL = ("uuid", "text", "text", "jsonb", "bigint", "uuid", "timestamptz", "jsonb")
_PLACES = [f"%s::{kind}[]" for kind, _ in _COLUMNS] + [f"%s::{kind}" for kind in _OF_THE_CALL]
_SQL = f"SELECT place, code FROM exchange_place({', '.join(_PLACES)})"  # noqa: S608 - constant


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer that the first order of a call is kept with, under its Idempotency-Key."""

    scope: str
    key: str
    input_hash: str
    body: dict[str, Any]


def write_placings(
    placings: Sequence[Placing], *, kept: KeptAnswer | None, actor: Member, at: datetime
) -> dict[int, str]:
    """Write judged orders in one transaction; return the codes of those that came out refused.

    The places count from 0. A code that begins with "!" says that nothing was written at all.

    Raises:
        IntegrityError: what the gate read changed, or the key was taken.

    """
    parameters: list[Any] = [
        write(column)
        for (_, write), column in zip(_COLUMNS, zip(*placings, strict=True), strict=True)
    ]
    if kept is None:
        parameters += [None, None, None, None]
    else:
        parameters += [kept.scope, kept.key, kept.input_hash, write_json(kept.body)]
    parameters += [actor.user_id, actor.organisation_id, at, _reactions()]
    with connection.cursor() as cursor:
        cursor.execute(_SQL, parameters)
        refused = {place - 1: code for place, code in cursor.fetchall()}
        if connection.in_atomic_block:
            # The deferred trigger judges here and not at the commit, where nobody could answer.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return refused


def _reactions() -> str:
    found = {f"{subject}:{verb}": reactions_to(subject, verb) for subject, verb in _MOVES}
    return write_json({move: list(names) for move, names in found.items() if names})
