"""Organisations' own keys. Invariant: two of the venue said whose key it is before it signed."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from compliance.states import ORGANISATION_KEY, KeyState
from core.fields import StateField
from core.guards import frozen, undeletable, untruncatable
from core.ids import uuid7


class OrganisationKey(models.Model):
    """The public half of a key that an organisation holds itself and signs with outside.

    `proof` is its first signature, which shows that the organisation holds the private half;
    `certificate` is in PEM, where one was given, and `valid_until` its end.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="signing_keys"
    )
    thumbprint = models.CharField(max_length=43)
    algorithm = models.CharField(max_length=8, choices=[("EdDSA", "Ed25519"), ("ES256", "P-256")])
    jwk = models.JSONField()
    certificate = models.TextField(blank=True)
    proof = models.CharField(max_length=8192)
    state = StateField(choices=KeyState.choices, default=KeyState.PROPOSED)
    proposed_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    maker = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checker = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    registered_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["thumbprint"],
                condition=~Q(state=KeyState.REFUSED),
                name="organisation_key_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=KeyState.REGISTERED)
                | (
                    Q(maker__isnull=False, checker__isnull=False, registered_at__isnull=False)
                    & ~Q(maker=F("checker"))
                ),
                name="organisation_key_four_eyes",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-proposed_at", "-id"], name="organisation_keys"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *ORGANISATION_KEY.guards(),
            frozen(
                "organisation_key",
                "id",
                "organisation_id",
                "thumbprint",
                "algorithm",
                "jwk",
                "certificate",
                "proof",
                "proposed_by_id",
                "proposed_at",
                "valid_until",
            ),
            undeletable("organisation_key"),
            untruncatable("organisation_key"),
        ]

    def __str__(self) -> str:
        return self.thumbprint
