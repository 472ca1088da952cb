"""Writing what a re-run found. Invariant: one statement for any number of clearances.

The SQL function `compliance_record_reruns` locks, looks again and writes; here its arrays are made.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from compliance.rules import finding_document
from compliance.selectors import Rerun
from core.actors import Member
from core.arrays import array, text_array
from core.events import reactions_to

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class RerunRow:
    """One run as it is written: its decision, and the clearance that follows, if one does."""

    result: Rerun
    decision_id: UUID
    successor_id: UUID | None
    resting_on: list[str]
    begins: datetime
    ends: datetime


def record_reruns(
    rows: Sequence[RerunRow],
    checklist_id: UUID,
    judged_at: datetime,
    *,
    actor: Member,
    at: datetime,
) -> set[UUID]:
    """Write the runs of one list; return the clearances that still stood and so were run."""
    results = [row.result for row in rows]
    arguments = [
        str(checklist_id),
        array(one.former.clearance_id for one in results),
        array(row.decision_id for row in rows),
        array(one.former.follows for one in results),
        array(one.known.whole for one in results),
        text_array(_JSON(one.known.topics) for one in results),
        text_array(_JSON(sorted(one.known.evidence)) for one in results),
        text_array(_JSON([finding_document(each) for each in one.findings]) for one in results),
        text_array(None if one.attested is None else _JSON(one.attested) for one in results),
        text_array(one.verdict for one in results),
        array(row.successor_id for row in rows),
        text_array(_JSON(one.known.cleared) for one in results),
        text_array(_JSON(row.resting_on) for row in rows),
        text_array(row.begins.isoformat() for row in rows),
        text_array(row.ends.isoformat() for row in rows),
        actor.user_id,
        actor.organisation_id,
        judged_at,
        at,
        _JSON({"clearance:prepare": reactions_to("clearance", "prepare")}),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_CALL, arguments)
        return {row[0] for row in cursor.fetchall()}


_TYPES = (
    *(
        "uuid",
        "uuid[]",
        "uuid[]",
        "uuid[]",
        "boolean[]",
        "text[]",
        "text[]",
        "text[]",
        "text[]",
        "text[]",
    ),
    *("uuid[]", "text[]", "text[]", "timestamptz[]", "timestamptz[]", "bigint", "uuid"),
    *("timestamptz", "timestamptz", "jsonb"),
)
_PLACES = ", ".join(f"%s::{kind}" for kind in _TYPES)
_CALL = f"SELECT * FROM compliance_record_reruns({_PLACES})"  # noqa: S608 - constant
