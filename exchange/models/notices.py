"""What was told of what ends soon. Invariant: of one thing, one organisation is told a day once."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from core.guards import append_only
from core.ids import uuid7

# How many days before something ends those concerned are told of it.
AHEAD = (30, 7, 1)


class EndNotice(models.Model):
    """That an organisation was told that something of its own ends within so many days.

    `subject` and `subject_id` name it as its events do: a declaration, clearance, piece of
    evidence, rights record, sponsorship, attestation of the venue, or grant.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    organisation = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    ends_at = models.DateTimeField()
    days = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["subject_id", "days", "organisation"], name="end_notice_once"
            ),
            models.CheckConstraint(condition=Q(days__in=AHEAD), name="end_notice_days"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("end_notice")

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id}: {self.days}"
