"""Declarations and evidence. Invariant: what was declared or given is never rewritten."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compliance.models.keys import OrganisationKey
from compliance.models.reports import Report
from compliance.states import DECLARATION, EVIDENCE, DeclarationState, EvidenceState
from core.fields import DigestField, StateField
from core.guards import frozen, undeletable, untruncatable
from core.ids import uuid7

# The setting says how fresh the proof has to be; never longer than this, whatever the setting.
CONFIRMED = (
    "IF NEW.confirmed_at IS NULL OR NEW.confirmed_by NOT IN ('password', 'mfa') "
    "OR NEW.confirmed_at NOT BETWEEN NEW.signed_at - interval '60 minutes' "
    "AND NEW.signed_at + interval '5 minutes' THEN "
    "RAISE EXCEPTION 'nobody proved to be there when this was signed' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)


# The lock keeps the key from being revoked between this look and the commit.
KEY_REGISTERED = (
    "PERFORM 1 FROM compliance_organisationkey k WHERE k.id = NEW.signing_key_id "
    "AND k.organisation_id = NEW.organisation_id AND k.state = 'REGISTERED' "
    "AND (k.valid_until IS NULL OR k.valid_until > NEW.signed_at) FOR SHARE; "
    "IF NOT FOUND THEN RAISE EXCEPTION 'no registered key of this organisation signed this' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)


class Declaration(models.Model):
    """A signed statement about exactly one content.

    It is a vendor's on the content of a version, or a service provider's on the file of a report.
    `document` is what was assented to. Where `attestation` is platform its canonical JSON carries
    the venue's Ed25519 signature `seal`, which attests that the member assented, at `confirmed_at`
    proved to be there by `confirmed_by`; it is not the member's own signature. Where it is
    organisation, `signature` is over it, made outside with `signing_key`, and the seal is over the
    `receipt`, which says what was received when. `former` is what it renews.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(
        "listings.Version",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="declarations",
    )
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, null=True, blank=True, related_name="declarations"
    )
    organisation = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="declarations"
    )
    former = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewals"
    )
    content_hash = DigestField()
    template = models.CharField(max_length=20)
    statements = models.JSONField()
    document = models.JSONField()
    seal = models.CharField(max_length=128)
    key_id = models.CharField(max_length=64)
    signed_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    attestation = models.CharField(
        max_length=12,
        default="platform",
        choices=[
            ("platform", _("attested by the venue")),
            ("organisation", _("signed with the organisation's own key")),
        ],
    )
    signature = models.CharField(max_length=8192, blank=True)
    signing_key = models.ForeignKey(
        OrganisationKey, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    receipt = models.JSONField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=8, blank=True)
    signed_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    state = StateField(choices=DeclarationState.choices, default=DeclarationState.IN_FORCE)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("signed_at")), name="declaration_dates"
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=False) ^ Q(report__isnull=False),
                name="declaration_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(
                    attestation="platform",
                    signature="",
                    signing_key__isnull=True,
                    receipt__isnull=True,
                )
                | Q(
                    ~Q(signature=""),
                    attestation="organisation",
                    signing_key__isnull=False,
                    receipt__isnull=False,
                ),
                name="declaration_attested_one_way",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["version", "-signed_at"], name="declaration_of_version"),
            models.Index(fields=["report", "-valid_until"], name="declaration_of_report"),
            models.Index(fields=["organisation", "-signed_at", "-id"], name="declaration_list"),
            models.Index(
                fields=["valid_until"],
                condition=Q(state=DeclarationState.IN_FORCE),
                name="declaration_due",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *DECLARATION.guards(),
            frozen(
                "declaration",
                "id",
                "version_id",
                "report_id",
                "former_id",
                "organisation_id",
                "content_hash",
                "template",
                "statements",
                "document",
                "seal",
                "key_id",
                "signed_by_id",
                "attestation",
                "signature",
                "signing_key_id",
                "receipt",
                "confirmed_at",
                "confirmed_by",
                "signed_at",
                "valid_until",
            ),
            pgtrigger.Trigger(
                name="declaration_key_registered",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.attestation = 'organisation'"),
                func=KEY_REGISTERED,
            ),
            pgtrigger.Trigger(
                name="declaration_confirmed",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.attestation = 'platform'"),
                func=CONFIRMED,
            ),
            undeletable("declaration"),
            untruncatable("declaration"),
        ]

    def __str__(self) -> str:
        return f"{self.template} for {self.version_id or self.report_id}"


class Evidence(models.Model):
    """One piece of evidence for a version: what may lift the items that ask for its `key`.

    Of a `report` it lifts only while its provider stands by it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(
        "listings.Version", on_delete=models.PROTECT, related_name="evidence"
    )
    key = models.CharField(max_length=60)
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, null=True, blank=True)
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    note = models.CharField(max_length=2000, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    state = StateField(choices=EvidenceState.choices, default=EvidenceState.GIVEN)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "evidence"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(file__isnull=False) | ~Q(note=""), name="evidence_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("at")),
                name="evidence_dates",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["version", "key"], name="evidence_of_version"),
            models.Index(
                fields=["valid_until"],
                condition=Q(state=EvidenceState.GIVEN, valid_until__isnull=False),
                name="evidence_due",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *EVIDENCE.guards(),
            frozen(
                "evidence",
                "id",
                "version_id",
                "key",
                "file_id",
                "report_id",
                "note",
                "valid_until",
                "given_by_id",
                "at",
            ),
            undeletable("evidence"),
            untruncatable("evidence"),
        ]

    def __str__(self) -> str:
        return self.key
