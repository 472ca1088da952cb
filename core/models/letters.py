"""Letters on their way to people. Invariant: one letter of a key, which never says otherwise."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q, Value

from core.fields import StateField
from core.guards import frozen, undeletable, untruncatable
from core.ids import uuid7
from core.models.users import User
from core.states import LETTER, LetterState


class Letter(models.Model):
    """One letter to one person, written with what it tells of and mailed by itself later.

    `key` names what it tells to whom, so that nobody is told the same twice. `retry_at` is when it
    is mailed at the earliest; who mails it puts that off first, so that no other does meanwhile.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200, unique=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    written_at = models.DateTimeField()
    state = StateField(
        choices=LetterState.choices, default=LetterState.DUE, db_default=Value(LetterState.DUE)
    )
    tries = models.IntegerField(default=0)
    retry_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state=LetterState.SENT) | Q(sent_at__isnull=False),
                name="letter_sent_when",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["retry_at", "id"], condition=Q(state=LetterState.DUE), name="letter_due"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *LETTER.guards(),
            frozen("letter", "id", "user_id", "key", "subject", "text", "written_at"),
            undeletable("letter"),
            untruncatable("letter"),
        ]

    def __str__(self) -> str:
        return self.subject
