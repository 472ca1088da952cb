"""What the venue attests of itself. Invariant: append-only, by a person, and for a year at most."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from compliance.models.checklists import ChecklistVersion
from core.guards import append_only
from core.ids import uuid7


class VenueAttestation(models.Model):
    """One answer of the venue to a question that a list asks of it once a year.

    `question` is what was asked, in both languages, as it stood when it was answered; `holds` is
    the answer. The last one of an item counts, and lapses with `valid_until`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    checklist = models.ForeignKey(ChecklistVersion, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=40)
    question = models.JSONField()
    holds = models.BooleanField()
    note = models.CharField(max_length=2000)
    signed_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    valid_until = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("at")), name="venue_attestation_dates"
            ),
            models.CheckConstraint(condition=~Q(note=""), name="venue_attestation_note"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["item", "-at", "-id"], name="venue_attestation_of_item"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("venue_attestation")

    def __str__(self) -> str:
        return f"{self.item}: {self.holds}"
