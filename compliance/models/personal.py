"""Records about personal information. Invariant: what was recorded, bound or withdrawn stays so.

No row holds a person's own data: who consented is a class of persons with a number.
"""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compliance.facts import test_of
from compliance.states import PERSONAL_RECORD, PersonalRecordState
from core.fields import DigestField, StateField
from core.guards import append_only, frozen, undeletable, untruncatable
from core.ids import uuid7


class PersonalRecord(models.Model):
    """One record: a basis of processing, an impact assessment, or a claim of anonymisation.

    `document` is what it says, in the words of `compliance.facts`; `document_hash` is the hash of
    its canonical JSON. A record that renews another names it as `former` and is about the same
    class of persons, `class_id`. `trustee` stands for these persons and may withdraw for them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="personal_records"
    )
    kind = models.CharField(
        max_length=13,
        choices=[
            ("basis", _("consent or other basis")),
            ("assessment", _("impact assessment")),
            ("anonymisation", _("anonymisation claim")),
        ],
    )
    class_id = models.UUIDField()
    former = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewals"
    )
    trustee = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    document = models.JSONField()
    document_hash = DigestField()
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, null=True, blank=True)
    valid_until = models.DateTimeField()
    recorded_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    state = StateField(choices=PersonalRecordState.choices, default=PersonalRecordState.IN_FORCE)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind__in=["basis", "assessment", "anonymisation"]),
                name="personal_record_kind",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("recorded_at")), name="personal_record_dates"
            ),
            # The report of an impact assessment is kept (PIPL art. 56).
            models.CheckConstraint(
                condition=~Q(kind="assessment") | Q(file__isnull=False),
                name="personal_record_report",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organisation", "-recorded_at", "-id"], name="personal_record_list"
            ),
            models.Index(
                fields=["valid_until"],
                condition=Q(state=PersonalRecordState.IN_FORCE),
                name="personal_record_due",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *PERSONAL_RECORD.guards(),
            frozen(
                "personal_record",
                "id",
                "organisation_id",
                "kind",
                "class_id",
                "former_id",
                "trustee_id",
                "document",
                "document_hash",
                "file_id",
                "valid_until",
                "recorded_by_id",
                "recorded_at",
            ),
            undeletable("personal_record"),
            untruncatable("personal_record"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.state}"

    @property
    def carries(self) -> bool:
        """Whether it may be relied on: in force and, of a claim, borne out by a test."""
        borne_out = self.kind != "anonymisation" or test_of(self.document).passed
        return self.state == PersonalRecordState.IN_FORCE and borne_out


class RecordBinding(models.Model):
    """That a version rests on a record. It is never undone: new data are a new version."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    record = models.ForeignKey(PersonalRecord, on_delete=models.PROTECT, related_name="bindings")
    version = models.ForeignKey(
        "listings.Version", on_delete=models.PROTECT, related_name="record_bindings"
    )
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "record"], name="record_binding_once"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("record_binding")

    def __str__(self) -> str:
        return f"{self.version_id} on {self.record_id}"


class ConsentWithdrawal(models.Model):
    """One purpose, or one kind of recipient, that the persons of a record withdrew."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    record = models.ForeignKey(PersonalRecord, on_delete=models.PROTECT, related_name="withdrawals")
    what = models.CharField(
        max_length=9, choices=[("purpose", _("purpose")), ("recipient", _("kind of recipient"))]
    )
    value = models.CharField(max_length=24)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(what__in=["purpose", "recipient"]), name="consent_withdrawal_what"
            ),
            models.UniqueConstraint(
                fields=["record", "what", "value"], name="consent_withdrawal_once"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("consent_withdrawal")

    def __str__(self) -> str:
        return f"{self.what} {self.value}"
