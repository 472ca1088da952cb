"""Checklists as dated data. Invariant: one list is in force, and its items never change.

Who wrote a list cannot schedule it.
"""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compliance.states import CHECKLIST, OPEN_TRIAL, TRIAL, ChecklistState, TrialState
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
    `written_by` are all who changed its items. `origin` says from which venue's signed document it
    was taken over. `announced_at` is when the vendors were told what it changes for them.
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
    written_by = ArrayField(models.BigIntegerField(), default=list, blank=True)
    origin = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField()
    effective_at = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
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
            frozen("checklist", "id", "drafted_by_id", "origin", "created_at"),
            pgtrigger.Trigger(
                name="checklist_writers_eyes",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.scheduled_by_id = ANY(NEW.written_by)"),
                func=(
                    "RAISE EXCEPTION 'who wrote a checklist cannot schedule it' "
                    "USING ERRCODE = 'check_violation';"
                ),
            ),
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


_FINAL = ", ".join(f"'{state}'" for state in TrialState.values if state not in OPEN_TRIAL)


class Trial(models.Model):
    """One run of a list over the catalogue, which changes nothing there.

    It is compared with what the list in force, `against`, said last. `reached` is the last version
    that was run: a worker that comes after goes on behind it. Of the versions run, `blocked_count`
    are cleared now and would not be, `freed_count` are blocked now and would not be. `fault` is the
    code of why it ended early.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    checklist = models.ForeignKey(ChecklistVersion, on_delete=models.PROTECT, related_name="trials")
    against = models.ForeignKey(
        ChecklistVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    items_hash = DigestField()
    state = StateField(choices=TrialState.choices, default=TrialState.RUNNING)
    at = models.DateTimeField()
    total_count = models.IntegerField(default=0)
    versions_count = models.IntegerField(default=0)
    blocked_count = models.IntegerField(default=0)
    freed_count = models.IntegerField(default=0)
    reached = models.UUIDField(null=True, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["checklist"],
                condition=Q(state__in=[str(state) for state in OPEN_TRIAL]),
                name="trial_one_open",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["checklist", "-at"], name="trial_of_checklist"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *TRIAL.guards(),
            frozen("trial", "id", "checklist_id", "against_id", "items_hash", "at", "total_count"),
            pgtrigger.Protect(
                name="trial_ended",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.state IN ({_FINAL}) AND ROW(OLD.versions_count, OLD.blocked_count, "
                    "OLD.freed_count, OLD.reached, OLD.worked_at, OLD.fault) IS DISTINCT FROM "
                    "ROW(NEW.versions_count, NEW.blocked_count, NEW.freed_count, NEW.reached, "
                    "NEW.worked_at, NEW.fault)"
                ),
            ),
            undeletable("trial"),
            untruncatable("trial"),
        ]

    def __str__(self) -> str:
        return f"{self.blocked_count}/{self.versions_count}"


class TrialFinding(models.Model):
    """What one item would say of one version otherwise than the list in force says it.

    `blocks` says that the item newly stands in its way. Of a `freed` one it would stand in the way
    no longer, and `finding` is what it says now.
    """

    id = models.BigAutoField(primary_key=True)
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="findings")
    version = models.ForeignKey("listings.Version", on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=40)
    blocks = models.BooleanField()
    freed = models.BooleanField(default=False)
    finding = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["trial", "version", "item"], name="trial_finding_once"),
            models.CheckConstraint(
                condition=Q(blocks=False) | Q(freed=False), name="trial_finding_one_way"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["trial", "item", "id"], name="trial_finding_of_item"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("trial_finding")

    def __str__(self) -> str:
        return self.item


class ChangeNotice(models.Model):
    """That one vendor is told once what a list changes for its products.

    `phase` is ahead while the list is scheduled, and in_force when it has taken force.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    checklist = models.ForeignKey(ChecklistVersion, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    phase = models.CharField(
        max_length=8, choices=[("ahead", _("ahead")), ("in_force", _("in force"))]
    )
    versions_count = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["checklist", "organisation", "phase"], name="change_notice_once"
            ),
            models.CheckConstraint(
                condition=Q(phase__in=["ahead", "in_force"]), name="change_notice_phase"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("change_notice")

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.phase}"
