"""Gradings of versions. Invariant: append-only, and bound to the content that was graded."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from compliance.grading import DETERMINED_BY, GRADES
from core.fields import DigestField
from core.guards import append_only
from core.ids import uuid7


class Grading(models.Model):
    """One walk through the harm matrix: the answers, what they propose, and what was settled.

    `harms` is who could be harmed and how badly; `grade` and `level` are what the version then
    states, which a catalogue or a notice may set apart from what the matrix proposed. `settled`
    is false where only the holder's own judgement says important or core. The last one counts, and
    only for the content whose hash it names.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(
        "listings.Version", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    content_hash = DigestField()
    harms = models.JSONField()
    proposed_grade = models.CharField(max_length=10)
    proposed_level = models.SmallIntegerField(null=True, blank=True)
    grade = models.CharField(max_length=10)
    level = models.SmallIntegerField(null=True, blank=True)
    determined_by = models.CharField(max_length=16)
    settled = models.BooleanField()
    reference = models.CharField(max_length=300, blank=True)
    reasoning = models.CharField(max_length=4000)
    graded_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(grade__in=GRADES, proposed_grade__in=GRADES), name="grading_grade"
            ),
            models.CheckConstraint(
                condition=Q(grade="general", level__gte=1, level__lte=4)
                | (~Q(grade="general") & Q(level__isnull=True)),
                name="grading_level",
            ),
            models.CheckConstraint(
                condition=Q(determined_by="self", reference="")
                | (Q(determined_by__in=DETERMINED_BY[1:]) & ~Q(reference="")),
                name="grading_reference",
            ),
            # Only a catalogue or a notice may say less, or other, than the matrix proposes.
            models.CheckConstraint(
                condition=~Q(determined_by="self") | Q(grade=models.F("proposed_grade")),
                name="grading_as_proposed",
            ),
            models.CheckConstraint(
                condition=Q(settled=True) & (Q(grade="general") | ~Q(determined_by="self"))
                | Q(settled=False) & ~Q(grade="general") & Q(determined_by="self"),
                name="grading_settled",
            ),
            models.CheckConstraint(condition=~Q(reasoning=""), name="grading_reasoning"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["version", "-at", "-id"], name="grading_of_version"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("grading")

    def __str__(self) -> str:
        return f"{self.grade} {self.level or ''}"
