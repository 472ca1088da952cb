"""What happened and what follows. Invariant: an event is never changed; work ends with a reason."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Cast

from core.fields import StateField
from core.guards import append_only
from core.states import WorkState


class Event(models.Model):
    """One accepted move: who did what to which thing, when and why.

    `transaction` is the writing transaction's number; the sequencer reads only those that every
    snapshot can see, so that it never passes over one that commits late.
    """

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    verb = models.CharField(max_length=32)
    before = models.CharField(max_length=24, blank=True)
    after = models.CharField(max_length=24, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    organisation_id = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict, blank=True)
    transaction = models.BigIntegerField(
        db_default=Cast(
            Cast(Func(function="pg_current_xact_id"), models.TextField()),
            models.BigIntegerField(),
        ),
        editable=False,
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject_id", "id"], name="event_subject"),
            models.Index(fields=["transaction", "id"], name="event_sequence"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("event")

    def __str__(self) -> str:
        return f"{self.subject} {self.verb}"


class Work(models.Model):
    """One reaction to one event: the queue. Celery only wakes who drains it."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="work", db_constraint=False, db_index=False
    )
    reaction = models.CharField(max_length=48)
    state = StateField(
        choices=WorkState.choices, default=WorkState.DUE, db_default=Value(WorkState.DUE)
    )
    tries = models.IntegerField(default=0, db_default=0)
    retry_at = models.DateTimeField()
    reason = models.TextField(blank=True, db_default=Value(""))

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["event", "reaction"], name="work_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["reaction", "retry_at", "id"],
                condition=Q(state=WorkState.DUE),
                name="work_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reaction} for event {self.event_id}"
