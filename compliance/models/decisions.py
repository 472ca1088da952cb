"""Decisions and scan reports. Invariant: append-only, and a decision can be made again from it.

The database writes the hash of the facts as they were stored; a replay compares it.
"""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from compliance.models.checklists import ChecklistVersion
from core.fields import DigestField
from core.guards import append_only
from core.ids import uuid7

FACTS_SEALED = (
    "NEW.facts_hash := encode(sha256(convert_to(NEW.facts::text, 'UTF8')), 'hex'); RETURN NEW;"
)


class Decision(models.Model):
    """One run of a checklist: the facts it saw, what it found, and the verdict.

    `at` is the moment it judges, for a re-run the one at which the list will take force.
    `reference` is the version of a `listing` (screening), `review` (the run behind an approval)
    and `rerun` (a run of a scheduled list over a live clearance, whose decision is `previous`), and
    the order of an `order`.
    `attested` maps each question that a reviewer answered to `yes` and `note`; it is null where
    nobody was asked, and then the reviewer's items were not run.
    The checklist cannot be deleted and `compliance_record_decisions` joins it, so its key is
    not checked a second time by the database (an insert per order).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(
        max_length=8,
        choices=[
            ("listing", _("screening")),
            ("review", _("review")),
            ("rerun", _("re-run")),
            ("order", _("order")),
        ],
    )
    reference = models.UUIDField()
    checklist = models.ForeignKey(
        ChecklistVersion,
        on_delete=models.PROTECT,
        related_name="decisions",
        db_constraint=False,
        db_index=False,
    )
    facts = models.JSONField()
    facts_hash = DigestField(editable=False, blank=True)
    evidence = models.JSONField(default=list, blank=True)
    findings = models.JSONField()
    attested = models.JSONField(null=True, blank=True)
    verdict = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True, blank=True)
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["listing", "review", "rerun", "order"]),
                name="decision_kind",
            ),
            models.UniqueConstraint(
                fields=["checklist", "previous"],
                condition=models.Q(kind="rerun"),
                name="decision_rerun_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["reference", "-at"], name="decision_of_reference"),
            models.Index(fields=["at", "id"], name="decision_order"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *append_only("decision"),
            pgtrigger.Trigger(
                name="decision_facts_sealed",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=FACTS_SEALED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.verdict}"


class ScanReport(models.Model):
    """What one version of the scanner found in one file: kinds and counts, never the values."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="scans")
    scanner = models.CharField(max_length=20)
    report = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["file", "scanner"], name="scan_report_once"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("scan_report")

    def __str__(self) -> str:
        return f"{self.scanner} of {self.file_id}"
