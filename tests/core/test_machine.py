"""Moves, guards, and what follows a lost race."""

from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from core.actors import SYSTEM
from core.errors import IllegalTransition
from core.machine import MACHINES
from core.models import Event, Organisation
from core.states import ORGANISATION
from tests import make

pytestmark = pytest.mark.django_db


def test_a_move_writes_its_event_with_who_when_and_why(at: datetime) -> None:
    organisation = make.organisation(at=at, state="APPLIED")

    ORGANISATION.move(organisation, "verify", actor=SYSTEM, at=at, reason="papers seen")

    event = Event.objects.get(subject_id=organisation.pk)
    assert (event.subject, event.verb, event.before, event.after, event.reason, event.at) == (
        "organisation",
        "verify",
        "APPLIED",
        "ACTIVE",
        "papers seen",
        at,
    )


def test_whoever_comes_second_is_told_and_leaves_no_event(at: datetime) -> None:
    first = make.organisation(at=at)
    second = Organisation.objects.get(pk=first.pk)
    ORGANISATION.move(first, "close", actor=SYSTEM, at=at)

    with pytest.raises(IllegalTransition) as refusal:
        ORGANISATION.move(second, "suspend", actor=SYSTEM, at=at)

    assert refusal.value.extra["state"] == "CLOSED"
    assert [e.verb for e in Event.objects.filter(subject_id=first.pk)] == ["close"]


def test_raw_sql_cannot_leave_the_table(at: datetime) -> None:
    organisation = make.organisation(at=at, state="ACTIVE")

    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        Organisation.objects.filter(pk=organisation.pk).update(state="APPLIED")
    with pytest.raises(DatabaseError, match="cannot begin as"), transaction.atomic():
        make.organisation(at=at, state="CLOSED")

    assert Organisation.objects.get(pk=organisation.pk).state == "ACTIVE"


def test_events_can_be_neither_changed_nor_deleted_nor_truncated(at: datetime) -> None:
    organisation = make.organisation(at=at)
    ORGANISATION.move(organisation, "suspend", actor=SYSTEM, at=at)
    attacks = [
        "UPDATE core_event SET reason = 'other'",
        "DELETE FROM core_event",
        "TRUNCATE core_event CASCADE",
    ]

    for attack in attacks:
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            connection.cursor().execute(attack)

    assert Event.objects.get(subject_id=organisation.pk).reason == ""


def test_moving_many_takes_the_same_number_of_statements(
    at: datetime, django_assert_num_queries: object
) -> None:
    few = [make.organisation(at=at).pk for _ in range(2)]
    many = [make.organisation(at=at).pk for _ in range(30)]

    for ids in (few, many):
        with django_assert_num_queries(4):  # type: ignore[operator]
            moved = ORGANISATION.move_all(
                Organisation.objects.filter(pk__in=ids), "suspend", actor=SYSTEM, at=at
            )
        assert moved == sorted(ids)


def test_every_machine_has_a_row_for_each_state_it_leads_to() -> None:
    for machine in MACHINES.values():
        for verbs in machine.table.values():
            assert set(verbs.values()) <= machine.table.keys()
