"""The reviewers' desk: notes and absences. Invariant: a note keeps its audience; no absence overlaps."""  # noqa: E501

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from compliance.models.reviews import Review
from compliance.states import ABSENCE, AbsenceState
from core.fields import StateField
from core.guards import append_only, frozen, undeletable, untruncatable
from core.ids import uuid7


class ReviewNote(models.Model):
    """What a reviewer wrote beside a review: for the venue alone, or for the vendor too."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="notes")
    audience = models.CharField(
        max_length=8, choices=[("venue", _("the venue alone")), ("vendor", _("the vendor too"))]
    )
    text = models.CharField(max_length=4000)
    by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(audience__in=["venue", "vendor"]), name="review_note_audience"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="review_note_text"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("review_note")

    def __str__(self) -> str:
        return f"{self.audience}: {self.text[:40]}"


class Absence(models.Model):
    """Days on which a reviewer is away, both included, and who stands in meanwhile."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reviewer = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="absences")
    stand_in = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    noted_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    state = StateField(choices=AbsenceState.choices, default=AbsenceState.NOTED)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_dates"),
            models.CheckConstraint(
                condition=~Q(reviewer=F("stand_in")), name="absence_another_stands_in"
            ),
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[
                    ("reviewer", "="),
                    (
                        Func(
                            F("first_day"),
                            F("last_day"),
                            Value("[]"),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                condition=Q(state=AbsenceState.NOTED),
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *ABSENCE.guards(),
            frozen(
                "absence",
                "id",
                "reviewer_id",
                "stand_in_id",
                "first_day",
                "last_day",
                "note",
                "noted_by_id",
                "noted_at",
            ),
            undeletable("absence"),
            untruncatable("absence"),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id}: {self.first_day} to {self.last_day}"
