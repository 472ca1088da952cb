"""Every state and every verb of a grant and of an outside delivery, here and in PostgreSQL."""

from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from core.actors import SYSTEM
from core.errors import IllegalTransition
from core.machine import Machine
from delivery.models import OutsideDelivery
from delivery.states import GRANT, OUTSIDE_DELIVERY
from tests.delivery import cast

pytestmark = pytest.mark.django_db
MACHINES = (GRANT, OUTSIDE_DELIVERY)


def verbs(machine: Machine) -> dict[str, str]:
    """Verb → where it leads; in these tables a verb leads to one state wherever it starts."""
    return {verb: after for row in machine.table.values() for verb, after in row.items()}


CASES = [
    pytest.param(machine, state, verb, id=f"{machine.subject}-{state}-{verb}")
    for machine in MACHINES
    for state in machine.table
    for verb in verbs(machine)
]


def fields_of(machine: Machine, at: datetime) -> dict[str, datetime]:
    return {"answered_at": at} if machine is OUTSIDE_DELIVERY else {}


def thing(machine: Machine, state: str, at: datetime) -> Any:
    made: Any = cast.sold(at).grant
    if machine is OUTSIDE_DELIVERY:
        made = OutsideDelivery.objects.create(
            grant=made, means="disk", delivered_at=at, reported_at=at
        )
    for verb, after in verbs(machine).items():
        if after == state:
            machine.move(made, verb, actor=SYSTEM, at=at, **fields_of(machine, at))
    assert made.state == state
    return made


@pytest.mark.parametrize(("machine", "state", "verb"), CASES)
def test_verb_moves_along_the_table_or_not_at_all(
    machine: Machine, state: str, verb: str, at: datetime
) -> None:
    made = thing(machine, state, at)
    allowed = machine.table[state].get(verb)

    if allowed:
        machine.move(made, verb, actor=SYSTEM, at=at, **fields_of(machine, at))
    else:
        with cast.refused(IllegalTransition):
            machine.move(made, verb, actor=SYSTEM, at=at, **fields_of(machine, at))

    made.refresh_from_db()
    assert made.state == (allowed or state)


@pytest.mark.parametrize(("machine", "state", "verb"), CASES)
def test_raw_sql_is_held_to_the_same_table(
    machine: Machine, state: str, verb: str, at: datetime
) -> None:
    made, after = thing(machine, state, at), verbs(machine)[verb]
    table = type(made)._meta.db_table
    also = "".join(f", {name} = now()" for name in fields_of(machine, at))
    # Staying in a state is no move, so PostgreSQL lets it pass.
    allowed = after == state or after in machine.table[state].values()

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET state = %s{also} WHERE id = %s", [after, made.pk])

    if allowed:
        write()
    else:
        with pytest.raises(DatabaseError, match="Invalid transition"):
            write()

    made.refresh_from_db()
    assert made.state == (after if allowed else state)
