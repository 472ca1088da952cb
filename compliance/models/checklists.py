"""Checklists as dated data. Invariant: one list is in force, and its items never change.

Who drafted a list cannot schedule it.
"""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from compliance.states import CHECKLIST, ChecklistState
from core.fields import DigestField, StateField
from core.guards import append_only, frozen, undeletable, untruncatable
from core.ids import uuid7

ITEMS_CHANGE = (
    "NOT (OLD.state = 'DRAFT' AND NEW.state = 'DRAFT') AND "
    "(OLD.items IS DISTINCT FROM NEW.items OR OLD.items_hash IS DISTINCT FROM NEW.items_hash "
    "OR OLD.code IS DISTINCT FROM NEW.code)"
)


class ChecklistVersion(models.Model):
    """One dated set of items. `items` is the document that `items_hash` is the SHA-256 of.

    From `effective_at` on it binds, whether or not a worker has moved it to IN_FORCE yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=20, unique=True)
    state = StateField(choices=ChecklistState.choices, default=ChecklistState.DRAFT)
    items = models.JSONField()
    items_hash = DigestField()
    drafted_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    scheduled_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    effective_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state=ChecklistState.IN_FORCE),
                name="checklist_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state=ChecklistState.SCHEDULED),
                name="checklist_one_scheduled",
            ),
            models.CheckConstraint(
                condition=Q(drafted_by__isnull=True)
                | Q(scheduled_by__isnull=True)
                | ~Q(drafted_by=F("scheduled_by")),
                name="checklist_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ChecklistState.DRAFT, ChecklistState.TRIAL])
                | Q(effective_at__isnull=False),
                name="checklist_effective_at",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *CHECKLIST.guards(),
            frozen("checklist", "id", "drafted_by_id", "created_at"),
            pgtrigger.Protect(
                name="checklist_items_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(ITEMS_CHANGE),
            ),
            undeletable("checklist"),
            untruncatable("checklist"),
        ]

    def __str__(self) -> str:
        return self.code


class Trial(models.Model):
    """One run of a list over the live catalogue, which changed nothing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    checklist = models.ForeignKey(ChecklistVersion, on_delete=models.PROTECT, related_name="trials")
    items_hash = DigestField()
    at = models.DateTimeField()
    versions_count = models.IntegerField()
    blocked_count = models.IntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["checklist", "-at"], name="trial_of_checklist"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("trial")

    def __str__(self) -> str:
        return f"{self.blocked_count}/{self.versions_count}"


class TrialFinding(models.Model):
    """What one item would say of one live version that the list in force does not say."""

    id = models.BigAutoField(primary_key=True)
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="findings")
    version = models.ForeignKey("listings.Version", on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=40)
    blocks = models.BooleanField()
    finding = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["trial", "version", "item"], name="trial_finding_once"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("trial_finding")

    def __str__(self) -> str:
        return self.item
